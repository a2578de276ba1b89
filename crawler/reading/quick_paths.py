"""Trafilatura's expressions about elements, each with a memory of what it said of others like them.

A third of its time goes into asking every element of a page the same eight XPath expressions. They
ask for nothing but its tag and a few attributes, and the elements of an outlet's pages repeat
each other; so each expression is asked once for each tag with such attributes. The answers are the
library's own: an expression that asks for anything else stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import html as lxml_html
from lxml.etree import XPath
from trafilatura import xpaths

MOST_REMEMBERED = 4_000
"""Answers of one expression; a page of an outlet has about a hundred different ones."""
LONGEST_REMEMBERED = 300
"""Characters of an attribute; an element with a longer one is asked about each time."""

_PATH = re.compile(r"\s*\(?\.//\*(?P<asked>\[.*?\])\s*\)?(?P<first>\[1\])?\s*", re.DOTALL)
_STRING = re.compile(r"'[^']*'")
_OF_ITSELF = re.compile(
    r"(?:[\s()\[\],=|]|\bor\b|\band\b|self::\w+|@[\w-]+|''"
    r"|(?:re:test|contains|starts-with|translate|not)(?=\())+"
)
_TAG, _ATTRIBUTE = re.compile(r"self::(\w+)"), re.compile(r"@([\w-]+)")


class Remembering:
    """What an expression finds in a tree, in its order; raises ValueError for others than these.

    An expression that ends in [1] finds only the first element of all: nobody looks at more.
    """

    def __init__(self, path: str) -> None:
        parts = _PATH.fullmatch(path)
        asked = parts["asked"] if parts else ""
        named = _STRING.sub("''", asked)
        if not parts or not _OF_ITSELF.fullmatch(named):
            raise ValueError("asks for more than an element's tag and attributes")
        self._first = parts["first"] is not None
        self._tags = _TAG.findall(named) or ["*"]
        self._attributes = list(dict.fromkeys(_ATTRIBUTE.findall(named)))
        self._judge = XPath(f"boolean(self::*{asked})", namespaces={"re": xpaths.REGEXP_NS})
        self._known: dict[tuple[str | None, ...], bool] = {}

    def __call__(self, tree: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
        """The elements in a tree of which the expression holds."""
        found = filter(self._holds, tree.iterdescendants(*self._tags))
        return [one for one, _ in zip(found, "1", strict=False)] if self._first else list(found)

    def _holds(self, element: lxml_html.HtmlElement) -> bool:
        look = (element.tag, *map(element.get, self._attributes))
        held = self._known.get(look)
        return self._asked(element, look) if held is None else held

    def _asked(self, element: lxml_html.HtmlElement, look: tuple[str | None, ...]) -> bool:
        held = bool(self._judge(element))
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        if all(value is None or len(value) <= LONGEST_REMEMBERED for value in look):
            self._known[look] = held
        return held


def _quick(theirs: XPath) -> XPath | Remembering:
    """The expression with a memory, if it can have one."""
    try:
        return Remembering(theirs.path)
    except ValueError:
        return theirs


_LISTS: list[list[XPath | Remembering]] = [
    xpaths.BODY_XPATH,
    xpaths.OVERALL_DISCARD_XPATH,
    xpaths.RAW_TREE_PRUNE_XPATH,
    xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
    xpaths.DISCARD_IMAGE_ELEMENTS,
]
_THEIRS = [list(one) for one in _LISTS]
_QUICK = [list(map(_quick, one)) for one in _LISTS]


@contextmanager
def remembered_paths() -> Iterator[None]:
    """Trafilatura looks elements up with a memory in here, and outside as it was made."""
    try:
        for paths, quick in zip(_LISTS, _QUICK, strict=True):
            paths[:] = quick
        yield
    finally:
        for paths, theirs in zip(_LISTS, _THEIRS, strict=True):
            paths[:] = theirs
