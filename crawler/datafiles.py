"""Strict reading of TOML files: every problem names file, line and key, all of them at once.

A file becomes a tree of `Table`, `Rows` and `Leaf`, in which each part knows its `Place`; trees of
two files can be laid over each other, and a tree is checked against a pydantic model.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crawler.sentences import sentence
from crawler.tomllines import KeyPath, key_lines

MAX_BYTES = 4_000_000
"""No data file that a person keeps is larger; the shipped ones stay below 200 kB."""

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a data file, said so that a person can mend it."""

    file: Path
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        place = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigErrors(Exception):
    """The data files are wrong; holds every problem of every file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (str(p.file), p.line or 0, p.key)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class DataFile:
    """A TOML file that could be parsed. `path` is how people are shown it."""

    path: Path
    text: str
    data: dict[str, Any]

    @cached_property
    def lines(self) -> dict[KeyPath, int]:
        """The line of each key, worked out when it is first asked for."""
        return key_lines(self.text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a file and the way to it."""

    file: DataFile
    path: KeyPath = ()

    def below(self, *parts: str | int) -> Place:
        """The place of something inside the value that stands here."""
        return Place(self.file, (*self.path, *parts))

    @property
    def line(self) -> int:
        """The line of the value, or of the nearest table around it that is written down."""
        lines = self.file.lines
        ways = (self.path[:size] for size in range(len(self.path), 0, -1))
        return next((lines[way] for way in ways if way in lines), 1)

    def problem(self, message: str) -> Problem:
        """A problem with what stands here."""
        return Problem(self.file.path, self.line, dotted(self.path), message)

    def __str__(self) -> str:
        return f"{self.file.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is replaced whole: text, number, date, or a list of such."""

    value: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Rows:
    """An array of tables."""

    tables: list[Table]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its entries, in the order of the file."""

    place: Place
    entries: dict[str, Leaf | Rows | Table] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """The plain value of a leaf, or None."""
        entry = self.entries.get(key)
        return entry.value if isinstance(entry, Leaf) else None

    def place_of(self, key: str) -> Place:
        """Where an entry stands, or would stand."""
        entry = self.entries.get(key)
        return entry.place if entry else self.place.below(key)


def dotted(path: Iterable[str | int]) -> str:
    """A way to a value as people write it.

    >>> dotted(("feeds", 0, "url")), dotted(("name", "a b"))
    ('feeds.0.url', 'name."a b"')
    """
    parts = (str(part) for part in path)
    return ".".join(part if _PLAIN_KEY.fullmatch(part) else f'"{part}"' for part in parts)


def read_toml(path: Path, shown: Path) -> DataFile | Problem:
    """Read one file, or say why it cannot be read (the first syntax error only)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return Problem(shown, None, "", f"is larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        return Problem(shown, None, "", f"cannot be read: {error.strerror}")
    try:
        text = raw.decode("utf-8-sig")  # some editors put a mark before the first line
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem(shown, line, "", "is not UTF-8 text; save the file as UTF-8")
    return _parsed(text, shown)


def _parsed(text: str, shown: Path) -> DataFile | Problem:
    try:
        return DataFile(shown, text, tomllib.loads(text))
    except RecursionError:
        return Problem(shown, None, "", "holds brackets in brackets without end")
    except ValueError as error:  # TOMLDecodeError is one; so is a number of 5,000 digits
        return _syntax_problem(str(error), text, shown)


def _syntax_problem(message: str, text: str, shown: Path) -> Problem:
    at = _AT_LINE.search(message)
    lines = text.splitlines() or [""]
    number = int(at[1]) if at else len(lines)
    line = lines[min(number, len(lines)) - 1]
    key = line.partition("=")[0].strip() if "=" in line else ""
    reason = _AT_LINE.sub("", message).replace(" (at end of document)", " at the end of the file")
    return Problem(shown, number, key, f"is not valid TOML: {reason}")


def tree(file: DataFile) -> Table:
    """The tree of a file, in which each part knows its place."""
    return _table(file.data, Place(file))


def _table(data: Mapping[str, Any], place: Place) -> Table:
    return Table(place, {key: _node(value, place.below(key)) for key, value in data.items()})


def _node(value: Any, place: Place) -> Leaf | Rows | Table:
    if isinstance(value, dict):
        return _table(value, place)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        tables = [_table(item, place.below(number)) for number, item in enumerate(value)]
        return Rows(tables, place)
    return Leaf(value, place)


def plain(node: Leaf | Rows | Table) -> Any:
    """The plain value of a part of a tree."""
    if isinstance(node, Table):
        return {key: plain(entry) for key, entry in node.entries.items()}
    if isinstance(node, Rows):
        return [plain(table) for table in node.tables]
    return node.value


def leaves(node: Leaf | Rows | Table, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Leaf]]:
    """Every value of a tree with the way to it, in the order of the files."""
    if isinstance(node, Leaf):
        yield path, node
    elif isinstance(node, Table):
        for key, entry in node.entries.items():
            yield from leaves(entry, (*path, key))
    else:
        for number, table in enumerate(node.tables):
            yield from leaves(table, (*path, number))


def identity(row: Table) -> str | None:
    """What tells one row of an array of tables from the others: its id, url or text."""
    found = (row.value(key) for key in ("id", "url", "text"))
    return next((value for value in found if isinstance(value, str)), None)


def overlaid(base: Table, over: Table) -> Table:
    """One tree laid over another: tables merge by key, rows by identity, all else is replaced.

    A row with `suppress = true` takes the row of the same identity away.
    """
    entries = dict(base.entries)
    for key, new in over.entries.items():
        old = entries.get(key)
        if isinstance(old, Table) and isinstance(new, Table):
            entries[key] = overlaid(old, new)
        elif isinstance(old, Rows) and isinstance(new, Rows):
            entries[key] = _overlaid_rows(old, new)
        else:
            entries[key] = new
    return Table(base.place, entries)


def _overlaid_rows(base: Rows, over: Rows) -> Rows:
    changes = {identity(row): row for row in over.tables}
    known = {identity(row) for row in base.tables} - {None}
    kept = (
        overlaid(row, changes[identity(row)]) if identity(row) in changes else row
        for row in base.tables
    )
    added = (row for row in over.tables if identity(row) not in known)
    return Rows([*kept, *added], base.place)


def without_suppressed(table: Table) -> Table:
    """The tree without the rows that say `suppress = true`."""
    entries = {
        key: Rows([row for row in entry.tables if row.value("suppress") is not True], entry.place)
        if isinstance(entry, Rows)
        else entry
        for key, entry in table.entries.items()
    }
    return Table(table.place, entries)


def repeated_rows(table: Table) -> list[Problem]:
    """A problem for each row that has the identity of an earlier one of the same array."""
    problems = []
    for entry in table.entries.values():
        seen: dict[str, Place] = {}
        for row in entry.tables if isinstance(entry, Rows) else []:
            name = identity(row)
            if name is not None and name in seen:
                problems.append(row.place.problem(f"{name} stands here twice (see {seen[name]})"))
            elif name is not None:
                seen[name] = row.place
    return problems


def changes_nothing(base: Table, change: Table, keys: Iterable[str]) -> tuple[Table, list[Problem]]:
    """The change without rows that suppress or switch what `base` has not; a problem for each."""
    problems: list[Problem] = []
    entries = dict(change.entries)
    for key in keys:
        wrong = {id(row): place for row, place in _switches_of_nothing(base, change, key)}
        problems += [
            place.problem("changes something that does not exist here") for place in wrong.values()
        ]
        kept = [row for row in rows_of(change, key) if id(row) not in wrong]
        if wrong:
            entries[key] = Rows(kept, change.place_of(key))
    return Table(change.place, entries), problems


def rows_of(table: Table | None, key: str) -> list[Table]:
    """The rows of an array of tables; none where there is no such array."""
    entry = table.entries.get(key) if table else None
    return entry.tables if isinstance(entry, Rows) else []


def _switches_of_nothing(base: Table, change: Table, key: str) -> Iterator[tuple[Table, Place]]:
    known = {identity(row) for row in rows_of(base, key)}
    for row in rows_of(change, key):
        if identity(row) is None or identity(row) in known:
            continue
        if "suppress" in row.entries:
            yield row, row.place_of("suppress")
        elif "enabled" in row.entries and "grade" not in row.entries:
            yield row, row.place_of("enabled")


def checked(model: type[Model], table: Table) -> tuple[Model | None, list[Problem]]:
    """The record that a tree describes, or everything that is wrong with it."""
    try:
        return model.model_validate(plain(table)), []
    except ValidationError as wrong:
        return None, [_problem(model, table, error) for error in wrong.errors(include_url=False)]


def _problem(model: type[BaseModel], table: Table, error: ErrorDetails) -> Problem:
    way = tuple(part for part in error["loc"] if part != "[key]")
    return _place(table, way).problem(sentence(model, error))


def _place(node: Leaf | Rows | Table, way: KeyPath) -> Place:
    """Where the value at `way` stands: in the file that it came from, whatever lies over it."""
    if not way:
        return node.place
    first, *rest = way
    if isinstance(node, Table) and first in node.entries:
        return _place(node.entries[str(first)], tuple(rest))
    if isinstance(node, Rows) and isinstance(first, int):
        return _place(node.tables[first], tuple(rest))
    return node.place.below(*way)
