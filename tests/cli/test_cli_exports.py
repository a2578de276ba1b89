"""`marsad export` and `marsad pseudonyms`: what is written, what is told, what is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from asking import said
from click.testing import Result
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.exporting.redaction import KEY_FILE

PERSON, NAME = "iq_salim", "سليم النموذجي"


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Iterator[Workspace]:
    workspace = create_workspace(tmp_path / "w", WorkspaceSettings(contact="desk@marsad.test"))
    shutil.copy(built, workspace.database)
    yield workspace


def ask(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "-w", str(place.root)])


def table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_file_has_its_description_beside_it(place: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"

    result = ask(place, "export", "articles", "--country", "iq", "-o", str(file))

    assert (result.exit_code, result.stdout) == (0, "")
    told = json.loads((tmp_path / "articles.csv.about.json").read_text("utf-8"))
    rows = table(file.read_text("utf-8"))
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert told["rows"] == len(rows) > 0
    assert told["question"] == [["country", "iq"]]
    assert f"{len(rows)} rows written to {file}" in said(result)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_question_of_a_search_page_gives_the_same_rows(place: Workspace) -> None:
    address = "http://127.0.0.1:8001/search?q=conseil&outlet=ma_depeche&after=2026-01-01&lang=ar"

    asked = ask(place, "export", "articles", "--question", address)
    spelled = ask(place, "export", "articles", "--search", "conseil", "--outlet", "ma_depeche",
                  "--after", "2026-01-01")  # fmt: skip

    assert asked.exit_code == 0
    assert asked.stdout == spelled.stdout
    assert {row["outlet_id"] for row in table(asked.stdout)} == {"ma_depeche"}


def test_persons_are_named_only_when_asked_for(place: Workspace) -> None:
    hidden = ask(place, "export", "mentions").stdout
    named = ask(place, "export", "mentions", "--with-persons").stdout
    redacted = ask(place, "export", "articles", "--redact", "--with-text").stdout

    (pseudonym,) = {row["actor_id"] for row in table(hidden) if row["actor_kind"] == "person"}
    assert pseudonym.startswith("person-")
    assert {row["actor"] for row in table(named) if row["actor_id"] == PERSON} == {NAME}
    assert NAME not in redacted and pseudonym in redacted


def test_the_list_of_pseudonyms_tells_who_is_meant(place: Workspace, tmp_path: Path) -> None:
    hidden = ask(place, "export", "mentions").stdout
    file = tmp_path / "list.csv"

    shown, written = ask(place, "pseudonyms"), ask(place, "pseudonyms", "-o", str(file))

    listed = {row["pseudonym"]: row["actor"] for row in table(shown.stdout)}
    persons = {row["actor_id"] for row in table(hidden) if row["actor_kind"] == "person"}
    assert {listed[one] for one in persons} == {NAME}
    assert written.exit_code == 0 and table(file.read_text("utf-8")) == table(shown.stdout)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((place.root / KEY_FILE).stat().st_mode) == 0o600


def test_a_workbook_holds_rows_description_and_columns(place: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "attention.xlsx"

    assert ask(place, "export", "attention", "--format", "xlsx", "-o", str(file)).exit_code == 0

    book = openpyxl.load_workbook(file, read_only=True)
    plain = table(ask(place, "export", "attention").stdout)
    assert book.sheetnames == ["attention", "about", "columns"]
    assert len(list(book["attention"].iter_rows())) == len(plain) + 1


def test_a_csv_for_french_excel(place: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "attention.csv"

    result = ask(place, "export", "attention", "--excel", "fr", "-o", str(file))

    assert result.exit_code == 0
    rows = table(file.read_text("utf-8-sig"), ";")
    assert all("." not in row["ratio"] for row in rows)
    assert any("," in row["ratio"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["mentions", "--format", "ris"], "of articles only"),
        (["articles", "--format", "xlsx"], "needs a file: -o articles.xlsx"),
        (["articles", "--excel", "ar"], "needs a file"),
        (["articles", "--format", "xlsx", "--excel", "ar", "-o", "x"], "is for CSV"),
        (["articles", "--redact", "--with-persons"], "choose one"),
        (["articles", "--outlet", "nobody"], 'knows no outlet "nobody"'),
        (["articles", "--search", "("], "("),
        (["coverage", "--after", "1995-01-01"], "at most 3660 days"),
        (["articles", "-o", "/nowhere/at/all.csv"], "cannot be written"),
    ],
)
def test_wrong_use_is_told_in_words(place: Workspace, arguments: list[str], complaint: str) -> None:
    result = ask(place, "export", *arguments)

    assert result.exit_code in (1, 2)
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr
