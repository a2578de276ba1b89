"""Which troubles the visits to one way show; pure. Each rule stands beside its reason.

What an answer itself says is decided at the first visit. What may be a hiccup of an hour (no
answer, a server's error, a request to wait) is decided at the second visit in a row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from storage.finding import VisitOutcome
from storage.models import FoundBy
from storage.trouble_records import Look, Trouble, WaySeen

AT_ONCE = {
    VisitOutcome.FOREIGN: "foreign_links",
    VisitOutcome.GONE: "gone",  # 404 and 410 are answers, no faults of the line
    VisitOutcome.ROBOTS: "robots",
    VisitOutcome.BLOCKED: "blocked",
    VisitOutcome.HTML: "html_feed",
    VisitOutcome.BROKEN: "broken_feed",
    VisitOutcome.TOO_LARGE: "too_large",
    VisitOutcome.UNSAFE_ADDRESS: "unsafe",
}
"""Ends of a visit that do not pass by themselves within the night."""
IN_A_ROW = 2
"""Visits that must fail in passing ways, one after the other …"""
APART = timedelta(hours=1)
"""… and so far apart, for a person may crawl twice within one short outage."""
WELL_AGAIN = 2
"""Visits in a row that must reach back to the last one before a way's window counts as wide enough
again: one quiet day proves nothing."""
CERTIFICATE = "certificate"
"""In the reason of a network error: the other side answered and cannot be trusted."""
SILENT = "did not answer"
ASKED_TO_WAIT = "asks us to wait"
"""In the reasons of visits that were put off, and were no visits: why they were."""
OF_SIGNS = {
    "foreign_links": "foreign_links",
    "pattern_unmatched": "redesigned",
    "shapes_unmatched": "redesigned",
    "trap": "trap",
}
"""What a reader noticed while it read, and which trouble that is."""

Span = tuple[datetime, datetime | None]
"""From and to; None: still so."""


def passing(look: Look) -> str | None:
    """The kind of fault that may be over in an hour, if the visit met one."""
    if look.outcome is VisitOutcome.NETWORK_ERROR:
        return None if CERTIFICATE in look.reason else "unreachable"
    if look.outcome is VisitOutcome.TIMEOUT:
        return "unreachable"
    if look.outcome is VisitOutcome.HTTP_ERROR:
        return "rate_limited" if look.status == 429 else "server_error"
    if look.outcome is VisitOutcome.READER_FAILED:
        return "broken_feed"  # a worker may die of another page's greed
    if look.outcome is VisitOutcome.POSTPONED:
        return _why_put_off(look.reason)
    return None


def _why_put_off(reason: str) -> str | None:
    """A host that failed often in a run is not asked for its other ways: these failed as well."""
    if SILENT in reason:
        return "unreachable"
    return "rate_limited" if ASKED_TO_WAIT in reason else None


def streak(looks: Sequence[Look]) -> list[Look]:
    """The visits with passing faults since the last one without; none if these are too few.

    Visits that were not made for reasons of our own (the run was stopped) say nothing.
    """
    found: list[Look] = []
    for look in reversed(looks):
        if passing(look) is not None:
            found.append(look)
        elif look.tried:
            break
    found.reverse()
    lasting = len(found) >= IN_A_ROW and found[-1].at - found[0].at >= APART
    return found if lasting else []


def named(found: Sequence[Look]) -> str:
    """The kind of a streak: what it was when it became certain, however the faults change."""
    decided = next(
        look for n, look in enumerate(found, 1) if n >= IN_A_ROW and look.at - found[0].at >= APART
    )
    kind = passing(decided)
    assert kind is not None, "a streak is of passing faults"
    return kind


def state(way: WaySeen) -> Look | None:
    """The visit that tells how the way is now: the last one, or that whose body is still there.

    A passing fault tells nothing of what was there before it.
    """
    told = _telling(way)
    if not told or told[-1].outcome is not VisitOutcome.NOT_MODIFIED:
        return told[-1] if told else None
    before = [look for look in told if look.outcome is not VisitOutcome.NOT_MODIFIED]
    return before[-1] if before and before[-1].good else told[-1]


def _telling(way: WaySeen) -> list[Look]:
    return [look for look in way.looks if look.tried and passing(look) is None]


def of_last_look(way: WaySeen) -> str | None:
    """What the last visit shows by itself to be wrong with the whole way, if anything."""
    look = state(way)
    if look is None:
        return None
    if look.sign("challenge"):
        return "blocked"  # a wall may come with any status, 200 too
    if look.outcome is VisitOutcome.NETWORK_ERROR and CERTIFICATE in look.reason:
        return "certificate"
    if look.outcome is VisitOutcome.EMPTY:
        return _of_empty(way)
    if look.outcome is VisitOutcome.BROKEN and way.found_by is FoundBy.LISTING:
        return "redesigned"  # a web page, and no list of articles any more
    if not look.good and look.sign("moved"):
        return "moved"  # what stands at the new place follows from the move
    return AT_ONCE.get(look.outcome)


def _of_empty(way: WaySeen) -> str | None:
    """A feed keeps its last items, so an empty one is broken at the outlet. A news sitemap lists
    two days: of a slow outlet it may be empty, and is judged by how long it is silent."""
    if way.found_by is FoundBy.LISTING:
        return "redesigned"
    return "empty_feed" if way.found_by is FoundBy.FEED else None


def of_signs(way: WaySeen) -> Iterator[str]:
    """What the last visit that was read shows to be odd, though it was read."""
    look = state(way)
    if look is None or not look.good:
        return
    last = _telling(way)[-1]
    if last.outcome is VisitOutcome.MOVED or last.sign("moved"):
        yield "moved"
    yield from dict.fromkeys(kind for sign, kind in OF_SIGNS.items() if look.sign(sign))


def shows(way: WaySeen, look: Look) -> set[str]:
    """The kinds that are decided at one visit, if it were the last."""
    until = WaySeen(way.url, way.found_by, (look,))
    whole = of_last_look(until)
    return {*of_signs(until), *([whole] if whole else ())}


def first_of(way: WaySeen, kind: str) -> Look:
    """The first visit of those in a row, up to the last one, that show a kind.

    A 304 shows what was there before; where it is the oldest known, it is the first.
    """
    first = None
    for look in reversed(_telling(way)):
        if kind in shows(way, look):
            first = look
        elif kind == "moved" or look.outcome is not VisitOutcome.NOT_MODIFIED:
            break
    assert first is not None, "the last visit shows the kind"
    return first


def trouble_at(way: WaySeen, outlet_id: str, kind: str, subject: str | None = None) -> Trouble:
    """The trouble of a kind that the last visit shows, with that visit as evidence."""
    first = first_of(way, kind)
    said = evidence_of(first)
    if kind == "moved" and (to := first.sign("moved")):
        said["to"] = to.evidence
    return Trouble(
        kind, outlet_id, way.url if subject is None else subject, first.at, {"way": way.url} | said
    )


def evidence_of(look: Look) -> dict[str, object]:
    """What was seen at a visit, for people to check."""
    told = {
        "outcome": look.outcome.value,
        "reason": look.reason,
        "status": look.status,
        "egress": look.egress,
        "signs": [list(sign) for sign in look.signs],
    }
    return {key: value for key, value in told.items() if value not in ("", None, [])}


def overflowing(way: WaySeen, pace: timedelta, excused: Collection[Span] = ()) -> Look | None:
    """The visit since which a way no longer shows all that came between two visits, or None.

    Only where we came as often as usual: after nights without a run of ours the outlet's window is
    as wide as ever, and only we were late. And not where the way comes back from something else.
    """
    first, well = None, 0
    short = {gap.noticed_at for gap in way.gaps}  # dates may reach back where no entry was known
    for before, look in pairwise([look for look in way.looks if look.good]):
        well = 0 if look.at in short else well + 1
        if well >= WELL_AGAIN:
            first = None
        elif not well and first is None and look.at - before.at <= pace:
            first = None if any(_lies_in(before, look, span) for span in excused) else look
    return first


def _lies_in(before: Look, look: Look, span: Span) -> bool:
    since, until = span
    return since < look.at and (until is None or until >= before.at)


def usual_pace(looks: Sequence[Look]) -> timedelta:
    """How far apart two visits are when we come as usual: half as much again as mostly."""
    steps = sorted(b.at - a.at for a, b in pairwise([look for look in looks if look.tried]))
    return steps[len(steps) // 2] * 1.5 if steps else timedelta(days=2)
