"""The index that searches ask: the words of each article, folded and stemmed."""

from __future__ import annotations

HEADLINE_WORDS = """
DROP TABLE article_fts;
DROP TABLE article_index;
CREATE TABLE article_index (    -- what the search sees; never shown
  id INTEGER PRIMARY KEY REFERENCES articles (id),
  folded TEXT NOT NULL,         -- headline and text
  stemmed TEXT NOT NULL,        -- of these, the stems; Kurdish words with all their letters
  headline_folded TEXT NOT NULL,
  headline_stemmed TEXT NOT NULL,
  fold_version INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE article_fts USING fts5 (
  folded, stemmed, headline_folded, headline_stemmed,
  content = 'article_index', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 0"
);
CREATE INDEX articles_day ON articles (published_day);
CREATE INDEX articles_left_out ON articles (id) WHERE withdrawn;
-- What searches ask of an article beside its words, close together: half the time of the table.
-- Nobody asks for one published_at: behind it, SQLite does not seek for each outlet of a country.
CREATE INDEX articles_facets
  ON articles (id, published_at, published_day, outlet_id, language, withdrawn);
"""
INDEX_ALL = """
INSERT INTO article_index
  (id, folded, stemmed, headline_folded, headline_stemmed, fold_version)
SELECT a.id,
  fold(a.headline || char(10) || t.text), stems(a.headline || char(10) || t.text, a.language),
  fold(a.headline), stems(a.headline, a.language), :fold_version
FROM articles a JOIN article_texts t ON t.article_id = a.id
"""
