"""Which of the headlines that a page has is the article's, and what is cut off it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading.reading_pages import FRENCH, article, context, page

from crawler.reading.headlines import headline
from crawler.reading.heads import Head, head_of, read_head
from crawler.reading.markup import open_markup
from crawler.reading.notes import Notes
from crawler.reading.page import read_page

HOST = "https://www.rivegauche.test/societe/a1"


def heads(markup: str) -> list[Head]:
    """What a page states, as each parser reads it."""
    opened = open_markup(markup)
    return [read_head(opened.document), head_of(opened.tree)]


def found(head: str = "", body: str = "", url: str = HOST) -> tuple[str, str]:
    """The headline of a page and its method, which both parsers agree on."""
    markup = f"<html><head>{head}</head><body>{body}<p>{FRENCH}</p></body></html>"
    one, other = (headline(each, url) for each in heads(markup))
    assert one == other
    return one


def data(**facts: object) -> str:
    """A description of an article for machines."""
    told = {"@type": "NewsArticle", **facts}
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def og(title: str, site: str = "") -> str:
    """What a page tells social networks."""
    named = f'<meta property="og:site_name" content="{site}">' if site else ""
    return f'<meta property="og:title" content="{title}">{named}'


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Le marché rouvre ses portes | Rive Gauche", "Rive Gauche", "Le marché rouvre ses portes"),
        ("Le marché rouvre - Société - Rive Gauche", "Rive Gauche", "Le marché rouvre - Société"),
        ("Rive Gauche : le marché rouvre ses portes", "Rive Gauche", "le marché rouvre ses portes"),
        ("RiveGauche.test: le marché rouvre", "", "le marché rouvre"),  # called like its host
        ("افتتاح السوق الجديد بالمدينة | المثال", "المثال", "افتتاح السوق الجديد بالمدينة"),
        ("افتتاح السوق｜المثال", "المثال", "افتتاح السوق"),
        ("Le marché rouvre | Opinion", "Rive Gauche", "Le marché rouvre"),
        ("Marché - rouvrira-t-il un jour ?", "Rive Gauche", "Marché - rouvrira-t-il un jour ?"),
        ("Rive Gauche", "Rive Gauche", ""),
    ],
)
def test_the_sites_name_is_cut_off(title: str, site: str, expected: str) -> None:
    assert found(og(title, site))[0] == expected


def test_a_section_is_cut_off_where_the_page_names_it() -> None:
    told = data(articleSection="Société", publisher={"name": "Rive Gauche"})
    title = "<title>Le marché rouvre ses portes - Société - Rive Gauche</title>"

    assert found(told + title) == ("Le marché rouvre ses portes", "title")


def test_what_only_the_title_has_behind_a_bar_is_the_sites_name() -> None:
    head = f"<title>Marché rouvert | Le Petit Quotidien</title>{og('Marché rouvert')}"
    body = "<h1>Le Petit Quotidien</h1><h1>Le marché du port a enfin rouvert</h1>"

    assert found(head, body) == ("Le marché du port a enfin rouvert", "h1")


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        # readers see another wording than machines
        (og("Marché : tout savoir"), "<h1>Le marché du port rouvre ce samedi</h1>", "h1"),
        # the first heading is the site's, the second the article's
        (
            og("Le marché du port rouvre ce samedi", "Rive Gauche"),
            "<h1>Rive Gauche</h1><h1>Le marché du port rouvre ce samedi</h1>",
            "h1",
        ),
        # the headline is one level below a section's name
        (
            "<title>Le marché du port rouvre ce samedi - Blog</title>",
            "<h1>Actualités</h1><h2>Le marché du port rouvre ce samedi</h2>",
            "h2",
        ),
        # a first-level heading for search engines above the article's own
        (
            data(headline="Le marché du port rouvre ce samedi"),
            "<h1>Port : horaires, marché, prix</h1><h2>Le marché du port rouvre ce samedi</h2>",
            "h2",
        ),
    ],
)
def test_the_headline_is_what_readers_see(head: str, body: str, expected: str) -> None:
    assert found(head, body) == ("Le marché du port rouvre ce samedi", expected)


@pytest.mark.parametrize(
    "heading",
    [
        "<span>Société</span><span>Le marché du port rouvre</span>",
        "<a href='/s'>Société</a><br>Le marché du port rouvre",
        "Société | Le marché du port rouvre",
        "<div>Société</div> Le marché du port rouvre <style>h1{color:red}</style>",
    ],
)
def test_a_kicker_in_the_heading_is_no_part_of_it(heading: str) -> None:
    told = data(headline="Le marché du port rouvre", publisher={"name": "Rive Gauche"})

    assert found(told, f"<h1>{heading}</h1>")[0] == "Le marché du port rouvre"


def test_a_kicker_with_a_colon_is_part_of_the_headline() -> None:
    head = f"{og('Marché du port : les prix montent')}<title>Les prix montent encore</title>"
    body = "<h1>Marché du port : les prix montent</h1>"

    assert found(head, body)[0] == "Marché du port : les prix montent"


def test_parts_of_a_heading_do_not_grow_together() -> None:
    body = "<h1>Le marché<br>du <em>port</em>-neuf rouvre</h1>"

    assert found("", body)[0] == "Le marché du port-neuf rouvre"


def test_headings_that_say_something_else_are_no_headline() -> None:
    notes = Notes()
    markup = f"{og('Le marché du port rouvre ce samedi')}<h1>Archives</h1><h1>Contact</h1>"

    assert headline(heads(markup)[0], HOST, notes=notes)[1] == "meta"
    assert {note.value for note in notes.taken if note.method == "h1"} == {"Archives", "Contact"}


def test_what_was_cut_off_is_told() -> None:
    notes = Notes()

    headline(heads(og("Le marché rouvre | Rive Gauche", "Rive Gauche"))[0], HOST, notes=notes)

    assert [(note.field, note.value) for note in notes.taken] == [
        ("headline", "Le marché rouvre | Rive Gauche")
    ]


def test_metadata_in_value_attributes_is_read() -> None:
    head = '<meta name="og:title" value="Le marché rouvre ses portes">'

    assert found(head) == ("Le marché rouvre ses portes", "meta")


@given(st.text(alphabet="ab |-–:_/»·｜：\u200f\n", max_size=40), st.text("ab |:", max_size=12))
def test_no_title_is_too_odd(title: str, site: str) -> None:
    head = Head(title=title)
    head.metas["og:title"].append(title)
    head.metas["og:site_name"].append(site)

    value, method = headline(head, "https://ab.test/a")

    assert bool(value) == bool(method)
    assert value in " ".join(title.split())


def test_a_page_is_stored_with_the_headline_that_it_shows() -> None:
    markup = article(
        FRENCH,
        head=og("Marché : nos infos", "Al Mithal"),
        body="<h1>Le marché du port rouvre ce samedi</h1>",
        lang="fr",
    )

    reading = read_page(page(markup), context(languages=("fr",)))

    assert reading.headline == "Le marché du port rouvre ce samedi"
    assert dict(reading.methods)["headline"] == "h1"


@pytest.mark.parametrize(
    ("heading", "stated"),
    [
        ("<span>Pont des Arts</span> La bibliothèque rouvre lundi", "Pont des Arts: "),
        ("<span>Pont des Arts</span><i></i> La bibliothèque rouvre lundi", "Pont des Arts - "),
        ("Pont des Arts : La bibliothèque rouvre lundi", "Pont des Arts: "),
    ],
)
def test_marks_that_a_layout_swallows_come_from_the_data(heading: str, stated: str) -> None:
    title = f"{stated}La bibliothèque rouvre lundi"

    assert found(data(headline=title), f"<h1>{heading}</h1>") == (title, "jsonld")


def test_marks_of_the_heading_are_kept_where_the_data_have_none() -> None:
    body = "<h1>«La bibliothèque», rouvre-t-elle lundi ?</h1>"

    value, method = found(data(headline="La bibliothèque rouvre-t-elle lundi"), body)

    assert (value, method) == ("«La bibliothèque», rouvre-t-elle lundi ?", "h1")
