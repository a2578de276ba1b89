"""Is what is counted right? The shipped watchlists over passages judged by hand.

`bench/judged/mentions.jsonl` holds short passages, our own writing, each with one place where a
form of a shipped actor or set of terms stands or seems to, and whether that place names the actor:
homonyms, words that flood, acronyms, spellings. Half of the places are traps, which is far more
than in a newspaper. The watchlists were tuned on part "a"; part "b" was measured first and then
opened; part "c" was written when that tuning was done, and was opened when part "d" was tuned on.
Part "d" holds everyday inflections of the generic terms, and persons named by their role; it was
written before the forms that it asks for. Parts "e" and "f" are of the same kind and later: "e" was
measured and then opened, "f" was measured once, and nothing was changed for it.
The class "found beside" is what was counted in the same passages without having been marked
beforehand, judged afterwards: it has hits, and no misses.

Run as `python -m bench.precision`; with --json the last line is one JSON object. --wrong PART lists
what went wrong in a part, --unjudged the counted mentions that nobody has judged yet.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.reading.mentions import Matcher
from crawler.watchlistfiles import load_watchlists, shipped_watchlists
from crawler.watchlistvariants import actors_of
from storage.models import Actor, Mention

JUDGED = Path(__file__).parent / "judged" / "mentions.jsonl"
PARTS = "abcdef"


@dataclass(frozen=True, slots=True)
class Judged:
    """One place in a passage, and whether it names the actor: `text[at:].startswith(surface)`."""

    id: str
    part: str
    group: str
    actor: str
    right: bool
    surface: str
    at: int
    why: str
    text: str

    def holds(self, start: int, end: int) -> bool:
        """Whether [start, end) overlaps the place."""
        return start < self.at + len(self.surface) and self.at < end


@dataclass(frozen=True, slots=True)
class Tally:
    """How a set of judged places fared."""

    judged: int
    right: int
    counted: int
    counted_right: int
    ambiguous: int

    @property
    def precision(self) -> float:
        """The share of what is counted that is right."""
        return self.counted_right / self.counted if self.counted else 1.0

    @property
    def recall(self) -> float:
        """The share of what is right that is counted."""
        return self.counted_right / self.right if self.right else 1.0


def judged_rows(file: Path = JUDGED) -> list[Judged]:
    """All judged places, in the order of the file."""
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return [Judged(group=row.pop("class"), **row) for row in rows]


def shipped_actors() -> list[Actor]:
    """The shipped actors as a crawl without a watchlist of its own takes them."""
    watched, problems = load_watchlists(shipped_watchlists(), None)
    if problems:
        raise SystemExit("\n".join(map(str, problems)))
    return list(actors_of(watched))


Finder = Callable[[Judged], "bool | None"]
"""Whether a judged place is counted for its actor; None: found, and not counted as ambiguous."""


class Measured:
    """The matcher's mentions of every passage, found once."""

    def __init__(self, rows: Sequence[Judged], actors: Sequence[Actor]) -> None:
        """Read each passage once."""
        matcher = Matcher(actors)
        self._rows = rows
        self.mentions: dict[str, list[Mention]] = {
            text: matcher.find(text) for text in dict.fromkeys(row.text for row in rows)
        }

    def counted(self, row: Judged) -> bool | None:
        """Whether a mention of the row's actor stands at its place."""
        found = [
            mention
            for mention in self.mentions[row.text]
            if mention.actor_id == row.actor and row.holds(mention.start, mention.end)
        ]
        if any(not mention.ambiguous for mention in found):
            return True
        return None if found else False

    def unjudged(self) -> list[tuple[str, Mention]]:
        """Counted mentions at places that nobody has judged for their actor."""
        judged: dict[str, list[Judged]] = defaultdict(list)
        for row in self._rows:
            judged[row.text].append(row)
        return [
            (text, mention)
            for text, mentions in self.mentions.items()
            for mention in mentions
            if not mention.ambiguous and not _known(mention, judged[text])
        ]


def _known(mention: Mention, rows: Iterable[Judged]) -> bool:
    return any(
        row.actor == mention.actor_id and row.holds(mention.start, mention.end) for row in rows
    )


def plain_finder(actors: Iterable[Actor]) -> Finder:
    """The plain alternative: the same forms as whole words, case ignored, no context."""
    patterns = {
        actor.id: re.compile(
            r"(?<!\w)(?:" + "|".join(re.escape(alias.text) for alias in actor.aliases) + r")(?!\w)",
            re.IGNORECASE,
        )
        for actor in actors
    }

    def counted(row: Judged) -> bool | None:
        pattern = patterns.get(row.actor)
        if pattern is None:
            return False
        return any(row.holds(*found.span()) for found in pattern.finditer(row.text))

    return counted


def tally(rows: Iterable[Judged], counted: Finder) -> Tally:
    """Count how the rows fared."""
    fates = [(row.right, counted(row)) for row in rows]
    return Tally(
        judged=len(fates),
        right=sum(right for right, _ in fates),
        counted=sum(fate is True for _, fate in fates),
        counted_right=sum(right and fate is True for right, fate in fates),
        ambiguous=sum(fate is None for _, fate in fates),
    )


def figures(data: Path | None) -> dict[str, Any]:
    """The figures of this area; all of it is our own material, so `data` is not needed."""
    del data
    rows, actors = judged_rows(), shipped_actors()
    measured, plain = Measured(rows, actors), plain_finder(actors)
    whole, alone = tally(rows, measured.counted), tally(rows, plain)
    part = {name: tally(_of(rows, name), measured.counted) for name in PARTS}
    return {
        "mention_precision": round(whole.precision, 4),
        **{f"mention_precision_{name}": round(found.precision, 4) for name, found in part.items()},
        "judged_hits": whole.judged,
        "judged_hits_counted": whole.counted,
        "judged_hits_ambiguous": whole.ambiguous,
        "mention_recall_judged": round(whole.recall, 4),
        **{f"mention_recall_judged_{name}": round(it.recall, 4) for name, it in part.items()},
        "plain_precision": round(alone.precision, 4),
        "plain_recall": round(alone.recall, 4),
        "unjudged_counted": len(measured.unjudged()),
    }


def _of(rows: Iterable[Judged], part: str) -> list[Judged]:
    return [row for row in rows if row.part == part]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.precision")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--wrong", choices=list(PARTS), help="list what went wrong in a part")
    parser.add_argument("--unjudged", action="store_true", help="list what nobody has judged")
    options = parser.parse_args()
    rows, actors = judged_rows(), shipped_actors()
    measured = Measured(rows, actors)
    if options.wrong:
        _print_wrong(_of(rows, options.wrong), measured)
    elif options.unjudged:
        for text, mention in measured.unjudged():
            print(f"{mention.actor_id} [{mention.surface}] {mention.rule}  {text}")
    elif not options.json:
        _print_table(rows, measured, plain_finder(actors))
    else:
        print(json.dumps(figures(None)))


def _print_wrong(rows: Iterable[Judged], measured: Measured) -> None:
    for row in rows:
        fate = measured.counted(row)
        if (fate is True) != row.right:
            word = "missed" if row.right else "WRONG "
            print(f"{word} {row.id} {row.actor} [{row.surface}] {row.text} ({row.why})")


def _print_table(rows: Sequence[Judged], measured: Measured, plain: Finder) -> None:
    """Each class, each part and all: the matcher, and whole words without context beside it."""
    groups = {"all": list(rows)} | {f"part {name}": _of(rows, name) for name in PARTS}
    groups |= {name: [row for row in rows if row.group == name] for name in _classes(rows)}
    print(f"{'':28}{'places':>7}{'right':>6} | {'counted':>7}{'prec.':>7}{'recall':>7}", end="")
    print(f" | {'plain':>7}{'prec.':>7}{'recall':>7}")
    for name, group in groups.items():
        ours, theirs = tally(group, measured.counted), tally(group, plain)
        print(f"{name:28}{ours.judged:7}{ours.right:6}{_cells(ours)}{_cells(theirs)}")


def _classes(rows: Iterable[Judged]) -> list[str]:
    return list(Counter(row.group for row in rows))


def _cells(found: Tally) -> str:
    return f" | {found.counted:7}{found.precision:7.1%}{found.recall:7.1%}"


if __name__ == "__main__":
    main()
