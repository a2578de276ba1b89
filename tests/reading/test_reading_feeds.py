"""Feeds, whole and broken."""

from __future__ import annotations

from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading.reading_pages import context, page

from crawler.reading.doors import read_doors
from crawler.reading.feeds import read_feed
from crawler.reading.feedxml import MAX_ITEMS, mend
from storage.finding import FeedReading, VisitOutcome

FEED_URL = "https://almithal.test/ar/rss"


def feed(body: str | bytes, content_type: str = "application/rss+xml") -> FeedReading:
    return read_feed(page(body, url=FEED_URL, content_type=content_type), context())


def item(number: int, extra: str = "", date: str = "Fri, 20 Nov 2026 14:30:00 +0100") -> str:
    return (
        f"<item><title>خبر رقم {number} من مدينة الضفة</title><link>/a/{number}?x=1&amp;y=2</link>"
        f"<pubDate>{date}</pubDate>{extra}</item>"
    )


def rss(*items: str, declared: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>'
        f"<title>المثال</title>{''.join(items)}</channel></rss>"
    )


WHOLE = rss(item(1), item(2), item(3))


def headlines(reading: FeedReading) -> list[str | None]:
    return [entry.hints.headline for entry in reading.entries]


def test_the_entries_of_a_feed_are_read_in_its_order() -> None:
    extra = "<category>مجتمع</category><guid isPermaLink='false'>g1</guid>"
    extra += "<description>&lt;p&gt;نص&lt;/p&gt;</description>"

    reading = feed(rss(item(1, extra), item(2)))

    first = reading.entries[0]
    assert (reading.outcome, reading.reason, reading.title) == (VisitOutcome.READ, "", "المثال")
    assert [entry.url for entry in reading.entries] == [
        "https://almithal.test/a/1?x=1&y=2",
        "https://almithal.test/a/2?x=1&y=2",
    ]
    assert first.hints.published_at == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    assert (first.hints.section, first.hints.guid, first.hints.summary) == ("مجتمع", "g1", "نص")
    assert reading.newest_raw == "Fri, 20 Nov 2026 14:30:00 +0100"


def test_atom_rdf_and_json_feeds_are_read() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>A</title>'
        '<link rel="enclosure" href="/e.mp3"/><link rel="alternate" type="text/html" href="c"/>'
        "<id>tag:1</id><updated>2026-11-20T10:00:00Z</updated></entry></feed>"
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/"><channel/><item><title>A</title>'
        "<link>https://almithal.test/ar/c</link></item></rdf:RDF>"
    )
    data = '{"version":"https://jsonfeed.org/version/1.1","items":[{"title":"A","url":"c"},{"id":"2"}]}'

    for body in (atom, rdf, data):
        reading = feed(body)
        assert [entry.url for entry in reading.entries] == ["https://almithal.test/ar/c"]
        assert headlines(reading) == ["A"]
    assert len(feed(data).ignored) == 1


@pytest.mark.parametrize(
    "body",
    [
        WHOLE.encode("cp1256"),
        WHOLE.replace("utf-8", "windows-1256").encode(),
        WHOLE.replace("utf-8", "windows-1256").encode("cp1256"),
        WHOLE.encode().replace("رقم".encode(), "رقم".encode() + b"\xd8", 1),
        WHOLE.replace("utf-8", "utf-16").encode("utf-16"),
        ("\ufeff\n  " + WHOLE).encode(),
        WHOLE.replace("خبر", "خ\x0bبر").encode(),
        WHOLE.replace("<title>", "<title> & ", 1).encode(),
        WHOLE.replace("خبر", "خبر&nbsp;", 1).encode(),
        WHOLE.partition("?>")[2].encode(),
    ],
)
def test_a_broken_encoding_or_character_costs_no_entry(body: bytes) -> None:
    reading = feed(body)

    assert len(reading.entries) == 3
    assert all("مدينة الضفة" in (headline or "") for headline in headlines(reading))


def test_a_feed_cut_in_the_middle_keeps_its_whole_items() -> None:
    reading = feed(WHOLE[: WHOLE.rindex("</link>")])

    assert len(reading.entries) == 2
    assert reading.reason == "cut short"


def test_cdata_that_nobody_closes_costs_no_other_entry() -> None:
    broken = "<item><title><![CDATA[واحد</title><link>/1</link></item>"

    assert len(feed(rss(broken, item(2), item(3))).entries) == 3


def test_cdata_is_left_as_it_is() -> None:
    whole = "<item><title><![CDATA[A & B]]></title><link><![CDATA[/a?b=1&c=2]]></link></item>"

    reading = feed(rss(whole))

    assert headlines(reading) == ["A & B"]
    assert reading.entries[0].url == "https://almithal.test/a?b=1&c=2"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("<!DOCTYPE html><html><body>أهلا</body></html>", VisitOutcome.HTML),
        ("<html><head><title>Just a moment...</title></head><p>Wait</p>", VisitOutcome.BLOCKED),
        (
            "<html><title>Just a moment...</title><script>" + "x = 1; " * 500 + "</script></html>",
            VisitOutcome.BLOCKED,
        ),
        ("", VisitOutcome.BROKEN),
        ("   ", VisitOutcome.BROKEN),
        ("{}", VisitOutcome.BROKEN),
        ("{'items'", VisitOutcome.BROKEN),
        ("plain words", VisitOutcome.BROKEN),
        (rss("<item><title>x</title>")[:-40], VisitOutcome.BROKEN),
        (rss(), VisitOutcome.EMPTY),
        ('{"version":"https://jsonfeed.org/version/1","items":[]}', VisitOutcome.EMPTY),
    ],
)
def test_what_is_no_feed_or_has_no_entry_says_so(body: str, outcome: VisitOutcome) -> None:
    reading = feed(body)

    assert reading.outcome is outcome
    assert reading.reason or outcome is VisitOutcome.EMPTY


def test_a_body_that_is_a_path_or_an_address_opens_nothing(tmp_path: object) -> None:
    for body in ("/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:9/"):
        assert feed(body).outcome is VisitOutcome.BROKEN


def test_feedparser_is_given_a_stream_never_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    real = feedparser.parse
    monkeypatch.setattr(feedparser, "parse", lambda it, **kw: (given.append(it), real(it, **kw))[1])

    feed(WHOLE)

    assert all(hasattr(one, "read") for one in given)


def test_entries_without_a_link_or_with_a_known_one_are_listed() -> None:
    reading = feed(rss("<item><title>بلا رابط</title></item>", item(1), item(1)))

    assert len(reading.entries) == 1
    assert reading.ignored == (
        "entry 1: no usable link (بلا رابط)",
        "entry 3: same link as an earlier one",
    )


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("<link>//cdn.test/a</link>", "https://cdn.test/a"),
        (
            "<link>https://almithal.test/أخبار</link>",
            "https://almithal.test/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1",
        ),
        ("<guid>https://almithal.test/g</guid>", "https://almithal.test/g"),
        (
            '<link>https://proxy.test/x</link><feedburner:origLink xmlns:feedburner="http://rssnamespace'
            '.org/feedburner/ext/1.0">https://almithal.test/o</feedburner:origLink>',
            "https://almithal.test/o",
        ),
    ],
)
def test_the_link_of_an_entry_is_the_articles_own(link: str, url: str) -> None:
    assert [entry.url for entry in feed(rss(f"<item><title>x</title>{link}</item>")).entries] == [
        url
    ]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("20 نونبر 2026 14:30", datetime(2026, 11, 20, 14, 30, tzinfo=UTC)),
        ("2026-08-10 14:30", datetime(2026, 8, 10, 13, 30, tzinfo=UTC)),
        ("Fri, 20 Nov 2999 14:30:00 +0100", None),
        ("قريبا", None),
        ("", None),
    ],
)
def test_a_date_counts_where_its_day_is_sure(date: str, expected: datetime | None) -> None:
    assert feed(rss(item(1, date=date))).entries[0].hints.published_at == expected


# ---------------------------------------------------------------- hostile feeds


def test_an_overlong_author_is_cut_before_parsing() -> None:
    for person in ("author", "dc:creator", "managingEditor"):
        mended = mend(rss(item(1, f"<{person}>{'a@' * 50_000}</{person}>"), item(2)))

        assert len(mended.xml) < 3_000
        assert mended.items == 2


def test_a_flood_of_authors_is_dropped() -> None:
    mended = mend(rss(item(1, "<author>" * 20_000)))

    assert "<author>" not in mended.xml
    assert mended.items == 1


def test_entities_of_their_own_are_never_declared() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b SYSTEM "file:///etc/hostname">]>' + rss(
        item(1)
    )

    assert "ENTITY" not in mend(bomb).xml
    assert len(feed(bomb.replace("خبر", "&a;&b;")).entries) == 1


def test_floods_of_comments_and_signs_leave_the_entry() -> None:
    for flood in ("<!--" * 20_000, "&lt;!--" * 20_000, "&" * 20_000, "<" * 20_000):
        assert len(feed(rss(item(1, f"<description>{flood}</description>"))).entries) == 1


def test_of_an_endless_feed_the_first_entries_are_read() -> None:
    reading = feed(rss(*(item(number) for number in range(MAX_ITEMS + 50))))

    assert len(reading.entries) == MAX_ITEMS
    assert str(MAX_ITEMS) in reading.reason


PIECES = [
    "<item>",
    "</item>",
    "<link>/1</link>",
    "<![CDATA[",
    "]]>",
    "<author>",
    "</author>",
    "&",
    "<",
]
PIECES += [
    "<!--",
    "-->",
    "<entry>",
    "<rss>",
    "</rss>",
    "<!DOCTYPE x [",
    "]>",
    "خبر",
    "\0",
    "{",
    "}",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text() | st.binary())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_body_makes_it_raise(body: str | bytes) -> None:
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "ignore")

    reading = feed(b"<rss><channel>" + raw)

    assert (reading.outcome is VisitOutcome.READ) == bool(reading.entries or reading.ignored)


def test_a_page_names_its_feeds() -> None:
    markup = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" type="application/atom+xml" href="https://almithal.test/atom">'
        '<link rel="alternate" hreflang="fr" href="/fr"><link rel="alternate" '
        'type="application/rss+xml" href="/rss"></head><body></body></html>'
    )

    assert read_doors(page(markup), ["almithal.test"]).feeds == (
        "https://almithal.test/rss",
        "https://almithal.test/atom",
    )
