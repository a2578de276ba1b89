"""`marsad outlets list --gaps`: which countries, languages and alignments nobody is read for."""

from collections.abc import Sequence
from itertools import groupby

from crawler.cli.common import out
from crawler.cli.tables import print_paragraph, print_rows
from crawler.gaps import ALIGNMENTS, Cell
from crawler.phrases import counted

EMPTY = "EMPTY"
EXPLAINED = (
    "Outlets with a way of finding that is on / one that is written down and off until a probe "
    f"sees it work / none. {EMPTY}: no outlet is known. An outlet counts for each of its languages."
)


def show_gaps(cells: Sequence[Cell]) -> None:
    """Print a line for each country and language, a column for each alignment; then the sums."""
    rows = [
        (country, language, *map(_told, row))
        for (country, language), row in groupby(cells, lambda cell: (cell.country, cell.language))
    ]
    titles = [name.replace("_", "-") for name in ALIGNMENTS]
    print_rows(("country", "language", *titles), rows, right=titles)
    empty = sum(cell.empty for cell in cells)
    unread = sum(cell.unread and not cell.empty for cell in cells)
    out.print()
    print_paragraph(EXPLAINED)
    print_paragraph(
        f"{empty} of {counted(len(cells), 'cell')} empty; "
        f"{unread} with outlets of which none is read."
    )


def _told(cell: Cell) -> str:
    return EMPTY if cell.empty else f"{len(cell.on)}/{len(cell.written)}/{len(cell.none)}"
