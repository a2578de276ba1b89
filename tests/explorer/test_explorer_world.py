"""The made-up archive of the bench says what a crawl would have stored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.explorer_world import build
from storage.database import Database, open_database
from storage.packed_words import pack
from storage.stems import stems
from storage.text import fold


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("bench") / "marsad.db"
    build(path, 2_000, said=False)
    with open_database(path) as db:
        yield db


def test_its_index_is_what_indexing_would_have_made(archive: Database) -> None:
    rows = archive.all(
        "SELECT a.id, a.headline, a.language, t.text, w.packed FROM articles a "
        "JOIN article_texts t ON t.article_id = a.id JOIN article_words w ON w.id = a.id"
    )

    for row in rows:
        whole = f"{row['headline']}\n{row['text']}"
        made = (fold(whole), stems(whole, row["language"]))
        headline = (fold(row["headline"]), stems(row["headline"], row["language"]))
        assert row["packed"] == pack(*made, *headline)
    assert len(rows) == 2_000
    assert {row["language"] for row in rows} == {"ar", "fr", "en", "ckb", "kmr"}
    archive.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)")


def test_its_mentions_stand_where_they_say(archive: Database) -> None:
    wrong = archive.value(
        "SELECT count(*) FROM mentions m JOIN articles a ON a.id = m.article_id "
        "JOIN article_texts t ON t.article_id = a.id WHERE m.surface != substr(CASE m.field "
        "WHEN 'headline' THEN a.headline ELSE t.text END, m.start + 1, m.\"end\" - m.start)"
    )

    assert archive.value("SELECT count(*) FROM mentions") > 500
    assert wrong == 0


def test_what_is_counted_ahead_is_what_a_count_says(archive: Database) -> None:
    counted = "SELECT sum(articles) FROM outlet_days_v"
    named = "SELECT sum(articles) FROM actor_days_v"
    pairs = "SELECT count(*) FROM (SELECT DISTINCT article_id, actor_id FROM mentions)"

    assert archive.value(counted) == 2_000
    assert archive.value(named) == archive.value(pairs)
    assert archive.value("SELECT count(*) FROM days_dirty") == 0


def test_it_has_what_befalls_an_archive(archive: Database) -> None:
    for table in ("stories", "edits", "visits", "events", "actor_forms"):
        assert archive.value(f"SELECT count(*) FROM {table}") > 0, table
    assert archive.value("SELECT count(*) FROM articles WHERE published_day IS NULL") > 0
    assert archive.value("SELECT count(*) FROM coverage WHERE blind") > 0
    ties = "SELECT count(*) - count(DISTINCT published_at) FROM articles"
    assert archive.value(ties) > 20


def test_whoever_writes_goes_on_where_it_ends(archive: Database) -> None:
    triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_come'"

    assert archive.value(triggers) == 2
    assert archive.value("SELECT seq FROM sqlite_sequence WHERE name = 'articles'") == 2_000
    assert archive.value("PRAGMA integrity_check") == "ok"
