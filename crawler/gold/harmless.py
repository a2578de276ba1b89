"""A captured page as a person may look at it: its words in its order, and nothing that does.

Built anew from a list of elements that only hold text. No attribute is taken over but direction and
language, so that there is no script, no style, no picture and no address in it, and nothing that
could be asked for over the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST = 600_000
"""Characters; real pages have less than 100,000 of text and tags."""
MOST_OPEN = 200
"""Elements within each other; browsers stop at about 500."""

_SHOWN = frozenset(
    "article aside b bdi bdo blockquote caption cite code dd div dl dt em figcaption figure footer"
    " h1 h2 h3 h4 h5 h6 header i li main mark nav ol p pre q s section small span strong sub sup"
    " table tbody td tfoot th thead time tr u ul".split()
)
_EMPTY = frozenset(("br", "hr"))
_LEFT_OUT = frozenset(
    "script style noscript template svg math iframe frame object embed applet select textarea"
    " button input canvas video audio head title link meta base param source track -comment"
    " !doctype".split()
)
_DIRECTIONS = frozenset(("rtl", "ltr", "auto"))


def harmless_html(markup: str) -> str:
    """The body of a page, made of plain elements and its words."""
    body = LexborHTMLParser(markup).body
    parts: list[str] = []
    size = 0
    for part in _parts(body) if body is not None else ():
        size += len(part)
        if size > MOST:
            break
        parts.append(part)
    return "".join(parts)


def _parts(body: LexborNode) -> Iterator[str]:
    """Tags and texts in the order of the page; without recursion."""
    waiting: list[LexborNode | str] = [body]
    open_now = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            open_now -= 1
            yield one
        elif one.is_text_node:
            yield escape(one.text_content or "", quote=False)
        elif one.tag in _EMPTY:
            yield f"<{one.tag}>"
        elif one.tag not in _LEFT_OUT:
            if one.tag in _SHOWN and open_now < MOST_OPEN:
                open_now += 1
                yield f"<{one.tag}{_direction(one)}>"
                waiting.append(f"</{one.tag}>")
            waiting.extend(reversed([*one.iter(include_text=True)]))


def _direction(node: LexborNode) -> str:
    said = (node.attributes.get("dir") or "").strip().lower()
    return f' dir="{said}"' if said in _DIRECTIONS else ""
