"""Saved searches keep a question and an unguessable key; new hits come by when we saw them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage import stories
from storage.database import Database, open_database
from storage.desk import saved
from storage.desk.questions import Question
from storage.desk.saved import CannotSave
from storage.errors import SearchError
from storage.judgements import JudgementStore
from storage.search import SearchFilters
from tests.stored import Story, fill

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
LONG = " ".join(f"pump {n} was mended" for n in range(30))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    archive = [
        Story("A bridge over the river.", outlet="iq_sada"),
        Story(f"The bridge again. {LONG}", outlet="ma_manara"),
        Story(f"The bridge again. {LONG}", outlet="bh_marsa"),
        Story("A lighthouse.", outlet="ma_manara"),
        Story("The last bridge.", outlet="ma_manara", dated=False),
    ]
    fill(tmp_path / "a.db", archive, ())
    with open_database(tmp_path / "a.db") as opened:
        stories.settle(opened)
        yield opened


def _bridge(**more: object) -> Question:
    return Question("bridge", SearchFilters(**more))  # type: ignore[arg-type]


def test_a_saved_search_asks_the_same_question_again(db: Database) -> None:
    asked = Question(
        'bridge OR "light house"',
        SearchFilters(outlet=("iq_sada", "ma_manara"), after=date(2026, 1, 1)),
        newest=False,
        per="story",
    )
    made = saved.save(db, asked, "  Bridges \n of all ", who="Nora", now=NOW)
    (again,) = saved.every(db)
    assert again == made
    assert (again.name, again.who, again.made_at) == ("Bridges of all", "Nora", NOW)
    assert again.question == asked
    assert saved.by_key(db, made.feed_key) == made


def test_keys_cannot_be_guessed_and_end_with_their_search(db: Database) -> None:
    made = [saved.save(db, _bridge(), name, who="Nora", now=NOW) for name in ("a", "b")]
    assert len({one.feed_key for one in made}) == 2
    assert all(len(one.feed_key) >= 32 for one in made)
    assert saved.remove(db, made[0].id, NOW)
    assert not saved.remove(db, made[0].id, NOW), "it is removed already"
    assert saved.by_key(db, made[0].feed_key) is None
    assert saved.every(db) == (made[1],)
    assert db.value("SELECT removed_at FROM saved_searches WHERE id = ?", (made[0].id,))


def test_saving_twice_by_a_second_click_makes_one(db: Database) -> None:
    first = saved.save(db, _bridge(), "Bridges", who="Nora", now=NOW)
    assert saved.save(db, _bridge(), "Bridges", who="Nora", now=NOW) == first
    assert len(saved.every(db)) == 1


@pytest.mark.parametrize(("name", "who", "why"), [("x", " ", "nobody"), ("  ", "N", "unnamed")])
def test_a_search_of_nobody_or_without_a_name_is_not_saved(
    db: Database, name: str, who: str, why: str
) -> None:
    with pytest.raises(CannotSave) as refused:
        saved.save(db, Question(), name, who=who, now=NOW)
    assert refused.value.why == why
    assert saved.every(db) == ()


def test_what_has_no_answer_is_not_saved(db: Database) -> None:
    with pytest.raises(SearchError):
        saved.save(db, Question("outlet:nowhere"), "x", who="N", now=NOW)
    with pytest.raises(SearchError):
        saved.save(db, Question('"open'), "x", who="N", now=NOW)


def test_there_is_an_end_to_what_a_script_may_save(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    saved.save(db, _bridge(), "a", who="N", now=NOW)
    with pytest.raises(CannotSave, match="full"):
        saved.save(db, _bridge(), "b", who="N", now=NOW)


def _seen(db: Database, article: int, at: str) -> None:
    with db.write():
        db.execute("UPDATE articles SET first_seen_at = ? WHERE id = ?", (at, article))


def test_new_hits_come_by_when_they_were_first_seen_ties_by_number(db: Database) -> None:
    _seen(db, 1, "2026-03-09T00:00:00Z")  # published long before: new to us all the same
    assert [hit.article_id for hit in saved.new_hits(db, _bridge())] == [1, 5, 3, 2]
    assert [hit.article_id for hit in saved.new_hits(db, _bridge(), limit=2)] == [1, 5]
    assert [hit.article_id for hit in saved.new_hits(db, _bridge(outlet="ma_manara"))] == [5, 2]
    assert [hit.article_id for hit in saved.new_hits(db, Question())] == [1, 5, 4, 3, 2]
    hit = saved.new_hits(db, _bridge())[0]
    assert hit.snippet[slice(*hit.marks[0])] == "bridge"


def test_folded_into_stories_a_copy_is_no_news(db: Database) -> None:
    told = Question("bridge", per="story")
    assert [hit.article_id for hit in saved.new_hits(db, told)] == [5, 2, 1]
    _seen(db, 3, "2026-03-09T00:00:00Z")
    assert [hit.article_id for hit in saved.new_hits(db, told)] == [5, 2, 1]


def test_what_a_person_left_out_is_in_no_feed(db: Database) -> None:
    JudgementStore(db).leave_out(5, who="N", why="no article")
    assert [hit.article_id for hit in saved.new_hits(db, _bridge())] == [3, 2, 1]
