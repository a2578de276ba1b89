"""What the project's own files say now and said at the last upgrade, against a workspace's files.

A workspace's value stands over the shipped one, whatever becomes of that. So that a correction by
the project is not missed for years, each upgrade notes all that the shipped files say, and the next
one tells which values that a workspace overrides are others now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler.agencies import FILE as AGENCIES_FILE
from crawler.datafiles import (
    DataFile,
    Leaf,
    Rows,
    Table,
    dotted,
    identity,
    read_toml,
    rows_of,
    tree,
)
from crawler.fields import Record
from crawler.outletfiles import read_folder, shipped_outlets
from crawler.outlets import SHIPPED
from crawler.private import write_file
from crawler.watchlistfiles import read_own, read_shipped, shipped_watchlists
from crawler.workspace import Workspace

NOTE = ".shipped.json"
KINDS = ("outlets", "actors", "agencies", "schedules")
Trees = Mapping[str, Table]
"""The entries of one kind by id."""
Path_ = tuple[str, ...]


class Noted(Record):
    """What upgrades remember; a file that only they write."""

    reader: str
    """Which version of the reader people were told of last; "" of none yet."""
    said: dict[str, dict[str, Any]]
    """What the shipped files said when people were told of them last: by kind, id and keys."""


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A value of the project that changed under one of a workspace's own, which stays."""

    place: str
    """File and line of the workspace's value."""
    key: str
    was: Any
    now: Any
    yours: Any


@dataclass(frozen=True, slots=True)
class ShippedChanges:
    """What is new in the project's files since the last upgrade, as far as that is known."""

    values: tuple[ChangedValue, ...] = ()
    new: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids by kind: outlets, actors, agencies, schedules."""
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.values or any(self.new.values()) or any(self.gone.values()))


def shipped_files() -> Iterator[Path]:
    """Every file of the project that a workspace may lay its own over."""
    data = Path(str(files("crawler"))) / "data"
    folders = (shipped_outlets(), shipped_watchlists(), _shipped_schedules())
    for folder in folders:
        yield from sorted(folder.rglob("*.toml"))
    yield data / AGENCIES_FILE


def read_note(workspace: Workspace) -> Noted | None:
    """What the last upgrade noted; None where there was none, or its note cannot be read."""
    try:
        return Noted.model_validate_json((workspace.root / NOTE).read_bytes())
    except (OSError, ValidationError):
        return None


def write_note(workspace: Workspace, note: Noted) -> None:
    """Have the next upgrade remember this one."""
    text = json.dumps(note.model_dump(), ensure_ascii=False, indent=1)
    write_file(workspace.root / NOTE, text + "\n")


def said_now(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """What the shipped files say at present, as far as this workspace uses them."""
    return {kind: _plain(trees) for kind, trees in _shipped(workspace).items()}


def changes_since(
    workspace: Workspace, note: Noted | None, now: Mapping[str, Mapping[str, Any]]
) -> ShippedChanges:
    """What changed in what the shipped files say since people were told last.

    Nothing is known to have where there is no note.
    """
    if note is None:
        return ShippedChanges()
    values = [
        change
        for kind, layers in _own(workspace).items()
        for layer in layers
        for entry_id, table in layer.items()
        for change in _changed(
            table, note.said.get(kind, {}).get(entry_id), now[kind].get(entry_id)
        )
    ]
    known = {kind: note.said.get(kind, {}).keys() for kind in now}
    new = {kind: tuple(sorted(now[kind].keys() - known[kind])) for kind in now}
    gone = {kind: tuple(sorted(known[kind] - now[kind].keys())) for kind in now}
    return ShippedChanges(tuple(values), new, gone)


def _changed(own: Table, was: Any, now: Any) -> Iterator[ChangedValue]:
    """The values of an entry of one's own over which the project changed its mind."""
    for path, leaf in _leaves(own):
        before, after = _at(was, path), _at(now, path)
        if before != after:
            yield ChangedValue(str(leaf.place), dotted(path), before, after, _said(leaf))


def _leaves(node: Leaf | Rows | Table, path: Path_ = ()) -> Iterator[tuple[Path_, Leaf]]:
    """Every value with the way to it, in which rows are called by their identity."""
    if isinstance(node, Leaf):
        yield path, node
        return
    for name, part in _parts(node):
        yield from _leaves(part, (*path, name))


def _parts(node: Rows | Table) -> Iterator[tuple[str, Leaf | Rows | Table]]:
    if isinstance(node, Table):
        yield from node.entries.items()
    else:
        for number, row in enumerate(node.tables):
            yield identity(row) or str(number), row


def _said(node: Leaf | Rows | Table) -> Any:
    """A part of a tree as JSON has it, in which rows are called by their identity."""
    if isinstance(node, Leaf):
        return json.loads(json.dumps(node.value, default=str))
    return {name: _said(part) for name, part in _parts(node)}


def _at(said: Any, path: Path_) -> Any:
    """What was said at a place; None where nothing was."""
    for name in path:
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _plain(trees: Trees) -> dict[str, Any]:
    return {entry_id: _said(table) for entry_id, table in sorted(trees.items())}


def _shipped(workspace: Workspace) -> dict[str, Trees]:
    """What the project ships of each kind, as far as this workspace uses it."""
    used = workspace.settings.shipped
    agencies = Path(str(files("crawler"))) / "data" / AGENCIES_FILE
    return {
        "outlets": read_folder(shipped_outlets(), SHIPPED).trees if used else {},
        "actors": read_shipped(shipped_watchlists() if used else None).trees,
        "agencies": _agencies(agencies),
        "schedules": _schedules(_shipped_schedules()),
    }


def _own(workspace: Workspace) -> dict[str, tuple[Trees, ...]]:
    """The files of a workspace, in the layers that lie over the shipped ones."""
    by_hand, by_command = read_own(workspace.watchlists_dir)
    return {
        "outlets": (read_folder(workspace.outlets_dir, Path("outlets")).trees,),
        "actors": (by_hand.trees, by_command.trees),
        "agencies": (_agencies(workspace.root / AGENCIES_FILE),),
        "schedules": (_schedules(workspace.schedules_dir),),
    }


def _shipped_schedules() -> Path:
    return Path(str(files("schedules")))


def _agencies(path: Path) -> Trees:
    file = read_toml(path, Path(AGENCIES_FILE))
    rows = rows_of(tree(file), "agencies") if isinstance(file, DataFile) else []
    return {str(row.value("id")): row for row in rows}


def _schedules(folder: Path) -> Trees:
    found = {
        path.stem: read_toml(path, Path("schedules") / path.name) for path in folder.glob("*.toml")
    }
    return {name: tree(file) for name, file in found.items() if isinstance(file, DataFile)}
