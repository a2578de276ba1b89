"""The schema's seventh step: what researchers ask for, counted ahead, written down and frozen."""

from __future__ import annotations

# Counted ahead: an attention chart over years must not walk over a million articles. Whoever
# writes to articles or mentions need not think of it: the tables themselves note the days that
# are to be counted again, and the views count those at the moment somebody asks.
COUNTS = """
CREATE TABLE outlet_days (      -- articles of each outlet and day of publication
  outlet_id TEXT NOT NULL,
  day TEXT NOT NULL,            -- in the outlet's zone; '' where it is not known
  articles INTEGER NOT NULL,
  stories INTEGER NOT NULL,
  PRIMARY KEY (outlet_id, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE actor_days (       -- of these, the ones that name an actor
  actor_id TEXT NOT NULL,
  outlet_id TEXT NOT NULL,
  day TEXT NOT NULL,
  articles INTEGER NOT NULL,
  stories INTEGER NOT NULL,
  PRIMARY KEY (actor_id, outlet_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX outlet_days_day ON outlet_days (day, outlet_id, articles, stories);
CREATE INDEX actor_days_day ON actor_days (outlet_id, day);
CREATE INDEX articles_seen ON articles (first_seen_at);  -- what is new to us since some time
CREATE TABLE days_dirty (       -- days to count again; kept by the writes, so no kill loses one
  outlet_id TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (outlet_id, day)
) STRICT, WITHOUT ROWID;

INSERT INTO outlet_days
SELECT outlet_id, coalesce(published_day, ''), count(*), count(DISTINCT story_id)
FROM articles WHERE NOT withdrawn GROUP BY outlet_id, published_day;
INSERT INTO actor_days
SELECT m.actor_id, a.outlet_id, coalesce(a.published_day, ''), count(DISTINCT a.id),
  count(DISTINCT a.story_id)
FROM mentions m JOIN articles a ON a.id = m.article_id
WHERE m.counted AND NOT a.withdrawn GROUP BY m.actor_id, a.outlet_id, a.published_day;
"""
# No OR IGNORE: within an upsert or an OR ABORT from outside, SQLite does not honour it.
_MARK = """INSERT INTO days_dirty
  SELECT a.outlet_id, coalesce(a.published_day, '') AS day FROM {article} a
  WHERE NOT EXISTS (SELECT 1 FROM days_dirty x
    WHERE x.outlet_id = a.outlet_id AND x.day = coalesce(a.published_day, ''));"""
_ROW = "(SELECT {row}.outlet_id AS outlet_id, {row}.published_day AS published_day)"
_MARK_NEW, _MARK_OLD = (_MARK.format(article=_ROW.format(row=row)) for row in ("NEW", "OLD"))
_MARK_NAMED, _MARK_NAMED_BEFORE = (
    _MARK.format(article=f"(SELECT * FROM articles WHERE id = {row}.article_id)")  # noqa: S608  # constants only
    for row in ("NEW", "OLD")
)
MARKING = f"""
CREATE TRIGGER articles_come AFTER INSERT ON articles
BEGIN {_MARK_NEW} END;
CREATE TRIGGER articles_go AFTER DELETE ON articles
BEGIN {_MARK_OLD} END;
CREATE TRIGGER articles_move AFTER UPDATE OF outlet_id, published_day, withdrawn, story_id
ON articles WHEN OLD.outlet_id != NEW.outlet_id OR OLD.published_day IS NOT NEW.published_day
  OR OLD.withdrawn != NEW.withdrawn OR OLD.story_id IS NOT NEW.story_id
BEGIN
  {_MARK_OLD}
  {_MARK_NEW}
END;
CREATE TRIGGER mentions_come AFTER INSERT ON mentions
BEGIN {_MARK_NAMED} END;
CREATE TRIGGER mentions_go AFTER DELETE ON mentions
BEGIN {_MARK_NAMED_BEFORE} END;
CREATE TRIGGER mentions_change
AFTER UPDATE OF actor_id, article_id, verdict, left_out, ambiguous ON mentions
WHEN OLD.actor_id != NEW.actor_id OR OLD.article_id != NEW.article_id
  OR OLD.verdict IS NOT NEW.verdict OR OLD.left_out != NEW.left_out
  OR OLD.ambiguous != NEW.ambiguous
BEGIN
  {_MARK_NAMED_BEFORE}
  {_MARK_NAMED}
END;
"""  # constants only
KEPT = """
CREATE TABLE actor_forms (      -- the written forms by which each actor is found
  actor_id TEXT NOT NULL,       -- no key: forms are written before or after their actor
  form TEXT NOT NULL,
  folded TEXT NOT NULL,
  language TEXT,
  mode TEXT NOT NULL,
  generated INTEGER NOT NULL,   -- 1: made by rule from another form, 0: somebody wrote it
  PRIMARY KEY (actor_id, form)
) STRICT, WITHOUT ROWID;
CREATE INDEX actor_forms_folded ON actor_forms (folded);

CREATE TABLE names (            -- what outlets and actors are called, by language
  kind TEXT NOT NULL CHECK (kind IN ('outlet', 'actor')),
  id TEXT NOT NULL,
  language TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, language, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_searches (   -- questions that are asked again
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  asked TEXT NOT NULL,          -- the search page's own parameters, as in its address
  who TEXT NOT NULL,
  made_at TEXT NOT NULL,
  feed_key TEXT NOT NULL UNIQUE,  -- whoever knows it may read the feed of new hits
  removed_at TEXT
) STRICT;

CREATE TABLE snapshots (        -- frozen sets of articles that can be cited
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL,
  filters TEXT NOT NULL,        -- JSON object
  made_at TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  facts TEXT NOT NULL,          -- JSON: counts, coverage, versions of software and watchlists
  digest TEXT NOT NULL          -- SHA-256 over facts and rows, in their order
) STRICT;
CREATE TABLE snapshot_rows (    -- what the set said at that moment, row by row, as exports write it
  snapshot_id INTEGER NOT NULL REFERENCES snapshots (id),
  kind TEXT NOT NULL,           -- articles, mentions, attention, coverage, stories, edits
  position INTEGER NOT NULL,
  article_id INTEGER,           -- whose row it is; NULL: of no single article
  digest TEXT NOT NULL,
  row TEXT,                     -- JSON; NULL: erased by order since, or withdrawn
  PRIMARY KEY (snapshot_id, kind, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX snapshot_rows_article ON snapshot_rows (article_id, snapshot_id)
  WHERE article_id IS NOT NULL;
CREATE TABLE snapshot_texts (   -- texts that changed since, as they stood in a snapshot
  snapshot_id INTEGER NOT NULL REFERENCES snapshots (id),
  article_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (snapshot_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER texts_keep_frozen BEFORE UPDATE OF text ON article_texts
WHEN OLD.text != NEW.text AND OLD.text != ''
BEGIN
  -- No OR IGNORE: within an upsert, as articles are written, SQLite does not honour it.
  INSERT INTO snapshot_texts (snapshot_id, article_id, text)
  SELECT DISTINCT r.snapshot_id, OLD.article_id, OLD.text FROM snapshot_rows r
  WHERE r.article_id = OLD.article_id AND r.kind = 'articles' AND NOT EXISTS (
    SELECT 1 FROM snapshot_texts k
    WHERE k.snapshot_id = r.snapshot_id AND k.article_id = OLD.article_id);
END;
"""
