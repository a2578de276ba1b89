"""The day of publication of whole pages: lies, clocks, comments, lists, and odd markup."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from reading.reading_pages import ARABIC, article

from bench.datepages import dated_pages
from crawler.demo.articles import sites
from crawler.demo.layouts import article_page
from crawler.demo.records import Article
from crawler.reading.body import Document
from crawler.reading.heads import head_of
from crawler.reading.markup import Markup
from crawler.reading.page import read_page
from crawler.reading.published import published
from storage.models import Hints, Page, Precision, Reading, ReadingContext

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONE = "Asia/Baghdad"
TITLE = "سكان الحي القديم يطالبون بمدرسة"
TEXT = f"<p>{ARABIC}</p><p>{ARABIC}</p><p>{ARABIC}</p>"
OTHER = "افتتاح مكتبة جديدة للأطفال في المدينة"


def read(
    body: str, *, head: str = "", url: str = "https://a.test/n/77", at: datetime | None = None
) -> Reading:
    """A page of a made-up outlet in Baghdad, read with what its feed says of it."""
    markup = f"<html><head><title>{TITLE} | المثال</title>{head}</head><body>{body}</body></html>"
    page = Page(
        url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), markup.encode(), NOW
    )
    hints = Hints(published_at=at)
    return read_page(page, ReadingContext("iq_a", "iq", ("ar",), ZONE, hints=hints, now=NOW))


def day(reading: Reading) -> str | None:
    if reading.published_at is None:
        return None
    return reading.published_at.astimezone(ZoneInfo(ZONE)).date().isoformat()


def json_ld(**facts: str) -> str:
    pairs = ",".join(f'"{key}":"{value}"' for key, value in facts.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{pairs}}}</script>'


H1 = f"<h1>{TITLE}</h1>"
DATED = "<div class='post-meta'>الخميس 5 آذار 2026 - 10:40</div>"


@pytest.mark.parametrize(
    "body",
    [
        # as content systems print it
        f"{H1}<span class='posted-on'><a href='/n/77'><time class='entry-date updated'>"
        f"5 آذار 2026</time></a></span>{TEXT}",
        f"{H1}<dl class='article-info'><dt>التفاصيل</dt><dd>كتب بواسطة: سالم</dd>"
        f"<dd class='create'>نشر بتاريخ: 05 آذار 2026</dd><dd>الزيارات: 1250</dd></dl>{TEXT}",
        f"{H1}<div class='submitted'>Submitted by admin on خميس, 03/05/2026 - 10:40</div>"
        f"<span class=date>5 آذار 2026</span>{TEXT}",
        f"<form id='aspnetForm'><table><tr><td><span id='lblTitle'>{TITLE}</span></td></tr><tr><td>"
        f"<span id='lblDate'>05/03/2026</span></td></tr><tr><td>{TEXT}</td></tr></table></form>",
        f"<h3>{TITLE}</h3><font color=gray>٠٥-٠٣-٢٠٢٦ | ١٠:٤٠</font><br>{TEXT}",
        f"{H1}<ul class='meta'><li><i class='fa fa-user'></i> سالم</li><li><i class='fa fa-clock'>"
        f"</i> منذ 8 أشهر</li><li><i class='fa fa-calendar'></i> 2026/03/05</li></ul>{TEXT}",
        f"{H1}<div><b>المثال</b> ــ بغداد / 5 آذار 2026</div>{TEXT}",
        f"{H1}<div>5<br>آذار<br>2026</div>{TEXT}",
        f"{H1}<p>{ARABIC}</p><p class='dateline'>5 آذار/مارس 2026</p>{TEXT}",
        f"{H1}<table><tr><td>القسم</td><td>بيئة</td></tr><tr><td>تاريخ النشر</td><td>5 آذار 2026"
        f"</td></tr></table>{TEXT}",
        f"{H1}{TEXT}<div class='info'>تاريخ النشر: 5 آذار 2026</div>",
        f"<div class='kicker'>بيئة / الخميس 5 آذار 2026 - 10:40</div>{H1}{TEXT}",
        f"<div>الخميس 5 آذار 2026</div>{H1}{TEXT}",
        f"{H1}<abbr class='published' title='2026-03-05T10:40:00+03:00'>منذ أشهر</abbr>{TEXT}",
        f"{H1}<span class='time' data-timestamp='1772696400'></span>{TEXT}",
        f"{H1}<span>15 رمضان 1447هـ</span><span> 5 آذار 2026</span>{TEXT}",
        # beside other dates
        f"<div id='clock'>الأحد 22 تشرين الثاني 2026</div>{H1}{DATED}{TEXT}",
        f"<header><div class='date'>الخميس 19 تشرين الثاني 2026</div></header>{H1}{DATED}{TEXT}",
        f"{H1}<div>آخر تحديث: 9 آذار 2026</div><div>5 آذار 2026</div>{TEXT}",
        f"{H1}{DATED}{TEXT}<ol class='commentlist'><li><b>زائر</b> "
        "<time datetime='2026-03-09T10:00'>"
        "9 آذار 2026</time><p>شكرا</p></li></ol>",
        f"<section class='comments'><p>زائر 9 آذار 2026</p></section>{H1}{DATED}{TEXT}",
        f"{H1}{DATED}{TEXT}<h4>الأكثر قراءة</h4><div><a href='/x'>{OTHER}</a> 1 آذار 2026</div>",
        f"{H1}<figure><img><figcaption>صورة من 12 أيار 2019</figcaption></figure>{DATED}{TEXT}",
        f"{H1}{DATED}<p>{ARABIC} وذلك يوم 12 أيار 2025.</p><p>12 أيار 2024</p>{TEXT}",
    ],
)
def test_the_date_that_readers_see_is_read(body: str) -> None:
    assert day(read(body)) == "2026-03-05"


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}{TEXT}",
        f"<div class='date'>الأحد 22 تشرين الثاني 2026</div>{H1}{TEXT}",
        f"<header>الخميس 19 تشرين الثاني 2026</header>{H1}{TEXT}",
        f"{H1}{TEXT}<div class='comments'><time datetime='2026-03-09'>9 آذار 2026</time></div>",
        f"{H1}{TEXT}<div class='reply'>نشر في 9 آذار 2026</div>",
        f"{H1}{TEXT}<h3>التعليقات (2)</h3><div>نشر في: 9 آذار 2026 <p>شكرا</p></div>",
        f"<ul class='most-read'><li><a href='/x'>{OTHER}</a> "
        "<time datetime='2026-03-01'></time></li>"
        f"</ul>{H1}{TEXT}",
        f"{H1}{TEXT}<ul><li><a href='/x'>{OTHER}</a>"
        "<span class='date'>1 آذار 2026</span></li></ul>",
        f"{H1}{TEXT}<aside><span class='post-date'>نشر في 9 آذار 2026</span></aside>",
        f"{H1}{TEXT}<div class='prev-next'><time datetime='2026-03-09'>9 آذار 2026</time></div>",
        f"{H1}<p>{ARABIC} وقد عقد اللقاء يوم الخميس 5 آذار 2026.</p>{TEXT}",
        f"{H1}{TEXT}<footer>جميع الحقوق محفوظة 2010-2026</footer>",
        f"{H1}<div>آخر تحديث: 9 آذار 2026</div>{TEXT}",
        f"{H1}<div class='date'>الأحد 5 آذار 2026</div>{TEXT}",  # it was a Thursday
        f"{H1}<div class='date'>كانون الثاني 2026</div>{TEXT}",
        f"{H1}<div class='date'>2026</div>{TEXT}",
        f"{H1}<div>هاتف: 05-03-2026</div><div>القانون رقم 5/3/2019</div>{TEXT}",
        f"{H1}<p>الزمان: 5 آذار 2026</p>{TEXT}",
        f"<div>الأحد 22 تشرين الثاني 2026</div>{H1}{TEXT}",
        f"<div>الخميس 19 تشرين الثاني 2026</div>{H1}{TEXT}",
        "<table><tr><td>"
        + f"<a href='/x'>{OTHER}</a><br>1 آذار 2026<br>" * 12
        + "</td></tr></table>"
        f"{H1}{TEXT}",
        f"{H1}{TEXT}" + f"<div>1 آذار 2026</div><div><a href='/x'>{OTHER}</a></div>" * 9,
        f"{H1}" + f"<div>1 آذار 2026</div><div><a href='/x'>{OTHER}</a></div>" * 9 + TEXT,
        f"{H1}<p>{ARABIC}</p><h3>5 آذار 2026</h3>{TEXT}<h3>9 آذار 2026</h3>{TEXT}",
    ],
)
def test_dates_of_something_else_are_not_taken(body: str) -> None:
    assert day(read(body)) is None


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        # the day of the visit, printed by a template
        (json_ld(datePublished="2026-11-22T11:58:00Z"), DATED, "2026-03-05"),
        (
            json_ld(datePublished="2026-11-22T11:58:00Z"),
            "<time datetime='2026-11-22T11:58:00Z'>5 آذار 2026</time>",
            "2026-03-05",
        ),
        (
            json_ld(datePublished="2026-01-01T00:00:00Z"),
            "<meta itemprop='datePublished' content='2026-03-05T10:00:00+03:00'>",
            "2026-03-05",
        ),
        # a constant, and the day of a change, given as that of publication
        (json_ld(datePublished="2014-06-01T00:00:00Z"), DATED, "2026-03-05"),
        (json_ld(datePublished="2026-04-01", dateModified="2026-04-01"), DATED, "2026-03-05"),
        # a change shown to readers, and stated as one
        (
            json_ld(datePublished="2026-03-05", dateModified="2026-04-09"),
            "<div class='date'>9 نيسان 2026</div>",
            "2026-03-05",
        ),
        # local time passed off as UTC, just before midnight
        (
            json_ld(datePublished="2026-03-05T23:30:00Z"),
            "<div class='date'>5 آذار 2026 - 23:30</div>",
            "2026-03-05",
        ),
        # another article's data
        (
            json_ld(headline=OTHER, datePublished="2026-10-10")
            + json_ld(headline=TITLE, datePublished="2026-03-05"),
            "",
            "2026-03-05",
        ),
        # month first, as the page itself shows
        ('<meta name="date" content="03/05/2026">', DATED, "2026-03-05"),
        # useless
        (json_ld(datePublished="1970-01-01T00:00:00Z"), DATED, "2026-03-05"),
        (json_ld(datePublished="2031-01-01T00:00:00Z"), DATED, "2026-03-05"),
        (json_ld(dateModified="2026-04-09"), DATED, "2026-03-05"),
        (json_ld(dateModified="2026-04-09"), "", None),
        (json_ld(datePublished="2026-03"), "", None),
        # true, whatever else is printed
        (json_ld(datePublished="2026-03-05"), "", "2026-03-05"),
        (json_ld(datePublished="2026-03-05"), "<div>منذ ساعتين</div>", "2026-03-05"),
    ],
)
def test_metadata_is_believed_unless_the_page_belies_it(
    head: str, body: str, expected: str | None
) -> None:
    assert day(read(f"{H1}{body}{TEXT}", head=head)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2026/03/05/x", "2026-03-05"),
        ("/2026/3/5/x", "2026-03-05"),
        ("/news/2026-03-05/x", "2026-03-05"),
        ("/20260305/x", "2026-03-05"),
        ("/2026/03/x", None),
        ("/n/20260305", None),
        ("/n/20260305.html", None),
        ("/n/120260305/x", None),
        ("/n/x?date=2026-03-05", None),
        ("/2031/03/05/x", None),
        ("/2026/13/05/x", None),
    ],
)
def test_an_address_states_a_day_only_in_its_folders(path: str, expected: str | None) -> None:
    assert day(read(f"{H1}{TEXT}", url=f"https://a.test{path}")) == expected


def test_the_address_and_the_page_together_belie_two_metadata_fields() -> None:
    head = json_ld(datePublished="2026-08-01")
    head += '<meta property="article:published_time" content="2026-08-01">'

    reading = read(f"{H1}{DATED}{TEXT}", head=head, url="https://a.test/2026/03/05/x")

    assert day(reading) == "2026-03-05"


def test_a_feed_stands_against_a_template_that_prints_the_day_of_the_visit() -> None:
    head = json_ld(datePublished="2026-11-22T11:00:00Z")
    at = datetime(2026, 3, 5, 7, tzinfo=UTC)

    reading = read(f"{H1}{TEXT}", head=head, at=at)

    assert (reading.published_at, dict(reading.methods)["published_at"]) == (at, "feed")


def test_marks_of_direction_in_a_date_neither_hide_it_nor_are_changed() -> None:
    text = "\u200fالخميس\u200f \u200e5 آذار 2026\u200e"

    reading = read(f"{H1}<div class='date'>{text}</div><span class='date'>{text}</span>{TEXT}")

    assert (day(reading), reading.published_raw) == ("2026-03-05", text)


# ---------------------------------------------------------------- how sure a day is


def test_an_islamic_date_alone_gives_the_month_and_says_how_it_was_read() -> None:
    reading = read(f"{H1}<div class='date'>15 رمضان 1446هـ</div>{TEXT}")

    assert day(reading) == "2025-03-15"
    assert reading.published_precision is Precision.MONTH
    assert dict(reading.methods)["published_at"] == "visible:islamic"


def test_an_islamic_date_at_a_months_end_gives_the_year_and_at_a_years_end_nothing() -> None:
    of_month = read(f"{H1}<div class='date'>1 رمضان 1446هـ</div>{TEXT}")  # 1 March 2025
    of_year = read(f"{H1}<div class='date'>1 رجب 1446هـ</div>{TEXT}")  # 1 January 2025

    assert (day(of_month), of_month.published_precision) == ("2025-03-01", Precision.YEAR)
    assert (day(of_year), of_year.published_precision) == (None, Precision.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("السبت 15 رمضان 1446هـ", "2025-03-15"),
        ("الأحد 15 رمضان 1446هـ", "2025-03-16"),  # by local sighting
        ("15 رمضان 1446هـ الموافق 16 آذار 2025", "2025-03-16"),
    ],
)
def test_a_weekday_or_a_gregorian_date_makes_an_islamic_day_sure(text: str, expected: str) -> None:
    reading = read(f"{H1}<div class='date'>{text}</div>{TEXT}")

    assert (day(reading), reading.published_precision) == (expected, Precision.DAY)
    assert dict(reading.methods)["published_at"] == "visible"


def test_a_time_told_from_now_says_so() -> None:
    reading = read(f"{H1}<div class='date'>منذ ساعتين</div>{TEXT}")

    assert reading.published_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert dict(reading.methods)["published_at"] == "visible:relative"


def test_weeks_are_too_long_to_name_a_day() -> None:
    reading = read(f"{H1}<div class='date'>منذ أسبوعين</div>{TEXT}")

    assert reading.published_precision is Precision.MONTH


# ---------------------------------------------------------------- all ways, all lies


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_page_of_ours_is_given_a_wrong_day(seed: int) -> None:
    wrong: list[tuple[str, date | None, str | None]] = []
    for page in dated_pages(seed):
        bytes_ = Page(
            page.url, page.url, 200, (("Content-Type", "text/html"),), page.html.encode(), NOW
        )
        reading = read_page(bytes_, page.context)
        zone = ZoneInfo(page.context.timezone)
        at = reading.published_at
        found = None if at is None else at.astimezone(zone).date()
        if found != page.day or reading.outcome is not None:
            wrong.append((page.name, page.day, str(found)))

    assert wrong == []


def test_every_layout_of_the_demo_newsroom_shows_its_date() -> None:
    wrong = []
    for site in sites():
        for told in site.articles:
            now = told.published + timedelta(days=20)
            zone = ZoneInfo(site.timezone)
            markup = article_page(
                site.model_copy(update={"metadata": ()}), told, "http://a.test", now
            )
            page = Markup(markup)
            context = ReadingContext("iq_a", "iq", site.languages, site.timezone, now=now)
            moment = published(head_of(page.tree), page, "http://a.test/n/77", context)
            if moment is None or moment.at.astimezone(zone).date() != local_day(told, zone):
                wrong.append((site.name, site.layout, told.published, moment))

    assert wrong == []


def local_day(told: Article, zone: ZoneInfo) -> date:
    return told.published.astimezone(zone).date()


@pytest.mark.parametrize(
    "piece",
    [
        "<p class='date'>5 آذار 2026</p>",
        f"<li><a href='/x'>{OTHER}</a> <b class='date'>5 آذار 2026</b></li>",
        "<time datetime='2026-03-05'></time><i class='date'></i>",
    ],
)
def test_a_page_full_of_dates_is_read_in_linear_time(piece: str) -> None:
    spent = []
    for number in (1_500, 6_000):
        page = Markup(f"<html><body>{H1}<div class='date'>{piece * number}</div></body></html>")
        head, context = head_of(page.tree), ReadingContext("a", "iq", ("ar",), ZONE, now=NOW)
        assert isinstance(page.document, Document)
        started = time.perf_counter()
        published(head, page, "http://a.test/n", context)
        spent.append(time.perf_counter() - started)

    assert spent[1] < 1 + 10 * spent[0]


def test_the_helpers_of_the_reading_tests_have_no_date() -> None:
    assert "2026" not in article()
