"""`marsad init`: a workspace of one's own."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.common import WorkspaceOption, err, fail, human_errors, out
from crawler.workspace import Workspace, WorkspaceSettings

COUNTRIES = ("iq", "ma", "bh")
LANGUAGES = ("ar", "fr", "en", "ckb", "kmr")


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make it in.")] = Path(),
    contact: Annotated[
        str | None,
        typer.Option(help="A role's mail address or web page, told to every site that is read."),
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="Countries to watch, e.g. ma.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Languages to read: ar fr en ckb kmr.")
    ] = None,
    newsroom: Annotated[
        str | None,
        typer.Option(help="127.0.0.1:PORT of a demo newsroom: names under .test lead there."),
    ] = None,
    probe: Annotated[
        bool | None, typer.Option("--probe/--no-probe", help="Try the outlets' feeds now.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Make a workspace: its settings, and folders for outlets, watchlists and captures.

    Asks for what is not given. Example: marsad init study --contact press-desk@example.org
    """
    from crawler.workspace import create_workspace

    address = contact or typer.prompt("Contact (a role, never a person: desk@…)", err=True)
    countries = country or _ask("Countries", COUNTRIES)
    languages = language or _ask("Languages", LANGUAGES)
    with human_errors():
        settings = _settings(
            contact=address,
            countries=tuple(countries),
            languages=tuple(languages),
            newsroom=newsroom,
            shipped=newsroom is None,
        )
        place = create_workspace(workspace or folder, settings)
    out.print(f"Workspace made in {place.root}")
    _offer_probe(place, tuple(countries), probe)
    err.print("Next: marsad outlets list · marsad crawl --all · marsad search WORD")


def _settings(**values: Any) -> WorkspaceSettings:
    from pydantic import ValidationError

    try:
        return WorkspaceSettings(**values)
    except ValidationError as wrong:
        fail("; ".join(f"{e['loc'][0]}: {e['msg']}" for e in wrong.errors()))


def _ask(what: str, choices: tuple[str, ...]) -> list[str]:
    answer: str = typer.prompt(what, default=" ".join(choices), err=True)
    return answer.replace(",", " ").split()


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
    working = sum(1 for seen in results.values() for one in seen if one.works)
    out.print(f"{working} endpoint(s) of {len(results)} outlet(s) work and are on.")


def _outlets_of(place: Workspace, countries: tuple[str, ...]) -> tuple[str, ...]:
    from crawler.workspace import load_config

    outlets = load_config(place).outlets
    return tuple(
        dict.fromkeys(o.id for country in countries for o in outlets.select(country=country))
    )
