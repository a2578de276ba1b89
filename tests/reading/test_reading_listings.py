"""Pages that list articles: which links lead to articles, what they are called, what comes next."""

from __future__ import annotations

import random
from dataclasses import replace
from urllib.parse import quote

import pytest
from reading.reading_pages import context, page

from crawler.demo.layouts import wall_page
from crawler.reading.listing_records import ListingReading, ListingRule
from crawler.reading.listings import read_listing
from storage.finding import VisitOutcome

FRONT = "https://almithal.test/"
NOTHING = ListingRule()
HEADLINES = (
    "السلطات تمنع وقفة سلمية أمام مقر الولاية",
    "جمعية الضفة تطالب بالإفراج عن المعتقلين",
    "افتتاح مكتبة جديدة في حي المدينة القديمة",
    "الصيادون يحتجون على رسوم الميناء الجديدة",
    "مجلس المدينة يناقش ميزانية الحدائق العامة",
    "چالاکوانان لە شاری هەڵەبجە کۆدەبنەوە",
    "La préfecture interdit un rassemblement pacifique",
    "Fishermen protest against the new harbour fees",
)


def front(forms: list[str], *, more: str = "", head: str = "") -> str:
    """A front page with one article for each address."""
    items = "".join(
        f'<li><a href="{url}"><img src="/i.jpg"></a><h3><a href="{url}">'
        f"{HEADLINES[n % len(HEADLINES)]}</a></h3></li>"
        for n, url in enumerate(forms)
    )
    return (
        f'<html><head><meta charset="utf-8"><title>المثال</title>{head}</head><body><nav><ul>'
        '<li><a href="/politics">سياسة</a></li><li><a href="/section/3">مجتمع</a></li>'
        '<li><a href="/tag/15/rights">حقوق الإنسان في المدينة</a></li></ul></nav>'
        f"<main><ul>{items}</ul></main>{more}"
        '<footer><a href="/about-us">من نحن وماذا نفعل هنا</a></footer></body></html>'
    )


def read(markup: str | bytes, rule: ListingRule = NOTHING, url: str = FRONT) -> ListingReading:
    return read_listing(page(markup, url=url), context(), rule)


def paths(reading: ListingReading) -> list[str]:
    return [link.url.removeprefix("https://almithal.test") for link in reading.links]


SLUG = quote("السلطات-تمنع-وقفة-سلمية-أمام")


@pytest.mark.parametrize(
    "form",
    [
        "/news/{}.html",
        "/{}",
        "/?p={}",
        "/posts.php?id={}",
        "/node/{}",
        f"/2026/11/2{{}}/{SLUG}",
        f"/akhbar/{{}}/{SLUG}",
        f"/{SLUG}-{{}}/",
        "/#!/story/{}",
        "/article-{}",
        "/details.aspx?nid={}&amp;lang=ar",
    ],
)
def test_articles_are_told_by_the_page_alone(form: str) -> None:
    urls = [form.format(n) for n in ((1, 2, 3, 4, 5) if "2026" in form else range(5000, 5006))]

    reading = read(front(urls))

    assert reading.rule == "blocks"
    assert paths(reading) == [url.replace("&amp;", "&") for url in urls]


def test_a_picture_without_words_is_an_article_where_it_looks_like_those_that_are_known() -> None:
    known = tuple(f"https://almithal.test/akhbar/{n}" for n in range(900, 920))
    pictures = "".join(f'<div><a href="/akhbar/{n}"><img></a></div>' for n in (930, 931))

    reading = read(f"<html><body>{pictures}<a href='/kuttab/930'>x</a></body></html>",
                   ListingRule(known=known))  # fmt: skip

    assert reading.rule == "learned"
    assert paths(reading) == ["/akhbar/930", "/akhbar/931"]
    assert [link.headline for link in reading.links] == ["", ""]


def test_the_outlets_pattern_is_searched_in_path_query_and_route() -> None:
    urls = ["/news/1", "/news/2?page=3", "/x#!/news/3", f"/{quote('أخبار')}/4", "/other/5"]

    reading = read(front(urls), ListingRule(pattern=r"news/\d|^/أخبار/\d"))

    assert reading.rule == "pattern"
    assert paths(reading) == ["/news/1", "/news/2?page=3", "/x#!/news/3", f"/{quote('أخبار')}/4"]


def test_relative_links_are_resolved_as_browsers_do() -> None:
    head = '<base href="/ar/">'

    reading = read(front([f"news/{n}" for n in range(500, 504)], head=head))

    assert paths(reading) == [f"/ar/news/{n}" for n in range(500, 504)]


def test_letters_in_a_query_are_written_as_the_pages_charset_has_them() -> None:
    markup = front([f"/n.php?id={n}&amp;t=خبر" for n in range(500, 504)]).replace(
        'charset="utf-8"', 'charset="windows-1256"'
    )

    reading = read_listing(
        page(markup.replace("چالاکوانان لە شاری هەڵەبجە کۆدەبنەوە", "").encode("cp1256"),
             url=FRONT, content_type="text/html; charset=windows-1256"),
        context(), NOTHING,
    )  # fmt: skip

    assert paths(reading)[0] == "/n.php?id=500&t=%CE%C8%D1"
    assert reading.links[0].headline == HEADLINES[0]


def test_only_links_on_the_outlets_hosts_count_and_many_others_are_a_sign() -> None:
    own = [f"/news/{n}" for n in range(500, 503)]
    others = [f"https://almithal.test.evil.example/news/{n}" for n in range(600, 620)]

    reading = read(front([*own, *others]))

    assert paths(reading) == own
    [sign] = reading.signs
    assert sign.kind == "foreign_links"
    assert sign.evidence == (
        "20 of 23 links lead to other hosts, as almithal.test.evil.example"
    )  # fmt: skip


def test_subdomains_are_the_outlets() -> None:
    reading = read(front([f"https://fr.almithal.test/news/{n}" for n in range(500, 504)]))

    assert [link.url[:27] for link in reading.links] == ["https://fr.almithal.test/ne"] * 4


# ---------------------------------------------------------------- what they are called


def one_link(anchor: str) -> str:
    """What the first of some links is called, written so."""
    reading = read(front(["/news/501", "/news/502"], more=anchor), ListingRule(pattern="/news/7"))
    return reading.links[0].headline


@pytest.mark.parametrize(
    ("anchor", "headline"),
    [
        ('<a href="/news/7">اقرأ المزيد</a>', ""),
        ('<a href="/news/7"><h2>Fishermen protest again today</h2><p>Much more text</p></a>',
         "Fishermen protest again today"),
        ('<a href="/news/7">Fishermen protest again…</a>', ""),
        ('<a href="/news/7" title="Fishermen protest again today">Fishermen protest ag...</a>',
         "Fishermen protest again today"),
        ('<a href="/news/7">Read the full story</a><h4><a href="/news/7">A bridge for all of us'
         "</a></h4>", "A bridge for all of us"),
        ('<a href="/news/7">12</a>', ""),
    ],
)  # fmt: skip
def test_a_headline_is_what_an_anchor_says_whole(anchor: str, headline: str) -> None:
    assert one_link(anchor) == headline


# ---------------------------------------------------------------- dates


def dated(*times: str) -> str:
    cards = "".join(
        f'<article><h3><a href="/news/{900 - n}">{HEADLINES[n]}</a></h3>{time}</article>'
        for n, time in enumerate(times)
    )
    return f"<html><body><main>{cards}</main></body></html>"


def test_a_date_counts_where_one_card_shows_one_date() -> None:
    reading = read(
        dated(
            '<time datetime="2026-11-22T09:30:00+01:00">قبل قليل</time>',
            '<span class="date">21/11/2026 18:05</span>',
            '<span class="date">21/11/2026 18:05</span><span class="date">20/11/2026</span>',
            "<time>منذ ساعتين</time>",
        )
    )

    found = [link.published_at.isoformat() if link.published_at else None for link in reading.links]
    assert found == ["2026-11-22T08:30:00+00:00", "2026-11-21T18:05:00+00:00", None, None]
    assert reading.newest_raw == "2026-11-22T09:30:00+01:00"
    assert reading.shows_since is None


def test_a_list_in_order_of_time_shows_everything_since_its_oldest() -> None:
    reading = read(
        dated(*(f'<time datetime="2026-11-2{n}T09:30:00Z">x</time>' for n in (1, 0)),
              '<time datetime="2026-11-19T10:00:00Z">x</time>')
    )  # fmt: skip

    assert reading.shows_since is not None
    assert reading.shows_since.isoformat() == "2026-11-19T10:00:00+00:00"


def test_a_list_with_days_shows_everything_since_the_day_after_its_oldest() -> None:
    reading = read(dated('<time datetime="2026-11-20">x</time>',
                         '<time datetime="2026-11-18">x</time>'))  # fmt: skip

    assert reading.shows_since is not None
    assert reading.shows_since.isoformat() == "2026-11-19T00:00:00+00:00"


# ---------------------------------------------------------------- boxes


@pytest.mark.parametrize("title", ["الأكثر قراءة", "Most read", "Les plus lus", "زۆرترین خوێندراو"])
def test_articles_of_a_most_read_box_are_of_any_age(title: str) -> None:
    item = f'<li><a href="/news/77">{HEADLINES[0]}</a></li>'
    box = f'<div class="side"><h4>{title}</h4><ul>{item}</ul></div>'

    reading = read(front([f"/news/{n}" for n in range(500, 508)], more=box))

    assert [link.url[-3:] for link in reading.links if link.popular] == ["/77"]
    assert [link.url[-3:] for link in reading.newest_links] == [str(n) for n in range(500, 508)]


# ---------------------------------------------------------------- next pages


@pytest.mark.parametrize(
    ("anchor", "url", "following"),
    [
        ('<a href="?page=2">التالي</a>', FRONT + "news", "news?page=2"),
        ('<a rel="next" href="/news/page/3/">3</a>', FRONT + "news/page/2/", "news/page/3/"),
        ('<a href="/news?page=4">»</a><a href="/news?page=2">«</a>', FRONT + "news?page=3",
         "news?page=4"),
        ('<a href="/news?page=1">1</a><a href="/news?page=2">2</a>', FRONT + "news",
         "news?page=2"),
        ('<a href="/news/2">suivant</a>', FRONT + "news", "news/2"),
        ('<a href="/news?start=20">Older posts</a>', FRONT + "news?start=10", "news?start=20"),
        ('<a href="/sport?page=2">next</a>', FRONT + "news", None),
        ('<a href="/news?page=2">next</a>', FRONT + "news?page=3", None),
        ('<a href="/news?month=2026-12">next</a>', FRONT + "news?month=2026-11", None),
        ('<a href="https://other.test/news?page=2">next</a>', FRONT + "news", None),
        ('<a href="/news/900">next</a>', FRONT + "news", None),
    ],
)  # fmt: skip
def test_the_next_page_goes_on_from_this_one(anchor: str, url: str, following: str | None) -> None:
    listed = front([f"/story/{n}" for n in range(500, 504)], more=f"<div>{anchor}</div>")

    found = read(listed, url=url).next_page

    assert found == (following and FRONT + following)


# ---------------------------------------------------------------- no lists


def test_a_challenge_is_a_wall_whatever_its_status() -> None:
    reading = read(wall_page())

    assert reading.outcome is VisitOutcome.BLOCKED
    assert [sign.kind for sign in reading.signs] == ["challenge"]


@pytest.mark.parametrize(
    "markup",
    [
        "<html><title>قبل المتابعة</title><body><h1>cookies</h1><a href='/ok'>ok</a></body></html>",
        "<html><title>404</title><body><a href='/'>home page</a></body></html>",
        "<html><body><p>Nothing to see</p></body></html>",
        "",
        "<?xml version='1.0'?><rss><channel></channel></rss>",
        "just text",
    ],
)
def test_a_page_without_articles_says_nothing_of_what_was_published(markup: str) -> None:
    reading = read(markup)

    assert reading.outcome is VisitOutcome.BROKEN
    assert reading.reason and not reading.links


def test_a_pattern_that_meets_none_of_many_links_is_a_sign_of_a_redesign() -> None:
    reading = read(front([f"/story/{n}" for n in range(500, 515)]), ListingRule(pattern="^/news/"))

    assert reading.outcome is VisitOutcome.BROKEN
    assert [tuple(sign) for sign in reading.signs] == [
        ("pattern_unmatched", "0 of 19 links meet the pattern ^/news/")
    ]


def test_where_learned_shapes_fit_nothing_the_page_tells_and_it_is_a_sign() -> None:
    known = tuple(f"https://almithal.test/news/{n}.html" for n in range(30))

    reading = read(front([f"/story/{n}" for n in range(500, 515)]), ListingRule(known=known))

    assert [sign.kind for sign in reading.signs] == ["shapes_unmatched"]
    assert len(reading.links) == 15


def test_an_outlet_that_begins_to_publish_under_another_shape_is_not_lost() -> None:
    known = tuple(f"https://almithal.test/news/{n}.html" for n in range(30))
    mixed = [f"/news/{n}.html" for n in range(40, 46)] + [f"/live/{n}" for n in range(500, 506)]

    assert paths(read(front(mixed), ListingRule(known=known))) == mixed


# ---------------------------------------------------------------- families without end


def shown(urls: list[str], *, known: tuple[str, ...] = (), url: str = FRONT) -> ListingReading:
    rule = ListingRule(pattern=".", known=known)
    anchors = "".join(f"<a href={url!r}>A long enough headline</a>" for url in urls)
    return read_listing(page(f"<html><body>{anchors}</body></html>", url=url), context(), rule)


def test_a_session_in_a_parameter_is_taken_out() -> None:
    reading = shown([f"/news/{n}?zid=a91f3c77d2e8b4" for n in range(500, 510)])

    assert paths(reading) == [f"/news/{n}" for n in range(500, 510)]
    assert [sign.kind for sign in reading.signs] == ["trap_session"]


def test_a_code_that_is_all_that_tells_articles_apart_stays() -> None:
    codes = random.Random(3)
    urls = [f"/story?key=k{codes.getrandbits(60):016x}7" for _ in range(10)]

    reading = shown(urls)

    assert paths(reading) == urls
    assert reading.signs == ()


def test_a_parameter_that_all_share_as_a_word_stays() -> None:
    urls = [f"/news?id={n}&lang=arabic" for n in range(500, 510)]

    assert paths(shown(urls)) == urls


def test_a_session_in_the_path_is_written_as_it_is_known() -> None:
    known = tuple(f"https://almithal.test/s1aaaaaaaaaaaaaaaa0/news/{n}" for n in range(500, 508))

    reading = shown([f"/s2bbbbbbbbbbbbbbbbb1/news/{n}" for n in range(500, 510)], known=known)

    assert [link.url for link in reading.links[:8]] == list(known)
    assert paths(reading)[8:] == [f"/s2bbbbbbbbbbbbbbbbb1/news/{n}" for n in (508, 509)]


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ([f"/calendar/2026/11/{n}" for n in range(1, 29)], "trap_calendar"),
        ([f"/events?month={n}&year=2026" for n in range(1, 13)], "trap_calendar"),
        ([f"/archive/{n}/2026" for n in range(1, 13)], "trap_calendar"),
        ([f"/a/x/x/x/{n}" for n in range(9)], "trap_depth"),
        ([f"/a/b/c/a/b/c/a/b/c/{n}" for n in range(9)], "trap_depth"),
        ([f"/l?s={s}&o={o}&c={c}" for s in "abcd" for o in "ab" for c in "wxyz"],
         "trap_parameters"),
        (["/l?" + "&".join(f"p{m}={n}" for m in range(9)) for n in range(6)], "trap_parameters"),
        ([f"/news/{n}" for n in range(9000, 9400)], "trap_parameters"),
    ],
)  # fmt: skip
def test_a_family_without_end_is_left_aside_and_named(family: list[str], kind: str) -> None:
    real = [f"/news/{n}" for n in range(500, 506)]

    reading = shown([*real, *family])

    assert paths(reading)[:6] == real
    assert len(reading.links) <= 300
    assert [sign.kind for sign in reading.signs] == [kind]
    assert reading.left_aside == len(real) + len(family) - len(reading.links)


@pytest.mark.parametrize(
    "urls",
    [
        [f"/2026/11/20/a-title-of-{n}" for n in range(30)],
        [f"/news?id={n}&cat={n % 3}" for n in range(30)],
        [f"/news/2026/{n}" for n in range(5000, 5030)],
        [f"/a/b/a/{n}" for n in range(30)],
        [f"/archive/{n}" for n in range(30)],
        [f"/events/2026/{n}" for n in range(50_000, 50_030)],
    ],
)
def test_ordinary_families_are_articles(urls: list[str]) -> None:
    reading = shown(urls)

    assert paths(reading) == urls
    assert reading.signs == ()


def test_the_number_of_the_lists_own_page_is_taken_out_of_its_links() -> None:
    reading = shown([f"/news/{n}?page=3" for n in range(500, 506)], url=FRONT + "latest?page=3")

    assert paths(reading) == [f"/news/{n}" for n in range(500, 506)]


def test_nothing_is_read_of_a_page_that_is_too_large() -> None:
    large = replace(context(), max_bytes=100)

    reading = read_listing(page(front(["/news/1"])), large, NOTHING)

    assert reading.outcome is VisitOutcome.TOO_LARGE
