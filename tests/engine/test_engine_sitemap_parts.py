"""Which parts of a sitemap index are visited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.engine.sitemap_parts import MAX_PARTS, Horizon, PartsPlan, plan_parts
from crawler.reading.sitemap_records import SitemapPart
from storage.finding import VisitOutcome, Way
from storage.models import FoundBy

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
ROOT = "https://almithal.test/"
TWO_DAYS = Horizon(NOW - timedelta(days=2), NOW)


def way(url: str, visited: datetime | None = None, **more: object) -> Way:
    read = VisitOutcome.READ if visited else None
    known = {"visited_at": visited, "last_outcome": read, "body_sha256": "read whole", **more}
    return Way("ma_almithal", FoundBy.SITEMAP, url, **known)  # type: ignore[arg-type]  # a dict


def part(name: str, days: float | None = None, *, new: bool = False) -> SitemapPart:
    until = None if days is None else NOW - timedelta(days=days)
    return SitemapPart(ROOT + name, None, until, new)


def plan(*parts: SitemapPart, horizon: Horizon = TWO_DAYS, **known: Way) -> PartsPlan:
    ways = {each.url: each for each in known.values()}
    return plan_parts(parts, horizon, lambda url: ways.get(url, way(url)))


def names(found: PartsPlan) -> list[str]:
    return [each.url.removeprefix(ROOT) for each in found.chosen]


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("sitemap-2026-11-22.xml", False),
        ("sitemap-2026-11-19.xml", False),  # days end at other hours elsewhere
        ("sitemap-2026-11-17.xml", True),
        ("sitemap_20261117.xml.gz", True),
        ("2026/11/sitemap.xml", False),
        ("2026/10/sitemap.xml", True),
        ("sitemap-posttype-post.2025.12.xml", True),
        ("sitemap.xml?yyyy=2026&mm=1&dd=5", True),
        ("sitemap.xml?yyyy=2026", False),
        ("sitemap-2025.xml", True),
        ("sitemap-2026.xml", False),
        ("sitemap-2026-13-45.xml", False),
        ("posts-2012.xml?page=7", False),  # no telling whether that is a year
        ("sitemap-120261117.xml", False),
    ],
)
def test_the_date_in_a_name_tells_that_a_part_is_old(name: str, old: bool) -> None:
    found = plan(part(name))

    assert (names(found) == []) is old
    assert list(found.left) == (["older than 2026-11-20"] if old else [])


def test_a_year_is_a_page_number_where_other_parts_like_it_are_numbers() -> None:
    found = plan(*[part(f"posts-{number}.xml") for number in (1, 2, 2012)])

    assert len(found.chosen) == 3


def test_parts_that_were_read_since_they_changed_are_left_alone() -> None:
    known = {
        "read": way(f"{ROOT}read.xml", NOW - timedelta(days=1)),
        "late": way(f"{ROOT}late.xml", NOW - timedelta(days=1)),
        "failed": way(f"{ROOT}failed.xml", NOW, last_outcome=VisitOutcome.TIMEOUT),
        "cut": way(f"{ROOT}cut.xml", NOW, body_sha256=None),
    }

    parts = (
        part("read.xml", 2.5),
        part("late.xml", 1.5),
        part("failed.xml", 2.5),
        part("cut.xml", 2.5),
    )
    found = plan(*parts, horizon=Horizon(NOW - timedelta(days=9), NOW), **known)
    deep = plan(*parts, horizon=Horizon(NOW - timedelta(days=9), NOW, deep=True), **known)

    assert names(found) == ["late.xml", "failed.xml", "cut.xml"]  # an index may be a day old itself
    assert len(deep.chosen) == 4


def test_a_lastmod_that_all_parts_share_is_none() -> None:
    known = way(f"{ROOT}0.xml", NOW - timedelta(days=30))

    found = plan(*[part(f"{number}.xml", 9) for number in range(9)], known=known)

    assert (len(found.chosen), found.settled) == (9, False)


def test_an_index_may_stay_as_it_is_while_a_part_of_today_changes() -> None:
    assert plan(part("p.xml", 1.5)).settled
    assert not plan(part("p.xml", 0.5)).settled  # by the day, or made some hours ago
    assert not plan(part("p.xml")).settled


def test_dead_parts_rest_for_a_month_unless_the_index_says_that_they_live() -> None:
    dead = NOW - timedelta(days=99)
    known = {
        name: way(f"{ROOT}{name}.xml", NOW - timedelta(days=days), dead_since=dead)
        for name, days in (("asleep", 20), ("again", 31), ("alive", 20))
    }

    found = plan(part("asleep.xml"), part("again.xml"), part("alive.xml", 1), **known)

    assert (names(found), found.left["dead"]) == (["alive.xml", "again.xml"], 1)


def test_parts_of_tags_and_authors_are_left_alone_and_those_of_posts_never() -> None:
    others = (
        "category-sitemap.xml", "post_tag-sitemap2.xml.gz", "author-sitemap.xml",
        "wp-sitemap-taxonomies-category-1.xml", "wp-sitemap-users-1.xml", "sitemap-misc.xml",
        "sitemap-tax-post_tag.xml", "wp-sitemap-posts-page-1.xml", "page-sitemap.xml",
    )  # fmt: skip
    posts = (
        "post-sitemap.xml", "post-sitemap57.xml", "wp-sitemap-posts-post-1.xml", "map-page-2.xml",
        "news-sitemap.xml", "sitemap.xml?page=2", "sitemap-pt-post-p1.xml", "pages/sitemap1.xml",
        "video-sitemap.xml",
    )  # fmt: skip

    found = plan(*map(part, others + posts))

    assert set(names(found)) == set(posts)


def test_the_newest_come_first_then_new_ones_then_both_ends() -> None:
    undated = [part(f"p{number}.xml", new=number == 50) for number in range(100)]

    found = plan(part("old.xml", 1.5), *undated, part("new.xml", 0.5))

    first = ["new.xml", "old.xml", "p50.xml", "p0.xml", "p1.xml", "p98.xml", "p99.xml", "p2.xml"]
    assert names(found)[:8] == first
    assert (len(found.chosen), found.waiting, found.missed) == (MAX_PARTS, 52, False)
    assert list(found.told()) == ["50 parts to visit", "52 wait for the next look"]


def test_the_next_look_takes_up_what_waited() -> None:
    parts = [part(f"p{number}.xml") for number in range(100)]
    ways = {url.url: way(url.url) for url in parts}
    seen: set[str] = set()

    for night in range(3):
        at = NOW + timedelta(days=night)
        chosen = plan_parts(parts, Horizon(at - timedelta(days=2), at), ways.__getitem__).chosen
        ways |= {each.url: way(each.url, at) for each in chosen}
        seen |= {each.url for each in chosen}

    assert len(seen) == 100


def test_changed_parts_that_must_wait_are_missed() -> None:
    found = plan(*[part(f"p{number}.xml", number / 60) for number in range(60)])

    assert (found.waiting, found.missed) == (10, True)


@given(
    st.lists(
        st.tuples(
            st.from_regex(
                r"[a-z\-_]{0,9}[0-9]{0,9}[/\-.]?[0-9]{0,4}(\?yyyy=[0-9]{4})?", fullmatch=True
            ),
            st.none() | st.floats(-9, 9999),
            st.booleans(),
        ),
        max_size=80,
        unique_by=lambda each: each[0],
    ),
    st.booleans(),
)
def test_every_part_is_visited_left_alone_for_a_reason_or_waits(
    told: list[tuple[str, float | None, bool]], deep: bool
) -> None:
    parts = [part(name, days, new=new) for name, days, new in told]

    found = plan(*parts, horizon=Horizon(TWO_DAYS.since, NOW, deep))

    assert len(found.chosen) + found.waiting + sum(found.left.values()) == len(parts)
    assert len(found.chosen) == min(MAX_PARTS, len(found.chosen) + found.waiting)
