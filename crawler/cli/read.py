"""`marsad read`: one saved page, or the capture of an article, read without storing it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.article_named import article_named
from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    fail,
    human_errors,
    open_workspace,
    opened,
    print_json,
)
from crawler.cli.read_view import document, show, show_explained
from crawler.workspace import Workspace

if TYPE_CHECKING:  # starting up takes a second with the readers
    from crawler.engine.single import OnePage

_ADDRESS = re.compile(r"(https?:)/+(.+)")  # a path has one slash where an address has two
FileArgument = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="A saved web page (HTML).")
]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="The address that the page was saved from.")
]
OutletOption = Annotated[
    str | None, typer.Option("--outlet", help="Whose page it is; else the outlet of its address.")
]
ArticleOption = Annotated[
    str | None,
    typer.Option(
        "--article", help="Instead of a FILE: the capture of this article, number or URL."
    ),
]
ExplainOption = Annotated[
    bool,
    typer.Option("--explain", help="Say where each field is from, and what was left out and why."),
]
CarefullyOption = Annotated[
    bool, typer.Option("--carefully", help="As if no template were known of its outlet.")
]


def read(
    file: FileArgument = None,
    url: UrlOption = None,
    outlet: OutletOption = None,
    article: ArticleOption = None,
    explain: ExplainOption = False,
    carefully: CarefullyOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what would be stored of one page, without storing it, and explain it if asked.

    The page is a saved FILE, or with --article the capture that an article was read from. It is
    read as a crawl would read it: with the selectors of its outlet's file and the template that
    was learned of it. A FILE works without a workspace too, then with the shipped outlets and
    watchlists. With --explain, each field is shown with its method and with what was rejected, and
    the page line by line: + is of the text, - is not.

    Examples:

      marsad read page.html --url https://example.org/2026/03/a-story --json

      marsad read page.html --url https://example.org/2026/03/a-story --explain

      marsad read --article 17 --explain
    """
    if (file is None) == (article is None):
        fail("give either a FILE with its --url, or --article")
    one = _stored(article, workspace) if article else _saved(file, url, outlet, workspace)
    if carefully:
        from crawler.engine.single import with_template

        one = with_template(one, None)
    if explain:
        told = one.explain()
        print_json(document(told)) if as_json else show_explained(told)
        reading = told.reading
    else:
        reading = one.read()
        print_json(reading) if as_json else show(reading)
    raise typer.Exit(FAILED if reading.outcome else 0)


def _saved(
    file: Path | None, url: str | None, outlet: str | None, workspace: Path | None
) -> "OnePage":
    """A saved page, to be read by the template that is in force."""
    from crawler.engine.single import saved_page, template_in_force, with_template
    from crawler.reading.urls import clean_url
    from crawler.workspace import load_config

    if file is not None and (address := _ADDRESS.match(str(file))):
        given = f"{address[1]}//{address[2]}"
        fail(f"an address is no FILE: save the page, or read what is stored: --article {given}")
    if file is None or not file.is_file():
        fail(f"no such file: {file}")
    if url is None:
        fail("--url is missing: the address that the page was saved from")
    if not clean_url(url):
        fail("--url is no address of a web page; it begins with https:// or http://")
    with human_errors():
        place = _place(workspace)
        one = saved_page(file, url, load_config(place), outlet)
        return with_template(one, template_in_force(place, one.context.outlet_id))


def _stored(article: str, workspace: Path | None) -> "OnePage":
    """The capture of an article, to be read by the template of its day."""
    from crawler.engine.single import NothingToRead, stored_page
    from crawler.workspace import load_config

    place = open_workspace(workspace)
    with opened(place) as database:
        number = article_named(place, database, article)
        if number is None:
            fail(f"no article {article}", code=FAILED)
        try:
            return stored_page(place, database, load_config(place), number)
        except NothingToRead as wrong:
            fail(str(wrong), code=FAILED)


def _place(workspace: Path | None) -> Workspace | None:
    """The workspace, or None where there is none and no option names one."""
    from crawler.workspace import WorkspaceMissing, find_workspace

    try:
        return find_workspace(workspace)
    except WorkspaceMissing:
        if workspace is not None:
            raise
        return None
