"""What stands around an article's paragraphs and says so is not taken into its text."""

from __future__ import annotations

import pytest
from lxml import html
from reading.reading_pages import ENGLISH, SORANI, context, page

from crawler.reading.layout_tables import unwrap_layout_tables
from crawler.reading.notes import SILENT, Notes
from crawler.reading.page import read_page
from crawler.reading.page_noise import is_furniture
from crawler.reading.text_ends import without_ends

PARAGRAPHS = [
    f"{ENGLISH} This was reading number {number}, and not the last." for number in range(4)
]
TEXT = "\n".join(PARAGRAPHS)


def _text(body: str) -> str:
    markup = f'<html lang="en"><head><title>The ban</title></head><body>{body}</body></html>'
    return read_page(page(markup), context(languages=("en",))).text


def _paragraphs() -> str:
    return "".join(f"<p>{line}</p>" for line in PARAGRAPHS)


@pytest.mark.parametrize(
    "behind",
    [
        "Readers' comments\nI was there and saw it.",
        "3 Comments\nI was there.\nSo was I, and it was not so.",
        "تعليقات القراء\nكنت هناك.",
        "Commentaires (2)\nJ'y étais.",
        "Read also\nThe mayor of the lower town\nA bridge for the old harbour",
        "Read also: The mayor of the lower town",
        "Tags: gathering, ban",
        "All rights reserved. The desk keeps the letters.",
        "جميع الحقوق محفوظة لهذا الموقع",
    ],
)
def test_lines_that_are_none_of_the_article_by_their_words_are_left_out(behind: str) -> None:
    assert without_ends(f"{TEXT}\n{behind}", SILENT) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "Comments by the ministry were not to be had before this article was closed on Tuesday.",
        "© dpa",
        "Read also what the ban says about schools, said the governor, and you will understand us.",
        "Tags were cut from the coats of the demonstrators by men who did not say who they were.",
    ],
)
def test_sentences_that_begin_like_such_lines_stay(line: str) -> None:
    assert without_ends(f"{TEXT}\n{line}", SILENT) == f"{TEXT}\n{line}"


def test_a_paragraph_behind_a_box_with_other_articles_stays() -> None:
    boxed = f"{PARAGRAPHS[0]}\nRead also\nThe mayor of the lower town\n{PARAGRAPHS[1]}"

    assert without_ends(boxed, SILENT) == f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}"


def test_a_title_of_comments_over_the_whole_text_cuts_nothing() -> None:
    assert without_ends(f"Comments\n{TEXT}", SILENT) == f"Comments\n{TEXT}"


def test_whoever_asks_is_told_what_was_left_out() -> None:
    notes = Notes()

    without_ends(f"{TEXT}\nTags: gathering", notes)

    assert [note.value for note in notes.taken] == ["Tags: gathering"]


def test_comments_in_blocks_without_a_name_are_left_out_with_their_title() -> None:
    said = "".join(f"<div>I was there on day {n} and it was not like that.</div>" for n in range(3))

    text = _text(f"<div>{_paragraphs()}</div><div><h3>Comments</h3>{said}</div>")

    assert text == TEXT


def test_a_page_under_a_title_of_comments_is_read_whole() -> None:
    text = _text(f"<div><div><b>Comments</b></div><div>{_paragraphs()}</div></div>")

    assert text == TEXT


def test_a_text_that_a_table_lays_out_is_read_without_bars() -> None:
    menu = '<table><tr><td><a href="/1">News</a></td><td><a href="/2">Sport</a></td></tr></table>'

    text = _text(f"<table><tr><td>{menu}</td><td>{'<br><br>'.join(PARAGRAPHS)}</td></tr></table>")

    assert text.split() == TEXT.split()


def test_a_table_of_figures_stays_a_table() -> None:
    tree = html.document_fromstring(
        "<table><tr><td>Harbour</td><td>412</td></tr><tr><td>Mill</td><td>97</td></tr></table>"
    )

    unwrap_layout_tables(tree)

    assert [element.tag for element in tree.iter("table", "tr", "td")].count("td") == 4


@pytest.mark.parametrize("line", ["كتب: علي المردي", "By: Maud Plumet", "Par : Rim Alinéa"])
def test_a_line_that_only_says_who_wrote_it_is_no_text(line: str) -> None:
    assert without_ends(f"{line}\n{TEXT}", SILENT) == TEXT


@pytest.mark.parametrize(
    "line", ["By Sunday the ban was gone", "By: the ban is not over, and we shall stay there now."]
)
def test_a_first_sentence_that_begins_like_such_a_line_stays(line: str) -> None:
    assert without_ends(f"{line}\n{TEXT}", SILENT) == f"{line}\n{TEXT}"


def test_headlines_of_other_articles_without_links_are_no_text() -> None:
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    others = "".join(f"<p>The bakers of Sedra and their court, part {n}</p>" for n in range(6))
    shown = (
        f"<main><article>{body}</article></main><div><h2>Read also</h2><div>{others}</div></div>"
    )

    assert _text(shown) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "بڵاوکراوەتەوە: ١٢ی ئازاری ٢٠٢٦ - ١٥:٣٠",
        "٣ی خاکەلێوەی ٢٧٢٥",
        "Weşandin: 12ê Adara 2026an",
        "12 Adarê 2026",
        "Publié le 1er août 2026",
        "Posted on August 2nd, 2026",
    ],
)
def test_a_date_with_its_endings_is_a_date_and_nothing_else(line: str) -> None:
    assert is_furniture(line)
    assert not is_furniture(f"{line} رۆژنامە")


def test_a_sorani_line_of_a_date_under_the_headline_is_none_of_the_text() -> None:
    said = "\n".join(f"{number}. {SORANI}" for number in range(4))
    lines = "".join(f"<p>{line}</p>" for line in said.split("\n"))
    dated = "<span class=time>بڵاوکراوەتەوە: ١٢ی ئازاری ٢٠٢٦ - ١٥:٣٠</span>"
    markup = f"<html lang=ckb><body><article><h1>پردی نوێ کرایەوە</h1>{dated}{lines}</article>"

    assert read_page(page(markup), context(languages=("ckb",))).text == said


@pytest.mark.parametrize("kicker", ["<span>Gathering:</span> ", "<b>Photos</b>", "<i>Live</i> | "])
def test_a_heading_with_a_kicker_before_the_headline_is_none_of_the_text(kicker: str) -> None:
    title = "The ban on gatherings is lifted in the lower town"
    head = f"<title>{title} - Al Mithal</title>"
    body = f"<article><h1>{kicker}{title}</h1>{_paragraphs()}</article>"
    markup = f'<html lang="en"><head>{head}</head><body>{body}</body></html>'

    reading = read_page(page(markup), context(languages=("en",)))

    assert reading.headline.endswith(title)
    assert reading.text == TEXT
