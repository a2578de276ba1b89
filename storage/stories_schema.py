"""The schema's fourth step: stories, wire credits, edits by outlets, re-checks of old articles."""

from __future__ import annotations

STORIES = """
-- Every article is of one story, named by the id of its first article; alone, of its own.
ALTER TABLE articles ADD COLUMN story_id INTEGER REFERENCES articles (id);
ALTER TABLE articles ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;  -- 0: its story may be another
ALTER TABLE articles ADD COLUMN credit TEXT;  -- the agency that the article names as its source
-- When a text appeared: what the outlet says, where it says the day and we had not seen it before.
ALTER TABLE articles ADD COLUMN appeared_at TEXT GENERATED ALWAYS AS (
  CASE WHEN published_at <= first_seen_at AND published_precision IN ('second', 'minute', 'day')
  THEN published_at ELSE first_seen_at END
) VIRTUAL;
UPDATE articles SET story_id = id;
CREATE INDEX articles_story ON articles (story_id, withdrawn);
CREATE INDEX articles_credit ON articles (credit) WHERE credit IS NOT NULL;
CREATE INDEX articles_appeared ON articles (appeared_at);
CREATE INDEX articles_unsettled ON articles (appeared_at) WHERE NOT settled;
CREATE INDEX articles_undated ON articles (outlet_id, id) WHERE published_day IS NULL;
-- Counts per story are answered from an index alone, as those of articles are.
DROP INDEX articles_facets;
CREATE INDEX articles_facets
  ON articles (id, published_at, published_day, outlet_id, language, withdrawn, story_id);
DROP INDEX articles_outlet_day;
CREATE INDEX articles_outlet_day ON articles (outlet_id, published_day, withdrawn, story_id);
DROP INDEX articles_day;
CREATE INDEX articles_day ON articles (published_day, withdrawn, story_id);

ALTER TABLE article_texts ADD COLUMN credit_evidence TEXT;  -- JSON: where it is said

-- 1: the article's page was seen at this address; 0: a page or its words say that it is there.
ALTER TABLE article_urls ADD COLUMN proven INTEGER NOT NULL DEFAULT 0;
UPDATE article_urls SET proven = 1 WHERE kind IN ('found', 'redirect');
ALTER TABLE outlets ADD COLUMN key_digest TEXT NOT NULL DEFAULT '';  -- of what makes its url_keys

CREATE TABLE stories (          -- those of two articles or more
  id INTEGER PRIMARY KEY REFERENCES articles (id),  -- the first article
  articles INTEGER NOT NULL,
  outlets INTEGER NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  origin TEXT NOT NULL,         -- the agency or outlet that said it first, or '' if it is not known
  origin_article INTEGER REFERENCES articles (id),  -- NULL: we do not hold the first one
  origin_evidence TEXT NOT NULL -- JSON: how we know, and how sure that is
) STRICT;
CREATE INDEX stories_newest ON stories (last_at);

CREATE TABLE agencies (         -- whom articles may credit, as the agency files say
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  unnamed INTEGER NOT NULL      -- 1: no agency of its own, but "agencies" without a name
) STRICT, WITHOUT ROWID;

CREATE TABLE agency_outlets (   -- the outlets through which an agency speaks itself
  outlet_id TEXT PRIMARY KEY,   -- no key: an outlet may be known before it is first read
  agency TEXT NOT NULL REFERENCES agencies (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE near_pairs (       -- texts that share much: in one story, or one holds the other
  later INTEGER NOT NULL REFERENCES articles (id),
  earlier INTEGER NOT NULL REFERENCES articles (id),
  jaccard REAL NOT NULL,        -- of fingerprints, without those of every day
  containment REAL NOT NULL,    -- of the smaller one's fingerprints, how many the larger one has
  contrary INTEGER NOT NULL,    -- 1: two fillings of one form, other names and figures all along
  PRIMARY KEY (later, earlier)
) STRICT, WITHOUT ROWID;
CREATE INDEX near_pairs_earlier ON near_pairs (earlier);

CREATE TABLE story_traces (     -- of articles not settled: as they stood when stories were made
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  appeared_at TEXT NOT NULL,
  exact BLOB,                   -- NULL: too short a text to be evidence
  hashes BLOB NOT NULL
) STRICT;

ALTER TABLE fingerprints RENAME TO fingerprints_old;
CREATE TABLE fingerprints (
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  version INTEGER NOT NULL,     -- of the recipe
  words INTEGER NOT NULL,
  exact BLOB NOT NULL,          -- 16 bytes: equal means word for word the same text
  hashes BLOB NOT NULL,         -- sorted 48-bit values, 6 bytes each, big-endian
  slots BLOB NOT NULL DEFAULT x''  -- what stands where a form has its numbers and days
) STRICT;
INSERT INTO fingerprints (article_id, version, words, exact, hashes)
SELECT article_id, version, words, exact_bytes(exact), hashes FROM fingerprints_old;
DROP TABLE fingerprints_old;
CREATE INDEX fingerprints_exact ON fingerprints (exact);
"""

# Whoever writes to an article need not think of stories: the tables themselves note what asks for
# its place to be worked out again, and how the article stood when the stories were made.
_TRACE = """INSERT OR IGNORE INTO story_traces
  SELECT OLD.id, OLD.appeared_at, CASE WHEN words >= 20 THEN exact END, hashes
  FROM fingerprints WHERE article_id = OLD.id;"""
UNSETTLING = f"""
CREATE TRIGGER articles_unsettling AFTER UPDATE OF settled ON articles
WHEN OLD.settled AND NOT NEW.settled
BEGIN
  {_TRACE}
END;
"""
TRACES = f"""
{UNSETTLING}
CREATE TRIGGER articles_moving AFTER UPDATE OF
  outlet_id, url_key, headline, first_seen_at, published_at, published_precision, withdrawn,
  credit, text_kept
ON articles WHEN OLD.settled AND (
  OLD.outlet_id != NEW.outlet_id OR OLD.url_key != NEW.url_key OR OLD.headline != NEW.headline
  OR OLD.first_seen_at != NEW.first_seen_at OR OLD.published_at IS NOT NEW.published_at
  OR OLD.published_precision != NEW.published_precision OR OLD.withdrawn != NEW.withdrawn
  OR OLD.credit IS NOT NEW.credit OR OLD.text_kept != NEW.text_kept
)
BEGIN
  {_TRACE}
  UPDATE articles SET settled = 0 WHERE id = OLD.id;
END;
CREATE TRIGGER fingerprints_going BEFORE DELETE ON fingerprints
BEGIN UPDATE articles SET settled = 0 WHERE id = OLD.article_id AND settled; END;
CREATE TRIGGER fingerprints_changing BEFORE UPDATE ON fingerprints
BEGIN UPDATE articles SET settled = 0 WHERE id = OLD.article_id AND settled; END;
CREATE TRIGGER fingerprints_coming AFTER INSERT ON fingerprints
BEGIN UPDATE articles SET settled = 0 WHERE id = NEW.article_id AND settled; END;
"""  # noqa: S608  # constants only

EDITS = """
CREATE TABLE edits (            -- what an outlet changed after publication, with both versions kept
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  version INTEGER NOT NULL,     -- the new one; of gone and back, the one that stood
  at TEXT NOT NULL,             -- when we saw it: the change lies between `since` and `at`
  since TEXT NOT NULL,          -- when we last saw the earlier state
  kind TEXT NOT NULL CHECK (kind IN ('headline', 'text', 'shortened', 'actor_added',
    'actor_removed', 'label', 'gone', 'back')),
  actor_id TEXT,                -- no key: what was seen outlives a watchlist
  before TEXT NOT NULL,         -- the headline, label or name as it stood
  after TEXT NOT NULL,
  evidence TEXT NOT NULL        -- JSON: the fetches, and what was measured
) STRICT;
CREATE INDEX edits_article ON edits (article_id, version);
CREATE UNIQUE INDEX edits_once ON edits (article_id, version, kind, coalesce(actor_id, ''), at);
CREATE INDEX edits_at ON edits (at);
CREATE INDEX edits_actor ON edits (actor_id, at) WHERE actor_id IS NOT NULL;
-- Of an earlier version that was not kept (keep = "mentions"), `text` is empty.
ALTER TABLE article_versions ADD COLUMN template_id TEXT;  -- with reader_version, who read it

CREATE TABLE rechecks (         -- articles that were looked at again, and what we know of each
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  checked_at TEXT NOT NULL,     -- when its page was last seen to be there
  next_at TEXT,                 -- from when on it is looked at again; NULL: no more
  fetch_id INTEGER REFERENCES fetches (id),  -- what brought the page: its validators are sent
  same INTEGER NOT NULL DEFAULT 0,      -- looks in a row that were answered "not modified"
  failures INTEGER NOT NULL DEFAULT 0,  -- looks in a row that told nothing
  missing INTEGER NOT NULL DEFAULT 0,   -- looks in a row at which the page was not there
  missing_since TEXT,           -- the first of these
  vouched_since TEXT,           -- the first of these at which the rest of the site was there
  gone_at TEXT                  -- told as gone, and not seen since
) STRICT;
CREATE INDEX rechecks_due ON rechecks (next_at) WHERE next_at IS NOT NULL;
ALTER TABLE fetches ADD COLUMN etag TEXT;
ALTER TABLE fetches ADD COLUMN last_modified TEXT;
"""

JUDGED_STORIES = """
CREATE TABLE judgements_new (   -- people's corrections; rows are only ever added
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (
    kind IN ('not_this', 'is_this', 'date', 'language', 'leave_out', 'same_story', 'other_story',
      'withdraw')
  ),
  article_id INTEGER REFERENCES articles (id),
  actor_id TEXT,                -- not_this, is_this; no key: a judgement outlives a watchlist
  value TEXT,                   -- date: the day or moment, or 'unknown'; language: the code
  withdraws INTEGER REFERENCES judgements_new (id),
  other_id INTEGER REFERENCES articles (id)  -- same_story, other_story: the other article
) STRICT;
INSERT INTO judgements_new SELECT *, NULL FROM judgements;
DROP TABLE judgements;
ALTER TABLE judgements_new RENAME TO judgements;
CREATE INDEX judgements_article ON judgements (article_id);
CREATE INDEX judgements_other ON judgements (other_id) WHERE other_id IS NOT NULL;
CREATE UNIQUE INDEX judgements_withdrawn ON judgements (withdraws) WHERE withdraws IS NOT NULL;
-- A judgement is never changed or taken out, also not by INSERT OR REPLACE; it is withdrawn by
-- another one. For a lawful erasure (a person's name in who or why), drop these triggers, put a
-- dated tombstone in the place of the words, and create them again, all in one transaction: the
-- row, its number and its effect stay.
CREATE TRIGGER judgements_kept BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are never deleted: withdraw them'); END;
CREATE TRIGGER judgements_unchanged BEFORE UPDATE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are never changed: withdraw them'); END;
CREATE TRIGGER judgements_unreplaced BEFORE INSERT ON judgements
WHEN EXISTS (SELECT 1 FROM judgements WHERE id = NEW.id OR withdraws = NEW.withdraws)
BEGIN SELECT RAISE(ABORT, 'judgements are never replaced: withdraw them'); END;
"""
