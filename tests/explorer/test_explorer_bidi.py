"""Arabic, Sorani, French and mixed words as drawn: direction, order of pieces, and what is marked.

Each headline is looked at in Chromium, character by character: `seen` is the order in which its
pieces stand on the line, from left to right.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from deskkit import Serve, Site
from deskworld import SPELLINGS, Piece, store

from storage.text import fold


class Line(NamedTuple):
    """A headline, the direction that it must have, and its pieces from left to right."""

    text: str
    direction: str
    seen: tuple[str, ...]


LINES = (
    Line("افتتاح المكتبة الكبيرة", "rtl", ("الكبيرة", "المكتبة", "افتتاح")),
    Line("تقرير 2026 عن الماء", "rtl", ("الماء", "عن", "2026", "تقرير")),
    Line("الميزانية: 3.5 مليون درهم", "rtl", ("درهم", "مليون", "3.5", ":", "الميزانية")),
    Line("نسبة 45% من السكان", "rtl", ("السكان", "من", "45", "نسبة")),
    Line("وقع الاتفاق في 12/03/2026 مساء", "rtl", ("مساء", "12/03/2026", "في", "الاتفاق", "وقع")),
    Line("الهاتف 00-11-22 مفتوح", "rtl", ("مفتوح", "الهاتف")),
    Line("جمعية (NGO) في الحي", "rtl", ("الحي", "في", ")", "NGO", "(", "جمعية")),
    Line("منظمة Mirath al-Waha تعلن", "rtl", ("تعلن", "Mirath", "al-Waha", "منظمة")),
    Line("قال: «نعم»، ثم سكت", "rtl", ("سكت", "ثم", "»", "نعم", "«", ":", "قال")),
    Line("هل وصل Salim؟ لا", "rtl", ("لا", "؟", "Salim", "وصل", "هل")),
    Line("العدد ٤٥٦ من المجلة", "rtl", ("المجلة", "من", "٤٥٦", "العدد")),
    Line("البريد a@b.test والموقع", "rtl", ("والموقع", "a@b.test", "البريد")),
    Line("خطة A/B للمدرسة", "rtl", ("للمدرسة", "A/B", "خطة")),
    Line("Mirath توقع اتفاقا مع البلدية", "ltr", ("Mirath", "البلدية", "مع", "اتفاقا", "توقع")),
    Line("Le mot « كتاب » au musée", "ltr", ("Le", "mot", "«", "كتاب", "»", "au", "musée")),
    Line("L’école de l’exemple : 12 élèves", "ltr", ("L’école", ":", "12", "élèves")),
    Line("Report 7: سوق 2026 opens", "ltr", ("Report", "7", ":", "2026", "سوق", "opens")),
    Line("هەواڵی شارۆچکەی نموونە", "rtl", ("نموونە", "شارۆچکەی", "هەواڵی")),
    Line("نرخی ٣ کتێب: 15.000 دینار", "rtl", ("دینار", "15.000", ":", "کتێب", "٣", "نرخی")),
    Line("ڕێکخراوی NRO لە 2026", "rtl", ("2026", "لە", "NRO", "ڕێکخراوی")),
    Line("Rojnameya Nimûne: کتێبخانە", "ltr", ("Rojnameya", "Nimûne", ":", "کتێبخانە")),
    Line("2026: سنة الماء", "rtl", ("الماء", "سنة", ":", "2026")),
    Line("(١) الخبر الأول", "rtl", ("الأول", "الخبر", ")", "١", "(")),
    Line("سعر -5 درجات", "rtl", ("درجات", "5", "سعر")),
)
NUMBERS = ("2026", "3.5", "45", "12/03/2026", "٤٥٦", "15.000", "12")
"""Where they stand in a line, their digits run from left to right."""
BOXES = """element => {
  const found = [];
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());)
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = [...range.getClientRects()].pop();
      if (box) found.push([node.data[at], box.left, box.right, box.top, box.bottom]);
    }
  return found;
}"""
MARKED = """element => [...element.querySelectorAll("mark")].map(
  mark => [mark.textContent, [...mark.getClientRects()].map(
    box => [box.left, box.right, box.top, box.bottom])])"""
TEXTS = tuple(
    Piece("ma_sahifa", "ar", line.text, f"نص رقم {number} عن {SPELLINGS[number % 3]} في الحي.", 0)
    for number, line in enumerate(LINES)
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Site:
    path = tmp_path_factory.mktemp("bidi") / "marsad.db"
    store(path, TEXTS)
    return serve(path)


@pytest.fixture(scope="module")
def headings(drawn: Site, browser: Any) -> dict[str, tuple[str, list[list[Any]]]]:
    """Of each article's page: the computed direction of its headline, and its characters."""
    found = {}
    with browser.new_context(locale="ar", viewport={"width": 1600, "height": 900}) as context:
        page = context.new_page()
        for number, line in enumerate(LINES, start=1):
            page.goto(f"{drawn.url}/articles/{number}")
            words = page.locator("h1")
            direction = words.evaluate("element => getComputedStyle(element).direction")
            found[line.text] = direction, words.evaluate(BOXES)
    return found


@pytest.mark.parametrize("line", LINES, ids=[f"line-{number}" for number in range(len(LINES))])
def test_a_headline_runs_in_its_own_direction_with_its_pieces_in_order(
    headings: dict[str, tuple[str, list[list[Any]]]], line: Line
) -> None:
    direction, boxes = headings[line.text]

    assert "".join(box[0] for box in boxes).strip() == line.text
    assert direction == line.direction
    middles = [_middle(boxes, line.text, piece) for piece in line.seen]
    assert middles == sorted(middles), list(zip(line.seen, middles, strict=True))


@pytest.mark.parametrize("number", NUMBERS)
def test_the_digits_of_a_number_run_from_left_to_right(
    headings: dict[str, tuple[str, list[list[Any]]]], number: str
) -> None:
    line = next(line for line in LINES if number in line.text)
    _, boxes = headings[line.text]
    place = line.text.index(number)

    lefts = [boxes[place + at][1] for at in range(len(number))]

    assert all(one < other for one, other in pairwise(lefts))


def _middle(boxes: list[list[Any]], text: str, piece: str) -> float:
    place = text.index(piece)
    mine = boxes[place : place + len(piece)]
    return (min(box[1] for box in mine) + max(box[2] for box in mine)) / 2


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        ("ميراث", {"ميراث"}),
        ("الواحة", {"الواحة", "الواحه"}),
        ("Mirath", {"Mirath"}),
        ('"ميراث الواحة"', {"ميراث الواحة", "ميراث الواحه"}),
    ],
)
def test_a_marked_rectangle_of_a_result_holds_the_words_that_were_found(
    drawn: Site, page: Any, query: str, forms: set[str]
) -> None:
    page.goto(f"{drawn.url}/search?q={query}")

    held = _held(page.locator(".snippet").all())

    assert held
    assert {fold(one) for one in held} <= {fold(form) for form in forms}


def test_a_marked_rectangle_of_an_article_holds_the_name(drawn: Site, page: Any) -> None:
    for number in (1, 2, 3):
        page.goto(f"{drawn.url}/articles/{number}")

        held = _held(page.locator("article, main").all()[:1])

        assert SPELLINGS[number - 1] in held


def _held(places: list[Any]) -> list[str]:
    """The characters that lie inside the rectangles of each mark; they are those of the mark."""
    found = []
    for place in places:
        boxes = place.evaluate(BOXES)
        for text, rectangles in place.evaluate(MARKED):
            inside = "".join(box[0] for box in boxes if _is_in(box, rectangles))
            assert inside == text
            found.append(inside)
    return found


def _is_in(box: list[Any], rectangles: list[list[float]]) -> bool:
    _, left, right, top, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    return any(one[0] <= x <= one[1] and one[2] <= y <= one[3] for one in rectangles) and (
        right > left
    )
