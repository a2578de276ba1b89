"""What all pages of the made-up sites share: HTML templates, menus, boxes and footers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from crawler.demo.records import Site

HERE = Path(__file__).parent / "layouts"
RIGHT_TO_LEFT = frozenset({"ar", "ckb"})


@cache
def template(name: str) -> Template:
    """A layout's HTML with its placeholders."""
    return Template((HERE / f"{name}.html").read_text(encoding="utf-8"))


@cache
def words(language: str) -> dict[str, str]:
    """The words around an article; `sections` are joined by line ends."""
    table = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))[language]
    return {key: "\n".join(v) if isinstance(v, list) else v for key, v in table.items()}


def sections(language: str) -> list[str]:
    """The sections of a site's menu; the n-th is at /s/<n>, the last is where to write to."""
    return words(language)["sections"].split("\n")


def safe(text: str) -> str:
    """The text with what HTML would take for markup written out."""
    return escape(text, quote=False)


def fill(site: Site, layout: str, page: dict[str, str]) -> str:
    """The template with every placeholder filled, in the site's letters."""
    return site.spell(template(layout).substitute(page))


def frame(site: Site, language: str) -> dict[str, str]:
    """What every page of a site has: names, menu, footer."""
    said = words(language)
    menu = list(enumerate(sections(language)))
    return {
        "lang": "ku" if language == "kmr" else language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "charset": site.charset,
        "site": site.name,
        "home": said["home"],
        "nav": "".join(f'<li><a href="/s/{i}">{name}</a></li>' for i, name in menu),
        "links": " | ".join(f'<a href="/s/{i}">{name}</a>' for i, name in menu),
        "views_label": said["views"],
        "share": said["share"],
        "comments_title": said["comments"],
        "latest": said["latest"],
        "footer": said["footer"],
    }


def boxes(site: Site) -> str:
    """The boxes beside a page's text."""
    return "".join(
        f"<div><h3>{safe(b.heading)}</h3><ul>{_lines(b.lines)}</ul></div>" for b in site.boxes
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f'<li><a href="/x/{i}">{safe(line)}</a></li>' for i, line in enumerate(lines))
