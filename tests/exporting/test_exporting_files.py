"""Files of exports on the disk: whole or not at all, also where two commands write the same one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.exporting.columns import columns
from storage.exporting.orders import Export
from storage.exporting.rows import Row
from storage.exporting.writing import Written, write_rows

CSV = Export(kind="articles", format="csv")
EXCEL = Export(kind="articles", format="csv", excel="fr", with_text=True)
LONG = "ا" * 40_000
"""More than fits into a cell of Excel."""


def row(**said: object) -> Row:
    """A row of articles of which nothing is known but what is said."""
    plain = {one.name: 0 if one.type == "count" else None for one in columns("articles", text=True)}
    return {**plain, "article_id": "1", "outlet_id": "o", "language": "ar", **said}


def _are_of(target: Path, written: Written) -> bool:
    """Whether the file is the one of this export, and its side-car says so."""
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    about = json.loads(target.with_name(f"{target.name}.about.json").read_text("utf-8"))
    return bool(digest == written.sha256 == about["sha256"])


def test_two_exports_to_one_file_at_once_do_not_mix(tmp_path: Path) -> None:
    """The one that ends last has it, whole."""
    target, inner = tmp_path / "rows.csv", []

    def rows() -> Iterator[Row]:
        for number in range(5_000):
            if number == 4_000:
                inner.append(write_rows([row(headline="the other")] * 9_000, CSV, target, {}))
                assert _are_of(target, inner[0])
            yield row(headline="this one")

    written = write_rows(rows(), CSV, target, {})
    assert written.rows == 5_000 and _are_of(target, written)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv", "rows.csv.about.json"]


def test_one_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    written = write_rows([row()], CSV, target, {})

    def broken() -> Iterator[Row]:
        yield row(headline="another")
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        write_rows(broken(), CSV, target, {})
    assert _are_of(target, written)
    assert len(list(tmp_path.iterdir())) == 2


def test_texts_of_an_earlier_export_do_not_stay_beside_the_file(tmp_path: Path) -> None:
    """Whoever hands the new file on would hand on full texts that are none of it."""
    target = tmp_path / "rows.csv"
    write_rows([row(text=LONG)], EXCEL, target, {})
    assert len(list(tmp_path.iterdir())) == 3
    written = write_rows([row()], CSV, target, {})
    assert _are_of(target, written)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv", "rows.csv.about.json"]
