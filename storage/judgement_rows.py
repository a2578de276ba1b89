"""Judgements as they are on file, told whole to whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from sqlite3 import Row

from storage.connection import Connection
from storage.times import decode_time

_LIST = """
SELECT j.*, w.id AS withdrawn_by FROM judgements j
LEFT JOIN judgements w ON w.withdraws = j.id
LEFT JOIN actors c ON c.id = j.actor_id
WHERE (:number IS NULL OR j.id = :number)
  AND (:article IS NULL OR j.article_id = :article)
  AND (:actor IS NULL OR j.actor_id = :actor)
  AND (:all OR (w.id IS NULL AND j.kind != 'withdraw'))
  AND NOT coalesce(c.suppress, 0)
ORDER BY j.id
"""
_ROWS = """
SELECT j.id AS judgement, j.at AS at_utc, j.who, j.why, j.kind, j.article_id, a.outlet_id,
       a.headline, a.url, j.actor_id, j.value, j.withdraws, w.id AS withdrawn_by,
       w.id IS NULL AND j.kind != 'withdraw' AS active
FROM judgements j
JOIN articles a ON a.id = j.article_id
LEFT JOIN judgements w ON w.withdraws = j.id
LEFT JOIN actors c ON c.id = j.actor_id
WHERE NOT coalesce(c.suppress, 0)
ORDER BY j.id
"""


class Kind(StrEnum):
    """What a judgement is about."""

    NOT_THIS = "not_this"  # the name means somebody else in this article
    IS_THIS = "is_this"  # the name means this actor, also where it is ambiguous
    DATE = "date"
    LANGUAGE = "language"
    LEAVE_OUT = "leave_out"  # no article of the study: in no count, search or export
    WITHDRAW = "withdraw"  # takes back an earlier judgement


@dataclass(frozen=True, slots=True)
class Judgement:
    """One correction: who made it, when and why, and what it says."""

    id: int
    at: datetime
    who: str
    why: str
    kind: Kind
    article_id: int
    actor_id: str | None = None
    value: str | None = None  # date: the outlet's local day or moment, or "unknown"; or the code
    withdraws: int | None = None
    withdrawn_by: int | None = None

    @property
    def active(self) -> bool:
        """Whether it is still said; of several on one matter the latest counts."""
        return self.withdrawn_by is None and self.kind is not Kind.WITHDRAW


def rows(db: Connection) -> Iterator[dict[str, object]]:
    """Every judgement with the article it is about, for exports."""
    return ({**dict(row), "active": bool(row["active"])} for row in db.execute(_ROWS))


def select(db: Connection, **wanted: object) -> list[Judgement]:
    """Judgements by number: of one `number`, `article` or `actor`, `all` or those that hold."""
    anything = {"number": None, "article": None, "actor": None, "all": False}
    return [_judgement_from(row) for row in db.all(_LIST, anything | wanted)]


def _judgement_from(row: Row) -> Judgement:
    return Judgement(
        id=row["id"],
        at=decode_time(row["at"]),
        who=row["who"],
        why=row["why"],
        kind=Kind(row["kind"]),
        article_id=row["article_id"],
        actor_id=row["actor_id"],
        value=row["value"],
        withdraws=row["withdraws"],
        withdrawn_by=row["withdrawn_by"],
    )
