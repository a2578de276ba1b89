"""What an outlet's file says of its pages wins; what it gets wrong is seen and does no harm."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import captured
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import relaid

from crawler.reading.notes import Notes
from crawler.reading.page import read_page
from crawler.reading.selected import wrong_selector
from crawler.reading.templates import learn_template
from storage.models import Page, Precision, Reading, ReadingContext
from storage.template_records import Selectors

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
CONTEXT = ReadingContext("ma_a", "ma", ("ar",), "Africa/Casablanca", ("a.test",), now=NOW)
LINES = [
    f"قالت الجمعية في بيانها رقم {number} إن الاجتماع القادم سيعقد في قاعة البلدية مساء الخميس."
    for number in range(8)
]
MARKUP = """<html lang="ar"><head><title>عنوان آخر</title>
<meta property="og:title" content="عنوان آخر">
<meta property="article:published_time" content="2026-03-01T08:00:00Z"></head>
<body><nav><a href="/">الرئيسية</a></nav><h2 class="t">العنوان <b>الصحيح</b></h2>
<p class="who">بقلم: سناء المثال</p><p class="who">سامي المثال</p>
<time class="d" datetime="2026-02-27T10:30:00+01:00">27 فبراير</time>
<img class="pic" src="/media/1.jpg"><ul class="crumbs"><li>الرئيسية</li><li>مجتمع</li></ul>
<div class="story">{lines}<aside class="more"><p>اقرأ أيضا: اسم لا علاقة له</p></aside></div>
</body></html>"""


def page_of(markup: str) -> Page:
    """A page of the outlet as it was fetched."""
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    url = "https://a.test/news/1"
    return Page(url, url, 200, headers, markup.encode(), NOW)


def read(selectors: Selectors, notes: Notes | None = None, markup: str = "") -> Reading:
    """The page read with these selectors in the outlet's file."""
    body = markup or MARKUP.format(lines="".join(f"<p>{line}</p>" for line in LINES))
    context = replace(CONTEXT, selectors=selectors)
    return read_page(page_of(body), context, notes or Notes())


def test_every_field_is_taken_where_the_file_says() -> None:
    reading = read(
        Selectors(
            headline="h2.t",
            text=".story > p",
            byline=".who",
            published="time.d",
            section=".crumbs li:last-child",
            image="img.pic",
        )
    )

    assert reading.outcome is None
    assert reading.headline == "العنوان الصحيح"
    assert reading.text == "\n".join(LINES)
    assert reading.byline == "سناء المثال, سامي المثال"
    assert reading.published_at == datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
    assert reading.published_precision is not Precision.UNKNOWN
    assert reading.section == "مجتمع"
    assert reading.image_url == "https://a.test/media/1.jpg"
    fields = ("headline", "text", "byline", "published_at", "section", "image_url")
    assert {dict(reading.methods)[name] for name in fields} == {"file"}


def test_a_selector_that_fits_nothing_is_noted_and_the_field_is_read_as_without_it() -> None:
    without = read(Selectors(headline="h2.t"))
    with_one = read(Selectors(headline="h2.t", published=".gone", text="article.gone p"))

    assert with_one.published_at == without.published_at is not None
    assert with_one.text == without.text
    assert dict(with_one.methods)["unselected"] == "text, published"
    assert "unselected" not in dict(without.methods)


def test_a_date_that_is_none_leaves_the_date_of_the_page() -> None:
    reading = read(Selectors(published="h2.t"))

    assert reading.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert dict(reading.methods)["published_at"] != "file"


def test_what_the_file_drops_is_never_text() -> None:
    dropping = read(Selectors(drop=(".more",)))
    selecting = read(Selectors(text=".story", drop=(".more", ".more")))

    assert "لا علاقة" not in dropping.text + selecting.text
    assert LINES[7] in dropping.text
    assert selecting.text == "\n".join(LINES)


def test_a_later_change_than_the_written_date_is_kept_and_an_earlier_one_is_not() -> None:
    markup = MARKUP.format(lines="".join(f"<p>{line}</p>" for line in LINES))
    changed = '<meta property="article:modified_time" content="{}"></head>'
    later = markup.replace("</head>", changed.format("2026-03-02T08:00:00Z"))
    earlier = markup.replace("</head>", changed.format("2026-02-01T08:00:00Z"))
    written = Selectors(published="time.d")

    assert read(written, markup=later).modified_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert read(written, markup=earlier).modified_at is None


def test_the_notes_tell_what_the_file_overruled() -> None:
    notes = Notes()

    read(Selectors(headline="h2.t", byline=".gone"), notes)

    told = [(note.field, note.method, bool(note.why)) for note in notes.taken]
    assert ("headline", "file", False) in told
    assert any(field == "headline" and method != "file" and why for field, method, why in told)
    assert ("byline", "file", True) in told


def test_zero_width_marks_stay_in_what_is_selected() -> None:
    line = "ئەم هەواڵە نوێ\u200cیە لەبارەی کۆبوونەوەی ڕێکخراوەکەوەیە و چەند وشەیەکی تری تێدایە"
    body = f"<html><body><h1>سەردێڕ\u200cێک</h1><div class='s'>{f'<p>{line}</p>' * 4}</div></body>"

    reading = read(Selectors(headline="h1", text=".s"), markup=body)

    assert reading.text.splitlines() == [line] * 4
    assert reading.headline == "سەردێڕ\u200cێک"


@pytest.mark.parametrize("css", ["h1..a", "p >", "", "a::text", "p:contains(x)", "x" * 600])
def test_what_the_parser_cannot_apply_is_no_selector(css: str) -> None:
    assert wrong_selector(css)


@settings(max_examples=60, deadline=None)
@given(css=st.text(max_size=40), tag=st.sampled_from(["h1", "div", "p", "meta"]))
def test_whatever_a_file_says_a_page_can_be_read(css: str, tag: str) -> None:
    reading = read(Selectors(headline=css, text=f"{tag}{css}", drop=(css,)))

    assert reading.reader_version


def test_the_file_wins_over_a_learned_template_as_well() -> None:
    pages = [page for outlet, page in captured.demo_pages() if outlet == "ma_sauterelle"]
    template = learn_template(pages[1:])
    context = ReadingContext("ma_sauterelle", "ma", ("fr",), "Africa/Casablanca", now=captured.NOW)
    learned = replace(context, template=template)
    written = Selectors(headline=".meta .author", text=".entry-content p:first-child")
    plain = read_page(pages[0], learned)

    reading = read_page(pages[0], replace(learned, selectors=written))

    assert template.usable
    assert plain.template_id == reading.template_id == template.id
    methods = dict(reading.methods)
    assert (methods["headline"], methods["text"]) == ("file", "file")
    assert reading.headline != plain.headline
    assert reading.text == plain.text.splitlines()[0]


@pytest.mark.parametrize("css", ["*", "body", "html", ":has(p)", ":not(div)", "p, body", "* > *"])
def test_a_selector_that_fits_the_whole_page_is_refused(css: str) -> None:
    assert "the whole page" in wrong_selector(css)


@pytest.mark.parametrize("css", [".no-js", "[data-theme]", ".no-js, .story *"])
def test_a_page_is_not_dropped_with_what_is_written_on_its_outermost_elements(css: str) -> None:
    told = "".join(f"<p>{line}</p>" for line in LINES)
    markup = MARKUP.format(lines="<p></p>").replace("<html", '<html class="no-js" data-theme="x"')
    body = f'<body class="no-js" data-theme="y"><article>{told}</article>'
    markup = markup.replace("<body>", body)

    reading = read(Selectors(drop=(css,)), markup=markup)

    assert reading.outcome is None
    assert all(line in reading.text for line in LINES)


@pytest.mark.parametrize(
    "selectors",
    [
        Selectors(byline=".who"),
        Selectors(published=".who"),
        Selectors(section=".who"),
        Selectors(text=".deep .who"),
        Selectors(drop=(".who",)),
    ],
)
def test_elements_in_each_other_without_end_take_no_time(selectors: Selectors) -> None:
    """By template: the careful way refuses pages that are so deep."""
    deep = '<div class="who">' * 6000 + '<div class="deep">' * 6000 + '<b class="who"></b>' * 5000
    template = learn_template([page_of(relaid.page(seed).decode()) for seed in range(6)])
    context = replace(CONTEXT, selectors=selectors, template=template)
    page = page_of(relaid.page(6).decode().replace("</body>", deep))

    begun = time.process_time()
    reading = read_page(page, context)

    assert reading.template_id
    assert time.process_time() - begun < 2
