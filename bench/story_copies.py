"""How well copies edited by hand are recognised, and what only looks like one kept apart.

Dispatches as papers reprint them: a new first paragraph, cut, reordered, honorifics shortened,
figures in words, names respelled, a correspondent's sentences added. Between them fillings of one
form from an archive's first days, reports of one event with the same background, and roundups.
They lie among texts that have nothing to do with them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.areas import tell_figures
from bench.newstexts import texts
from bench.story_archive import Item, Pairs, pairs, settled

JUDGED = Path(__file__).parent / "judged" / "copies"
KINDS = ("dispatch", "form", "development", "roundup")
OTHERS = {"ar": 250, "fr": 60, "en": 60, "ckb": 50}
"""Texts that have nothing to do with the judged ones, by language."""
OUTLETS = 14
SEED = 1


def judged() -> list[Item]:
    """Every judged article; `note` says which kind of material it is."""
    rows = [
        json.loads(line)
        for file in sorted(JUDGED.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [_item(row) for row in rows]


def _item(row: dict[str, Any]) -> Item:
    return Item(
        row["truth"],
        row["outlet"],
        row["headline"],
        row["text"],
        row["language"],
        row["hours"],
        row["kind"],
    )


def archive(data: Path | None) -> list[Item]:
    """The judged articles among the others, in order."""
    kept = judged()
    found = [*kept, *_others(data, max(item.hours for item in kept))]
    return sorted(found, key=lambda item: (item.hours, item.outlet))


def _others(data: Path | None, hours: float) -> Iterator[Item]:
    dice = random.Random(SEED)
    for language, number in OTHERS.items():
        for place, text in enumerate(texts(data, language)[:number]):
            outlet = f"outlet{dice.randrange(OUTLETS)}"
            truth, headline = f"other {language} {place}", text[:60]
            yield Item(truth, outlet, headline, text, language, dice.uniform(0, hours), "other")


def figures(data: Path | None) -> dict[str, Any]:
    """Over all pairs of articles, and over those of each kind of material."""
    items = archive(data)
    story = settled(items).story
    whole = pairs(items, story)
    found = {
        "copies_articles": len(judged()),
        "copies_precision": round(whole.precision, 4),
        "copies_recall": round(whole.recall, 4),
        "copies_f1": round(whole.f1, 4),
    }
    for kind in KINDS:
        found[f"copies_f1_{kind}"] = round(_of_kind(items, story, kind).f1, 4)
    return found


def _of_kind(items: Sequence[Item], story: Sequence[int], kind: str) -> Pairs:
    places = [place for place, item in enumerate(items) if item.note == kind]
    return pairs([items[place] for place in places], [story[place] for place in places])


def main() -> None:
    """Print what was found, or with --json the figures in one line."""
    tell_figures(__doc__, figures)


if __name__ == "__main__":
    main()
