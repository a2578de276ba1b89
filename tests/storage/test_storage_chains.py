"""What visits tell of coverage: overlap, gaps, looks of several visits, repairs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.candidates import Leads
from storage.chains import MAX_ATTEMPTS, overlaps
from storage.finding import Follow, Visit, VisitOutcome, VisitResult
from storage.models import FoundBy, Hints
from storage.times import encode_time

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

FEED = "https://sahifa.test/rss"
LISTING, SITEMAP = "https://sahifa.test/news", "https://sahifa.test/sitemap.xml"


class Watch:
    """Visits to one outlet, night after night."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.run = desk, desk.run()

    def visit(
        self,
        *slugs: str,
        url: str = FEED,
        kind: FoundBy = FoundBy.FEED,
        follows: tuple[Follow, ...] = (),
        repairs: tuple[Follow, ...] = (),
        dates: dict[str, datetime] | None = None,
        **changes: Any,
    ) -> VisitResult:
        told = {"outcome": VisitOutcome.READ, "outlet_id": "ma_sahifa", "at": self.desk.now}
        visit = Visit(**{**told, "found_by": kind, "url": url, **changes})
        found = [
            self.desk.candidate(
                slug, found_by=kind, hints=Hints(published_at=(dates or {}).get(slug))
            )
            for slug in slugs
        ]
        leads = Leads(follows, repairs)
        return self.desk.candidates.record_visit(self.run, visit, found, None, leads)

    def follow(self, follow: Follow, *slugs: str, **changes: Any) -> VisitResult:
        return self.visit(
            *slugs, url=follow.url, kind=follow.found_by, chain=follow.chain,
            parent=follow.parent, **changes,
        )  # fmt: skip

    def covered(self, url: str = FEED) -> tuple[str | None, str | None]:
        row = self.desk.db.one("SELECT covered_from, covered_to FROM ways WHERE url = ?", (url,))
        assert row is not None
        return row["covered_from"], row["covered_to"]

    def gaps(self) -> list[tuple[str, str, str | None]]:
        return [
            tuple(row)
            for row in self.desk.db.all("SELECT from_at, to_at, repaired_by FROM gaps ORDER BY id")
        ]


def page(number: int, url: str = LISTING) -> Follow:
    return Follow("ma_sahifa", FoundBy.LISTING, f"{url}?page={number}", "page", url, number)


def part(name: str) -> Follow:
    return Follow("ma_sahifa", FoundBy.SITEMAP, f"https://sahifa.test/{name}", "part", SITEMAP)


def repair(url: str = SITEMAP) -> Follow:
    return Follow("ma_sahifa", FoundBy.SITEMAP, url, "repair", url)


@pytest.fixture
def watch(desk: Desk) -> Watch:
    return Watch(desk)


def nights(watch: Watch, hours: float = 24) -> str:
    watch.desk.later(hours=hours)
    return encode_time(watch.desk.now)


def test_a_feed_that_comes_back_to_what_was_known_is_covered_throughout(watch: Watch) -> None:
    first = encode_time(watch.desk.now)
    watch.visit("a", "b")
    second = nights(watch)

    result = watch.visit("c", "b")

    assert (result.overlap, result.gap_id) == (True, None)
    assert watch.covered() == (first, second)


def test_a_feed_without_overlap_is_a_gap_up_to_its_oldest_sure_entry(watch: Watch) -> None:
    first = encode_time(watch.desk.now)
    watch.visit("a", "b")
    second = nights(watch)
    oldest = watch.desk.now - timedelta(hours=3)

    result = watch.visit("c", "d", shows_since=oldest)

    assert result.overlap is False
    assert result.gap_id is not None
    assert watch.gaps() == [(first, encode_time(oldest), None)]
    assert watch.covered() == (first, second)


def test_without_sure_dates_the_gap_lasts_until_the_visit(watch: Watch) -> None:
    first = encode_time(watch.desk.now)
    watch.visit("a")
    second = nights(watch)
    watch.visit("c")

    assert watch.gaps() == [(first, second, None)]


def test_entries_that_are_all_new_but_reach_back_by_their_dates_are_no_gap(watch: Watch) -> None:
    """After a change of all addresses nothing looks known."""
    began = watch.desk.now
    watch.visit("a")
    nights(watch)

    watch.visit("c", "d", shows_since=began - timedelta(minutes=5))

    assert watch.gaps() == []


def test_what_another_feed_found_in_the_same_night_is_no_overlap(watch: Watch) -> None:
    watch.visit("a")
    nights(watch)
    watch.visit("x", "y", url="https://sahifa.test/sport")

    assert watch.visit("x", "y").overlap is False


@pytest.mark.parametrize("outcome", [VisitOutcome.EMPTY, VisitOutcome.BLOCKED, VisitOutcome.HTML])
def test_a_visit_that_shows_nothing_covers_nothing_and_the_next_one_tells(
    watch: Watch, outcome: VisitOutcome
) -> None:
    first = encode_time(watch.desk.now)
    watch.visit("a", "b")
    nights(watch)
    watch.visit(outcome=outcome)
    assert watch.covered() == (first, first)

    third = nights(watch)
    watch.visit("c", "b")

    assert watch.covered() == (first, third)
    assert watch.gaps() == []


def test_not_modified_covers(watch: Watch) -> None:
    first = encode_time(watch.desk.now)
    watch.visit("a")
    second = nights(watch)
    watch.visit(outcome=VisitOutcome.NOT_MODIFIED)

    assert watch.covered() == (first, second)


def test_a_visit_that_left_entries_aside_says_nothing_of_coverage(watch: Watch) -> None:
    first = encode_time(watch.desk.now)
    watch.visit("a")
    nights(watch)
    watch.visit("c", partial=True)

    assert watch.covered() == (first, first)
    assert watch.gaps() == []


def test_a_listing_goes_on_to_its_next_page_until_it_comes_back(watch: Watch) -> None:
    first = encode_time(watch.desk.now)
    watch.visit("a", "b", url=LISTING, kind=FoundBy.LISTING)
    second = nights(watch)

    top = watch.visit("f", "e", url=LISTING, kind=FoundBy.LISTING, follows=(page(2),))
    assert watch.covered(LISTING) == (first, first), "not before it came back"
    (follow,) = top.follows
    assert watch.desk.candidates.open_follows(["ma_sahifa"]) == [follow]

    last = watch.follow(follow, "d", "b", follows=(page(3),))

    assert last.follows == ()
    assert watch.desk.candidates.open_follows(["ma_sahifa"]) == []
    assert watch.covered(LISTING) == (first, second)
    assert watch.gaps() == []


def test_a_listing_that_overlaps_at_once_has_no_second_page(watch: Watch) -> None:
    watch.visit("a", "b", url=LISTING, kind=FoundBy.LISTING)
    nights(watch)
    top = watch.visit("c", "b", url=LISTING, kind=FoundBy.LISTING, follows=(page(2),))

    assert top.follows == ()


def test_pages_that_end_before_they_come_back_leave_a_gap(watch: Watch) -> None:
    watch.visit("a", url=LISTING, kind=FoundBy.LISTING)
    nights(watch)
    (follow,) = watch.visit("f", url=LISTING, kind=FoundBy.LISTING, follows=(page(2),)).follows

    assert watch.follow(follow, "e").gap_id is not None


def test_a_look_that_was_cut_off_by_a_kill_goes_on_in_the_next_run(watch: Watch) -> None:
    watch.visit("a", url=LISTING, kind=FoundBy.LISTING)
    nights(watch)
    watch.visit("f", url=LISTING, kind=FoundBy.LISTING, follows=(page(2),))
    second = encode_time(watch.desk.now)
    nights(watch, hours=1)

    (left,) = watch.desk.candidates.open_follows(["ma_sahifa"])
    assert watch.follow(left, "d", "a").fresh[0].url.endswith("/d")
    assert watch.covered(LISTING)[1] == second


def test_a_look_that_begins_anew_forgets_the_one_that_was_cut_off(watch: Watch) -> None:
    watch.visit("a", url=LISTING, kind=FoundBy.LISTING)
    nights(watch)
    (old,) = watch.visit("f", url=LISTING, kind=FoundBy.LISTING, follows=(page(2),)).follows
    nights(watch, hours=1)
    top = watch.visit("g", "f", url=LISTING, kind=FoundBy.LISTING, follows=(page(2),))
    assert top.overlap is False, "f was found after the last whole look"

    watch.follow(old, "e", "a")
    assert watch.desk.candidates.open_follows(["ma_sahifa"]) == list(top.follows)
    watch.follow(top.follows[0], "e", "a")

    assert watch.covered(LISTING)[1] == encode_time(watch.desk.now)
    assert watch.gaps() == []


def test_an_index_is_covered_when_all_its_parts_were_read(watch: Watch) -> None:
    first = encode_time(watch.desk.now)
    index = {"url": SITEMAP, "kind": FoundBy.SITEMAP, "reaches_back": True}
    parts = watch.visit(**index, follows=(part("1.xml"), part("2.xml"))).follows
    watch.follow(parts[0], "a")
    assert watch.covered(SITEMAP) == (None, None)
    watch.follow(parts[1], "b")

    assert watch.covered(SITEMAP) == (first, first)


def test_a_part_that_cannot_be_read_is_tried_again_and_then_a_gap(watch: Watch) -> None:
    index = {"url": SITEMAP, "kind": FoundBy.SITEMAP, "reaches_back": True}
    watch.visit(**index)
    nights(watch)
    (follow,) = watch.visit(**index, follows=(part("2.xml"),)).follows
    for _ in range(MAX_ATTEMPTS - 1):
        watch.follow(follow, outcome=VisitOutcome.NETWORK_ERROR)
        assert watch.gaps() == []
        assert len(watch.desk.candidates.open_follows(["ma_sahifa"])) == 1
    watch.follow(follow, outcome=VisitOutcome.POSTPONED)
    assert watch.gaps() == [], "what was not tried costs no attempt"
    watch.follow(follow, outcome=VisitOutcome.NETWORK_ERROR)

    assert len(watch.gaps()) == 1
    assert watch.desk.candidates.open_follows(["ma_sahifa"]) == []


def test_a_part_that_fails_night_after_night_does_not_keep_the_look_open(watch: Watch) -> None:
    index = {"url": SITEMAP, "kind": FoundBy.SITEMAP, "reaches_back": True}
    watch.visit(**index)
    first = encode_time(watch.desk.now)
    for _ in range(MAX_ATTEMPTS):
        assert watch.covered(SITEMAP)[1] == first
        nights(watch)
        (follow,) = watch.visit(**index, follows=(part("2.xml"),)).follows
        watch.follow(follow, outcome=VisitOutcome.TIMEOUT)

    assert watch.covered(SITEMAP)[1] == encode_time(watch.desk.now)
    assert len(watch.gaps()) == 1


def test_an_empty_part_is_no_gap(watch: Watch) -> None:
    index = {"url": SITEMAP, "kind": FoundBy.SITEMAP, "reaches_back": True}
    watch.visit(**index)
    nights(watch)
    (follow,) = watch.visit(**index, follows=(part("2.xml"),)).follows
    watch.follow(follow, outcome=VisitOutcome.EMPTY)

    assert watch.covered(SITEMAP)[1] == encode_time(watch.desk.now)
    assert watch.gaps() == []


def test_a_gap_is_repaired_when_another_way_shows_all_of_it(watch: Watch) -> None:
    began = watch.desk.now
    watch.visit("a")
    nights(watch)

    result = watch.visit("x", "y", repairs=(repair(),))
    (follow,) = result.follows
    assert (follow.why, follow.until) == ("repair", began)
    parts = watch.follow(follow, reaches_back=True, follows=(part("1.xml"),)).follows
    assert watch.gaps()[0][2] is None
    watch.follow(parts[0], "w", "v", "a")

    assert watch.gaps()[0][2] == SITEMAP
    assert watch.covered()[1] == encode_time(watch.desk.now)


def test_a_repair_that_does_not_reach_back_repairs_nothing(watch: Watch) -> None:
    watch.visit("a")
    nights(watch)
    (follow,) = watch.visit("x", repairs=(repair(),)).follows
    watch.follow(follow, "w", reaches_back=False)

    assert watch.gaps()[0][2] is None
    assert watch.desk.candidates.open_follows(["ma_sahifa"]) == []


def test_a_way_that_no_file_has_on_any_more_is_off_from_then(watch: Watch) -> None:
    watch.visit("a")
    watch.desk.candidates.note_switched({"ma_sahifa": [SITEMAP]})
    off = watch.desk.db.value("SELECT off_at FROM ways WHERE url = ?", (FEED,))
    assert off == encode_time(watch.desk.now)

    watch.desk.candidates.note_switched({"ma_sahifa": [FEED]})
    assert watch.desk.db.value("SELECT off_at FROM ways WHERE url = ?", (FEED,)) is None


DAY = datetime(2026, 3, 1, tzinfo=UTC)


@given(
    shown=st.lists(st.integers(0, 400), unique=True, min_size=1, max_size=30),
    known_until=st.integers(-1, 400),
    pinned=st.lists(st.integers(0, 400), unique=True, max_size=2),
    ascending=st.booleans(),
    dated=st.booleans(),
)
def test_overlap_is_told_right_in_any_order_and_in_spite_of_pinned_entries(
    shown: list[int], known_until: int, pinned: list[int], ascending: bool, dated: bool
) -> None:
    listed = sorted(shown, reverse=True)
    true = any(number <= known_until for number in listed)
    old = [number for number in pinned if number < min(listed) and number <= known_until]
    if ascending:
        listed, old = listed[::-1], []
    entries = [
        (number <= known_until, DAY + timedelta(hours=number) if dated else None)
        for number in [*old, *listed]
    ]
    dates = [at for _, at in entries if at is not None]
    if not ascending and len(dates) > 2 and dates == sorted(dates):
        return  # one entry behind two pinned ones: as a list with the oldest first
    if ascending and (not dated or len(entries) == 2):
        return  # not to be told apart from a list with everything known pinned to its head

    assert overlaps(entries) is (true or (bool(old) and all(known for known, _ in entries)))


def test_what_the_same_run_met_just_after_this_way_is_known_the_night_after(watch: Watch) -> None:
    """A listing is visited seconds after a feed; what it met first is no gap of the feed."""
    watch.visit("a")
    watch.desk.later(minutes=1)
    watch.visit("b", url=LISTING, kind=FoundBy.LISTING)
    watch.desk.runs.close(watch.run, "done")
    nights(watch)
    watch.run = watch.desk.run()

    assert watch.visit("c", "b").overlap is True
