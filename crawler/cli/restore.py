"""`marsad restore`: a backup put back, with nothing deleted that is there."""

import os
from pathlib import Path
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
from crawler.cli.tables import print_paragraph
from crawler.phrases import counted

if TYPE_CHECKING:  # archives and the database are opened only where they are needed
    from crawler.care.restoring import Restored

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="What `marsad backup` made.")]
ToOption = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FOLDER",
        help="The folder of the workspace (default: the workspace that you stand in or name).",
        show_default=False,
    ),
]
ReplaceOption = Annotated[
    bool,
    typer.Option("--replace", help="Set the workspace that is there aside; nothing is deleted."),
]
FromOption = Annotated[
    Path | None,
    typer.Option(
        "--captures-from",
        metavar="FOLDER",
        help="A copy of a warc folder: taken over as far as the backup knows it.",
        show_default=False,
    ),
]


def restore(
    file: FileArgument,
    to: ToOption = None,
    replace: ReplaceOption = False,
    captures_from: FromOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup back: into a new folder, or (with --replace) in the place of a workspace.

    The backup is checked from end to end before anything is touched. With --replace nobody may be
    at work in the workspace; its database and files go to before-restore-DATE/ in it, and captures
    that were made since the backup to warc/after-backup-DATE/. Delete these when you are sure.

    What was collected since the backup is not in it. The next crawls find it again as far as the
    outlets still show it: feeds for days, sitemaps and listings for weeks.

    No backup holds the search index: it is made anew from the texts at the end, at some hundred
    articles a second. Crawls may begin meanwhile, and a search says how many articles it may miss.
    Stopped there, the next `marsad upgrade` or `marsad run` goes on with it.

    Ends with 3 where captures that the database knows are not there: copy them into warc/ (or
    restore again with --captures-from) before the next crawl, and run `marsad verify`.

    Examples:

      marsad restore backups/marsad-20261122T043000Z.tar.zst --replace

      marsad restore /media/disk/marsad-20261122T043000Z.tar.zst --to ~/watch
        --captures-from /media/disk/warc
    """
    root = to.expanduser() if to is not None else open_workspace(workspace).root
    restored = _restored(file, root.absolute(), replace=replace, captures_from=captures_from)
    if as_json:
        print_json(_as_data(restored))
    else:
        _show(restored)
    worries = restored.captures_missing or restored.unindexed
    raise typer.Exit(NEEDS_A_PERSON if worries else 0)


def _restored(file: Path, root: Path, *, replace: bool, captures_from: Path | None) -> "Restored":
    from crawler.care.restoring import RestoreRefused
    from crawler.care.restoring import restore as run
    from crawler.cli.care_progress import clean_end, stages

    if not file.is_file():
        fail(f"there is no file {file}")
    if captures_from is not None and not captures_from.is_dir():
        fail(f"there is no folder {captures_from}")
    with human_errors(), clean_end(), stages() as progress:
        try:
            return run(file, root, replace=replace, captures_from=captures_from, progress=progress)
        except RestoreRefused as wrong:
            fail(str(wrong), code=FAILED)
        except OSError as wrong:
            fail(f"could not be restored: {wrong}; the same command takes it up", code=FAILED)


def _show(restored: "Restored") -> None:
    manifest = restored.manifest
    out.print(
        f"{escape(str(restored.root))} is as it was at {manifest.made_at:%Y-%m-%d %H:%M} UTC: "
        f"{counted(manifest.articles, 'article')}"
    )
    if manifest.up_to:
        out.print(f"Its last look at any outlet was at {manifest.up_to:%Y-%m-%d %H:%M} UTC.")
    if restored.indexed:
        out.print(f"{counted(restored.indexed, 'article')} indexed anew: the search finds them.")
    print_paragraph(
        "What was collected since is not in it; the next crawl finds it again as far as the "
        "outlets still show it."
    )
    if restored.set_aside:
        print_paragraph(f"What was there before lies in {_inside(restored, restored.set_aside)}/.")
    if restored.captures_aside:
        print_paragraph(
            "Captures made since the backup, which it does not know, lie in "
            f"{_inside(restored, restored.captures_aside)}/."
        )
    if restored.needs_upgrade:
        print_paragraph("It was made by an earlier Marsad: run `marsad upgrade` first.", err)
    if restored.unindexed:
        number = counted(restored.unindexed, "article")
        said = f"{number} could not be put into the search index: `marsad upgrade` goes on with it."
        print_paragraph(said, err, style="yellow")
    if restored.captures_missing:
        files = counted(len(restored.captures_missing), "file")
        print_paragraph(
            f"{files} of captures that it knows are not in warc/: copy them there before the next "
            "crawl (only `marsad reread` and `marsad verify` need them), or leave it so if there "
            "is no copy.",
            err,
            style="yellow",
        )


def _inside(restored: "Restored", path: Path) -> str:
    return os.fspath(path.relative_to(restored.root))


def _as_data(restored: "Restored") -> dict[str, object]:
    manifest = restored.manifest
    return {
        "workspace": str(restored.root),
        "made_at": manifest.made_at,
        "up_to": manifest.up_to,
        "articles": manifest.articles,
        "set_aside": restored.set_aside,
        "captures_aside": restored.captures_aside,
        "captures_missing": list(restored.captures_missing),
        "needs_upgrade": restored.needs_upgrade,
        "indexed": restored.indexed,
        "unindexed": restored.unindexed,
    }
