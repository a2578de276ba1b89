"""Pages that are no article end with what they are; articles that look like them are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading.kind_pages import (
    CONSENTS,
    ERRORS,
    GALLERIES,
    INDEXES,
    LIVE_BLOGS,
    LOGINS,
    MISSING,
    NEAR_MISSES,
    VIDEOS,
    WITHOUT_SCRIPT,
    paragraphs,
)
from reading.reading_pages import URL, article, context, page

from crawler.reading.markup import open_markup
from crawler.reading.notes import Notes
from crawler.reading.page import read_page
from crawler.reading.page_pieces import pieces_in, pieces_of
from storage import reasons
from storage.models import Outcome, Reading

ENGLISH = context(languages=("en", "ar", "fr"))
KINDS = [
    *((markup(), reasons.INDEX) for markup in INDEXES.values()),
    *((markup, reasons.LIVE_BLOG) for markup in LIVE_BLOGS.values()),
    *((markup, reasons.GALLERY) for markup in GALLERIES.values()),
    *((markup, reasons.CONSENT) for markup in CONSENTS.values()),
    *((markup, reasons.SOFT_404) for markup in MISSING.values()),
    *((markup, reasons.ERROR_PAGE) for markup in ERRORS.values()),
    *((markup, reasons.LOGIN) for markup in LOGINS.values()),
]
NAMES = [
    f"{kind}: {name}"
    for kind, pages in (
        ("index", INDEXES),
        ("live", LIVE_BLOGS),
        ("gallery", GALLERIES),
        ("consent", CONSENTS),
        ("missing", MISSING),
        ("error", ERRORS),
        ("login", LOGINS),
    )
    for name in pages
]


@pytest.mark.parametrize(("markup", "reason"), KINDS, ids=NAMES)
def test_a_page_that_is_no_article_ends_with_what_it_is(markup: str, reason: str) -> None:
    reading = read_page(page(markup), ENGLISH)

    assert (reading.outcome, reading.reason, reading.text) == (Outcome.NOT_ARTICLE, reason, "")


@pytest.mark.parametrize("markup", WITHOUT_SCRIPT.values(), ids=WITHOUT_SCRIPT)
def test_a_shell_that_wants_a_script_has_no_text(markup: str) -> None:
    reading = read_page(page(markup), ENGLISH)

    assert (reading.outcome, reading.reason) == (Outcome.NO_TEXT, reasons.NEEDS_SCRIPT)


@pytest.mark.parametrize("markup", VIDEOS.values(), ids=VIDEOS)
def test_a_video_with_a_line_about_it_has_no_text(markup: str) -> None:
    reading = read_page(page(markup), ENGLISH)

    assert (reading.outcome, reading.reason) == (Outcome.NO_TEXT, reasons.VIDEO)


@pytest.mark.parametrize("markup", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_an_article_that_looks_like_such_a_page_is_an_article(markup: str) -> None:
    reading = read_page(page(markup), ENGLISH)

    assert (reading.outcome, reading.reason) == (None, "")
    assert reading.text


@pytest.mark.parametrize(
    ("final", "reason"),
    [
        ("https://almithal.test/ar/", reasons.FRONT_PAGE),
        ("https://consent.almithal.test/m?continue=x", reasons.CONSENT),
        ("https://almithal.test/account/login?next=/a", reasons.LOGIN),
    ],
)
def test_where_an_address_led_tells_what_came(final: str, reason: str) -> None:
    led = replace(page(article()), final_url=final)

    reading = read_page(led, context())

    assert (reading.outcome, reading.reason) == (Outcome.NOT_ARTICLE, reason)
    assert read_page(replace(led, url=final), context()).outcome is None, "it was asked for"
    assert read_page(replace(led, final_url=f"{URL}?x=1"), context()).outcome is None


def test_whoever_asks_is_told_what_was_rejected() -> None:
    notes = Notes()

    read_page(page(LIVE_BLOGS["by its type"]), ENGLISH, notes)

    assert ("page", reasons.LIVE_BLOG) in {(note.field, note.why) for note in notes.taken}


def test_a_teaser_before_a_paywall_is_an_article_that_is_not_complete() -> None:
    paid = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pipes",'
    paid += ' "isAccessibleForFree": false}</script>'
    markup = f"<html><head><title>Pipes</title>{paid}</head><body>{paragraphs(1)}</body></html>"

    reading = read_page(page(markup), ENGLISH)

    assert (reading.outcome, reading.text_complete) == (None, False)


@pytest.mark.parametrize("markup", [form() for form in INDEXES.values()], ids=INDEXES)
def test_both_parsers_see_the_same_pieces(markup: str) -> None:
    opened = open_markup(markup)

    seen = pieces_of(opened.document)  # type: ignore[union-attr, arg-type]  # it is parsable

    assert seen == pieces_in(opened.tree)  # type: ignore[union-attr]  # as above


def test_a_page_that_says_it_is_an_article_needs_a_sentence_and_a_menu_is_none() -> None:
    head = '<title>Flood at the mill</title><meta property="og:type" content="article">'
    menu = "".join(f"<p>{words}</p>" for words in ("News today", "Sport", "Our regions", "Contact"))
    urgent = "<p>The mill was flooded on Monday, nobody was hurt.</p>"

    def read(body: str) -> Reading:
        return read_page(page(f"<html><head>{head}</head><body>{body}</body></html>"), ENGLISH)

    assert read(f"<main>{urgent}</main>").outcome is None
    empty = read(f"<main>{menu}{menu}</main>")
    assert (empty.outcome, empty.reason) == (Outcome.NO_TEXT, reasons.TOO_FEW_WORDS)
