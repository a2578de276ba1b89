"""An archive to freeze, and ways to look at what is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stored import Story, fill

from storage.database import Database
from storage.desk.questions import Question
from storage.frozen.creating import Freeze, create
from storage.frozen.records import Snapshot
from storage.models import Actor, Alias

AMAL = Actor(
    "ma_amal", "cso", name="Amal Association", aliases=(Alias("Amal Association", language="en"),)
)
PERSON = Actor(
    "ma_person", "person", name="Lina Nowhere", aliases=(Alias("Lina Nowhere", language="en"),)
)
TEXTS = (
    "The Amal Association opened a reading room in the old market on Thursday. " * 3,
    "Lina Nowhere of the Amal Association asked the council about the well. " * 3,
    "The football club of the harbour lost its third match in a row at home. " * 3,
)

_BULK = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number)
INSERT INTO articles (outlet_id, url_key, url, headline, language, published_at,
  published_precision, published_day, first_seen_at, fetched_at, words, version, keep_rule,
  story_id)
SELECT 'ma_manara', 'bulk/' || i, 'https://manara.test/bulk/' || i, 'Amal Association ' || i, 'en',
  '2026-02-20T10:00:00Z', 'minute', '2026-02-20', '2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z',
  9, 1, '', 1 FROM n
"""
_BULK_TEXTS = """
INSERT INTO article_texts (article_id, final_url, text_complete, charset, language_score, methods,
  content_hash, reader_version, fold_version, text)
SELECT id, url, 1, 'utf-8', 1.0, '{}', '', 'reader-2', 2, 'The Amal Association again.'
FROM articles WHERE url_key LIKE 'bulk/%'
"""
_BULK_MENTIONS = """
INSERT INTO mentions (actor_id, article_id, field, start, "end", surface, alias, rule, ambiguous)
SELECT 'ma_amal', id, 'headline', 0, 16, 'Amal Association', 'Amal Association', 'auto', 0
FROM articles WHERE url_key LIKE 'bulk/%'
"""


def archive(
    path: Path, texts: Sequence[str] = TEXTS, actors: Sequence[Actor] = (AMAL, PERSON)
) -> None:
    """A database with an article of each text, of two outlets by turns."""
    outlets = ("ma_manara", "iq_rojname")
    stories = [
        Story(text, headline=f"Headline {n}", outlet=outlets[n % 2], days=n % 20)
        for n, text in enumerate(texts)
    ]
    fill(path, stories, actors)


def freeze(db: Database, name: str = "first", **asked: str | Sequence[str]) -> Snapshot:
    """Freeze what a question with these parameters finds."""
    args = {key: [said] if isinstance(said, str) else list(said) for key, said in asked.items()}
    return create(db, Freeze(name, Question.of(args), "A. Researcher", "a test"))


def grow(db: Database, number: int) -> None:
    """Add so many articles that name the association, at once."""
    with db.write():
        db.execute(_BULK, {"number": number})
        db.execute("UPDATE articles SET story_id = id WHERE url_key LIKE 'bulk/%'")
        db.execute(_BULK_TEXTS)
        db.execute(_BULK_MENTIONS)
