"""What a page holds and shows to nobody: by its own attributes, as far as these tell.

Style sheets are not looked at. A page may keep all of its text hidden until a script or a
subscription shows it: such a text is read, and only the hidden parts of a shown one are not, but
for those that are called the rest of the text.
Of 1,276 marked pages 4 have more of their text hidden than shown; in all others hidden lines are
none of the text, but for quotations that stand there twice and captions (2026-11-23).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from lxml import html as lxml_html
from selectolax.lexbor import LexborNode

_STYLES = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LONGEST = 500
"""Characters of an element's style that are looked at."""
_MAY_BE = '[hidden],[aria-hidden="true"],[style*="none" i],[style*="hidden" i]'
_HIDES = frozenset(("hidden", "aria-hidden", "style"))
_BLOCKS = frozenset(("div", "section", "p"))
_REST = re.compile(
    r"(?:(?:article|story|post|news|text|content|read|show|see)[-_]{0,2})?more"
    r"|(?:more|expand(?:able|ed)?)[-_]{0,2}(?:text|content|body)|subscribers?[-_]only",
    re.IGNORECASE,
)
"""What a block is called that holds the rest of a text, for a button or a subscription to show."""
_STREAMED = "S:"
"""How the identifiers begin of the parts that React sends hidden, for its script to put in place
(facebook/react, `ReactFizzConfigDOM.js`: `startSegmentHTML`)."""
HIDDEN = "hidden, and most of the text is not"
"""Why a line is none of the text."""
Get = Callable[[str], str | None]


class _Said(Protocol):
    text: str


_Part = TypeVar("_Part", bound=_Said)


def is_unshown(get: Get, *, is_inline: bool = False) -> bool:
    """Whether an element is not to be seen; `get` gives its attributes, None for those it lacks.

    Letters within a line that only screen readers are to pass over are seen: initials, for one.
    """
    if get("hidden") is not None:
        return not (get("id") or "").startswith(_STREAMED)
    if not is_inline and get("aria-hidden") == "true":
        return True
    style = get("style")
    return bool(style and _STYLES.search(style[:_LONGEST]))


def is_rest(tag: object, get: Get) -> bool:
    """Whether a hidden block is called the rest of the text, which readers can have shown.

    Within a line, and of a link, such a name is that of the button. Who hides what readers are not
    to find does not call it so. No button is asked what it opens: on 1,276 pages those that say it
    open licences, banners and comments, and blocks with these names are text, or of a few words.
    """
    return tag in _BLOCKS and any(
        map(_REST.fullmatch, f"{get('class') or ''} {get('id') or ''}"[:_LONGEST].split())
    )


def open_rest(tree: lxml_html.HtmlElement) -> None:
    """Take off what hides the blocks of a page that are the rest of its text (`is_rest`).

    Their names go too: trafilatura leaves out what is called to be expanded.
    """
    for element in tree.iter(*_BLOCKS):
        if _HIDES.isdisjoint(element.keys()):  # most: this is asked of every page
            continue
        if is_unshown(element.get) and is_rest(element.tag, element.get):
            for name in (*_HIDES, "class", "id"):
                element.attrib.pop(name, None)


def unshown_in(root: LexborNode, inline: frozenset[str]) -> frozenset[int]:
    """The identities (`mem_id`) of the elements under one that are not to be seen."""
    return frozenset(node.mem_id for node in root.css(_MAY_BE) if _is_unshown(node, inline))


def _is_unshown(node: LexborNode, inline: frozenset[str]) -> bool:
    attributes = {name: value or "" for name, value in node.attributes.items()}
    if is_rest(node.tag, attributes.get):
        return False
    return is_unshown(attributes.get, is_inline=node.tag in inline)


def parted(
    parts: Sequence[_Part], is_hidden: Callable[[_Part], bool]
) -> tuple[list[_Part], list[_Part]]:
    """The parts of a text that are to be seen, and those left out: none, if they are the most."""
    shown = [one for one in parts if not is_hidden(one)]
    if hides_most([one.text for one in shown], [one.text for one in parts]):
        return list(parts), []
    return shown, [one for one in parts if is_hidden(one)]


def hides_most(shown: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether more of a text is hidden than shown, so that all of it is the text."""
    return sum(map(len, whole)) > 2 * sum(map(len, shown))
