"""The schema, as numbered steps that only ever move forward and are never edited again."""

from __future__ import annotations

from storage import (
    desk_schema,
    desk_views,
    layouts_schema,
    search_schema,
    stories_schema,
    upkeep_schema,
    ways_schema,
)
from storage.lean import without
from storage.packed_words import pack
from storage.scripts import run_script
from storage.stems import stems
from storage.text import FOLD_VERSION, fold

with without("pandas", "numpy"):
    import sqlite_utils
    from sqlite_utils import Migrations

APPLICATION_ID = 0x4D525344
"""Marks our files for `file(1)` and against opening somebody else's ("MRSD")."""

migrations = Migrations("marsad")


@migrations(name="0001_first_night")
def first_night(db: sqlite_utils.Database) -> None:
    """Outlets, runs and books; articles with versions, mentions and search; coverage."""
    for script in (_REGISTER, _BOOKS, _ARTICLES, _SEARCH, _WATCHING):
        run_script(db, script)


@migrations(name="0002_text_layer")
def text_layer(db: sqlite_utils.Database) -> None:
    """Labels in print, judgements, texts left out by `keep`, and what was matched when."""
    run_script(db, _TEXT_LAYER)


@migrations(name="0003_headline_words")
def headline_words(db: sqlite_utils.Database) -> None:
    """Headlines in columns of their own, Kurdish letters kept apart, every article indexed anew."""
    run_script(db, search_schema.HEADLINE_WORDS)
    db.conn.create_function("fold", 1, fold, deterministic=True)
    db.conn.create_function("stems", 2, stems, deterministic=True)
    db.execute(search_schema.INDEX_ALL, {"fold_version": FOLD_VERSION})
    db.execute("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")


@migrations(name="0004_stories")
def stories(db: sqlite_utils.Database) -> None:
    """Stories and wire credits, edits by outlets, re-checks, judgements on stories."""
    # The old table of judgements goes while its rows name each other; all is well at the end.
    db.execute("PRAGMA defer_foreign_keys = ON")
    db.conn.create_function("exact_bytes", 1, lambda text: bytes.fromhex(text)[:16])
    parts = stories_schema
    for script in (parts.STORIES, parts.TRACES, parts.EDITS, parts.JUDGED_STORIES):
        run_script(db, script)


@migrations(name="0005_ways")
def ways(db: sqlite_utils.Database) -> None:
    """Every way in: what each covers, gaps and their repair, follow-up visits, egress and signs."""
    run_script(db, ways_schema.WAYS)


@migrations(name="0006_upkeep")
def upkeep(db: sqlite_utils.Database) -> None:
    """Slots of schedules and their tasks, care of the data, what persons were told."""
    # The second step was changed once, on 2026-11-22, after databases had been made with it.
    if "left_out" not in {row[1] for row in db.execute("PRAGMA table_info(mentions)")}:
        run_script(db, upkeep_schema.TEXT_LAYER_MENDED)
    run_script(db, upkeep_schema.UPKEEP)
    db.conn.create_function("pack_words", 4, pack, deterministic=True)
    run_script(db, upkeep_schema.PACKED_WORDS)


@migrations(name="0007_desk")
def desk(db: sqlite_utils.Database) -> None:
    """What researchers ask: counts by day, forms of actors, saved searches, snapshots, views."""
    for script in (desk_schema.COUNTS, desk_schema.MARKING, desk_schema.KEPT, desk_views.VIEWS):
        run_script(db, script)


@migrations(name="0008_layouts")
def layouts(db: sqlite_utils.Database) -> None:
    """Templates learned per outlet, which was in force when, and how well pages were read."""
    run_script(db, layouts_schema.LAYOUTS)


_REGISTER = """
CREATE TABLE outlets (          -- what the outlet files say, as of the last run
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT NOT NULL,        -- the seat
  covers TEXT NOT NULL,         -- JSON list: whose news
  kind TEXT NOT NULL,
  alignment TEXT NOT NULL,
  languages TEXT NOT NULL,      -- JSON list
  timezone TEXT NOT NULL,
  domains TEXT NOT NULL         -- JSON list
) STRICT, WITHOUT ROWID;

CREATE TABLE actors (           -- what the watchlists say, as of the last run
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,           -- "term" is a generic word, counted apart from actors
  countries TEXT NOT NULL,      -- JSON list
  themes TEXT NOT NULL,         -- JSON list
  suppress INTEGER NOT NULL     -- 1: hidden from every report and export
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'interrupted', 'failed')),
  schedule TEXT,
  local_date TEXT,              -- the day in the schedule's zone that this run is for
  started_at TEXT NOT NULL,
  ended_at TEXT,
  pid INTEGER NOT NULL,
  process TEXT NOT NULL,        -- boot and start time of the process: a pid alone is used again
  argv TEXT NOT NULL,           -- JSON list
  outlets TEXT NOT NULL,        -- JSON list of the outlet ids that were asked for
  carried INTEGER NOT NULL DEFAULT 0,  -- candidates taken over from earlier runs
  added INTEGER NOT NULL DEFAULT 0     -- candidates named by a person
) STRICT;
-- An interrupted or failed run may be taken again, as a new row; one that runs or is done not.
CREATE UNIQUE INDEX runs_slot ON runs (schedule, local_date)
  WHERE schedule IS NOT NULL AND status IN ('running', 'done');
CREATE INDEX runs_running ON runs (id) WHERE status = 'running';

CREATE TABLE run_notes (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  key TEXT NOT NULL,
  value ANY NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;
"""

_BOOKS = """
CREATE TABLE ways (             -- ways of finding, and what we remember of each
  id INTEGER PRIMARY KEY,
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  url TEXT NOT NULL,
  found_by TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  body_sha256 TEXT,
  visited_at TEXT,
  unconditional_at TEXT,
  moved_to TEXT,
  moved_times INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,  -- in a row
  last_outcome TEXT,
  UNIQUE (outlet_id, url)
) STRICT;

CREATE TABLE visits (           -- seen = fresh + known + ignored
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  way_id INTEGER NOT NULL REFERENCES ways (id),
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  at TEXT NOT NULL,
  day TEXT NOT NULL,            -- of `at`, in the outlet's zone
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER,
  conditional INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  fresh INTEGER NOT NULL,       -- new or edited: these have a row in outcomes
  known INTEGER NOT NULL,
  ignored INTEGER NOT NULL,
  newest_raw TEXT
) STRICT;
CREATE INDEX visits_run ON visits (run_id, outlet_id);
CREATE INDEX visits_day ON visits (outlet_id, day);

CREATE TABLE candidates (
  id INTEGER PRIMARY KEY,
  url_key TEXT NOT NULL,
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  url TEXT NOT NULL,
  found_by TEXT NOT NULL,
  found_in TEXT,
  found_at TEXT NOT NULL,
  hints TEXT NOT NULL,          -- JSON: what the finder knew
  entry_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done')),
  attempts INTEGER NOT NULL DEFAULT 0,
  claimed_by INTEGER REFERENCES runs (id),
  last_outcome TEXT,
  article_id INTEGER REFERENCES articles (id),
  day TEXT NOT NULL,            -- the outlet's day it counts for in coverage, or 'undated'
  UNIQUE (url_key, outlet_id)
) STRICT;
CREATE INDEX candidates_pending ON candidates (outlet_id, id) WHERE state = 'pending';
CREATE INDEX candidates_day ON candidates (outlet_id, day);
CREATE INDEX candidates_article ON candidates (article_id) WHERE article_id IS NOT NULL;

-- What each way said of a candidate. Two feeds word the same entry differently: only a change
-- within one of them is an edit.
CREATE TABLE sightings (
  candidate_id INTEGER NOT NULL REFERENCES candidates (id),
  way_id INTEGER NOT NULL REFERENCES ways (id),
  entry_hash TEXT NOT NULL,
  PRIMARY KEY (candidate_id, way_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fetches (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  candidate_id INTEGER REFERENCES candidates (id),
  visit_id INTEGER REFERENCES visits (id),
  url TEXT NOT NULL,
  final_url TEXT,
  fetched_at TEXT NOT NULL,
  outcome TEXT,
  reason TEXT NOT NULL,
  status INTEGER,
  elapsed REAL,                 -- seconds
  wire_bytes INTEGER,
  payload_sha256 TEXT,
  redirects TEXT NOT NULL,      -- JSON list
  ip TEXT,
  tls_verified INTEGER,
  capture_file TEXT,            -- below the workspace's warc folder
  capture_offset INTEGER,
  capture_length INTEGER
) STRICT;
CREATE INDEX fetches_run ON fetches (run_id);
CREATE INDEX fetches_candidate ON fetches (candidate_id) WHERE candidate_id IS NOT NULL;

-- The books: written as 'interrupted' when a run takes a candidate, and again when it ends.
CREATE TABLE outcomes (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  candidate_id INTEGER NOT NULL REFERENCES candidates (id),
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  article_id INTEGER REFERENCES articles (id),
  fetch_id INTEGER REFERENCES fetches (id),
  PRIMARY KEY (run_id, candidate_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcomes_candidate ON outcomes (candidate_id);
CREATE INDEX outcomes_article ON outcomes (article_id) WHERE article_id IS NOT NULL;
"""

_ARTICLES = """
CREATE TABLE articles (         -- narrow on purpose: searches walk over many of these rows
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  url_key TEXT NOT NULL,
  url TEXT NOT NULL,
  headline TEXT NOT NULL,
  language TEXT NOT NULL,
  published_at TEXT,
  published_precision TEXT NOT NULL,
  published_day TEXT,           -- in the outlet's zone; NULL where the day is not known
  first_seen_at TEXT NOT NULL,
  fetched_at TEXT NOT NULL,
  words INTEGER NOT NULL,
  version INTEGER NOT NULL,     -- the current one, from 1
  copy_of INTEGER REFERENCES articles (id),  -- the earliest with word for word the same text
  keep_rule TEXT NOT NULL,
  UNIQUE (outlet_id, url_key)
) STRICT;
CREATE INDEX articles_newest ON articles (published_at DESC, id);
CREATE INDEX articles_outlet_day ON articles (outlet_id, published_day);
CREATE INDEX articles_copies ON articles (copy_of) WHERE copy_of IS NOT NULL;

CREATE TABLE article_texts (    -- the wide part; `text` last, so that the rest is read without it
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  byline TEXT,
  section TEXT,
  image_url TEXT,
  published_raw TEXT,
  modified_at TEXT,
  final_url TEXT NOT NULL,
  canonical_url TEXT,
  text_complete INTEGER NOT NULL,
  charset TEXT NOT NULL,
  language_score REAL NOT NULL,
  methods TEXT NOT NULL,        -- JSON object: field -> where it came from
  content_hash TEXT NOT NULL,
  reader_version TEXT NOT NULL,
  fold_version INTEGER NOT NULL,
  template_id TEXT,
  fetch_id INTEGER REFERENCES fetches (id),  -- the capture that this was read from
  text TEXT NOT NULL
) STRICT;

CREATE TABLE article_urls (     -- every address that led to the article
  url_key TEXT NOT NULL,
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  url TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  kind TEXT NOT NULL,           -- found, final, canonical, redirect, amp ...
  first_seen_at TEXT NOT NULL,
  PRIMARY KEY (url_key, outlet_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_urls_url ON article_urls (url);
CREATE INDEX article_urls_article ON article_urls (article_id);

CREATE TABLE article_versions (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  version INTEGER NOT NULL,
  seen_at TEXT NOT NULL,        -- when the capture was made that first showed it
  headline TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  reader_version TEXT NOT NULL,
  fetch_id INTEGER REFERENCES fetches (id),
  text TEXT,                    -- NULL for the current version: its text is in article_texts
  PRIMARY KEY (article_id, version)
) STRICT;

CREATE TABLE mentions (         -- substr(the field's text, start + 1, end - start) = surface
  actor_id TEXT NOT NULL REFERENCES actors (id),
  article_id INTEGER NOT NULL REFERENCES articles (id),
  field TEXT NOT NULL CHECK (field IN ('headline', 'text')),
  start INTEGER NOT NULL,       -- code points
  "end" INTEGER NOT NULL,
  surface TEXT NOT NULL,
  alias TEXT NOT NULL,
  rule TEXT NOT NULL,
  ambiguous INTEGER NOT NULL,   -- 1: kept, and not counted
  PRIMARY KEY (actor_id, article_id, field, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_article ON mentions (article_id);

CREATE TABLE fingerprints (
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  version INTEGER NOT NULL,     -- of the recipe
  words INTEGER NOT NULL,
  exact TEXT NOT NULL,          -- equal means word for word the same text
  hashes BLOB NOT NULL          -- sorted 48-bit values, 6 bytes each, big-endian
) STRICT;
CREATE INDEX fingerprints_exact ON fingerprints (exact) WHERE words >= 20;
"""

_SEARCH = """
CREATE TABLE article_index (    -- what the search sees; never shown
  id INTEGER PRIMARY KEY REFERENCES articles (id),
  folded TEXT NOT NULL,
  stemmed TEXT NOT NULL,
  fold_version INTEGER NOT NULL
) STRICT;
-- Our own folding has done everything about letters and marks, so the tokenizer only splits.
CREATE VIRTUAL TABLE article_fts USING fts5 (
  folded, stemmed,
  content = 'article_index', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 0"
);
"""

_WATCHING = """
CREATE TABLE coverage (
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  day TEXT NOT NULL,            -- in the outlet's zone, or 'undated'
  seen INTEGER NOT NULL,        -- candidates
  stored INTEGER NOT NULL,      -- of these, the ones we hold as an article
  failed INTEGER NOT NULL,
  blind INTEGER NOT NULL,       -- visits on that day after which we know nothing
  PRIMARY KEY (outlet_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage_dirty (   -- days to count again; kept by the writes, so no kill loses one
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  day TEXT NOT NULL,
  PRIMARY KEY (outlet_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (           -- something that opened and closed, with evidence
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  subject TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  evidence TEXT NOT NULL,       -- JSON
  closing TEXT                  -- JSON: the evidence of its end
) STRICT;
CREATE UNIQUE INDEX events_open ON events (kind, outlet_id, subject) WHERE closed_at IS NULL;
CREATE INDEX events_outlet ON events (outlet_id, opened_at);

CREATE TABLE host_leases (      -- clocks of the machine, in seconds since 1970
  host TEXT PRIMARY KEY,
  holder INTEGER,               -- the run that may send a request now
  held_until REAL NOT NULL,     -- a killed holder loses it then
  next_at REAL NOT NULL         -- no request before
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (             -- long work over the archive that can be taken up again
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  position INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  finished_at TEXT,
  PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
"""

_TEXT_LAYER = """
ALTER TABLE mentions ADD COLUMN label TEXT NOT NULL DEFAULT '';  -- as printed beside the name
ALTER TABLE mentions ADD COLUMN label_start INTEGER;
ALTER TABLE mentions ADD COLUMN verdict TEXT CHECK (verdict IN ('is_this', 'not_this'));
ALTER TABLE mentions ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;  -- 1: with its article
-- What every count counts: nothing of an article that a person left out, then a person's verdict,
-- then what is not ambiguous.
ALTER TABLE mentions ADD COLUMN counted INTEGER GENERATED ALWAYS AS (
  CASE WHEN left_out THEN 0 WHEN verdict = 'is_this' THEN 1 WHEN verdict = 'not_this' THEN 0
  ELSE NOT ambiguous END
) VIRTUAL;

ALTER TABLE articles ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;  -- 1: a person left it out
ALTER TABLE articles ADD COLUMN text_kept INTEGER NOT NULL DEFAULT 1;  -- 0: keep = "mentions"
ALTER TABLE articles ADD COLUMN matched_at TEXT NOT NULL DEFAULT '';   -- with the watchlists of
CREATE INDEX articles_matched ON articles (matched_at, first_seen_at);
CREATE INDEX articles_unkept ON articles (matched_at) WHERE NOT text_kept;

ALTER TABLE actors ADD COLUMN forms_digest TEXT NOT NULL DEFAULT '';   -- of all that is matched
ALTER TABLE actors ADD COLUMN watched_since TEXT NOT NULL DEFAULT '';  -- with these very forms

CREATE TABLE judgements (       -- people's corrections; rows are only ever added
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (
    kind IN ('not_this', 'is_this', 'date', 'language', 'leave_out', 'withdraw')
  ),
  article_id INTEGER REFERENCES articles (id),
  actor_id TEXT,                -- not_this, is_this; no key: a judgement outlives a watchlist
  value TEXT,                   -- date: the day or moment, or 'unknown'; language: the code
  withdraws INTEGER REFERENCES judgements (id)
) STRICT;
CREATE INDEX judgements_article ON judgements (article_id);
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

CREATE TABLE overruled (        -- what the reader says, while a judgement says otherwise
  article_id INTEGER NOT NULL REFERENCES articles (id),
  field TEXT NOT NULL,          -- published, language
  value TEXT NOT NULL,          -- JSON
  PRIMARY KEY (article_id, field)
) STRICT, WITHOUT ROWID;
"""

NAMES = frozenset(
    {
        "0001_first_night",
        "0002_text_layer",
        "0003_headline_words",
        "0004_stories",
        "0005_ways",
        "0006_upkeep",
        "0007_desk",
        "0008_layouts",
    }
)
"""Every migration this program knows; a database with another one is of a newer program."""
