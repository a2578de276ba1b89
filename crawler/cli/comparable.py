"""Telling people since when counts of an actor compare, and how to have them all compare."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.markup import escape

from crawler.cli.common import err

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.actors import Gap

MOST_NAMED = 5
"""Actors that one line names; of a whole watchlist they would fill the screen."""


def tell_gaps(gaps: "Iterable[Gap]") -> None:
    """Say on standard error for which actors older articles do not count, and what to do."""
    for line in gap_lines(gaps):
        err.print(escape(line))


def gap_lines(gaps: "Iterable[Gap]") -> list[str]:
    """A line for all actors that share one gap."""
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for gap in gaps:
        alike[f"{gap.since:%Y-%m-%d %H:%M} UTC", _advice(gap)].append(gap.actor_id)
    return [
        f"{_named(actor_ids)}: comparable since {since}; {advice}"
        for (since, advice), actor_ids in sorted(alike.items())
    ]


def _named(actor_ids: list[str]) -> str:
    more = len(actor_ids) - MOST_NAMED
    return ", ".join(actor_ids[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _advice(gap: "Gap") -> str:
    if gap.dropped:
        return "no watchlist names them any more, so nothing new is counted for them"
    if gap.texts_missing:
        return (
            "of some earlier articles the text was not kept: `marsad reread` reads their captures "
            "again and makes them comparable"
        )
    return "`marsad actors rematch` makes earlier articles comparable"
