"""`marsad snapshot create`: freezing the answer to a question."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
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
from crawler.cli.question_options import (
    ActorsOption,
    AfterOption,
    AlignmentsOption,
    BeforeOption,
    CountriesOption,
    CreditsOption,
    KindsOption,
    LanguagesOption,
    OutletsOption,
    ThemesOption,
    question,
)
from crawler.phrases import counted
from crawler.workspace import Workspace

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.desk.questions import Question

NewNameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Its name for ever: letters a to z, digits, . _ -")
]
QueryOption = Annotated[
    str,
    typer.Option(
        "--query", "--search", "-q", help="What `marsad search` would be asked; all without it."
    ),
]
WhyOption = Annotated[str, typer.Option("--why", help="What it is for, for whoever reads it.")]
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        envvar="MARSAD_JUDGE",
        help="Who makes it: a name or role that will stand in citations (default: `judge` of the "
        "workspace's settings).",
        show_default=False,
    ),
]


def create(
    name: NewNameArgument,
    why: WhyOption,
    query: QueryOption = "",
    outlet: OutletsOption = None,
    country: CountriesOption = None,
    language: LanguagesOption = None,
    alignment: AlignmentsOption = None,
    actor: ActorsOption = None,
    kind: KindsOption = None,
    theme: ThemesOption = None,
    credit: CreditsOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    who: AsOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Freeze every article that answers a question, with mentions, counts and coverage.

    All of it is of one instant; crawls go on meanwhile. Stopped at any point, it leaves nothing.

    Examples:

      marsad snapshot create unions-2026 --query 'نقابة OR syndicat' --country ma
      --after 2026-01-01 --before 2026-04-01 --why "study on unions" --as "A. Researcher"

      marsad snapshot create everything --why "report of the year" --as "coding desk"
    """
    several = {
        "outlet": outlet,
        "country": country,
        "language": language,
        "alignment": alignment,
        "actor": actor,
        "kind": kind,
        "theme": theme,
        "credit": credit,
    }
    place = open_workspace(workspace)
    with human_errors():
        asked = question(query, several, after, before)
    _create(place, name, asked, _author(place, who), why, as_json=as_json)


def _author(place: Workspace, who: str | None) -> str:
    """Who makes it. Never the name of the machine's user: it would stand in citations unasked."""
    named = (who or place.settings.judge or "").strip()
    if not named:
        fail(
            "who makes it? Say it with --as, in $MARSAD_JUDGE, or as `judge` in marsad.toml: "
            "a name or role that will stand in citations"
        )
    return named


def _create(
    place: Workspace, name: str, asked: "Question", who: str, why: str, *, as_json: bool
) -> None:
    from crawler.cli.care_progress import clean_end, stages
    from storage.errors import DatabaseMissing
    from storage.frozen.creating import Freeze, create

    wanted = Freeze(name, asked, who, why)
    with human_errors(), clean_end(), stages() as progress:
        if not place.database.is_file():  # opened to be written, it would be made
            raise DatabaseMissing(place.database)
        with opened(place, readonly=False) as database:
            made = create(database, wanted, lambda kind, rows: progress(kind, rows, 0))
    if as_json:
        print_json(made)
        return
    out.print(f"{escape(made.name)}: {counted(made.facts['rows']['articles'], 'article')} frozen")
    out.print(f"SHA-256 {made.digest}")
    if not made.facts["rows"]["articles"]:
        err.print("It is empty: no article answers this question.")
    err.print(f"`marsad snapshot cite {escape(made.name)}` says how to cite it.")
