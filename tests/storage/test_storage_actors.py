"""Since when answers about an actor compare."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from exported import exported

from storage.actors import Gap, comparable_since, forms_digest, gaps, register
from storage.articles import ArticleStore
from storage.models import Actor, Alias, Mention

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

FIRST = Actor("ma_first", "cso", name="الأولى", aliases=(Alias("الجمعية الأولى", "ar"),))
SECOND = Actor("ma_second", "cso", name="الثانية", aliases=(Alias("الجمعية الثانية", "ar"),))
NAMED = Mention("ma_second", 0, 2, "نص", "نص", "auto")
EARLY = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)


def night(desk: Desk, slug: str, actors: list[Actor], **changes: Any) -> None:
    """One night's run with these watchlists, and one article; a day passes."""
    run_id = desk.run(actors=actors)
    (candidate,) = desk.find(run_id, slug)
    desk.save(run_id, candidate, **changes)
    desk.runs.close(run_id, "done")
    desk.later(days=1)


def test_who_was_watched_from_the_first_night_on_compares_always(desk: Desk) -> None:
    night(desk, "1", [FIRST])
    night(desk, "2", [FIRST])

    assert comparable_since(desk.db, "ma_first") is None
    assert comparable_since(desk.db, "ma_unheard_of") is None


def test_who_was_added_later_compares_since_the_last_article_before(desk: Desk) -> None:
    night(desk, "1", [FIRST])
    night(desk, "2", [FIRST, SECOND])

    assert comparable_since(desk.db, "ma_second") == EARLY
    assert comparable_since(desk.db, "ma_first") is None


def test_new_forms_make_earlier_articles_incomparable(desk: Desk) -> None:
    night(desk, "1", [FIRST])

    night(desk, "2", [Actor("ma_first", "cso", aliases=(Alias("اسم آخر", "ar"),))])

    assert comparable_since(desk.db, "ma_first") == EARLY


def test_a_new_display_name_changes_nothing(desk: Desk) -> None:
    night(desk, "1", [FIRST])

    night(desk, "2", [Actor("ma_first", "cso", name="اسم جديد", aliases=FIRST.aliases)])

    assert comparable_since(desk.db, "ma_first") is None


def test_matching_the_archive_again_makes_it_comparable(desk: Desk) -> None:
    night(desk, "1", [FIRST])
    night(desk, "2", [FIRST])
    started = desk.now

    register(desk.db, [FIRST, SECOND], started)
    halfway = comparable_since(desk.db, "ma_second")
    for text in desk.articles.texts():
        desk.articles.rematch(text.article_id, (), started)

    assert halfway is not None
    assert comparable_since(desk.db, "ma_second") is None


def test_matching_again_makes_an_old_index_row_new(desk: Desk) -> None:
    desk.store("1", "نص الجمعية")
    desk.store("2", "نص البلدية")
    desk.db.execute("UPDATE article_words SET fold_version = 0")

    desk.articles.rematch(1, (), desk.now)

    assert [
        row[0] == 0 for row in desk.db.all("SELECT fold_version FROM article_words ORDER BY id")
    ] == [
        False,
        True,
    ]
    assert (desk.db.count("الجمعية"), desk.db.count("البلدية")) == (1, 1)


def test_a_run_with_the_old_watchlist_that_ends_later_leaves_a_gap(desk: Desk) -> None:
    old = desk.run(actors=[FIRST])
    (candidate,) = desk.find(old, "1")
    desk.later(hours=1)
    desk.run(actors=[FIRST, SECOND])
    desk.later(hours=1)

    desk.save(old, candidate)

    assert comparable_since(desk.db, "ma_second") == EARLY


def test_an_actor_that_comes_back_has_missed_what_came_between(desk: Desk) -> None:
    night(desk, "1", [FIRST, SECOND])
    night(desk, "2", [FIRST])
    dropped = gaps(desk.db)
    night(desk, "3", [FIRST, SECOND])

    second = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert dropped == {"ma_second": Gap("ma_second", second, dropped=True)}
    assert comparable_since(desk.db, "ma_second") == second


def test_an_actor_that_an_older_version_watched_last_is_dropped_too(desk: Desk) -> None:
    night(desk, "1", [FIRST, SECOND])
    desk.db.execute("UPDATE actors SET forms_digest = '', watched_since = ''")
    desk.db.execute("UPDATE articles SET matched_at = ''")
    before = gaps(desk.db)

    night(desk, "2", [FIRST])

    second = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert before == {}
    assert gaps(desk.db)["ma_second"] == Gap("ma_second", second, dropped=True)
    assert comparable_since(desk.db, "ma_first") == EARLY


def test_a_run_that_has_nothing_to_do_with_actors_leaves_them_watched(desk: Desk) -> None:
    night(desk, "1", [FIRST])

    desk.run(actors=None)

    assert gaps(desk.db) == {}


def test_without_texts_only_reading_captures_again_helps(desk: Desk) -> None:
    desk.articles = ArticleStore(desk.db, clock=desk.clock, keep="mentions")
    night(desk, "1", [FIRST])
    night(desk, "2", [FIRST, SECOND])

    desk.articles.rematch(1, (), desk.now)
    rematched = gaps(desk.db, ["ma_second"])["ma_second"]
    desk.articles.reread(1, desk.reading(desk.candidate("1")), desk.now)

    assert (rematched.since, rematched.texts_missing) == (EARLY, True)
    assert gaps(desk.db, ["ma_second"]) == {}


@pytest.mark.parametrize("kind", ["mentions", "attention"])
def test_exports_say_since_when_an_actor_compares(desk: Desk, kind: str) -> None:
    night(desk, "1", [FIRST])
    night(desk, "2", [FIRST, SECOND], mentions=(NAMED,))

    lines = exported(desk.db, kind)

    assert {(line["actor_id"], line["comparable_since"]) for line in lines} == {
        ("ma_second", "2026-11-22T21:00:00Z")
    }


def test_answers_in_notebooks_and_reports_say_it_too(desk: Desk) -> None:
    night(desk, "1", [FIRST])
    night(desk, "2", [FIRST, SECOND], mentions=(NAMED,))

    (attention,) = desk.db.attention()
    (mention,) = desk.db.mentions()

    assert attention["comparable_since"] == mention["comparable_since"] == EARLY
    assert (attention["actor"], attention["actor_kind"]) == ("الثانية", "cso")
    assert desk.runs.report(2).comparable_since == (("ma_second", EARLY),)
    assert desk.runs.report(1).comparable_since == ()


@pytest.mark.parametrize(
    "changed",
    [
        Actor("a", "term", aliases=(Alias("اسم", "ar"),)),
        Actor("a", "cso", aliases=(Alias("اسم", "ar", "exact"),)),
        Actor("a", "cso", aliases=(Alias("اسم", "ar"), Alias("آخر", "ar", generated=True))),
        Actor("a", "cso", aliases=(Alias("اسم", "ar"),), context=("جمعية",)),
        Actor("a", "cso", aliases=(Alias("اسم", "ar"),), anti_aliases=("اسم آخر",)),
        Actor("a", "cso", aliases=(Alias("اسم", "ar"),), suppress=True),
    ],
)
def test_all_that_is_matched_is_in_the_digest(changed: Actor) -> None:
    assert forms_digest(changed) != forms_digest(Actor("a", "cso", aliases=(Alias("اسم", "ar"),)))


def test_the_order_of_forms_is_not_in_the_digest() -> None:
    one, other = Alias("اسم", "ar"), Alias("آخر", "ar")

    assert forms_digest(Actor("a", "cso", aliases=(one, other))) == forms_digest(
        Actor("a", "cso", aliases=(other, one))
    )
