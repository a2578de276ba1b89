"""When a sitemap is taken for dead, and when it lives again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from storage.finding import Visit, VisitOutcome, Way
from storage.models import FoundBy
from storage.tombstones import AGAIN, GONE_VISITS, QUIET, may_rest

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

PART = "https://sahifa.test/part.xml"
INDEX = "https://sahifa.test/sitemap.xml"
DAY = timedelta(days=1)


def visited(desk: Desk, *slugs: str, url: str = PART, **changes: Any) -> Way:
    """The way after a visit that shows these articles."""
    told = {"outcome": VisitOutcome.READ, "found_by": FoundBy.SITEMAP, **changes}
    visit = Visit("ma_sahifa", told.pop("found_by"), url, desk.now, **told)
    found = [desk.candidate(slug, found_by=FoundBy.SITEMAP) for slug in slugs]
    desk.candidates.record_visit(desk.run(), visit, found)
    return desk.candidates.ways(["ma_sahifa"])["ma_sahifa", url]


def test_a_sitemap_without_anything_young_is_dead_until_it_shows_something(desk: Desk) -> None:
    first = visited(desk, quiet=True)
    at = desk.now
    desk.now += DAY
    again = visited(desk, quiet=True)
    unchanged = visited(desk, outcome=VisitOutcome.NOT_MODIFIED)
    failed = visited(desk, outcome=VisitOutcome.TIMEOUT)

    assert {way.dead_since for way in (first, again, unchanged, failed)} == {at}
    assert visited(desk, "new", quiet=False).dead_since is None


def test_a_sitemap_that_cannot_tell_is_dead_after_half_a_year_without_news(desk: Desk) -> None:
    visited(desk, "a")
    desk.now += QUIET - DAY
    assert visited(desk).dead_since is None
    desk.now += 2 * DAY
    assert visited(desk, outcome=VisitOutcome.NOT_MODIFIED).dead_since == desk.now


def test_an_index_lives_through_its_parts_and_a_feed_is_never_dead(desk: Desk) -> None:
    feed = "https://sahifa.test/rss"
    visited(desk, url=INDEX)
    visited(desk, "a", parent=INDEX)
    visited(desk, url=feed, found_by=FoundBy.FEED)
    desk.now += 2 * QUIET

    same = VisitOutcome.NOT_MODIFIED
    assert visited(desk, url=INDEX, outcome=same).dead_since is None
    assert visited(desk, url=feed, found_by=FoundBy.FEED, outcome=same).dead_since is None


def test_a_sitemap_that_is_gone_three_times_running_is_dead(desk: Desk) -> None:
    gone = VisitOutcome.GONE
    ends = [gone, gone, VisitOutcome.READ, gone, gone, gone]

    dead = [visited(desk, outcome=end).dead_since is not None for end in ends]

    assert dead == [False] * (len(ends) - 1) + [True]
    assert ends[-GONE_VISITS:] == [gone] * GONE_VISITS


def test_a_dead_way_rests_for_a_month(desk: Desk) -> None:
    way = visited(desk, quiet=True)

    assert may_rest(way, desk.now + AGAIN - DAY)
    assert not may_rest(way, desk.now + AGAIN)
    assert not may_rest(visited(desk, quiet=False), desk.now)
