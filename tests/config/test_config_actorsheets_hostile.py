"""Actors in spreadsheets: files that mean harm, are damaged, or hold anything at all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from config.actor_sheets import excel, take
from config.config_files import workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.actorrows import header
from crawler.actorsheets import SheetMistakes, actors_in
from crawler.sheetfiles import MAX_ROWS, Cell, Sheet, SheetUnreadable, read_sheet
from crawler.workspace import Workspace


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "bare")


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def with_sheet(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """A sound Excel file, the XML of its sheet changed."""
    excel(path, [["id", "kind", "name_en", "form"], ["ma_x", "cso", "X", "Some Form"]])
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    path.write_bytes(packed(parts))
    return path


def test_a_bomb_is_not_unpacked(empty: Workspace, tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "a.xlsx", lambda xml: xml + b" " * 200_000_000)
    assert path.stat().st_size < 1_000_000

    with pytest.raises(SheetUnreadable, match="unpacks to more than"):
        take(empty, path)


@pytest.mark.parametrize(
    "entity",
    [b'<!ENTITY e SYSTEM "file:///etc/passwd">', b'<!ENTITY a "aaaa"><!ENTITY e "&a;&a;&a;">'],
)
def test_entities_are_not_followed(empty: Workspace, tmp_path: Path, entity: bytes) -> None:
    path = with_sheet(
        tmp_path / "a.xlsx",
        lambda xml: b"<!DOCTYPE worksheet [" + entity + b"]>" + xml,
    )

    with pytest.raises(SheetUnreadable, match="cannot be read"):
        take(empty, path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", packed({"a.txt": b"hello"})])
def test_a_damaged_excel_file_is_told_in_words(
    empty: Workspace, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)

    with pytest.raises(SheetUnreadable, match="save it anew"):
        take(empty, tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "old Excel file, or has a password"),
        ("a.xlsx", b"id,kind\n", "is no Excel file"),
        ("a.csv", b'id,kind\n"ma_x,cso\n', "no sound CSV file: line"),
        ("a.csv", b"id\n" + b"ma_x\n" * (MAX_ROWS + 1), "more than 50,000 rows"),
        ("a.csv", b"id," + b"x," * 300, "more than 200 columns"),
        ("a.csv", b"id,kind\nma\0,cso\n", "NUL"),
    ],
)
def test_what_is_no_sheet_is_refused(
    empty: Workspace, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(SheetUnreadable, match=words):
        take(empty, tmp_path / name)


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_it_goes(
    empty: Workspace, tmp_path: Path
) -> None:
    path = with_sheet(
        tmp_path / "a.xlsx", lambda xml: xml.replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"')
    )

    assert take(empty, path) == ["ma_x"]


# ---------------------------------------------------------------- whatever stands in it


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(raw)

    with suppress(SheetUnreadable, SheetMistakes):
        actors_in(read_sheet(path, "actors"), {})


cells = st.text(max_size=8) | st.sampled_from(
    [
        "ma_x",
        "cso",
        "yes",
        "VRAI",
        "=1",
        "ar",
        "context",
        "ma, iq",
        "a | b",
        "\u202e",
        "\ud7ff",
        "ـ",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.lists(cells, max_size=8), max_size=5),
    columns=st.lists(st.sampled_from([*header([]), "name_es", "nmae_ar", ""]), max_size=8),
)
def test_any_cells_are_actors_or_mistakes_that_name_their_cell(
    rows: list[list[str]], columns: list[str]
) -> None:
    sheet = Sheet("s", [[Cell(text) for text in row] for row in [columns, *rows]])

    try:
        found = actors_in(sheet, {})
    except SheetMistakes as wrong:
        assert wrong.mistakes
        assert all(re.fullmatch(r"s![A-H][1-6]", mistake.cell) for mistake in wrong.mistakes)
    else:
        assert all(one.actor is not None for one in found)
