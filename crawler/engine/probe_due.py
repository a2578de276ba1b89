"""Which outlets are worth a probe that nobody asked for, and what of its results counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from crawler.outlets import Outlet
from crawler.probes import ProbeResult

MOST = 40
"""Outlets of one such probe: at most sixty requests to each, some minutes for all."""
STALE = timedelta(days=30)
"""What an older probe has seen may have changed."""
AGAIN = timedelta(days=6)
"""Before an outlet in trouble, or without any way in, is tried again: once a week."""


def due(
    outlets: Iterable[Outlet],
    probes: Mapping[str, Sequence[ProbeResult]],
    troubled: Collection[str],
    now: datetime,
) -> list[str]:
    """The ids of the outlets to probe, the most urgent first, MOST at most.

    First those with ways that nobody has ever tried, then those that are in trouble or have no way
    in that works, then those whose last probe is old; of each the longest not probed. Outlets that
    a person has declared blind are left alone.
    """
    found = []
    for outlet in outlets:
        last = _last(probes.get(outlet.id, ()))
        urgency = _urgency(outlet, last, now, in_trouble=outlet.id in troubled)
        if urgency is not None and not outlet.is_blind(now.date()):
            found.append((urgency, last is not None, last or now, outlet.id))
    return [outlet_id for *_, outlet_id in sorted(found)[:MOST]]


def _urgency(
    outlet: Outlet, last: datetime | None, now: datetime, *, in_trouble: bool
) -> int | None:
    """0 first, None not at all."""
    ways = [way for _, way in outlet.endpoints if way.enabled]
    if any(not way.on and way.probe is None for way in ways):
        return 0
    needs_one = in_trouble or not any(way.on for way in ways)
    if needs_one and (last is None or now - last > AGAIN):
        return 1
    return 2 if last is None or now - last > STALE else None


def _last(results: Iterable[ProbeResult]) -> datetime | None:
    return max((datetime.fromisoformat(one.seen_at) for one in results), default=None)


def switching_nothing_off(outlet: Outlet, results: Sequence[ProbeResult]) -> list[ProbeResult]:
    """The results without those that would switch off a way that is on.

    An outlet that is down, or a line that is, on the one night a week on which addresses are tried
    out would otherwise not be read for a month. What is wrong with a way that is on, its visits
    tell, and a person decides.
    """
    on = {(kind.value, way.url) for kind, way in outlet.endpoints if way.on}
    return [one for one in results if one.works or (one.kind, one.url) not in on]
