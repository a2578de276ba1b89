"""`marsad backup`: the archive of this moment as one file, checked before it counts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:  # archives and the database are opened only where they are needed
    from crawler.care.backups import Backup, Kept

app = typer.Typer()

ToOption = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FOLDER",
        help="Where backups are kept, such as a disk of its own (default: backups/ here).",
        show_default=False,
    ),
]
KeepOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Remove older backups of this workspace beyond so many, this one counted. Without it "
        "none is removed.",
        show_default=False,
    ),
]
CapturesOption = Annotated[bool, typer.Option("--captures", help="The pages as they came as well.")]


@app.callback(invoke_without_command=True)
def backup(
    context: typer.Context,
    to: ToOption = None,
    keep: KeepOption = None,
    captures: CapturesOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a copy of the archive in one file: marsad-DATE.tar.zst.

    It holds the database of one instant, the settings, your outlets, watchlists and schedules, what
    probes saw, and the morning reports. Crawls may go on meanwhile. It is read back and compared
    before it gets its name and before any older one goes; one that holds more articles than the
    new one never goes by itself. `marsad restore` puts it back; `tar --zstd -xf` opens it too.
    The search index is not in it: `marsad restore` makes it anew from the texts (where you unpacked
    by hand, `marsad upgrade`).

    It holds the names that you watch, as they are: keep it where only you can read it, and at
    least one copy off this machine.

    The captures (warc/: every page as it came) are not in it unless you say --captures, since they
    are many times larger. Their files only ever grow, so any tool copies what is new of them:
    rsync -a WORKSPACE/warc/ /media/disk/warc/

    Ends with 3 where a person should look: texts that are not what was stored, files left out,
    older backups that were held back.

    Examples:

      marsad backup

      marsad backup --to /media/disk --keep 3

      marsad backup list
    """
    if context.invoked_subcommand is not None:
        return
    place = open_workspace(workspace)
    if to is not None and not to.is_dir():
        fail(f"there is no folder {to}: is its disk there?")
    made = _made(place, to, keep or 0, captures=captures)
    if as_json:
        print_json(_as_data(made))
    else:
        _show(made)
    raise typer.Exit(NEEDS_A_PERSON if _worries(made) else 0)


@app.command("list")
def list_backups(
    to: ToOption = None, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """List the backups in a folder, the newest first: when they were made and what they hold.

    Ends with 3 where one of them is damaged, or there is none.

    Examples:

      marsad backup list

      marsad backup list --to /media/disk --json
    """
    from crawler.care.backups import listed

    place = open_workspace(workspace)
    found = listed(to or place.backups_dir)
    if as_json:
        print_json([_listed_data(kept) for kept in found])
    elif found:
        _show_list(found)
    else:
        out.print("There is no backup here: `marsad backup` makes one.")
    damaged = any(kept.manifest is None for kept in found)
    raise typer.Exit(NEEDS_A_PERSON if damaged or not found else 0)


def _made(place: Workspace, to: Path | None, keep: int, *, captures: bool) -> "Backup":
    from crawler.care.backups import BackupFailed, back_up
    from crawler.cli.care_progress import clean_end, stages
    from crawler.engine.locks import AlreadyRunning

    with human_errors(), clean_end(), stages() as progress:
        try:
            return back_up(place, to, keep=keep, captures=captures, progress=progress)
        except (BackupFailed, AlreadyRunning) as wrong:
            fail(str(wrong), code=FAILED)


def _worries(made: "Backup") -> list[str]:
    """What a person should know, a sentence each."""
    worries = []
    if wrong := made.manifest.wrong_texts:
        worries.append(
            f"{counted(wrong, 'text')} in the database {'is' if wrong == 1 else 'are'} not what "
            "was stored: `marsad verify` tells more. No backup that is better was removed."
        )
    if made.left_out:
        named = ", ".join(made.left_out[:5])
        worries.append(f"Left out, since no backup can hold them or they are gone: {named}")
    if made.held_back:
        worries.append(
            f"{counted(len(made.held_back), 'older backup')} held back: they hold more than this "
            f"one does. Remove them by hand where that is right: "
            f"{', '.join(path.name for path in made.held_back)}"
        )
    return worries


def _show(made: "Backup") -> None:
    manifest = made.manifest
    out.print(escape(str(made.path)))
    until = f", looked at up to {manifest.up_to:%Y-%m-%d %H:%M} UTC" if manifest.up_to else ""
    out.print(
        f"{counted(manifest.articles, 'article')}{until}; {made.bytes / 1e6:,.1f} MB "
        f"(of {manifest.size / 1e6:,.1f}), read back and whole, in {made.seconds:,.0f} s"
    )
    if not manifest.captures:
        print_paragraph(
            "Captures are not in it: copy warc/ as well (rsync -a), or say --captures.", err
        )
    for path in made.removed:
        out.print(f"removed {path.name}")
    for worry in _worries(made):
        print_paragraph(worry, err, style="yellow")


def _show_list(found: "list[Kept]") -> None:
    rows = []
    for kept in found:
        manifest = kept.manifest
        if manifest is None:
            rows.append(("damaged", "", "", "", f"{kept.bytes / 1e6:,.1f}", kept.path.name))
            continue
        rows.append(
            (
                f"{manifest.made_at:%Y-%m-%d %H:%M}",
                str(manifest.articles),
                "yes" if manifest.captures else "no",
                str(manifest.wrong_texts or "·"),
                f"{kept.bytes / 1e6:,.1f}",
                kept.path.name,
            )
        )
    header = ("made (UTC)", "articles", "captures", "wrong", "MB", "file")
    print_rows(header, rows, right=("articles", "wrong", "MB"))


def _as_data(made: "Backup") -> dict[str, Any]:
    return {
        **_manifest_data(made.path, made.bytes, made.manifest),
        "seconds": round(made.seconds, 1),
        "removed": [str(path) for path in made.removed],
        "held_back": [str(path) for path in made.held_back],
        "left_out": list(made.left_out),
    }


def _listed_data(kept: "Kept") -> dict[str, Any]:
    if kept.manifest is None:
        return {"path": str(kept.path), "bytes": kept.bytes, "damaged": True}
    return {**_manifest_data(kept.path, kept.bytes, kept.manifest), "damaged": False}


def _manifest_data(path: Path, size: int, manifest: Any) -> dict[str, Any]:
    return {
        "path": str(path),
        "bytes": size,
        "unpacked_bytes": manifest.size,
        "made_at": manifest.made_at,
        "up_to": manifest.up_to,
        "program": manifest.program,
        "articles": manifest.articles,
        "captures": manifest.captures,
        "index": manifest.index,
        "wrong_texts": manifest.wrong_texts,
        "counts": manifest.counts,
    }
