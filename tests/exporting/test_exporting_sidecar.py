"""What stands beside an export is true, and the export is the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.desk.questions import Question
from storage.errors import SearchError
from storage.exporting import writing
from storage.exporting.cells import Beside
from storage.exporting.columns import KINDS, Kind
from storage.exporting.orders import FORMATS, Export, Format
from storage.exporting.rows import Row, rows
from storage.exporting.writing import asked, stream_rows, write_export, write_rows, write_zip


def about(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"{file}.about.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_side_car_is_true(archive: Database, tmp_path: Path, kind: Kind) -> None:
    file = tmp_path / "export.csv"

    written = write_export(archive, Export(kind), Question(), file)

    said = about(file)
    raw = file.read_bytes()
    table = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
    assert said["sha256"] == hashlib.sha256(raw).hexdigest() == written.sha256
    assert (said["bytes"], said["rows"]) == (len(raw), len(table)) == (written.bytes, written.rows)
    assert (said["file"], said["kind"], said["format"]) == ("export.csv", kind, "csv")
    names = raw.decode().splitlines()[0].replace('"', "").split(",")
    assert [column["name"] for column in said["columns"]] == names
    assert all(column[language] for column in said["columns"] for language in ("en", "fr", "ar"))


def test_it_says_what_was_asked_whom_and_when_nobody_looked(
    archive: Database, tmp_path: Path
) -> None:
    question = Question.of(
        {"q": ["conseil"], "outlet": ["ma_depeche"], "after": ["2026-04-01"],
         "before": ["2026-06-01"]}
    )  # fmt: skip

    write_export(archive, Export("articles"), question, tmp_path / "a.csv")

    said = about(tmp_path / "a.csv")
    assert said["question"] == [
        ["after", "2026-04-01"], ["before", "2026-06-01"], ["outlet", "ma_depeche"],
        ["q", "conseil"],
    ]  # fmt: skip
    figures = said["coverage_figures"]
    assert (figures["outlets"], figures["first"], figures["last"]) == (
        ["ma_depeche"], "2026-04-01", "2026-05-31",
    )  # fmt: skip
    watched = archive.coverage("conseil", filters=question.filters)
    assert (figures["blind_days"], figures["share"]) == (watched.blind_days, watched.share)
    assert (figures["completeness"], len(figures["spells"])) == ("partial", 1)
    assert said["coverage"][0].startswith("Coverage 1 April – 31 May 2026: partial.")
    found = archive.count("conseil", filters=question.filters)
    assert said["articles_found"] == said["rows"] == found > 0
    assert said["software"].startswith("marsad ") and said["watchlists"]["actors"] == 4
    assert said["written_at"].endswith("Z") and said["snapshot"] is None
    assert "pseudonyms" in said["privacy"]["persons"] and said["privacy"]["full_text"] is False


def test_a_redacted_export_says_what_it_does_not_see(archive: Database, tmp_path: Path) -> None:
    write_export(archive, Export("articles", redact=True), Question(), tmp_path / "a.csv")

    told = about(tmp_path / "a.csv")["privacy"]
    assert "redacted" in told["persons"]
    assert any("whom no watchlist" in line for line in told["not_seen"])


def test_only_the_export_its_side_car_and_long_texts_are_left(
    archive: Database, tmp_path: Path
) -> None:
    archive.execute("UPDATE article_texts SET text = ? WHERE article_id = 2", ("كلمة " * 9000,))

    write_export(
        archive, Export("articles", "xlsx", with_text=True), Question(), tmp_path / "a.xlsx"
    )

    names = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert names == ["a.xlsx", "a.xlsx.about.json", "a.xlsx.texts.jsonl"]
    (line,) = (tmp_path / "a.xlsx.texts.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["text"] == "كلمة " * 9000
    assert about(tmp_path / "a.xlsx")["texts_beside"] == 1
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir() if path.is_file())


def test_a_question_that_cannot_be_understood_leaves_the_earlier_file_alone(
    archive: Database, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("kept")

    with pytest.raises(SearchError):
        write_export(archive, Export(), Question("("), tmp_path / "a.csv")

    assert (tmp_path / "a.csv").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.csv"]


def test_an_export_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[Row]:
        yield dict.fromkeys((one.name for one in Export().columns), None)
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError):
        write_rows(broken(), Export(), tmp_path / "a.csv", {})

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_database_gives_the_same_bytes(
    archive: Database, tmp_path: Path, format: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    hashes = set()
    for year in (2026, 2027):
        at = datetime(year, 11, 30, tzinfo=UTC)
        monkeypatch.setattr("storage.exporting.sidecar.utc_now", lambda at=at: at)
        export = Export("articles", format, with_persons=True)
        hashes.add(write_export(archive, export, Question(), tmp_path / str(year)).sha256)
        archive.execute("VACUUM")

    assert len(hashes) == 1


def test_a_zip_holds_the_same_file_its_side_car_and_its_texts(
    archive: Database, tmp_path: Path
) -> None:
    archive.execute("UPDATE article_texts SET text = ? WHERE article_id = 2", ("كلمة " * 9000,))
    export, out = Export("articles", excel="ar", with_text=True), io.BytesIO()
    written = write_export(archive, export, Question(), tmp_path / "articles.csv")

    known, found = asked(archive, export, Question())
    write_zip(found, export, out, known)

    with zipfile.ZipFile(out) as pack:
        assert pack.testzip() is None
        assert pack.namelist() == [
            "articles.csv", "articles.csv.texts.jsonl", "articles.csv.about.json",
        ]  # fmt: skip
        assert pack.read("articles.csv") == (tmp_path / "articles.csv").read_bytes()
        assert json.loads(pack.read("articles.csv.about.json"))["sha256"] == written.sha256


@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl", "csl"])
def test_memory_does_not_grow_with_the_rows(archive: Database, format: Format) -> None:
    """Ten times the rows may not need a tenth more memory."""
    some = list(rows(archive, "articles"))

    class Nowhere:
        def write(self, piece: bytes) -> None: ...

    def peak(number: int) -> int:
        many = ({**some[n % len(some)], "headline": f"{n} {'x' * 400}"} for n in range(number))
        tracemalloc.start()
        with Beside() as beside:
            written = stream_rows(many, Export("articles", format), Nowhere(), {}, beside)
        assert written.rows == number
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # what is imported and remembered once
    assert peak(2_000) < peak(200) + 200_000


def test_sheets_that_are_full_are_followed_by_another_one(
    archive: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setattr("storage.exporting.xlsx_file.MOST_ROWS", 100)
    out = io.BytesIO()
    export = Export("articles", "xlsx")
    known, found = writing.asked(archive, export, Question())
    with Beside() as beside:
        stream_rows(found, export, out, known, beside)

    book = openpyxl.load_workbook(out)
    assert book.sheetnames[:3] == ["articles", "articles 2", "articles 3"]
    numbers = [row[0] for name in book.sheetnames[:3]
               for row in book[name].iter_rows(min_row=2, values_only=True)]  # fmt: skip
    assert numbers == [str(row["article_id"]) for row in rows(archive, "articles")]
