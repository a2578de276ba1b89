"""`marsad actors check`: what is wrong with the watchlists, and what is doubtful."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    human_errors,
    opened,
    out,
    print_json,
)
from crawler.cli.outlets import sound
from crawler.phrases import counted
from crawler.workspace import Config, Workspace, load_config, workspace_or_none
from storage.bidi import isolated

if TYPE_CHECKING:  # most commands need no matcher
    from crawler.watchlistchecks import Finding

FLOOD_PERCENT = 2.0
FEWEST = 20
"""Articles below which a form floods nothing, whatever their share."""

ShareOption = Annotated[
    float,
    typer.Option(
        "--flood", min=0.01, max=100, help="A form in more than this many percent of all articles."
    ),
]
NotesOption = Annotated[
    bool, typer.Option("--notes", help="List what is only good to know, not just count it.")
]


def check(
    flood: ShareOption = FLOOD_PERCENT,
    notes: NotesOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check every watchlist and outlet file, and say which forms of actors are doubtful.

    Problems of the files are told all at once, by file, line and key, and end it with 2. A form
    that is too short, an ordinary phrase, never found, or in very many stored articles: with 3.
    Good to know are useless forms, refused spellings, and forms that no stored article has.

    Examples:

      marsad actors check --notes

      marsad actors check --flood 5 --json
    """
    with human_errors():
        place = workspace_or_none(workspace)
        config = load_config(place)
    findings = [*_of_files(config), *_of_archive(config, place, flood / 100)]
    doubtful = [one for one in findings if not _is_note(one)]
    if as_json:
        print_json(findings)
    else:
        _show(config, doubtful, [one for one in findings if _is_note(one)], listed=notes)
    if doubtful:
        raise typer.Exit(NEEDS_A_PERSON)


def _of_files(config: Config) -> "Iterator[Finding]":
    from crawler.watchlistchecks import check_forms, refusals

    yield from check_forms(config.watched)
    yield from refusals(config.refused)


def _of_archive(config: Config, place: Workspace | None, share: float) -> "list[Finding]":
    """What the stored articles say; nothing where there are none."""
    if place is None or not place.database.exists():
        return []
    from crawler.watchlistchecks import Archive, check_archive
    from storage.alias_counts import alias_counts, article_count

    with opened(place) as database, err.status("counting the articles of each form"):
        archive = Archive(article_count(database), tuple(alias_counts(database)))
    return list(check_archive(config.watched, archive, share=share, fewest=FEWEST))


def _is_note(finding: "Finding") -> bool:
    from crawler.watchlistchecks import NOTES

    return finding.doubt in NOTES


def _show(
    config: Config, doubtful: "Sequence[Finding]", notes: "Sequence[Finding]", *, listed: bool
) -> None:
    for finding in [*doubtful, *(notes if listed else ())]:
        out.print(escape(f"{finding.actor_id}: {isolated(finding.form)}: {finding.reason}"))
    if doubtful:
        forms = counted(len(doubtful), "doubtful form")
        err.print(f"{forms}; the watchlists are used as they are")
    else:
        out.print(sound(config))
    if notes and not listed:
        err.print(f"good to know (--notes): {_summary(notes)}")


def _summary(notes: "Sequence[Finding]") -> str:
    """How many notes of each kind there are."""
    from crawler.watchlistchecks import Doubt

    said = {
        Doubt.TWIN: "{} that another form makes useless",
        Doubt.REFUSED: "{} generated and refused",
        Doubt.UNMATCHED: "{} that no stored article has",
    }
    numbers = Counter(finding.doubt for finding in notes)
    return ", ".join(text.format(numbers[doubt]) for doubt, text in said.items() if numbers[doubt])
