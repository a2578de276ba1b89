"""Where pages put their day: small boxes, footers, captions, labels that belie classes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from reading.reading_pages import ARABIC, FRENCH

from crawler.reading.body import Document, parse_checked
from crawler.reading.dates import parse_date
from crawler.reading.numeric_dates import machine_date
from crawler.reading.page import read_page
from crawler.reading.page_lines import in_card, page_lines
from storage.models import Page, Reading, ReadingContext

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLE = "Le marché du port rouvre ce samedi"
OTHER = "Une bibliothèque pour les enfants ouvre ses portes au centre"
H1 = f"<h1>{TITLE}</h1>"
TEXT = "".join(f"<p>{number}. {FRENCH}</p>" for number in range(1, 5))


def read(
    body: str,
    *,
    head: str = "",
    lang: str = "fr",
    zone: str = "Africa/Casablanca",
    country: str = "ma",
    host: str = "almithal.test",
) -> Reading:
    """A page of a made-up outlet."""
    title = f"<title>{TITLE} | Al Mithal</title><meta property=og:title content='{TITLE}'>"
    markup = f"<html lang={lang}><head>{title}{head}</head><body>{body}</body></html>"
    url = f"https://{host}/n/7"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    page = Page(url, url, 200, headers, markup.encode(), NOW)
    return read_page(page, ReadingContext("ma_almithal", country, (lang[:2],), zone, now=NOW))


def day(reading: Reading) -> str:
    """The day of publication in Casablanca."""
    at = reading.published_at
    return f"{at.astimezone(ZoneInfo('Africa/Casablanca')):%Y-%m-%d}" if at else ""


def method(reading: Reading) -> str:
    return dict(reading.methods).get("published_at", "")


@pytest.mark.parametrize(
    "body",
    [
        # a small part beside the headline that is called after others
        f"{H1}<aside><ul><li>Ville</li><li class=meta-date>05.03.2026</li></ul></aside>{TEXT}",
        f"{H1}<div class=left-sidebar>Par Salma Idrissi 5 mars 2026 Ville</div>{TEXT}",
        f"{H1}<p class=text--caption>05.03.2026 | Ville</p>{TEXT}",
        f"{H1}<div class=date-and-comments>5 mars 2026, 10:16 | Commentaires</div>{TEXT}",
        f"<article>{H1}{TEXT}<footer class=entry-footer>Publié le 5 mars 2026</footer></article>",
        # an icon, or nothing, between the date and the headline under it
        f"<div class=date>5 mars 2026</div><a href=/l><i class=newsletter></i></a>{H1}{TEXT}",
        # a name that only begins like that of the page's head
        f"<div class='day headerfont'>5 mars 2026</div>{H1}{TEXT}",
        f"<div class='day header-font'>5 mars 2026</div>{H1}{TEXT}",
        # a drawing with a name, in a link right before
        "<a class=logo href=/><svg><title>Al Mithal</title></svg></a>"
        f"<div><span class=date>5 mars 2026</span></div>{H1}{TEXT}",
        # a heading right above the headline
        f"<h5>5 mars 2026</h5>{H1}{TEXT}",
        # links right above the headline, the first of them the day's
        f"<div><a class=post-time href=/2>5 mars 2026</a> <a href=/a>Salma Idrissi du port</a>"
        f" <a href=/c>Aucun commentaire</a></div>{H1}{TEXT}",
        # a kicker stands in the same heading
        f"<h3><span>Ville et port</span> - <span>{TITLE}</span></h3><div>5 mars 2026</div>{TEXT}",
        # the title stands again in a heading below the text
        f"<h2>{TITLE}</h2><div>5 mars 2026</div>{TEXT}<div class=tools>{H1}</div>",
        # a link that says what it is about is none to another article
        f"<div>{H1}</div><ul><li>5 mars 2026</li><li><a href=/n/7#c>1 commentaire sur {TITLE}</a>"
        f"</li></ul>{TEXT}",
        # what is called a date further down, and is the only one
        f"{H1}{TEXT}<div class=article-date>5 mars 2026</div>",
        # a year of two digits: with a time of day, or among words in what is called a date
        f"{H1}<div>Je 05.03.26 | 14:07 h | Par Salma</div>{TEXT}",
        f"<div class=date>Ville, 05.03.26</div>{H1}{TEXT}",
        # what readers are told is better than a class
        f"{H1}<div class=date-updated>Publié le 5 mars 2026</div>{TEXT}",
        f"{H1}<div>Mis à jour :</div><div><time datetime=2026-04-09>9 avril 2026</time></div>"
        f"<div>Publié :</div><div><time datetime=2026-03-05>5 mars 2026</time></div>{TEXT}",
        f"<p>This story is from March 5, 2026</p>{H1}{TEXT}",
    ],
)  # fmt: skip
def test_the_day_stands_in_odd_places(body: str) -> None:
    assert day(read(body)) == "2026-03-05"


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<aside><h3>{OTHER}</h3><span class=date>9 mars 2026</span></aside>{TEXT}",
        f"{H1}<aside><a href=/o>{OTHER}</a> <time datetime=2026-03-09></time></aside>{TEXT}",
        f"{H1}{TEXT}<aside><span class=date>9 mars 2026</span></aside>",
        f"{H1}{TEXT}<div class=sidebar>Publié le 9 mars 2026</div>",
        f"{H1}<img src=a.jpg><p class=caption>Le port, 9 mars 2026</p>{TEXT}",
        f"{H1}<figure><img src=a.jpg><p class=caption>9 mars 2026</p></figure>{TEXT}",
        f"{H1}{TEXT}<footer>Site mis en ligne, version publiée le 9 mars 2026</footer>",
        f"<article>{H1}{TEXT}</article><article><a href=/o>Le port</a>"  # a teaser
        "<footer class=entry-footer>Publié le 9 mars 2026</footer></article>",
        f"{H1}{TEXT}<div class=date>dimanche 22 mars 2026</div>",  # a clock at the bottom
        f"{H1}{TEXT}<div class=date>5 mars 2026</div><div class=date>9 mars 2026</div>",
        f"{H1}<h3>5 mars 2026</h3>{TEXT}<h3>9 mars 2026</h3>{TEXT}",  # a chronicle
        f"<div class=joined><span class=join-date>5 mars 2026</span></div>{H1}{TEXT}",
        f"{H1}<div>Version 05.03.26 du plan</div>{TEXT}",
        # only called the last change
        f"{H1}<div>Mis à jour le <time datetime=2026-03-09>9 mars 2026</time></div>{TEXT}",
    ],
)
def test_a_day_of_something_else_is_not_taken(body: str) -> None:
    assert day(read(body)) == ""


def test_a_box_beside_an_arabic_headline_dates_it() -> None:
    title = "سكان الحي القديم يطالبون بمدرسة جديدة"
    text = "".join(f"<p>{number}. {ARABIC}</p>" for number in range(1, 5))
    box = "<aside><span>المدينة</span> <span class=tarih>٥ آذار ٢٠٢٦</span></aside>"

    found = read(f"<h1>{title}</h1>{box}{text}", lang="ar")

    assert day(found) == "2026-03-05"


JSON = '<script type="application/ld+json">{{"@type":"NewsArticle",{}}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        # two places say one day, which is not that of the last change
        (
            JSON.format('"datePublished":"2026-01-04","dateModified":"2026-06-01"')
            + "<meta property=article:published_time content=2026-01-04>"
            "<link rel=canonical href=/n/7>",
            "<div class=date>5 mars 2026</div>",
            "2026-01-04",
        ),
        (
            JSON.format('"datePublished":"2026-01-04","dateModified":"2026-06-01"')
            + "<meta name=date content=2026-03-05>",
            "<div class=date>5 mars 2026</div>",
            "2026-03-05",
        ),
        # "date" does not say of what: what stands beside the headline does
        (
            "<meta name=date content=2026-03-12>",
            f"<p>{FRENCH}</p><p>Par Salma, 5 mars 2026, 10:16</p>",
            "2026-03-05",
        ),
        (
            "<meta name=dcterms.date content=2026-03-01>",
            f"<p>{FRENCH}</p><div class=date>5 mars 2026</div>",
            "2026-03-05",
        ),
        # what readers are told is a change belies nothing
        (
            JSON.format('"datePublished":"2026-03-05T09:00:00Z"'),
            "<div>Mis à jour le <time datetime=2026-04-09>9 avril 2026</time></div>",
            "2026-03-05",
        ),
    ],
)
def test_which_of_several_days_is_believed(head: str, body: str, expected: str) -> None:
    assert day(read(f"{H1}{body}{TEXT}", head=head)) == expected


def test_a_vague_day_is_believed_where_nothing_else_is_said() -> None:
    found = read(H1 + TEXT, head="<meta name=date content=2026-03-05>")

    assert (day(found), method(found)) == ("2026-03-05", "meta")


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-05", "2026-03-05T10:16", "2026-03-05T10:16:30", "2026-03-05T10:16:30.123Z"),
        *("2026-03-05T23:59:59+03:00", "2026-03-05T10:16:30-0530", "2026-03-05T10:16:30+15:00"),
        *("2026-02-30", "2026-13-01T10:00:00Z", "2026-03-05T25:00:00Z", "2031-01-01T00:00:00Z"),
    ],
)
def test_a_date_as_machines_state_it_is_read_like_any_other(text: str) -> None:
    short = parse_date(text, now=NOW)
    spelled = parse_date(f"({text})", now=NOW)  # no longer a date alone: every form is looked for

    assert (short and (short.value, short.precision, short.utc_offset)) == (
        spelled and (spelled.value, spelled.precision, spelled.utc_offset)
    )


def test_what_is_no_date_of_a_machine_is_left_to_the_other_forms() -> None:
    assert machine_date("2026-03-05 at noon") is None
    assert machine_date("٢٠٢٦-٠٣-٠٥") is None
    assert parse_date("٢٠٢٦-٠٣-٠٥", now=NOW) is not None


def test_a_known_zone_counts_the_day_and_no_other_clock_is_looked_for() -> None:
    head = JSON.format('"datePublished":"2026-03-06T02:18:11Z"')
    body = f"{H1}{TEXT}<script>x='2026-03-05T21:18:11-05:00'</script>"

    known, unknown = read(body, head=head), read(body, head=head, zone="UTC")

    assert known.published_raw == "2026-03-06T02:18:11Z"
    assert unknown.published_raw == "2026-03-05T21:18:11-05:00"
    assert known.published_at == unknown.published_at


SPAN = "<span class=date>3/4/2026</span>"
PLAIN = "<p>Founded 12/25/1999.</p>"


@pytest.mark.parametrize(
    ("lang", "country", "host", "more", "expected"),
    [
        ("en", "", "almithal.test", "", "2026-03-04"),
        ("en-US", "", "almithal.test", "", "2026-03-04"),
        ("en-GB", "", "almithal.test", "", "2026-04-03"),
        ("en", "", "almithal.ma", "", "2026-04-03"),
        ("en", "ma", "almithal.test", "", "2026-04-03"),  # of a known outlet the country tells
        ("fr", "", "almithal.test", "", "2026-04-03"),
        ("ar", "", "almithal.test", "", "2026-04-03"),
        # the page's other dates are better than its language
        ("fr", "", "almithal.test", PLAIN, "2026-03-04"),
        ("fr", "ma", "almithal.test", PLAIN, "2026-04-03"),
        ("en", "", "almithal.test", "<p>Opened 25/12/1999.</p>", "2026-04-03"),
        # and another place that says the day is best
        (
            "en",
            "",
            "almithal.test",
            "<a href=x><time datetime=2026-04-03></time></a>",
            "2026-04-03",
        ),
    ],
)
def test_the_order_of_numbers_where_nobody_knows_the_outlet(
    lang: str, country: str, host: str, more: str, expected: str
) -> None:
    found = read(f"{H1}{SPAN}{more}{TEXT}", lang=lang, country=country, host=host)

    assert day(found) == expected


def test_many_dates_in_many_blocks_around_one_long_link_cost_little() -> None:
    link = f"<a href=/x>{'<b></b>' * 700}</a>" * 20
    nest = f"{'<div>' * 150}{link}{'<div>5/3/2026</div>' * 25}{'</div>' * 150}"
    document = parse_checked(f"<body>{H1}{TEXT}{nest}</body>")
    assert isinstance(document, Document)
    began = time.process_time()

    page = page_lines(document, [TITLE])

    assert not any(in_card(page, line) for line in page.lines)
    assert time.process_time() - began < 4
