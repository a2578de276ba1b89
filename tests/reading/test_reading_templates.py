"""What is learned from an outlet's pages, and what other pages of it are read as."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import template_outlets as made

from crawler.reading.notes import Notes
from crawler.reading.page import read_page
from crawler.reading.templates import learn_template
from storage.models import Page, Reading
from storage.template_records import Template


@cache
def learned(language: str, layout: str = "first") -> Template:
    return learn_template(made.pages(language, range(6), layout), context=made.context(language))


def read(page_number: int, language: str, template: Template, layout: str = "first") -> Reading:
    page = made.page(made.article(language, page_number), layout)
    return read_page(page, replace(made.context(language), template=template))


@pytest.mark.parametrize("language", made.LANGUAGES)
def test_another_page_of_the_outlet_is_read_by_its_template(language: str) -> None:
    known = made.article(language, 40)

    reading = read(40, language, learned(language))

    assert reading.template_id == learned(language).id
    assert ("text", f"template@{reading.template_id}") in reading.methods
    assert reading.text == known.text
    assert reading.headline == known.headline
    assert str(reading.published_at)[:10] == known.day


@pytest.mark.parametrize("language", made.LANGUAGES)
def test_nobody_named_around_the_text_is_in_it(language: str) -> None:
    assert made.PLANTED[language] in made.markup(made.article(language, 41))
    assert made.PLANTED[language] not in read(41, language, learned(language)).text


def test_zero_width_marks_of_sorani_stay() -> None:
    known = made.article("ckb", 42)

    reading = read(42, "ckb", learned("ckb"))

    assert reading.template_id
    assert known.text.count("\u200c") == reading.text.count("\u200c") > 0


def test_a_redesign_is_refused_and_read_the_careful_way() -> None:
    reading = read(43, "fr", learned("fr"), "second")

    assert reading.template_id is None
    assert "fallback" in dict(reading.methods)
    assert made.article("fr", 43).paragraphs[2] in reading.text


@pytest.mark.parametrize("language", made.LANGUAGES)
def test_a_box_that_no_page_had_before_is_no_text(language: str) -> None:
    known, said = made.article(language, 46), made.article(language, 47).paragraphs[1]
    box = f'<div class="zq-list"><div class="zq-item"><p>{said}</p></div></div>'
    last = f"{known.paragraphs[-1]}</p>"
    markup = made.markup(known)
    assert markup.count(last) == 1
    page = made.page_of(markup.replace(last, last + box))

    reading = read_page(page, replace(made.context(language), template=learned(language)))

    assert reading.template_id
    assert reading.text == known.text


def test_one_template_reads_two_kinds_of_pages() -> None:
    both = made.pages("en", range(5)) + made.pages("en", range(5, 9), "opinion")
    template = learn_template(both, context=made.context("en"))

    for layout in ("first", "opinion"):
        reading = read(44, "en", template, layout)
        assert reading.template_id == template.id
        assert reading.text == made.article("en", 44).text


def test_the_same_pages_teach_the_same_template() -> None:
    again = learn_template(made.pages("ar", range(6)), context=made.context("ar"))

    assert again.id == learned("ar").id
    assert again.id != learned("fr").id


def test_it_comes_back_from_json_and_keeps_no_text() -> None:
    kept = learned("ar").to_json()

    assert Template.from_json(kept) == learned("ar")
    assert len(kept) < 20_000
    assert not any(made.article("ar", number).paragraphs[0][:30] in kept for number in range(6))


def test_readings_that_exist_already_teach_as_well() -> None:
    pages = made.pages("fr", range(6))
    readings = [read_page(page, made.context("fr")) for page in pages]

    given_them = learn_template(pages, context=made.context("fr"), readings=readings)

    assert given_them.id == learned("fr").id


def test_one_page_is_not_enough_and_its_copies_are_one_page() -> None:
    one = made.pages("en", range(1))

    assert not learn_template(one).usable
    assert not learn_template(one * 20).usable
    assert not learn_template([]).usable


def test_pages_that_are_no_articles_teach_nothing() -> None:
    teasers = [line for number in range(60, 80) for line in made.article("en", number).teasers]
    items = "".join(f"<li><a href='/x{i}'>{line}</a></li>" for i, line in enumerate(teasers))
    index = made.page_of(f"<title>News</title><ul>{items}</ul>")
    error = made.page_of("<h1>404</h1><p>This page could not be found, we are sorry for it.</p>")

    mixed = learn_template(
        [index, error, *made.pages("en", range(6)), index], context=made.context("en")
    )

    assert mixed.id == learned("en").id


def test_a_page_of_another_site_changes_nothing_for_the_others() -> None:
    stranger = made.pages("en", range(90, 91), "second")
    template = learn_template([*made.pages("en", range(6)), *stranger], context=made.context("en"))

    assert read(45, "en", template).text == made.article("en", 45).text


def test_the_audit_agrees_on_a_right_template_and_overrules_a_wrong_one() -> None:
    right = replace(made.context("en"), template=learned("en"), audit=True)
    known = made.article("en", 46)

    assert ("audit", "agrees") in read_page(made.page(known), right).methods

    wrong = learn_template(made.pages("en", range(6), "opinion"), context=made.context("en"))
    teasers = "".join(f"<p>{line}. {line}</p>" for line in known.teasers)
    sly = made.markup(known).replace(
        "<footer>",
        f'<section class="column"><div class="view">{teasers * 2}</div></section><footer>',
    )
    reading = read_page(made.page_of(sly), replace(right, template=wrong))
    assert reading.template_id is None
    assert known.paragraphs[0] in reading.text


def test_each_block_is_explained() -> None:
    notes = Notes()
    page = made.page(made.article("en", 47))

    read_page(page, replace(made.context("en"), template=learned("en")), notes)

    blocks = [note for note in notes.taken if note.field == "block"]
    assert any(
        note.why == "" and note.value.startswith(made.article("en", 47).paragraphs[0][:40])
        for note in blocks
    )
    assert any("also-box" in note.method and note.why for note in blocks)
    assert any(note.why == "stands on other pages" for note in blocks)


TEMPLATES = [learned("en"), learned("ckb", "opinion")]


@settings(max_examples=40, deadline=None)
@given(
    pieces=st.lists(
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                "<div class=story> <div class='view'> </div> <p> </p> <section class=column> <br>"
                " <h1>t</h1> <script>x</script> <!-- <table><tr><td> </table> <a href=x> </a>"
                " &zwnj; <svg><p> <template><p>q</template> </html> <p>word%word</p>".split()
            ),
            st.just("<p>" + "many words of a text that is long enough " * 6 + "</p>"),
        ),
        max_size=60,
    ),
    template=st.sampled_from(TEMPLATES),
)
def test_applying_never_raises_and_takes_only_what_is_there(
    pieces: list[str], template: Template
) -> None:
    markup = "<html><body>" + "".join(pieces)
    reading = read_page(made.page_of(markup), replace(made.context("en"), template=template))

    if reading.template_id:
        from selectolax.lexbor import LexborHTMLParser

        root = LexborHTMLParser(markup).body
        there = "".join(root.text().split()) if root is not None else ""
        assert all("".join(line.split()) in there for line in reading.text.splitlines())


def _shown(number: int, above: str = "") -> Page:
    """A page that tells its day to readers only, below the headline; with something above it."""
    known = made.article("en", number)
    markup = re.sub(r'<meta property="article:published_time"[^>]*>', "", made.markup(known))
    day = date.fromisoformat(known.day)
    when = f'</h1><p class="date">Published: {day:%d %B %Y}</p>'
    return made.page_of(markup.replace("</h1>", when, 1).replace("<body>", f"<body>{above}"))


def test_a_place_that_shows_the_day_is_learned_though_a_page_states_a_time_of_it() -> None:
    at = f'<time datetime="{made.article("en", 3).day}T09:30:00Z"></time>'
    pages = [_shown(n) for n in range(6)]
    pages[3] = replace(pages[3], body=pages[3].body.replace(b"</h1>", b"</h1>" + at.encode(), 1))

    template = learn_template(pages, context=made.context("en"))

    assert template.rules.place("published_at")
    reading = read_page(_shown(9), replace(made.context("en"), template=template))
    assert str(reading.published_at)[:10] == made.article("en", 9).day


def test_a_day_that_only_addresses_tell_is_looked_for_there() -> None:
    def addressed(number: int) -> Page:
        known = made.article("en", number)
        page = made.page_of(
            re.sub(r'<meta property="article:p[^>]*>|<span.*?</span>', "", made.markup(known))
        )
        url = f"https://almithal.test/{known.day.replace('-', '/')}/n{number}"
        return replace(page, url=url, final_url=url)

    template = learn_template([addressed(n) for n in range(6)], context=made.context("en"))
    reading = read_page(addressed(9), replace(made.context("en"), template=template))

    assert template.rules.source("published_at") == "url"
    assert ("published_at", "url") in reading.methods
    assert str(reading.published_at)[:10] == made.article("en", 9).day


def test_the_audit_overrules_a_place_that_shows_another_day_by_now() -> None:
    template = learn_template([_shown(n) for n in range(6)], context=made.context("en"))
    assert template.rules.place("published_at")
    audited = replace(made.context("en"), template=template, audit=True)
    assert ("audit", "agrees") in read_page(_shown(7), audited).methods

    changed = _shown(8, '<p class="date">2 January 2026</p>')
    reading = read_page(changed, audited)

    assert ("audit", "differs: another day") in reading.methods
    assert str(reading.published_at)[:10] == made.article("en", 8).day
