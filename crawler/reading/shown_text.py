"""The text of a small piece of markup as readers see it: with a space wherever they see a break.

`<h1><span>Society</span><span>Market reopens</span></h1>` reads "Society Market reopens", and
`<em>Al</em>-Manara` reads "Al-Manara".
"""

from __future__ import annotations

import html
import re

MOST = 4_000  # characters; some pages lie whole in one heading

_TAG = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_UNSHOWN = frozenset("script style svg noscript template".split())
_BREAKS = frozenset("br div p h1 h2 h3 h4 h5 h6 li ul ol small header figure section".split())


def shown_text(markup: str) -> str:
    """The text of `markup`, which a parser wrote (attributes in double quotes)."""
    kept: list[str] = []
    hidden = ""  # the element that is passed over
    closed = False  # whether the piece before is an end tag
    for number, piece in enumerate(_TAG.split(markup[:MOST])):
        if number % 2 == 0:
            if piece and not hidden:
                kept.append(piece)
            closed = closed and not piece
            continue
        name, closing = _tag(piece)
        if hidden:
            hidden = "" if closing and name == hidden else hidden
        elif name in _UNSHOWN and not closing:
            hidden = name
        elif name in _BREAKS or (closed and not closing):
            kept.append(" ")
        closed = closing
    return html.unescape("".join(kept))


def _tag(piece: str) -> tuple[str, bool]:
    """The name of a tag, and whether it is an end tag."""
    match = _NAME.match(piece)
    return (match[1].lower() if match else ""), piece.startswith("</")
