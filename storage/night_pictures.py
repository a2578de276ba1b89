"""The last nights in figures: whom each read and what that brought, by country for a picture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.connection import Connection
from storage.finding import VISITED
from storage.night_collected import NEW
from storage.night_records import CountryDay, Night
from storage.rows import dump

PICTURED = 28
"""Days of a picture."""

_NEW_BY_NIGHT = """
SELECT n.value ->> 1 AS night, o.outlet_id, count(DISTINCT o.article_id) AS new
FROM json_each(:nights) n CROSS JOIN outcomes o ON o.run_id = n.value ->> 0
JOIN articles a ON a.id = o.article_id
WHERE o.outcome IN (SELECT value FROM json_each(:new)) AND NOT a.withdrawn
GROUP BY night, o.outlet_id
"""
_LOOKS_BY_NIGHT = """
SELECT n.value ->> 1 AS night, v.outlet_id,
  max(v.outcome IN (SELECT value FROM json_each(:visited))) AS read
FROM json_each(:nights) n CROSS JOIN visits v ON v.run_id = n.value ->> 0
GROUP BY night, v.outlet_id
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """Which outlets a night asked: whether each could be read, and how many articles it brought."""

    read: frozenset[str]
    blind: frozenset[str]
    new: Counter[str]


def looked(db: Connection, nights: Sequence[Night]) -> list[Looked]:
    """For each of the nights, whom it read and whom it could not, and what that brought."""
    bound = {
        "nights": dump([(run, n) for n, night in enumerate(nights) for run in night.runs]),
        "new": dump(sorted(NEW)),
        "visited": dump(sorted(VISITED)),
    }
    brought: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in db.all(_NEW_BY_NIGHT, bound):
        brought[row["night"]][row["outlet_id"]] = row["new"]
    read: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for row in db.all(_LOOKS_BY_NIGHT, bound):
        read[row["night"], row["read"]].add(row["outlet_id"])
    return [
        Looked(frozenset(read[number, 1]), frozenset(read[number, 0]), brought[number])
        for number in range(len(nights))
    ]


def pictures(
    nights: Sequence[Night], looks: Sequence[Looked], country: Mapping[str, str]
) -> dict[str, tuple[CountryDay, ...]]:
    """By country, the last days: how much each brought, and how many outlets were blind."""
    last = nights[0].day
    by_day: defaultdict[date, list[Looked]] = defaultdict(list)
    for night, look in zip(nights, looks, strict=True):
        by_day[night.day].append(look)
    begun = min(day for day in by_day)
    days = [last - timedelta(days=back) for back in reversed(range(PICTURED))]
    return {
        name: tuple(
            _column(day, by_day[day], [o for o, c in country.items() if c == name], begun)
            for day in days
        )
        for name in sorted(set(country.values()), key=lambda one: (not one, one))
    }


def _column(
    day: date, looks: Sequence[Looked], outlets: Collection[str], begun: date
) -> CountryDay:
    mine = frozenset(outlets)
    read = mine & _all(look.read for look in looks)
    blind = mine & _all(look.blind for look in looks) - read
    new = sum(look.new[outlet] for look in looks for outlet in mine)
    return CountryDay(day, new, len(read) + len(blind), len(blind), day >= begun)


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
