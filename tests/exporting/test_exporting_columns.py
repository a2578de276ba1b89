"""The data dictionary has a meaning for every column, in the three languages."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from storage import exporting
from storage.database import Database
from storage.exporting.columns import BESIDE, KEYS, KINDS, NAMES, TEXTS, Kind, columns
from storage.exporting.rows import Wanted, rows

FILE = Path(exporting.__path__[0]) / "columns.toml"


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_says_what_it_holds(kind: Kind) -> None:
    for column in columns(kind, text=True, beside=True):
        assert all((column.en, column.fr, column.ar)), column.name
        assert any("\u0620" <= letter <= "\u064a" for letter in column.ar), column.name
        assert column.en.endswith(".") and column.fr.endswith(".") and column.ar.endswith(".")


def test_the_dictionary_describes_nothing_that_is_in_no_export() -> None:
    used = {name for names in (*NAMES.values(), *TEXTS.values()) for name in names} | {BESIDE}

    assert {name.rpartition(".")[2] for name in tomllib.loads(FILE.read_text("utf-8"))} == used


@pytest.mark.parametrize("kind", KINDS)
def test_rows_hold_what_their_columns_say(archive: Database, kind: Kind) -> None:
    plain = {"id": str, "text": str, "count": int, "share": float, "flag": int, "time": str,
             "local": str, "day": str, "list": list, "counts": dict}  # fmt: skip
    text = kind in TEXTS

    for row in rows(archive, kind, wanted=Wanted(text=text)):
        described = columns(kind, text=text)
        assert list(row) == [column.name for column in described]
        for column in described:
            value = row[column.name]
            assert value is None or isinstance(value, plain[column.type]), (column.name, value)
            assert column.type != "flag" or value in (None, 0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_its_key_tells_each_row_from_all_others(archive: Database, kind: Kind) -> None:
    keys = [tuple(row[name] for name in KEYS[kind]) for row in rows(archive, kind)]

    if kind != "concordance":  # which may name an actor several times in one text
        assert len(set(keys)) == len(keys)
