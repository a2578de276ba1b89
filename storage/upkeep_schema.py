"""The schema's sixth step: slots of schedules, care of the data, alerts."""

from __future__ import annotations

UPKEEP = """
CREATE TABLE slots (            -- times at which a schedule's work was due; each is taken once
  id INTEGER PRIMARY KEY,
  schedule TEXT NOT NULL,
  slot TEXT NOT NULL,           -- the local day; where there are several a day, the local time
  due_at TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted')),
  attempts INTEGER NOT NULL DEFAULT 1,
  failures INTEGER NOT NULL DEFAULT 0,
  missed INTEGER NOT NULL DEFAULT 0,  -- slots before it that nobody ran
  started_at TEXT NOT NULL,     -- of the last attempt
  ended_at TEXT,
  pid INTEGER NOT NULL,
  process TEXT NOT NULL,        -- boot and start time of the process, as in runs
  said TEXT NOT NULL DEFAULT '',
  told_at TEXT,                 -- when report, alerts and messages of it had been made
  UNIQUE (schedule, slot)
) STRICT;
CREATE INDEX slots_running ON slots (id) WHERE status = 'running';
CREATE INDEX slots_due ON slots (schedule, due_at);

CREATE TABLE slot_tasks (       -- the parts of a slot's work, each as its last attempt ended
  slot_id INTEGER NOT NULL REFERENCES slots (id),
  task TEXT NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('running', 'done', 'failed', 'interrupted', 'timeout')),
  exit_code INTEGER,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  pid INTEGER NOT NULL,         -- the leader of its process group
  process TEXT NOT NULL,
  said TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (slot_id, task)
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN slot_id INTEGER REFERENCES slots (id);
CREATE INDEX runs_of_slot ON runs (slot_id) WHERE slot_id IS NOT NULL;
DROP INDEX runs_slot;           -- what belongs to a slot is a part of it; slots are unique
INSERT INTO slots
  (schedule, slot, due_at, status, attempts, started_at, ended_at, pid, process, told_at)
SELECT schedule, local_date, min(started_at),
  CASE WHEN max(status = 'done') THEN 'done' WHEN max(status = 'failed') THEN 'failed'
  ELSE 'interrupted' END,
  count(*), max(started_at), max(ended_at), max(pid), max(process),
  max(ended_at)
FROM runs WHERE schedule IS NOT NULL AND schedule NOT LIKE '% recheck'
GROUP BY schedule, local_date ORDER BY min(id);
UPDATE runs SET slot_id = (
  SELECT s.id FROM slots s
  WHERE s.slot = runs.local_date
    AND runs.schedule IN (s.schedule, s.schedule || ' recheck')
) WHERE schedule IS NOT NULL;

CREATE TABLE upkeep (           -- care of the data: backups, checks, tidying, upgrades
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,                -- NULL: under way, or killed
  ok INTEGER,
  said TEXT NOT NULL DEFAULT '',
  figures TEXT NOT NULL DEFAULT '{}'  -- JSON object of numbers
) STRICT;
CREATE INDEX upkeep_kind ON upkeep (kind, id);

CREATE TABLE capture_files (    -- files of captures, as they were looked at last
  name TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  records INTEGER NOT NULL,
  verified_at TEXT,
  wrong INTEGER NOT NULL DEFAULT 0,
  thinned_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX fetches_capture ON fetches (capture_file, capture_offset)
  WHERE capture_file IS NOT NULL;
ALTER TABLE fetches ADD COLUMN capture_removed_at TEXT;  -- as the schedule's file says; its
                              -- place is NULL then, its digest stays

CREATE TABLE alerts (           -- what a person was to be told; never with an actor's name
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,        -- an outlet, a schedule, or ''
  said TEXT NOT NULL,
  step TEXT NOT NULL,           -- what to do about it
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  evidence TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject) WHERE closed_at IS NULL;

CREATE TABLE alert_sends (      -- who was told what; once each
  alert_id INTEGER NOT NULL REFERENCES alerts (id),
  target TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('began', 'ended')),
  sent_at TEXT NOT NULL,
  PRIMARY KEY (alert_id, target, what)
) STRICT, WITHOUT ROWID;
"""

TEXT_LAYER_MENDED = """
ALTER TABLE mentions DROP COLUMN counted;
ALTER TABLE mentions ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;  -- 1: with its article
ALTER TABLE mentions ADD COLUMN counted INTEGER GENERATED ALWAYS AS (
  CASE WHEN left_out THEN 0 WHEN verdict = 'is_this' THEN 1 WHEN verdict = 'not_this' THEN 0
  ELSE NOT ambiguous END
) VIRTUAL;
CREATE INDEX articles_unkept ON articles (matched_at) WHERE NOT text_kept;
"""

PACKED_WORDS = """
CREATE TABLE article_words (    -- what the search learned of each article; never shown
  id INTEGER PRIMARY KEY REFERENCES articles (id),
  fold_version INTEGER NOT NULL,
  packed BLOB NOT NULL          -- zlib; headline and text folded, stemmed, the headline likewise
) STRICT;
INSERT INTO article_words (id, fold_version, packed)
SELECT id, fold_version, pack_words(folded, stemmed, headline_folded, headline_stemmed)
FROM article_index;
CREATE INDEX article_words_version ON article_words (fold_version);
DROP TABLE article_index;
-- The content of article_fts by its name: read only where an index is made anew or checked.
CREATE VIEW article_index AS
SELECT id, fold_version, unpack_words(packed, 0) AS folded, unpack_words(packed, 1) AS stemmed,
  unpack_words(packed, 2) AS headline_folded, unpack_words(packed, 3) AS headline_stemmed
FROM article_words;
"""
