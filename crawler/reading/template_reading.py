"""Takes an article's text from where the outlet's template says, and checks what came of it.

The checks compare the page with those that were learned from: what was found where, how much of it
is of known kinds, and how much text stands elsewhere. A page that fails them is read the careful
way, so a redesign costs time and never the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.reading.decode import clean_text
from crawler.reading.heads import Head
from crawler.reading.markup import Markup
from crawler.reading.nodes import ancestors, fitting, outermost
from crawler.reading.notes import SILENT, Notes
from crawler.reading.page_noise import is_furniture
from crawler.reading.template_blocks import Block, blocks_in
from crawler.reading.template_checks import Measures, broken_promise, measures, too_short
from crawler.reading.template_votes import LIKELY, Judge
from crawler.reading.text_ends import is_over_comments, without_ends
from crawler.reading.unshown import HIDDEN, parted
from storage.template_records import Rules, Template, rules_of
from storage.text import fold

_MOST_PARTS = 200
"""Elements that one page's text may be in; real ones have under 50."""
_LONGEST_REPEATED = 60
"""Characters of a line that is noise if it stands on a page twice: a label, a button."""
_FIRST = 8
"""Characters by which a text is compared with the headline before all of it is."""
_SURE = 0.9
"""How likely a line must be part of the text to stand in it twice, as in tables of results."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The text of an article, one block a line, and where it stood."""

    text: str
    container: str  # CSS
    measures: Measures


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a page is not as its outlet's template says, in a few words."""

    reason: str


def apply_template(
    markup: Markup, template: Template, head: Head, headline: str, notes: Notes = SILENT
) -> Taken | Refused:
    """The text of a page by its outlet's template, without the headline; never raises."""
    rules, judge, first = template.rules, _judge(template.packed), Refused("no rules")
    for number, css in enumerate(rules.containers):
        found = taken_from(markup.tree, judge, css, headline, notes)
        reason = "nothing where the text stood"
        if found is not None:
            reason = broken_promise(found.measures, rules, head) or too_short(found.text)
            if not reason:
                return found
        notes.rejected("text", f"template@{template.id}", css, reason)
        if number == 0 or first.reason.startswith("nothing"):
            first = Refused(reason)
    return first


def taken_from(
    tree: LexborHTMLParser, judge: Judge, css: str, headline: str, notes: Notes = SILENT
) -> Taken | None:
    """What stands in a container without what belongs to no text; None if it is not there."""
    nodes = of_one_article(parts_of(tree, css), headline)
    if not nodes:
        return None
    blocks = [block for node in nodes for block in blocks_in(node)]
    kept = _to_be_seen(_kept(blocks, judge, headline, notes), notes)
    text = without_ends(clean_text("\n".join(block.text for block in kept)), notes)
    return Taken(text, css, measures(tree, blocks, kept, judge))


def _to_be_seen(kept: list[Block], notes: Notes) -> list[Block]:
    """The blocks that are shown; all, where more of the text is hidden: as by a subscription."""
    shown, hidden = parted(kept, attrgetter("hidden"))
    for block in hidden:
        notes.rejected("block", block.names[1], block.text, HIDDEN)
    return shown


def parts_of(tree: LexborHTMLParser, css: str) -> list[LexborNode]:
    """The elements that CSS selects and that lie in no other one; none where it is no CSS."""
    return list(outermost(fitting(tree, css)[:_MOST_PARTS]))


def of_one_article(nodes: list[LexborNode], headline: str) -> list[LexborNode]:
    """The elements of the first article: some sites put further ones under it, to be scrolled to.

    Another one begins where between two elements there is a main heading of another wording.
    """
    if len(nodes) < 2 or not headline:
        return nodes
    around = {node.mem_id for node in ancestors(nodes[0])} | {nodes[0].mem_id}
    title = fold(headline)
    for place, node in enumerate(nodes[1:], 1):
        if any(fold(said) != title for said in _headings_before(node, around)):
            return nodes[:place]
    return nodes


def _headings_before(node: LexborNode, around: set[int]) -> Iterator[str]:
    """The main headings between an element and the first one, of which `around` lie around."""
    branch = node
    for above in ancestors(node):
        if above.mem_id in around:
            break
        branch = above
    one: LexborNode | None = branch
    for _ in range(_MOST_PARTS):
        if one is None or one.mem_id in around:
            return
        if one.is_element_node:
            yield from (text for found in one.css("h1") if (text := found.text().strip()))
        one = one.prev


@lru_cache(maxsize=512)
def _judge(packed: str) -> Judge:
    return judge_of(rules_of(packed))


def judge_of(rules: Rules) -> Judge:
    """Who tells which blocks belong to the article, by these rules."""
    seen = {name: (kept, total) for name, kept, total in rules.blocks}
    return Judge(seen, frozenset(rules.repeated))


def _kept(blocks: Sequence[Block], judge: Judge, headline: str, notes: Notes) -> list[Block]:
    """The blocks that belong to the article, each paragraph once."""
    likely = judge.likely(blocks)
    times = Counter(block.text for block, share in zip(blocks, likely, strict=True) if share)
    title = fold(headline)
    kept: dict[tuple[str, bool] | int, Block] = {}
    for place, (block, share) in enumerate(zip(blocks, likely, strict=True)):
        if share < LIKELY and not notes.wanted:
            continue  # it would take time to say why
        is_long = len(block.text) > _LONGEST_REPEATED
        said: tuple[str, bool] | int = (block.text, block.hidden) if is_long else place
        why = _why_not(block, share, times[block.text], title)
        why = why or ("said before" if said in kept else "")
        if notes.wanted:
            notes.rejected("block", block.names[1], block.text, why)
        if not why:
            kept[said] = block
    return _before_comments(blocks, kept.values(), notes)


def _before_comments(blocks: Sequence[Block], kept: Iterable[Block], notes: Notes) -> list[Block]:
    """The kept blocks without those behind a title over what readers wrote, kept or not itself.

    A word like it over the larger part of the text is a button.
    """
    left = {id(block): block for block in kept}
    whole, passed = sum(len(block.text) for block in left.values()), 0
    for place, block in enumerate(blocks):
        if passed * 2 > whole and is_over_comments(block.text):
            behind = [later for later in blocks[place:] if left.pop(id(later), None)]
            for later in behind:
                notes.rejected("block", later.names[1], later.text, "comments")
            break
        passed += len(block.text) if id(block) in left else 0
    return list(left.values())


def _why_not(block: Block, share: float, times: int, title: str) -> str:
    """Why a block is not taken, or ""."""
    if share < LIKELY:
        return f"part of the article in {share:.0%} of such" if share else "stands on other pages"
    if times > 1 and share < _SURE and len(block.text) <= _LONGEST_REPEATED:
        return "stands on the page more than once"
    if len(block.text) <= _LONGEST_REPEATED and _is_furniture(block.text):
        return "a date, a counter or a button"
    short = len(block.text) <= 2 * len(title) + 10
    return "the headline" if title and short and _is_same(block.text, title) else ""


@lru_cache(maxsize=2_048)
def _is_furniture(text: str) -> bool:
    """Whether a short text is furniture; an outlet's pages have the same ones."""
    return is_furniture(text)


def _is_same(text: str, folded: str) -> bool:
    """Whether a text folds to this; few begin alike, which is found out first."""
    return folded.startswith(fold(text[:_FIRST])) and fold(text) == folded
