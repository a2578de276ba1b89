"""From watchlist files to actors: the shipped ones, with a workspace's changes laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from crawler.datafiles import (
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
    """The trees of the actors of one folder by id, and what is wrong with the files."""

    trees: dict[str, Table] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def shipped_watchlists() -> Path:
    """The watchlists that come with the project."""
    return Path(str(files("crawler"))) / "data" / "watchlists"


def load_watchlists(
    shipped: Path | None, own: Path | None
) -> tuple[tuple[WatchedActor, ...], list[Problem]]:
    """All actors of two folders, the second laid over the first, and every problem."""
    base = read_folder(shipped, Path("crawler/data/watchlists")) if shipped else ActorTrees()
    over = read_folder(own, Path("watchlists")) if own else ActorTrees()
    problems = [*base.problems, *over.problems]
    for actor_id, change in over.trees.items():
        table, wrong = _effective(actor_id, base.trees, change)
        problems += wrong
        if table is not None:
            base.trees[actor_id] = table
    actors = []
    for _, table in sorted(base.trees.items()):
        actor, wrong = checked(WatchedActor, table)
        problems += wrong
        if actor is not None and not actor.suppress:
            actors.append(_without_suppressed_forms(actor))
    return tuple(actors), [*problems, *_clashes(actors, base.trees)]


def read_folder(folder: Path, shown: Path) -> ActorTrees:
    """The actors of all TOML files of a folder; an id that stands twice is a problem."""
    found = ActorTrees()
    for path in sorted(folder.glob("*.toml")):
        file = read_toml(path, shown / path.name)
        if isinstance(file, Problem):
            found.problems.append(file)
        else:
            _add_rows(found, tree(file))
    return found


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
    """An actor's tree with a workspace's change laid over it."""
    base = known.get(actor_id)
    if base is None and not _MAKES_AN_ACTOR & change.entries.keys():
        key = next((key for key in change.entries if key != "id"), "id")
        hint = did_you_mean(actor_id, known)
        said = f'changes the actor "{actor_id}", which does not exist{hint}'
        return None, [change.place_of(key).problem(said)]
    if base is None:  # a new actor may note forms that it is not to be found by, as shipped ones do
        return change, []
    change, problems = changes_nothing(base, change, ("forms",))
    return overlaid(base, change), problems


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
