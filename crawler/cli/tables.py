"""Columns and paragraphs as plain lines, for any width of terminal and for pipes.

Columns are never cut: an id that was cut is of no use. Only the last one gives way, and only
on a terminal. Names come last: one that is written from right to left would take the figures
after it along.
"""

import textwrap
from collections.abc import Collection, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from crawler.cli.common import out

GAP = "  "
NARROWEST = 8
"""Columns below which a cut name says nothing: it is then left whole."""
WIDEST = 100
"""Columns beyond which paragraphs are tiring to read."""


def print_rows(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[str] = (),
    footer: Sequence[str] | None = None,
    console: Console = out,
) -> None:
    """Print a table; the columns named in `right` hold figures, `footer` is a line of sums."""
    every = [header, *rows, *([footer] if footer else [])]
    widths = [max(map(cell_len, column)) for column in zip(*every, strict=True)]
    widths[-1] = _last_width(widths, console)
    aligned = [
        [
            _cell(cell, width, name in right)
            for cell, width, name in zip(row, widths, header, strict=True)
        ]
        for row in every
    ]
    for number, cells in enumerate(aligned):
        bold = number == 0 or (footer is not None and number == len(every) - 1)
        console.print(Text(GAP.join(cells).rstrip(), style="bold" if bold else ""))


def print_paragraph(
    text: str, console: Console = out, *, indent: str = "", style: str = ""
) -> None:
    """Print a text wrapped between words, every line of it indented."""
    width = min(console.width, WIDEST)
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    console.print(Text("\n".join(lines), style=style))


def _last_width(widths: Sequence[int], console: Console) -> int:
    left = console.width - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)
    whole = widths[-1]
    return min(whole, left) if console.is_terminal and left >= NARROWEST else whole


def _cell(text: str, width: int, right: bool) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, width - 1).rstrip() + "…"
    return " " * (width - cell_len(text)) + text if right else set_cell_size(text, width)
