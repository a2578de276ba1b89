"""How well copies are found, whatever was done to them: real news texts in four languages.

Each text is stored as an agency sent it, and once more as an outlet printed it after an edit,
minutes to two days later, among thousands of other articles of 30 days. Found: the two end in one
story. Three sentences inside another text are no copy: such a text must be known to hold them.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.areas import options_of
from bench.newstexts import LANGUAGES, texts, vocabulary
from bench.rewriting import EDITS, NEEDED, Desk, desk, inside
from bench.story_archive import Item, settled

SEED = 20261122
DAYS = 30
OUTLETS = 8
HOSTS = 40
"""The last texts of a language are stored nowhere: three sentences of others stand in them."""
ROUNDS = 2
"""Archives, in each of which every text has another edit."""
INSIDE = "3 sentences inside 250 other words"


@dataclass(frozen=True, slots=True)
class Found:
    """Copies after an edit in a language, and how many of them are found."""

    edit: str
    language: str
    copies: int
    found: int
    held: int

    @property
    def recall(self) -> float:
        """The share that ended in one story with what it is a copy of."""
        return self.found / self.copies


def archive(data: Path | None, turn: int) -> list[Item]:
    """Each text of each language twice: as it was sent, and after one edit."""
    items = [item for language in LANGUAGES for item in _of_language(data, language, turn)]
    return sorted(items, key=lambda item: (item.hours, item.outlet))


def _of_language(data: Path | None, language: str, turn: int) -> Iterator[Item]:
    dice = random.Random(f"{SEED} {language} {turn}")
    found, words = texts(data, language), vocabulary(data, language)
    found, hosts = found[:-HOSTS], found[-HOSTS:]
    desks = [desk(words, f"{language}_{number}") for number in range(OUTLETS)]
    names = [*EDITS, INSIDE]
    for number, text in enumerate(found):
        edit, place = names[(number + turn) % len(names)], dice.randrange(OUTLETS)
        truth, headline = f"{language} {number}", " ".join(text.split()[:9])
        hours = dice.uniform(0, DAYS * 24)
        yield Item(truth, f"{language}_agency", headline, text, language, hours, "sent")
        copy = _edited(edit, text, (hosts, desks[place]), dice)
        later = hours + min(dice.expovariate(1 / 10), 48) + 0.1
        rewritten = " ".join(dice.choices(words, k=9))
        yield Item(truth, f"{language}_{place}", rewritten, copy, language, later, edit)


def _edited(edit: str, text: str, around: tuple[Sequence[str], Desk], dice: random.Random) -> str:
    hosts, desk = around
    if edit == INSIDE:
        return inside(text, dice.choice(hosts), dice)
    return EDITS[edit](text, desk, dice)


def outcome(
    items: Sequence[Item], story: Sequence[int], related: set[tuple[int, int]]
) -> list[Found]:
    """What became of each edit in each language."""
    sent = {item.truth: number for number, item in enumerate(items) if item.note == "sent"}
    counts: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for number, item in enumerate(items):
        if item.note != "sent":
            first = sent[item.truth]
            count = counts[item.note, item.language]
            count[0] += 1
            count[1] += story[first] == story[number]
            count[2] += (first, number) in related
    return [Found(*key, *count) for key, count in counts.items()]


# ---------------------------------------------------------------- the figures


def measured(data: Path | None) -> list[Found]:
    """All edits in all languages, over the archives."""
    counts: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for turn in range(ROUNDS):
        items = archive(data, turn)
        result = settled(items)
        for one in outcome(items, result.story, result.related):
            count = counts[one.edit, one.language]
            for place, more in enumerate((one.copies, one.found, one.held)):
                count[place] += more
    return [Found(*key, *count) for key, count in counts.items()]


def figures(data: Path | None) -> dict[str, Any]:
    """The figures of this area; without the data the texts are of made-up words."""
    found = measured(data)
    needed = [one.recall for one in found if one.edit in NEEDED]
    inside = [one for one in found if one.edit == INSIDE]
    copies = sum(one.copies for one in inside)
    return {
        "recall_min_edits": round(min(needed), 4),
        "recall_by_edit": {
            edit: {one.language: round(one.recall, 4) for one in found if one.edit == edit}
            for edit in EDITS
        },
        "inside_held": round(sum(one.held for one in inside) / copies, 4),
        "inside_joined": round(sum(one.found for one in inside) / copies, 4),
        "edited_copies": sum(one.copies for one in found),
    }


def main() -> None:
    """Print the table, and with --json the figures as the last line."""
    options = options_of(__doc__).parse_args()
    found = figures(options.data)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{'edit':36}" + "".join(f"{language:>8}" for language in LANGUAGES))
    for edit, shares in found.pop("recall_by_edit").items():
        cells = "".join(f"{shares[language]:8.3f}" for language in LANGUAGES)
        print(f"{edit:36}{cells}{'  needed' if edit in NEEDED else ''}")
    for name, value in found.items():
        print(f"{name:36}{value}")


if __name__ == "__main__":
    main()
