"""Articles, mentions and attention as plain dictionaries, for notebooks and exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from sqlite3 import Row

from storage.actors import gaps
from storage.connection import Connection
from storage.models import Precision
from storage.rows import dump
from storage.search import SearchFilters, matching, values
from storage.times import DATED, decode_optional, local_time

_ARTICLE_COLUMNS = """
a.id AS article_id, a.outlet_id, o.name AS outlet, o.country, o.alignment, o.timezone,
a.headline, t.byline, t.section, a.language, a.published_at, a.published_precision,
a.published_day, t.modified_at, a.first_seen_at, a.fetched_at, a.url, a.words, a.version,
a.copy_of, a.keep_rule, a.text_kept, t.text_complete, t.reader_version,
json_extract(t.methods, '$.published_at') AS published_method,
a.story_id, a.credit, a.appeared_at,
(SELECT count(*) FROM articles k WHERE k.story_id = a.story_id AND NOT k.withdrawn) AS story_size,
s.origin_article
"""
_JOINED = """
FROM articles a
CROSS JOIN outlets o ON o.id = a.outlet_id
CROSS JOIN article_texts t ON t.article_id = a.id
LEFT JOIN stories s ON s.id = a.story_id
"""
_MENTION_COLUMNS = """
m.actor_id, w.name AS actor, w.kind AS actor_kind, count(*) AS mentions,
max(m.field = 'headline') AS in_headline, json_group_array(DISTINCT m.surface) AS surfaces,
json_group_array(DISTINCT m.label) FILTER (WHERE m.label != '') AS labels,
coalesce(max(m.verdict), '') AS judged
"""
_ATTENTION = """
WITH chosen AS MATERIALIZED (
  SELECT a.id, {outlet} AS outlet_id, a.published_day, a.story_id FROM articles a WHERE 1{where}
),
totals AS (
  SELECT outlet_id, published_day, count(*) AS total_count,
    count(DISTINCT story_id) AS total_stories
  FROM chosen GROUP BY outlet_id, published_day
),
named AS (
  SELECT c.outlet_id, m.actor_id, c.published_day, count(DISTINCT c.id) AS n,
    count(DISTINCT c.story_id) AS stories
  FROM chosen c
  CROSS JOIN mentions m ON m.article_id = c.id
  CROSS JOIN actors w ON w.id = m.actor_id
  WHERE m.counted AND NOT w.suppress{actor}
  GROUP BY c.outlet_id, m.actor_id, c.published_day
),
pairs AS (SELECT DISTINCT outlet_id, actor_id FROM named)
SELECT p.outlet_id, p.actor_id, w.name AS actor, w.kind AS actor_kind, t.published_day AS date,
  coalesce(n.n, 0) AS count, t.total_count, coalesce(n.stories, 0) AS stories, t.total_stories
FROM pairs p
JOIN actors w ON w.id = p.actor_id
JOIN totals t ON t.outlet_id = p.outlet_id
LEFT JOIN named n ON n.outlet_id = p.outlet_id AND n.actor_id = p.actor_id
  AND n.published_day IS t.published_day
ORDER BY p.outlet_id, p.actor_id, t.published_day IS NULL, t.published_day
"""
_ONLY_ACTOR = "AND m.actor_id IN (SELECT value FROM json_each(:actor))"
_TIMES = ("published_at", "modified_at", "first_seen_at", "fetched_at", "appeared_at")


def articles(
    db: Connection, query: str = "", filters: SearchFilters | None = None, *, text: bool = False
) -> Iterator[dict[str, object]]:
    """The articles a query finds, by id, one dictionary each; times are aware datetimes.

    `story_id` names the story: to count stories, count different ones. `story_size` is how many
    articles carry the text, found or not. `story_role` is `alone`, `origin` (the text by which the
    story began, as far as we know) or `copy`: where the agency's own text is not in the archive,
    or nobody knows who was first, all are copies.
    """
    wanted = matching(db, query, filters)
    columns = _ARTICLE_COLUMNS + (", t.text" if text else "")
    sql = f"SELECT {columns} {_JOINED} WHERE 1{wanted.sql} ORDER BY a.id"
    return map(_article_from, db.execute(sql, wanted.parameters))


def mentions(
    db: Connection, query: str = "", filters: SearchFilters | None = None, *, text: bool = False
) -> Iterator[dict[str, object]]:
    """One dictionary for each article and actor named in it: the unit of analysis.

    Counted is what a person said, else what is not ambiguous; suppressed actors are left out.
    With an actor in the filters, only the rows of that actor. `comparable_since` is None where
    the whole archive was matched with the actor's present forms.
    """
    wanted = matching(db, query, filters)
    only, parameters = _of_actor(filters)
    columns = f"{_MENTION_COLUMNS}, {_ARTICLE_COLUMNS}" + (", t.text" if text else "")
    sql = (
        f"SELECT {columns} {_JOINED} "
        "CROSS JOIN mentions m ON m.article_id = a.id CROSS JOIN actors w ON w.id = m.actor_id "
        f"WHERE m.counted AND NOT w.suppress {only}{wanted.sql} "
        "GROUP BY a.id, m.actor_id ORDER BY a.id, m.actor_id"
    )
    rows = map(_mention_from, db.execute(sql, wanted.parameters | parameters))
    return _with_comparable_since(db, rows)


def attention(
    db: Connection,
    query: str = "",
    filters: SearchFilters | None = None,
    *,
    per_outlet: bool = True,
) -> Iterator[dict[str, object]]:
    """Per outlet, actor and publication day: how many of the outlet's articles name the actor.

    Keys: outlet_id, actor_id, date (None: undated, the same rule for count and total_count),
    count, total_count, ratio, comparable_since (None: over the whole archive); also the actor's
    name and kind: `term` is no actor. Every day on which the outlet has articles has a row for
    each actor it named in the whole period, zeros included. An actor in the filters chooses rows
    and never narrows total_count; a query narrows both.

    `stories`, `total_stories` and `story_ratio` count the same articles per story: within a row, a
    text counts once. So a story that three outlets tell counts for each of them, and one that an
    outlet tells on two days counts on each: rows do not add up to stories. Without `per_outlet`
    (outlet_id is then "") all outlets chosen are counted as one, and the story of three counts
    once a day; over a period, `Database.count(…, per="story")` counts it once.
    """
    chosen = filters or SearchFilters()
    wanted = matching(db, query, replace(chosen, actor=None))
    actor, parameters = _of_actor(chosen)
    outlet = "a.outlet_id" if per_outlet else "''"
    sql = _ATTENTION.format(where=wanted.sql, actor=actor, outlet=outlet)
    rows = db.execute(sql, wanted.parameters | parameters)
    return _with_comparable_since(db, map(_attention_from, rows))


def _of_actor(filters: SearchFilters | None) -> tuple[str, dict[str, str]]:
    """Only the mentions of the actors in the filters: a condition and its parameters."""
    if filters is None or filters.actor is None:
        return "", {}
    return f" {_ONLY_ACTOR}", {"actor": dump(values(filters.actor))}


def _with_comparable_since(
    db: Connection, rows: Iterator[dict[str, object]]
) -> Iterator[dict[str, object]]:
    """Each row with the time from when on counts of its actor compare."""
    since = {actor_id: gap.since for actor_id, gap in gaps(db).items()}
    return ({**row, "comparable_since": since.get(str(row["actor_id"]))} for row in rows)


def _attention_from(row: Row) -> dict[str, object]:
    shares = {
        "ratio": row["count"] / row["total_count"],
        "story_ratio": row["stories"] / row["total_stories"],
    }
    return {**dict(row), **shares}


def _mention_from(row: Row) -> dict[str, object]:
    lists = {name: json.loads(row[name]) for name in ("surfaces", "labels")}
    return {**_article_from(row), **lists}


def _article_from(row: Row) -> dict[str, object]:
    found = dict(row)
    for name in _TIMES:
        found[name] = decode_optional(row[name])
    for name in ("text_complete", "text_kept"):
        found[name] = bool(row[name])
    found["story_role"] = _role(row, found.pop("origin_article"))
    published_at = decode_optional(row["published_at"])
    dated = published_at is not None and Precision(row["published_precision"]) in DATED
    local = local_time(published_at, row["timezone"]) if dated and published_at else None
    found["published_local"] = local
    return found


def _role(row: Row, origin: object) -> str:
    if row["story_size"] <= 1:
        return "alone"
    return "origin" if origin == row["article_id"] else "copy"
