"""Keys are made anew when a run opens, and every address of an article is kept by its kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from config.config_files import OUTLET, load

from crawler.engine.keys import renew_keys
from crawler.engine.pipelines import aliases_of
from crawler.outlets import Outlets
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.models import Candidate, FetchRecord, FoundBy, Reading
from storage.runs import RunStore

NADDARA = "https://naddara.example.ma"
AT = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
ID = "ma_a"


def outlets_with(root: Path, rules: str = "") -> Outlets:
    return load(root, {"outlets/ma/a.toml": OUTLET + rules}).outlets


def opened_run(db: Database, outlets: Outlets) -> int:
    """A run that is opened as the crawl opens it."""
    runs = RunStore(db)
    run_id = runs.open("crawl", outlets=[outlets[ID].record()], actors=())
    renew_keys(db, runs, run_id, outlets, tuple(outlets))
    return run_id


def stored(db: Database, outlets: Outlets, path: str) -> int | None:
    run_id = opened_run(db, outlets)
    url = NADDARA + path
    given = Candidate(url, outlets.url_key(url, ID), ID, FoundBy.MANUAL)
    (candidate,) = CandidateStore(db).add(run_id, [given])
    reading = Reading(url, url, None, headline="عنوان", text="نص", reader_version="1")
    aliases = aliases_of(candidate, reading, outlets)
    saved = ArticleStore(db).save(run_id, candidate, reading, FetchRecord(url, AT), aliases)
    RunStore(db).close(run_id, "done")
    return saved.article_id


def test_a_new_rule_fetches_and_stores_nothing_twice(tmp_path: Path) -> None:
    before = outlets_with(tmp_path / "1")
    after = outlets_with(tmp_path / "2", '[urls]\ndrop = ["src"]\n')
    with open_database(tmp_path / "marsad.db") as db:
        first = stored(db, before, "/a/1?src=12")

        assert stored(db, after, "/a/1") == first
        assert db.value("SELECT url_key FROM articles") == "ma_a:/a/1"
        notes = db.all("SELECT key, value FROM run_notes WHERE run_id = 2 ORDER BY key")
        assert [tuple(row) for row in notes] == [
            ("articles_fell_together", 0),
            ("articles_rekeyed", 1),
        ]


def test_without_a_change_no_key_is_made_anew(tmp_path: Path) -> None:
    outlets = outlets_with(tmp_path / "1")
    with open_database(tmp_path / "marsad.db") as db:
        stored(db, outlets, "/a/1")
        opened_run(db, outlets)

        assert db.value("SELECT count(*) FROM run_notes") == 0


def test_an_address_is_kept_by_what_it_shows_else_by_how_we_know_of_it(tmp_path: Path) -> None:
    outlets = outlets_with(tmp_path / "1")
    found = Candidate(f"{NADDARA}/a/1/amp", "ma_a:/a/1", ID, FoundBy.FEED)
    reading = Reading(found.url, f"{NADDARA}/b/1", None, canonical_url=f"{NADDARA}/c/1")
    reading = replace(reading, alternates=(("amp", f"{NADDARA}/d/1"), ("print", f"{NADDARA}/c/1")))

    assert aliases_of(found, reading, outlets) == [
        ("ma_a:/a/1", f"{NADDARA}/a/1/amp", "amp"),
        ("ma_a:/b/1", f"{NADDARA}/b/1", "redirect"),
        ("ma_a:/c/1", f"{NADDARA}/c/1", "canonical"),
        ("ma_a:/d/1", f"{NADDARA}/d/1", "amp"),
    ]
