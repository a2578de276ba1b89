"""`marsad init`: a workspace of one's own."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.common import WorkspaceOption, err, fail, human_errors, out
from crawler.phrases import counted
from crawler.workspace import SETTINGS_FILE, Workspace, WorkspaceExists, WorkspaceSettings

COUNTRIES = ("iq", "ma", "bh")
LANGUAGES = ("ar", "fr", "en", "ckb", "kmr")

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make it in.")]
ContactOption = Annotated[
    str | None,
    typer.Option(help="A role's mail address or web page, told to every site that is read."),
]
CountriesOption = Annotated[
    list[str] | None, typer.Option("--country", help="Countries to watch, e.g. ma.")
]
LanguagesOption = Annotated[
    list[str] | None, typer.Option("--language", help="Languages to read: ar fr en ckb kmr.")
]
NewsroomOption = Annotated[
    str | None,
    typer.Option(help="127.0.0.1:PORT of a demo newsroom: names under .test lead there."),
]
ProbeOption = Annotated[
    bool | None, typer.Option("--probe/--no-probe", help="Try the outlets' feeds now.")
]


def init(
    folder: FolderArgument = Path(),
    contact: ContactOption = None,
    country: CountriesOption = None,
    language: LanguagesOption = None,
    newsroom: NewsroomOption = None,
    probe: ProbeOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Make a workspace: its settings, and folders for outlets, watchlists and captures.

    Asks for what is not given.

    Examples:

      marsad init

      marsad init study --contact press-desk@example.org --country ma --language ar --language fr
    """
    from crawler.workspace import create_workspace

    root = workspace or folder
    with human_errors():
        _refuse_existing(root)
        settings = _asked(contact, country, language, newsroom)
        place = create_workspace(root, settings)
    out.print(f"Workspace made in {escape(str(place.root))}")
    if newsroom is None:
        _offer_probe(place, settings.countries, probe)
    _say_what_is_next(root)


def _refuse_existing(root: Path) -> None:
    """Before any question is asked."""
    if (root.expanduser() / SETTINGS_FILE).exists():
        raise WorkspaceExists(f"there is a workspace already: {root.absolute() / SETTINGS_FILE}")


def _asked(
    contact: str | None,
    countries: list[str] | None,
    languages: list[str] | None,
    newsroom: str | None,
) -> WorkspaceSettings:
    """The settings, after a question for each that was not given."""
    address = contact or _ask_contact()
    _settings(contact=address)  # wrong ones are refused before the next question
    return _settings(
        contact=address,
        countries=tuple(countries or _ask("Countries", COUNTRIES)),
        languages=tuple(languages or _ask("Languages", LANGUAGES)),
        newsroom=newsroom,
        newsroom_ahead=_ahead() if newsroom else 0.0,
        shipped=newsroom is None,
    )


def _ahead() -> float:
    """How far the clock of `marsad demo --serve` is ahead of ours."""
    from crawler.demo.newsroom import NIGHTS, ahead

    return ahead(NIGHTS[-1])


def _settings(**values: Any) -> WorkspaceSettings:
    from pydantic import ValidationError

    try:
        return WorkspaceSettings(**values)
    except ValidationError as wrong:
        fail("; ".join(_said(error) for error in wrong.errors()))


def _said(error: Any) -> str:
    """A problem of a setting as a sentence."""
    message = str(error["msg"]).removeprefix("Value error, ")
    return f'{error["loc"][0]} "{error["input"]}": {message}'


def _ask_contact() -> str:
    err.print("Every site that is read is told whom it may write to: a role, never a person.")
    answer: str = typer.prompt("Contact (mail address or https:// page)", err=True)
    return answer


def _ask(what: str, choices: tuple[str, ...]) -> list[str]:
    answer: str = typer.prompt(what, default=" ".join(choices), err=True)
    return answer.replace(",", " ").split()


def _say_what_is_next(root: Path) -> None:
    step = "" if root.absolute() == Path.cwd() else f"cd {root} · "
    err.print(f"Next: {escape(step)}marsad outlets list · marsad crawl --all · marsad search WORD")


def _offer_probe(place: Workspace, countries: tuple[str, ...], wanted: bool | None) -> None:
    from crawler.cli.probe import run_probe

    if wanted is None:
        wanted = err.is_terminal and typer.confirm(
            "Try the feeds of these countries' outlets now? It visits their sites", err=True
        )
    if not wanted:
        err.print("Feeds not seen working lately are off; `marsad outlets probe` tries them.")
        return
    ids = _outlets_of(place, countries)
    results = run_probe(place, ids, None, everything=False)
    working = sum(one.adds for seen in results.values() for one in seen)
    out.print(f"{counted(working, 'address')} of {counted(len(results), 'outlet')} on from now.")


def _outlets_of(place: Workspace, countries: tuple[str, ...]) -> tuple[str, ...]:
    from crawler.workspace import load_config

    outlets = load_config(place).outlets
    return tuple(
        dict.fromkeys(o.id for country in countries for o in outlets.select(country=country))
    )
