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

CREATE TABLE outlet_templates ( -- which template was in force when
  id INTEGER PRIMARY KEY,
  outlet_id TEXT NOT NULL REFERENCES outlets,
  template_id TEXT NOT NULL REFERENCES templates,
  from_at TEXT NOT NULL,        -- pages fetched from here on are read by it
  until_at TEXT,                -- up to here; NULL: in force
  why TEXT NOT NULL,            -- first, more pages, redesigned, newer learner
  ended TEXT                    -- why it is in force no more
) STRICT;
CREATE UNIQUE INDEX outlet_templates_in_force ON outlet_templates (outlet_id)
  WHERE until_at IS NULL;
CREATE INDEX outlet_templates_by_outlet ON outlet_templates (outlet_id, from_at);
"""
