"""One story told: who carried the text, in the order in which it came out, and who said it first.

`story(db, article_id)` takes the id of any of its articles. An article that shares its text with
no other one is told as a story of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any, Literal

from storage.connection import Connection
from storage.copies import COPY_WORDS
from storage.credits import credit_from
from storage.models import Credit, Precision
from storage.origins import OriginTold, origin_of
from storage.times import decode_optional, decode_time

Relation = Literal["origin", "exact", "near", "judged"]
"""How an article belongs to its story: it is what the others are held against (the first one,
where we do not hold the origin), word for word the same, much the same, or as people judged."""
_MEMBERS = """
SELECT a.id, a.outlet_id, o.name AS outlet, o.country, o.timezone, a.headline, a.language, a.url,
       a.published_at, a.published_precision, a.first_seen_at, a.appeared_at, a.words,
       a.withdrawn, a.version, a.text_kept, a.credit, coalesce(g.name, a.credit) AS credit_name,
       t.byline, t.credit_evidence, t.text, t.text_complete, f.exact
FROM articles a
JOIN outlets o ON o.id = a.outlet_id
JOIN article_texts t ON t.article_id = a.id
LEFT JOIN agencies g ON g.id = a.credit
LEFT JOIN fingerprints f ON f.article_id = a.id AND f.words >= :least
WHERE a.story_id = :story
ORDER BY a.appeared_at, a.outlet_id, a.url_key
"""
_AS_STORED = (
    *("outlet_id", "outlet", "country", "timezone", "headline", "byline", "credit_name", "url"),
    *("language", "words", "version"),
)
_MENTIONS = """
SELECT m.article_id, m.actor_id, coalesce(c.name, m.actor_id) AS name, m.surface, m.label, m.field,
       m.start, m."end", m.label_start, m.counted
FROM articles a
JOIN mentions m ON m.article_id = a.id
LEFT JOIN actors c ON c.id = m.actor_id
WHERE a.story_id = ? AND NOT coalesce(c.suppress, 0)
ORDER BY m.article_id, m.field, m.start, m.actor_id
"""
_PAIRS = """
SELECT p.later, p.earlier, p.jaccard, p.containment
FROM near_pairs p
JOIN articles a ON a.id = p.later JOIN articles b ON b.id = p.earlier
WHERE a.story_id = :story AND b.story_id = :story
"""
# Of two texts outside one story, the larger one holds the other.
_ROUNDUPS = """
SELECT b.id, b.outlet_id, o.name AS outlet, b.headline, b.url, b.appeared_at,
       max(p.containment) AS containment
FROM (
  SELECT n.earlier AS whole, n.containment, a.words
  FROM articles a JOIN near_pairs n ON n.later = a.id
  WHERE a.story_id = :story AND NOT n.contrary
  UNION ALL
  SELECT n.later, n.containment, a.words
  FROM articles a JOIN near_pairs n ON n.earlier = a.id
  WHERE a.story_id = :story AND NOT n.contrary
) p
JOIN articles b ON b.id = p.whole
JOIN outlets o ON o.id = b.outlet_id
WHERE b.story_id != :story AND b.words > p.words AND p.containment >= 0.5 AND NOT b.withdrawn
GROUP BY b.id ORDER BY b.appeared_at, b.outlet_id, b.url_key
"""


@dataclass(frozen=True, slots=True)
class ToldMention:
    """An actor named in a member: `field[start:end] == surface`; `label` as printed beside it."""

    actor_id: str
    name: str
    surface: str
    label: str
    field: str
    start: int
    end: int
    label_start: int | None
    counted: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a story. `similarity` is its share in common with the reference text, 0 to 1,
    where that was measured; `text` is None where it was not kept."""

    article_id: int
    outlet_id: str
    outlet: str
    country: str
    timezone: str
    headline: str
    byline: str | None
    credit: Credit | None
    credit_name: str | None
    published_at: datetime | None
    published_precision: Precision
    first_seen_at: datetime
    appeared_at: datetime
    url: str
    language: str
    words: int
    version: int
    text: str | None
    text_complete: bool
    mentions: tuple[ToldMention, ...]
    is_origin: bool
    relation: Relation
    similarity: float | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Roundup:
    """An article outside the story that holds its text, or most of it, among other things."""

    article_id: int
    outlet_id: str
    outlet: str
    headline: str
    url: str
    appeared_at: datetime
    containment: float


@dataclass(frozen=True, slots=True)
class StoryTold:
    """A story as a person asks for it; `reference` is the article others are compared with."""

    id: int
    members: tuple[Member, ...]
    origin: OriginTold
    reference: int
    roundups: tuple[Roundup, ...]

    @property
    def counted(self) -> tuple[Member, ...]:
        """The members that people did not leave out."""
        return tuple(member for member in self.members if not member.withdrawn)

    @property
    def outlets(self) -> int:
        """How many outlets carried the text."""
        return len({member.outlet_id for member in self.counted})


def story(db: Connection, article_id: int) -> StoryTold | None:
    """The story that an article is of; None where there is no such article."""
    story_id = db.value("SELECT story_id FROM articles WHERE id = ?", (article_id,))
    if story_id is None:
        return None
    rows = db.all(_MEMBERS, {"story": story_id, "least": COPY_WORDS})
    origin = origin_of(db, story_id)
    reference = _reference(rows, origin)
    mentions = _mentions(db, story_id)
    alike = _Alike(db.all(_PAIRS, {"story": story_id}), reference)
    members = tuple(_member(row, origin, alike, mentions) for row in rows)
    return StoryTold(story_id, members, origin, reference["id"], _roundups(db, story_id))


def _reference(rows: list[Row], origin: OriginTold) -> Row:
    """The article of the origin where we hold it, else the first that is counted."""
    by_id = {row["id"]: row for row in rows}
    if origin.article in by_id:
        return by_id[origin.article]
    return next((row for row in rows if not row["withdrawn"]), rows[0])


class _Alike:
    """What was measured between the articles of a story."""

    def __init__(self, pairs: list[Row], reference: Row) -> None:
        self.reference = reference
        self.paired = {row[side] for row in pairs for side in ("later", "earlier")}
        self.similarity = {
            row["later"] + row["earlier"] - reference["id"]: row["jaccard"]
            for row in pairs
            if reference["id"] in (row["later"], row["earlier"])
        }

    def relation(self, row: Row) -> tuple[Relation, float | None]:
        """How an article belongs to the story, and how like the reference it is."""
        if row["id"] == self.reference["id"]:
            return "origin", 1.0
        if row["exact"] is not None and row["exact"] == self.reference["exact"]:
            return "exact", 1.0
        similarity = self.similarity.get(row["id"])
        near = similarity is not None or row["id"] in self.paired
        return ("near" if near else "judged"), similarity


def _member(
    row: Row,
    origin: OriginTold,
    alike: _Alike,
    mentions: Mapping[int, tuple[ToldMention, ...]],
) -> Member:
    relation, similarity = alike.relation(row)
    same: dict[str, Any] = {name: row[name] for name in _AS_STORED}
    return Member(
        **same,
        article_id=row["id"],
        credit=credit_from(row["credit_evidence"]),
        published_at=decode_optional(row["published_at"]),
        published_precision=Precision(row["published_precision"]),
        first_seen_at=decode_time(row["first_seen_at"]),
        appeared_at=decode_time(row["appeared_at"]),
        text=row["text"] if row["text_kept"] else None,
        text_complete=bool(row["text_complete"]),
        mentions=mentions.get(row["id"], ()),
        is_origin=row["id"] == origin.article,
        relation=relation,
        similarity=similarity,
        withdrawn=bool(row["withdrawn"]),
    )


def _mentions(db: Connection, story_id: int) -> dict[int, tuple[ToldMention, ...]]:
    found: dict[int, list[ToldMention]] = defaultdict(list)
    for row in db.all(_MENTIONS, (story_id,)):
        found[row["article_id"]].append(
            ToldMention(
                actor_id=row["actor_id"],
                name=row["name"],
                surface=row["surface"],
                label=row["label"],
                field=row["field"],
                start=row["start"],
                end=row["end"],
                label_start=row["label_start"],
                counted=bool(row["counted"]),
            )
        )
    return {article_id: tuple(told) for article_id, told in found.items()}


def _roundups(db: Connection, story_id: int) -> tuple[Roundup, ...]:
    return tuple(
        Roundup(
            article_id=row["id"],
            outlet_id=row["outlet_id"],
            outlet=row["outlet"],
            headline=row["headline"],
            url=row["url"],
            appeared_at=decode_time(row["appeared_at"]),
            containment=row["containment"],
        )
        for row in db.all(_ROUNDUPS, {"story": story_id})
    )
