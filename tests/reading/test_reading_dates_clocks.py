"""By which clock a day is counted: the outlet's, where the page or the outlet's file tells it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.reading_pages import FRENCH, page

from crawler.reading.own_clock import by_own_clock
from crawler.reading.page import read_page
from crawler.reading.voices import Moment
from storage.models import Precision, Reading, ReadingContext

TITLE = "Le marché du port rouvre ce samedi"
TEXT = "".join(f"<p>{number}. {FRENCH}</p>" for number in range(1, 5))
URL = "https://almithal.test/n/7"
NIGHT = "2026-03-06T02:18:11Z"


def read(stated: str, shown: str, *, zone: str, more: str = "") -> Reading:
    """A page that says one time to machines and shows readers another."""
    data = (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{stated}"}}'
    )
    head = f"<title>{TITLE}</title>{data}</script>"
    body = f"<article><h1>{TITLE}</h1><div class=date>{shown}</div>{TEXT}{more}</article>"
    markup = f"<html lang=fr><head>{head}</head><body>{body}</body></html>"
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return read_page(page(markup, url=URL), ReadingContext("x_a", "", ("fr",), zone, now=now))


def at(reading: Reading) -> str:
    assert reading.published_at is not None
    return f"{reading.published_at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "2026-03-05 15:36"),  # nobody knows the outlet's zone: the page's own counts
        ("Africa/Casablanca", "2026-03-05 21:06"),  # of this outlet +05:30 is the server's
    ],
)
def test_a_shown_clock_belies_a_stated_zone_only_where_the_outlets_is_known(
    zone: str, expected: str
) -> None:
    found = read("2026-03-05T21:06:21+05:30", "5 mars 2026 21:06", zone=zone)

    assert at(found) == expected


@pytest.mark.parametrize(
    "more",
    [
        "<meta itemprop=dateCreated content='2026-03-05T21:18:11-05:00'>",
        "<script>data = {day: '2026-03-05T21:18:11-0500'}</script>",
        "<i data-at='2026-03-05 21:18:11 -05:00'></i>",
    ],
)
def test_the_same_moment_by_the_outlets_own_clock_is_what_was_found(more: str) -> None:
    found = read(NIGHT, "", zone="UTC", more=more)

    assert at(found) == "2026-03-06 02:18"
    assert (found.published_raw or "").startswith("2026-03-05")


@pytest.mark.parametrize(
    "more",
    [
        "",
        "<i data-at='2026-03-05T21:48:11-05:00'></i>",  # another moment
        "<i data-at='2026-03-06T02:18:11+00:00'></i>",  # no other clock
        "<i data-at='2026-03-05T99:18:11-05:00'></i>",  # no time
    ],
)
def test_what_is_no_other_clock_of_the_same_moment_changes_nothing(more: str) -> None:
    found = read(NIGHT, "", zone="UTC", more=more)

    assert (at(found), found.published_raw) == ("2026-03-06 02:18", NIGHT)


@given(
    st.datetimes(),
    st.sampled_from(["-23:59", "+23:59", "-05:00", "+14:00", "+99:99", "Z", ""]),
    st.sampled_from(["{}", "{} 25:61", "0{}", "1{}", "{}{}"]),
)
@settings(max_examples=60, deadline=None)
def test_no_time_makes_reading_fail(moment: datetime, offset: str, form: str) -> None:
    stated = form.replace("{}", f"{moment.isoformat()}{offset}")

    found = read(stated, stated, zone="Pacific/Kiritimati", more=f"<i data-at='{stated}'></i>")

    assert found.published_at is None or found.published_at.tzinfo is not None


@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
def test_the_ends_of_time_have_no_day_before_or_after(moment: datetime) -> None:
    known = Moment(moment.replace(tzinfo=UTC), Precision.SECOND, "x", "jsonld", moment)

    assert by_own_clock(known, "0001-01-01T00:00+23:59 9999-12-31T23:59-23:59") == known


@pytest.mark.parametrize("stated", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Adak"])
def test_a_time_that_no_clock_can_tell_is_no_date(stated: str, zone: str) -> None:
    assert read(stated, stated, zone=zone).published_at is None
