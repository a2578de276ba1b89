"""What a reader may say of how far back a list, a sitemap or an index reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crawler.engine.feed_visits import since_only
from crawler.engine.sitemap_parts import Horizon, plan_parts
from crawler.engine.sitemap_visits import _reaches_back
from crawler.engine.visits import Visiting
from crawler.reading.chronology import shows_since
from crawler.reading.sitemap_records import SitemapEntry, SitemapPart, SitemapReading
from storage.finding import Follow, Visit, VisitOutcome, Way
from storage.models import Candidate, FoundBy, Hints

NOW = datetime(2026, 3, 20, tzinfo=UTC)
DAY = timedelta(days=1)
SITE = "https://sahifa.test"


def visiting(covered_to: datetime | None, since: datetime, follow: Follow | None = None) -> Any:
    known = Way("ma_sahifa", FoundBy.LISTING, f"{SITE}/news", covered_to=covered_to)
    crawl = SimpleNamespace(order=SimpleNamespace(since=since), way_of=lambda _: known)
    way = Way("ma_sahifa", FoundBy.LISTING, f"{SITE}/news/2") if follow else known
    return cast(Visiting, SimpleNamespace(crawl=crawl, way=way, follow=follow))


def item(days_ago: int) -> Candidate:
    url = f"{SITE}/{days_ago}"
    hints = Hints(published_at=NOW - days_ago * DAY)
    return Candidate(url, url, "ma_sahifa", FoundBy.LISTING, SITE, hints)


def seen(**changes: Any) -> Visit:
    read = VisitOutcome.READ
    return Visit("ma_sahifa", FoundBy.LISTING, f"{SITE}/news", NOW, read, **changes)


@pytest.mark.parametrize("said", [None, False])
def test_an_old_item_that_since_leaves_aside_is_no_word_of_reaching_back(said: bool | None) -> None:
    asked = visiting(NOW - DAY, since=NOW - 5 * DAY)

    found = since_only(asked, seen(reaches_back=said), [item(900), item(0)])

    assert (found.visit.partial, found.visit.reaches_back) == (False, said)


@pytest.mark.parametrize(("since", "partial"), [(1, True), (8, False)])
def test_a_page_has_to_come_back_to_what_its_listing_knew(since: int, partial: bool) -> None:
    until = NOW - 5 * DAY
    follow = Follow("ma_sahifa", FoundBy.LISTING, f"{SITE}/news/2", "page", SITE, 2, until)

    for each in (follow, Follow(*[*vars_of(follow)[:6], None])):
        asked = visiting(until, NOW - since * DAY, each)
        assert since_only(asked, seen(), [item(2), item(9)]).visit.partial is partial


def vars_of(follow: Follow) -> list[Any]:
    names = ("outlet_id", "found_by", "url", "why", "parent", "number")
    return [getattr(follow, name) for name in names]


def index(*names: str) -> bool | None:
    parts = tuple(SitemapPart(f"{SITE}/{name}", None, None, False) for name in names)
    reading = SitemapReading(VisitOutcome.READ, parts=parts, complete=True)
    horizon = Horizon(NOW - 2 * DAY, NOW)
    plan = plan_parts(parts, horizon, lambda url: Way("ma_sahifa", FoundBy.SITEMAP, url))
    return _reaches_back(reading, plan)


def test_an_index_without_any_part_of_articles_shows_nothing_of_them() -> None:
    assert index("category-sitemap.xml", "author-sitemap.xml") is False
    assert index("category-sitemap.xml", "post-sitemap.xml") is True


def test_an_index_whose_parts_are_too_deep_to_visit_shows_nothing() -> None:
    reading = SitemapReading(
        VisitOutcome.READ, parts=(SitemapPart(f"{SITE}/a.xml", None, None, False),), complete=True
    )
    horizon = Horizon(NOW - 2 * DAY, NOW)
    plan = plan_parts([], horizon, lambda url: Way("ma_sahifa", FoundBy.SITEMAP, url))

    assert _reaches_back(reading, plan) is False


@pytest.mark.parametrize(("known", "told"), [(1, False), (0, False), (30, True)])
def test_a_fixed_page_in_a_sitemap_without_dates_is_no_overlap(known: int, told: bool) -> None:
    entries = tuple(SitemapEntry(f"{SITE}/{n}", Hints(), None, None) for n in range(50))
    reading = SitemapReading(VisitOutcome.READ, entries=entries, remembered=known, complete=True)
    horizon = Horizon(NOW - 2 * DAY, NOW)
    plan = plan_parts([], horizon, lambda url: Way("ma_sahifa", FoundBy.SITEMAP, url))

    assert _reaches_back(reading, plan) is told


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize("pinned", [1, 2])
def test_an_old_entry_at_the_foot_does_not_make_a_feed_show_years(
    pinned: int, ascending: bool
) -> None:
    hours = [NOW - n * timedelta(hours=1) for n in range(10)]
    old = [NOW - 900 * DAY - n * DAY for n in range(pinned)]
    dates = [*hours, *old]

    assert shows_since(dates[::-1] if ascending else dates) == hours[-1]


def test_a_feed_of_a_quiet_outlet_shows_all_of_its_months() -> None:
    dates = [NOW - n * n * DAY for n in range(10)]

    assert shows_since(dates) == dates[-1]
