"""`marsad gold`: captures for people to mark, and how our reading compares with their marks."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.cli.tables import print_paragraph, print_rows
from crawler.phrases import counted
from crawler.workspace import Workspace

if TYPE_CHECKING:  # starting up takes a second with the readers
    from crawler.gold.agreement import Agreement
    from crawler.gold.records import GoldPage, Mark
    from crawler.outlets import Outlet
    from crawler.workspace import Config
    from storage.models import Reading

OutletArgument = Annotated[str, typer.Argument(metavar="OUTLET", help="An outlet's id.")]
ScoreOption = Annotated[
    list[Path] | None,
    typer.Option("--score", help="A file of marks, as saved by the page; may be given again."),
]
NumberOption = Annotated[int, typer.Option("--pages", min=1, max=100, help="How many captures.")]
SeedOption = Annotated[int, typer.Option(help="Another number draws other captures.")]
LanguageOption = Annotated[
    str | None, typer.Option(help="Words of the page: en, fr or ar; else the outlet's language.")
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--out", help="The folder of both files (default: gold/ in the workspace)."),
]


def gold(
    outlet: OutletArgument,
    score: ScoreOption = None,
    number: NumberOption = 10,
    seed: SeedOption = 1,
    language: LanguageOption = None,
    folder: FolderOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw captures of an outlet into a page on which two people mark headline, day and text.

    One capture is drawn of each of ten stretches of time; the same seed draws the same. The page is
    one file that loads nothing: open it in a browser, mark, save. Nothing is marked beforehand, and
    what our reader thinks is not in it. OUTLET.pages.jsonl beside it holds the captures, also those
    of earlier draws, so that their marks can still be compared.

    With --score, each person's marks are compared with our reading (by the outlet's file and the
    template that is in force) and with the other's: shingle F1 of the text, headline, day.

    Examples:

      marsad gold ma_hespress

      marsad gold ma_hespress --score ma_hespress.AB.marks.jsonl --score ma_hespress.CD.marks.jsonl
    """
    from crawler.workspace import load_config

    place = open_workspace(workspace)
    with human_errors():
        config = load_config(place)
        named = config.outlets.named(outlet)
    target = folder or place.gold_dir
    if score:
        _score(place, config, target / f"{outlet}.pages.jsonl", score, as_json=as_json)
        return
    pages, kept = _drawn(place, config, outlet, (number, seed))
    files = _write(target, named, pages, _language(named, language))
    if as_json:
        drawn = [{"id": page.id, "url": page.url, "fetched_at": page.fetched_at} for page in pages]
        print_json({"files": files, "seed": seed, "pages": drawn})
        return
    fewer = f"; no more are kept than {kept}" if kept < number else ""
    print_paragraph(f"{counted(len(pages), 'capture')} drawn with seed {seed}{fewer}.")
    print_paragraph(f"Open in a browser, twice, by two people: {escape(str(files[0]))}")
    print_paragraph(f"Then: marsad gold {outlet} --score FILE --score FILE")


def _drawn(
    place: Workspace, config: "Config", outlet_id: str, how: tuple[int, int]
) -> "tuple[list[GoldPage], int]":
    """The captures that can be read, and how many are kept; ends where the outlet has none."""
    from crawler.engine.single import NothingToRead, stored_page
    from crawler.gold.drawing import drawn
    from crawler.gold.records import gold_page
    from storage.articles import ArticleStore

    found = []
    with opened(place) as database:
        captures = list(ArticleStore(database).captures([outlet_id]))
        for capture in drawn(captures, *how):
            try:
                one = stored_page(place, database, config, capture.article_id)
            except NothingToRead as wrong:
                err.print(escape(f"left out: {wrong}"))
                continue
            if page := gold_page(one.page, one.context):
                found.append(page)
    if not found:
        fail(f"no capture of {outlet_id} is kept", code=FAILED)
    return found, len(captures)


def _language(outlet: "Outlet", asked: str | None) -> str:
    from crawler.gold.page import LANGUAGES

    if asked is not None and asked not in LANGUAGES:
        fail(f'the page has no words in "{asked}"; it has {", ".join(LANGUAGES)}')
    return asked or next((code for code in outlet.languages if code in LANGUAGES), "en")


def _write(
    folder: Path, outlet: "Outlet", pages: "list[GoldPage]", language: str
) -> tuple[Path, Path]:
    """Both files, for their owner's eyes only: the page of this draw, and all captures drawn."""
    import json

    from crawler.gold.page import marking_page
    from crawler.private import make_folder, write_file

    html, lines = folder / f"{outlet.id}.html", folder / f"{outlet.id}.pages.jsonl"
    kept = _with_earlier(lines, pages)
    rows = (json.dumps(page.as_json(), ensure_ascii=False) for page in kept)
    try:
        make_folder(folder)
        write_file(html, marking_page(outlet.display_name, outlet.id, pages, language))
        write_file(lines, "".join(f"{row}\n" for row in rows))
    except OSError as wrong:
        fail(f"{folder} cannot be written: {wrong.strerror}", code=FAILED)
    return html, lines


def _with_earlier(file: Path, pages: "list[GoldPage]") -> "list[GoldPage]":
    """These captures and those of earlier draws, which somebody may have marked by now."""
    from crawler.gold.records import WrongFile, read_pages

    try:
        earlier = read_pages(file) if file.exists() else []
    except WrongFile as wrong:
        fail(str(wrong))
    drawn = {page.id for page in pages}
    return [*pages, *(page for page in earlier if page.id not in drawn)]


def _score(
    place: Workspace, config: "Config", file: Path, marks: list[Path], *, as_json: bool
) -> None:
    """Compare our reading with people's marks, and these with each other."""
    from crawler.engine.single import one_page, template_in_force, with_template
    from crawler.gold.agreement import agreements
    from crawler.gold.records import WrongFile, read_marks, read_pages
    from storage.models import Hints

    try:
        pages, given = read_pages(file), read_marks(marks)
    except WrongFile as wrong:
        fail(str(wrong))
    _look_over(given, marks, {page.id for page in pages}, file)
    with human_errors():
        template = template_in_force(place, pages[0].outlet) if pages else None

    def ours(page: "GoldPage") -> "Reading":
        one = one_page(page.page(), config, page.outlet, Hints())
        return with_template(one, template).read()

    found = agreements(given, pages, ours)
    if as_json:
        print_json([asdict(one) | {"f1": one.f1} for one in found])
    else:
        _show(found)


def _look_over(given: "list[Mark]", files: list[Path], pages: set[str], file: Path) -> None:
    """Say what of the marks cannot be compared; ends where nothing can."""
    if not given:
        fail("there are no marks in these files: a page is saved once it is complete", code=FAILED)
    strange = [mark for mark in given if mark.page not in pages]
    if len(strange) == len(given):
        whose = ", ".join(sorted({mark.outlet for mark in given}))
        fail(
            f"these marks (of {whose}) are of none of the pages in {file}: of another outlet, or of"
            " pages drawn into another folder (--out)",
            code=FAILED,
        )
    if strange:
        said = f"{len(strange)} of {counted(len(given), 'mark')} left out"
        err.print(escape(f"{said}: their pages are not in {file}"))
    if len(files) > 1 and len({mark.marker for mark in given}) == 1:
        err.print(
            escape(
                f"All marks are by {given[0].marker}: of a page that was marked twice the last file"
                " counts. Two people need different initials."
            )
        )


def _show(found: "list[Agreement]") -> None:
    print_rows(
        ("whose", "against", "pages", "article", "text F1", "precision", "recall", "headline",
         "day", "no day"),
        [
            (one.found, one.known, str(one.pages), _of(one.article), f"{one.f1:.3f}",
             f"{one.precision:.3f}", f"{one.recall:.3f}", _of(one.headline), _of(one.day),
             _of(one.no_day))
            for one in found
        ],
    )  # fmt: skip
    between = [one for one in found if one.found != "marsad"]
    if not between:
        out.print("One person's marks: how far people agree is not known.")


def _of(count: tuple[int, int]) -> str:
    return f"{count[0]} of {count[1]}" if count[1] else "·"
