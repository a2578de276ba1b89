"""The morning report as one page of HTML: no script, nothing from elsewhere, everything escaped.

What outlets wrote is hostile until it is escaped, and may be written in either direction: each
piece of it is isolated, and says its language. Colours follow the reader's choice of light or dark;
nothing is told by colour alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape

from crawler.telling.morning_document import (
    Block,
    Document,
    Fold,
    Foreign,
    Item,
    Items,
    Paragraph,
    Pictures,
    Table,
    Words,
)
from crawler.telling.morning_pictures import LEGEND, svg
from crawler.telling.morning_style import STYLE
from crawler.telling.morning_text import NEAREST
from storage.bidi import harmless
from storage.weblinks import is_web

_COMMAND = re.compile("`([^`]+)`")
_LANGUAGE = re.compile("[a-z]{2,3}")
_FOOT = "Times are in UTC. Kept on this machine only. Again: `marsad report`."


def as_page(told: Document) -> str:
    """The whole report."""
    body = "\n".join(
        f'<section id="{section.name}"><h2>{_ours(section.title)}</h2>\n'
        + "\n".join(map(_block, section.blocks))
        + "\n</section>"
        for section in told.sections
    )
    return f"""<!doctype html>
<html lang="en" dir="ltr">
{_head(told)}
<body>
<header class="{"bad" if told.bad else "good"}">
<p class="brand">Marsad · <bdi lang="ar">مرصد</bdi></p>
<h1>{_verdict(told)}</h1>
<p class="about">{escape(told.about)}</p>
</header>
<main>
{body}
</main>
<footer><p>{_next(told)}{_ours(_FOOT)}</p></footer>
</body>
</html>
"""


def _head(told: Document) -> str:
    """What the browser is told: above all to run nothing and to fetch nothing."""
    rules = ("default-src 'none'", f"style-src 'sha256-{_digest(STYLE)}'", "base-uri 'none'")
    policy = "; ".join((*rules, "form-action 'none'"))
    return f"""<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Marsad: {escape(told.verdict)}</title>
<style>{STYLE}</style>
</head>"""


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _next(told: Document) -> str:
    return f"Next: {escape(told.coming)}. " if told.coming else ""


def _verdict(told: Document) -> str:
    """The verdict; its last part leads to what is to be done."""
    found, _, needs = told.verdict.rpartition("; ")
    return f'{escape(found)}; <a href="#wrong">{escape(needs)}</a>'


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p{_class('mild' if block.mild else '')}>{_words(block.words)}</p>"
    if isinstance(block, Items):
        return _items(block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Pictures):
        return _pictures(block)
    return _fold(block)


def _items(block: Items) -> str:
    title = f"<h3>{_ours(block.title)}</h3>" if block.title else ""
    return f"{title}<ul>{''.join(map(_item, block.items))}</ul>"


def _item(item: Item) -> str:
    head = f"<b>{_ours(item.head)}</b> · " if item.head else ""
    todo, further = _steps(item.steps[:NEAREST]), _steps(item.steps[NEAREST:], NEAREST + 1)
    if further:
        todo += f"<details><summary>If that does not help</summary>{further}</details>"
    return f"<li{_class(item.kind)}>{head}{_words(item.words)}{todo}</li>"


def _steps(steps: Sequence[Words], first: int = 1) -> str:
    told = "".join(f"<li>{_words(step)}</li>" for step in steps)
    return f'<ol class="steps" start="{first}">{told}</ol>' if told else ""


def _table(block: Table) -> str:
    names = "".join(
        f'<th scope="col"{_class("figure" if name in block.right else "")}>{_ours(name)}</th>'
        for name in block.header
    )
    head = f"<thead><tr>{names}</tr></thead>"
    rows = "".join(
        f"<tr{_class('more' if number in block.marked else '')}>{''.join(_cells(row, block))}</tr>"
        for number, row in enumerate(block.rows)
    )
    return f'<div class="wide"><table>{head}<tbody>{rows}</tbody></table></div>'


def _cells(row: tuple[Words, ...], block: Table) -> Iterator[str]:
    for name, cell in zip(block.header, row, strict=True):
        yield f"<td{_class('figure' if name in block.right else '')}>{_words(cell)}</td>"


def _pictures(block: Pictures) -> str:
    figures = "".join(
        f"<figure><figcaption><b>{escape(name)}</b> {escape(block.said[name])}</figcaption>"
        f"{svg(days, f'{name}: new articles of the last {len(days)} nights')}</figure>"
        for name, days in block.days.items()
    )
    return f'<div class="pictures">{figures}</div><p class="mild">{LEGEND}</p>'


def _fold(block: Fold) -> str:
    inner = "".join(map(_block, block.blocks))
    return f"<details><summary>{_ours(block.summary)}</summary>{inner}</details>"


def _words(words: Words) -> str:
    return "".join(_foreign(one) if isinstance(one, Foreign) else _ours(one) for one in words)


def _ours(text: str) -> str:
    """Our own words; what stands between backticks is a command."""
    return _COMMAND.sub(r"<code>\1</code>", escape(text))


def _foreign(one: Foreign) -> str:
    """Words of others: escaped, without marks that turn others around, isolated."""
    known = _LANGUAGE.fullmatch(one.language) and one.language != "und"
    language = f' lang="{one.language}"' if known else ""
    shown = f'<bdi dir="auto"{language}>{escape(harmless(one.text))}</bdi>'
    if not is_web(one.url):
        return shown
    return f'<a href="{escape(one.url)}" rel="noreferrer noopener">{shown}</a>'


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
