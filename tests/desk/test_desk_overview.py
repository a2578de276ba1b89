"""The first page: what was watched, who is in the news and what is usual, what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from stored import NIGHT, Story, fill
from watched import Archive

from storage import day_counts
from storage.actors import register
from storage.database import open_database
from storage.desk import overview as desk
from storage.events import EventStore
from storage.models import Actor, Alias
from storage.stories import settle

ROSE = Actor("rose", "person", name="Rose Field", aliases=(Alias("Rose Field", "en"),))
MILL = Actor("mill", "cso", name="Mill Trust", aliases=(Alias("Mill Trust", "en"),))
WORD = Actor("word", "term", name="activist", aliases=(Alias("activist", "en"),))
LATER = NIGHT + timedelta(hours=8)


def of_week(text: str, outlet: str = "ma_manara", weeks: int = 0, day: int = 1) -> Story:
    return Story(text, outlet=outlet, days=7 * weeks + day)


def looked_since(path: Path, day: str) -> None:
    """As if the first visit had been on that day."""
    with open_database(path) as db, db.write():
        db.execute("UPDATE visits SET day = ? WHERE id = (SELECT min(id) FROM visits)", (day,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marsad.db"


def test_actors_of_the_last_seven_days_against_their_usual(path: Path) -> None:
    stories = [of_week("Rose Field spoke about the well.") for _ in range(3)]
    stories += [of_week("Rose Field wrote a letter.", weeks=2), of_week("Of a bridge.", weeks=2)]
    stories += [of_week("Rose Field wrote a letter.", weeks=4), of_week("Of a mill.", weeks=4)]
    fill(path, [*stories, of_week("Of nothing in particular.")], [ROSE, MILL, WORD])
    looked_since(path, "2025-11-01")
    with open_database(path) as db:
        (found,) = desk.overview(db, LATER).actors

    assert (found.actor_id, found.articles, found.share) == ("rose", 3, 3 / 4)
    assert (found.weeks, found.usual_articles, found.usual_share) == (8, 2 / 8, 2 / 4)


def test_a_text_that_three_outlets_carry_is_one_story(path: Path) -> None:
    same = (
        "Rose Field and the people of the street opened a school for forty children in the old "
        "harbour last week, and the council promised two more teachers before the winter comes."
    )
    fill(path, [of_week(same, outlet) for outlet in ("ma_a", "iq_b", "bh_c")], [ROSE])
    with open_database(path) as db:
        settle(db)
        (found,) = desk.overview(db, LATER).actors

    assert (found.articles, found.stories) == (3, 1)


def test_no_usual_is_told_before_two_weeks_compare(path: Path) -> None:
    fill(path, [of_week("Rose Field spoke."), of_week("Rose Field wrote.", weeks=1)], [ROSE])
    looked_since(path, "2026-02-15")
    with open_database(path) as db:
        (found,) = desk.overview(db, LATER).actors

    assert found.usual_articles is None
    assert found.usual_share is None


def test_weeks_before_an_actor_was_watched_are_not_its_usual(path: Path) -> None:
    fill(path, [of_week("Rose Field spoke."), of_week("Of bread.", weeks=3)], [ROSE])
    looked_since(path, "2025-11-01")
    with open_database(path) as db:
        renamed = Actor("rose", "person", name="Rose Field", aliases=(Alias("R. Field", "en"),))
        register(db, [renamed], NIGHT + timedelta(hours=1))
        (found,) = desk.overview(db, LATER).actors

    assert found.weeks == 0
    assert found.usual_articles is None


def test_generic_words_and_hidden_actors_are_not_in_the_news(path: Path) -> None:
    fill(path, [of_week("Rose Field, an activist, met the Mill Trust.")], [ROSE, MILL, WORD])
    with open_database(path) as db:
        with db.write():
            db.execute("UPDATE actors SET suppress = 1 WHERE id = 'rose'")
        found = desk.overview(db, LATER).actors

    assert [one.actor_id for one in found] == ["mill"]


def test_figures_are_the_same_before_and_after_the_days_are_counted_anew(path: Path) -> None:
    weeks = [of_week("Rose Field spoke.", weeks=number) for number in range(6)]
    fill(path, weeks, [ROSE])
    looked_since(path, "2025-11-01")
    with open_database(path) as db:
        before = desk.overview(db, LATER)
        assert day_counts.recount(db) > 0
        after = desk.overview(db, LATER)

    assert before == after


def test_an_article_dated_in_the_future_is_not_the_newest(path: Path) -> None:
    fill(path, [of_week("Of today."), Story("Of next year.", days=-300)], [ROSE])
    with open_database(path) as db:
        found = desk.newest(db, LATER)

    assert [one.id for one in found] == [1]


def test_nights_say_who_was_watched_all_day_and_what_is_missing(path: Path) -> None:
    own = Archive(path, ("ma_east", "ma_west"))
    own.nights(date(2026, 3, 3), date(2026, 3, 5))
    own.nights(date(2026, 3, 6), date(2026, 3, 10), turned_away=["ma_west"])
    (found,) = desk.nights(own.db, datetime(2026, 3, 10, 12, tzinfo=UTC))
    days = {one.day: one for one in found.days}

    assert found.country == "ma"
    assert (days[date(2026, 3, 4)].whole, days[date(2026, 3, 4)].dark) == (2, 0)
    assert days[date(2026, 3, 8)].outlets == 2
    assert (days[date(2026, 3, 8)].whole, days[date(2026, 3, 8)].dark) == (1, 1)
    assert days[date(2026, 3, 8)].share == 0.5
    assert not days[date(2026, 3, 10)].over
    assert sum(one.missing for one in found.days) > 0


def test_a_night_counts_up_to_the_latest_look_and_not_to_the_hour_of_asking(path: Path) -> None:
    own = Archive(path, ("ma_east",))
    own.nights(date(2026, 3, 3), date(2026, 3, 6))
    (found,) = desk.nights(own.db, datetime(2026, 3, 6, 23, tzinfo=UTC))

    assert (found.days[-1].day, found.days[-1].share) == (date(2026, 3, 6), 1.0)


def test_troubles_that_need_a_person_come_first(path: Path) -> None:
    fill(path, [of_week("Of bread.", "ma_a"), of_week("Of salt.", "ma_b")], [ROSE])
    with open_database(path) as db:
        events = EventStore(db)
        events.open("rate_limited", "ma_a", "a.test", {}, NIGHT - timedelta(days=2))
        events.open("unreachable", "ma_b", "b.test", {"outcome": "timeout"}, NIGHT)
        found = desk.overview(db, LATER)

    assert [one.kind for one in found.troubles] == ["unreachable", "rate_limited"]
    assert found.names["ma_b"] == "B"


def test_the_last_run_says_what_it_brought(path: Path) -> None:
    fill(path, [of_week("Of bread."), of_week("Of salt.")], [ROSE])
    with open_database(path) as db:
        found = desk.last_run(db)

    assert found is not None
    assert (found.kind, found.status, found.articles) == ("crawl", "done", 2)


def test_an_archive_without_a_run_has_an_empty_first_page(path: Path) -> None:
    with open_database(path) as db:
        found = desk.overview(db, LATER)

    assert (found.articles, found.outlets, found.run) == (0, 0, None)
    assert (found.nights, found.actors, found.troubles, found.newest) == ((), (), (), ())
