"""How much an outlet usually publishes on which weekday, and when it is too little; pure.

The counts are small and uneven, so nothing is assumed of their distribution: a drop is named only
where an outlet publishes far less than it usually does on such days, and far less than it ever did
in as many days in a row while we watched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import sqrt

from storage.quiet_days import in_ramadan

HISTORY = 42
"""Days of a rhythm at most: an outlet that grows or shrinks over months has another one."""
SHORTEST = 7
"""Days below which there is no rhythm: a weekend must be among them."""
WINDOWS = (2, 3, 4, 5, 6, 7)
"""Days in a row that are looked at together: one alone is a slow day, more than a week a habit."""
FEW = 10.0
"""Articles that must be expected of such days: of fewer, chance alone takes most away …"""
SURE = 4.5
"""… and so many standard deviations must lie between the expected and the seen: by chance alone
that happens about three times in a million."""
LEAST_SPREAD = 1.5
"""Variance of the counts of a day over their mean, at the least: newsrooms are no dice …"""
UNEVEN = 0.25
"""… and what they plan for a day varies by so much of it, whatever a few weeks seem to say."""
OF_WEIGHT = 0.3
"""Share of its busiest weekday's articles below which an outlet rests on a weekday."""
LOW = 0.35
"""Share of what was expected at which a drop begins …"""
BACK = 0.6
"""… and at which, on a single day already, it is over."""
BELOW_LEAST = 0.5
"""Share of the least that was ever seen in as many days, below which it must lie."""
RAMADAN_SHARE = 0.6
"""What may be usual in Ramadan of what is usual outside of it."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is usual: articles by weekday (Monday first), from how many days that is known."""

    rates: tuple[float, ...]
    days: int
    from_ramadan: bool = False
    spread: float = LEAST_SPREAD  # variance of a day's count over its mean

    @property
    def busy(self) -> bool:
        """Whether single days tell anything: chance alone does not halve one in twenty."""
        return sum(self.rates) >= 7 * FEW / 2

    def works_on(self, day: date) -> bool:
        """Whether the outlet publishes on such weekdays as much as elsewhen, or nearly."""
        return self.rates[day.weekday()] >= OF_WEIGHT * max(self.rates)

    def expected(self, day: date) -> float:
        """Articles that are usual on such a day, at the least."""
        rate = self.rates[day.weekday()]
        return rate * RAMADAN_SHARE if in_ramadan(day) and not self.from_ramadan else rate


@dataclass(frozen=True, slots=True)
class Low:
    """A span of days with too little: the sums, and since when it has been so."""

    first: date
    last: date
    seen: int
    expected: float


def rhythm_of(
    counts: Mapping[date, int], days: Collection[date], weekend: Collection[int]
) -> Rhythm | None:
    """The rhythm of an outlet on these days, the newest of them; None where they are too few.

    A weekday that was seen once or twice borrows from the others of its kind (weekend or not).
    """
    chosen = sorted(days)[-HISTORY:]
    if len(chosen) < SHORTEST:
        return None
    kinds = {rest: [counts.get(d, 0) for d in chosen if (d.weekday() in weekend) == rest]
             for rest in (True, False)}  # fmt: skip
    usual = sum(counts.get(day, 0) for day in chosen) / len(chosen)
    rates = []
    for weekday in range(7):
        own = [counts.get(day, 0) for day in chosen if day.weekday() == weekday]
        alike = kinds[weekday in weekend]
        rates.append((sum(own) + (sum(alike) / len(alike) if alike else usual)) / (len(own) + 1))
    fasting = sum(map(in_ramadan, chosen)) * 2 > len(chosen)
    plain = Rhythm(tuple(rates), len(chosen), fasting)
    working = [day for day in chosen if plain.works_on(day)]
    return replace(plain, spread=_spread(plain, counts, working))


def _spread(rhythm: Rhythm, counts: Mapping[date, int], days: Sequence[date]) -> float:
    """How unevenly an outlet publishes, and how little we know of it after a few weeks."""
    found = [(counts.get(day, 0), rhythm.expected(day)) for day in days]
    told = [(seen - expected) ** 2 / expected for seen, expected in found if expected]
    usual = sum(expected for _, expected in found) / max(1, len(found))
    own = sum(told) / max(1, len(told) - 1)
    return max(LEAST_SPREAD, 1 + UNEVEN**2 * usual, own) * (1 + 7 / (rhythm.days + 7))


def _least(rhythm: Rhythm, counts: Mapping[date, int], days: Sequence[date], size: int) -> float:
    shares = [
        share(rhythm, counts, days[start : start + size]) for start in range(len(days) - size + 1)
    ]
    return min(shares, default=0.0)


def share(rhythm: Rhythm, counts: Mapping[date, int], days: Collection[date]) -> float:
    """How much of what was expected on these days was seen; 1 where nothing is expected."""
    expected = sum(map(rhythm.expected, days))
    return sum(counts.get(day, 0) for day in days) / expected if expected else 1.0


def drop(counts: Mapping[date, int], days: Sequence[date], weekend: Collection[int]) -> Low | None:
    """The drop in which the last of these (ordinary, watched) days lie, if they do.

    What is usual is taken from the days before those that are looked at.
    """
    whole = rhythm_of(counts, days, weekend)
    working = [day for day in days if whole and whole.works_on(day)]
    for size in WINDOWS:
        window = working[-size:]
        if whole is None or len(window) < size or share(whole, counts, window) > BACK:
            continue  # these days are in this rhythm, which makes them look better than they are
        before = [day for day in days if day < window[0]]
        rhythm = rhythm_of(counts, before, weekend)
        if rhythm and _is_low(rhythm, counts, window, before):
            expected = sum(map(rhythm.expected, window))
            seen = sum(counts.get(day, 0) for day in window)
            return Low(_first_low(rhythm, counts, window), window[-1], seen, expected)
    return None


def _is_low(
    rhythm: Rhythm, counts: Mapping[date, int], window: Sequence[date], before: Sequence[date]
) -> bool:
    """Whether so few articles in so many days are less than ever, and than chance makes of it."""
    found = share(rhythm, counts, window)
    if found > LOW or sum(map(rhythm.expected, window)) < FEW:
        return False
    if lack(rhythm, counts, window) < SURE:
        return False
    working = [day for day in before[-HISTORY:] if rhythm.works_on(day)]
    return found < BELOW_LEAST * _least(rhythm, counts, working, len(window))


def lack(rhythm: Rhythm, counts: Mapping[date, int], days: Collection[date]) -> float:
    """How many standard deviations what was seen on these days lies below what was expected."""
    seen, expected = sum(counts.get(day, 0) for day in days), sum(map(rhythm.expected, days))
    # The roots of counts are spread evenly, whatever their size; those of a newsroom a bit more.
    return 2 * (sqrt(expected) - sqrt(seen)) / sqrt(rhythm.spread)


def _first_low(rhythm: Rhythm, counts: Mapping[date, int], window: Sequence[date]) -> date:
    """The first day of the window that is low by itself: before it, all was well."""
    return next((day for day in window if share(rhythm, counts, [day]) <= BACK), window[0])


def is_back(rhythm: Rhythm, counts: Mapping[date, int], days: Sequence[date]) -> bool:
    """Whether the last of these days are usual again: one of some weight, or two together."""
    for size in (1, 2, 3):
        window = days[-size:]
        expected = sum(map(rhythm.expected, window))
        if len(window) == size and expected >= FEW / 2:
            return share(rhythm, counts, window) >= BACK
    return False


def longest_silence(news: Sequence[tuple[float, float]]) -> float:
    """The oldest that the newest item ever was at a look, in hours.

    From (hours of a look, hours of the newest item known by then), oldest first. The last look is
    left out: it is the one that is judged.
    """
    return max((look - newest for look, newest in news[:-1]), default=0.0)


def distance(news: Sequence[float], shown: Sequence[tuple[int, float]]) -> float | None:
    """Hours that usually lie between two items of a way; None where nothing tells.

    `news` are the different newest items at one look after the other, in hours: at most one each
    look, so a busy way seems slower than it is. `shown` are (items, hours that they span) of single
    looks: those tell of busy ways, whose newest items lie close together. The shorter one counts.
    """
    spans = [span / (count - 1) for count, span in shown if count > 1 and span > 0]
    steps = [later - earlier for earlier, later in pairwise(news)]
    told = [sorted(found)[len(found) // 2] for found in (spans, steps) if found]
    return min(told) if told else None
