"""The words of a snapshot: citation, methods paragraph and datasheet."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.common import FAILED, WorkspaceOption, fail, open_workspace, opened, out


class Style(StrEnum):
    """How a citation is written."""

    PLAIN = "plain"
    BIBTEX = "bibtex"
    CSL = "csl"


class Language(StrEnum):
    """Of what is written."""

    EN = "en"
    FR = "fr"
    AR = "ar"


NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The snapshot's name, as `list` shows it.")
]
LanguageOption = Annotated[Language, typer.Option(help="The language it is written in.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file (default: standard output).")
]


def register_told(app: typer.Typer) -> None:
    """Add the commands that write about a snapshot."""
    for command in (cite, methods, datasheet):
        app.command()(command)


def cite(
    name: NameArgument,
    style: Annotated[Style, typer.Option("--format", help="plain, BibTeX or CSL-JSON.")] = (
        Style.PLAIN
    ),
    workspace: WorkspaceOption = None,
) -> None:
    """Suggest how to cite a snapshot, with the digest that tells it from all others.

    Examples:

      marsad snapshot cite unions-2026

      marsad snapshot cite unions-2026 --format bibtex
    """
    from storage.frozen import citing, store

    with opened(open_workspace(workspace)) as database:
        found = store.find(database, name)
    styles = {Style.BIBTEX: citing.bibtex, Style.CSL: citing.csl}
    _tell(styles[style](found) if style in styles else citing.plain(found))


def methods(
    name: NameArgument,
    language: LanguageOption = Language.EN,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a paragraph on how the snapshot came about, for the methods section of a paper.

    Example:

      marsad snapshot methods unions-2026 --language fr
    """
    from storage.frozen import methods as words
    from storage.frozen import store
    from storage.frozen.thawing import since

    with opened(open_workspace(workspace)) as database:
        found = store.find(database, name)
        later = since(database, found)
    _tell(words.paragraph(found, language.value, later.withdrawn))


def datasheet(
    name: NameArgument,
    language: LanguageOption = Language.EN,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the datasheet of a snapshot in Markdown: what it holds, and what Marsad does not see.

    Outlets with kind and alignment, period, ways of finding, completeness and blind days,
    versions of software and watchlist, corrections by people, and what was withdrawn since.

    Example:

      marsad snapshot datasheet unions-2026 -o unions-2026.md
    """
    from crawler.private import write_file
    from storage.frozen import datasheet as sheets
    from storage.frozen import store
    from storage.frozen.thawing import since

    with opened(open_workspace(workspace)) as database:
        found = store.find(database, name)
        later = since(database, found)
    text = sheets.datasheet(found, language.value, later.withdrawn)
    if output is None:
        _tell(text)
        return
    try:
        write_file(output, text)
    except OSError as wrong:
        fail(f"{output} cannot be written: {wrong.strerror}", code=FAILED)


def _tell(text: str) -> None:
    out.file.write(text.rstrip("\n") + "\n")
