"""What people's judgements do to an article: off while the reader writes, on again after it.

`articles` and `mentions` hold what counts, so every question asks them plainly. What the reader
says instead stands in `overruled` while a judgement says otherwise. Every write does, in its own
transaction: `lift` (the article is as it was read), its work, `lay` (the judgements hold again).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from storage import article_mentions, books, overruled
from storage.connection import Connection
from storage.copies import relink
from storage.models import Reading, keep_rule

_ACTIVE = """
SELECT j.kind, j.actor_id, j.value FROM judgements j
WHERE j.article_id = ? AND j.kind != 'withdraw'
  AND NOT EXISTS (SELECT 1 FROM judgements w WHERE w.withdraws = j.id)
ORDER BY j.id
"""
_LIFT = """
UPDATE mentions SET verdict = NULL, left_out = 0
WHERE article_id = ? AND (verdict IS NOT NULL OR left_out)
"""
_DATED = """
SELECT o.article_id FROM overruled o JOIN articles a ON a.id = o.article_id
WHERE a.outlet_id = ? AND o.field = 'published'
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the judgements of one article say together: of each matter, the latest."""

    actors: dict[str, str]  # actor id -> is_this or not_this
    date: str | None = None  # a local day or moment, or "unknown"
    language: str | None = None
    left_out: bool = False


def standing(db: Connection, article_id: int) -> Standing:
    """The judgements of an article that hold."""
    rows = db.all(_ACTIVE, (article_id,))
    latest = {row["kind"]: row["value"] for row in rows}
    return Standing(
        actors={row["actor_id"]: row["kind"] for row in rows if row["actor_id"] is not None},
        date=latest.get("date"),
        language=latest.get("language"),
        left_out="leave_out" in latest,
    )


def counted_rule(db: Connection, article_id: int, reading: Reading) -> str:
    """Why the study wants the article as it is read now, with what people said of its mentions."""
    verdicts = standing(db, article_id).actors
    if not verdicts:
        return reading.keep_rule
    doubt = {"is_this": False, "not_this": True}
    return keep_rule(
        replace(m, ambiguous=doubt[verdicts[m.actor_id]]) if m.actor_id in verdicts else m
        for m in reading.mentions
    )


def confirmed(db: Connection, article_id: int) -> frozenset[str]:
    """The actors of whom a person said that the article names them."""
    said = standing(db, article_id).actors
    return frozenset(actor_id for actor_id, verdict in said.items() if verdict == "is_this")


def judged_fields(db: Connection, article_id: int) -> frozenset[str]:
    """The fields of an article that hold what a person said."""
    said = standing(db, article_id)
    dated = ("published_at", "published_precision") if said.date is not None else ()
    return frozenset((*dated, *(("language",) if said.language is not None else ())))


def lift(db: Connection, article_id: int) -> None:
    """Give the article back what the reader says of it."""
    overruled.restore(db, article_id)
    if db.execute(_LIFT, (article_id,)).rowcount:
        article_mentions.update_keep_rule(db, article_id)


def lay(db: Connection, article_id: int) -> None:
    """Put what people judged in the place of what the reader says, and keep that beside it.

    The article counts under its day of publication from then on.
    """
    said = standing(db, article_id)
    if said.date is not None:
        overruled.judge_date(db, article_id, said.date)
    if said.language is not None:
        overruled.judge_language(db, article_id, said.language)
    _lay_verdicts(db, article_id, said)
    row = db.one("SELECT withdrawn, published_day FROM articles WHERE id = ?", (article_id,))
    assert row is not None, "judgements are of articles"
    if bool(row["withdrawn"]) != said.left_out:
        _leave_out(db, article_id, left_out=said.left_out)
    books.move_to_day(db, article_id, row["published_day"])


def lay_dates_again(db: Connection, outlet_id: str) -> None:
    """Have judged dates mean the outlet's own clocks, after its zone was corrected."""
    for row in db.all(_DATED, (outlet_id,)):
        lift(db, row["article_id"])
        lay(db, row["article_id"])


def _lay_verdicts(db: Connection, article_id: int, said: Standing) -> None:
    laid = 0
    for actor_id, verdict in said.actors.items():
        sql = "UPDATE mentions SET verdict = ? WHERE article_id = ? AND actor_id = ?"
        laid += db.execute(sql, (verdict, article_id, actor_id)).rowcount
    if said.left_out:
        sql = "UPDATE mentions SET left_out = 1 WHERE article_id = ?"
        laid += db.execute(sql, (article_id,)).rowcount
    if laid:
        article_mentions.update_keep_rule(db, article_id)


def _leave_out(db: Connection, article_id: int, *, left_out: bool) -> None:
    db.update("articles", article_id, {"withdrawn": left_out})
    relink(db, article_id)
    sql = "SELECT outlet_id, day FROM candidates WHERE article_id = ?"
    for row in db.all(sql, (article_id,)):
        books.mark_dirty(db, row["outlet_id"], row["day"])
