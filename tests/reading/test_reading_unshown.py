"""What a page holds and shows to nobody does not become text, by a template or carefully."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from newsroom import relaid

from crawler.reading.page import read_page
from crawler.reading.templates import learn_template
from storage.models import Page, Reading, ReadingContext
from storage.template_records import Selectors, Template

AT = datetime(2026, 3, 30, tzinfo=UTC)
CONTEXT = ReadingContext("iq_relaid", "iq", ("en",), "UTC", ("relaid.test",), now=AT)
PLANTED = "Zora Planted was never named on any page of the Sedra Daily that its readers have seen"
BLOCKS = (
    '<div style="color:red; DISPLAY : none !important">{}</div>',
    "<div hidden><div>{}</div></div>",
    '<section aria-hidden="true">{}</section>',
    '<div style="visibility:hidden">{}</div>',
)
LINES = ('<p class="par" hidden>{}</p>', '<p class="par" style="display:none">{}</p>')
SPANS = ("<span hidden> {}</span>", '<b style="display:none"> {}</b>')


def page(seed: int, markup: bytes) -> Page:
    url = f"https://relaid.test/a/{seed}"
    return Page(url, url, 200, (("Content-Type", "text/html"),), markup, AT)


def planted(seed: int, how: str) -> Page:
    """A page in whose text something stands that is not shown."""
    first, end, rest = relaid.page(seed).decode().partition("</p>")
    assert "story-body" in first
    said = f"{PLANTED}, not in matter {seed} nor in number {seed * 7 + 1}."
    inner = how.format(said)
    if how in BLOCKS:
        inner = how.format(f'<p class="par">{said}</p>' * 2)
    parts = (first, inner, end, rest) if how in SPANS else (first, end, inner, rest)
    return page(seed, "".join(parts).encode())


@pytest.fixture(scope="module")
def template() -> Template:
    return learn_template([page(seed, relaid.page(seed)) for seed in range(6)])


def holds_what_is_shown(reading: Reading, seed: int) -> bool:
    return reading.text.split("\n") == relaid.text_of(seed)


@pytest.mark.parametrize("how", [*BLOCKS, *LINES, *SPANS])
def test_what_is_hidden_in_a_text_is_none_of_it_whichever_way_it_is_read(
    template: Template, how: str
) -> None:
    taught = learn_template([planted(seed, how) for seed in range(6)])

    assert taught.usable
    for context in (
        CONTEXT,
        replace(CONTEXT, template=template),
        replace(CONTEXT, template=taught),
    ):
        for seed in range(6, 12):
            reading = read_page(planted(seed, how), context)
            assert holds_what_is_shown(reading, seed), (reading.methods, reading.text)
    assert reading.template_id == taught.id, "not by falling back"


@pytest.mark.parametrize("how", [*BLOCKS, *LINES, *SPANS])
@pytest.mark.parametrize("css", ["div.story-body", "div.story-body p.par"])
def test_nor_is_it_where_the_outlets_file_says_where_the_text_stands(css: str, how: str) -> None:
    reading = read_page(planted(3, how), replace(CONTEXT, selectors=Selectors(text=css)))

    assert dict(reading.methods)["text"] == "file"
    assert holds_what_is_shown(reading, 3), reading.text


@pytest.mark.parametrize(
    "how", ['<div class="subscriber-only" style="display:none">', "<div hidden id=S:1a>"]
)
def test_a_text_that_a_script_or_a_subscription_shows_is_read(how: str) -> None:
    def behind(seed: int) -> Page:
        first, end, rest = relaid.page(seed).decode().partition("</p>")
        return page(
            seed,
            f"{first}{end}{how}{rest}".replace(
                '<div class="comments">', '</div><div class="comments">', 1
            ).encode(),
        )

    taught = learn_template([behind(seed) for seed in range(6)])

    written = Selectors(text="div.story-body")
    contexts = [CONTEXT, replace(CONTEXT, template=taught), replace(CONTEXT, selectors=written)]
    for context in contexts:
        for seed in range(6, 12):
            assert holds_what_is_shown(read_page(behind(seed), context), seed)


@pytest.mark.parametrize(
    ("how", "read"),
    [
        ('<div class="x article-more" style="display:none">', True),
        ('<div id="moreText" hidden>', True),
        ('<div class="expandable-content" aria-hidden="true">', True),
        ('<div class="Subscriber-Only" style="display:none">', True),
        ('<div class="learn-more-lightbox" style="display:none">', False),
        ('<div class="nomore" style="display:none">', False),
    ],
)
def test_the_end_of_a_text_that_a_button_opens_is_read(how: str, read: bool) -> None:
    def cut(seed: int) -> Page:
        first, opened, last = relaid.page(seed).decode().rpartition('<p class="par">')
        button = "<button>Read more</button>"
        return page(
            seed, f"{first}{button}{how}{opened}{last.replace('</p>', '</p></div>', 1)}".encode()
        )

    taught = learn_template([cut(seed) for seed in range(6)])

    contexts = [CONTEXT, replace(CONTEXT, template=taught)]
    for context in [*contexts, replace(CONTEXT, selectors=Selectors(text="div.story-body p.par"))]:
        for seed in range(6, 12):
            lines = relaid.text_of(seed) if read else relaid.text_of(seed)[:-1]
            assert read_page(cut(seed), context).text.split("\n") == lines, seed


@pytest.mark.parametrize("how", ["<span class=more hidden> {}</span>", "<div class=more>{}</div>"])
def test_neither_a_hidden_word_in_a_line_nor_one_inside_is_opened_by_a_name(how: str) -> None:
    inner = how.format(f"<div hidden><p>{PLANTED}.</p></div>" if "div" in how else PLANTED)
    whole = relaid.page(3).replace(b"</p>", b"</p>" + inner.encode(), 1)

    assert holds_what_is_shown(read_page(page(3, whole), CONTEXT), 3)


def test_a_paragraph_whose_hidden_copy_stands_before_it_is_read_once() -> None:
    def doubled(seed: int) -> Page:
        copy = f'<div aria-hidden="true"><p class="par">{relaid.text_of(seed)[1]}</p></div>'
        return page(seed, relaid.page(seed).replace(b"</p>", b"</p>" + copy.encode(), 1))

    taught = learn_template([doubled(seed) for seed in range(6)])

    for context in (CONTEXT, replace(CONTEXT, template=taught)):
        for seed in range(6, 12):
            reading = read_page(doubled(seed), context)
            assert holds_what_is_shown(reading, seed), reading.text
