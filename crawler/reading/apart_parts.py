"""Parts of a page that a title says are not the article: readers' comments, other articles.

Extractors drop the title and keep what stands under it, so it goes before they look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from lxml import html as lxml_html

from crawler.reading import noise_words as say
from storage.text import fold

MOST_PARTS = 30
MOST_SIBLINGS = 200
LONGEST_TITLE = 60
"""Characters."""
MOST_OF_THE_PAGE = 0.6
"""Share of a page's characters that comments may be; with more, the title stands over the text."""
SHARE_OF_LINKS = 0.6
TALK, BOX = 1, 2
"""What a title may stand over: readers' comments, and a box with other articles."""
FEWEST_HEADLINES = 3
LONGEST_HEADLINE = 20
"""Words."""
SENTENCE_ENDS = (".", "!", "?", "…", "؟", "۔", ":", '."', ".»", ".”")

_TITLES = (
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "b",
    "strong",
    "div",
    "p",
    "span",
    "td",
    "th",
    "legend",
    "dt",
)
_RUNS = 4


def drop_apart(tree: lxml_html.HtmlElement) -> None:
    """Remove the titles of comments and of boxes with other articles, and what they are over."""
    titles = list(islice(_titles(tree), MOST_PARTS))
    whole = _size(tree) if titles else 0
    for title, talk in titles:
        part = list(_under(title, _anything if talk else _is_others))
        if part[1:] and sum(map(_size, part)) < MOST_OF_THE_PAGE * whole:
            for element in part:
                _drop(element)


def _titles(tree: lxml_html.HtmlElement) -> Iterator[tuple[lxml_html.HtmlElement, bool]]:
    """The elements that hold nothing but such a title, and whether it is over comments."""
    for element in tree.iter(*_TITLES):
        text = _short_text(element)
        if 3 < len(text) <= LONGEST_TITLE and (titles := titled(text)):
            yield element, bool(titles & TALK)


def _short_text(element: lxml_html.HtmlElement) -> str:
    """The text of an element that has no more than a few runs of it; else nothing."""
    if not len(element):
        return (element.text or "").strip()
    runs = list(islice(element.itertext(), _RUNS + 1))
    return "".join(runs).strip() if len(runs) <= _RUNS else ""


@lru_cache(maxsize=16_384)  # menus and boxes come again on all pages of an outlet
def titled(text: str) -> int:
    """What a line of LONGEST_TITLE characters at most is the title of: TALK and BOX, added up."""
    folded = fold(text)
    return TALK * bool(say.COMMENTS.match(folded)) + BOX * bool(say.BOX_TITLE.match(folded))


def _under(
    title: lxml_html.HtmlElement, belongs: Callable[[lxml_html.HtmlElement], bool]
) -> Iterator[lxml_html.HtmlElement]:
    """The title, or what holds it alone, and what follows it as long as that belongs to it."""
    while (parent := title.getparent()) is not None and _is_alone(title, parent):
        title = parent
    yield title
    for sibling in islice(title.itersiblings(), MOST_SIBLINGS):
        if not belongs(sibling):
            return
        yield sibling


def _is_alone(element: lxml_html.HtmlElement, parent: lxml_html.HtmlElement) -> bool:
    """Whether an element is all that its parent holds."""
    texts = [parent.text, *(child.tail for child in islice(parent, 3))]
    return len(parent) == 1 and parent.tag != "body" and not any(t and t.strip() for t in texts)


def _anything(element: lxml_html.HtmlElement) -> bool:
    return element.tag not in ("h1", "article", "main")


def _is_others(element: lxml_html.HtmlElement) -> bool:
    """Whether an element holds other articles: links, or headlines and no sentence."""
    return _is_links(element) or _is_headlines(element)


def _is_headlines(element: lxml_html.HtmlElement) -> bool:
    """Whether all that an element says are several short lines, none of which ends a sentence."""
    lines = list(islice(element.iter("p", "li", "h3", "h4", "h5"), MOST_SIBLINGS))
    said = [line.text_content().strip() for line in lines]
    if len(said) < FEWEST_HEADLINES or sum(map(len, said)) < 0.9 * _size(element):
        return False
    return all(len(text.split()) <= LONGEST_HEADLINE for text in said) and not any(
        text.endswith(SENTENCE_ENDS) for text in said
    )


def _is_links(element: lxml_html.HtmlElement) -> bool:
    links = sum(_size(link) for link in islice(element.iter("a"), MOST_SIBLINGS))
    return links >= SHARE_OF_LINKS * _size(element)


def _size(element: lxml_html.HtmlElement) -> int:
    """The characters that a reader sees of an element, without white space around them."""
    return sum(
        len((each.text or "").strip()) * (each.tag not in ("script", "style", "noscript"))
        + len((each.tail or "").strip()) * (each is not element)
        for each in element.iter()
    )


def _drop(element: lxml_html.HtmlElement) -> None:
    """Remove an element; the text behind it stays."""
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()
