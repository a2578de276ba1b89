"""A month of several outlets' news with everything that is easily taken for one text.

Dispatches and their reprints, cut, reworded and wrapped; reports grown over days; follow-ups that
repeat a background; roundups that quote three dispatches; visits whose reports share paragraphs;
briefs of some dozen words; bulletins. Every article's true text is known, so the pairs that end in
one story are right or wrong. Fifty stories, the ten largest among them, are listed for reading.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from bench import rewriting
from bench.areas import options_of
from bench.newstexts import LANGUAGES, texts, vocabulary
from bench.rewriting import desk, first, in_turn
from bench.story_archive import Item, Pairs, members, pairs, settled
from bench.story_templates import MANNERS, bulletins

SEED = 20261123
DAYS = 30
OUTLETS = 40
LARGE = 20
"""Members from which on no story may hold a wrong one."""
SAMPLE, LARGEST = 50, 10
WAYS = (
    lambda text, desk, dice: text,
    rewriting.byline,
    rewriting.tidied,
    rewriting.reworded,
    rewriting.boilerplate,
    first(0.5),
    first(0.35),
    rewriting.updated,
    in_turn(rewriting.byline, rewriting.tidied),
    in_turn(first(0.6), rewriting.byline, rewriting.boilerplate),
)


class Newsroom:
    """Texts of one language, given out once each, and the desks that print them."""

    def __init__(self, data: Path | None, language: str) -> None:
        self.language = language
        self.dice = random.Random(f"{SEED} {language}")
        self.words = vocabulary(data, language)
        self.texts = list(texts(data, language))
        self.dice.shuffle(self.texts)
        names = [f"{language}_{number}" for number in range(OUTLETS)]
        self.desks = {name: desk(self.words, name) for name in names}
        self.numbers = 0

    def text(self, words: int = 10_000) -> str:
        """A text that was not used yet, or its beginning."""
        return " ".join(self.texts.pop().split(" ")[:words])

    def item(self, truth: str, outlet: str, text: str, hours: float, note: str) -> Item:
        """One article, under a headline of some of its words."""
        headline = " ".join(text.split()[:8])
        return Item(truth, outlet, headline, text, self.language, hours, note)

    def truth(self, kind: str) -> str:
        """A name for a text."""
        self.numbers += 1
        return f"{self.language} {kind} {self.numbers}"

    def moment(self) -> float:
        """Some hour of the month."""
        return self.dice.uniform(0, DAYS * 24)

    def outlets(self, least: int, most: int) -> list[str]:
        """Some outlets."""
        return self.dice.sample(list(self.desks), self.dice.randint(least, most))


def month(data: Path | None) -> list[Item]:
    """Every article of the month, in order."""
    items: list[Item] = []
    words: dict[str, list[str]] = {}
    for language in LANGUAGES:
        room = Newsroom(data, language)
        words[language] = room.words
        for scene, times in SCENES:
            for _ in range(times):
                items.extend(scene(room))
        while room.texts:
            items.extend(dispatch(room))
    items.extend(bulletins(words, *MANNERS, days=DAYS))
    return sorted(items, key=lambda item: (item.hours, item.outlet))


def dispatch(room: Newsroom) -> Iterator[Item]:
    """An agency's report, printed by none to five outlets, now and then by nearly all."""
    most = OUTLETS if room.dice.random() < 0.03 else 5
    yield from _reprinted(room, "dispatch", room.text(), most)


def brief(room: Newsroom) -> Iterator[Item]:
    """Twenty to sixty words, printed by some."""
    yield from _reprinted(room, "brief", room.text(room.dice.randint(20, 60)), 4)


def _reprinted(room: Newsroom, kind: str, text: str, most: int) -> Iterator[Item]:
    truth, hours = room.truth(kind), room.moment()
    yield room.item(truth, f"{room.language}_agency", text, hours, kind)
    yield from _copies(room, (truth, text), hours, room.outlets(0, most))


def _copies(
    room: Newsroom, what: tuple[str, str], hours: float, outlets: Sequence[str]
) -> Iterator[Item]:
    truth, text = what
    for outlet in outlets:
        printed = room.dice.choice(WAYS)(text, room.desks[outlet], room.dice)
        later = hours + min(room.dice.expovariate(1 / 9), 40)
        yield room.item(truth, outlet, printed, later, f"copy of {truth}")


def growing(room: Newsroom) -> Iterator[Item]:
    """A report that gains a paragraph and later figures each few hours, over three days."""
    truth, hours, text = room.truth("growing"), room.moment(), room.text(160)
    for _ in range(4):
        yield room.item(truth, f"{room.language}_agency", text, hours, "growing")
        yield from _copies(room, (truth, text), hours, room.outlets(1, 3))
        hours += room.dice.uniform(4, 20)
        text = rewriting.updated(text, room.desks[f"{room.language}_0"], room.dice)


def follow_ups(room: Newsroom) -> Iterator[Item]:
    """New reports day after day, each with the same two paragraphs of background at its end."""
    background, hours = room.text(70), room.moment()
    for _ in range(4):
        text, truth = f"{room.text(170)}\n{background}", room.truth("follow-up")
        yield room.item(truth, f"{room.language}_agency", text, hours, "follow-up")
        yield from _copies(room, (truth, text), hours, room.outlets(0, 3))
        hours += room.dice.uniform(10, 26)


def visit(room: Newsroom) -> Iterator[Item]:
    """Several reports of one day about a guest: own openings, then one paragraph common to all."""
    common, hours = room.text(60), room.moment()
    for _ in range(5):
        text, truth = f"{room.text(120)}\n{common}", room.truth("visit")
        yield room.item(truth, f"{room.language}_agency", text, hours, "visit")
        yield from _copies(room, (truth, text), hours, room.outlets(0, 3))
        hours += room.dice.uniform(0.5, 5)


def roundup(room: Newsroom) -> Iterator[Item]:
    """Three dispatches with their reprints, and an evening roundup that quotes each of them."""
    evening, quoted = room.moment(), []
    for _ in range(3):
        truth, text = room.truth("dispatch"), room.text(260)
        quoted.append(" ".join(text.split(" ")[:90]))
        hours = max(0.0, evening - room.dice.uniform(3, 12))
        yield room.item(truth, f"{room.language}_agency", text, hours, "quoted dispatch")
        yield from _copies(room, (truth, text), hours, room.outlets(1, 4))
    text, truth = f"{room.text(40)}\n" + "\n".join(quoted), room.truth("roundup")
    for outlet in room.outlets(1, 3):
        yield room.item(truth, outlet, text, evening + room.dice.uniform(0, 4), "roundup")


SCENES = ((brief, 25), (growing, 12), (follow_ups, 10), (visit, 10), (roundup, 10))


# ---------------------------------------------------------------- what came of it


def wrong_in(group: Sequence[Item]) -> int:
    """Members that do not carry the text of most."""
    truths = [item.truth for item in group]
    return len(truths) - max(truths.count(truth) for truth in set(truths))


def sample(stories: Sequence[list[Item]]) -> list[list[Item]]:
    """The largest stories and as many others as make fifty."""
    rest = stories[LARGEST:]
    chosen = random.Random(SEED).sample(rest, min(len(rest), SAMPLE - LARGEST))
    return [*stories[:LARGEST], *chosen]


def list_members(stories: Sequence[list[Item]], out: TextIO) -> None:
    """Write the members of each story for a person to read."""
    for number, group in enumerate(stories, start=1):
        print(f"\n# {number}: {len(group)} articles, {wrong_in(group)} wrong", file=out)
        for item in sorted(group, key=lambda one: one.hours):
            print(f"  {item.at:%d %H:%M} {item.outlet:12} [{item.truth}] {item.headline}", file=out)


def figures(data: Path | None, out: TextIO | None = None) -> dict[str, Any]:
    """The figures of this area, and the sampled stories written to `out`."""
    items = month(data)
    story = settled(items).story
    stories = members(items, story)
    list_members(sample(stories), out or sys.stderr)
    return {
        "sample_articles": len(items),
        "sample_stories": len(stories),
        **_told("sample", pairs(items, story)),
        "sample_largest_story": len(stories[0]),
        "sample_stories_over_20": sum(len(group) > LARGE for group in stories),
        "sample_wrong_over_20": sum(wrong_in(group) > 0 for group in stories if len(group) > LARGE),
        "sample_wrong_of_50": sum(wrong_in(group) > 0 for group in sample(stories)),
    }


def _told(name: str, counted: Pairs) -> dict[str, float]:
    return {
        f"{name}_precision": round(counted.precision, 4),
        f"{name}_recall": round(counted.recall, 4),
        f"{name}_f1": round(counted.f1, 4),
    }


def main() -> None:
    """Print what was found; the sampled stories go to --out, or to stderr."""
    parser = options_of(__doc__)
    parser.add_argument("--out", type=Path, help="a file for the members of the sampled stories")
    options = parser.parse_args()
    data: Path | None = options.data
    if options.out:
        with options.out.open("w", encoding="utf-8") as out:
            found = figures(data, out)
    else:
        found = figures(data)
    for name, value in found.items() if not options.json else ():
        print(f"{name:24} {value}")
    if options.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
