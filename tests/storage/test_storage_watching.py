"""Which minutes were watched: interval arithmetic against an oracle that asks minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.spans import by_part, common, joined, length, minute_of, moment_of, without
from storage.times import zone
from storage.watching import (
    Sight,
    WatchedOutlet,
    WatchedWay,
    covered,
    day_starts,
    gap,
    lengths,
    period_of,
    share,
    sights,
)

CASABLANCA = "Africa/Casablanca"
LONG_DAY, SHORT_DAY = date(2026, 2, 15), date(2026, 3, 22)  # clocks back and forth in Morocco
MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8).map(joined)


def minutes_in(found: tuple[tuple[int, int], ...]) -> set[int]:
    return {minute for start, end in found for minute in range(start, end)}


@given(spans, spans)
def test_spans_are_sets_of_minutes(one: tuple[tuple[int, int], ...], two: object) -> None:
    other = joined(two)  # type: ignore[arg-type]  # what the strategy gives
    assert minutes_in(without(one, other)) == minutes_in(one) - minutes_in(other)
    assert minutes_in(common(one, other)) == minutes_in(one) & minutes_in(other)
    assert minutes_in(joined([*one, *other])) == minutes_in(one) | minutes_in(other)
    assert length(one) == len(minutes_in(one))
    assert all(a[1] < b[0] for a, b in pairwise(one))


# ---------------------------------------------------------------- against the oracle

around = st.integers(-2 * 86_400, 2 * 86_400).map(
    lambda seconds: datetime(2026, 2, 15, 2, tzinfo=UTC) + timedelta(seconds=seconds)
)
pairs = st.tuples(around, around).map(sorted).map(tuple)


@st.composite
def ways(draw: st.DrawFn) -> tuple[WatchedWay, list[tuple[int, int]]]:
    """A way, and its gaps in seconds, of which it holds the minutes."""
    covered_from, covered_to = draw(st.one_of(st.just((None, None)), pairs))
    seconds = around.map(lambda moment: int(moment.timestamp()))
    lost = draw(st.lists(st.tuples(seconds, seconds), max_size=3))
    way = WatchedWay(
        url=f"https://one.test/{draw(st.integers(0, 9))}",
        covered_from=covered_from,
        covered_to=covered_to,
        on_from=draw(st.one_of(st.just(covered_from), st.none(), around)),
        off_at=draw(st.one_of(st.none(), around)),
        asked_to=draw(st.one_of(st.just(covered_to), st.none(), around)),
        gaps=tuple(gap(start, end) for start, end in lost),
    )
    return way, lost


days_around = st.integers(12, 18).map(lambda day: date(2026, 2, day))


def oracle(outlet: WatchedOutlet, lost: list[list[tuple[int, int]]], minute: int) -> Sight:
    """What the definition says of one minute, without any arithmetic on spans."""
    start, end = moment_of(minute), moment_of(minute + 1)
    day = start.astimezone(zone(outlet.timezone)).date()
    if outlet.blind_since and outlet.blind_since <= day <= (outlet.blind_until or date.max):
        return Sight.DECLARED

    def covers(number: int) -> bool:
        way = outlet.ways[number]
        if way.covered_from is None or way.covered_to is None:
            return False
        inside = way.covered_from <= start and end <= way.covered_to
        seconds = range(minute * 60, minute * 60 + 60)
        return inside and not any(
            f < t and (f in seconds or f < seconds[0] < t) for f, t in lost[number]
        )

    if any(map(covers, range(len(outlet.ways)))):
        expected = [
            number
            for number, way in enumerate(outlet.ways)
            if way.on_from is not None
            and way.on_from <= start
            and (way.off_at is None or end <= way.off_at)
        ]
        return Sight.WATCHED if all(map(covers, expected)) else Sight.PARTLY
    froms = [at for way in outlet.ways for at in (way.covered_from, way.on_from) if at]
    tos = [at for way in outlet.ways for at in (way.covered_to, way.asked_to) if at]
    between = froms and tos and min(froms) <= start and end <= max(tos)
    return Sight.BLIND if between else Sight.UNWATCHED


@settings(max_examples=40, deadline=None)
@given(st.lists(ways(), max_size=3), st.none() | days_around, st.none() | days_around)
def test_every_minute_is_told_as_the_oracle_tells_it(
    known: list[tuple[WatchedWay, list[tuple[int, int]]]], since: date | None, until: date | None
) -> None:
    those, lost = tuple(way for way, _ in known), [gaps for _, gaps in known]
    outlet = WatchedOutlet(
        "ma_one", "One", CASABLANCA, ways=those, blind_since=since, blind_until=until
    )
    start, end = period_of(date(2026, 2, 14), LONG_DAY, CASABLANCA)

    found = sights(outlet, (start, end))

    told = {minute: sight for sight, those in found.items() for minute in minutes_in(those)}
    assert sum(lengths(found).values()) == len(told) == end - start
    assert told == {minute: oracle(outlet, lost, minute) for minute in range(start, end)}


@given(st.lists(pairs, max_size=4), st.sampled_from([CASABLANCA, "Africa/Cairo", "Asia/Baghdad"]))
def test_minutes_are_shared_out_among_local_days(
    seen: list[tuple[datetime, datetime]], name: str
) -> None:
    first, last = date(2026, 2, 13), date(2026, 2, 17)
    those = joined((minute_of(start), minute_of(end)) for start, end in seen)

    found = by_part(those, day_starts(first, last, name))

    by_day: dict[date, int] = {}
    for minute in minutes_in(those):
        day = moment_of(minute).astimezone(zone(name)).date()
        if first <= day <= last:
            by_day[day] = by_day.get(day, 0) + 1
    assert {first + timedelta(days=number): n for number, n in found.items()} == by_day


# ---------------------------------------------------------------- what people would say of it


def outlet_of(*known: WatchedWay, **changes: object) -> WatchedOutlet:
    return WatchedOutlet("ma_one", "One", CASABLANCA, ways=known, **changes)  # type: ignore[arg-type]  # fields by name


def way(first: datetime, last: datetime, *gaps: tuple[datetime, datetime]) -> WatchedWay:
    lost = [gap(int(start.timestamp()), int(end.timestamp())) for start, end in gaps]
    return WatchedWay("https://one.test/rss", first, last, first, gaps=tuple(lost))


@pytest.mark.parametrize(
    ("day", "timezone", "minutes"),
    [
        (date(2026, 3, 10), CASABLANCA, 1440),
        (LONG_DAY, CASABLANCA, 1500),
        (SHORT_DAY, CASABLANCA, 1380),
        (date(2026, 4, 24), "Africa/Cairo", 1380),  # has no midnight
        (date(2026, 10, 29), "Africa/Cairo", 1500),  # 23:00 comes twice
        (date(2011, 12, 30), "Pacific/Apia", 0),  # was left out
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(day: date, timezone: str, minutes: int) -> None:
    start, end = period_of(day, day, timezone)

    assert end - start == minutes


@pytest.mark.parametrize("day", [LONG_DAY, SHORT_DAY])
def test_a_day_of_changing_clocks_is_watched_whole(day: date) -> None:
    start, end = period_of(day, day, CASABLANCA)
    outlet = outlet_of(way(moment_of(start), moment_of(end)))

    assert lengths(sights(outlet, (start, end)))[Sight.WATCHED] == end - start


def test_a_minute_that_was_cut_is_not_covered() -> None:
    half = timedelta(seconds=30)
    one = way(
        NOON + half, NOON + 60 * MINUTE + half, (NOON + 10 * MINUTE + half, NOON + 11 * MINUTE)
    )

    assert length(covered(one)) == 59 - 1
    assert minute_of(NOON) not in minutes_in(covered(one))
    assert minute_of(NOON + 10 * MINUTE) not in minutes_in(covered(one))


def test_a_feed_that_fails_while_a_sitemap_works_is_partly() -> None:
    hour = timedelta(hours=1)
    feed = way(NOON, NOON + hour)
    sitemap = way(NOON, NOON + 4 * hour)
    turned_off = WatchedWay("https://one.test/old", NOON, NOON + hour, NOON, NOON + 2 * hour)
    span = (minute_of(NOON), minute_of(NOON + 4 * hour))

    failing = lengths(sights(outlet_of(feed, sitemap), span))
    off = lengths(sights(outlet_of(turned_off, sitemap), span))

    assert (failing[Sight.WATCHED], failing[Sight.PARTLY]) == (60, 180)
    assert (off[Sight.WATCHED], off[Sight.PARTLY]) == (60 + 120, 60)


def test_two_ways_one_after_the_other_are_blind_between() -> None:
    hour = timedelta(hours=1)
    outlet = outlet_of(way(NOON, NOON + hour), way(NOON + 2 * hour, NOON + 3 * hour))

    found = lengths(sights(outlet, (minute_of(NOON - hour), minute_of(NOON + 4 * hour))))

    assert found[Sight.BLIND] == 60
    assert found[Sight.UNWATCHED] == 120
    assert found[Sight.PARTLY] == 60  # the first one is still on, and says nothing


def test_what_was_never_visited_or_never_read_is_not_watched() -> None:
    span = (minute_of(NOON), minute_of(NOON) + 60)
    failing = WatchedWay("https://one.test/rss", on_from=NOON)

    for outlet in (outlet_of(), outlet_of(failing)):
        found = lengths(sights(outlet, span))
        assert found[Sight.UNWATCHED] == 60
        assert share(found) == 0
    assert share({}) is None


def test_while_an_outlet_is_asked_and_shows_nothing_we_are_blind_and_afterwards_nobody_looks() -> (
    None
):
    walled = WatchedWay("https://one.test/rss", on_from=NOON, asked_to=NOON + timedelta(minutes=20))

    found = lengths(sights(outlet_of(walled), (minute_of(NOON), minute_of(NOON) + 60)))

    assert (found[Sight.BLIND], found[Sight.UNWATCHED]) == (20, 40)


def test_a_persons_declaration_wins_over_what_was_seen() -> None:
    start, end = period_of(date(2026, 3, 9), date(2026, 3, 11), CASABLANCA)
    seen = way(moment_of(start), moment_of(end))
    declared = outlet_of(seen, blind_since=date(2026, 3, 10), blind_until=date(2026, 3, 10))
    for_ever = outlet_of(seen, blind_since=date(2026, 3, 10))

    assert lengths(sights(declared, (start, end)))[Sight.DECLARED] == 1440
    assert lengths(sights(for_ever, (start, end)))[Sight.DECLARED] == 2880
