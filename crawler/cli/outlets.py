"""`marsad outlets`: which outlets are known, what their files say, and switching them."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    JsonOption,
    WorkspaceOption,
    err,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.cli.setup import COUNTRIES, LANGUAGES
from crawler.cli.tables import print_rows
from crawler.egresses import DIRECT
from crawler.outlets import Endpoint, Outlet
from crawler.phrases import counted
from crawler.workspace import Config, load_config, switch_outlet, workspace_or_none
from storage.times import utc_now

app = typer.Typer(
    name="outlets", help="The outlets that are read, and their files.", no_args_is_help=True
)

OutletArgument = Annotated[str, typer.Argument(metavar="OUTLET", help="An outlet's id.")]
CountryOption = Annotated[
    str | None, typer.Option("--country", help="Only those that cover it, e.g. ma.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Disabled ones too.")]
GapsOption = Annotated[
    bool,
    typer.Option("--gaps", help="Where nobody is read: by country, language and alignment."),
]


@app.command("list")
def list_outlets(
    country: CountryOption = None,
    everything: AllOption = False,
    gaps: GapsOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List outlets: the shipped ones and, inside a workspace, its own.

    With --gaps, count them by country, language and alignment instead, for the countries and
    languages that the workspace follows: a cell without an outlet that is read is a blind spot.

    Examples:

      marsad outlets list --country bh

      marsad outlets list --all --json

      marsad outlets list --gaps
    """
    with human_errors():
        if gaps:
            _list_gaps(workspace, country, as_json)
            return
        chosen = _chosen(_config(workspace), country, everything)
    if as_json:
        print_json([outlet.as_json() for outlet in chosen])
    else:
        _list(chosen)


@app.command()
def show(
    outlet_id: OutletArgument,
    effective: Annotated[
        bool, typer.Option("--effective", help="Tell from which file and line each value comes.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one outlet, its ways of finding articles and which of them are on.

    Examples:

      marsad outlets show ma_hespress

      marsad outlets show iq_rudaw --effective
    """
    with human_errors():
        outlets = _config(workspace).outlets
        outlet = outlets.named(outlet_id)
    if as_json:
        origins = {"provenance": outlets.provenance(outlet_id)} if effective else {}
        print_json(outlet.as_json() | origins)
    elif effective:
        for key, value, place in outlets.effective(outlet_id):
            shown = escape(json.dumps(value, ensure_ascii=False, default=str))
            out.print(f"{escape(key)} = {shown}  [dim]# {escape(place)}[/dim]")
    else:
        _show(outlet)


@app.command()
def check(workspace: WorkspaceOption = None) -> None:
    """Check every outlet file and watchlist; tells all problems at once, by file, line and key.

    Ends with 2 if there is one.

    Example:

      marsad outlets check
    """
    with human_errors():
        config = _config(workspace)
    out.print(sound(config))
    _tell_of_browser(config)


@app.command()
def enable(outlet_id: OutletArgument, workspace: WorkspaceOption = None) -> None:
    """Enable an outlet in this workspace.

    Example:

      marsad outlets enable xx_radiosawa
    """
    _switch(outlet_id, workspace, enabled=True, reason="")


@app.command()
def disable(
    outlet_id: OutletArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the file.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Disable an outlet in this workspace: it is crawled only when named by its id.

    Example:

      marsad outlets disable ma_chouftv --reason "not part of the study"
    """
    _switch(outlet_id, workspace, enabled=False, reason=reason)


def _tell_of_browser(config: Config) -> None:
    """Say so where pages would wait for a browser that is not there, or run without its sandbox."""
    from crawler.engine.browser import NO_SANDBOX, browser_problem, is_sandboxed

    wanted = [outlet.id for outlet in config.outlets.values() if outlet.enabled and outlet.render]
    if wanted and (problem := browser_problem()):
        err.print(f"render = true: the pages of {', '.join(wanted)} will wait; {escape(problem)}")
    elif wanted and not is_sandboxed():
        err.print(f"render = true for {', '.join(wanted)}: {NO_SANDBOX}")


def sound(config: Config) -> str:
    """What a check says of files without a problem."""
    outlets, actors = len(config.outlets), len(config.actors)
    return f"{counted(outlets, 'outlet')} and {counted(actors, 'actor')}: no problem"


def _config(workspace: Path | None) -> Config:
    """The files of the workspace, or only the shipped ones outside of any."""
    return load_config(workspace_or_none(workspace))


def _chosen(config: Config, country: str | None, everything: bool) -> list[Outlet]:
    if not everything:
        return config.outlets.select(country=country, everything=country is None)
    chosen = list(config.outlets.values())
    return [outlet for outlet in chosen if country is None or country in outlet.covers]


def _list(outlets: list[Outlet]) -> None:
    print_rows(
        ("id", "seat", "covers", "kind", "alignment", "ways on", "name"),
        [
            (
                outlet.id,
                outlet.country,
                " ".join(outlet.covers),
                outlet.kind,
                outlet.alignment.label,
                _ways_on(outlet),
                outlet.display_name,
            )
            for outlet in outlets
        ],
    )


def _list_gaps(workspace: Path | None, country: str | None, as_json: bool) -> None:
    from crawler.cli.gaps_view import show_gaps
    from crawler.gaps import gaps

    place = workspace_or_none(workspace)
    followed = place.settings.countries if place else COUNTRIES
    languages = place.settings.languages if place else LANGUAGES
    countries = [country.lower()] if country else list(followed)
    cells = gaps(load_config(place).outlets.values(), countries, languages)
    if as_json:
        print_json([cell.as_json() for cell in cells])
    else:
        show_gaps(cells)


def _switch(outlet_id: str, workspace: Path | None, *, enabled: bool, reason: str) -> None:
    place = open_workspace(workspace)
    today = utc_now().date()
    with human_errors():
        path = switch_outlet(place, outlet_id, enabled=enabled, reason=reason, today=today)
    said = "enabled" if enabled else "disabled"
    out.print(escape(f"{outlet_id} is {said}: {path}"))


def _ways_on(outlet: Outlet) -> str:
    if not outlet.enabled:
        return "disabled"
    ways = [way for _, way in outlet.endpoints]
    return f"{sum(way.on for way in ways)} of {len(ways)}"


def _show(outlet: Outlet) -> None:
    names = " · ".join(dict.fromkeys(outlet.name.values()))
    out.print(f"[bold]{outlet.id}[/bold]  {escape(names)}")
    out.print(
        f"{outlet.kind}, seat {outlet.country}, covers {' '.join(outlet.covers)}, "
        f"in {' '.join(outlet.languages)}, {outlet.timezone}"
    )
    out.print(f"hosts: {escape(' '.join(outlet.domains) or 'none')}")
    if outlet.render:
        out.print("pages: loaded in a browser")
    if outlet.egress != DIRECT:
        out.print(f"egress: {outlet.egress}")
    _show_rules(outlet)
    out.print(f"alignment: {outlet.alignment.label.replace('_', ' ')}")
    for line in outlet.alignment.evidence:
        out.print(f"  {escape(line)}")
    if outlet.ownership:
        out.print(f"owner: {escape(outlet.ownership.text)}")
    if outlet.notes or not outlet.enabled:
        out.print(f"{'' if outlet.enabled else 'disabled: '}{escape(outlet.notes)}")
    for kind, way in outlet.endpoints:
        _show_way(kind, way)


def _show_rules(outlet: Outlet) -> None:
    """What its file says of its addresses, and of where the parts of an article stand."""
    for name, told in outlet.urls.model_dump(exclude_defaults=True).items():
        shown = ", ".join(part if isinstance(part, str) else " → ".join(part) for part in told)
        out.print(f"addresses, {name}: {escape(shown)}")
    for name, told in outlet.selectors.model_dump(exclude_defaults=True).items():
        shown = told if isinstance(told, str) else ", ".join(told)
        out.print(f"selector, {name}: {escape(shown)}")


def _show_way(kind: str, way: Endpoint) -> None:
    word = "[green]on [/green]" if way.on else "[yellow]off[/yellow]"
    out.print(f"{word} {kind} {way.grade} {escape(way.url)}")
    probe = way.probe
    if probe:
        seen = "works" if probe.works else f"does not work: {probe.reason}"
        out.print(f"      probed {probe.seen_at[:10]}: {escape(seen)}")
    elif way.evidence:
        out.print(f"      [dim]{escape(way.evidence)}[/dim]")
