"""Edits: what outlets changed after publication, each between two looks that we made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Literal, get_args

from storage.connection import Connection
from storage.rows import dump
from storage.search import Condition
from storage.times import decode_optional, decode_time, encode_time

Kind = Literal[
    "headline", "text", "shortened", "actor_added", "actor_removed", "label", "gone", "back"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Nothing of an article that a person left out, nothing of a hidden actor, and nothing of a name of
# which a person said that it is somebody else's: the judgement may be younger than the edit.
_TOLD = """
WITH told AS (
  SELECT e.*, coalesce(c.name, e.actor_id) AS actor, c.kind AS actor_kind, a.outlet_id,
         o.name AS outlet, o.country, o.alignment, o.covers, a.headline, a.url, a.language,
         a.published_day, a.story_id
  FROM edits e
  JOIN articles a ON a.id = e.article_id
  JOIN outlets o ON o.id = a.outlet_id
  LEFT JOIN actors c ON c.id = e.actor_id
  WHERE NOT a.withdrawn AND NOT coalesce(c.suppress, 0)
    AND 'not_this' IS NOT (
      SELECT j.kind FROM judgements j
      WHERE j.article_id = e.article_id AND j.actor_id = e.actor_id AND j.kind != 'withdraw'
        AND NOT EXISTS (SELECT 1 FROM judgements w WHERE w.withdraws = j.id)
      ORDER BY j.id DESC LIMIT 1
    )
)
"""
_CHOSEN = {
    "article": "e.article_id = :article",
    "story": "e.story_id = (SELECT story_id FROM articles WHERE id = :story)",
    "outlet": "e.outlet_id = :outlet",
    "country": "EXISTS (SELECT 1 FROM json_each(e.covers) WHERE value = :country)",
    "kind": "e.kind = :kind",
    "since": "e.at >= :since",
    "until": "e.at < :until",
    # What was done to the actor, and whatever else changed in texts that name it or named it.
    "actor": """
      NOT EXISTS (SELECT 1 FROM actors WHERE id = :actor AND suppress) AND (
        e.actor_id = :actor OR e.actor_id IS NULL AND (
          EXISTS (SELECT 1 FROM mentions m
                  WHERE m.article_id = e.article_id AND m.actor_id = :actor AND m.counted)
          OR EXISTS (SELECT 1 FROM told x WHERE x.article_id = e.article_id
                     AND x.version = e.version AND x.actor_id = :actor)))""",
}
_NEWEST = "ORDER BY e.at DESC, e.article_id, e.version DESC, e.id LIMIT :limit"
# The current version's text stands with the article.
VERSIONS = """
SELECT v.version, v.seen_at, v.headline, v.content_hash, v.reader_version, v.template_id,
       v.fetch_id, coalesce(v.text, t.text) AS text,
       CASE WHEN v.text IS NULL THEN a.text_kept ELSE v.text != '' END AS text_kept
FROM article_versions v
JOIN article_texts t ON t.article_id = v.article_id
JOIN articles a ON a.id = v.article_id
WHERE v.article_id = ?
"""
_TEXTS = f"{VERSIONS} AND v.version IN (?, ?) ORDER BY v.version"
_UNTOLD = """
WITH untold AS (
  SELECT v.seen_at AS at, v.article_id, a.story_id, a.outlet_id, o.covers
  FROM article_versions v
  JOIN articles a ON a.id = v.article_id JOIN outlets o ON o.id = a.outlet_id
  WHERE v.version > 1 AND NOT EXISTS (
    SELECT 1 FROM edits x WHERE x.article_id = v.article_id AND x.version = v.version)
)
SELECT count(*) FROM untold e
"""
_EDIT = ("kind", "at", "since", "article_id", "version", "actor_id", "before", "after")
_ARTICLE = (
    "actor",
    "actor_kind",
    "outlet_id",
    "outlet",
    "country",
    "alignment",
    "headline",
    "language",
    "url",
    "published_day",
    "story_id",
)
_LOOKS = """
WITH looks AS (
  SELECT l.at, l.article_id, a.story_id, a.outlet_id, o.covers
  FROM outcomes l JOIN articles a ON a.id = l.article_id JOIN outlets o ON o.id = a.outlet_id
  WHERE l.outcome IN ('unchanged', 'stored_changed')
)
SELECT count(*) AS looks, count(DISTINCT e.article_id) AS articles, max(e.at) AS last_at
FROM looks e
"""
_OF_ARTICLES = {
    **_CHOSEN,
    "kind": "1",  # looks and versions are of every kind
    "actor": """
      e.article_id IN (SELECT article_id FROM mentions WHERE actor_id = :actor AND counted
                       UNION SELECT article_id FROM edits WHERE actor_id = :actor)""",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that an outlet changed, between `since` (last seen as before) and `at`.

    `version` is the new one; of gone and back, the one that stood. `before` and `after` are the
    headline, the labels or the name as printed; of `shortened`, the number of words.
    """

    article_id: int
    version: int
    kind: Kind
    at: datetime
    since: datetime
    before: str = ""
    after: str = ""
    actor_id: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToldEdit:
    """An edit with what a reader wants to know of its article."""

    id: int
    edit: Edit
    actor: str | None  # its name
    actor_kind: str | None  # `term` is a generic word and no actor
    outlet_id: str
    outlet: str
    country: str
    alignment: str
    headline: str  # as it stands now
    url: str
    language: str
    published_day: str | None
    story_id: int


@dataclass(frozen=True, slots=True)
class VersionText:
    """What one version said, as it is read now."""

    version: int
    seen_at: datetime
    headline: str
    text: str
    text_kept: bool
    reader: tuple[str, str | None]  # reader version and template: of one key, texts compare


@dataclass(frozen=True, slots=True)
class EditFilters:
    """Which edits; `since` and `until` are days (UTC) on which we saw them, both included."""

    since: date | None = None
    until: date | None = None
    actor: str | None = None
    outlet: str | None = None
    country: str | None = None
    kind: str | None = None
    article: int | None = None
    story: int | None = None  # the number of any of its articles


@dataclass(frozen=True, slots=True)
class EditCounts:
    """How many edits there are: single changes, edited versions, articles, stories of these."""

    edits: int
    versions: int
    articles: int
    stories: int


@dataclass(frozen=True, slots=True)
class Looks:
    """How often known articles were looked at again, and when that was last."""

    looks: int
    articles: int
    last_at: datetime | None


def record(db: Connection, edit: Edit) -> bool:
    """Write an edit down, as part of the caller's transaction; False when it is there already."""
    sql = (
        "INSERT INTO edits "
        "(article_id, version, at, since, kind, actor_id, before, after, evidence) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    )
    times = (encode_time(edit.at), encode_time(edit.since))
    said = (edit.kind, edit.actor_id, edit.before, edit.after, dump(edit.evidence))
    return db.execute(sql, (edit.article_id, edit.version, *times, *said)).rowcount > 0


class EditStore:
    """What outlets changed, as far as we looked: the newest first."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def list(self, filters: EditFilters | None = None, limit: int | None = None) -> list[ToldEdit]:
        """The edits, those that we saw last first."""
        return list(self.rows(filters, limit))

    def rows(
        self,
        filters: EditFilters | None = None,
        limit: int | None = None,
        *,
        of: Condition | None = None,
    ) -> Iterator[ToldEdit]:
        """As list, one after the other; only those `of` articles that meet a condition."""
        where, parameters = _where(filters)
        if of is not None:
            mine = f"e.article_id IN (SELECT a.id FROM articles a WHERE 1{of.sql})"  # noqa: S608  # values are bound
            where = f"{where} AND {mine}" if where else f"WHERE {mine}"
            parameters = parameters | of.parameters
        sql = f"{_TOLD} SELECT e.* FROM told e {where} {_NEWEST}"  # noqa: S608  # values are bound
        rows = self._db.execute(sql, {**parameters, "limit": -1 if limit is None else limit})
        return map(_told_from, rows)

    def plain(
        self,
        filters: EditFilters | None = None,
        *,
        text: bool = False,
        of: Condition | None = None,
    ) -> Iterator[dict[str, object]]:
        """As rows, plain dictionaries; with `text`, `text_before` and `text_after` as well.

        A text is None where it was not kept, and the later one of what is gone.
        """
        for told in self.rows(filters, of=of):
            yield _plain(told) | (self._both_texts(told.edit) if text else {})

    def counts(self, filters: EditFilters | None = None) -> EditCounts:
        """How many there are, per change, version, article and story."""
        where, parameters = _where(filters)
        version = "e.article_id || ' ' || e.version || ' ' || e.at"
        sql = (
            f"SELECT count(*), count(DISTINCT {version}), "
            "count(DISTINCT e.article_id), count(DISTINCT e.story_id)"
        )
        row = self._db.one(f"{_TOLD} {sql} FROM told e {where}", parameters)
        assert row is not None, "a count is always given"
        return EditCounts(*row)

    def texts(self, article_id: int, version: int) -> tuple[VersionText, ...]:
        """What the version before this one said, and what this one said."""
        rows = self._db.all(_TEXTS, (article_id, version - 1, version))
        return tuple(map(_text_from, rows))

    def versions(self, article_id: int) -> tuple[VersionText, ...]:
        """Everything that the article said, the earliest version first."""
        rows = self._db.all(f"{VERSIONS} ORDER BY v.version", (article_id,))
        return tuple(map(_text_from, rows))

    def untold(self, filters: EditFilters | None = None) -> int:
        """How many versions were stored before edits were told: of them nothing is written down."""
        where, parameters = _where(filters, _OF_ARTICLES)
        return int(self._db.value(f"{_UNTOLD} {where}", parameters))

    def looks(self, filters: EditFilters | None = None) -> Looks:
        """How often we looked at known articles again: what an empty answer rests on."""
        where, parameters = _where(filters, _OF_ARTICLES)
        row = self._db.one(f"{_LOOKS} {where}", parameters)
        assert row is not None, "a count is always given"
        return Looks(row["looks"], row["articles"], decode_optional(row["last_at"]))

    def _both_texts(self, edit: Edit) -> dict[str, object]:
        said = {one.version: one.text for one in self.texts(edit.article_id, edit.version)}
        stood = edit.kind in ("gone", "back")
        before = said.get(edit.version if stood else edit.version - 1)
        after = None if edit.kind == "gone" else said.get(edit.version)
        return {"text_before": before or None, "text_after": after or None}


def _plain(told: ToldEdit) -> dict[str, object]:
    edit = {name: getattr(told.edit, name) for name in _EDIT}
    return {"edit": told.id, **edit, **{name: getattr(told, name) for name in _ARTICLE}}


def _where(
    filters: EditFilters | None, chosen_by: Mapping[str, str] = _CHOSEN
) -> tuple[str, dict[str, object]]:
    chosen = filters or EditFilters()
    until = chosen.until + timedelta(days=1) if chosen.until else None
    values: dict[str, object] = {
        "article": chosen.article,
        "story": chosen.story,
        "outlet": chosen.outlet,
        "country": chosen.country,
        "kind": chosen.kind,
        "actor": chosen.actor,
        "since": chosen.since.isoformat() if chosen.since else None,
        "until": until.isoformat() if until else None,
    }
    asked = {name: value for name, value in values.items() if value is not None}
    conditions = " AND ".join(chosen_by[name] for name in asked)
    return (f"WHERE {conditions}" if conditions else ""), asked


def _told_from(row: Row) -> ToldEdit:
    edit = Edit(
        article_id=row["article_id"],
        version=row["version"],
        kind=row["kind"],
        at=decode_time(row["at"]),
        since=decode_time(row["since"]),
        before=row["before"],
        after=row["after"],
        actor_id=row["actor_id"],
        evidence=json.loads(row["evidence"]),
    )
    return ToldEdit(row["id"], edit, **{name: row[name] for name in _ARTICLE})


def _text_from(row: Row) -> VersionText:
    return VersionText(
        version=row["version"],
        seen_at=decode_time(row["seen_at"]),
        headline=row["headline"],
        text=row["text"],
        text_kept=bool(row["text_kept"]),
        reader=(row["reader_version"], row["template_id"]),
    )
