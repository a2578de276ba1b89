"""What an outlet published over a period: articles in time, actors named, labels in print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from storage.connection import Connection

Step = Literal["day", "week", "month"]
MOST_POINTS = 120
"""Of one chart: longer periods are told by the week, then by the month."""
ACTORS, LABELS = 15, 30
_DAY = timedelta(days=1)
_DAYS = """
SELECT day, articles FROM outlet_days_v
WHERE outlet_id = :outlet AND day >= :first AND day <= :last AND day != ''
"""
_ACTORS = """
SELECT d.actor_id, w.name, w.kind, sum(d.articles) AS n
FROM actor_days_v d JOIN actors w ON w.id = d.actor_id
WHERE d.outlet_id = :outlet AND d.day >= :first AND d.day <= :last
GROUP BY d.actor_id ORDER BY w.kind = 'term', n DESC, w.name, d.actor_id
"""
_LABELS = """
SELECT m.actor_id, w.name, m.label, count(DISTINCT a.id) AS n, max(a.id) AS newest
FROM articles a INDEXED BY articles_outlet_day
CROSS JOIN mentions m ON m.article_id = a.id
CROSS JOIN actors w ON w.id = m.actor_id
WHERE a.outlet_id = :outlet AND a.published_day >= :first AND a.published_day <= :last
  AND NOT a.withdrawn AND m.label != '' AND m.counted AND NOT w.suppress
GROUP BY m.actor_id, m.label ORDER BY n DESC, w.name, m.label LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Articles of an outlet by day, week (from Monday) or month; each without holes.

    Of the first and the last point only the days inside the period count.
    """

    step: Step
    starts: tuple[date, ...]
    articles: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.articles)


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor that an outlet names: in how many of all its articles of the period."""

    actor_id: str
    name: str
    kind: str  # "term" is a generic word and no actor
    count: int
    total: int

    @property
    def ratio(self) -> float:
        """The share of the articles."""
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class PrintedLabel:
    """What stands in print beside a name, in how many articles, and one of these."""

    actor_id: str
    name: str
    label: str
    articles: int
    newest: int


def timeline(db: Connection, outlet_id: str, first: date, last: date) -> Timeline:
    """The articles of a period, in steps that a chart can show."""
    rows = db.all(_DAYS, days_of(outlet_id, first, last))
    counted = {date.fromisoformat(row["day"]): int(row["articles"]) for row in rows}
    step = step_for(first, last)
    points = dict.fromkeys(_starts(first, last, step), 0)
    for day, number in counted.items():
        points[start_of(day, step)] += number
    return Timeline(step, tuple(points), tuple(points.values()))


def named_actors(
    db: Connection, outlet_id: str, first: date, last: date, limit: int = ACTORS
) -> tuple[NamedActor, ...]:
    """The actors that the outlet names most, generic words last; of all articles with a day."""
    period = days_of(outlet_id, first, last)
    total = sum(row["articles"] for row in db.all(_DAYS, period))
    found = [
        NamedActor(row["actor_id"], row["name"], row["kind"], row["n"], total)
        for row in db.all(_ACTORS, period)
    ]
    actors = [one for one in found if one.kind != "term"]
    terms = [one for one in found if one.kind == "term"]
    return (*actors[:limit], *terms[:limit])


def labels(
    db: Connection, outlet_id: str, first: date, last: date, limit: int = LABELS
) -> tuple[PrintedLabel, ...]:
    """The labels that the outlet prints beside names, the commonest first."""
    rows = db.all(_LABELS, {**days_of(outlet_id, first, last), "limit": limit})
    return tuple(
        PrintedLabel(row["actor_id"], row["name"], row["label"], row["n"], row["newest"])
        for row in rows
    )


def step_for(first: date, last: date) -> Step:
    """The finest step of which a chart can show all points of a period.

    >>> step_for(date(2026, 1, 1), date(2026, 3, 1)), step_for(date(2021, 1, 1), date(2026, 1, 1))
    ('day', 'month')
    """
    days = (last - first).days + 1
    if days <= MOST_POINTS:
        return "day"
    return "week" if days <= 7 * MOST_POINTS else "month"


def start_of(day: date, step: Step) -> date:
    """The first day of the week or month that a day belongs to.

    >>> start_of(date(2026, 11, 22), "week"), start_of(date(2026, 11, 22), "month")
    (datetime.date(2026, 11, 16), datetime.date(2026, 11, 1))
    """
    if step == "week":
        return day - day.weekday() * _DAY
    return day.replace(day=1) if step == "month" else day


def _starts(first: date, last: date, step: Step) -> Iterator[date]:
    at = start_of(first, step)
    while at <= last:
        yield at
        if step == "month":
            at = (at + 32 * _DAY).replace(day=1)
        else:
            at += 7 * _DAY if step == "week" else _DAY


def days_of(outlet_id: str, first: date, last: date) -> Mapping[str, str]:
    """An outlet and days, the last one too, as parameters of a statement."""
    return {"outlet": outlet_id, "first": first.isoformat(), "last": last.isoformat()}
