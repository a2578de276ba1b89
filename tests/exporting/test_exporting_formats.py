"""What is written comes back: every text, in every format, read by other people's libraries."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import bibtexparser
import openpyxl
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from storage.exporting.bibliography import LATEX
from storage.exporting.cells import Beside, fits
from storage.exporting.columns import columns
from storage.exporting.orders import Excel, Export, Format
from storage.exporting.rows import Row
from storage.exporting.writing import stream_rows
from storage.formulas import restore

NASTY = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1＋1", "\u00a0=1", "|calc", "%0A=1",
    '=HYPERLINK("http://away.test","here")', "=cmd|' /C calc'!A0", "'=1+1", "''", "'quoted'",
    'a;b,"c"\r\n=1+1\td', "3-4", "1/2", "3 mars", "007", "1e5", "12,5", "٣-٤", "TRUE", "_x0041_",
    "حقوق الإنسان في 12/03/2026، بنسبة 45%", "\u202eevil\u202c", "می\u200cخواهم", "a\u2028b",
    "<b>&amp;</b>", "]]>", "{", "}", "{{\\}", "\\textbf{x}", "ER  - ", "@article{x,", "ok\nTY  - x",
    "e\u0301", "👩\u200d👩\u200d👧", "\U0001f1f2\U0001f1e6", "\ufeff", "\x7f", "\x85", "x" * 300,
)  # fmt: skip
TEXTS = st.text() | st.sampled_from(NASTY)
NAMED = {column.name: column for column in columns("articles", text=True)}


def row(**changes: object) -> Row:
    """A row of articles in which nothing is known but what is said."""
    empty = {"count": 0, "flag": False}
    plain: Row = {name: empty.get(column.type) for name, column in NAMED.items()}
    return {**plain, "article_id": "1", "outlet_id": "o", "language": "ar", **changes}


def written(format: Format, *rows: Row, excel: Excel | None = None) -> tuple[bytes, list[Any]]:
    """The bytes of a file, and the texts that stand beside it."""
    out = io.BytesIO()
    export = Export("articles", format, excel, with_text=format not in ("ris", "bibtex", "csl"))
    with Beside() as beside:
        stream_rows(rows, export, out, {}, beside)
        return out.getvalue(), [json.loads(line) for line in beside.lines()]


@pytest.mark.parametrize(
    ("excel", "separator"), [(None, ","), ("en", ","), ("fr", ";"), ("ar", ";")]
)
@settings(max_examples=60, deadline=None)
@given(headline=TEXTS, text=TEXTS)
def test_csv(excel: Excel | None, separator: str, headline: str, text: str) -> None:
    raw, beside = written("csv", row(headline=headline, text=text), excel=excel)

    (found,) = csv.DictReader(
        io.StringIO(raw.decode("utf-8-sig" if excel else "utf-8"), newline=""), delimiter=separator
    )
    whole = {one["column"]: one["text"] for one in beside}
    assert raw.startswith(b"\xef\xbb\xbf") is (excel is not None)
    for name, said in (("headline", headline), ("text", text)):
        assert whole.get(name, restore(found[name])) == said
        assert not found[name].lstrip().startswith(("=", "+", "-", "@"))
        assert (name in found.get("text_is_beside", "")) is (name in whole)


@settings(max_examples=60, deadline=None)
@given(headline=TEXTS, text=TEXTS)
def test_xlsx(headline: str, text: str) -> None:
    raw, beside = written("xlsx", row(headline=headline, text=text))

    sheet = openpyxl.load_workbook(io.BytesIO(raw))["articles"]
    names = [cell.value for cell in sheet[1]]
    whole = {one["column"]: one["text"] for one in beside}
    for name, said in (("headline", headline), ("text", text)):
        cell = sheet.cell(2, names.index(name) + 1)
        assert cell.data_type in ("s", "inlineStr", "n")
        assert (cell.data_type == "n") is (said == "")
        found = unescape((cell.value or "").replace("_x000D_", "\r"))
        assert whole.get(name, found) == said


@settings(max_examples=60, deadline=None)
@given(headline=TEXTS, text=TEXTS, labels=st.lists(TEXTS))
def test_json_lines(headline: str, text: str, labels: list[str]) -> None:
    raw, _ = written("jsonl", row(headline=headline, text=text, credit=None))

    (line,) = raw.decode().removesuffix("\n").split("\n")
    found = json.loads(line)
    assert (found["headline"], found["text"], found["credit"]) == (headline, text, None)


@settings(max_examples=40, deadline=None)
@given(headline=TEXTS, text=TEXTS)
def test_parquet(headline: str, text: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    moment, day = "2026-11-22T22:30:00Z", "2026-11-23"
    raw, _ = written("parquet", row(headline=headline, text=text, words=7, text_kept=True,
                                    published_at_utc=moment, published_day=day))  # fmt: skip

    (found,) = parquet.read_table(io.BytesIO(raw)).to_pylist()
    assert (found["headline"], found["text"], found["words"]) == (headline, text, 7)
    assert (found["text_kept"], found["article_id"], found["credit"]) == (True, "1", None)
    assert found["published_at_utc"].isoformat() == "2026-11-22T22:30:00+00:00"
    assert found["published_day"].isoformat() == day


def _one_line(text: str) -> str:
    return " ".join(text.split())


REFERENCE = {
    "outlet": "مرسى المثال",
    "url": "https://marsa.test/a/1?x={1}",
    "published_day": "2026-11-23",
    "fetched_at_utc": "2026-11-24T21:00:00Z",
}


@settings(max_examples=60, deadline=None)
@given(headline=TEXTS, byline=TEXTS)
def test_ris(headline: str, byline: str) -> None:
    one = row(headline=headline, byline=byline, **REFERENCE)
    raw, _ = written("ris", one, {**one, "headline": "after"})

    first, second = rispy.loads(raw.decode())
    assert first.get("title", "") == _one_line(headline)
    assert first.get("authors", [""]) == [_one_line(byline)]
    assert (first["type_of_reference"], first["date"]) == ("NEWS", "2026/11/23")
    assert first["secondary_title"] == REFERENCE["outlet"]
    assert second["title"] == "after"


@settings(max_examples=60, deadline=None)
@given(headline=TEXTS)
def test_bibtex(headline: str) -> None:
    one = row(headline=headline, **REFERENCE)
    raw, _ = written("bibtex", one, {**one, "article_id": "2", "headline": "after"})

    library = bibtexparser.parse_string(raw.decode())
    assert not library.failed_blocks
    first, second = library.entries
    title = first.fields_dict["title"].value if "title" in first.fields_dict else "{}"
    title = title[1:-1]
    for sign, command in sorted(LATEX.items(), key=lambda pair: pair[0] == "\\"):
        title = title.replace(command, sign)
    assert title == _one_line(headline)
    assert first.fields_dict["url"].value == "https://marsa.test/a/1?x=%7B1%7D"
    assert second.fields_dict["title"].value == "{after}"


@settings(max_examples=60, deadline=None)
@given(headline=TEXTS, byline=TEXTS)
def test_csl_json(headline: str, byline: str) -> None:
    one = row(headline=headline, byline=byline, **REFERENCE)
    raw, _ = written("csl", one, {**one, "headline": "after"})

    first, second = json.loads(raw)
    assert first.get("title", "") == _one_line(headline)
    assert first.get("author", [{"literal": ""}]) == [{"literal": _one_line(byline)}]
    assert first["issued"] == {"date-parts": [[2026, 11, 23]]}
    assert second["title"] == "after"


@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl", "parquet", "ris", "bibtex", "csl"])
def test_an_export_without_rows_is_a_file_all_the_same(format: Format) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    raw, _ = written(format)

    assert format in ("jsonl", "ris", "bibtex") or raw
    assert format != "csl" or json.loads(raw) == []


@pytest.mark.parametrize(("excel", "figure"), [("fr", "0,25"), ("en", "0.25"), ("ar", "0.25")])
def test_figures_are_written_as_that_excel_reads_them(excel: Excel, figure: str) -> None:
    export, out = Export("attention", excel=excel), io.BytesIO()
    one: Row = dict.fromkeys((column.name for column in export.columns), None)
    with Beside() as beside:
        stream_rows([{**one, "ratio": 0.25}], export, out, {}, beside)

    assert f'"{figure}"' in out.getvalue().decode("utf-8-sig").splitlines()[1]


@pytest.mark.parametrize("text", ["3-4", "1/2", "3 mars", "007", "12.5", "1e5"])
def test_excel_does_not_take_a_headline_for_a_day_or_a_number(text: str) -> None:
    for_excel, _ = written("csv", row(headline=text), excel="fr")
    for_programs, _ = written("csv", row(headline=text))

    assert f'"\'{text}"' in for_excel.decode("utf-8-sig")
    assert f'"{text}"' in for_programs.decode()


def test_ids_are_texts_and_figures_are_figures_in_a_workbook() -> None:
    raw, _ = written("xlsx", row(article_id="0017", words=7))

    sheet = openpyxl.load_workbook(io.BytesIO(raw))["articles"]
    found = dict(zip((cell.value for cell in sheet[1]), sheet[2], strict=True))
    assert (found["article_id"].value, found["article_id"].number_format) == ("0017", "@")
    assert (found["words"].value, found["words"].data_type) == (7, "n")


def test_a_workbook_says_what_it_is_and_what_its_columns_mean() -> None:
    raw, _ = written("xlsx", row())

    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["articles", "about", "columns"]
    meanings = list(book["columns"].iter_rows(values_only=True))
    assert meanings[0] == ("column", "type", "unit", "en", "fr", "ar")
    assert [line[0] for line in meanings[1:]][-2:] == ["text", "text_is_beside"]
    assert ("rows", 1) in list(book["about"].iter_rows(values_only=True))


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=50).map(lambda piece: piece * 1500) | st.text("\x01\x1f\ufffe ا"))
def test_what_does_not_fit_into_a_cell_stands_whole_beside_it(text: str) -> None:
    raw, beside = written("xlsx", row(text="whole"), row(article_id="2", text=text))

    book = openpyxl.load_workbook(io.BytesIO(raw))
    _, _, last = book["articles"].iter_rows(values_only=True)
    assert fits(last[-2] or "")
    if fits(text):
        assert (beside, last[-1], "texts" in book.sheetnames) == ([], None, False)
        return
    assert beside == [{"row": 2, "key": {"article_id": "2"}, "column": "text", "text": text}]
    assert last[-1] == "text"
    pieces = list(book["texts"].iter_rows(values_only=True))[1:]
    assert json.loads("".join(str(piece[3]) for piece in pieces).replace("_x000D_", "\r")) == text


def test_lone_surrogates_are_kept_too() -> None:
    text = "before \ud800 after"

    for format, excel in (("xlsx", None), ("csv", "fr")):
        _, beside = written(format, row(headline=text), excel=excel)  # type: ignore[arg-type]  # of two pairs
        assert beside[0]["text"] == text
    raw, _ = written("jsonl", row(headline=text))
    assert json.loads(raw)["headline"] == text
