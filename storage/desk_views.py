"""The views for analysts: stable names and columns, in plain SQL that any SQLite program runs.

Nothing is in them of an article that a person left out, or of an actor that is hidden. They are
made anew by every step of the schema that changes one; columns are added, never taken away.
"""

from __future__ import annotations

from storage.connection import Connection

_COUNTED_DAYS = """
CREATE VIEW outlet_days_v AS    -- articles and stories of each outlet and day of publication
SELECT d.outlet_id, d.day, d.articles, d.stories FROM outlet_days d
WHERE NOT EXISTS (
  SELECT 1 FROM days_dirty x WHERE x.outlet_id = d.outlet_id AND x.day = d.day)
UNION ALL
SELECT x.outlet_id, x.day, count(*), count(DISTINCT a.story_id)
FROM days_dirty x
CROSS JOIN articles a ON a.outlet_id = x.outlet_id AND a.published_day IS nullif(x.day, '')
WHERE NOT a.withdrawn GROUP BY x.outlet_id, x.day;

CREATE VIEW actor_days_v AS     -- of these, the ones that name an actor
SELECT d.actor_id, d.outlet_id, d.day, d.articles, d.stories
FROM actor_days d CROSS JOIN actors w ON w.id = d.actor_id
WHERE NOT w.suppress AND NOT EXISTS (
  SELECT 1 FROM days_dirty x WHERE x.outlet_id = d.outlet_id AND x.day = d.day)
UNION ALL
SELECT m.actor_id, x.outlet_id, x.day, count(DISTINCT a.id), count(DISTINCT a.story_id)
FROM days_dirty x
CROSS JOIN articles a ON a.outlet_id = x.outlet_id AND a.published_day IS nullif(x.day, '')
CROSS JOIN mentions m ON m.article_id = a.id
CROSS JOIN actors w ON w.id = m.actor_id
WHERE NOT a.withdrawn AND m.counted AND NOT w.suppress
GROUP BY m.actor_id, x.outlet_id, x.day;
"""
_NOUNS = """
CREATE VIEW outlets_v AS
SELECT id AS outlet_id, name AS outlet, country, covers, kind, alignment, languages, timezone,
  domains, blind_since, blind_until, blind_reason
FROM outlets;

CREATE VIEW actors_v AS
SELECT id AS actor_id, name AS actor, kind, countries, themes, watched_since
FROM actors WHERE NOT suppress;

CREATE VIEW articles_v AS       -- without the text: that is in texts_v
SELECT a.id AS article_id, a.outlet_id, o.name AS outlet, o.country, o.alignment, a.headline,
  a.language, a.published_at AS published_at_utc, a.published_precision, a.published_day,
  a.first_seen_at AS first_seen_at_utc, a.fetched_at AS fetched_at_utc,
  a.appeared_at AS appeared_at_utc, a.url, a.words, a.version, a.story_id, a.credit, a.copy_of,
  a.text_kept, t.byline, t.section, t.text_complete, t.reader_version
FROM articles a
JOIN outlets o ON o.id = a.outlet_id
JOIN article_texts t ON t.article_id = a.id
WHERE NOT a.withdrawn;

CREATE VIEW texts_v AS
SELECT t.article_id, t.text FROM article_texts t JOIN articles a ON a.id = t.article_id
WHERE NOT a.withdrawn AND a.text_kept;

CREATE VIEW places_v AS         -- every place where an actor is named
SELECT m.article_id, m.actor_id, w.name AS actor, w.kind AS actor_kind, m.field, m.start,
  m."end", m.surface, m.alias, m.rule, m.label, m.ambiguous, m.verdict, m.counted
FROM mentions m
JOIN actors w ON w.id = m.actor_id
JOIN articles a ON a.id = m.article_id
WHERE NOT w.suppress AND NOT a.withdrawn;

CREATE VIEW mentions_v AS       -- article x actor: the unit of analysis
SELECT m.article_id, m.actor_id, w.name AS actor, w.kind AS actor_kind, a.outlet_id, o.country,
  o.alignment, a.language, a.published_day, a.story_id, count(*) AS mentions,
  max(m.field = 'headline') AS in_headline
FROM mentions m
JOIN actors w ON w.id = m.actor_id
JOIN articles a ON a.id = m.article_id
JOIN outlets o ON o.id = a.outlet_id
WHERE m.counted AND NOT w.suppress AND NOT a.withdrawn
GROUP BY m.article_id, m.actor_id;

CREATE VIEW attention_v AS      -- per outlet, actor and day on which it is named
SELECT n.outlet_id, n.actor_id, w.name AS actor, w.kind AS actor_kind, nullif(n.day, '') AS date,
  n.articles AS count, t.articles AS total_count, 1.0 * n.articles / t.articles AS ratio,
  n.stories, t.stories AS total_stories
FROM actor_days_v n
JOIN actors w ON w.id = n.actor_id
JOIN outlet_days_v t ON t.outlet_id = n.outlet_id AND t.day = n.day;

CREATE VIEW stories_v AS        -- texts that two articles or more carry
SELECT s.id AS story_id, s.articles, s.outlets, s.first_at AS first_at_utc,
  s.last_at AS last_at_utc, s.origin, s.origin_article
FROM stories s WHERE s.id NOT IN (
  SELECT story_id FROM articles WHERE withdrawn AND story_id IS NOT NULL
  UNION SELECT story_id FROM articles WHERE NOT settled AND story_id IS NOT NULL)
UNION ALL                       -- counted live: one was left out or changed since they were settled
SELECT s.id, count(*), count(DISTINCT a.outlet_id), min(a.appeared_at), max(a.appeared_at),
  s.origin, max(CASE WHEN a.id = s.origin_article THEN a.id END)
FROM (SELECT story_id FROM articles WHERE withdrawn
  UNION SELECT story_id FROM articles WHERE NOT settled) w
CROSS JOIN stories s ON s.id = w.story_id
CROSS JOIN articles a ON a.story_id = s.id
WHERE NOT a.withdrawn GROUP BY s.id HAVING count(*) > 1;

CREATE VIEW edits_v AS          -- what outlets changed, each between two looks
SELECT e.id AS edit_id, e.article_id, e.version, e.kind, e.since AS since_utc, e.at AS at_utc,
  e.actor_id, e.before, e.after, a.outlet_id, a.headline, a.url, a.story_id
FROM edits e
JOIN articles a ON a.id = e.article_id
LEFT JOIN actors w ON w.id = e.actor_id
WHERE NOT a.withdrawn AND NOT coalesce(w.suppress, 0) AND 'not_this' IS NOT (
  SELECT j.kind FROM judgements j
  WHERE j.article_id = e.article_id AND j.actor_id = e.actor_id AND j.kind != 'withdraw'
    AND NOT EXISTS (SELECT 1 FROM judgements x WHERE x.withdraws = j.id)
  ORDER BY j.id DESC LIMIT 1);

CREATE VIEW coverage_v AS       -- what was offered; how it was watched is told by the export
SELECT outlet_id, nullif(day, 'undated') AS day, seen, stored, failed, waiting,
  blind AS blind_visits, failed_by FROM coverage;

CREATE VIEW gaps_v AS           -- spans of which a way of finding did not show what was published
SELECT g.outlet_id, w.url AS way, w.found_by, g.from_at AS from_utc, g.to_at AS to_utc,
  g.noticed_at AS noticed_at_utc, g.repaired_at AS repaired_at_utc
FROM gaps g JOIN ways w ON w.id = g.way_id;

CREATE VIEW events_v AS         -- troubles and other things that opened and closed
SELECT id AS event_id, kind, outlet_id, subject, opened_at AS opened_at_utc,
  closed_at AS closed_at_utc, evidence FROM events;

CREATE VIEW runs_v AS
SELECT id AS run_id, kind, status, started_at AS started_at_utc, ended_at AS ended_at_utc,
  schedule FROM runs;

CREATE VIEW snapshots_v AS
SELECT id AS snapshot_id, name, query, filters, made_at AS made_at_utc, digest FROM snapshots
WHERE digest != '';              -- without one, it is being made
"""
VIEWS = _COUNTED_DAYS + _NOUNS
NAMES = (
    "articles_v", "texts_v", "mentions_v", "places_v", "actors_v", "outlets_v", "attention_v",
    "outlet_days_v", "actor_days_v", "stories_v", "edits_v", "coverage_v", "gaps_v", "events_v",
    "runs_v", "snapshots_v",
)  # fmt: skip
"""Every view, the most asked first."""


def columns(db: Connection) -> dict[str, list[str]]:
    """The names of the columns of each view, as the database has them."""
    named = "SELECT name FROM pragma_table_info(?)"
    return {view: [row["name"] for row in db.all(named, (view,))] for view in NAMES}
