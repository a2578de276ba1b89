"""Elements of a page that lexbor has parsed: what CSS selects, and what lies in what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError


def fitting(tree: LexborHTMLParser, css: str) -> list[LexborNode]:
    """The elements that a selector fits, in the page's order; none where it is no CSS after all."""
    try:
        return tree.css(css)
    except SelectolaxError:
        return []


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements that a node lies in, the nearest first."""
    above = node.parent
    while above is not None and above.is_element_node:
        yield above
        above = above.parent


def outermost(nodes: Sequence[LexborNode]) -> Iterator[LexborNode]:
    """The nodes that lie in no other one of them, which must be in the order of the page."""
    taken: set[int] = set()
    for node in nodes:
        if not any(above.mem_id in taken for above in ancestors(node)):
            taken.add(node.mem_id)
            yield node
