"""A workspace's watchlist that is written by `marsad actors add` and `import`.

What is shipped, or written by hand, stays where it is: the file holds new actors whole, and of
others what differs, so that all together say what the spreadsheet says. It is written anew each
time; a file that a person wrote is never touched.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from crawler.actorchanges import TAKEN_AWAY, differences, same, whole
from crawler.actorsheets import Mistake, SheetMistakes, Written, form_key
from crawler.actortoml import MARK, as_toml
from crawler.datafiles import ConfigErrors, Problem, Table, checked, identity, overlaid
from crawler.datafiles import rows_of as tables_of
from crawler.fields import identifier
from crawler.private import write_file
from crawler.sheetfiles import place_of
from crawler.tomllines import key_lines
from crawler.watchlistfiles import (
    ActorTrees,
    laid_over,
    load_watchlists,
    read_own,
    read_shipped,
    shipped_watchlists,
)
from crawler.watchlists import WatchedActor
from crawler.workspace import Workspace

FILE = "actors"
"""The file, without its ending, that is written where nobody names another."""
_ACTOR_KEY = re.compile(r"actors\.(\d+)(?:\.forms\.(\d+))?(?:\.(.+))?")

_TO_A_FORM = 4  # steps: actors, its number, forms, its number


class NotOurs(Exception):
    """A file that is not to be written, or cannot be: made by hand, changed meanwhile, no space."""


@dataclass(frozen=True)
class Lists:
    """The watchlists as trees, and the actors in use: shipped, `by_hand`, and our `own` files."""

    shipped: ActorTrees
    own: ActorTrees
    folder: Path | None
    in_use: tuple[WatchedActor, ...] = ()
    by_hand: ActorTrees = field(default_factory=ActorTrees)

    @cached_property
    def base(self) -> Mapping[str, Table]:
        """What our files lie over."""
        return laid_over(self.shipped, self.by_hand).trees

    def effective(self, actor_id: str) -> WatchedActor | None:
        """An actor with the forms that are not looked for as well (`suppress`), if there is one.

        A form that our file only takes away is left out. Where it has a row for each form, they
        stand in its order.
        """
        base, over = self.base.get(actor_id), self.own.trees.get(actor_id)
        if over is None:
            return _actor(base)
        gone = {
            identity(row)
            for row in tables_of(over, "forms")
            if base and set(row.entries) == TAKEN_AWAY and row.value("suppress") is True
        }
        found = _actor(overlaid(base or Table(over.place), over))
        if found is None:
            return None
        forms = [form for form in found.forms if form.text not in gone]
        order = [identity(row) for row in tables_of(over, "forms")]
        if all(form.text in order for form in forms):
            forms.sort(key=lambda form: order.index(form.text))
        return found.model_copy(update={"forms": tuple(forms)})

    def actors(self, *, own_only: bool = False) -> list[WatchedActor]:
        """Every actor: the shipped ones by id, then those that only the workspace has, in order.

        So an actor that was written below a sheet's last row is exported there again.
        """
        own = [*self.by_hand.trees, *self.own.trees]
        ids = own if own_only else [*sorted(self.shipped.trees), *own]
        found = map(self.effective, dict.fromkeys(ids))
        return [actor for actor in found if actor is not None]


def read_lists(workspace: Workspace | None) -> Lists:
    """The watchlists in use. Raises ConfigErrors with all that is wrong with them."""
    own = workspace.watchlists_dir if workspace else None
    use_shipped = workspace is None or workspace.settings.shipped
    folder = shipped_watchlists() if use_shipped else None
    in_use, problems = load_watchlists(folder, own)
    if problems:
        raise ConfigErrors(problems)
    by_hand, ours = read_own(own)
    return Lists(read_shipped(folder), ours, own, in_use, by_hand)


def _actor(table: Table | None) -> WatchedActor | None:
    return checked(WatchedActor, table)[0] if table else None


# ---------------------------------------------------------------- changes


@dataclass
class Plan:
    """What a file will hold, and what of it is new; nothing is saved yet."""

    path: Path
    before: str | None
    text: str
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    in_use: tuple[WatchedActor, ...] = ()
    actors: tuple[WatchedActor, ...] = ()
    """All actors as they are in use, and as they will be; suppressed ones left out."""

    @property
    def touched(self) -> list[str]:
        """The actors that are not as they were."""
        return [*self.new, *self.changed]


def plan(lists: Lists, written: Sequence[Written], sheet: str | None, name: str = FILE) -> Plan:
    """What to write so that these actors are in use as they stand here; others stay as they are.

    Raises NotOurs for a file that is not to be written, and SheetMistakes for actors that belong
    elsewhere and for what the watchlists together would not allow. `sheet` is None where the
    actors come from no sheet.
    """
    assert lists.folder is not None, "only a workspace has a file of its own"
    path = lists.folder / f"{_file_name(name)}.toml"
    before, entries = _read(path)
    made = Plan(path, before, "", in_use=lists.in_use)
    mistakes = []
    for one in written:
        assert one.actor is not None, "a sheet with mistakes raises before"
        known = lists.effective(one.id)
        base = _actor(lists.base.get(one.id))
        if known is not None and same(known, one.actor, in_order=base is None):
            made.unchanged += 1
            continue
        if (elsewhere := _other_file(lists, one.id, path)) is not None:
            mistakes.append(_said_elsewhere(_Places(made, {}, sheet), one, elsewhere))
        (made.changed if known else made.new).append(one.id)
        entries[one.id] = differences(base, one.actor) if base else whole(one.actor)
    if mistakes:
        raise SheetMistakes(mistakes)
    made.text = as_toml([entry for entry in entries.values() if len(entry) > 1])
    made.actors = _tried(lists, made, {one.id: one for one in written}, sheet)
    return made


def save(made: Plan) -> None:
    """Write the file whole, readable for its owner only; or not at all, and raise NotOurs."""
    now = made.path.read_text(encoding="utf-8") if made.path.exists() else None
    if now != made.before:
        raise NotOurs(f"{made.path.name} was changed by somebody else meanwhile; start again")
    try:
        write_file(made.path, made.text)
    except OSError as wrong:
        raise NotOurs(f"{made.path} cannot be written: {wrong.strerror}") from None


def _file_name(name: str) -> str:
    try:
        return identifier(name)
    except ValueError as wrong:
        raise NotOurs(f"--into: {wrong}") from None


def _read(path: Path) -> tuple[str | None, dict[str, dict[str, Any]]]:
    """The file as it is, and what it says of each actor."""
    if not path.exists():
        return None, {}
    text = path.read_text(encoding="utf-8")
    if not text.startswith(MARK):
        raise NotOurs(
            f"watchlists/{path.name} was written by hand, and is not overwritten; "
            "name another file with --into"
        )
    return text, {entry["id"]: entry for entry in tomllib.loads(text).get("actors", [])}


def _other_file(lists: Lists, actor_id: str, path: Path) -> Path | None:
    tree = lists.own.trees.get(actor_id)
    if tree is None or tree.place.file.path.name == path.name:
        return None
    return tree.place.file.path


def _said_elsewhere(places: _Places, one: Written, file: Path) -> Mistake:
    ours = (places.made.path.parent / file.name).read_text(encoding="utf-8").startswith(MARK)
    how = f"write with --into {file.stem}" if ours else "change it there"
    said = f"{one.id} is not as {file} has it; {how}"
    return Mistake(places.cell(one, one.row, "id"), "id", said)


# ---------------------------------------------------------------- the check before saving


def _tried(
    lists: Lists, made: Plan, written: Mapping[str, Written], sheet: str | None
) -> tuple[WatchedActor, ...]:
    """The actors that would be in use, read from a copy of the folder by the loader itself."""
    assert lists.folder is not None, "see plan()"
    with tempfile.TemporaryDirectory(prefix="marsad-") as folder:
        copy = Path(folder)
        for file in lists.folder.glob("*.toml"):
            (copy / file.name).write_bytes(file.read_bytes())
        (copy / made.path.name).write_text(made.text, encoding="utf-8")
        shipped = shipped_watchlists() if lists.shipped.trees else None
        actors, problems = load_watchlists(shipped, copy)
    if problems:
        places = _Places(made, written, sheet)
        raise SheetMistakes(map(places.mistake, problems))
    return actors


@dataclass(frozen=True)
class _Places:
    """Leads from a place in the file that was tried to the cell of the sheet that it came from."""

    made: Plan
    written: Mapping[str, Written]
    sheet: str | None

    def cell(self, one: Written, row: int, column: str) -> str:
        """The cell of a sheet, or where there is no sheet, the actor."""
        return place_of(self.sheet, row, one.columns.get(column, 0)) if self.sheet else one.id

    def mistake(self, problem: Problem) -> Mistake:
        """A problem of the loader as a mistake of the sheet, where it is one."""
        message = self._told_by_cell(problem.message)
        match = _ACTOR_KEY.fullmatch(problem.key)
        if problem.file.name != self.made.path.name or not match:
            return Mistake(f"{problem.file}:{problem.line}", problem.key, message)
        one, row = self._written(int(match[1]), int(match[2]) if match[2] else None)
        if one is None:
            return Mistake(f"{problem.file}:{problem.line}", problem.key, message)
        in_form = match[2] or match[3] == "forms"
        column = "form" if in_form else (match[3] or "id").partition(".")[0]
        return Mistake(self.cell(one, row, column), column, message)

    def _written(self, actor: int, form: int | None) -> tuple[Written | None, int]:
        """Who stands at a place of the file that was tried, and in which row of the sheet."""
        entry = tomllib.loads(self.made.text)["actors"][actor]
        one = self.written.get(entry["id"])
        if one is None or form is None:
            return one, one.row if one else 0
        key = form_key(entry["forms"][form]["text"])
        rows = (row for row, cells in one.forms if form_key(cells["form"].text) == key)
        return one, next(rows, one.row)

    def _told_by_cell(self, message: str) -> str:
        """What a problem says of a line of the file, which nobody has seen, said of the sheet."""
        named = re.compile(rf"watchlists/{re.escape(self.made.path.name)}:(\d+)")
        return named.sub(self._cell_of_line, message)

    def _cell_of_line(self, match: re.Match[str]) -> str:
        for way, line in key_lines(self.made.text).items():
            if line == int(match[1]) and len(way) == _TO_A_FORM:
                one, row = self._written(int(way[1]), int(way[3]))
                return self.cell(one, row, "form") if one else match[0]
        return match[0]
