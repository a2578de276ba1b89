"""Tables that lay a page out: to an extractor they are one table, and all the page is in it."""

from __future__ import annotations

from lxml import html as lxml_html

MOST_TABLES = 2_000
WORDS_OF_A_CELL = 60
"""A cell of data is a number, a name, a sentence; paragraphs stand where a page is laid out."""

_PARTS = frozenset("table thead tbody tfoot tr td th caption colgroup col".split())


def unwrap_layout_tables(tree: lxml_html.HtmlElement) -> None:
    """Make blocks of the parts of tables that hold other tables or whole paragraphs."""
    holding = _holding_tables(tree)
    for table in list(tree.iter("table"))[:MOST_TABLES]:
        if table in holding or _holds_paragraphs(table):
            for part in _own_parts(table):
                part.tag = "div"


def _holding_tables(tree: lxml_html.HtmlElement) -> set[lxml_html.HtmlElement]:
    """The tables right around another one; each is found once, however deep they are."""
    around = (next(table.iterancestors("table"), None) for table in tree.iter("table"))
    return {table for table in around if table is not None}


def _holds_paragraphs(table: lxml_html.HtmlElement) -> bool:
    """Whether a cell holds more than data does; of a table that holds no other."""
    return any(_is_long(cell) for cell in table.iter("td"))


def _is_long(cell: lxml_html.HtmlElement) -> bool:
    words = 0
    for text in cell.itertext():
        words += text.count(" ")
        if words > WORDS_OF_A_CELL:
            return len(" ".join(cell.itertext()).split()) > WORDS_OF_A_CELL
    return False


def _own_parts(table: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    """A table and its parts, without those of tables in it."""
    parts, left = [], [table]
    while left:
        part = left.pop()
        parts.append(part)
        left += [child for child in part if child.tag in _PARTS and child.tag != "table"]
    return parts
