from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.finding import Sign, VisitOutcome
from storage.models import FoundBy, Outcome
from storage.quiet_days import is_holiday, weekend_of
from storage.rhythm import drop, rhythm_of
from storage.trouble_records import Gap, Look, OutletSeen, PagesSeen, Past, Trouble, WaySeen
from storage.trouble_rules import judge

NIGHT = datetime(2026, 4, 6, 22, tzinfo=UTC)  # a Monday, no feast near
FEED, SITEMAP = "https://sahifa.test/rss", "https://sahifa.test/news.xml"
DAY = timedelta(days=1)


def look(night: int, outcome: str = "read", **changes: Any) -> Look:
    at = NIGHT + DAY * night
    read = {"seen": 20, "fresh": 10, "newest_at": at - timedelta(hours=1)}
    values: dict[str, Any] = read if outcome in ("read", "moved") else {}
    return Look(night, at, VisitOutcome(outcome), **values | changes)


def way(looks: Sequence[Look], url: str = FEED, found_by: FoundBy = FoundBy.FEED) -> WaySeen:
    return WaySeen(url, found_by, tuple(looks))


def outlet(*ways: WaySeen, **changes: Any) -> OutletSeen:
    return replace(
        OutletSeen("ma_sahifa", "ma", "Africa/Casablanca", ("ma",)), ways=ways, **changes
    )


def nights(*outcomes: str) -> list[Look]:
    return [look(night, outcome) for night, outcome in enumerate(outcomes)]


def names(*outlets: OutletSeen) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in judge(outlets)]


@pytest.mark.parametrize(
    ("outcome", "kind", "subject"),
    [
        ("gone", "gone", FEED),
        ("blocked", "blocked", "direct"),
        ("robots", "robots", ""),
        ("html", "html_feed", FEED),
        ("broken", "broken_feed", FEED),
        ("empty", "empty_feed", FEED),
        ("too_large", "too_large", FEED),
        ("unsafe_address", "unsafe", FEED),
        ("moved", "moved", FEED),
    ],
)
def test_what_an_answer_says_is_told_at_the_first_visit(
    outcome: str, kind: str, subject: str
) -> None:
    (told,) = judge([outlet(way(nights("read", outcome)))])

    assert (told.kind, told.subject, told.since) == (kind, subject, NIGHT + DAY)


@pytest.mark.parametrize("outcome", ["network_error", "timeout", "http_error"])
def test_a_hiccup_is_no_trouble_and_two_in_a_row_are(outcome: str) -> None:
    once = outlet(way(nights("read", "read", outcome)))
    twice = outlet(way(nights("read", outcome, outcome)))

    assert names(once) == []
    (told,) = judge([twice])
    assert (told.subject, told.since) == ("sahifa.test", NIGHT + DAY)
    assert names(outlet(way(nights("read", outcome, outcome, "read")))) == []


def test_two_failures_within_an_hour_are_one_hiccup() -> None:
    first = look(1, "timeout")
    again = replace(first, run=2, at=first.at + timedelta(minutes=20))

    assert names(outlet(way([look(0), first, again]))) == []


def test_a_hiccup_does_not_end_a_trouble_nor_begin_it_anew() -> None:
    (told,) = judge([outlet(way(nights("read", "html", "timeout", "html", "timeout")))])

    assert (told.kind, told.since) == ("html_feed", NIGHT + DAY)


def test_a_dead_host_is_named_once_for_all_its_ways_and_is_not_silent_as_well() -> None:
    dead = ["read", *["network_error"] * 20]
    ways = [way(nights(*dead)), way(nights(*dead), SITEMAP, FoundBy.SITEMAP)]

    (told,) = judge([outlet(*ways)])

    assert (told.kind, told.subject) == ("unreachable", "sahifa.test")
    assert told.evidence["ways"] == [FEED, SITEMAP]


def test_a_streak_keeps_its_name_when_the_faults_change() -> None:
    mixed = outlet(way(nights("read", "timeout", "network_error", "http_error", "http_error")))

    assert names(mixed) == [("unreachable", "sahifa.test")]


def test_where_most_outlets_are_unreachable_at_once_we_are() -> None:
    def lost(number: int, *outcomes: str) -> OutletSeen:
        return replace(outlet(way(nights(*outcomes))), id=f"ma_{number}")

    down = [lost(n, "read", "network_error") for n in range(4)]
    fine = [lost(n, "read", "read") for n in (5, 6)]
    (told,) = judge([*down, *fine])
    later = [lost(n, "read", "network_error", "network_error") for n in range(4)]
    back = [lost(n, "read", "network_error", "read", "timeout") for n in range(2)]
    others = [lost(n, "read", "network_error", "read", "read") for n in range(2, 6)]

    assert (told.kind, told.outlet_id, told.evidence["unreachable"]) == ("offline", "", 4)
    assert names(*later, *[lost(n, "read", "read", "read") for n in (5, 6)]) == [("offline", "")]
    assert names(*back, *others) == []  # the night without a line is nobody's first failure


def test_outlets_that_have_long_been_dead_do_not_make_it_our_fault() -> None:
    dead = [replace(outlet(way(nights(*["timeout"] * 4))), id=f"ma_{n}") for n in range(3)]
    alive = [replace(outlet(way(nights(*["read"] * 4))), id=f"iq_{n}") for n in range(4)]

    assert {kind for kind, _ in names(*dead, *alive)} == {"unreachable"}


def test_a_wall_stands_before_an_egress_and_never_before_the_world() -> None:
    walled = [look(0), look(1, "blocked", egress="relay", status=403)]

    (told,) = judge([outlet(way(walled))])

    assert (told.kind, told.subject) == ("blocked", "relay")


def test_pages_behind_a_wall_are_a_trouble_though_the_feed_is_read() -> None:
    pages = (
        PagesSeen(0, NIGHT, {Outcome.STORED_NEW: 9}),
        PagesSeen(1, NIGHT + DAY, {Outcome.BLOCKED: 3, Outcome.STORED_NEW: 1}),
    )
    single = (PagesSeen(1, NIGHT, {Outcome.BLOCKED: 2}),)
    feed = way(nights("read", "read"))

    assert names(outlet(feed, pages=pages)) == [("blocked", "direct")]
    assert names(outlet(feed, pages=single)) == []


def test_pages_without_text_are_a_redesign_where_they_were_read_before() -> None:
    bad = PagesSeen(1, NIGHT + DAY, {Outcome.NO_TEXT: 6, Outcome.STORED_NEW: 1})
    read = PagesSeen(0, NIGHT, {Outcome.STORED_NEW: 9})
    feed = way(nights("read", "read"))

    assert names(outlet(feed, pages=(read, bad))) == [("redesigned", "")]
    assert names(outlet(feed, pages=(bad,))) == [("pages_failing", "")]


def test_failing_pages_follow_from_a_failing_host() -> None:
    pages = tuple(PagesSeen(n, NIGHT + DAY * n, {Outcome.HTTP_ERROR: 6}) for n in (1, 2))
    dead = way(nights("read", "http_error", "http_error"))

    assert names(outlet(dead, pages=pages)) == [("server_error", "sahifa.test")]


def silent(days: int, outcome: str = "not_modified") -> list[Look]:
    fresh = [look(night, shows_since=NIGHT + DAY * (night - 1)) for night in range(14)]
    return [*fresh, *(look(night, outcome) for night in range(14, 14 + days))]


def test_a_feed_that_answers_304_for_ever_is_frozen_after_two_days() -> None:
    assert names(outlet(way(silent(1)))) == []
    (told,) = judge([outlet(way(silent(2)))])

    assert (told.kind, told.since) == ("frozen", NIGHT + DAY * 14)
    assert told.evidence["newest"] == "2026-04-19T21:00:00Z"


def test_ways_that_fell_silent_together_have_one_cause() -> None:
    both = outlet(way(silent(4)), way(silent(4), SITEMAP, FoundBy.SITEMAP))
    one = outlet(way(silent(4)), way(silent(4, "read"), SITEMAP, FoundBy.SITEMAP))

    (told,) = judge([both])
    assert told.evidence["also"] == [FEED if told.subject == SITEMAP else SITEMAP]
    assert names(one) == [("frozen", FEED)]


def test_a_weekly_magazine_is_not_frozen_between_its_issues() -> None:
    issues = [
        look(night, newest_at=NIGHT + DAY * (night - night % 7), seen=20,
             shows_since=NIGHT + DAY * (night - night % 7) - timedelta(hours=1))
        for night in range(28)
    ]  # fmt: skip

    assert all(names(outlet(way(issues[:night]))) == [] for night in range(1, 28))


def test_a_feed_that_no_longer_reaches_back_overflows_unless_we_were_late() -> None:
    def short(*looks: Look) -> WaySeen:
        """A way whose looks without overlap left gaps, filled from the sitemap."""
        gaps = [Gap(NIGHT, one.at, one.at, SITEMAP) for one in looks if one.overlap is False]
        return replace(way(looks), gaps=tuple(gaps))

    steady = [look(night, overlap=True) for night in range(5)]
    over, back = look(5, overlap=False), [look(night, overlap=True) for night in (6, 7)]

    (told,) = judge([outlet(short(*steady, over))])
    assert (told.kind, told.evidence["repaired_by"]) == ("overflow", SITEMAP)
    assert names(outlet(short(*steady, look(8, overlap=False)))) == []
    assert names(outlet(way([*steady, over]))) == []  # its dates reach back: nothing was missed
    # One quiet day proves nothing.
    assert names(outlet(short(*steady, over, back[0]))) == [("overflow", FEED)]
    assert names(outlet(short(*steady, over, *back))) == []


@pytest.mark.parametrize("seconds", [-1, 1])
def test_a_host_that_answers_in_part_is_a_server_in_trouble_whichever_way_was_asked_first(
    seconds: int,
) -> None:
    silent = [look(night, "network_error", reason="reset") for night in range(2)]
    failing = [
        replace(
            look(night, "http_error", status=503), at=NIGHT + DAY * night + timedelta(0, seconds)
        )
        for night in range(2)
    ]

    told = judge([outlet(way(silent), way(failing, "https://sahifa.test/local"))])

    assert [(one.kind, one.subject) for one in told] == [("server_error", "sahifa.test")]


def test_signs_of_readers_are_troubles_of_their_way() -> None:
    odd = look(1, signs=(Sign("foreign_links", "19 of 20"), Sign("trap_calendar", "2099")))
    rebuilt = look(1, signs=(Sign("pattern_unmatched", "0 of 43 links"),))

    assert names(outlet(way([look(0), odd]))) == [("foreign_links", FEED), ("trap", FEED)]
    assert names(outlet(way([look(0), rebuilt]))) == [("redesigned", FEED)]


# ---------------------------------------------------------------- rhythm


def counts(plan: Sequence[int], first: date = date(2026, 4, 6)) -> dict[date, int]:
    return {first + DAY * number: count for number, count in enumerate(plan)}


WEEK = [20, 22, 18, 21, 19, 6, 5]


def test_a_drop_is_far_below_what_is_usual_on_such_days() -> None:
    weekend = weekend_of("ma")
    days = counts([*WEEK, *WEEK, 21, 3, 2])

    low = drop(days, sorted(days), weekend)

    assert low is not None
    assert (low.first, low.last, low.seen) == (date(2026, 4, 21), date(2026, 4, 22), 5)


@pytest.mark.parametrize(
    "plan",
    [
        [*WEEK, *WEEK, *WEEK],  # quiet weekends
        [*WEEK, *WEEK, 20, 22, 9],  # one slow day
        [*WEEK, *WEEK, 12, 14, 11],  # a slow week
        [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0],  # two a week
        [20, 3],  # nobody knows yet what is usual
        [20, 22, 18, 0, 0, 6, 5, 20, 22, 18, 0, 0],  # closed on Thursdays and Fridays
    ],
)
def test_what_is_no_drop(plan: list[int]) -> None:
    days = counts(plan)

    every = (drop(days, sorted(days)[:size], weekend_of("ma")) for size in range(1, len(plan) + 1))

    assert not any(every)


def test_a_rhythm_needs_a_week() -> None:
    days = counts(WEEK)

    assert rhythm_of(days, sorted(days)[:6], weekend_of("ma")) is None
    assert rhythm_of(days, sorted(days), weekend_of("ma")) is not None


def press(low: int, others: Sequence[str] = ()) -> list[OutletSeen]:
    """Six outlets, of which so many publish next to nothing on the last two days."""
    usual, poor = [*WEEK, *WEEK, 20, 22, 20, 21], [*WEEK, *WEEK, 20, 22, 2, 1]
    covered = (NIGHT - DAY, NIGHT + DAY * 18)
    feed = replace(way([look(n) for n in range(18)]), covered=covered)
    return [
        replace(outlet(feed), id=f"ma_{n}", counts=counts(poor if n < low else usual))
        for n in range(6)
    ]


def test_a_day_on_which_half_of_the_country_is_quiet_is_no_alarm() -> None:
    assert [one.outlet_id for one in judge(press(1)) if one.kind == "volume_drop"] == ["ma_0"]
    assert [one for one in judge(press(5)) if one.kind == "volume_drop"] == []


def test_too_little_is_not_told_where_a_known_trouble_explains_it() -> None:
    poor = press(1)[0]
    walled = replace(poor.ways[0], looks=(*poor.ways[0].looks, look(18, "blocked")))

    told: list[Trouble] = judge([replace(poor, ways=(walled,)), *press(0)[1:]])

    assert [one.kind for one in told] == ["blocked"]


def test_a_drop_that_is_known_lasts_until_a_usual_day_comes() -> None:
    poor = press(1)[0]
    known = Past("volume_drop", "", NIGHT + DAY * 16)
    back = {**poor.counts, date(2026, 4, 23): 20}
    others = press(0)[1:]

    going = judge([replace(poor, past=(known,)), *others])
    over = judge([replace(poor, past=(known,), counts=back), *others])

    assert [one.kind for one in going] == ["volume_drop"]
    assert over == []


@pytest.mark.parametrize(
    ("day", "country", "languages", "rests"),
    [
        (date(2026, 3, 20), "iq", (), True),  # Eid al-Fitr
        (date(2026, 5, 27), "bh", (), True),  # Eid al-Adha
        (date(2026, 6, 25), "iq", (), True),  # Ashura
        (date(2026, 6, 26), "ma", (), False),
        (date(2026, 3, 22), "iq", ("ckb",), True),  # Nowruz
        (date(2026, 11, 18), "ma", (), True),
        (date(2026, 11, 17), "ma", (), False),
    ],
)
def test_holidays(day: date, country: str, languages: tuple[str, ...], rests: bool) -> None:
    assert is_holiday(day, [country], languages) is rests
