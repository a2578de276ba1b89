"""Reads schema.org data (JSON-LD) as outlets write it: nested, repeated, broken, or hostile."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.reading.decode import clean_text
from storage.text import fold

MAX_CHARACTERS = 2_000_000
MAX_NODES = 5_000
_ARTICLE_TYPES = re.compile(r"(?:.*Article|.*Posting|Report|Review|OpinionPiece)", re.DOTALL)
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*|//\s*<!\[CDATA\[|<!\[CDATA\[)+|(?:-->|\*/|//\s*\]\]>|\]\]>)+\s*$"
)
_LIST_COMMA = re.compile(r",\s*([}\]])")
_DECODER = json.JSONDecoder(strict=False)
_LONGEST_LOOSE = 50_000  # characters; scripts that quote whole pages are no descriptions
_FACT = re.compile(
    r'"(@type|headline|datePublished|dateModified|articleSection)"\s{0,20}:\s{0,20}'
    r'"([^"\\]{1,300})"\s{0,20}[,}]'
)


_Typed = tuple[dict[str, Any], list[str]]
"""A node, and of which types it says it is."""


@dataclass(frozen=True, slots=True)
class JsonLd:
    """The node of a page that describes its article, and the names of its publishers."""

    article: dict[str, Any] = field(default_factory=dict)
    publishers: tuple[str, ...] = ()
    sure: bool = True  # False where several articles are described, none of them by name this one
    types: frozenset[str] = frozenset()  # of everything that is described


def article_data(scripts: Iterable[str], titles: Collection[str] = ()) -> JsonLd:
    """The article described in a page's scripts: the first that has one of the `titles`, else the
    first, searched level by level; bounded.
    """
    nodes = [(node, _types(node)) for node in _nodes(_parsed(scripts))]
    articles = [node for node, kinds in nodes if _is_article(kinds)] or _dated_pages(nodes)
    named = [node for node in articles if node.get("headline")]
    keys = [key for title in titles if (key := fold(title))]
    own = next((node for node in named if _has_title(node, keys)), None)
    article = own or next(iter(named or articles), {})
    names = (*names_of(article.get("publisher")), *_site_names(nodes))
    days = {str(node.get("datePublished"))[:10] for node in named}
    types = frozenset(kind for _, kinds in nodes for kind in kinds)
    return JsonLd(article, names, sure=own is not None or len(days) < 2, types=types)


def _site_names(nodes: Collection[_Typed]) -> Iterator[str]:
    """The names of sites and organisations; an agency that signed an article is none of them."""
    signed = {name for node, _ in nodes if "author" in node for name in names_of(node["author"])}
    for node, kinds in nodes:
        if "WebSite" in kinds:
            yield from names_of(node)
        elif "Organization" in kinds:
            yield from (name for name in names_of(node) if name not in signed)


def _has_title(node: dict[str, Any], keys: list[str]) -> bool:
    """Whether a title of the page is the node's headline, also with a site's name beside it."""
    headlines = [key for text in texts_of(node["headline"]) if (key := fold(text))]
    return any(headline in key or key in headline for headline in headlines for key in keys)


def _dated_pages(nodes: Iterable[_Typed]) -> list[dict[str, Any]]:
    """The pages that are described with a date, where no article is: their dates are its own.

    A page's name is no headline.
    """
    kept = ("datePublished", "dateModified", "isAccessibleForFree")
    pages = [node for node, kinds in nodes if "WebPage" in kinds and node.get("datePublished")]
    return [{key: node[key] for key in kept if key in node} for node in pages[:1]]


def _parsed(scripts: Iterable[str]) -> Iterator[Any]:
    """What the scripts hold; of one that is no JSON even after repair, its plain facts."""
    left = MAX_CHARACTERS
    for script in scripts:
        left -= len(script)
        if left < 0:
            return
        for mend in (_as_it_is, _unwrapped, _without_list_commas):
            try:
                yield _DECODER.raw_decode(mend(script))[0]
                break
            except (ValueError, RecursionError):
                continue
        else:
            yield _facts_in(script)


def _as_it_is(script: str) -> str:
    return script.lstrip()


def _unwrapped(script: str) -> str:
    return _WRAPPING.sub("", script).lstrip()


def _without_list_commas(script: str) -> str:
    return _LIST_COMMA.sub(r"\1", _unwrapped(script))


def _facts_in(script: str) -> dict[str, str]:
    """The first of each plain fact in a description that is no JSON: a quote not escaped, say."""
    facts: dict[str, str] = {}
    for key, value in _FACT.findall(script[:_LONGEST_LOOSE]):
        facts.setdefault(key, value)
    return facts


def _nodes(roots: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """All objects, those nearest to the top first, no more than MAX_NODES."""
    queue = deque(roots)
    for _ in range(MAX_NODES):
        if not queue:
            return
        node = queue.popleft()
        if isinstance(node, dict):
            yield node
            queue.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            queue.extend(node[:MAX_NODES])


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2] for kind in kinds if isinstance(kind, str)]


def _is_article(kinds: Sequence[str]) -> bool:
    return any(map(_ARTICLE_TYPES.fullmatch, kinds))


def texts_of(value: Any, *, key: str = "name") -> list[str]:
    """The texts in a value: itself, those of its items, or `key` of its objects; not empty ones."""
    items = value if isinstance(value, list) else [value]
    texts = [item.get(key) if isinstance(item, dict) else item for item in items[:50]]
    return [clean_text(text) for text in texts if isinstance(text, str) and text.strip()]


def names_of(value: Any) -> list[str]:
    """The names of persons or organisations; addresses given in their place are left out."""
    return [text for text in texts_of(value) if not text.startswith(("http:", "https:", "/"))]
