"""A database of an earlier version is indexed anew, and the index follows every change."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage import migrations
from storage.database import open_database
from storage.text import FOLD_VERSION

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

OUTLET = (
    "INSERT INTO outlets (id, name, country, covers, kind, alignment, languages, timezone, domains)"
    " VALUES ('ma_x', 'X', 'ma', '[]', 'portal', 'unknown', '[]', 'UTC', '[]')"
)
ARTICLE = (
    "INSERT INTO articles (id, outlet_id, url_key, url, headline, language, published_precision, "
    "first_seen_at, fetched_at, words, version, keep_rule) VALUES (?, 'ma_x', ?, ?, ?, ?, "
    "'unknown', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 3, 1, '')"
)
TEXT = (
    "INSERT INTO article_texts (article_id, final_url, text_complete, charset, language_score, "
    "methods, content_hash, reader_version, fold_version, text) "
    "VALUES (?, '', 1, 'utf-8', 1.0, '{}', '', '', 1, ?)"
)
INDEX = "INSERT INTO article_index (id, folded, stemmed, fold_version) VALUES (?, ?, ?, 1)"
STORED = (
    (1, "وقفة الصحفيين", "وقفة أمام البرلمان", "ar"),
    (2, "شێر", "شێر لە باخچەکەدا بوو", "ckb"),
    (5, "شیر", "شیر سپی بوو", "ckb"),
)


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database as it was before headlines had columns of their own, with articles."""
    path = tmp_path / "marsad.db"
    with monkeypatch.context() as patch:
        only = [step for step in steps() if step.name < "0003"]
        patch.setattr(migrations.migrations, "_migrations", only)
        open_database(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(OUTLET)
        for number, headline, text, language in STORED:
            db.execute(ARTICLE, (number, str(number), str(number), headline, language))
            db.execute(TEXT, (number, text))
            db.execute(INDEX, (number, "old", "old"))
        db.execute("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")
    return path


def steps() -> list[Any]:
    return list(migrations.migrations._migrations)


def test_every_article_of_an_earlier_database_is_indexed_anew(earlier: Path) -> None:
    with open_database(earlier, upgrade=True) as db:
        found = {
            query: sorted(hit.article_id for hit in db.search(query))
            for query in ("old", "الصحفيون", "in:headline البرلمان", "شێر", "شير")
        }
        versions = db.all("SELECT DISTINCT fold_version FROM article_index")
        db.execute("INSERT INTO article_fts (article_fts) VALUES ('integrity-check')")

    assert found == {
        "old": [],
        "الصحفيون": [1],
        "in:headline البرلمان": [],
        "شێر": [2],
        "شير": [2, 5],
    }
    assert [row[0] for row in versions] == [FOLD_VERSION]


def test_an_edit_is_found_by_its_new_words_only(desk: Desk) -> None:
    desk.store("1", "كلمة قديمة", headline="عنوان قديم")
    run_id, candidate = desk.again("1")
    desk.later(days=1)
    desk.save(run_id, candidate, "كلمة جديدة", headline="عنوان جديد")
    desk.runs.close(run_id, "done")

    counts = {query: desk.db.count(query) for query in (
        "قديمة", "جديدة", "in:headline قديم", "in:headline جديد", "in:headline كلمة",
    )}  # fmt: skip

    assert list(counts.values()) == [0, 1, 0, 1, 0]


def test_another_language_means_other_stems(desk: Desk) -> None:
    desk.store("1", "مافی مرۆڤ", language="ar")
    stemmed: Callable[[], str] = lambda: desk.db.value("SELECT stemmed FROM article_index")  # noqa: E731  # asked twice
    before = stemmed()
    run_id, candidate = desk.again("1")
    desk.save(run_id, candidate, "مافی مرۆڤ", language="ckb", reader_version="reader-2")
    desk.runs.close(run_id, "done")

    assert "مافی" not in before.split()
    assert "مافی" in stemmed().split()
