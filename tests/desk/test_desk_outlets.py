"""One outlet: how it fares, whom it names, which labels it prints, what it said first or copied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.database import Database, open_database
from storage.desk import outlet_news, outlet_stories, outlets

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
YEAR = (date(2025, 11, 24), date(2026, 11, 23))


@pytest.fixture
def db(built: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the world that a test may write to."""
    path = tmp_path / "marsad.db"
    path.write_bytes(built.read_bytes())
    with open_database(path) as found:
        yield found


def test_every_outlet_is_in_the_list_with_its_articles(db: Database) -> None:
    lines = {one.outlet_id: one for one in outlets.lines(db, NOW)}
    counted = db.all("SELECT outlet_id, count(*) AS n FROM articles GROUP BY outlet_id")

    assert {name: one.articles for name, one in lines.items()} == {
        row["outlet_id"]: row["n"] for row in counted
    }
    assert lines["bh_marsa"].undated == 1
    assert (lines["bh_marsa"].country, lines["bh_marsa"].covers) == ("gb", ("bh",))
    assert lines["iq_nahr"].agency == "وكالة النهر المثالية"
    assert lines["ma_sahifa"].seen_at == datetime(2026, 11, 9, 21, tzinfo=UTC)


def test_articles_of_the_last_days_count_from_thirty_days_before(db: Database) -> None:
    found = outlets.outlet(db, "ma_depeche", NOW)

    assert found is not None
    assert found.lately == db.value(
        "SELECT count(*) FROM articles WHERE outlet_id = 'ma_depeche' "
        "AND published_day >= '2026-10-24'"
    )


def test_an_article_left_out_and_not_counted_anew_yet_is_in_no_figure(db: Database) -> None:
    before = outlets.outlet(db, "ma_sahifa", NOW)
    with db.write():
        db.execute(
            "UPDATE articles SET withdrawn = 1 WHERE id = "
            "(SELECT max(id) FROM articles WHERE outlet_id = 'ma_sahifa')"
        )
    after = outlets.outlet(db, "ma_sahifa", NOW)

    assert before is not None
    assert after is not None
    assert after.articles == before.articles - 1


def test_an_outlet_that_fails_now_was_last_seen_at_its_last_good_look(db: Database) -> None:
    with db.write():
        db.execute(
            "UPDATE ways SET failures = 1, last_outcome = 'blocked', "
            "visited_at = '2026-11-20T00:00:00Z' WHERE outlet_id = 'ma_depeche'"
        )
    found = outlets.outlet(db, "ma_depeche", NOW)

    assert found is not None
    assert found.seen_at == datetime(2026, 11, 9, 21, tzinfo=UTC)


def test_an_outlet_that_nobody_registered_is_none(db: Database) -> None:
    assert outlets.outlet(db, "ma_nobody", NOW) is None


def test_a_trouble_that_ended_is_told_with_both_of_its_ends(db: Database) -> None:
    (found,) = outlets.outages(db, "ma_depeche", *YEAR).troubles

    assert (found.kind, found.since, found.until) == (
        "unreachable",
        datetime(2026, 4, 20, 21, tzinfo=UTC),
        datetime(2026, 5, 11, 21, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 5, 11), date(2026, 6, 1), 1),
        (date(2026, 5, 12), date(2026, 6, 1), 0),
        (date(2026, 3, 1), date(2026, 4, 20), 1),
        (date(2026, 3, 1), date(2026, 4, 19), 0),
    ],
)
def test_a_trouble_is_of_the_days_that_it_touches(
    db: Database, first: date, last: date, told: int
) -> None:
    assert len(outlets.outages(db, "ma_depeche", first, last).troubles) == told


def test_a_way_says_how_its_last_look_went(db: Database) -> None:
    (works,) = outlets.ways(db, "ma_depeche")
    with db.write():
        db.execute("UPDATE ways SET last_outcome = 'blocked', failures = 2")
    (fails,) = outlets.ways(db, "ma_depeche")
    with db.write():
        db.execute("UPDATE ways SET off_at = '2026-11-20T00:00:00Z'")
    (off,) = outlets.ways(db, "ma_depeche")

    assert [works.state, fails.state, off.state] == ["works", "fails", "off"]
    assert fails.failures == 2


def test_a_timeline_has_no_holes_and_every_article_of_the_period(db: Database) -> None:
    found = outlet_news.timeline(db, "ma_depeche", *YEAR)

    assert found.step == "week"
    assert {(two - one).days for one, two in zip(found.starts, found.starts[1:], strict=False)} == {
        7
    }
    assert 0 in found.articles
    assert found.total == db.value(
        "SELECT count(*) FROM articles WHERE outlet_id = 'ma_depeche' "
        "AND published_day BETWEEN '2025-11-24' AND '2026-11-23'"
    )


@pytest.mark.parametrize(
    ("first", "step"),
    [(date(2026, 10, 1), "day"), (date(2026, 1, 1), "week"), (date(2019, 1, 1), "month")],
)
def test_no_step_loses_an_article(db: Database, first: date, step: str) -> None:
    found = outlet_news.timeline(db, "ma_sahifa", first, YEAR[1])

    assert found.step == step
    assert found.total == db.value(
        "SELECT count(*) FROM articles WHERE outlet_id = 'ma_sahifa' AND published_day >= ?",
        (first.isoformat(),),
    )
    assert found.starts[0] <= first


def test_actors_are_counted_once_an_article_and_generic_words_come_last(db: Database) -> None:
    found = outlet_news.named_actors(db, "ma_sahifa", *YEAR)
    named = {one.actor_id: one for one in found}

    assert found[-1].kind == "term"
    assert named["ma_mirath"].count == db.value(
        "SELECT count(DISTINCT article_id) FROM mentions m JOIN articles a ON a.id = m.article_id "
        "WHERE m.actor_id = 'ma_mirath' AND a.outlet_id = 'ma_sahifa' AND m.counted"
    )
    assert named["ma_mirath"].ratio == named["ma_mirath"].count / named["ma_mirath"].total


def test_a_hidden_actor_is_in_neither_actors_nor_labels(db: Database) -> None:
    with db.write():
        db.execute("UPDATE mentions SET label = 'الجمعية المزعومة' WHERE actor_id = 'ma_mirath'")
    shown = outlet_news.labels(db, "ma_sahifa", *YEAR)
    with db.write():
        db.execute("UPDATE actors SET suppress = 1 WHERE id = 'ma_mirath'")

    assert "الجمعية المزعومة" in {one.label for one in shown}
    assert "ma_mirath" not in {one.actor_id for one in outlet_news.labels(db, "ma_sahifa", *YEAR)}
    named = outlet_news.named_actors(db, "ma_sahifa", *YEAR)
    assert "ma_mirath" not in {one.actor_id for one in named}


def test_a_label_leads_to_an_article_that_prints_it(db: Database) -> None:
    for one in outlet_news.labels(db, "ma_sahifa", *YEAR):
        assert db.value(
            "SELECT 1 FROM mentions WHERE article_id = ? AND actor_id = ? AND label = ?",
            (one.newest, one.actor_id, one.label),
        )


def test_a_copy_of_an_agency_text_is_neither_first_nor_another_outlets(db: Database) -> None:
    found = outlet_stories.parts(db, "ma_sahifa", *YEAR)

    assert found.of_agencies == 1
    assert found.shared == found.first + found.of_agencies + found.copied + found.unknown
    assert found.stories >= found.shared


def test_who_carried_an_agencys_text_first_is_told_and_the_agency_itself_is_no_carrier(
    db: Database,
) -> None:
    late = outlet_stories.agency_texts(db, "iq_rojname", *YEAR)
    (told,) = late.shown

    assert told.agency == "وكالة النهر المثالية"
    assert told.first_outlet_id in ("bh_marsa", "ma_sahifa")
    assert (told.place, told.outlets, late.first) == (3, 3, 0)
    assert told.first_at < told.at
    assert outlet_stories.agency_texts(db, "iq_nahr", *YEAR).shown == ()


def test_an_outlet_that_was_as_early_as_another_shares_the_first_place(db: Database) -> None:
    both = [outlet_stories.agency_texts(db, name, *YEAR) for name in ("bh_marsa", "ma_sahifa")]

    assert [(one.first, one.shown[0].place) for one in both] == [(1, 1), (1, 1)]
