"""The fields of an actor and its forms as single cells of a spreadsheet, and what people type.

An empty cell is the usual value. A usual value is an empty cell, but where somebody spelled it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from crawler.sheetfiles import Cell
from crawler.watchlists import Form, WatchedActor

LANGUAGES = ("en", "ar", "fr", "ckb", "kmr")
"""Names in these have a column in every sheet."""
SEPARATOR = " | "
_CODES = frozenset({"countries", "themes"})
_IN_SMALL_LETTERS = frozenset({"kind", "mode", *_CODES})
_YES = frozenset("yes y true 1 x oui vrai نعم صواب صحيح بەڵێ erê ✓ ✔".split())
_NO = frozenset("no n false 0 non faux لا خطأ خاطئ نەخێر na".split())
_JOINERS = "\u200c\u200d"  # Kurdish is written with them: the only invisible marks that stay
_LOST = ("Cc", "Cs")  # no file can hold the halves of a character
_CODE_BREAK = re.compile(r"[\s,;|،؛]+")
_ITEM = re.compile(r"\\([\\|])|([|\n])|([^\\|\n]+|\\)")
TURNED = "was made {} by the spreadsheet; set the cell's format to Text and type it again"


@dataclass(frozen=True, slots=True)
class Field:
    """How a field of the record is written in a cell."""

    default: Any
    required: bool
    choices: tuple[str, ...]


def _field(info: FieldInfo) -> Field:
    if isinstance(info.default, bool):
        return Field(info.default, False, ("yes", "no"))
    choices = tuple(part for part in get_args(info.annotation) if isinstance(part, str))
    default = "" if info.is_required() else info.default
    return Field(default, info.is_required(), choices)


def _fields(model: type[BaseModel], without: set[str]) -> dict[str, Field]:
    """The fields of a record but for those that have columns of their own kind."""
    found = model.model_fields.items()
    return {name: _field(info) for name, info in found if name not in without}


ACTOR_FIELDS: Mapping[str, Field] = _fields(WatchedActor, {"id", "name", "forms"})
FORM_FIELDS: Mapping[str, Field] = _fields(Form, {"text"})


def cell_of(fields: Mapping[str, Field], name: str, value: Any) -> str:
    """The value of a field as it stands in a cell.

    >>> cell_of(ACTOR_FIELDS, "context", ("ماء", "a|b")), cell_of(FORM_FIELDS, "verified", True)
    ('ماء | a\\\\|b', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in _CODES:
        return ", ".join(value)
    if isinstance(value, tuple):
        return SEPARATOR.join(re.sub(r"([\\|])", r"\\\1", item) for item in value)
    return _note(str(value)) if name == "note" else str(value)


def cells_of(fields: Mapping[str, Field], record: BaseModel) -> dict[str, str]:
    """The cells of a record's fields; that of a usual value is filled only where it was said.

    >>> cells_of(FORM_FIELDS, Form(text="a b", mode="auto")).get("mode"), cells_of(
    ...     FORM_FIELDS, Form(text="a b")
    ... ).get("mode")
    ('auto', None)
    """
    said = ((name, getattr(record, name)) for name in fields if name in record.model_fields_set)
    cells = {name: cell_of(fields, name, value) for name, value in said}
    return {name: cell for name, cell in cells.items() if cell}


def value_in(fields: Mapping[str, Field], name: str, cell: Cell) -> Any:
    """The value that a cell gives a field; raises ValueError for one that it cannot mean."""
    field = fields[name]
    if cell.wrong:
        raise ValueError(cell.wrong)
    if isinstance(field.default, bool):
        return _switch(plain(cell.text).lower(), default=field.default)
    if cell.boolean:
        raise ValueError(TURNED.format(cell.text))
    text = _note(cell.text) if name == "note" else cell.text
    if not plain(text):
        return field.default
    if isinstance(field.default, tuple):
        return _codes(text) if name in _CODES else _items(text)
    if name == "note":
        return text
    return plain(text).lower() if name in _IN_SMALL_LETTERS else plain(text)


def plain(text: str) -> str:
    """A text on one line without the invisible marks and spaces that pasting brings along.

    >>> plain("\u200f ma_amdh\u00a0\u202c")
    'ma_amdh'
    """
    return "".join(map(_plain_char, text)).strip()


def _plain_char(char: str) -> str:
    kind = unicodedata.category(char)
    if kind[0] == "Z" or char in "\t\n\r":
        return " "
    return "" if kind in ("Cc", "Cf") and char not in _JOINERS else char


def _note(text: str) -> str:
    """A note may have several lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (char for char in lines if char in "\n\t" or unicodedata.category(char) not in _LOST)
    return "".join(kept).strip()


def _switch(text: str, *, default: bool) -> bool:
    if text and text not in _YES | _NO:
        raise ValueError(f'must be yes or no, but is "{text}"')
    return text in _YES if text else default


def _codes(text: str) -> tuple[str, ...]:
    """Codes may be parted by anything that people part words with."""
    return tuple(code for code in map(plain, _CODE_BREAK.split(text.lower())) if code)


def _items(text: str) -> tuple[str, ...]:
    """Texts parted by | or by line breaks; `\\|` is a stroke that belongs to a text."""
    items = [""]
    for escaped, end, piece in _ITEM.findall(text.replace("\r", "\n")):
        if end:
            items.append("")
        else:
            items[-1] += escaped or piece
    return tuple(item for item in map(plain, items) if item)
