"""Elements of a page that lexbor has parsed: what CSS selects, and what lies in what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def outermost(nodes: Iterable[LexborNode]) -> Iterator[LexborNode]:
    """The nodes that lie in no other one of them, which must be in the order of the page."""
    taken: dict[int, bool] = {}
    for node in nodes:
        is_inside = lies_in(node, taken)
        taken[node.mem_id] = True
        if not is_inside:
            yield node


def lies_in(node: LexborNode, known: dict[int, bool]) -> bool:
    """Whether an element around a node is `known` (by `mem_id`) as one that counts, or lies in one.

    Notes what it looks at, so that each element is looked at once: pages may be ten thousand deep.
    """
    passed, found = [], False
    for above in ancestors(node):
        if (told := known.get(above.mem_id)) is not None:
            found = told
            break
        passed.append(above.mem_id)
    known.update(dict.fromkeys(passed, found))
    return found
