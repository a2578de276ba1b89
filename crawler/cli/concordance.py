"""`marsad actors concordance`: every mention of an actor with the words around it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import cell_len
from rich.text import Text

from crawler.cli.common import (
    JsonOption,
    OnlyCountryOption,
    OnlyOutletOption,
    WorkspaceOption,
    day_of,
    err,
    open_workspace,
    opened,
    out,
    print_json,
    refuse_unknown,
)
from crawler.cli.comparable import tell_gaps
from crawler.cli.coverage_header import tell_coverage, tell_nothing_found
from crawler.cli.question_options import AfterOption, BeforeOption
from crawler.phrases import counted
from storage.bidi import isolated

if TYPE_CHECKING:  # the matcher and the database are opened only where they are needed
    from storage.concordance import Line
    from storage.database import Database
    from storage.search import SearchFilters

ActorArgument = Annotated[str, typer.Argument(metavar="ACTOR", help="An actor's id.")]
AllOption = Annotated[
    bool, typer.Option("--all", help="Also mentions that are not counted, marked with ?")
]
WidthOption = Annotated[
    int, typer.Option(min=5, max=1000, help="Characters on either side of the name.")
]
LanguageOption = Annotated[str | None, typer.Option(help="ar, fr, en, ckb, kmr …")]
LimitOption = Annotated[int, typer.Option(min=1, help="How many to show at most.")]
_FACTS = ("article", "outlet", "day")
_PIECES = ("before", "match", "after")


def concordance(
    actor_id: ActorArgument,
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    language: LanguageOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    width: WidthOption = 40,
    limit: LimitOption = 200,
    everything: AllOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every mention of an actor with the words before and after it, by day.

    Before and after are those of reading: in Arabic, what stands before a name is to the
    right of it on a page, and here still in the first column.

    Examples:

      marsad actors concordance ma_amdh --country ma --after 2026-01-01

      marsad export concordance --actor ma_amdh --format xlsx -o amdh.xlsx
    """
    from storage import concordance as store
    from storage.actors import gaps
    from storage.coverage_summary import summary
    from storage.search import SearchFilters

    first, last = day_of(after), day_of(before)
    filters = SearchFilters(outlet, country, language, after=first, before=last)
    with opened(open_workspace(workspace)) as db:
        _refuse_slips(db, replace(filters, actor=actor_id))
        which = (db, actor_id, filters)
        found = list(store.lines(*which, doubtful=everything, width=width, limit=limit))
        total = store.count(*which, doubtful=everything)
        gap = gaps(db, [actor_id]).get(actor_id)
        coverage = summary(db, filters=filters)
    if as_json:
        told = {
            "actor": actor_id,
            "total": total,
            "comparable_since": gap.since if gap else None,
            "coverage": coverage,
        }
        print_json({**told, "lines": found})
    elif found:
        _print_columns(found)
    more = f", {len(found)} shown (--limit shows more)" if len(found) < total else ""
    if found:
        err.print(counted(total, "mention") + more)
    else:
        tell_nothing_found(coverage, "no mention found")
    tell_coverage(coverage)
    tell_gaps([gap] if gap else [])


def _refuse_slips(db: "Database", filters: "SearchFilters") -> None:
    slips = db.unknown(filters)
    is_actor = bool(slips) and "actor" in slips[0]
    refuse_unknown(
        slips, "; a new actor is looked for by `marsad actors rematch`" if is_actor else ""
    )


def _print_columns(lines: "list[Line]") -> None:
    """One line for each mention, the names below each other; every piece keeps to itself."""
    facts = [_FACTS, *map(_facts, lines)]
    widths = [max(map(cell_len, column)) for column in zip(*facts, strict=True)]
    pieces = [_PIECES, *map(_pieces, lines)]
    before, match, after = (max(map(cell_len, column)) for column in zip(*pieces, strict=True))
    labels = ["label", *(isolated(line.label) for line in lines)]
    for number, (fact, piece, label) in enumerate(zip(facts, pieces, labels, strict=True)):
        cells = [
            *map(_left, fact, widths),
            _right(piece[0], before),
            _left(piece[1], match),
            _left(piece[2], after),
            label,
        ]
        out.print(Text("  ".join(cells).rstrip(), style="" if number else "bold"))


def _facts(line: "Line") -> tuple[str, str, str]:
    return str(line.article_id), line.outlet_id, line.day or "undated"


def _pieces(line: "Line") -> tuple[str, str, str]:
    match = " ".join(line.match.split())
    return line.before, f"{'' if line.counted else '?'}[{match}]", line.after


def _left(text: str, width: int) -> str:
    """A piece in a column of its own, filled up outside of its isolate."""
    return isolated(text) + " " * (width - cell_len(isolated(text)))


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(isolated(text))) + isolated(text)
