"""The page on which people mark articles: one file that asks nothing of any network.

Captured pages are shown as `harmless_html` makes them, in a frame that may run nothing, under a
policy that lets nothing be loaded. The lines to mark are all lines of a page in its order, none of
them marked: what our own reader thinks of them is not in the file.
"""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from crawler.gold.harmless import harmless_html
from crawler.gold.records import GoldPage
from crawler.reading.decode import Failure, decode
from crawler.reading.markup import open_markup
from crawler.reading.selected import lines_of

LANGUAGES = ("en", "fr", "ar")
MOST_LINES = 1_500
"""Of one page; real ones have a few hundred."""


def marking_page(name: str, outlet: str, pages: Sequence[GoldPage], language: str) -> str:
    """The HTML for these pages of an outlet, its words in one of the `LANGUAGES` at first."""
    data = {
        "name": name,
        "outlet": outlet,
        "language": language,
        "words": words(),
        "pages": [shown for page in pages if (shown := _shown(page))],
    }
    style, script = _part("page.css"), _part("page.js")
    parts = {
        "policy": _policy(script, (style, _part("view.css"))),
        "title": escape(name),
        "name": escape(name),
        "style": style,
        "script": script,
        "data": _inert(data),
    }
    made = _part("page.html")
    for key in ("policy", "title", "name", "style", "script", "data"):  # the page's bytes last
        made = made.replace(f"{{{key}}}", parts[key], 1)
    return made


@cache
def words() -> dict[str, dict[str, str]]:
    """Every word of the page, in each language."""
    return tomllib.loads(_part("words.toml"))


def _shown(page: GoldPage) -> dict[str, Any] | None:
    """What a person sees of a page, or None where no markup can be made out."""
    text = decode(page.body, page.content_type)
    markup = text if isinstance(text, Failure) else open_markup(text.text)
    if isinstance(markup, Failure) or markup.tree.body is None:
        return None
    lines = list(lines_of(markup.tree.body))[:MOST_LINES]
    return {"id": page.id, "url": page.url, "lines": lines, "view": _view(markup.text)}


def _view(markup: str) -> str:
    return (
        '<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src {_digest(_part('view.css'))}\">"
        f'<style>{_part("view.css")}</style><body dir="auto">{harmless_html(markup)}'
    )


def _policy(script: str, styles: Sequence[str]) -> str:
    """Nothing may be loaded, sent or run but what stands in the file."""
    return (
        f"default-src 'none'; script-src {_digest(script)}; "
        f"style-src {' '.join(map(_digest, styles))}; form-action 'none'; base-uri 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode('ascii')}'"


def _inert(data: object) -> str:
    """JSON that ends no script element, whatever the pages hold."""
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _part(name: str) -> str:
    return files("crawler.gold").joinpath(name).read_text(encoding="utf-8")
