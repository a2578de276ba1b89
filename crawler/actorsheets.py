"""From the rows of a spreadsheet to actors, with every mistake told by its cell.

What is said of an actor itself may stand in any of its rows. An empty cell means the usual
value; a column that is not there says nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from crawler.actorcells import (
    ACTOR_FIELDS,
    FORM_FIELDS,
    LANGUAGES,
    TURNED,
    cell_of,
    plain,
    value_in,
)
from crawler.actorrows import FORM, NAME, header
from crawler.sentences import did_you_mean, sentence
from crawler.sheetfiles import EMPTY, Cell, Sheet, place_of
from crawler.watchlists import Form, WatchedActor

HEADER_WITHIN = 10
"""Filled rows from the top among which the header is looked for."""
Place = tuple[int, int]
"""Row and column of a cell, from 0."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong in a sheet, and the cell that it stands in."""

    cell: str
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.column}: {self.message}"


class SheetMistakes(Exception):
    """The sheet is wrong; holds every mistake in it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(slots=True)
class Written:
    """One actor as a sheet has it: its cells by column, and those of each of its forms."""

    id: str
    row: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    cells: dict[str, tuple[int, Cell]] = field(default_factory=dict)
    forms: list[tuple[int, dict[str, Cell]]] = field(default_factory=list)
    actor: WatchedActor | None = None

    def row_of(self, form: int | None, column: str) -> int:
        """The row in which a value stands, or would."""
        if form is not None and form < len(self.forms):
            return self.forms[form][0]
        return self.cells[column][0] if column in self.cells else self.row


def actors_in(sheet: Sheet, current: Mapping[str, WatchedActor]) -> list[Written]:
    """The actors of a sheet, in its order, checked. Raises SheetMistakes with all that is wrong.

    `current` are the actors as they are: what the sheet has no column for stays as it is there.
    """
    reading = _Reading(sheet, current)
    written = reading.actors()
    if reading.mistakes:
        raise SheetMistakes(reading.mistakes)
    return written


class _Reading:
    """One pass over a sheet: the header, the rows, the actors; mistakes are gathered."""

    def __init__(self, sheet: Sheet, current: Mapping[str, WatchedActor]) -> None:
        self.sheet, self.current = sheet, current
        self.wrong: dict[Place, Mistake] = {}
        self.columns: dict[str, int] = {}

    @property
    def mistakes(self) -> list[Mistake]:
        """From the top of the sheet to its bottom."""
        return [mistake for _, mistake in sorted(self.wrong.items())]

    def actors(self) -> list[Written]:
        rows = self.sheet.rows
        filled = [number for number, row in enumerate(rows) if not _blank(row)]
        titled = (number for number in filled[:HEADER_WITHIN] if _names_columns(rows[number]))
        first = next(titled, filled[0] if filled else None)
        if first is None:
            self._note((0, 0), "id", "the sheet is empty")
            return []
        self._read_header(first, rows[first])
        if "id" not in self.columns:
            self._note((first, 0), "id", "there is no column of this name")
            return []
        found = self._read_rows(first + 1)
        if not found and not self.wrong:
            self._note((first, 0), "id", "there is no actor below the header")
        for written in found:
            written.actor = self._checked(written)
        return found

    def _read_header(self, row: int, cells: Sequence[Cell]) -> None:
        known = header(self.current.values())
        for number, cell in enumerate(cells):
            name = _column(cell.text)
            if not name:
                if any(
                    len(line) > number and line[number].text.strip() for line in self.sheet.rows
                ):
                    self._note((row, number), "header", "is empty, and cells stand below it")
            elif name in self.columns:
                self._note((row, number), name, "stands in the header twice")
            elif name in known or (name.startswith(NAME) and len(name) > len(NAME)):
                self.columns[name] = number
            else:
                hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
                self._note((row, number), name, f"is not a known column{hint}")

    def _read_rows(self, first: int) -> list[Written]:
        found: dict[str, Written] = {}
        above = ""
        for number, row in enumerate(self.sheet.rows[first:], start=first):
            if _blank(row):
                above = ""
                continue
            cells = {name: self._cell(row, name) for name in self.columns}
            above = self._id_of(number, cells, above)
            if above:
                self._add(
                    found.setdefault(above, Written(above, number, self.columns)), number, cells
                )
        return list(found.values())

    def _cell(self, row: Sequence[Cell], name: str) -> Cell:
        place = self.columns[name]
        return row[place] if place < len(row) and row[place].text.strip() else EMPTY

    def _id_of(self, row: int, cells: Mapping[str, Cell], above: str) -> str:
        """A row of forms without an id (merged cells, perhaps) belongs to the actor above it."""
        cell = cells["id"]
        actor_id = plain(cell.text)
        if cell.wrong or cell.boolean:
            self._note_at(row, "id", cell.wrong or "is no id")
            return ""
        of_actor = any(cell.text for name, cell in cells.items() if not _is_of_form(name))
        if not actor_id and (of_actor or not above):
            self._note_at(row, "id", "is empty")
            return ""
        return actor_id or above

    def _add(self, written: Written, row: int, cells: Mapping[str, Cell]) -> None:
        for name, cell in cells.items():
            if name == "id" or _is_of_form(name) or not cell.text:
                continue
            at, before = written.cells.setdefault(name, (row, cell))
            if plain(before.text) != plain(cell.text):
                there = place_of(self.sheet.name, at, self.columns[name])
                said = f"is not what {there} says of the same actor; one of the two is enough"
                self._note_at(row, name, said)
        form = {name: cell for name, cell in cells.items() if _is_of_form(name)}
        if form.get("form", EMPTY).text:
            written.forms.append((row, form))
        elif any(cell.text for cell in form.values()):
            self._note_at(row, "form", "is empty, and the row says how it counts")

    # -------------------------------------------------------- one actor

    def _checked(self, written: Written) -> WatchedActor | None:
        """The actor as a record, or None where something is wrong with it."""
        known = self.current.get(written.id)
        data: dict[str, Any] = {"id": written.id, "name": self._names(written, known)}
        for name in ACTOR_FIELDS:
            row, cell = written.cells.get(name, (written.row, EMPTY))
            self._read_into(data, (ACTOR_FIELDS, name), (row, name, cell), known)
        if "form" in self.columns:
            data["forms"] = tuple(self._forms(written, known))
        elif known is not None:
            data["forms"] = known.forms
        try:
            return WatchedActor.model_validate(data)
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False):
                self._note_error(written, error)
            return None

    def _names(self, written: Written, known: WatchedActor | None) -> dict[str, str]:
        names = dict(known.name) if known else {}
        for column in self.columns:
            if column.startswith(NAME):
                row, cell = written.cells.get(column, (written.row, EMPTY))
                text = self._text(row, column, cell)
                if text:
                    names[column.removeprefix(NAME)] = text
                else:
                    names.pop(column.removeprefix(NAME), None)
        return names

    def _text(self, row: int, column: str, cell: Cell) -> str:
        if cell.wrong or cell.boolean:
            self._note_at(row, column, cell.wrong or TURNED.format(cell.text))
        return plain(cell.text)

    def _forms(self, written: Written, known: WatchedActor | None) -> list[dict[str, Any]]:
        twins = {form_key(form.text): form for form in (known.forms if known else ())}
        seen: dict[str, int] = {}
        forms = []
        for row, cells in written.forms:
            text = self._text(row, "form", cells["form"])
            first = seen.setdefault(form_key(text), row)
            if first != row:
                there = place_of(self.sheet.name, first, self.columns["form"])
                self._note_at(row, "form", f"stands here twice (see {there})")
            twin = twins.get(form_key(text))
            data: dict[str, Any] = {"text": twin.text if twin else text}
            for name in FORM_FIELDS:
                cell = cells.get(FORM + name, EMPTY)
                self._read_into(data, (FORM_FIELDS, name), (row, FORM + name, cell), twin)
            forms.append(data)
        return forms

    def _read_into(
        self,
        data: dict[str, Any],
        what: tuple[Mapping[str, Any], str],
        where: tuple[int, str, Cell],
        known: WatchedActor | Form | None,
    ) -> None:
        """Put a field's value into the data: the sheet's, or what is known where it has none."""
        (fields, name), (row, column, cell) = what, where
        if column not in self.columns:
            if known is not None and name in known.model_fields_set:
                data[name] = getattr(known, name)
            return
        try:
            value = value_in(fields, name, cell)
        except ValueError as wrong:
            self._note_at(row, column, str(wrong))
            return
        if known is not None and cell_of(fields, name, value) == cell_of(
            fields, name, getattr(known, name)
        ):
            value = getattr(known, name)  # a cell cannot show every invisible difference
        if plain(cell.text):
            data[name] = value

    # -------------------------------------------------------- mistakes

    def _note_error(self, written: Written, error: ErrorDetails) -> None:
        way = [part for part in error["loc"] if part != "[key]"]
        form = way[1] if len(way) > 1 and way[0] == "forms" and isinstance(way[1], int) else None
        column = _column_of(way)
        self._note_at(written.row_of(form, column), column, sentence(WatchedActor, error))

    def _note_at(self, row: int, column: str, message: str) -> None:
        self._note((row, self.columns.get(column, self.columns.get("id", 0))), column, message)

    def _note(self, place: Place, column: str, message: str) -> None:
        """The first thing that is wrong with a cell is enough."""
        self.wrong.setdefault(place, Mistake(place_of(self.sheet.name, *place), column, message))


def form_key(text: str) -> str:
    """What tells one form of an actor from another: the text, however its letters are composed."""
    return unicodedata.normalize("NFC", plain(text))


def _blank(row: Iterable[Cell]) -> bool:
    return not any(plain(cell.text) for cell in row)


def _names_columns(row: Iterable[Cell]) -> bool:
    """Whether a row is the header: people put titles and empty rows above it."""
    return any(_column(cell.text) == "id" for cell in row)


def _column(text: str) -> str:
    """The name of a column, however it was typed."""
    name, dash, region = "_".join(plain(text).split()).partition("-")
    return name.lower() + dash + region


def _is_of_form(column: str) -> bool:
    return column == "form" or column.startswith(FORM)


def _column_of(way: Sequence[str | int]) -> str:
    """The column in which the value at a place of the record stands.

    >>> _column_of(["forms", 2, "mode"]), _column_of(["name", "fr"]), _column_of(["countries", 0])
    ('form_mode', 'name_fr', 'countries')
    """
    if way[0] == "forms":
        return FORM + str(way[2]) if len(way) > 2 and way[2] != "text" else "form"
    if way[0] == "name":
        return NAME + (str(way[1]) if len(way) > 1 else LANGUAGES[0])
    return str(way[0])
