"""The morning report as plain text, 78 columns wide: for terminals, and for what mails it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from crawler.telling.morning_document import (
    Block,
    Document,
    Fold,
    Foreign,
    Items,
    Paragraph,
    Pictures,
    Table,
    Words,
)
from crawler.telling.morning_pictures import tallest
from storage.bidi import isolated
from storage.night_records import CountryDay

WIDTH = 78
FEW, NEAREST = 3, 2
"""Where more things than a few went wrong, only the nearest steps are told of each."""
_BARS = "▁▂▃▄▅▆▇█"
_DARK, _NOT_BEGUN = "x", " "
_GAP = "  "


def as_text(told: Document) -> str:
    """The whole report; what a page folds is only counted, with the command that shows it."""
    lines = [*_wrapped(told.verdict), *_wrapped(told.about), ""]
    for section in told.sections:
        lines += [section.title.upper(), ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    lines += _wrapped(f"Next: {told.coming} (UTC).") if told.coming else []
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def plain(words: Words) -> str:
    """Words on one line; those that run from right to left keep to themselves."""
    return "".join(isolated(one.text) if isinstance(one, Foreign) else one for one in words)


def spark(days: Sequence[CountryDay]) -> str:
    """A bar for each day; x where nothing was seen, a space before anything was looked at."""
    most = tallest(days)
    return "".join(_bar(day, most) for day in days)


def _bar(day: CountryDay, most: int) -> str:
    if not day.begun:
        return _NOT_BEGUN
    if day.outlets == day.blind:
        return _DARK
    return _BARS[0] if not most else _BARS[min(day.new * len(_BARS) // (most + 1), len(_BARS) - 1)]


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _wrapped(plain(block.words))
    elif isinstance(block, Items):
        yield from _items(block)
    elif isinstance(block, Table):
        yield from table(block)
    elif isinstance(block, Pictures):
        yield from _pictures(block)
    else:
        yield from _fold(block)


def _items(block: Items) -> Iterator[str]:
    if block.title:
        yield f"{block.title}:"
    many = sum(bool(item.steps) for item in block.items) > FEW
    for item in block.items:
        head = f"{item.head} · " if item.head else ""
        yield from _wrapped(f"{head}{plain(item.words)}", "- ")
        for step in item.steps[: NEAREST if many else None]:
            yield from _wrapped(plain(step), "    > ", "      ")
    if many and any(len(item.steps) > NEAREST for item in block.items):
        yield from _wrapped("The page of this report and `marsad events` tell further steps.")


def table(block: Table) -> Iterator[str]:
    """The rows in columns; the last one is cut where a line would be too long."""
    rows = [list(block.header), *([plain(cell) for cell in row] for row in block.rows)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            _aligned(cell, width, right=name in block.right)
            for cell, width, name in zip(row[:-1], widths, block.header, strict=False)
        ]
        left = WIDTH - sum(map(_width, cells)) - len(_GAP) * len(cells)
        yield _GAP.join([*cells, _cut(row[-1], max(left, 10))])


def _pictures(block: Pictures) -> Iterator[str]:
    width = max(map(len, block.days))
    for name, days in block.days.items():
        yield f"{name:<{width}}{_GAP}{spark(days)}"
        yield from _wrapped(block.said[name], " " * (width + 2))
    yield from _wrapped("New articles of the last 28 nights; x: nobody looked, or all were blind.")


def _fold(block: Fold) -> Iterator[str]:
    where = f": `{block.elsewhere}`" if block.elsewhere else ""
    short = [one for one in block.blocks if isinstance(one, Items)]
    if not short:
        yield f"{block.summary}{where}"
        return
    yield f"{block.summary}{where and f' ({block.elsewhere} tells what to do)'}"
    for one in short:
        yield from _items(one)


def _wrapped(text: str, first: str = "", indent: str | None = None) -> list[str]:
    indent = " " * len(first) if indent is None else indent
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _width(cell: str) -> int:
    return cell_len(cell)


def _aligned(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(cell))
    return f"{space}{cell}" if right else f"{cell}{space}"


def _cut(cell: str, width: int) -> str:
    """A cell that fits; what was isolated stays so."""
    if _width(cell) <= width:
        return cell
    kept = ""
    for char in cell:
        if _width(kept + char) > width - 1:
            break
        kept += char
    return isolated(kept) + "…"
