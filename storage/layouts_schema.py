"""Templates learned per outlet, which was in force when, and how well pages were read."""

from __future__ import annotations

LAYOUTS = """
CREATE TABLE templates (        -- how article pages are laid out; holds no text of any article
  id TEXT PRIMARY KEY,          -- digest of its rules
  body TEXT NOT NULL,           -- JSON, as storage.template_records.Template writes it
  made_by TEXT NOT NULL,        -- version of the learner
  pages INTEGER NOT NULL,       -- learned from
  learned_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outlet_templates ( -- every time that an outlet's layout was learned, and what of it
  id INTEGER PRIMARY KEY,
  outlet_id TEXT NOT NULL REFERENCES outlets,
  template_id TEXT REFERENCES templates,  -- NULL: nothing was agreed, no template came of it
  from_at TEXT NOT NULL,        -- pages fetched from here on are read by it
  until_at TEXT,                -- up to here; NULL: in force
  why TEXT NOT NULL,            -- first, more pages, redesigned, older learner, in time
  ended TEXT,                   -- why it is in force no more: redesigned, learned again …
  learned_at TEXT NOT NULL,
  run_id INTEGER REFERENCES runs (id),
  pages INTEGER NOT NULL,       -- that were learned from
  uses INTEGER NOT NULL DEFAULT 0,      -- articles for which it was tried …
  failures INTEGER NOT NULL DEFAULT 0,  -- … and did not keep what it promises
  recent TEXT NOT NULL DEFAULT '[]',    -- JSON: of the last of these, the time and whether it held
  proven_at TEXT,               -- of the last page that was read the careful way too, and agreed
  reread_from TEXT              -- what it read since then is to be read the careful way
) STRICT;
CREATE UNIQUE INDEX outlet_templates_in_force ON outlet_templates (outlet_id)
  WHERE until_at IS NULL;
CREATE INDEX outlet_templates_by_outlet ON outlet_templates (outlet_id, from_at);

CREATE TABLE layout_samples (   -- the newest articles of each outlet: what a layout is learned from
  outlet_id TEXT NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (outlet_id, article_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reading_counts (   -- how well the articles of an outlet were read in a run
  outlet_id TEXT NOT NULL,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  articles INTEGER NOT NULL DEFAULT 0,
  with_headline INTEGER NOT NULL DEFAULT 0,
  with_date INTEGER NOT NULL DEFAULT 0,
  plausible INTEGER NOT NULL DEFAULT 0,    -- of a length that an article has
  by_template INTEGER NOT NULL DEFAULT 0,
  fallbacks INTEGER NOT NULL DEFAULT 0,    -- a template was tried, and was not to be believed
  unselected INTEGER NOT NULL DEFAULT 0,   -- a selector of the outlet's file found nothing
  audits INTEGER NOT NULL DEFAULT 0,       -- read both ways …
  differing INTEGER NOT NULL DEFAULT 0,    -- … which said different things
  PRIMARY KEY (outlet_id, run_id)
) STRICT, WITHOUT ROWID;
"""
