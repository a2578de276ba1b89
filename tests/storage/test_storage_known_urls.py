"""What is known of an outlet's addresses when one of its listings is read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage import known_urls
from storage.finding import Sign, Visit, VisitOutcome
from storage.models import FoundBy

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

LISTING, SECOND = "https://sahifa.test/news", "https://sahifa.test/news?page=2"


def look(desk: Desk, *slugs: str, url: str = LISTING, signs: tuple[Sign, ...] = ()) -> list[str]:
    """A visit to a page of the listing that shows these articles; gives their keys."""
    parent = None if url == LISTING else LISTING
    visit = Visit(
        "ma_sahifa", FoundBy.LISTING, url, desk.now, VisitOutcome.READ, parent=parent, signs=signs
    )
    found = [desk.candidate(slug, found_by=FoundBy.LISTING) for slug in slugs]
    desk.candidates.record_visit(desk.run(), visit, found)
    return [each.url_key for each in found]


def test_addresses_met_by_the_last_look_are_told_from_those_of_this_run(desk: Desk) -> None:
    old = look(desk, "a", "b")
    last = desk.now
    desk.now += timedelta(days=1)
    new = look(desk, "b", "c")

    before, run = known_urls.met_before, desk.run()

    assert before(desk.db, "ma_sahifa", [*old, *new, "ma_sahifa:/never"], last, run) == set(old)
    assert before(desk.db, "ma_sahifa", new, desk.now, run) == set(new)
    assert before(desk.db, "ma_other", old, last, run) == frozenset()


def test_what_the_same_run_met_soon_after_a_look_counts_and_what_this_run_did_never(
    desk: Desk,
) -> None:
    feed_visit = desk.now
    desk.later(minutes=2)
    listed = look(desk, "a")
    desk.later(minutes=3)
    run = desk.run()
    tonight = look(desk, "b")

    found = known_urls.met_before(desk.db, "ma_sahifa", [*listed, *tonight], feed_visit, run)

    assert found == set(listed)


def test_what_other_pages_of_a_listing_have_shown_is_known(desk: Desk) -> None:
    first = look(desk, "a", "b")
    look(desk, "b", "c", url=SECOND)
    shown = known_urls.shown_on_other_pages

    assert shown(desk.db, "ma_sahifa", (LISTING, SECOND), first) == frozenset(first)
    assert shown(desk.db, "ma_sahifa", (LISTING, LISTING), first) == {first[1]}


def test_signs_are_those_of_the_last_look_with_its_further_pages(desk: Desk) -> None:
    look(desk, "a", signs=(Sign("trap_session", "x"),))
    look(desk, "b")
    look(desk, "c", url=SECOND, signs=(Sign("trap_paging", "y"),))

    assert known_urls.last_signs(desk.db, "ma_sahifa", LISTING) == {"trap_paging"}
    assert known_urls.last_signs(desk.db, "ma_sahifa", SECOND) == {"trap_paging"}


def test_only_addresses_of_stored_articles_are_examples(desk: Desk) -> None:
    look(desk, "pending")

    assert known_urls.stored_urls(desk.db, "ma_sahifa") == ()


def test_those_of_the_newest_days_come_first_and_those_left_out_never(desk: Desk) -> None:
    for day, slug in enumerate(("old", "new", "newest", "withdrawn"), start=1):
        desk.store(slug, published_at=desk.now - timedelta(days=9 - day))
    with desk.db.write():
        desk.db.execute("UPDATE articles SET withdrawn = 1 WHERE url LIKE '%/withdrawn'")

    assert known_urls.stored_urls(desk.db, "ma_sahifa", limit=2) == (
        "https://sahifa.test/newest",
        "https://sahifa.test/new",
    )
