"""How well an outlet's pages are read: counted with each reading that is saved, by run.

What is counted is what a reader of the database misses when it is not there: headline, date, a text
of a plausible length; and how the page was read. `health_rules` says when that has become worse.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.models import Reading
from storage.template_standing import is_denied
from storage.times import DATED, decode_time, encode_time

PLAUSIBLE = (60, 6_000)
"""Words of an article's text. Teasers and captions have fewer than the first; more than the second
is mostly a page with everything that stands on it. Agencies that print briefs lie below at all
times: their share is compared with their own past, never with others'."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles that were read of an outlet, and how many of them had what an article has."""

    articles: int = 0
    with_headline: int = 0
    with_date: int = 0  # to the day at least
    plausible: int = 0  # of a text whose length is plausible, and that is whole
    by_template: int = 0
    fallbacks: int = 0  # there was a template, and the page did not keep its promises
    unselected: int = 0  # a selector of the outlet's file fitted nothing
    audits: int = 0  # read both ways
    differing: int = 0  # … with another result

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class NightRead:
    """What was read of an outlet in one run."""

    run: int
    at: datetime
    counts: Counts


def counted(reading: Reading) -> Counts:
    """What one article adds; nothing for a page that is none."""
    if reading.outcome is not None:
        return Counts()
    methods, words = dict(reading.methods), len(reading.text.split())
    return Counts(
        articles=1,
        with_headline=int(bool(reading.headline)),
        with_date=int(reading.published_precision in DATED),
        plausible=int(PLAUSIBLE[0] <= words <= PLAUSIBLE[1] and reading.text_complete),
        by_template=int(reading.template_id is not None),
        fallbacks=int("fallback" in methods),
        unselected=int("unselected" in methods),
        audits=int("audit" in methods),
        differing=int(is_denied(reading)),
    )


_NAMES = tuple(field.name for field in fields(Counts))
_ADD = f"""
INSERT INTO reading_counts (outlet_id, run_id, {", ".join(_NAMES)})
VALUES (?, ?, {", ".join("?" * len(_NAMES))})
ON CONFLICT (outlet_id, run_id) DO UPDATE SET
{", ".join(f"{name} = {name} + excluded.{name}" for name in _NAMES)}
"""  # noqa: S608  # of the names above
_SINCE = """
SELECT c.*, r.started_at FROM outlets o
CROSS JOIN reading_counts c ON c.outlet_id = o.id AND c.run_id >= :first
CROSS JOIN runs r ON r.id = c.run_id
WHERE r.started_at >= :since AND r.started_at <= :until AND (:outlet IS NULL OR o.id = :outlet)
ORDER BY r.started_at, r.id
"""
_FIRST = "SELECT coalesce(min(id), 0) FROM runs WHERE started_at >= ?"


def add(db: Connection, run_id: int, outlet_id: str, reading: Reading) -> None:
    """Count a reading that is saved as an article; inside the transaction that saves it."""
    one = counted(reading)
    if one.articles:
        db.execute(_ADD, (outlet_id, run_id, *(getattr(one, name) for name in _NAMES)))


def read_since(
    db: Connection, since: datetime, until: datetime, outlet_id: str | None = None
) -> dict[str, list[NightRead]]:
    """What was read of each outlet (or of one) in the runs of a span, oldest first."""
    found: defaultdict[str, list[NightRead]] = defaultdict(list)
    asked = {
        "since": encode_time(since),
        "until": encode_time(until),
        "first": db.value(_FIRST, (encode_time(since),)),
        "outlet": outlet_id,
    }
    for row in db.all(_SINCE, asked):
        found[row["outlet_id"]].append(_night_from(row))
    return dict(found)


def _night_from(row: Row) -> NightRead:
    counts = Counts(*(row[name] for name in _NAMES))
    return NightRead(row["run_id"], decode_time(row["started_at"]), counts)
