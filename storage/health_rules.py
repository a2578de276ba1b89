"""Whether an outlet's pages are read worse than they were: pure, on its own last weeks.

An outlet is only ever compared with itself: one that never prints dates has not become worse. Small
numbers prove nothing, and nights differ by more than chance: some are full of galleries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import comb

from storage.health import Counts, NightRead

FEW = 8
"""Articles below which nothing is said: three odd pages of five are no change."""
MOST_NIGHTS = 3
"""The last nights that are looked at, one more each time: to reach so many, and to be sure."""
NIGHT = timedelta(hours=20)
"""Runs that began within such a span are one night's; two nights' lie about a day apart."""
LATELY = timedelta(days=3)
"""What was read longer ago says nothing of now."""
WEEKS = timedelta(days=28)
"""How far back lies what is usual …"""
PAST = (5, 40)
"""… which is known from so many nights and articles on."""
DROP = 0.2
"""Of all articles, which must have lost something that they usually have."""
SURE = 1e-6
"""How improbable it must be by chance: 250 outlets are asked four things in 365 nights a year."""
ALIKE = 1.5
"""Nights whose shares differ by up to so many times what chance makes of them are alike."""
BELOW_LEAST = 0.1
"""It must lie so far below the worst night of these weeks: what happened before is no news."""
BACK = DROP / 2
"""So near to what is usual it is over."""
_MOST_SPREAD = 10.0

SUBJECT_MARK = ", "
"""Between the measures that an event names as its subject."""

Share = tuple[int, int]
"""How many of how many."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One thing that fewer articles have than usual."""

    what: str  # headline, date, length, template, selectors
    found: int
    of: int
    usual: float  # share

    @property
    def share(self) -> float:
        """Of the articles that were read lately."""
        return self.found / self.of


@dataclass(frozen=True, slots=True)
class Worse:
    """An outlet that is read worse than before; `since` is the first such run."""

    since: datetime
    falls: tuple[Fall, ...]


_MEASURES: dict[str, Callable[[Counts], Share]] = {
    "headline": lambda counts: (counts.with_headline, counts.articles),
    "date": lambda counts: (counts.with_date, counts.articles),
    "length": lambda counts: (counts.plausible, counts.articles),
    "template": lambda counts: (counts.by_template, counts.by_template + counts.fallbacks),
    "selectors": lambda counts: (counts.articles - counts.unselected, counts.articles),
}
"""What is counted of what: articles that have it, of those that could."""


def worse(
    reads: Sequence[NightRead], now: datetime, before: tuple[datetime, Sequence[str]] | None = None
) -> Worse | None:
    """What fewer articles have than before, or None where all is as usual or nothing is known.

    `reads` are by run, oldest first. `before`: since when which measures were found worse. These
    are compared with the time before that, and stay so until they are seen to be well again: a
    night without articles is no cure.
    """
    nights = nights_of([one for one in reads if one.counts.articles])
    if before is None and (not nights or now - nights[-1][-1].at > LATELY):
        return None
    if before is None:
        fell = [(what, _fell(what, nights, now)) for what in _MEASURES]
        found = [one for _, one in fell if one is not None]
        return Worse(min(at for at, _ in found), tuple(f for _, f in found)) if found else None
    since, measures = before
    still = [_still(what, nights, since) for what in measures if what in _MEASURES]
    falls = tuple(one for one in still if one is not None)
    return Worse(since, falls) if falls else None


def nights_of(reads: Iterable[NightRead]) -> list[list[NightRead]]:
    """The runs of each night, oldest first, from runs in that order."""
    found: list[list[NightRead]] = []
    for one in reads:
        if found and one.at - found[-1][0].at < NIGHT:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _fell(
    what: str, nights: Sequence[list[NightRead]], now: datetime
) -> tuple[datetime, Fall] | None:
    """Since when and how far a share fell, by the fewest of the last nights that are sure of it."""
    for size in range(1, min(MOST_NIGHTS, len(nights)) + 1):
        window, past = _parts(what, nights, size, now)
        fall = _fall(what, _all(window), past)
        if fall and _is_sure(fall, window, past):
            return nights[-size][0].at, fall
    return None


def _is_sure(fall: Fall, window: Sequence[Share], past: Sequence[Share]) -> bool:
    """Whether a share fell by more than chance and than its nights differ by.

    Where nights differ by more than chance, one bad night is like others: two must be.
    """
    if fall.of < FEW or fall.share > fall.usual - DROP:
        return False
    bad = [of for found, of in window if of and found / of <= fall.usual - DROP]
    if sum(bad) < FEW or (len(bad) < 2 and spread(past) > ALIKE):
        return False
    least = min((found / of for found, of in past if of >= FEW), default=fall.usual)
    return fall.share <= least - BELOW_LEAST and chance(fall.found, fall.of, past) < SURE


def _still(what: str, nights: Sequence[list[NightRead]], since: datetime) -> Fall | None:
    """How far a share still lies below; what is known of too few articles changes nothing."""
    fall = None
    for size in range(1, min(MOST_NIGHTS, len(nights)) + 1):
        window, past = _parts(what, nights, size, since)
        fall = _fall(what, _all(window), past)
        if fall is None or fall.of >= FEW:
            break
    well = fall is not None and fall.of >= FEW and fall.share >= fall.usual - BACK
    return None if well else fall


def _parts(
    what: str, nights: Sequence[list[NightRead]], size: int, began: datetime
) -> tuple[list[Share], list[Share]]:
    """The shares of the last nights, and those of the weeks before, when all was usual."""
    end = min(nights[-size][0].at, began)
    before = [night for night in nights[:-size] if end - WEEKS <= night[0].at < end]
    past = [_share(what, night) for night in before]
    return [_share(what, night) for night in nights[-size:]], [one for one in past if one[1]]


def _share(what: str, night: Sequence[NightRead]) -> Share:
    return _all([_MEASURES[what](one.counts) for one in night])


def _fall(what: str, now: Share, past: Sequence[Share]) -> Fall | None:
    """What a share is and was usually; None where too little is known of the past."""
    found, every = _all(past)
    if len(past) < PAST[0] or every < PAST[1] or not now[1]:
        return None
    return Fall(what, *now, found / every)


def _all(past: Sequence[Share]) -> Share:
    return sum(found for found, _ in past), sum(of for _, of in past)


def chance(found: int, of: int, past: Sequence[Share]) -> float:
    """How probable so few of so many are, if all is as in the nights of the past.

    The share of the past is taken a little lower (as if two more articles had been without), and
    where nights differ by more than chance, the articles of one night count for fewer.
    """
    known, every = _all(past)
    usual = known / (every + 2)
    weight = 1 / spread(past)
    trials = max(int(of * weight), 1)
    return at_most(round(found * trials / of), trials, usual)


def spread(past: Sequence[Share]) -> float:
    """By how much the shares of nights differ: how many times what chance makes of them, or 1."""
    known, every = _all(past)
    usual = (known + 0.5) / (every + 1)
    odd = sum(_oddness(share, usual) for share in past) / max(len(past) - 1, 1)
    return min(max(odd, 1.0), _MOST_SPREAD)


def _oddness(share: Share, usual: float) -> float:
    found, of = share
    return (found - of * usual) ** 2 / (of * usual * (1 - usual))


def at_most(found: int, of: int, usual: float) -> float:
    """The probability of at most so many successes in so many trials.

    >>> round(at_most(0, 2, 0.5), 3), round(at_most(1, 2, 0.5), 3)
    (0.25, 0.75)
    """
    return sum(_exactly(number, of, usual) for number in range(found + 1))


def _exactly(found: int, of: int, usual: float) -> float:
    return comb(of, found) * usual**found * (1 - usual) ** (of - found)


def lately(reads: Sequence[NightRead]) -> dict[str, Share]:
    """What the articles of the last night had: of each measure, so many of so many."""
    nights = nights_of([one for one in reads if one.counts.articles])
    return dict(shares(sum((one.counts for one in nights[-1]), Counts()))) if nights else {}


def shares(counts: Counts) -> Iterator[tuple[str, Share]]:
    """The measures that say something of these articles, each as so many of so many."""
    for what, measure in _MEASURES.items():
        found, of = measure(counts)
        if of and (what != "selectors" or counts.unselected):
            yield what, (found, of)
