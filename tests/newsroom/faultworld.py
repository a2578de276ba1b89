"""A made-up press of thirty outlets over some weeks: what each publishes, and what goes wrong.

Everything is a function of the seed. The truth about a fault (when it began, since when a visitor
could know it, when it was over) is worked out here from what was really published and when the
visits were, and from none of the rules that are tested.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

ZONES = {"iq": "Asia/Baghdad", "ma": "Africa/Casablanca", "bh": "Asia/Bahrain"}
WEEKENDS = {"iq": (4, 5), "bh": (4, 5), "ma": (5, 6)}
VISITED_AT = time(22, 0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Habits:
    """How a world differs from another one: how much its outlets publish, and how evenly."""

    rates: tuple[float, ...] = (
        0.3, 0.3, 1, 1.5, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 8, 8, 8, 9, 9, 10, 10, 11, 12, 14, 15,
        16, 18, 24,
    )  # fmt: skip
    weekends: tuple[float, ...] = (0.0, 0.3, 0.6, 1.0)
    evenness: float = 12.0  # of a day's plan; the lower, the more uneven
    hours: tuple[int, int] = (6, 23)
    hiccups: float = 0.03  # share of visits that fail for nothing


@dataclass(frozen=True)
class Site:
    """One outlet and how it publishes."""

    id: str
    country: str
    host: str
    rate: float
    week: tuple[float, ...]  # factor by weekday
    json: bool = False  # whether its feed is a JSON Feed
    pinned: bool = False
    repeats: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(ZONES[self.country])

    @property
    def feed(self) -> str:
        return f"https://{self.host}/rss"

    def usual(self, day: date) -> float:
        """Articles that are usual on such a day."""
        return self.rate * self.week[day.weekday()]

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True)
class Item:
    """An article as the feed lists it."""

    at: datetime
    url: str
    title: str


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a site from `start` to `end` (None: for good)."""

    kind: str
    site: str
    start: datetime
    end: datetime | None = None

    def on(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


class World:
    """The sites, what they publish, and the nights on which we come."""

    def __init__(self, seed: int, first: date, days: int, habits: Habits | None = None) -> None:
        """`days` nights from `first` on; the sites have published for months before."""
        self.seed, self.first, self.days = seed, first, days
        self.habits = habits or Habits()
        random = Random(f"world {seed}")
        self.sites = [self._site(n, rate, random) for n, rate in enumerate(self.habits.rates)]
        self.off: set[date] = set()  # nights on which our machine was off
        self.quiet: set[tuple[str, date]] = set()  # (country, day): it rests, and no list says so
        self.holidays: set[tuple[str, date]] = set()
        self.hiccups: dict[tuple[str, date], str] = {}
        self.faults: list[Fault] = []
        self._items: dict[str, list[Item]] = {}
        self._windows: dict[str, int] = {}

    def _site(self, number: int, rate: float, random: Random) -> Site:
        country = ("iq", "ma", "bh")[number % 3]
        weekend = random.choice(self.habits.weekends)
        week = tuple(weekend if day in WEEKENDS[country] else 1.0 for day in range(7))
        name = f"site{number:02}"
        return Site(
            f"{country}_{name}", country, f"{name}.test", rate, week,
            json=number % 3 > 0, pinned=number % 7 == 3, repeats=number % 9 == 4,
        )  # fmt: skip

    def site(self, site_id: str) -> Site:
        return next(site for site in self.sites if site.id == site_id)

    def fault_of(self, site: Site) -> Fault | None:
        return next((fault for fault in self.faults if fault.site == site.id), None)

    # ------------------------------------------------------------ what is published

    def items(self, site: Site) -> list[Item]:
        """Everything a site publishes, the oldest first."""
        if site.id not in self._items:
            random = Random(f"{self.seed} {site.id}")
            days = [self.first + DAY * n for n in range(-60 if site.rate < 1 else -25, self.days)]
            self._items[site.id] = sorted(
                (item for day in days for item in self._of_day(site, day, random)),
                key=lambda item: item.at,
            )
        return self._items[site.id]

    def _of_day(self, site: Site, day: date, random: Random) -> list[Item]:
        plan = site.usual(day) * random.gammavariate(self.habits.evenness, 1 / self.habits.evenness)
        if self.rests(site, day):
            plan *= 0.1
        begin, end = self.habits.hours
        moments = sorted(random.uniform(begin, end) for _ in range(_poisson(plan, random)))
        kept = [hour for hour in moments if random.random() < self._share(site, day)]
        start = site.midnight(day)
        return [
            Item(
                (start + timedelta(hours=hour)).replace(microsecond=0),
                f"https://{site.host}/{day:%Y/%m/%d}/{n}",
                f"News {n} of {day} from {site.id}",
            )
            for n, hour in enumerate(kept)
        ]

    def _share(self, site: Site, day: date) -> float:
        fault = self.fault_of(site)
        if fault is None or fault.kind != "volume_drop":
            return 1.0
        return 0.1 if fault.on(site.midnight(day)) else 1.0

    def rests(self, site: Site, day: date) -> bool:
        """Whether a site's country rests on a day."""
        return (site.country, day) in self.quiet or (site.country, day) in self.holidays

    def forget(self) -> None:
        """Publish anew: faults or holidays have changed."""
        self._items.clear()

    def window(self, site: Site) -> int:
        """How many items its feed shows: what its busiest two nights bring, as an able outlet's."""
        if site.id not in self._windows:
            times = [item.at for item in self.items(site)]
            most = max(bisect_right(times, at + DAY * 1.5) - n for n, at in enumerate(times))
            self._windows[site.id] = max(12, most)
        return self._windows[site.id]

    def shown(self, site: Site, moment: datetime, *, frozen: bool = True) -> list[Item]:
        """What the feed lists, the newest first."""
        fault, size = self.fault_of(site), self.window(site)
        if fault is not None and fault.on(moment):
            if fault.kind.startswith("frozen") and frozen:
                moment = fault.start
            if fault.kind == "overflow":
                size = max(2, int(site.rate / 4))
        known = [item for item in self.items(site) if item.at <= moment]
        return known[-size:][::-1]

    # ------------------------------------------------------------ when we come

    @cached_property
    def nights(self) -> list[date]:
        """The nights with a run."""
        every = [self.first + DAY * n for n in range(self.days)]
        return [night for night in every if night not in self.off]

    def visit_at(self, site: Site, night: date) -> datetime:
        start = datetime.combine(night, VISITED_AT, UTC)
        return start + timedelta(seconds=40 * self.sites.index(site))

    def visits(self, site: Site) -> list[datetime]:
        """The moments at which a site was asked and nothing came between."""
        return [
            self.visit_at(site, night)
            for night in self.nights
            if (site.id, night) not in self.hiccups
        ]


def feed(site: Site, items: Sequence[Item], host: str | None = None) -> bytes:
    """A site's feed; with `host`, all of its links lead there."""
    return (_json if site.json else _rss)(site, items, host)


def _json(site: Site, items: Sequence[Item], host: str | None) -> bytes:
    entries = [
        {"id": item.url, "url": _on(item.url, site, host), "title": item.title,
         "date_published": item.at.isoformat()}
        for item in items
    ]  # fmt: skip
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": site.id, "items": entries}).encode()


def _rss(site: Site, items: Sequence[Item], host: str | None) -> bytes:
    entries = [
        f"<item><title>{item.title}</title><link>{_on(item.url, site, host)}</link>"
        f"<guid>{item.url}</guid><pubDate>{format_datetime(item.at)}</pubDate></item>"
        for item in items
    ]
    head = f"<title>{site.id}</title><link>https://{site.host}/</link>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}'
        f"{''.join(entries)}</channel></rss>"
    ).encode()


def _on(url: str, site: Site, host: str | None) -> str:
    return url.replace(site.host, host) if host else url


def _poisson(mean: float, random: Random) -> int:
    count, left = 0, random.expovariate(1.0)
    while left < mean:
        count += 1
        left += random.expovariate(1.0)
    return count
