"""The schema's fifth step: every way in, what was covered by it, and when we were blind."""

from __future__ import annotations

WAYS = """
ALTER TABLE ways ADD COLUMN parent_id INTEGER REFERENCES ways (id);  -- the way that named it; NULL:
                              -- one of the outlet's own, by which coverage is told
ALTER TABLE ways ADD COLUMN covered_from TEXT;  -- from then on we know what this way showed,
ALTER TABLE ways ADD COLUMN covered_to TEXT;    -- up to here, but for its gaps
ALTER TABLE ways ADD COLUMN dead_since TEXT;    -- nothing new for very long: seldom looked at
ALTER TABLE ways ADD COLUMN off_at TEXT;        -- since when no outlet file has it on

ALTER TABLE visits ADD COLUMN newest_at TEXT;   -- of the entries whose date is sure
ALTER TABLE visits ADD COLUMN shows_since TEXT; -- everything since then is in it; NULL: not to tell
ALTER TABLE visits ADD COLUMN overlap INTEGER;  -- 1: it came back to what we knew; NULL: unknown
ALTER TABLE visits ADD COLUMN egress TEXT NOT NULL DEFAULT 'direct';  -- whose address asked
ALTER TABLE visits ADD COLUMN signs TEXT NOT NULL DEFAULT '[]';  -- JSON: [kind, evidence] pairs
ALTER TABLE fetches ADD COLUMN egress TEXT NOT NULL DEFAULT 'direct';

CREATE TABLE gaps (             -- spans of which a way did not show what was published
  id INTEGER PRIMARY KEY,
  way_id INTEGER NOT NULL REFERENCES ways (id),
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  from_at TEXT NOT NULL,
  to_at TEXT NOT NULL,
  noticed_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits (id),
  repaired_at TEXT,             -- another way showed all of it
  repaired_by TEXT              -- its address
) STRICT;
CREATE INDEX gaps_outlet ON gaps (outlet_id, from_at);
CREATE INDEX gaps_way ON gaps (way_id);

CREATE TABLE chains (           -- looks that need several visits, and repairs of gaps; open ones
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- a follow of a chain that is over must never meet another
  way_id INTEGER NOT NULL REFERENCES ways (id),  -- whose coverage it is about
  gap_id INTEGER REFERENCES gaps (id),  -- of a repair
  began_at TEXT NOT NULL,
  back_to TEXT,                 -- what it has to come back to; NULL: a first look
  shows_since TEXT,
  reached INTEGER NOT NULL,     -- 1: it came back there
  missed INTEGER NOT NULL DEFAULT 0  -- 1: a part of it could not be read
) STRICT;
CREATE INDEX chains_way ON chains (way_id);

CREATE TABLE follows (          -- addresses to visit because a visit said so, until they are
  chain_id INTEGER NOT NULL REFERENCES chains (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  outlet_id TEXT NOT NULL REFERENCES outlets (id),
  found_by TEXT NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('part', 'page', 'repair')),
  parent TEXT NOT NULL,         -- the address of the way that it is a part or page of
  number INTEGER NOT NULL,      -- pages are counted from 1, parts by their depth
  until TEXT,                   -- how far back to go
  changed_raw TEXT,             -- when it changed last, as the parent says
  attempts INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (chain_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_outlet ON follows (outlet_id);

CREATE TABLE sitemap_keys (     -- undated entries that a sitemap listed when we looked last
  way_id INTEGER PRIMARY KEY REFERENCES ways (id),
  keys BLOB NOT NULL            -- sorted 8-byte digests of their url_keys
) STRICT;

ALTER TABLE outlets ADD COLUMN blind_since TEXT;   -- days: declared blind by a person
ALTER TABLE outlets ADD COLUMN blind_until TEXT;   -- the last such day; NULL: until further notice
ALTER TABLE outlets ADD COLUMN blind_reason TEXT;

CREATE INDEX ways_top ON ways (outlet_id) WHERE parent_id IS NULL;
ALTER TABLE coverage ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;  -- candidates still to be tried
ALTER TABLE coverage ADD COLUMN failed_by TEXT NOT NULL DEFAULT '{}';  -- JSON: outcome -> count
INSERT OR IGNORE INTO coverage_dirty SELECT outlet_id, day FROM coverage;  -- to be counted again

ALTER TABLE events RENAME TO events_old;
CREATE TABLE events (           -- something that opened and closed, with evidence
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  outlet_id TEXT NOT NULL,      -- '': of our own machine
  subject TEXT NOT NULL,
  opened_at TEXT NOT NULL,      -- when it was seen first
  closed_at TEXT,
  evidence TEXT NOT NULL,       -- JSON
  closing TEXT                  -- JSON: the evidence of its end
) STRICT;
INSERT INTO events SELECT * FROM events_old;
DROP TABLE events_old;
CREATE UNIQUE INDEX events_open ON events (kind, outlet_id, subject) WHERE closed_at IS NULL;
CREATE INDEX events_outlet ON events (outlet_id, opened_at);
-- When we were blind is told by what was covered; events tell the causes.
UPDATE events SET closed_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'),
  closing = '{"because": "told by coverage"}' WHERE kind = 'blind' AND closed_at IS NULL;
"""
