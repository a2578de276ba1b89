"""Judgements as they are on file, told whole to whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from sqlite3 import Row

from storage.connection import Connection
from storage.times import decode_time

# Of several on one matter that were not withdrawn, the latest counts: the name of one actor is
# such a matter (is_this and not_this alike), and so are the date, the language, the place in the
# study, and whether two articles are of one story, whichever of them is named first. What says
# something of a hidden actor is told to nobody.
_JUDGEMENTS = """
SELECT j.id, j.at, j.who, j.why, j.kind, j.article_id, j.actor_id, j.value, j.withdraws,
  j.other_id, w.id AS withdrawn_by,
  CASE WHEN w.id IS NULL AND j.kind != 'withdraw' THEN (
    SELECT max(l.id) FROM judgements l
    WHERE (l.article_id = j.article_id AND l.other_id IS j.other_id
        OR l.article_id = j.other_id AND l.other_id = j.article_id)
      AND l.id > j.id AND l.kind != 'withdraw' AND l.actor_id IS j.actor_id
      AND (l.kind = j.kind OR j.actor_id IS NOT NULL OR j.other_id IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM judgements t WHERE t.withdraws = l.id)
  ) END AS superseded_by
FROM judgements j
LEFT JOIN judgements w ON w.withdraws = j.id
LEFT JOIN actors c ON c.id = j.actor_id
WHERE NOT coalesce(c.suppress, 0)
"""
_ONLY = {
    "number": "AND j.id = :number",
    "article": "AND (j.article_id = :article OR j.other_id = :article)",
    "actor": "AND j.actor_id = :actor",
}
_EXPORTED = f"""
SELECT s.id AS judgement, s.at AS at_utc, s.*, a.outlet_id, a.headline, a.url
FROM ({_JUDGEMENTS}) s JOIN articles a ON a.id = s.article_id ORDER BY s.id
"""  # noqa: S608  # constants only


class Kind(StrEnum):
    """What a judgement is about."""

    NOT_THIS = "not_this"  # the name means somebody else in this article
    IS_THIS = "is_this"  # the name means this actor, also where it is ambiguous
    DATE = "date"
    LANGUAGE = "language"
    LEAVE_OUT = "leave_out"  # no article of the study: in no count, search or export
    SAME_STORY = "same_story"  # the two articles carry one text
    OTHER_STORY = "other_story"  # the article is in no story that holds the other one
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
    superseded_by: int | None = None  # the later one on the same matter that counts instead
    other_id: int | None = None  # same_story, other_story: the other article

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn, and is no withdrawal."""
        return self.withdrawn_by is None and self.kind is not Kind.WITHDRAW

    @property
    def active(self) -> bool:
        """Whether it is what counts: it stands, and is the latest on its matter."""
        return self.stands and self.superseded_by is None

    @property
    def articles(self) -> tuple[int, ...]:
        """The article it is about, or the two."""
        return (self.article_id,) if self.other_id is None else (self.article_id, self.other_id)

    @property
    def matter(self) -> str:
        """What it is about: two judgements of one article on one matter exclude each other."""
        if self.other_id is not None:
            first, second = sorted((self.article_id, self.other_id))
            return f"story of {first} and {second}"
        return f"{self.kind}" if self.actor_id is None else f"actor {self.actor_id}"


def rows(db: Connection) -> Iterator[dict[str, object]]:
    """Every judgement with the article it is about, for exports."""
    return ({**dict(row), "active": _judgement_from(row).active} for row in db.execute(_EXPORTED))


def select(db: Connection, **wanted: object) -> list[Judgement]:
    """Judgements by number: all, or those of one `number`, `article` or `actor`."""
    chosen = {name: value for name, value in wanted.items() if value is not None}
    only = " ".join(_ONLY[name] for name in chosen)
    return [_judgement_from(row) for row in db.all(f"{_JUDGEMENTS} {only} ORDER BY j.id", chosen)]


def of_article(db: Connection, article_id: int) -> list[dict[str, object]]:
    """The judgements of an article as plain rows, times as the database writes them.

    Also those that name it as the other article.
    """
    found = db.all(f"{_JUDGEMENTS} {_ONLY['article']} ORDER BY j.id", {"article": article_id})
    return [{**dict(row), "active": _judgement_from(row).active} for row in found]


def _judgement_from(row: Row) -> Judgement:
    values = {name: row[name] for name in Judgement.__dataclass_fields__}
    return Judgement(**values | {"at": decode_time(row["at"]), "kind": Kind(row["kind"])})
