"""What the first page shows: how the last days were watched, who is in the news, what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sqlite3 import Row

from storage import coverage_days, trouble_reports, watch_rows
from storage.actors import Gap, gaps
from storage.asked_period import asked
from storage.connection import Connection
from storage.coverage_records import CoverageDay
from storage.desk.calendars import cell_of
from storage.reported import TroubleReport
from storage.rows import dump
from storage.search import SearchFilters
from storage.times import decode_optional, decode_time, encode_time

NIGHTS = 7
WEEK = timedelta(days=7)
WEEKS = 8
"""Weeks before this one that make what is usual."""
FEWEST_WEEKS = 2
ACTORS = 12
NEWEST = 10
_DAY = timedelta(days=1)
# What appeared in the last days is little: it is counted live, so that a text counts once.
_NAMED = """
SELECT m.actor_id, w.name, w.kind, count(DISTINCT a.id) AS articles,
  count(DISTINCT a.story_id) AS stories
FROM articles a INDEXED BY articles_day
CROSS JOIN mentions m ON m.article_id = a.id
CROSS JOIN actors w ON w.id = m.actor_id
WHERE a.published_day >= :first AND a.published_day <= :last AND NOT a.withdrawn
  AND m.counted AND NOT w.suppress AND w.kind != 'term'
GROUP BY m.actor_id ORDER BY articles DESC, stories DESC, w.name, m.actor_id LIMIT :limit
"""
_TOTALS = """
SELECT d.day, sum(d.articles) AS n FROM outlets o
CROSS JOIN outlet_days_v d ON d.outlet_id = o.id AND d.day >= :first AND d.day <= :last
GROUP BY d.day
"""
_BEFORE = """
SELECT d.actor_id, d.day, sum(d.articles) AS n
FROM json_each(:actors) wanted CROSS JOIN outlets o
CROSS JOIN actor_days_v d
  ON d.actor_id = wanted.value AND d.outlet_id = o.id AND d.day >= :first AND d.day < :last
GROUP BY d.actor_id, d.day
"""
_LAST_RUN = "SELECT id, kind, status, started_at, ended_at FROM runs ORDER BY id DESC LIMIT 1"
_BROUGHT = """
SELECT count(*) FROM outcomes WHERE run_id = ? AND outcome IN ('stored_new', 'copy')
"""
_NEWEST = """
SELECT a.id, a.headline, a.language, a.outlet_id, o.name AS outlet, o.timezone, a.published_at,
  a.first_seen_at
FROM articles a INDEXED BY articles_newest JOIN outlets o ON o.id = a.outlet_id
WHERE a.published_at <= :now AND NOT a.withdrawn
ORDER BY a.published_at DESC, a.id DESC LIMIT :limit
"""
_ARTICLES = "SELECT count(*) FROM articles INDEXED BY articles_day WHERE NOT withdrawn"


@dataclass(frozen=True, slots=True)
class CountryDay:
    """A country's outlets on one day: how many, by how the day was seen."""

    day: date
    outlets: int
    whole: int  # watched by every way all day long
    dark: int  # seen for less than half of the day, or not at all
    missing: int  # pages that were offered, and failed or wait
    share: float | None  # of the time of all of them that at least one way covered
    over: bool


@dataclass(frozen=True, slots=True)
class CountryNights:
    """Whose news, and how its outlets were watched lately."""

    country: str
    days: tuple[CountryDay, ...]


@dataclass(frozen=True, slots=True)
class ActorInNews:
    """An actor named in the last seven days, and how much of that is usual.

    A share is of all articles of the same days. The usual is of up to eight weeks before; None
    where fewer than two of them compare.
    """

    actor_id: str
    name: str
    kind: str
    articles: int
    stories: int
    share: float
    usual_articles: float | None  # in seven days
    usual_share: float | None
    weeks: int  # that the usual is made of


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run that began last, and how many articles it brought."""

    id: int
    kind: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    articles: int


@dataclass(frozen=True, slots=True)
class NewArticle:
    """One of the newest articles."""

    id: int
    headline: str
    language: str
    outlet_id: str
    outlet: str
    timezone: str
    published_at: datetime
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page."""

    articles: int
    outlets: int
    first: date  # of the seven days of actors and articles
    last: date
    articles_lately: int
    nights: tuple[CountryNights, ...]
    actors: tuple[ActorInNews, ...]
    troubles: tuple[TroubleReport, ...]  # those that need a person come first
    run: LastRun | None
    newest: tuple[NewArticle, ...]
    names: Mapping[str, str]  # outlet id -> name


def overview(db: Connection, now: datetime) -> Overview:
    """All of it, as of a moment."""
    last = _today(db, now)
    first = last - WEEK + _DAY
    known = watch_rows.registered(db)
    totals = _by_day(db, first - WEEKS * WEEK, last)
    return Overview(
        articles=int(db.value(_ARTICLES)),
        outlets=len(known),
        first=first,
        last=last,
        articles_lately=_between(totals, first, last),
        nights=nights(db, now),
        actors=tuple(_actors(db, (first, last), totals)),
        troubles=_troubles(db),
        run=last_run(db),
        newest=newest(db, now),
        names={one.outlet.outlet_id: one.outlet.name for one in known},
    )


def nights(db: Connection, now: datetime) -> tuple[CountryNights, ...]:
    """How the outlets of each country were watched on the last days, up to the latest look."""
    period = SearchFilters(after=_today(db, now) - NIGHTS * _DAY)
    question = asked(db, "", period, now=now, edges=True)
    covers = {one.outlet.outlet_id: one.covers for one in watch_rows.registered(db)}
    found: defaultdict[str, defaultdict[date, _Sum]] = defaultdict(lambda: defaultdict(_Sum))
    for told in coverage_days.days(db, question):
        cell = cell_of(told)
        if cell is None or not told.minutes:
            continue
        for country in covers[told.counts.outlet_id]:
            found[country][cell.day].add(told, dark=cell.dark)
    return tuple(
        CountryNights(country, tuple(one.told(day) for day, one in sorted(days.items())))
        for country, days in sorted(found.items())
    )


def last_run(db: Connection) -> LastRun | None:
    """The run that began last; None before the first one."""
    row = db.one(_LAST_RUN)
    if row is None:
        return None
    started, ended = decode_time(row["started_at"]), decode_optional(row["ended_at"])
    brought = int(db.value(_BROUGHT, (row["id"],)))
    return LastRun(row["id"], row["kind"], row["status"], started, ended, brought)


def newest(db: Connection, now: datetime, limit: int = NEWEST) -> tuple[NewArticle, ...]:
    """The articles published last; one that says it comes from the future is none of them."""
    return tuple(
        NewArticle(
            **{name: row[name] for name in ("id", "headline", "language", "outlet_id", "outlet")},
            timezone=row["timezone"],
            published_at=decode_time(row["published_at"]),
            first_seen_at=decode_time(row["first_seen_at"]),
        )
        for row in db.all(_NEWEST, {"now": encode_time(now), "limit": limit})
    )


class _Sum:
    """What the outlets of a country add up to on one day."""

    def __init__(self) -> None:
        self.outlets = self.whole = self.dark = self.missing = self.seen = self.minutes = 0
        self.over = True

    def add(self, told: CoverageDay, *, dark: bool) -> None:
        self.outlets += 1
        self.whole += told.watched == told.minutes
        self.dark += dark
        self.missing += told.counts.failed + told.counts.waiting
        self.seen += told.watched + told.partly
        self.minutes += told.minutes
        self.over = self.over and told.over

    def told(self, day: date) -> CountryDay:
        share = self.seen / self.minutes if self.minutes else None
        counts = (self.outlets, self.whole, self.dark, self.missing)
        return CountryDay(day, *counts, share, self.over)


def _today(db: Connection, now: datetime) -> date:
    """The day (UTC) of the latest look: what was published since, nobody knows. Else today."""
    look = watch_rows.last_look(db)
    return (min(look, now) if look else now).date()


def _troubles(db: Connection) -> tuple[TroubleReport, ...]:
    found = trouble_reports.listed(db)
    return tuple(sorted(found, key=lambda one: (not one.needs_a_person, one.since)))


def _by_day(db: Connection, first: date, last: date) -> dict[date, int]:
    rows = db.all(_TOTALS, {"first": first.isoformat(), "last": last.isoformat()})
    return {date.fromisoformat(row["day"]): row["n"] for row in rows}


def _between(days: Mapping[date, int], first: date, last: date) -> int:
    return sum(n for day, n in days.items() if first <= day <= last)


def _actors(
    db: Connection, week: tuple[date, date], totals: Mapping[date, int]
) -> Iterator[ActorInNews]:
    first, last = week
    bounds = {"first": first.isoformat(), "last": last.isoformat()}
    rows = db.all(_NAMED, {**bounds, "limit": ACTORS})
    ids = [row["actor_id"] for row in rows]
    earliest = first - WEEKS * WEEK
    before = {"actors": dump(ids), "first": earliest.isoformat(), "last": first.isoformat()}
    named: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for row in db.all(_BEFORE, before):
        named[row["actor_id"]][date.fromisoformat(row["day"])] = row["n"]
    watched = _watched_since(db)
    since = gaps(db, ids)
    for row in rows:
        weeks = _weeks(first, watched, since.get(row["actor_id"]))
        yield _actor(row, named[row["actor_id"]], _Usual(weeks, totals, week))


@dataclass(frozen=True, slots=True)
class _Usual:
    """The weeks that compare with this one, and all articles of each day."""

    weeks: Sequence[date]
    totals: Mapping[date, int]
    week: tuple[date, date]


def _actor(row: Row, named: Mapping[date, int], usual: _Usual) -> ActorInNews:
    number = len(usual.weeks)
    spans = [(start, start + WEEK - _DAY) for start in usual.weeks]
    articles = sum(_between(named, *span) for span in spans)
    every = sum(_between(usual.totals, *span) for span in spans)
    enough = number >= FEWEST_WEEKS and every > 0
    return ActorInNews(
        actor_id=row["actor_id"],
        name=row["name"],
        kind=row["kind"],
        articles=row["articles"],
        stories=row["stories"],
        share=row["articles"] / max(_between(usual.totals, *usual.week), 1),
        usual_articles=articles / number if enough else None,
        usual_share=articles / every if enough else None,
        weeks=number,
    )


def _weeks(first: date, watched: date | None, gap: Gap | None) -> list[date]:
    """The first days of the weeks before that were watched, with the actor's present forms."""
    starts = [first - number * WEEK for number in range(1, WEEKS + 1)]
    since = None if gap is None else gap.since.date() + _DAY
    return [day for day in starts if watched and day >= watched and (since is None or day >= since)]


def _watched_since(db: Connection) -> date | None:
    """The first day that was watched from its beginning on."""
    firsts = [one.first_visit for one in watch_rows.registered(db) if one.first_visit]
    return min(firsts) + _DAY if firsts else None
