"""What a Retry-After header means, and when a feed is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.engine.due import UNCONDITIONAL_EVERY, due_at, is_due, may_be_conditional
from crawler.engine.pace import MAX_RETRY_AFTER, retry_after
from storage.finding import Way
from storage.models import FoundBy

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FEED = Way("iq_manara", FoundBy.FEED, "http://manara.test/rss.xml")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b" 7 ", 7.0),
        (b"Mon, 02 Mar 2026 02:05:00 GMT", 300.0),
        (b"Mon, 02 Mar 2026 01:00:00 GMT", 0.0),
        (b"1000000000", MAX_RETRY_AFTER),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER),
        (b"-5", None),
        (b"\xb2", None),
        (b"Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        (b"soon", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_seconds_or_not_at_all(
    value: bytes | None, seconds: float | None
) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.binary(max_size=60))
def test_no_retry_after_crashes_or_asks_for_more_than_a_day(value: bytes) -> None:
    seconds = retry_after(value, NOW)

    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER


def way(**changes: object) -> Way:
    values = {"outlet_id": FEED.outlet_id, "found_by": FEED.found_by, "url": FEED.url}
    return Way(**{**values, **changes})  # type: ignore[arg-type]


def test_a_feed_that_was_never_visited_is_due() -> None:
    assert due_at(FEED) is None
    assert is_due(FEED, NOW)


def test_a_failing_feed_is_visited_more_rarely_but_at_least_once_a_day() -> None:
    healthy = way(visited_at=NOW)
    failing = way(visited_at=NOW, failures=3)
    hopeless = way(visited_at=NOW, failures=10_000)

    assert due_at(healthy) < due_at(failing) < due_at(hopeless)
    assert due_at(hopeless) == NOW + timedelta(hours=24)


def test_validators_are_sent_only_while_an_honest_look_is_fresh() -> None:
    fresh = way(etag='"a"', unconditional_at=NOW - timedelta(hours=1))
    stale = way(etag='"a"', unconditional_at=NOW - UNCONDITIONAL_EVERY)

    assert may_be_conditional(fresh, NOW)
    assert not may_be_conditional(stale, NOW)
    assert not may_be_conditional(way(etag='"a"'), NOW)
    assert not may_be_conditional(way(unconditional_at=NOW), NOW)
