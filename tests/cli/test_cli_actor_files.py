"""Spreadsheets and new actors by command: what is shown, what is asked, what is saved."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from harness import ROOT
from openpyxl import load_workbook
from stored import Story, fill
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace, load_config

ADD = ["add", "ma_waha", "--kind", "cso", "--name", "Oasis Friends", "--country", "ma"]
SHEET = "id,kind,name_en,form,form_mode,context\n"
OASIS = "ma_waha,cso,Oasis Friends,Oasis Friends,,\n"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "w", WorkspaceSettings(contact="desk@example.org"))


@pytest.fixture
def archive(place: Workspace) -> Workspace:
    """A hundred stored articles, three of which name the oasis friends."""
    stories = [Story(f"Report {number} is about the garden and the river.") for number in range(97)]
    named = Story("The Oasis Friends met.", headline="Oasis Friends meet")
    alone = Story("The Oasis Friends met in town.")
    arabic = Story("في القرية قالت جمعية أصدقاء الواحة إن الماء قليل", language="ar")
    fill(place.database, [*stories, named, alone, arabic], [])
    return place


def run(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["actors", *arguments, "--workspace", str(place.root)])


def sheet(place: Workspace, text: str) -> str:
    path = place.root / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def saved(place: Workspace) -> str | None:
    path = place.watchlists_dir / "actors.toml"
    return path.read_text(encoding="utf-8") if path.exists() else None


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_imported_spreadsheet_exported_again_is_the_same(
    place: Workspace, tmp_path: Path, ending: str
) -> None:
    run(place, *ADD, "--form-context", "الواحة", "--context", "ماء", "--note", "=1+1", "--yes")
    first, again, bare = (tmp_path / f"{name}.{ending}" for name in ("a", "b", "c"))
    other = create_workspace(
        tmp_path / "other", WorkspaceSettings(contact="desk@example.org", shipped=False)
    )
    assert run(place, "export", str(first)).exit_code == 0

    same = run(place, "import", str(first), "--yes")
    moved = run(other, "import", str(first), "--yes")
    run(place, "export", str(again))
    run(other, "export", str(bare))

    assert "nothing to change" in same.stderr
    assert moved.exit_code == 0, moved.stderr
    assert cells(first) == cells(again) == cells(bare)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def cells(path: Path) -> object:
    if path.suffix == ".csv":
        return path.read_bytes()
    book = load_workbook(path)
    return [[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]


def test_an_export_may_be_narrowed(place: Workspace, tmp_path: Path) -> None:
    run(place, *ADD, "--yes")
    path = tmp_path / "a.csv"

    def ids(*options: str) -> set[str]:
        assert run(place, "export", str(path), *options).exit_code == 0
        lines = path.read_text(encoding="utf-8-sig").splitlines()[1:]
        return {line.split('"')[1] for line in lines}

    assert ids("--own") == {"ma_waha"}
    assert {one.split("_")[0] for one in ids("--country", "bh", "--kind", "cso")} == {"bh"}
    assert len(ids()) > 200


def test_an_export_says_what_it_cannot_write(place: Workspace, tmp_path: Path) -> None:
    assert ".xlsx or .csv" in run(place, "export", str(tmp_path / "a.txt")).stderr
    assert "no actor to export" in run(place, "export", str(tmp_path / "a.csv"), "--own").stderr
    assert not list(tmp_path.glob("a.*"))


def test_before_saving_it_shows_what_would_be_found(archive: Workspace) -> None:
    result = run(archive, *ADD, "--name-ar", "جمعية أصدقاء الواحة", "--dry-run")

    assert result.exit_code == 0
    assert "1 new, 0 changed" in result.stdout
    assert "in all of 100 stored articles:" in result.stdout
    assert "ma_waha  new       0         3         0  Oasis Friends" in result.stdout
    assert "    The [Oasis Friends] met in town." in result.stdout
    assert "\u2068[جمعية أصدقاء الواحة]\u2069" in result.stdout
    assert saved(archive) is None


def test_without_a_terminal_nothing_is_saved_unless_it_is_said(archive: Workspace) -> None:
    asked = run(archive, "import", sheet(archive, SHEET + OASIS))

    assert (asked.exit_code, saved(archive)) == (3, None)
    assert "3 articles" not in asked.stderr

    said = run(archive, "import", sheet(archive, SHEET + OASIS), "--yes")

    assert said.exit_code == 0
    assert 'id = "ma_waha"' in str(saved(archive))
    assert "marsad actors rematch" in said.stderr


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_a_person_is_asked(place: Workspace, answer: str) -> None:
    path = sheet(place, SHEET + OASIS)
    ours, theirs = pty.openpty()
    command = ["-m", "crawler.cli.main", "actors", "import", path, "-w", str(place.root)]
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.write(ours, f"{answer}\n".encode())
        _, errors = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert "Save? [y/N]" in errors
    assert (process.returncode, saved(place) is not None) == (0, answer == "y")


def test_a_large_archive_is_sampled_and_it_says_so(
    archive: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.engine.preview.SAMPLE", 20)

    result = run(archive, *ADD, "--form-exact", "garden", "--dry-run", "--json")
    printed = run(archive, *ADD, "--form-exact", "garden", "--dry-run")

    found = json.loads(result.stdout)["found"]
    assert (found["looked_at"], found["archive"]) == (20, 100)
    articles = [int(one["article_id"]) for one in found["examples"]]
    assert max(articles) - min(articles) > 50
    assert "in 20 of 100 stored articles, a sample spread evenly" in printed.stdout


def test_a_changed_actor_is_shown_beside_what_it_was(archive: Workspace) -> None:
    run(archive, "import", sheet(archive, SHEET + OASIS), "--yes")
    run(archive, "rematch")
    narrower = OASIS.replace("Oasis Friends,,", "Oasis Friends meet,,")

    result = run(archive, "import", sheet(archive, SHEET + narrower), "--dry-run")

    assert "0 new, 1 changed" in result.stdout
    assert "ma_waha  changed       2         1         0  Oasis Friends" in result.stdout


def test_without_an_archive_there_is_nothing_to_compare_with(place: Workspace) -> None:
    result = run(place, *ADD, "--dry-run")

    assert result.exit_code == 0
    assert "no article is stored yet: there is nothing to compare with" in result.stdout


def test_a_form_that_floods_the_archive_is_told(archive: Workspace) -> None:
    result = run(archive, *ADD, "--form-exact", "garden", "--dry-run")

    assert 'flood: "garden" of ma_waha stands in 97 articles (97.0%)' in result.stdout


def test_a_form_that_others_have_as_well_is_told(place: Workspace) -> None:
    both = "ma_a,cso,A,Twin Society,context,school\nma_b,cso,B,Twin  society,context,water\n"

    result = run(place, "import", sheet(place, SHEET + both), "--dry-run")

    assert result.exit_code == 0, result.stderr
    assert 'collision: "Twin Society" is a form of ma_a and ma_b' in result.stdout


def test_a_form_that_takes_the_place_of_anothers_is_told(archive: Workspace) -> None:
    run(archive, "import", sheet(archive, SHEET + OASIS), "--yes")

    result = run(
        archive, "add", "ma_x", "--kind", "cso", "--name", "Oasis Friends met", "--dry-run"
    )

    assert "loss: ma_waha would not count any more in 1 article:" in result.stdout


def test_json_says_the_same(archive: Workspace) -> None:
    result = run(archive, "import", sheet(archive, SHEET + OASIS), "--yes", "--json")

    said = json.loads(result.stdout)
    assert (said["new"], said["changed"], said["saved"]) == (["ma_waha"], [], True)
    assert said["found"]["articles"] == {"ma_waha": 2}
    assert said["found"]["looked_at"] == said["found"]["archive"] == 100
    assert {one["match"] for one in said["found"]["examples"]} == {"Oasis Friends"}


def test_mistakes_of_a_sheet_are_told_by_cell_and_nothing_is_saved(place: Workspace) -> None:
    wrong = OASIS.replace("cso", "csos") + "ma_x,cso,X,X Y,acronyme,\n"

    result = run(place, "import", sheet(place, SHEET + wrong), "--yes")

    assert result.exit_code == 2
    assert "sheet.csv!B2: kind: must be one of" in result.stderr
    assert "sheet.csv!E3: form_mode: must be one of auto, acronym" in result.stderr
    assert result.stderr.endswith("error: 2 mistakes; nothing was saved\n")
    assert (result.stdout, saved(place)) == ("", None)


def test_a_file_that_is_no_sheet_is_told(place: Workspace) -> None:
    result = run(place, "import", str(place.root / "nothing.xlsx"))

    assert result.exit_code == 2
    assert "cannot be read: No such file or directory; nothing was saved" in result.stderr


# ---------------------------------------------------------------- add


def test_add_writes_an_actor_whose_names_are_looked_for(place: Workspace) -> None:
    result = run(
        place, *ADD, "--name-ar", "أصدقاء الواحة", "--form", "fr:Les Amis de l'oasis",
        "--form-acronym", "OFQ", "--form-context", "الواحة", "--context", "ماء",
        "--theme", "environment", "--evidence", "seen in a made-up newspaper", "--yes",
    )  # fmt: skip

    assert result.exit_code == 0, result.stderr
    added = next(one for one in load_config(place).watched if one.id == "ma_waha")
    assert [(form.text, form.language, form.mode) for form in added.forms] == [
        ("Oasis Friends", "en", "auto"),
        ("أصدقاء الواحة", "ar", "auto"),
        ("Les Amis de l'oasis", "fr", "auto"),
        ("الواحة", None, "context"),
        ("OFQ", None, "acronym"),
    ]
    assert (added.countries, added.themes, added.context) == (("ma",), ("environment",), ("ماء",))


def test_a_second_actor_joins_the_first(place: Workspace) -> None:
    run(place, *ADD, "--yes")

    run(place, "add", "ma_nakhla", "--kind", "cso", "--name", "Palm League", "--yes")

    ids = {actor.id for actor in load_config(place).actors}
    assert {"ma_waha", "ma_nakhla"} <= ids


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ma_amdh", "--kind", "cso", "--name", "X Y"], "there is an actor ma_amdh already"),
        (["ma x", "--kind", "cso", "--name", "X Y"], 'ID: "ma x" must be made of a-z'),
        (["ma_x", "--kind", "csx", "--name", "X Y"], "ma_x: --kind: must be one of person"),
        (["ma_x", "--kind", "cso"], "--name: is empty"),
        (["ma_x", "--kind", "cso", "--name", "Xy"], "nothing would count"),
        (["ma_x", "--kind", "cso", "--name", "X Y", "--form-acronym", "AMDH"], "form of ma_amdh"),
        (["ma_x", "--kind", "cso", "--name", "X Y", "--into", "Own"], "made of a-z"),
    ],
)
def test_add_says_what_is_wrong_as_a_check_of_files_would(
    place: Workspace, arguments: list[str], said: str
) -> None:
    result = run(place, "add", *arguments, "--yes")

    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert saved(place) is None
