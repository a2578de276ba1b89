"""The text of pages whose layout nothing is known of, on pages of our own writing."""

from __future__ import annotations

import pytest

from crawler.reading import careful
from crawler.reading.body import Document, parse
from crawler.reading.careful import Body, careful_text
from crawler.reading.careful_blocks import blocks_of
from crawler.reading.decode import Failure
from crawler.reading.heads import read_head
from crawler.reading.notes import Notes

TITLE = "Harbour of Marsa opens again"
ENGLISH = (
    "The harbour of Marsa opened again on Monday, three weeks after a storm had damaged its"
    " quays, the port authority said in a statement.",
    "Two ferries left before noon, and about forty fishing boats followed them, according to the"
    " master of the harbour, who counted them from the old lighthouse.",
    "Repairs at the eastern quay will go on until spring, so that large freighters will have to"
    " wait outside the bay for a place at the pier.",
    "The fishermen's union asked for help with the loss of three weeks, which it put at half of"
    " what its members earn in the season.",
)
ARABIC = (
    "أعيد فتح ميناء مرسى يوم الاثنين، بعد ثلاثة أسابيع من عاصفة ألحقت أضرارا بأرصفته، بحسب بيان"
    " لسلطة الميناء.",
    "وغادرت عبّارتان قبل الظهر، وتبعتهما نحو أربعين من مراكب الصيد، وفق ما قاله مدير الميناء الذي"
    " عدّها من المنارة القديمة.",
    "وتتواصل أعمال الإصلاح في الرصيف الشرقي حتى الربيع، ما يعني أن السفن الكبيرة ستنتظر خارج"
    " الخليج حتى يخلو لها مكان؟",
    "وطالب اتحاد الصيادين بتعويض عن خسارة الأسابيع الثلاثة، التي قدّرها بنصف ما يكسبه أعضاؤه في"
    " الموسم؛ ولم ترد السلطة بعد.",
)
SORANI = (
    "بەندەری مەرسا ڕۆژی دووشەممە جارێکی تر کرایەوە، سێ هەفتە دوای زریانێک کە زیانی بە شۆستەکانی"
    " گەیاندبوو، بەپێی ڕاگەیەندراوی دەسەڵاتی بەندەر.",
    "دوو کەشتی پێش نیوەڕۆ ڕۆیشتن و نزیکەی چل بەلەمی ماسیگرتن دوایان کەوتن، بەپێی قسەی"
    " بەڕێوەبەری بەندەر کە لە‌سەر فانۆسە کۆنەکە ژماردنی.",
    "چاککردنەوەی شۆستەی ڕۆژهەڵات تا بەهار بەردەوام دەبێت، بۆیە کەشتییە گەورەکان لە دەرەوەی"
    " کەنداوەکە چاوەڕێ دەکەن؛ شوێنیان بۆ چۆڵ نە‌کراوە.",
)


def page(body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>{TITLE}</title>{head}</head><body>"
        "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li></ul></nav>"
        f"</header>{body}<footer><p>All rights reserved, The Marsa Gazette.</p></footer>"
        "</body></html>"
    )


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(markup: str, notes: Notes | None = None) -> Body:
    document = parse(markup)
    assert not isinstance(document, Failure)
    body = careful_text(document, read_head(document), notes or Notes())
    assert isinstance(body, Body)
    return body


@pytest.mark.parametrize("texts", [ENGLISH, ARABIC, SORANI], ids=["en", "ar", "ckb"])
def test_paragraphs_stand_one_a_line_with_their_marks(texts: tuple[str, ...]) -> None:
    text = read(page(f"<article><h1>{TITLE}</h1>{paragraphs(texts)}</article>")).text
    lines = text.splitlines()
    assert [line for line in lines if line != TITLE] == list(texts)


def test_a_box_of_other_articles_between_paragraphs_is_no_text() -> None:
    box = (
        "<div class='related-box'><h3>Read also</h3><ul>"
        "<li><a href='/1'>Mayor Selma Orhan resigns over the bridge</a></li>"
        "<li><a href='/2'>Why the price of bread has doubled in Tel Karam</a></li></ul></div>"
    )
    body = paragraphs(ENGLISH[:2]) + box + paragraphs(ENGLISH[2:])
    text = read(page(f"<article><h1>{TITLE}</h1>{body}</article>")).text
    assert "Selma Orhan" not in text
    assert "Tel Karam" not in text
    assert all(paragraph in text for paragraph in ENGLISH)


def test_readers_comments_and_a_sidebar_are_no_text() -> None:
    talk = "".join(
        f"<li class='comment'><p>Reader {n} thinks that Jonas Brandt should have said so long ago"
        " and that nobody believes the port authority any more.</p></li>"
        for n in range(4)
    )
    aside = (
        "<aside class='sidebar'><h3>Most read</h3><a href='/3'>Leyla Haddad wins again</a></aside>"
    )
    markup = page(
        f"<main><article><h1>{TITLE}</h1>{paragraphs(ENGLISH)}</article>"
        f"<section id='comments'><h2>Comments</h2><ol>{talk}</ol></section></main>{aside}"
    )
    text = read(markup).text
    assert "Jonas Brandt" not in text
    assert "Leyla Haddad" not in text
    assert all(paragraph in text for paragraph in ENGLISH)


def test_a_repeated_paragraph_stands_once() -> None:
    body = paragraphs((*ENGLISH[:2], ENGLISH[0], *ENGLISH[2:]))
    text = read(page(f"<article><h1>{TITLE}</h1>{body}</article>")).text
    assert text.count(ENGLISH[0]) == 1


def test_subheadings_and_lists_belong_to_the_text() -> None:
    listed = (
        "<ul><li>The northern quay for ferries only.</li><li>The pier for fishing boats.</li></ul>"
    )
    body = (
        f"{paragraphs(ENGLISH[:2])}<h2>What opens when</h2><p>These parts are open from today,"
        f" the port authority said in its statement:</p>{listed}{paragraphs(ENGLISH[2:])}"
    )
    text = read(
        page(f"<article><h1>{TITLE}</h1><div class='article-body'>{body}</div></article>")
    ).text
    assert "What opens when" in text.splitlines()
    assert "- The northern quay for ferries only." in text.splitlines()


def test_cells_of_an_old_layout_do_not_share_lines_with_the_text() -> None:
    side = "<td><b>Most read</b><br><a href='/4'>Nadia Faris leads the polls</a></td>"
    markup = page(f"<table><tr>{side}<td><h1>{TITLE}</h1>{paragraphs(ENGLISH)}</td></tr></table>")
    lines = read(markup).text.splitlines()
    assert all(paragraph in lines for paragraph in ENGLISH)


def test_a_whole_text_in_the_pages_data_stands_for_a_page_that_shows_little() -> None:
    stated = " ".join(ENGLISH).replace('"', "'")
    data = (
        '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": '
        f'"{TITLE}", "articleBody": "{stated}"}}</script>'
    )
    body = read(page(f"<article><h1>{TITLE}</h1><p>{ENGLISH[0]}</p></article>", data))
    assert body.text == stated


def test_a_teaser_in_the_pages_data_does_not_cut_the_text() -> None:
    data = (
        '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": '
        f'"{TITLE}", "articleBody": "{ENGLISH[0]}"}}</script>'
    )
    text = read(page(f"<article><h1>{TITLE}</h1>{paragraphs(ENGLISH)}</article>", data)).text
    assert all(paragraph in text for paragraph in ENGLISH)


def test_what_was_left_out_is_noted_with_its_reason() -> None:
    notes = Notes()
    body = paragraphs((*ENGLISH[:2], ENGLISH[0], *ENGLISH[2:]))
    read(page(f"<article><h1>{TITLE}</h1>{body}</article>"), notes)
    assert any(note.why == "repeated" and note.value == ENGLISH[0] for note in notes.taken)


def test_a_page_of_nothing_but_links_has_no_paragraphs() -> None:
    links = "".join(f"<li><a href='/{n}'>Title {n}</a></li>" for n in range(30))
    assert "Title 3" not in read(page(f"<ul>{links}</ul>")).text.splitlines()


def test_a_page_of_many_blocks_is_walked_in_little_time() -> None:
    document = parse(page("<div><span>a b c d e</span></div>" * 9000))
    assert not isinstance(document, Failure)
    assert len(blocks_of(document).blocks) > 9000


def test_a_short_first_answer_on_a_page_of_paragraphs_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tip = "Tips for the editors of this paper are welcome at any hour of the day."
    answers = {True: tip, False: "\n".join(ENGLISH)}
    monkeypatch.setattr(careful, "main_text", lambda _, recall=True: answers[recall])
    markup = page(f"<main>{paragraphs(ENGLISH)}</main><aside><div><p>{tip}</p></div></aside>")

    notes = Notes()
    lines = read(markup, notes).text.splitlines()

    assert set(ENGLISH) <= set(lines)
    assert any(note.why == "the page has paragraphs for much more" for note in notes.taken)


def test_a_short_answer_on_a_short_page_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def answer(_: Document, recall: bool = True) -> str:
        asked.append(recall)
        return ENGLISH[0]

    monkeypatch.setattr(careful, "main_text", answer)
    read(page(f"<main>{paragraphs(ENGLISH[:1])}</main>"))

    assert asked == [True]


@pytest.mark.parametrize("tag", ["aside", "fieldset", "nav"])
def test_a_text_in_an_element_that_is_mostly_furniture_is_read(tag: str) -> None:
    body = f"<{tag}><h1>{TITLE}</h1>{paragraphs(ENGLISH)}</{tag}>"
    text = read(f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>")
    assert set(ENGLISH) <= set(text.text.splitlines())


def test_furniture_beside_a_text_is_left_out_and_stays_in_the_page() -> None:
    """The page's tree is read by others afterwards: its day may stand in an aside."""
    body = f"<main>{paragraphs(ENGLISH)}</main><aside><p>Printed on 3 May</p></aside>"
    document = parse(page(body))
    assert not isinstance(document, Failure)
    found = careful_text(document, read_head(document))
    assert isinstance(found, Body)
    assert "3 May" not in found.text
    assert "3 May" in document.tree.text_content()


def test_control_characters_and_a_page_in_one_line_change_no_word() -> None:
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://www.w3.org/TR/x.dtd">'
    words = [f"harbour{number}" for number in range(1000)]
    broken = " ".join(words).replace("5", "5\x0b\x1f\ufffe\uffff\x01")
    document = parse(f"{doctype}<html><body><p>{broken}</p></body></html>")
    assert not isinstance(document, Failure)
    assert document.tree.text_content().split() == words


def test_commentary_is_no_talk_of_readers() -> None:
    body = "".join(f"<div class='{name}'>{name}</div>" for name in ("commentary", "comment", "c-a"))
    document = parse(page(f"{body}<p class='comments'>more</p>"))
    assert not isinstance(document, Failure)
    blocks = blocks_of(document)
    talk = [one.text for one in blocks.blocks if "talk" in blocks.frames[one.frame].labels]
    assert talk == ["comment", "more"]
