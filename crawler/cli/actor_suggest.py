"""`marsad actors suggest`: spellings that the watchlists lack, for a person to judge."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

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
from crawler.cli.progress import steps
from crawler.phrases import counted
from crawler.sentences import did_you_mean
from crawler.workspace import Config, Workspace, load_config
from storage.bidi import isolated

if TYPE_CHECKING:  # the texts are read only here
    from crawler.engine.suggestions import Seen, Suggestion

ActorArgument = Annotated[
    str | None, typer.Argument(metavar="[ACTOR]", help="Only this person (default: all).")
]
LeastOption = Annotated[
    int, typer.Option("--least", min=1, help="Only spellings in at least so many articles.")
]
_HOW = """
To look for a spelling, put it into a file of the workspace's watchlists folder, such as
watchlists/own.toml, and apply it to the archive with `marsad actors rematch`:

[[actors]]
id = "{actor_id}"
[[actors.forms]]
text = {text}
language = "{language}"
"""


def suggest(
    actor_id: ActorArgument = None,
    least: LeastOption = 1,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Suggest new spellings of persons: what sounds like a name, near words about its bearer.

    Looks through all stored articles for capitalised words, or Arabic ones, whose consonants are
    those of a known name, in a passage that holds a context word or another form of the same
    person. Nothing is changed and nothing attributed: most are the person, some are somebody else.

    Examples:

      marsad actors suggest

      marsad actors suggest bh_khawaja --least 2 --json
    """
    place = open_workspace(workspace)
    with human_errors():
        config = load_config(place)
    if actor_id is not None:
        _refuse_others(config, actor_id)
    found = [one for one in _look(place, config, actor_id) if one.articles >= least]
    if as_json:
        print_json([_record(one) for one in found])
    else:
        _show(config, found)


def _refuse_others(config: Config, actor_id: str) -> None:
    """Only persons have names that are spelled by ear."""
    kinds = {actor.id: actor.kind for actor in config.watched}
    if actor_id not in kinds:
        fail(f'there is no actor "{actor_id}"{did_you_mean(actor_id, kinds)}')
    if kinds[actor_id] != "person":
        fail(f"{actor_id} is of kind {kinds[actor_id]}; spellings are suggested for persons only")


def _look(place: Workspace, config: Config, actor_id: str | None) -> "list[Suggestion]":
    from crawler.engine.suggestions import suggest
    from storage.articles import ArticleStore

    with opened(place) as database, steps("articles looked through") as tick:
        return suggest(config.actors, ArticleStore(database).texts(), actor_id, tick)


def _record(one: "Suggestion") -> dict[str, Any]:
    return {
        "actor_id": one.actor_id,
        "spelling": one.spelling,
        "like": one.like,
        "articles": one.articles,
        "outlets": len(one.outlets),
        "language": one.language,
        "examples": one.examples,
    }


def _show(config: Config, found: "Sequence[Suggestion]") -> None:
    names = {actor.id: actor.display_name for actor in config.watched}
    by_actor = sorted(found, key=lambda one: one.actor_id)
    for actor_id, spellings in groupby(by_actor, key=lambda one: one.actor_id):
        out.print(f"[bold]{actor_id}[/bold]  {escape(isolated(names[actor_id]))}")
        for one in spellings:
            _show_one(one)
    if not found:
        err.print("no new spelling")
        return
    how = _HOW.format(
        actor_id=found[0].actor_id,
        text=json.dumps(found[0].spelling, ensure_ascii=False),
        language=found[0].language,
    )
    err.print(escape(f"{counted(len(found), 'new spelling')}\n{how.rstrip()}"))


def _show_one(one: "Suggestion") -> None:
    """The spelling and its figures on a line, then each example on a line of its own direction."""
    where = f"{counted(one.articles, 'article')}, {counted(len(one.outlets), 'outlet')}"
    spelling, like = isolated(one.spelling), isolated(one.like)
    out.print(escape(f"  {spelling}  {where}, {one.language}, like {like}"))
    for seen in one.examples:
        out.print(f"[dim]    article {seen.article_id} · {escape(seen.outlet_id)}[/dim]")
        out.print(f"    {escape(_line(seen))}")


def _line(seen: "Seen") -> str:
    """A passage with the spelling between brackets."""
    return isolated(f"{seen.before}[{seen.match}]{seen.after}")
