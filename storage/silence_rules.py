"""When a way shows nothing new for too long, and when an outlet publishes too little; pure.

Both are measured on the outlet's own rhythm. Days on which its country rests are taken out, and so
are those on which half of the country's outlets are quiet: that is a holiday, or our own trouble.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import sqrt

from storage.quiet_days import is_holiday, weekend_of
from storage.rhythm import (
    HISTORY,
    Low,
    distance,
    drop,
    is_back,
    lack,
    longest_silence,
    rhythm_of,
    share,
)
from storage.times import local_day, zone
from storage.trouble_records import Look, OutletSeen, Past, WaySeen

SILENT_AFTER = 48.0
"""Hours without news below which nothing is said: a day off, and the night after it."""
DISTANCES = 8
"""So many items must be missing, by the usual distance between two and by what comes on such
weekdays: by chance alone that happens once in three thousand times."""
LONGER = 1.5
"""Times the longest silence of its own that was seen: weekends are in it, after a week or more."""
WATCHED = timedelta(days=8)
"""How long a way must have been watched for its own silences to be known. Until then …"""
YOUNG_SILENCE = 8 * 24.0
"""… it must be silent for longer than a week, so that a weekly is not taken for a dead one."""
SEEN_TWICE = timedelta(hours=12)
"""Between two visits that show nothing new: one alone shows old items, and no silence."""
IN_THE_FUTURE = timedelta(hours=26)
"""A date so far ahead of the visit is a slip of the outlet's; nearer ones are a wrong zone."""
SHARED = 0.5
"""Share of a country's outlets that must be quiet on a day for it to count as a quiet one …"""
FEWEST = 3
"""… where so many at least have a rhythm …"""
SURELY = 5.0
"""… and all of them together lie so many standard deviations below what is usual."""
HALF_WAY = 0.5
"""Share of what is usual below which a single day is quiet."""
NO_VOLUME = frozenset(
    "unreachable certificate server_error rate_limited blocked robots gone unsafe html_feed "
    "empty_feed broken_feed too_large foreign_links redesigned frozen".split()
)
"""Kinds under which a day tells nothing of how much an outlet publishes."""


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a way has shown nothing new: its newest item, and the visit at which it is so."""

    newest: datetime
    since: datetime  # the first visit that showed nothing newer
    at: datetime
    hours: float  # without the days on which the country rests
    limit: float
    missing: float = DISTANCES  # items that usually come in such a time, on such weekdays

    @property
    def too_long(self) -> bool:
        """Whether that is more than the way's own rhythm explains."""
        return self.hours >= self.limit and self.missing >= DISTANCES


def silence_of(
    way: WaySeen, quiet: Collection[date], zone_name: str, week: Sequence[float] = (1.0,) * 7
) -> Silence | None:
    """How silent a way is, as of its last good visit; None where it has no dates to go by.

    `week` is how much the outlet publishes on each weekday, as a share of what is usual.
    """
    news = _news(way)
    if not news or news[-1][0].at - news[0][0].at < SEEN_TWICE:
        return None
    last, newest = news[-1]
    since = next(look.at for look, found in news if found == newest)
    after = [look.at for look, _ in news if look.at > since]
    return Silence(
        newest=newest,
        since=after[0] if after else since,
        at=last.at,
        hours=_hours(newest, last.at, quiet, zone_name),
        limit=_limit(news, way),
        missing=_hours(newest, last.at, quiet, zone_name, week) / (_distance(news, way) or 1.0),
    )


def _news(way: WaySeen) -> list[tuple[Look, datetime]]:
    """The good visits, each with the newest item that was known by then.

    A way without dates is judged by when it brought something that no other way had brought.
    """
    found: list[tuple[Look, datetime]] = []
    newest: datetime | None = None
    dated = any(look.newest_at for look in way.looks)
    for look in (one for one in way.looks if one.good):
        told = look.newest_at if dated else (look.at if look.fresh else None)
        if told is not None and told <= look.at + IN_THE_FUTURE:
            newest = max(told, newest or told)
        if newest is not None:
            found.append((look, newest))
    return found


def _limit(news: Sequence[tuple[Look, datetime]], way: WaySeen) -> float:
    """Hours after which silence is no part of the rhythm that was seen so far."""
    usual = _distance(news, way)
    if usual is None or news[-1][0].at - news[0][0].at < WATCHED:
        return max(YOUNG_SILENCE, DISTANCES * (usual or 0.0))
    points = [(_hour(look.at), _hour(newest)) for look, newest in news]
    before = [point for point in points if point[1] < points[-1][1]]
    return max(SILENT_AFTER, LONGER * longest_silence([*before, points[-1]]))


def _distance(news: Sequence[tuple[Look, datetime]], way: WaySeen) -> float | None:
    """Hours that usually lie between two items of a way."""
    return distance(list(dict.fromkeys(_hour(newest) for _, newest in news)), _shown(way))


def _shown(way: WaySeen) -> list[tuple[int, float]]:
    """How many items single visits showed, over how many hours."""
    return [
        (look.seen, _hour(look.newest_at) - _hour(look.shows_since))
        for look in way.looks
        if look.newest_at and look.shows_since
    ]


def _hour(moment: datetime) -> float:
    return moment.timestamp() / 3600


def _hours(
    since: datetime,
    until: datetime,
    quiet: Collection[date],
    zone_name: str,
    week: Sequence[float] = (1.0,) * 7,
) -> float:
    """Hours between two moments, without those of quiet days, each weekday by its weight."""
    found = 0.0
    for day in days_between(local_date(since, zone_name), local_date(until, zone_name)):
        begin, end = bounds(day, zone_name)
        hours = _hour(min(end, until)) - _hour(max(begin, since))
        found += max(0.0, hours) * (0.0 if day in quiet else week[day.weekday()])
    return found


def week_of(outlet: OutletSeen, quiet: Collection[date]) -> tuple[float, ...]:
    """How much an outlet publishes on each weekday, as a share of what is usual; all alike where
    it has no rhythm yet."""
    rhythm = rhythm_of(outlet.counts, ordinary_days(outlet, quiet), weekend_of(outlet.country))
    if rhythm is None or not sum(rhythm.rates):
        return (1.0,) * 7
    return tuple(rate * 7 / sum(rhythm.rates) for rate in rhythm.rates)


def local_date(moment: datetime, zone_name: str) -> date:
    """The calendar day of a moment in a zone."""
    return date.fromisoformat(local_day(moment, zone_name))


def bounds(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """When a local day begins and ends, in UTC."""
    return _midnight(day, zone_name), _midnight(day + timedelta(days=1), zone_name)


@lru_cache(maxsize=20_000)
def _midnight(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time(), zone(zone_name)).astimezone(UTC)


def days_between(first: date, last: date) -> list[date]:
    """The days from the first to the last one, both included; a hundred at most, the latest."""
    count = min((last - first).days, 99)
    return [last - timedelta(days=n) for n in range(count, -1, -1)]


# ---------------------------------------------------------------- how much is published


def watched_days(outlet: OutletSeen) -> list[date]:
    """The whole days, and no holidays, on which a way of the outlet covered everything and
    nothing was wrong."""
    spans = [way for way in outlet.ways if way.covered]
    if not spans:
        return []
    first = min(way.covered[0] for way in spans if way.covered)
    last = max(way.covered[1] for way in spans if way.covered)
    days = days_between(local_date(first, outlet.zone), local_date(last, outlet.zone))
    working = [day for day in days if not rests(outlet, day)]
    return [day for day in working if _is_watched(outlet, *bounds(day, outlet.zone))]


def _is_watched(outlet: OutletSeen, begin: datetime, end: datetime) -> bool:
    if any(one.kind in NO_VOLUME and one.since < end and (one.until or end) > begin
           for one in outlet.past):  # fmt: skip
        return False
    return any(_covers(way, begin, end) for way in outlet.ways)


def _covers(way: WaySeen, begin: datetime, end: datetime) -> bool:
    if way.covered is None or way.covered[0] > begin or way.covered[1] < end:
        return False
    open_gaps = (gap for gap in way.gaps if gap.repaired_by is None)
    return not any(gap.from_at < end and gap.to_at > begin for gap in open_gaps)


def rests(outlet: OutletSeen, day: date) -> bool:
    """Whether a day is a holiday where the outlet sits or whose news it is."""
    return is_holiday(day, {outlet.country, *outlet.covers}, outlet.languages)


def ordinary_days(outlet: OutletSeen, quiet: Collection[date] = ()) -> list[date]:
    """The watched days on which an outlet publishes as it usually does, or should."""
    return [day for day in outlet.watched if day not in quiet]


def shared_quiet(outlets: Collection[OutletSeen]) -> dict[str, frozenset[date]]:
    """By country, the days on which half of its outlets published well below their own rhythm.

    Some outlets are low on any day: all of them together must be so by more than chance.
    """
    judged: defaultdict[tuple[str, date], list[tuple[bool, float]]] = defaultdict(list)
    for outlet in outlets:
        days = ordinary_days(outlet)
        rhythm = rhythm_of(outlet.counts, days, weekend_of(outlet.country))
        if rhythm is None or not rhythm.busy:
            continue
        for day in days:
            low = share(rhythm, outlet.counts, [day]) < HALF_WAY
            judged[_of(outlet), day].append((low, lack(rhythm, outlet.counts, [day])))
    found: defaultdict[str, set[date]] = defaultdict(set)
    for (country, day), told in judged.items():
        half = len(told) >= FEWEST and sum(low for low, _ in told) >= SHARED * len(told)
        if half and sum(far for _, far in told) >= SURELY * sqrt(len(told)):
            found[country].add(day)
    return {country: frozenset(days) for country, days in found.items()}


def _of(outlet: OutletSeen) -> str:
    return outlet.covers[0] if outlet.covers else outlet.country


def quiet_days(outlet: OutletSeen, shared: Mapping[str, frozenset[date]]) -> frozenset[date]:
    """The days of the last months on which nobody expects news of an outlet."""
    lately = [look.at for way in outlet.ways for look in way.looks[-1:]]
    if not lately:
        return frozenset()
    last = local_date(max(lately), outlet.zone)
    holidays = (day for day in days_between(last - timedelta(99), last) if rests(outlet, day))
    return shared.get(_of(outlet), frozenset()).union(holidays)


def low_of(outlet: OutletSeen, quiet: Collection[date]) -> Low | None:
    """The drop that an outlet is in; None where all is well or nothing can be said.

    A drop that began is measured by the rhythm of before. For a new one, something must still
    come: where nothing does, it is silence, which is judged by itself.
    """
    days = ordinary_days(outlet, quiet)
    began = outlet.open("volume_drop")
    usual = _usual(outlet, days)
    if began:
        return _still_low(outlet, usual, days, began[0])
    whole = rhythm_of(outlet.counts, days, weekend_of(outlet.country))
    last = max((day for day in days if whole and whole.works_on(day)), default=date.max)
    if not any(n for day, n in outlet.counts.items() if day >= last):
        return None
    return drop(outlet.counts, usual, weekend_of(outlet.country))


def _still_low(
    outlet: OutletSeen, usual: Sequence[date], days: Sequence[date], began: Past
) -> Low | None:
    first = _first_day(began, outlet)
    since = [day for day in days if day >= first]
    rhythm = rhythm_of(
        outlet.counts, [day for day in usual if day < first], weekend_of(outlet.country)
    )
    if rhythm is None or len(since) >= HISTORY or is_back(rhythm, outlet.counts, since):
        return None
    seen = sum(outlet.counts.get(day, 0) for day in since)
    last = since[-1] if since else first
    return Low(first, last, seen, sum(map(rhythm.expected, since)))


def _usual(outlet: OutletSeen, days: Sequence[date]) -> list[date]:
    """The days without those of earlier drops. A drop that lasted was a new habit: nothing of
    before it counts any more."""
    over = [one for one in outlet.past if one.kind == "volume_drop" and one.until]
    spans = [(_first_day(one, outlet), local_date(one.until, outlet.zone)) for one in over
             if one.until]  # fmt: skip
    habits = [end for first, end in spans if (end - first).days >= HISTORY]
    start = max(habits, default=date.min)
    return [day for day in days if day >= start and not any(a <= day < b for a, b in spans)]


def _first_day(one: Past, outlet: OutletSeen) -> date:
    """The first low day of a drop: it was seen as such when the day was over."""
    return local_date(one.since, outlet.zone) - timedelta(days=1)
