"""A changed watchlist over an archive: what changes, what stays, and what a kill loses."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from harness import killed, marsad, rows
from stored import NIGHT, Story, fill

from crawler.engine.locks import AlreadyRunning, alone
from crawler.engine.rematch import BATCH, Change, RematchReport, rematch
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace, load_config
from storage.actors import comparable_since
from storage.articles import ArticleStore
from storage.database import open_database
from storage.errors import DatabaseMissing
from storage.judgements import JudgementStore
from storage.models import Actor, Alias
from storage.text import FOLD_VERSION

OASIS = Actor("ma_waha", "cso", name="Oasis Friends", aliases=(Alias("Oasis Friends", "en"),))
PALM = Actor("ma_nakhla", "cso", name="Palm League", aliases=(Alias("Palm League", "en"),))
WELL = Actor("ma_bir", "cso", name="جمعية البئر القديمة", aliases=(Alias("جمعية البئر القديمة"),))
STORIES = [
    Story("The Oasis Friends met in the library on Monday."),
    Story("The Palm League met in the library on Tuesday."),
    Story("Oasis Friends and Palm League met in the garden.", headline="Oasis Friends meet"),
    Story("وقالت جمعية البئر القديمة إن الماء قليل.", headline="الماء قليل", language="ar"),
    Story("The market was open on Wednesday."),
]
LATER = NIGHT + timedelta(days=1)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    fill(tmp_path / "marsad.db", STORIES, [OASIS])
    return tmp_path / "marsad.db"


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def named(path: Path) -> list[tuple[Any, ...]]:
    return ask(path, "SELECT article_id, actor_id, field, start FROM mentions WHERE counted")


def run(path: Path, actors: Sequence[Actor], **options: Any) -> RematchReport:
    return rematch(path, actors, clock=lambda: LATER, **options)


def test_new_actors_are_found_and_dropped_ones_are_not(archive: Path) -> None:
    report = run(archive, [PALM, WELL])

    assert report.actors == {
        "ma_waha": Change(lost=2, lost_in=[1, 3]),
        "ma_nakhla": Change(gained=2, gained_in=[2, 3]),
        "ma_bir": Change(gained=1, gained_in=[4]),
    }
    assert (report.total, report.matched, report.changed, report.without_text) == (5, 5, 4, 0)
    assert {(row[0], row[1]) for row in named(archive)} == {
        (2, "ma_nakhla"), (3, "ma_nakhla"), (4, "ma_bir"),
    }  # fmt: skip


def test_the_reason_to_keep_an_article_follows(archive: Path) -> None:
    run(archive, [PALM])

    rules = ask(archive, "SELECT id, keep_rule FROM articles ORDER BY id")
    assert rules == [(1, ""), (2, "actor"), (3, "actor"), (4, ""), (5, "")]


def test_the_same_watchlist_changes_nothing(archive: Path) -> None:
    before = named(archive)

    report = run(archive, [OASIS])

    assert (report.changed, report.actors) == (0, {})
    assert named(archive) == before


def test_a_rematch_is_what_a_crawl_with_the_new_watchlist_would_have_stored(
    archive: Path, tmp_path: Path
) -> None:
    fill(tmp_path / "fresh.db", STORIES, [OASIS, PALM, WELL])

    run(archive, [OASIS, PALM, WELL])

    sql = 'SELECT article_id, actor_id, field, start, "end", surface, alias, rule FROM mentions'
    assert ask(archive, sql) == ask(tmp_path / "fresh.db", sql)


def test_judgements_hold(archive: Path) -> None:
    with open_database(archive) as db:
        JudgementStore(db).not_this(1, "ma_waha", who="a reader", why="a cinema of that name")

    report = run(archive, [OASIS, PALM])

    assert "ma_waha" not in report.actors
    assert 1 not in {row[0] for row in named(archive)}
    verdicts = ask(archive, "SELECT article_id, verdict FROM mentions WHERE verdict IS NOT NULL")
    assert verdicts == [(1, "not_this")]


def test_a_dry_run_says_the_same_and_keeps_nothing(archive: Path) -> None:
    tables = ("mentions", "articles", "actors", "jobs")
    before = [ask(archive, f"SELECT * FROM {table}") for table in tables]

    dry = run(archive, [PALM, WELL], dry_run=True)

    assert [ask(archive, f"SELECT * FROM {table}") for table in tables] == before
    assert dry.actors == run(archive, [PALM, WELL]).actors


def test_counts_of_a_new_actor_compare_over_the_whole_archive_afterwards(archive: Path) -> None:
    with open_database(archive) as db:
        fill_actors(db, [OASIS, PALM])
        before = comparable_since(db, "ma_nakhla")

    run(archive, [OASIS, PALM])

    with open_database(archive) as db:
        assert before is not None
        assert comparable_since(db, "ma_nakhla") is None


def fill_actors(db: Any, actors: Sequence[Actor]) -> None:
    from storage.actors import register

    register(db, actors, LATER)


def test_search_rows_of_an_older_folding_are_made_new(archive: Path) -> None:
    with open_database(archive) as db, db.write():
        db.execute("UPDATE article_words SET fold_version = fold_version - 1 WHERE id < 3")

    run(archive, [OASIS])

    versions = ask(archive, "SELECT DISTINCT fold_version FROM article_words")
    assert versions == [(FOLD_VERSION,)]


def test_where_a_text_was_not_kept_only_the_headline_is_looked_at(tmp_path: Path) -> None:
    stories = [*STORIES, Story("The market was open.", headline="Palm League at the market")]
    fill(tmp_path / "marsad.db", stories, [OASIS], keep="mentions")

    report = run(tmp_path / "marsad.db", [OASIS, PALM])

    assert report.without_text == 4
    assert report.actors == {"ma_nakhla": Change(gained=2, gained_in=[3, 6])}


def test_a_text_that_a_crawl_changes_meanwhile_is_matched_as_it_is_then(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offsets of an older text would point anywhere in the newer one."""
    original = ArticleStore.texts
    calls = 0

    def texts(self: ArticleStore, after_id: int = 0) -> Any:
        nonlocal calls
        calls += 1
        for text in original(self, after_id):
            is_first_look = calls == 1 and text.article_id == 3
            yield replace(text, text="Palm League, before.") if is_first_look else text

    monkeypatch.setattr(ArticleStore, "texts", texts)

    run(archive, [PALM])

    sql = """SELECT substr(t.text, m.start + 1, m."end" - m.start), m.surface FROM mentions m
             JOIN article_texts t USING (article_id) WHERE m.article_id = 3"""
    assert ask(archive, sql) == [("Palm League", "Palm League")]


def test_a_crawl_may_store_articles_beside_it(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.engine.rematch.BATCH", 2)
    waiting = [Story("The Palm League met at night.")]

    def crawl(report: RematchReport) -> None:
        while waiting:
            fill(archive, [waiting.pop()], [OASIS, PALM])

    report = run(archive, [OASIS, PALM], progress=crawl)

    assert report.matched == 6
    assert report.actors == {"ma_nakhla": Change(gained=2, gained_in=[2, 3])}
    assert (6, "ma_nakhla") in {(row[0], row[1]) for row in named(archive)}


def test_two_at_once_are_refused(archive: Path) -> None:
    with alone(archive, "rematch"), pytest.raises(AlreadyRunning):
        run(archive, [OASIS])

    assert run(archive, [OASIS]).matched == 5


def test_without_an_archive_there_is_nothing_to_match(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        run(tmp_path / "marsad.db", [OASIS])

    assert not list(tmp_path.iterdir())


def test_a_pass_that_another_watchlist_interrupted_begins_anew(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.engine.rematch.BATCH", 2)

    def stop(report: RematchReport) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(archive, [PALM], progress=stop)
    run(archive, [OASIS])

    report = run(archive, [PALM])

    assert (report.resumed_after, report.matched) == (0, 5)
    assert {row[0] for row in named(archive)} == {2, 3}


# ---------------------------------------------------------------- kill -9


LISTS = """
[[actors]]
id = "{id}"
kind = "cso"
name = {{ en = "{name}" }}
forms = [{{ text = "{name}", language = "en" }}]
"""


def laid_out(root: Path) -> Workspace:
    """A workspace whose archive was read with one actor, and which watches two others now."""
    place = create_workspace(root, WorkspaceSettings(contact="tests@marsad.test", shipped=False))
    stories = [replace(STORIES[number % 3], days=number) for number in range(22)]
    fill(place.database, stories, [OASIS])
    actors = [LISTS.format(id=one.id, name=one.name) for one in (PALM, OASIS)]
    (place.watchlists_dir / "own.toml").write_text("".join(actors), encoding="utf-8")
    return place


def content(place: Workspace) -> list[list[tuple[Any, ...]]]:
    """What a rematch leaves, but for the time at which it did."""
    return [
        rows(place, "SELECT * FROM mentions"),
        rows(place, "SELECT id, keep_rule, matched_at > '2026-03-02' FROM articles"),
        rows(place, "SELECT id, forms_digest FROM actors"),
    ]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple[Any, ...]]]:
    place = laid_out(tmp_path_factory.mktemp("calm") / "w")
    report = rematch(place.database, load_config(place).actors)
    assert report.actors["ma_nakhla"].gained == 14
    return content(place)


@pytest.mark.parametrize(
    ("stage", "nth"),
    [("article", 1), ("article", 11), ("rematched", 6), ("advance", 2), ("advanced", 3),
     ("advanced", 1), ("finish", 1)],
)  # fmt: skip
def test_whatever_is_killed_the_next_start_finishes_the_work(
    tmp_path: Path, undisturbed: list[list[tuple[Any, ...]]], stage: str, nth: int
) -> None:
    place = laid_out(tmp_path / "w")

    kill_at(place, stage, nth)
    last = marsad("actors", "rematch", "--json", "-w", str(place.root))

    assert last.code == 0, last.stderr
    assert content(place) == undisturbed
    assert last.data["resumed_after"] == resumed(stage, nth)
    assert rows(place, "PRAGMA integrity_check") == [("ok",)]


def resumed(stage: str, nth: int) -> int:
    """The last article of the last batch of four that was committed before the kill."""
    if stage == "finish":
        return 22
    batches = nth - 1 if stage.startswith("advance") else (nth - 1) // 4
    return 4 * batches


def kill_at(place: Workspace, stage: str, nth: int) -> None:
    driver = Path(__file__).with_name("rematch_driver.py")
    killed(str(driver), str(place.root), stage, str(nth))


def test_a_batch_is_small_enough_for_a_crawl_to_wait() -> None:
    assert BATCH <= 100
