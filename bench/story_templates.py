"""How well bulletins are told apart: other fillings of one form, each reprinted by outlets.

Forty days of bulletins from the first day of an archive on, when nobody knows yet which wording
returns every day. Most come daily, some several times a day, some without any figure in them. An
agency sends each; outlets reprint it in their own ways, cut and with words of their own around.
Joined: of the pairs of articles that carry different fillings of one form within 72 hours, those
that end in one story. Reprints of the same filling must still be found.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import rewriting
from bench.areas import options_of
from bench.bulletins import LANGUAGES, Form, fill, forms
from bench.newstexts import vocabulary
from bench.rewriting import Desk, desk
from bench.story_archive import Item, members, pairs, settled

SEED = 20261122
DAYS = 40
WINDOW = 72.0
COLD = 3 * 24.0
"""Hours of the first days, in which no wording can be known as that of every day."""
OUTLETS = 8
DAILY = ("weather", "prices", "prayer", "match", "quake")
MANNERS = ("a", "b")


def bulletins(words: dict[str, list[str]], *manners: str, days: int = DAYS) -> list[Item]:
    """Every bulletin of these days, each with its reprints."""
    dice = random.Random(f"{SEED} {manners}")
    desks = {
        f"{language}_{number}": desk(words[language], f"{language}_{number}")
        for language in LANGUAGES
        for number in range(OUTLETS)
    }
    found = [item for form in forms(*manners) for item in _of_form(form, days, desks, dice)]
    return sorted(found, key=lambda item: (item.hours, item.outlet))


def _of_form(form: Form, days: int, desks: dict[str, Desk], dice: random.Random) -> Iterator[Item]:
    seen: set[str] = set()
    for day in range(days):
        for _ in range(_number(form, dice)):
            headline, text = fill(form, dice)
            if text in seen:
                continue
            seen.add(text)
            truth = f"{form.key} {len(seen)}"
            sent = Item(truth, f"{form.language}_agency", headline, text, form.language,
                        day * 24 + dice.uniform(5, 20), form.key)  # fmt: skip
            yield sent
            yield from reprints(sent, desks, dice)


def _number(form: Form, dice: random.Random) -> int:
    """How many fillings a day brings: of some bulletins one, of others none to four."""
    return 1 if form.kind in DAILY else dice.choice((0, 0, 1, 1, 2, 4))


def reprints(
    sent: Item, desks: dict[str, Desk], dice: random.Random, most: int = 4
) -> Iterator[Item]:
    """What outlets of the language make of an agency's text within twelve hours."""
    names = [name for name in desks if name.startswith(f"{sent.language}_")]
    for name in dice.sample(names, dice.randint(0, most)):
        text = dice.choice(WAYS)(sent.text, desks[name], dice)
        hours = sent.hours + dice.uniform(0.2, 12)
        yield Item(sent.truth, name, sent.headline, text, sent.language, hours, sent.note)


def _as_sent(text: str, _: Desk, __: random.Random) -> str:
    return text


WAYS = (
    _as_sent,
    rewriting.byline,
    rewriting.tidied,
    rewriting.boilerplate,
    rewriting.first(0.6),
    rewriting.in_turn(rewriting.first(0.5), rewriting.byline),
    rewriting.in_turn(rewriting.byline, rewriting.boilerplate),
)


# ---------------------------------------------------------------- what came of it


@dataclass(frozen=True, slots=True)
class Joined:
    """Pairs of different fillings within 72 hours; reprints of the same one."""

    apart: int
    joined: int
    fillings: int
    fillings_joined: int
    recall: float

    @property
    def share(self) -> float:
        """Of the pairs that are to stay apart, those in one story."""
        return self.joined / self.apart if self.apart else 0.0


def joined(items: Sequence[Item], story: Sequence[int], until: float = 1e9) -> Joined:
    """Count over the articles that came out until some hour."""
    kept = [number for number, item in enumerate(items) if item.hours <= until]
    by_form: defaultdict[str, list[int]] = defaultdict(list)
    for number in kept:
        by_form[items[number].note].append(number)
    apart = together = 0
    fillings: dict[tuple[str, str], bool] = {}
    for numbers in by_form.values():
        for one, other in different(numbers, items):
            same = story[one] == story[other]
            apart, together = apart + 1, together + same
            pair = (items[one].truth, items[other].truth)
            fillings[pair] = fillings.get(pair, False) or same
    chosen = [items[number] for number in kept]
    recall = pairs(chosen, [story[number] for number in kept]).recall
    return Joined(apart, together, len(fillings), sum(fillings.values()), recall)


def different(numbers: Sequence[int], items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Pairs of different fillings that came out within the window of each other."""
    for place, one in enumerate(numbers):
        for other in numbers[place + 1 :]:
            if items[other].hours - items[one].hours > WINDOW:
                break
            if items[one].truth != items[other].truth:
                yield one, other


# ---------------------------------------------------------------- the figures


def figures(data: Path | None) -> dict[str, Any]:
    """The figures of this area; without the data the words around reprints are made-up ones."""
    return _measured(bulletins(vocabularies(data), *MANNERS), *MANNERS)


def _measured(items: Sequence[Item], *manners: str) -> dict[str, Any]:
    story = settled(items).story
    whole, cold = joined(items, story), joined(items, story, COLD)
    bare = {form.key for form in forms(*manners) if not form.numbered}
    places = [number for number, item in enumerate(items) if item.note in bare]
    named = joined([items[number] for number in places], [story[number] for number in places])
    return {
        "template_articles": len(items),
        "template_pairs": whole.apart,
        "template_pairs_joined": round(whole.share, 5),
        "template_pairs_joined_cold": round(cold.share, 5),
        "template_pairs_joined_names_only": round(named.share, 5),
        "template_fillings_joined": round(whole.fillings_joined / whole.fillings, 5),
        "template_reprints_found": round(whole.recall, 4),
        "template_reprints_found_cold": round(cold.recall, 4),
        "template_largest_story": len(members(items, story)[0]),
    }


def vocabularies(data: Path | None) -> dict[str, list[str]]:
    """What outlets write around a text, by language."""
    return {language: vocabulary(data, language) for language in LANGUAGES}


def main() -> None:
    """Print what was found, and with --json the figures as the last line."""
    parser = options_of(__doc__)
    parser.add_argument("--manner", action="append", help="of the forms; a and b unless given")
    options = parser.parse_args()
    words = vocabularies(options.data)
    manners = options.manner or MANNERS
    found = _measured(bulletins(words, *manners), *manners)
    for name, value in found.items() if not options.json else ():
        print(f"{name:32} {value}")
    if options.json:
        print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
