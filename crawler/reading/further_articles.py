"""Further articles under the one that was asked for, which readers come to by scrolling on.

They look like it in everything, and those named in them are named in another article.
"""

from __future__ import annotations

from itertools import islice

from lxml import html as lxml_html

from storage.text import fold

MOST_HEADINGS = 20
LEAST_TEXT = 300
"""Characters under a further headline; with fewer it is a teaser, or no article at all."""
_MOST_OF_A_TITLE = 300


def drop_further(tree: lxml_html.HtmlElement) -> None:
    """Remove each article that stands as the page's own one does, and says another thing.

    The page's own one is the first, and stands in its title; the others do not.
    """
    headings = [one for one in islice(tree.iter("h1"), MOST_HEADINGS) if _said(one)]
    title = fold((tree.findtext(".//title") or "")[:_MOST_OF_A_TITLE])
    if len(headings) < 2 or not title or _said(headings[0]) not in title:
        return
    first, *others = headings
    around = [first, *first.iterancestors()]
    for other in others:
        if _said(other) not in title:
            _drop_alike(other, around)


def _said(heading: lxml_html.HtmlElement) -> str:
    return fold("".join(heading.itertext()).strip()[:_MOST_OF_A_TITLE])


def _drop_alike(heading: lxml_html.HtmlElement, around: list[lxml_html.HtmlElement]) -> None:
    """Remove the element about a heading that stands beside one like it about the first heading.

    Main headings that part one text stand in no elements of their own, or in ones without a time.
    Of 760 real pages with a marked text one changes: two boxes of teasers go.
    """
    unit = heading
    while (parent := unit.getparent()) is not None and parent not in around:
        unit = parent
    beside = around[around.index(parent) - 1] if parent in around[1:] else heading
    alike = unit.tag == beside.tag and unit.get("class") == beside.get("class")
    article = unit.tag == "article" or next(unit.iter("article", "time"), None) is not None
    if heading is not unit and alike and article and len("".join(unit.itertext())) >= LEAST_TEXT:
        unit.drop_tree()
