"""`marsad verify`: whether all that is stored is still what was stored."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

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
from crawler.cli.tables import print_paragraph, print_rows
from crawler.phrases import counted
from crawler.workspace import Workspace

if TYPE_CHECKING:  # captures are read only where they are needed
    from crawler.care.verifying import Verified

SHOWN = 20
"""Wrong things of one kind that are shown one by one."""

CapturesOption = Annotated[
    bool, typer.Option("--captures/--no-captures", help="Read every capture as well.")
]
MinutesOption = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        help="End after so many minutes; the next time goes on from there.",
        show_default=False,
    ),
]


def verify(
    captures: CapturesOption = True,
    minutes: MinutesOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that the archive is still what was stored: texts, snapshots, database, captures.

    Disks lose bits without a word. Each text is compared with the digest that was stored with it,
    each snapshot with the digest that citations name, each capture with the digest of what was
    fetched; files of captures that were not looked at for longest come first. Crawls may go on
    meanwhile: what they write now is not looked at. What retention removed, and texts that were
    never kept, are not wrong.

    Ends with 3 where anything is wrong, and says what to do about it.

    Examples:

      marsad verify

      marsad verify --minutes 30

      marsad verify --no-captures --json
    """
    place = open_workspace(workspace)
    found = _found(place, minutes, captures=captures)
    if as_json:
        print_json({**asdict(found), "wrong": found.wrong, "complete": found.complete})
    else:
        _show(found, captures=captures)
    raise typer.Exit(NEEDS_A_PERSON if found.wrong else 0)


def _found(place: Workspace, minutes: float | None, *, captures: bool) -> "Verified":
    from crawler.care.verifying import verify as run
    from crawler.cli.care_progress import stages
    from crawler.engine.locks import AlreadyRunning

    with human_errors(), stages() as progress:
        try:
            return run(place, captures=captures, minutes=minutes, progress=progress)
        except AlreadyRunning as wrong:
            fail(str(wrong), code=FAILED)


def _show(found: "Verified", *, captures: bool) -> None:
    kept = f" ({found.texts_not_kept} not kept)" if found.texts_not_kept else ""
    out.print(f"{counted(found.texts, 'text')}{kept}: {_verdict(found.wrong_text_count)}")
    if found.texts_wrong_before:
        before = counted(found.texts_wrong_before, "text")
        out.print(f"[red]{before} wrong[/red] in the part that was checked last time")
    if found.snapshots:
        number = counted(found.snapshots, "snapshot")
        out.print(f"{number}: {_verdict(len(found.wrong_snapshots))}")
    structure = _verdict(len(found.structure)) if found.structure_checked else "time ended first"
    out.print(f"the database's structure: {structure}")
    if captures:
        out.print(
            f"{counted(found.records, 'capture')} in {counted(found.files, 'file')}: "
            f"{_verdict(found.wrong_capture_count)}"
        )
    _show_wrong(found)
    if not found.complete:
        err.print("The time ended before all was looked at: the next time goes on from there.")


def _verdict(wrong: int) -> str:
    return f"[red]{wrong} wrong[/red]" if wrong else "as stored"


def _show_wrong(found: "Verified") -> None:
    for problem in found.structure:
        out.print(f"  {escape(problem)}")
    if found.structure:
        print_paragraph(
            "The database is damaged: make no more of it. Look at the disk, then restore the "
            "newest backup: `marsad backup list`, `marsad restore FILE --replace`."
        )
    if found.wrong_texts:
        _show_texts(found)
    for snapshot in found.wrong_snapshots:
        out.print(escape(f"  {snapshot.name}: {snapshot.wrong} wrong, first {snapshot.why}"))
    if found.wrong_snapshots:
        print_paragraph(
            "A snapshot that is wrong can be cited no more as it is: `marsad snapshot verify NAME` "
            "names all of it. Restore the newest backup that is whole."
        )
    if found.wrong_captures:
        _show_captures(found)


def _show_texts(found: "Verified") -> None:
    rows = [
        (str(text.article_id), str(text.version), text.outlet_id, text.why)
        for text in found.wrong_texts[:SHOWN]
    ]
    print_rows(("article", "version", "outlet", "what is wrong"), rows, right=("article",))
    _show_rest(found.wrong_text_count)
    print_paragraph(
        "Look at the disk. Then restore the newest backup that is whole: `marsad backup list` "
        "says of each how many of its texts are wrong. Where no backup is, and the "
        "captures are whole, `marsad reread --outlet OUTLET` reads what can still be changed anew."
    )


def _show_rest(wrong: int) -> None:
    if wrong > SHOWN:
        out.print(f"… and {wrong - SHOWN} more; --json names up to 200 of each kind")


def _show_captures(found: "Verified") -> None:
    rows = [
        (capture.file, str(capture.offset), str(capture.article_id or ""), capture.why)
        for capture in found.wrong_captures[:SHOWN]
    ]
    print_rows(("file", "offset", "article", "what is wrong"), rows, right=("offset", "article"))
    _show_rest(found.wrong_capture_count)
    print_paragraph(
        "Look at the disk. Put the file back from your copy of warc/ (or from a backup made with "
        "--captures). Without a copy the texts remain, and what was fetched cannot be shown: "
        "`marsad fetch URL` fetches a page as it is today."
    )
