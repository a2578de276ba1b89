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
from crawler.reading.titles import Site

HOST = "https://www.rivegauche.test/societe/a1"


def heads(markup: str) -> list[Head]:
    """What a page states, as each parser reads it."""
    opened = open_markup(markup)
    return [read_head(opened.document), head_of(opened.tree)]


def found(head: str = "", body: str = "", url: str = HOST) -> tuple[str, str]:
    """The headline of a page and its method, which both parsers agree on."""
    markup = f"<html><head>{head}</head><body>{body}<p>{FRENCH}</p></body></html>"
    one, other = (headline(Site(each, url)) for each in heads(markup))
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

    assert headline(Site(heads(markup)[0], HOST), notes=notes)[1] == "meta"
    assert {note.value for note in notes.taken if note.method == "h1"} == {"Archives", "Contact"}


def test_what_was_cut_off_is_told() -> None:
    notes = Notes()

    named = heads(og("Le marché rouvre | Rive Gauche", "Rive Gauche"))[0]
    headline(Site(named, HOST), notes=notes)

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

    value, method = headline(Site(head, "https://ab.test/a"))

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


# ---------------------------------------------------------------- where the evidence is split


def test_marks_come_from_where_most_say_the_same() -> None:
    head = data(headline="Pont des Arts - La bibliothèque rouvre") + (
        f"{og('Pont des Arts: La bibliothèque rouvre')}"
        "<title>Pont des Arts: La bibliothèque rouvre | Rive Gauche</title>"
    )
    body = "<h1><span>Pont des Arts</span> La bibliothèque rouvre</h1>"

    assert found(head, body) == ("Pont des Arts: La bibliothèque rouvre", "meta")


def test_two_hyphens_are_a_dash() -> None:
    body = "<h1>La bibliothèque rouvre -- enfin</h1>"

    assert found(og("La bibliothèque rouvre - enfin"), body)[0] == "La bibliothèque rouvre -- enfin"


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (og("Le pont du port rouvre"), "Le pont du port rouvre"),
        ('<meta name="twitter:title" content="Enfin : le pont du port rouvre">', ""),
        (og("Le pont"), ""),
    ],
)
def test_a_word_before_a_colon_is_cut_where_nothing_stated_has_it(
    titles: str, expected: str
) -> None:
    whole = "Enfin : le pont du port rouvre"

    value, _ = found(data(headline="Le pont du port rouvre") + titles, f"<h1>{whole}</h1>")

    assert value == (expected or whole)


def test_the_sites_longer_name_is_cut_off_a_heading() -> None:
    title = "Le marché du port rouvre ce samedi"
    head = f"<title>{title} » Région » Rive Gauche Nantes</title>"
    told = f'<meta name="twitter:title" content="{title}">'
    body = f"<h1><span>{title}</span><a href='/'>Rive Gauche Nantes</a></h1>"

    assert found(head + told, body)[0] == title


@pytest.mark.parametrize("label", ["[Watch]", "(Vidéo)", "(فيديو)"])
def test_a_label_in_brackets_goes_where_a_title_lacks_it(label: str) -> None:
    title = "Le marché du port rouvre ce samedi"

    assert found(f"<title>{title}</title>", f"<h1>{title} {label}</h1>")[0] == title
    whole = f"{title} {label}"
    assert found(f"<title>{whole}</title>", f"<h1>{whole}</h1>")[0] == whole


def test_of_two_headings_the_one_with_a_word_of_a_title_is_believed() -> None:
    head = data(headline="Halle fermée : le maire s'explique devant les commerçants")
    body = "<h1>Tout sur la ville</h1><h1>Ce que disent les commerçants du port</h1>"

    assert found(head, body) == ("Ce que disent les commerçants du port", "h1")


def test_a_lesser_heading_that_the_address_repeats_is_the_headline() -> None:
    url = "https://www.rivegauche.test/a/le-marche-du-port-rouvre-ce-samedi.html"
    head = og("Vous n'allez pas en croire vos yeux à Nantes", "Rive Gauche")
    body = "<h1>Rive Gauche</h1><h2>Le marché du port rouvre ce samedi</h2><h2>À lire</h2>"

    assert found(head, body, url) == ("Le marché du port rouvre ce samedi", "h2")


def test_a_heading_that_repeats_the_title_gives_way_to_the_articles_own() -> None:
    whole = "Le marché du port rouvre | Vie locale | Mairie de Sainte-Invention"
    body = f"<h1>{whole}</h1><h2>Le marché du port rouvre</h2>"

    assert found(f"<title>{whole}</title>", body) == ("Le marché du port rouvre", "h2")


PATH = "<ol class='breadcrumb'><li><a href='/'>Accueil</a></li><li>{}</li></ol>"
SEARCHED = "<h1>Port : horaires du marché, prix, accès</h1>"


@pytest.mark.parametrize(
    "shown",
    [
        "<h2>Le marché du port rouvre ce samedi</h2>",
        "<h2><span>Sainte-Invention</span> <b>Le marché du port rouvre ce samedi</b></h2>",
    ],
)
def test_a_heading_in_the_path_to_the_page_gives_way_to_the_one_below(shown: str) -> None:
    head = data(headline="Port : horaires du marché, prix, accès")
    head += og("Le marché du port rouvre ce samedi")

    assert found(head, PATH.format(SEARCHED) + shown)[0] == "Le marché du port rouvre ce samedi"
    assert found(head, SEARCHED + shown)[0] == "Port : horaires du marché, prix, accès"


def test_a_heading_in_the_path_is_the_headline_where_no_other_is() -> None:
    head = og("Le marché rouvre ce samedi")
    body = PATH.format("<h1>Le marché du port rouvre ce samedi</h1>")

    assert found(head, f"{body}<h2>Les prix</h2>") == ("Le marché du port rouvre ce samedi", "h1")


def test_a_title_that_a_lesser_heading_repeats_beats_a_heading_like_no_title() -> None:
    head = og("Le marché du port rouvre ce samedi")
    body = "<h2>Le marché du port rouvre ce samedi</h2><h1>Pourquoi les chats ronronnent tant</h1>"

    assert found(head, body) == ("Le marché du port rouvre ce samedi", "h2")


def test_a_heading_that_ends_the_window_title_is_the_name_of_the_site() -> None:
    head = "<title>Le marché du port rouvre ce samedi | Les carnets du quai nord</title>"

    value, _ = found(head, "<h1>Les carnets du quai nord</h1>")

    assert value == "Le marché du port rouvre ce samedi"


def test_a_headline_behind_the_name_of_the_site_is_no_name() -> None:
    head = "<title>Les carnets du quai nord - Le marché du port rouvre ce samedi</title>"
    body = "<h1>Le marché du port rouvre ce samedi</h1>"

    assert found(head, body) == ("Le marché du port rouvre ce samedi", "h1")


def test_a_bar_and_what_is_behind_it_go_where_nothing_stated_has_them() -> None:
    title = "Le marché du port rouvre"
    head = data(headline=title) + og(title, "Rive Gauche")

    value, _ = found(head, f"<h1>{title} | Les carnets du quai nord</h1>")

    assert value == "Le marché du port rouvre"


@pytest.mark.parametrize(
    ("shown", "stated"),
    [
        ("Le „marché“ du port rouvre", 'Le "marché" du port rouvre'),
        ("Le ‘marché’ du port rouvre", 'Le "marché" du port rouvre'),
        ("Le marché du port rouvre", "Le marché du port rouvre."),
        ("Le marché du port rouvre…", "Le marché du port rouvre..."),
    ],
)
def test_other_shapes_of_marks_and_a_stop_at_the_end_are_no_more_marks(
    shown: str, stated: str
) -> None:
    assert found(data(headline=stated), f"<h1>{shown}</h1>") == (shown, "h1")


def test_half_a_title_without_spaces_between_words_is_no_name() -> None:
    title = "武汉的声音：有英勇的你，才有英雄的城"

    assert found(f"<title>{title}</title>")[0] == title


def test_a_heading_that_gives_way_is_told() -> None:
    notes = Notes()
    told = data(headline="Le marché du port rouvre ce samedi")
    markup = f"{told}{SEARCHED}<h2>Le marché du port rouvre ce samedi</h2>"

    assert headline(Site(heads(markup)[0], HOST), notes=notes)[1] == "h2"
    assert [note.value for note in notes.taken] == ["Port : horaires du marché, prix, accès"]


@pytest.mark.parametrize(
    "behind",
    [
        ": Date : 26.01.2022 Communiqué : 6/2022",
        "<small>بقلم ليلى المثالية</small>",
        "<time>٢٠٢٢/٠١/٢٦</time>",
    ],
)
def test_a_date_or_a_byline_in_the_heading_is_no_part_of_it(behind: str) -> None:
    title = "Le marché du port rouvre ce samedi"

    assert found(data(headline=title) + og(title), f"<h1>{title} {behind}</h1>")[0] == title
    assert found(data(headline=title), f"<h1>{title} {behind}</h1>")[0] != title


@pytest.mark.parametrize("behind", ["par Leïla Exemple", "pour 2027", "et dimanche"])
def test_what_may_be_the_end_of_a_sentence_stays(behind: str) -> None:
    title = "Le marché du port rouvre ce samedi"

    value, _ = found(data(headline=title) + og(title), f"<h1>{title} {behind}</h1>")

    assert value == f"{title} {behind}"
