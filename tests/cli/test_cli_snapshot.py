"""`marsad snapshot`: freeze, look, take away, check, compare, cite; and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import kept
import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import Workspace
from storage.database import open_database


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of four articles, two of which say MARK."""
    place = kept.made(tmp_path_factory.mktemp("snapshot") / "watch")
    kept.night(
        place, [*kept.texts(0, 2), "Rain fell on the harbour. " * 9, "=SUM(1) and more " * 9]
    )
    return place.root


@pytest.fixture
def place(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    shutil.copytree(archive, tmp_path / "watch")
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path / "watch", kept.made(tmp_path / "other").settings)


def snapshot(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["snapshot", *arguments, "--workspace", str(place.root)])


def made(place: Workspace, name: str = "first", *arguments: str) -> Result:
    return snapshot(place, "create", name, "--why", "a test", "--as", "coding desk", *arguments)


def test_a_set_is_made_listed_shown_and_cited(place: Workspace) -> None:
    result = made(place, "first", "--query", "WORDS", "--country", "ma", "--after", "2026-01-01",
                  "--json")  # fmt: skip
    told = json.loads(result.stdout)

    assert result.exit_code == 0
    assert told["facts"]["rows"]["articles"] == 0  # they are undated
    assert made(place, "second", "--query", "WORDS").stdout.startswith("second: 2 articles frozen")
    digest = json.loads(snapshot(place, "list", "--json").stdout)[0]["digest"]
    assert [line.split()[0] for line in snapshot(place, "list").stdout.splitlines()] == [
        "name",
        "second",
        "first",
    ]
    shown = snapshot(place, "show", "second").stdout
    assert "asked: q=WORDS" in shown and digest in shown
    assert digest in snapshot(place, "cite", "second").stdout
    assert snapshot(place, "cite", "second", "--format", "bibtex").stdout.startswith("@misc{")
    csl = json.loads(snapshot(place, "cite", "second", "--format", "csl").stdout)
    assert csl[0]["type"] == "dataset"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "television"),
        ("fr", "la télévision"),
        ("ar", "التلفزيون"),
    ],
)
def test_methods_and_datasheet_say_what_is_not_seen(
    place: Workspace, language: str, words: str
) -> None:
    made(place)

    paragraph = snapshot(place, "methods", "first", "--language", language).stdout
    snapshot(place, "datasheet", "first", "--language", language, "-o", "sheet.md")

    sheet = Path("sheet.md").read_text(encoding="utf-8")
    assert words in paragraph and words in sheet
    assert sheet.count("\n## ") == 9
    assert Path("sheet.md").stat().st_mode & 0o777 == 0o600


def test_a_table_is_written_checked_and_a_flipped_byte_is_found(place: Workspace) -> None:
    made(place)

    assert snapshot(place, "export", "first", "articles", "--with-text").exit_code == 0
    file = Path("first-articles.csv")
    again = snapshot(place, "export", "first", "articles", "--with-text", "-o", "again.csv")
    assert Path("again.csv").read_bytes() == file.read_bytes()
    assert again.stderr.startswith("4 rows written to again.csv\n")
    assert snapshot(place, "verify", "first", str(file)).exit_code == 0

    content = bytearray(file.read_bytes())
    place_of_it = content.index(b"\n") + 40
    content[place_of_it] ^= 1
    file.write_bytes(content)

    result = snapshot(place, "verify", "first", str(file))
    assert result.exit_code == 3
    assert f"first-articles.csv: changed: byte {place_of_it} (line 2) is" in result.stdout


def test_every_kind_and_format_is_written(place: Workspace) -> None:
    made(place)
    kinds = ("mentions", "attention", "stories", "edits", "coverage", "gaps", "outlets")

    for kind in kinds:
        assert snapshot(place, "export", "first", kind, "--format", "xlsx").exit_code == 0
    for format in ("jsonl", "parquet", "ris", "bibtex", "csl"):
        assert snapshot(place, "export", "first", "articles", "--format", format).exit_code == 0
    files = [str(one) for one in Path().glob("first-*") if not one.name.endswith(".about.json")]
    assert len(files) == 12
    assert snapshot(place, "verify", "first", *files).exit_code == 0


def test_what_differs_from_the_archive_is_told(place: Workspace) -> None:
    made(place)
    kept.night(place, ["A text that came later. " * 9])
    with open_database(place.database) as db, db.write():
        db.execute("UPDATE articles SET headline = 'Another headline' WHERE id = 1")
    made(place, "second")

    for other in ("now", "second"):
        told = snapshot(place, "diff", "first", other).stdout
        assert "3 articles the same\n1 article added\n  5" in told
        assert "1 article changed\n  1  headline  Another headline" in told
    found = json.loads(snapshot(place, "diff", "first", "--json").stdout)
    assert found["changed"]["first"][0]["columns"] == ["headline"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "a b", "--why", "x", "--as", "y"), "is no name for a snapshot"),
        (("create", "Unions", "--why", "x", "--as", "y"), "is no name for a snapshot"),
        (("create", "a", "--why", "x"), "who makes it?"),
        (("create", "a", "--why", " ", "--as", "y"), "what it was made for"),
        (("create", "a", "--why", "x", "--as", "y", "--outlet", "nobody"), 'no outlet "nobody"'),
        (("create", "a", "--why", "x", "--as", "y", "-q", "("), "never closed"),
        (("show", "none"), 'there is no snapshot "none"'),
        (("verify", "none"), 'there is no snapshot "none"'),
        (("export", "none", "articles"), 'there is no snapshot "none"'),
        (("export", "none", "mentions", "--format", "ris"), "of articles only"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.delenv("MARSAD_JUDGE", raising=False)

    result = snapshot(place, *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_name_is_given_once(place: Workspace) -> None:
    made(place)

    result = made(place)

    assert result.exit_code == 2
    assert 'there is a snapshot "first" already' in result.stderr


def test_the_archive_s_verification_names_a_set_that_is_wrong(place: Workspace) -> None:
    made(place)
    with open_database(place.database) as db, db.write():
        db.execute("UPDATE snapshots SET who = 'somebody else'")

    result = CliRunner().invoke(app, ["verify", "--workspace", str(place.root)])

    assert result.exit_code == 3
    assert "1 snapshot: 1 wrong" in result.stdout
    assert "first: 1 wrong, first the whole: what is kept does not give" in result.stdout


def test_where_nothing_was_crawled_there_is_nothing_to_freeze(place: Workspace) -> None:
    place.database.unlink()

    result = made(place)

    assert result.exit_code == 2
    assert "nothing has been crawled" in result.stderr
    assert not place.database.exists()
