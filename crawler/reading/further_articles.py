"""Further articles under the one that was asked for, which readers come to by scrolling on.

They look like it in everything, and those named in them are named in another article.
"""

from __future__ import annotations

from itertools import islice

from lxml import html as lxml_html

from storage.text import fold

MOST_HEADINGS = 20
MOST_SIBLINGS = 200
LEAST_TEXT = 300
"""Characters under a further headline; with fewer it is a teaser, or no article at all."""
_MOST_OF_A_TITLE = 300


def drop_further(tree: lxml_html.HtmlElement) -> None:
    """Remove each article whose main heading looks like that of the page, and says another thing.

    The page's own one is the first, and stands in its title; the others do not.
    """
    headings = [one for one in islice(tree.iter("h1"), MOST_HEADINGS) if _said(one)]
    title = fold((tree.findtext(".//title") or "")[:_MOST_OF_A_TITLE])
    if len(headings) < 2 or not title or _said(headings[0]) not in title:
        return
    first, *others = headings
    around = {first, *first.iterancestors()}
    for other in others:
        if other.get("class") == first.get("class") and _said(other) not in title:
            _drop(other, around)


def _said(heading: lxml_html.HtmlElement) -> str:
    return fold("".join(heading.itertext()).strip()[:_MOST_OF_A_TITLE])


def _drop(heading: lxml_html.HtmlElement, around: set[lxml_html.HtmlElement]) -> None:
    """Remove what a heading is over: the outermost element about it alone, or what follows it."""
    unit = heading
    while (parent := unit.getparent()) is not None and parent not in around:
        unit = parent
    part = [unit]
    if unit is heading:
        for sibling in islice(unit.itersiblings(), MOST_SIBLINGS):
            if sibling.tag == "h1" or next(sibling.iter("h1"), None) is not None:
                break
            part.append(sibling)
    if sum(len("".join(one.itertext())) for one in part) >= LEAST_TEXT:
        for one in part:
            if one.getparent() is not None:
                one.drop_tree()
