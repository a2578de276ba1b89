"""`marsad outlets import`: outlets from lists of feeds and sites; nothing is on without a probe."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.actor_files import DryRunOption
from crawler.cli.common import (
    FAILED,
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.cli.probe import run_probe
from crawler.cli.probe_view import show
from crawler.newcomers import file_of
from crawler.phrases import counted
from crawler.probes import ProbeResult
from crawler.workspace import Workspace, add_outlets, load_config

if TYPE_CHECKING:  # what reads spreadsheets is imported where it is needed
    from crawler.outletimports import SortedOut

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="OPML of a feed reader, or a sheet: .csv, .xlsx.")
]
CountryOption = Annotated[
    str | None, typer.Option("--country", help="Of rows that name none: two letters such as ma.")
]
LanguageOption = Annotated[
    list[str] | None, typer.Option("--language", help="Of rows that name none. May be repeated.")
]
ProbeOption = Annotated[bool, typer.Option("--probe", help="Try what was taken at once.")]


def import_(
    file: FileArgument,
    country: CountryOption = None,
    language: LanguageOption = None,
    probe: ProbeOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take outlets from a list: one new file for each site, and nothing is on without a probe.

    A sheet has a first row of titles: url, and if you like site, name, country, language and kind
    (feed, sitemap, listing or site). Rows of outlets that are known, and rows that cannot be used,
    are told by line; no file that exists is changed. Ends with 1 where no row could be used,
    with 3 where some could not.

    Examples:

      marsad outlets import feeds.opml --country ma

      marsad outlets import outlets.csv --dry-run
    """
    place = open_workspace(workspace)
    found = _sorted_out(place, file, country, tuple(language or ()))
    if not dry_run:
        _save(place, found)
    seen = _probed(place, found) if probe and not dry_run else {}
    if as_json:
        print_json(_document(place, found, saved=not dry_run) | {"probed": seen})
    else:
        _show(place, found, dry_run=dry_run)
        if seen:
            show(load_config(place).outlets, seen)
    if found.refused:
        raise typer.Exit(NEEDS_A_PERSON if found.taken or found.known else FAILED)


def _sorted_out(
    place: Workspace, file: Path, country: str | None, languages: tuple[str, ...]
) -> "SortedOut":
    from crawler.outletimports import Defaults, sort_out
    from crawler.outletlists import ListUnreadable, read_list

    with human_errors():
        outlets = load_config(place).outlets
    try:
        listed = read_list(file)
    except ListUnreadable as wrong:
        fail(f"{wrong}; nothing was saved")
    defaults = Defaults(file.name, (country or "").lower(), languages)
    return sort_out(listed, outlets, defaults)


def _save(place: Workspace, found: "SortedOut") -> None:
    """Write the new files, all or none."""
    with human_errors():
        add_outlets(
            place, {file_of(place.outlets_dir, one.outlet.id): one.text for one in found.taken}
        )


def _show(place: Workspace, found: "SortedOut", *, dry_run: bool) -> None:
    """Tell what became of each row."""
    for proposal in found.taken:
        lines = ", ".join(str(row.line) for row in proposal.rows[:8])
        path = file_of(place.outlets_dir, proposal.outlet.id)
        out.print(f"[green]taken[/green] {proposal.outlet.id} (line {lines}): {escape(str(path))}")
    for row, outlet_id in found.known:
        out.print(f"[dim]known[/dim] line {row.line}: {escape(row.url)} is of {outlet_id}")
    for refused in found.refused:
        told = escape(f"{refused.said} {refused.reason}".strip())
        out.print(f"[yellow]refused[/yellow] line {refused.line}: {told}")
    off = ", all off until a probe sees them work" if found.taken else ""
    verb = "would be taken" if dry_run else f"taken{off}"
    err.print(
        f"{counted(len(found.taken), 'outlet')} {verb}; "
        f"{counted(len(found.known), 'row')} of known outlets; "
        f"{counted(len(found.refused), 'row')} refused"
    )
    if found.taken and not dry_run:
        err.print(
            f"next: marsad outlets probe {' '.join(one.outlet.id for one in found.taken[:5])}"
        )


def _probed(place: Workspace, found: "SortedOut") -> dict[str, list[ProbeResult]]:
    """What a probe of the new outlets saw."""
    ids = tuple(one.outlet.id for one in found.taken)
    return run_probe(place, ids, None, everything=False) if ids else {}


def _document(place: Workspace, found: "SortedOut", *, saved: bool) -> dict[str, Any]:
    """The same for machines."""
    return {
        "saved": saved,
        "taken": [
            {
                "id": one.outlet.id,
                "file": str(file_of(place.outlets_dir, one.outlet.id)),
                "lines": [row.line for row in one.rows],
                "urls": [row.url for row in one.rows],
            }
            for one in found.taken
        ],
        "known": [{"line": row.line, "url": row.url, "id": known} for row, known in found.known],
        "refused": [
            {"line": one.line, "said": one.said, "reason": one.reason} for one in found.refused
        ],
    }
