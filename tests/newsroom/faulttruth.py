"""The truth about planted faults: under which name, since when it can be known, when it is over.

Only what was published and when the visits were goes into it. The limits are those that the manual
promises: two visits in a row for what may be a hiccup; two days, eight articles that should have
come and half as much again as the longest silence so far before a feed counts as frozen; two
working days, and less than chance makes of what is usual, before too little is too little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import sqrt

from tests.newsroom.faultworld import DAY, Fault, Site, World

NAMES = {
    "dead": "unreachable",
    "no_dns": "unreachable",
    "slow": "unreachable",
    "bad_certificate": "certificate",
    "error_500": "server_error",
    "asks_to_wait": "rate_limited",
    "wall_403": "blocked",
    "challenge": "blocked",
    "wall_of_pages": "blocked",
    "robots": "robots",
    "gone": "gone",
    "html": "html_feed",
    "empty": "empty_feed",
    "broken": "broken_feed",
    "too_large": "too_large",
    "private_address": "unsafe",
    "frozen_body": "frozen",
    "frozen_304": "frozen",
    "overflow": "overflow",
    "moved": "moved",
    "foreign": "foreign_links",
    "no_text": "redesigned",
    "pages_500": "pages_failing",
    "pages_404": "pages_failing",
    "volume_drop": "volume_drop",
}
"""Every kind of fault, and the name that it must be given."""
AT_SECOND = frozenset({"dead", "no_dns", "slow", "error_500", "asks_to_wait"})
OF_PAGES = {"wall_of_pages": 3, "no_text": 5, "pages_500": 5, "pages_404": 5}
"""Faults of pages, and how many pages must have shown them."""
OF_BUSY = frozenset({"frozen_body", "frozen_304", "overflow", "volume_drop", *OF_PAGES})
"""Faults that need an outlet which publishes enough for anybody to see them within a fortnight."""


@dataclass(frozen=True)
class Truth:
    """When a fault can be known first and when its end can; None: not while we looked."""

    known: datetime | None
    over: datetime | None


def truth_of(world: World, fault: Fault) -> Truth:
    """The truth about one fault."""
    site = world.site(fault.site)
    visits = world.visits(site)
    during = [at for at in visits if fault.on(at)]
    after = [at for at in visits if fault.end is not None and at >= fault.end]
    if fault.kind in AT_SECOND:
        return Truth(_nth(during, 2), _nth(after, 1))
    if fault.kind in OF_PAGES:
        return _of_pages(world, fault, site)
    if fault.kind.startswith("frozen"):
        return _of_silence(world, fault, site)
    if fault.kind == "overflow":
        return _of_overflow(world, fault, site)
    if fault.kind == "volume_drop":
        return _of_volume(world, fault, site)
    return Truth(_nth(during, 1), _nth(after, 1))


def _nth(visits: list[datetime], number: int) -> datetime | None:
    return visits[number - 1] if len(visits) >= number else None


def _of_pages(world: World, fault: Fault, site: Site) -> Truth:
    """Pages are asked for at the visit that shows them; a server's errors are asked for again."""
    seen, runs, known, over = 0, 0, None, None
    again = 0
    for before, at in pairwise(world.visits(site)):
        new = {item.url for item in world.shown(site, at)} - {
            item.url for item in world.shown(site, before)
        }
        pages = len(new) + again
        if fault.on(at) and pages:
            seen, runs = seen + pages, runs + 1
            again = pages if fault.kind == "pages_500" else 0
            enough = seen >= OF_PAGES[fault.kind]
            if known is None and enough and runs >= (2 if fault.kind == "pages_500" else 1):
                known = at
        elif fault.end is not None and at >= fault.end and pages and over is None:
            over = at
    return Truth(known, over)


def _of_silence(world: World, fault: Fault, site: Site) -> Truth:
    visits = world.visits(site)
    newest = max(item.at for item in world.items(site) if item.at <= fault.start)
    ages = [_age(world, site, at) for at in visits if at < fault.start]
    limit = max(48.0, 1.5 * max(ages, default=0.0))
    known = next(
        (
            at
            for at in visits
            if fault.on(at)
            and _hours(world, site, newest, at) >= limit
            and _missing(world, site, newest, at) >= 8
        ),
        None,
    )
    end = fault.end
    over = next(
        (at for at in visits if end and at >= end and _newer(world, site, newest, at)), None
    )
    return Truth(known, over)


def _newer(world: World, site: Site, newest: datetime, at: datetime) -> bool:
    return any(item.at > newest for item in world.shown(site, at))


def _age(world: World, site: Site, at: datetime) -> float:
    return (at - world.shown(site, at)[0].at).total_seconds() / 3600


def _hours(world: World, site: Site, since: datetime, at: datetime) -> float:
    """Hours of silence, without days on which the country rests."""
    hours = (at - since).total_seconds() / 3600
    day = site.day_of(since) + DAY
    while site.midnight(day + DAY) <= at:
        hours -= 24 if world.rests(site, day) else 0
        day += DAY
    return hours


def _missing(world: World, site: Site, since: datetime, at: datetime) -> float:
    """How many articles usually come between two moments."""
    found, moment = 0.0, since
    while moment < at:
        until = min(at, site.midnight(site.day_of(moment) + DAY))
        hours = (until - moment).total_seconds() / 3600
        day = site.day_of(moment)
        found += 0.0 if world.rests(site, day) else site.usual(day) * hours / 24
        moment = until
    return found


def _of_overflow(world: World, fault: Fault, site: Site) -> Truth:
    known = over = None
    for before, at in pairwise(world.visits(site)):
        shown = world.shown(site, at)
        met = {item.url for item in shown} & {item.url for item in world.shown(site, before)}
        if fault.on(at) and not met and at - before < timedelta(hours=36):
            known = known or at
        elif known and over is None and met and fault.end and at >= fault.end:
            over = at
    return Truth(known, over)


def _of_volume(world: World, fault: Fault, site: Site) -> Truth:
    end = fault.end
    known = next(
        (at for at in world.visits(site) if fault.on(at) and _too_little(world, fault, site, at)),
        None,
    )
    over = next(
        (at for at in world.visits(site) if end and at >= end and _enough(world, end, site, at)),
        None,
    )
    return Truth(known, over)


def _ordinary(world: World, site: Site, since: datetime, at: datetime) -> list[date]:
    """The whole days between two moments on which the site's country did not rest."""
    days, day = [], site.day_of(since)
    while site.midnight(day + DAY) <= at:
        if not world.rests(site, day) and site.midnight(day) >= since:
            days.append(day)
        day += DAY
    return days


def _published(world: World, site: Site, days: list[date]) -> int:
    return sum(site.day_of(item.at) in days for item in world.items(site))


def _too_little(world: World, fault: Fault, site: Site, at: datetime) -> bool:
    """Two working days at least, and by chance so little comes three times in a million."""
    days = [
        day for day in _ordinary(world, site, fault.start, at) if site.week[day.weekday()] >= 0.3
    ]
    if not days or not any(
        site.day_of(item.at) >= days[-1] and item.at <= at for item in world.items(site)
    ):
        return False
    return any(_is_rare(world, site, days[-count:]) for count in range(2, min(7, len(days)) + 1))


def _is_rare(world: World, site: Site, window: list[date]) -> bool:
    usual, seen = sum(map(site.usual, window)), _published(world, site, window)
    spread = max(1.5, 1 + usual / len(window) / world.habits.evenness)
    spread *= 4 / 3  # what is usual is known from two weeks only
    return seen <= 0.35 * usual and 2 * (sqrt(usual) - sqrt(seen)) >= 4.5 * sqrt(spread)


def _enough(world: World, end: datetime, site: Site, at: datetime) -> bool:
    """Whether a whole day of some weight has been usual again."""
    days = [day for day in _ordinary(world, site, end, at) if site.usual(day) >= 5]
    return bool(days) and _published(world, site, days[-1:]) >= 0.6 * site.usual(days[-1])
