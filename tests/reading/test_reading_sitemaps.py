"""Sitemaps, whole and broken: what is taken, what is left, and what is told of it."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading.reading_pages import NOW, context, page

from crawler.reading.robots_txt import robots_sitemaps
from crawler.reading.sitemap_keys import as_set, digest
from crawler.reading.sitemap_pages import MAX_TAKEN
from crawler.reading.sitemap_records import MAX_BYTES, SitemapKind, SitemapLook, SitemapReading
from crawler.reading.sitemap_text import MAX_LISTED
from crawler.reading.sitemaps import read_sitemap
from storage.finding import VisitOutcome

ROOT = "https://almithal.test"
URL = f"{ROOT}/sitemap.xml"
OWN = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
THREE_DAYS = SitemapLook(NOW - timedelta(days=3))


def read(
    body: str | bytes, look: SitemapLook | None = None, content_type: str = "application/xml"
) -> SitemapReading:
    return read_sitemap(page(body, url=URL, content_type=content_type), context(), look)


def url(path: str, more: str = "") -> str:
    return f"<url><loc>{path if '://' in path else ROOT + path}</loc>{more}</url>"


def changed(path: str, at: datetime | str) -> str:
    return url(path, f"<lastmod>{at if isinstance(at, str) else at.isoformat()}</lastmod>")


def news(path: str, title: str, at: datetime | str) -> str:
    said = at if isinstance(at, str) else at.isoformat()
    return url(
        path,
        "<news:news><news:publication><news:name>المثال</news:name><news:language>ar"
        f"</news:language></news:publication><news:publication_date>{said}"
        f"</news:publication_date><news:title>{title}</news:title></news:news>",
    )


def urlset(*entries: str, more: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {OWN} {more}>{"".join(entries)}</urlset>'
    )


def index(*parts: str) -> str:
    entries = "".join(part.replace("<url>", "<sitemap>") for part in parts)
    return f"<sitemapindex {OWN}>{entries.replace('</url>', '</sitemap>')}</sitemapindex>"


def paths(reading: SitemapReading) -> list[str]:
    return [entry.url.removeprefix(ROOT) for entry in reading.entries]


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


# ---------------------------------------------------------------- what it says


def test_a_news_sitemap_says_when_each_page_was_published_and_what_its_title_is() -> None:
    reading = read(
        urlset(
            news("/a/1?x=1&amp;y=2", "خبر &quot;أول&quot; &amp; ثان", "2026-11-22T10:00:00+01:00"),
            news("/a/2", "<![CDATA[عنوان <b>ثان</b>]]>", "2026-11-21"),
            more=NEWS,
        )
    )

    first, second = reading.entries
    assert (reading.outcome, reading.kind, reading.dated) == ("read", SitemapKind.URLSET, True)
    assert (first.url, first.hints.headline) == (f"{ROOT}/a/1?x=1&y=2", 'خبر "أول" & ثان')
    assert first.hints.published_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert (second.hints.headline, second.language) == ("عنوان ثان", "ar")
    assert (reading.newest_at, reading.newest_raw) == (
        first.hints.published_at,
        "2026-11-22T10:00:00+01:00",
    )
    assert reading.shows_since == second.hints.published_at


def test_a_lastmod_is_never_a_publication_date() -> None:
    (entry,) = read(urlset(changed("/a/1", "2026-11-22T10:00:00Z"))).entries

    assert (entry.hints.published_at, entry.hints.published_raw) == (None, None)
    assert entry.hints.modified_raw == "2026-11-22T10:00:00Z"
    assert entry.changed_at == datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2026-11-20T14:30:00+01:00", datetime(2026, 11, 20, 13, 30, tzinfo=UTC)),
        ("2026-11-20T14:30Z", datetime(2026, 11, 20, 14, 30, tzinfo=UTC)),
        ("2026-11-20T14:30:00.123456+0100", datetime(2026, 11, 20, 13, 30, 0, 123456, UTC)),
        # without a zone it is the outlet's own time, as in a feed: Morocco kept UTC that day
        ("2026-11-20 14:30:00", datetime(2026, 11, 20, 14, 30, tzinfo=UTC)),
        ("2026-07-20 14:30:00", datetime(2026, 7, 20, 13, 30, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 14:30:00 +0100", datetime(2026, 11, 20, 13, 30, tzinfo=UTC)),
        ("2026-11", None),  # its day is not known
        ("2026", None),
        ("2999-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),  # what programs print that know no date
        ("0001-01-01T00:00:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0000-00-00", None),
        ("yes", None),
    ],
)
def test_dates_are_read_as_they_are_in_feeds_and_never_guessed(
    raw: str, at: datetime | None
) -> None:
    (entry,) = read(urlset(news("/a/1", "t", raw), more=NEWS)).entries

    assert (entry.hints.published_at, entry.hints.published_raw) == (at, raw)


def test_a_publication_date_that_lies_ahead_today_keeps_only_its_day() -> None:
    (entry,) = read(urlset(news("/a/1", "t", "2026-11-22T14:30:00Z"), more=NEWS)).entries

    assert entry.hints.published_at == datetime(2026, 11, 22, tzinfo=UTC)


def test_images_videos_and_alternates_of_a_page_are_not_pages() -> None:
    extras = (
        "<image:image><image:loc>https://almithal.test/i.jpg</image:loc>"
        "<image:title>صورة</image:title></image:image>"
        "<video:video><video:title>فيديو</video:title>"
        "<video:publication_date>2026-11-22</video:publication_date></video:video>"
        '<xhtml:link rel="alternate" hreflang="fr" href="https://almithal.test/fr/1"/>'
    )
    body = f"<urlset {OWN}><url>{extras}<loc>{ROOT}/a/1</loc></url></urlset>"

    (entry,) = read(body).entries

    assert entry.url == f"{ROOT}/a/1"
    assert (entry.hints.headline, entry.hints.published_raw) == (None, None)


@pytest.mark.parametrize(
    "body",
    [
        "<urlset><url><loc>{0}/a/1</loc></url></urlset>",
        '<sm:urlset xmlns:sm="http://www.google.com/schemas/sitemap/0.84"><sm:url><sm:loc>{0}/a/1'
        "</sm:loc></sm:url></sm:urlset>",
        "<URLSET>\n<URL>\n<LOC>\n {0}/a/1 \n</LOC></URL></URLSET>",
        "<urlset><url><loc><![CDATA[ {0}/a/1 ]]></loc></url></urlset>",
        "<urlset><url><loc>/a/1</loc></url></urlset>",
        "<urlset><url><loc>//almithal.test/a/1#top</loc></url></urlset>",
        "<urlset><url><loc>{0}/a/1</loc></urlset>",
        "<url><loc>{0}/a/1</loc></url>",
        '<?xml version="1.0"?><?xml-stylesheet href="s.xsl"?><!-- <url><loc>/no</loc></url> -->'
        "<urlset><url><loc>{0}/a/1</loc></url></urlset>",
        "\ufeff \n<urlset><url><loc>{0}/a/1</loc></url></urlset>",
        "{0}/a/1\n",
        "\ufeff# ours\r\n\r\n{0}/a/1\r\n",
    ],
)
def test_an_address_is_found_however_the_sitemap_is_written(body: str) -> None:
    reading = read(body.replace("{0}", ROOT))

    assert (reading.outcome, paths(reading)) == (VisitOutcome.READ, ["/a/1"])


def test_the_news_namespace_may_have_any_prefix_or_none() -> None:
    for prefix in ("n:", ""):
        entry = news("/a/1", "عنوان", "2026-11-21").replace("news:", prefix)
        reading = read(urlset(entry, more=NEWS.replace("xmlns:news", "xmlns:n")))
        assert reading.entries[0].hints.headline == "عنوان"


def test_an_undefined_entity_and_a_bare_ampersand_stay_as_they_are() -> None:
    reading = read(
        urlset(url("/a?x=1&copy=2&y;=3&amp;z=4&#x41;"), news("/b", "&bomb; &eacute;", ""))
    )

    assert paths(reading) == ["/a?x=1&copy=2&y;=3&z=4A", "/b"]


def test_a_feed_may_stand_where_a_sitemap_should_be() -> None:
    item = (
        "<item><title>خبر</title><link>/a/1</link><pubDate>Fri, 20 Nov 2026 14:30:00 GMT</pubDate>"
    )
    reading = read(f'<rss version="2.0"><channel>{item}</item></channel></rss>')

    assert (paths(reading), reading.dated) == (["/a/1"], True)


@pytest.mark.parametrize("name", ["utf-8", "utf-16", "windows-1256"])
def test_titles_are_read_in_the_encoding_that_they_are_in(name: str) -> None:
    titles = ["مرحبا بالعالم في المغرب", "بعد هذا على ذلك"]
    entries = [news(f"/a/{n}", title, "2026-11-21") for n, title in enumerate(titles)]
    body = urlset(*entries, more=NEWS).replace('encoding="UTF-8"', f'encoding="{name}"')

    reading = read(body.encode(name))

    assert sorted(str(entry.hints.headline) for entry in reading.entries) == sorted(titles)


# ---------------------------------------------------------------- indexes


def test_an_index_lists_its_parts_and_which_of_them_are_new() -> None:
    body = index(changed("/p1.xml", "2026-11-20"), url("/p2.xml.gz"), url("/p1.xml"))
    first = read(body, THREE_DAYS)

    again = read(index(url("/p2.xml.gz"), url("/p3.xml")), SitemapLook(keys=first.keys))

    assert (first.kind, [part.url for part in first.parts]) == (
        SitemapKind.INDEX,
        [f"{ROOT}/p1.xml", f"{ROOT}/p2.xml.gz"],
    )
    assert first.parts[0].changed_until == datetime(2026, 11, 21, tzinfo=UTC)  # all that day
    assert [part.is_new for part in again.parts] == [False, True]
    assert first.why_ignored == ("an address that stands there twice",)


def test_an_index_that_lists_itself_is_told() -> None:
    reading = read(index(url("/sitemap.xml"), url("/p.xml")))

    assert (reading.lists_itself, [part.url for part in reading.parts]) == (True, [f"{ROOT}/p.xml"])


# ---------------------------------------------------------------- what is new


def test_pages_older_than_the_look_reaches_back_are_only_counted() -> None:
    reading = read(
        urlset(
            news("/new", "t", ago(days=1)),
            news("/old", "t", ago(days=4)),
            changed("/changed", ago(days=1)),
            changed("/unchanged", ago(days=4)),
            changed("/2026/11/21/x", ago(days=1)),
            changed("/2019/11/21/stamped-anew", ago(days=1)),
            changed("/day", f"{ago(days=3):%Y-%m-%d}"),  # may have been after the horizon
            more=NEWS,
        ),
        THREE_DAYS,
    )

    assert set(paths(reading)) == {"/new", "/changed", "/2026/11/21/x", "/day"}
    assert (reading.older, reading.listed, reading.dated) == (3, 7, False)


def test_a_page_without_publication_date_is_new_when_it_was_not_there_before() -> None:
    first = read(urlset(url("/a"), changed("/b", ago(hours=1))), THREE_DAYS)

    look = replace(THREE_DAYS, keys=first.keys)
    again = read(urlset(url("/a"), changed("/b", ago(minutes=1)), url("/c")), look)

    assert set(paths(first)) == {"/a", "/b"}
    assert (paths(again), again.remembered) == (["/c"], 2)


def test_a_deep_look_takes_again_what_changed_in_the_time_that_is_to_be_filled() -> None:
    entries = [changed(f"/{n}", ago(days=n)) for n in range(9)]
    first = read(urlset(*entries), THREE_DAYS)

    look = SitemapLook(ago(days=6, hours=1), first.keys, deep=True)

    assert paths(read(urlset(*entries), look)) == [f"/{n}" for n in range(7)]


def test_of_a_long_undated_sitemap_nothing_is_taken_at_first_and_only_what_is_new_later() -> None:
    entries = [url(f"/{n}") for n in range(300)]

    first = read(urlset(*entries), THREE_DAYS)
    again = read(urlset(*entries, url("/x")), replace(THREE_DAYS, keys=first.keys))

    assert (first.entries, first.held_back) == ((), 300)
    assert (paths(again), again.remembered, again.held_back) == (["/x"], 300, 0)


def test_a_lastmod_that_all_pages_share_says_nothing() -> None:
    entries = [changed(f"/{n}", NOW) for n in range(300)]

    assert read(urlset(*entries), THREE_DAYS).held_back == 300
    assert len(read(urlset(*entries[:60]), THREE_DAYS).entries) == 60


def test_when_all_addresses_changed_nothing_is_taken() -> None:
    first = read(urlset(*[url(f"/old/{n}") for n in range(3000)]), THREE_DAYS)

    again = read(
        urlset(*[url(f"/new/{n}") for n in range(3000)]), replace(THREE_DAYS, keys=first.keys)
    )

    assert (again.entries, again.held_back) == ((), 3000)


def test_addresses_are_remembered_without_scheme_and_www() -> None:
    assert digest("http://www.almithal.test/a") == digest("https://almithal.test/a")
    assert digest("https://almithal.test/a") != digest("https://almithal.test/b")


def test_only_the_outlets_own_hosts_count_and_never_its_front_page() -> None:
    reading = read(
        urlset(
            url("https://m.almithal.test/a"),
            url("https://evil.test/a"),
            url("http://127.0.0.1/a"),
            url("http://[::1]/a"),
            url("file:///etc/passwd"),
            url("javascript:alert(1)"),
            url("https://user:pw@almithal.test/a"),
            url("https://almithal.test.evil.test/a"),
            url("/"),
            url(""),
            url("/" + "x" * 3000),
        )
    )

    assert [entry.url for entry in reading.entries] == ["https://m.almithal.test/a"]
    assert (reading.ignored, reading.foreign, reading.foreign_host) == (10, 4, "evil.test")
    assert len(reading.why_ignored) == 5


# ---------------------------------------------------------------- broken and hostile


def test_packed_sitemaps_are_known_by_their_first_bytes() -> None:
    body = gzip.compress(urlset(url("/a/1")).encode())
    twice = gzip.compress(body)

    assert paths(read(body, content_type="text/html")) == ["/a/1"]
    assert paths(read(twice)) == ["/a/1"]
    packed = replace(page(twice, url=URL), headers=(("Content-Encoding", "gzip"),))
    assert paths(read_sitemap(packed, context())) == ["/a/1"]


def test_of_a_sitemap_cut_in_the_middle_all_whole_entries_are_kept() -> None:
    whole = urlset(*[url(f"/{n}") for n in range(100)])

    cut = read(whole[: len(whole) // 2], SitemapLook(keys=digest("https://almithal.test/999")))
    packed = read(gzip.compress(whole.encode())[:-40])

    assert 40 < len(cut.entries) < 60
    assert (cut.complete, cut.reason) == (False, "cut short, 1 of its entries lost")
    assert digest("almithal.test/999") in as_set(cut.keys)  # it may be in the part that is missing
    assert 0 < len(packed.entries) < 100
    assert packed.reason.startswith("cut short")


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", VisitOutcome.BROKEN),
        ("  \n ", VisitOutcome.BROKEN),
        ("<!DOCTYPE html><html><body>404</body></html>", VisitOutcome.HTML),
        ("<html><body><urlset></urlset></body></html>", VisitOutcome.HTML),
        ('{"urls": []}', VisitOutcome.BROKEN),
        ("<error/>", VisitOutcome.BROKEN),
        (b"\x89PNG\r\n\x1a\n", VisitOutcome.BROKEN),
        (b"\x1f\x8b", VisitOutcome.BROKEN),
        (urlset(), VisitOutcome.EMPTY),
        ("<urlset/>", VisitOutcome.EMPTY),
        (index(), VisitOutcome.EMPTY),
        (gzip.compress(bytes(MAX_BYTES + 1)), VisitOutcome.TOO_LARGE),
    ],
)
def test_what_is_no_sitemap_is_named(body: str | bytes, outcome: VisitOutcome) -> None:
    assert read(body).outcome is outcome


def _hostile() -> dict[str, str]:
    million = 1_000_000
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return {
        "entities": bomb + urlset(url("/a/1"), news("/a/2", "&b;" * 100_000, "2026-11-21")),
        "comments": urlset(*["<!--" * 9 + "-->"] * 100_000, url("/a/1")),
        "open comments": urlset(url("/a/1")) + "<!--" * million,
        "nesting": urlset("<a>" * million, url("/a/1")),
        "open urls": "<urlset>" + "<url>" * million,
        "open tags": "<urlset>" + "<url " * million,
        "open locs": "<urlset>" + "<url><loc>" * 400_000,
        "open cdata": "<urlset>" + "<url><loc><![CDATA[" * 200_000,
        "one entry of cdata": "<urlset><url>" + "<loc><![CDATA[" * 200_000,
        "prefixes": "<urlset>" + ("<" + "a" * 39 + ":") * 100_000,
        "attributes": f"<urlset {'a=b ' * million}>{url('/a/1')}</urlset>",
        "odd dates": urlset(*[changed(f"/{n}", f"{n} Kasım") for n in range(5_000)]),
        "robots": "Sitemap:" * million,
    }


@pytest.mark.parametrize("name", list(_hostile()))
def test_no_sitemap_takes_long(name: str) -> None:
    body = _hostile()[name]
    began = time.process_time()

    reading = read(body, THREE_DAYS)

    assert time.process_time() - began < 8
    assert len(reading.entries) <= MAX_TAKEN


def test_of_half_a_million_pages_each_is_looked_at_and_few_are_given_back() -> None:
    body = urlset(*[f"<url><loc>{ROOT}/{n}</loc></url>" for n in range(MAX_LISTED + 5)])

    first = read(body, THREE_DAYS)

    assert (first.listed, first.complete) == (MAX_LISTED, False)
    assert "only the first 500000 entries" in first.reason
    assert len(as_set(first.keys)) == first.held_back == MAX_LISTED


def test_more_new_pages_than_one_look_gives_back_are_told() -> None:
    body = urlset(*[news(f"/{n}", "t", ago(minutes=n % 900)) for n in range(MAX_TAKEN + 1)])

    reading = read(body, THREE_DAYS)

    assert (len(reading.entries), reading.complete) == (MAX_TAKEN, False)
    assert reading.reason == "only 10000 of its new entries taken"


_pieces = st.sampled_from(
    [
        "<urlset>", "</urlset>", "<sitemapindex>", "<url>", "</url>", "<sitemap>", "</sitemap>",
        "<loc>", "</loc>", "<lastmod>", "</lastmod>", "<news:news>", "<news:publication_date>",
        "<news:title>", "<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&", "<", ">", "2026-11-21",
        "2026-11-21T10:00:00Z", f"{ROOT}/a", "/b", "https://evil.test/", "أخبار", "\0", "\n", "<?",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_pieces, max_size=60), st.booleans())
def test_whatever_comes_the_books_balance(pieces: list[str], everything: bool) -> None:
    reading = read("<urlset>" + "".join(pieces), None if everything else THREE_DAYS)

    told = reading.older + reading.remembered + reading.held_back + reading.ignored
    assert reading.listed == len(reading.entries) + len(reading.parts) + told
    assert all(entry.url.startswith(ROOT) for entry in reading.entries)
    assert len({entry.url for entry in reading.entries}) == len(reading.entries)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(body: bytes) -> None:
    assert read(body).outcome in VisitOutcome
    assert read(b"<urlset>" + body).outcome in VisitOutcome
    assert read(b"\x1f\x8b\x08" + body).outcome in VisitOutcome


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(0, 400)), st.sets(st.integers(0, 400)))
def test_what_is_new_is_what_was_not_there(before: set[int], after: set[int]) -> None:
    keys = read(urlset(*[url(f"/{n}") for n in before]), THREE_DAYS).keys

    again = read(urlset(*[url(f"/{n}") for n in after]), replace(THREE_DAYS, keys=keys or b""))

    assert {int(path[1:]) for path in paths(again)} == after - before
    assert again.remembered == len(after & before)


# ---------------------------------------------------------------- robots.txt


def test_robots_txt_names_sitemaps_in_any_state() -> None:
    text = (
        "\ufeffSitemap: https://almithal.test/s.xml\r\nUser-agent: *\rDisallow: /x\n"
        "  SITEMAP :https://almithal.test/n.xml # news\nsitemap: /r.xml\nSitemap:\n"
        "Sitemap: https://almithal.test/s.xml\nSitemap: file:///etc/passwd\n"
    )

    absolute = ["https://almithal.test/s.xml", "https://almithal.test/n.xml"]
    assert robots_sitemaps(text) == absolute
    assert robots_sitemaps(text, f"{ROOT}/robots.txt") == [*absolute, f"{ROOT}/r.xml"]
    assert len(robots_sitemaps("".join(f"Sitemap: {ROOT}/{n}\n" for n in range(9999)))) == 100
