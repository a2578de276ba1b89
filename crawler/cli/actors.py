"""`marsad actors`: whom and what the watchlists name."""

from collections.abc import Collection
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    JsonOption,
    WorkspaceOption,
    fail,
    human_errors,
    out,
    print_json,
)
from crawler.cli.tables import print_rows
from crawler.sentences import did_you_mean
from crawler.watchlists import Form, WatchedActor
from crawler.workspace import load_config, workspace_or_none

app = typer.Typer(
    name="actors", help="The people, organisations and terms watched for.", no_args_is_help=True
)

CountryOption = Annotated[
    str | None, typer.Option("--country", help="Only those of a country, e.g. bh.")
]
KindOption = Annotated[
    str | None, typer.Option("--kind", help="Only this kind: person, cso, network, term …")
]

VariantsOption = Annotated[
    bool, typer.Option("--variants", help="List the spellings that are generated, too.")
]


@app.command("list")
def list_actors(
    country: CountryOption = None,
    kind: KindOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List actors: the shipped ones and, inside a workspace, its own.

    Examples:

      marsad actors list --country ma --kind cso

      marsad actors list --json
    """
    with human_errors():
        watched = load_config(workspace_or_none(workspace)).watched
    found = chosen(watched, country, kind)
    if as_json:
        print_json(found)
    else:
        _list(found)


@app.command()
def show(
    actor_id: Annotated[str, typer.Argument(metavar="ACTOR", help="An actor's id.")],
    variants: VariantsOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one actor: its written forms, when they count, and the evidence.

    Examples:

      marsad actors show ma_amdh

      marsad actors show bh_khawaja --variants
    """
    with human_errors():
        config = load_config(workspace_or_none(workspace))
    watched = {actor.id: actor for actor in config.watched}
    if actor_id not in watched:
        fail(f'there is no actor "{actor_id}"{did_you_mean(actor_id, watched)}')
    made = [alias.text for alias in config.generated(actor_id)] if variants else None
    if as_json:
        more = {} if made is None else {"generated": made}
        print_json({**watched[actor_id].model_dump(mode="json"), **more})
    else:
        _show(watched[actor_id], made)


def chosen(
    watched: Collection[WatchedActor], country: str | None, kind: str | None
) -> list[WatchedActor]:
    """The actors of a country and of a kind; ends with a message where there are no such."""
    _refuse_unknown("kind", kind, {actor.kind for actor in watched})
    _refuse_unknown("country", country, {name for actor in watched for name in actor.countries})
    return [
        actor
        for actor in watched
        if (country is None or country.lower() in actor.countries)
        and (kind is None or actor.kind == kind.lower())
    ]


def _list(actors: list[WatchedActor]) -> None:
    print_rows(
        ("id", "kind", "countries", "forms", "themes", "name"),
        [
            (
                actor.id,
                actor.kind,
                " ".join(actor.countries),
                str(len(actor.forms)),
                " ".join(actor.themes),
                actor.display_name,
            )
            for actor in actors
        ],
        right=("forms",),
    )


def _refuse_unknown(what: str, value: str | None, known: set[str]) -> None:
    """A filter that nothing can pass is a mistake, not an empty list."""
    if value is not None and value.lower() not in known:
        fail(f'no actor is of {what} "{value}"; there are {", ".join(sorted(known)) or "none"}')


def _show(actor: WatchedActor, generated: Collection[str] | None) -> None:
    names = " · ".join(dict.fromkeys(actor.name.values()))
    out.print(f"[bold]{actor.id}[/bold]  {escape(names)}")
    out.print(f"{actor.kind} {' '.join(actor.countries)} {' '.join(actor.themes)}".strip())
    if actor.note:
        out.print(escape(actor.note))
    for form in actor.forms:
        out.print(_form_line(form))
    for text in generated or ():
        out.print(f"  [dim]{'generated':<24}[/dim] {escape(text)}")
    for title, lines in (("near", actor.context), ("not in", actor.anti_aliases)):
        if lines:
            out.print(escape(f"{title}: {' · '.join(lines)}"))
    for line in actor.evidence:
        out.print(f"[dim]{escape(line)}[/dim]")


def _form_line(form: Form) -> str:
    """How a form counts, then the form: one from right to left would turn the line around."""
    how = f"{form.language or 'any'} {form.mode}{'' if form.verified else ' unverified'}"
    return f"  [dim]{how:<24}[/dim] {escape(form.text)}"
