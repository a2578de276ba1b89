"""From watchlist files to actors: the shipped ones, with a workspace's changes laid over them.

A workspace's files lie in two layers: those that people write, and over them those that
`marsad actors add` and `import` write. So what somebody wrote can be changed in a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from crawler.actortoml import MARK
from crawler.datafiles import (
    DataFile,
    Place,
    Problem,
    Rows,
    Table,
    changes_nothing,
    checked,
    overlaid,
    read_toml,
    repeated_rows,
    rows_of,
    tree,
    without_suppressed,
)
from crawler.reading.variants import squeezed
from crawler.sentences import did_you_mean
from crawler.watchlists import Form, WatchedActor

_MAKES_AN_ACTOR = frozenset({"kind", "name", "forms"})
"""An entry with none of these can only be meant to change an actor that exists."""


@dataclass
class ActorTrees:
    """The trees of the actors of a layer by id, and what is wrong with its files."""

    trees: dict[str, Table] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def shipped_watchlists() -> Path:
    """The watchlists that come with the project."""
    return Path(str(files("crawler"))) / "data" / "watchlists"


def load_watchlists(
    shipped: Path | None, own: Path | None
) -> tuple[tuple[WatchedActor, ...], list[Problem]]:
    """All actors of two folders, the second laid over the first, and every problem."""
    base = read_shipped(shipped)
    for layer in read_own(own):
        base = laid_over(base, layer)
    problems = list(base.problems)
    actors = []
    for _, table in sorted(base.trees.items()):
        actor, wrong = checked(WatchedActor, table)
        problems += wrong
        if actor is not None and not actor.suppress:
            actors.append(_without_suppressed_forms(actor))
    return tuple(actors), [*problems, *_clashes(actors, base.trees)]


def read_shipped(folder: Path | None) -> ActorTrees:
    """The actors of the shipped watchlists, where they are in use."""
    found = ActorTrees()
    for file in _files(folder, Path("crawler/data/watchlists")):
        _add_file(found, file)
    return found


def read_own(folder: Path | None) -> tuple[ActorTrees, ActorTrees]:
    """What a workspace's files say: those made by hand, and those that commands write."""
    by_hand, by_command = ActorTrees(), ActorTrees()
    for file in _files(folder, Path("watchlists")):
        _add_file(by_command if _is_by_command(file) else by_hand, file)
    return by_hand, by_command


def laid_over(base: ActorTrees, over: ActorTrees) -> ActorTrees:
    """The actors of one layer with the changes of another laid over them."""
    laid = ActorTrees(dict(base.trees), [*base.problems, *over.problems])
    for actor_id, change in over.trees.items():
        table, wrong = _effective(actor_id, base.trees, change)
        laid.problems += wrong
        if table is not None:
            laid.trees[actor_id] = table
    return laid


def _files(folder: Path | None, shown: Path) -> Iterator[DataFile | Problem]:
    for path in sorted(folder.glob("*.toml")) if folder else ():
        yield read_toml(path, shown / path.name)


def _is_by_command(file: DataFile | Problem) -> bool:
    return isinstance(file, DataFile) and file.text.startswith(MARK)


def _add_file(found: ActorTrees, file: DataFile | Problem) -> None:
    """Add the actors of a file; an id that stands twice in a layer is a problem."""
    if isinstance(file, Problem):
        found.problems.append(file)
    else:
        _add_rows(found, tree(file))


def _add_rows(found: ActorTrees, table: Table) -> None:
    for key, entry in table.entries.items():
        if key != "actors":
            hint = did_you_mean(key, ["actors"]) or "; a watchlist holds [[actors]] only"
            found.problems.append(entry.place.problem(f"is not a known key{hint}"))
        elif not isinstance(entry, Rows):
            found.problems.append(entry.place.problem("must be a list of tables, [[actors]]"))
        else:
            for row in entry.tables:
                _add_row(found, row)


def _add_row(found: ActorTrees, row: Table) -> None:
    actor_id = row.value("id")
    if not isinstance(actor_id, str):
        said = "must be text in quotes" if "id" in row.entries else "has no id"
        found.problems.append(row.place_of("id").problem(said))
    elif actor_id in found.trees:
        first = found.trees[actor_id].place
        said = f'the id "{actor_id}" belongs to the actor at {first} already'
        found.problems.append(row.place_of("id").problem(said))
    else:
        found.trees[actor_id] = row
        found.problems += repeated_rows(row)


def _effective(
    actor_id: str, known: dict[str, Table], change: Table
) -> tuple[Table | None, list[Problem]]:
    """An actor's tree with a change laid over it.

    In a file that a command wrote, a form may be taken away that is not there any more.
    """
    base = known.get(actor_id)
    if base is None and not _MAKES_AN_ACTOR & change.entries.keys():
        key = next((key for key in change.entries if key != "id"), "id")
        hint = did_you_mean(actor_id, known)
        said = f'changes the actor "{actor_id}", which does not exist{hint}'
        return None, [change.place_of(key).problem(said)]
    if base is None:  # a new actor may note forms that it is not to be found by, as shipped ones do
        return change, []
    change, problems = changes_nothing(base, change, ("forms",))
    return overlaid(base, change), [] if _is_by_command(change.place.file) else problems


def _without_suppressed_forms(actor: WatchedActor) -> WatchedActor:
    forms = tuple(form for form in actor.forms if not form.suppress)
    return actor.model_copy(update={"forms": forms})


def _clashes(actors: Iterable[WatchedActor], trees: dict[str, Table]) -> list[Problem]:
    """Forms that cannot be told apart, and actors none of whose forms could ever count."""
    problems = []
    seen: dict[str, tuple[WatchedActor, Form, Place]] = {}
    for actor in actors:
        if not actor.can_count:
            said = "every form needs context words, and the actor has none: nothing would count"
            problems.append(trees[actor.id].place_of("forms").problem(said))
        for form, place in _placed(actor, trees[actor.id]):
            other, twin, there = seen.setdefault(squeezed(form.text), (actor, form, place))
            if other is not actor and {form.mode, twin.mode} != {"context"}:
                said = f'"{form.text}" is also a form of {other.id} ({there})'
                problems.append(place.problem(f'{said}; give both mode = "context"'))
    return problems


def _placed(actor: WatchedActor, table: Table) -> Iterator[tuple[Form, Place]]:
    """Each form with the place it came from; suppressed ones are in neither."""
    rows = rows_of(without_suppressed(table), "forms")
    return zip(actor.forms, (row.place for row in rows), strict=True)
