"""What the commands for the care of the data say, as the person who reads it needs it."""

from __future__ import annotations

import json
from pathlib import Path

import kept
import old_schemas
import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler.care.backups import back_up
from crawler.cli.main import app
from crawler.phrases import counted
from crawler.workspace import Workspace
from storage.database import open_database
from storage.upkeep import Upkeep


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = kept.made(tmp_path / "watch")
    kept.night(made, kept.texts(0, 5))
    return made


def marsad(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--workspace", str(place.root)])


def flip(place: Workspace) -> None:
    with open_database(place.database) as db, db.write():
        db.execute("UPDATE article_texts SET text = 'flipped' WHERE article_id = 2")


def test_days_are_days_and_copies_are_copies() -> None:
    assert [counted(2, noun) for noun in ("day", "copy", "country")] == [
        "2 days",
        "2 copies",
        "2 countries",
    ]
    assert [counted(0, "day"), counted(1, "day")] == ["0 days", "1 day"]


def test_one_wrong_text_is_told_as_one(place: Workspace) -> None:
    flip(place)

    made = " ".join(marsad(place, "backup").stderr.split())
    marsad(place, "verify")

    assert "1 text in the database is not what was stored" in made
    with open_database(place.database) as db:
        noted = Upkeep(db).latest("verify")
    assert noted is not None
    assert noted.said.startswith("wrong: 1 text; 5 texts and ")


def test_the_list_of_backups_shows_which_of_them_holds_wrong_texts(place: Workspace) -> None:
    sound = back_up(place)
    flip(place)
    damaged = back_up(place)

    lines = marsad(place, "backup", "list").stdout.splitlines()

    assert "wrong" in lines[0]
    wrong = {line.split()[-1]: line.split()[-3] for line in lines[1:]}
    assert wrong == {sound.path.name: "·", damaged.path.name: "1"}


def test_an_upgrade_says_which_backup_it_rests_on_where_it_makes_none(tmp_path: Path) -> None:
    study = old_schemas.study(old_schemas.OLDEST, tmp_path / "study")
    made = back_up(study)

    ran = marsad(study, "upgrade")

    assert f"backup: {made.path.name}, made before, holds all of it" in ran.stdout
    assert list(study.backups_dir.glob("*.tar.zst")) == [made.path]
    again = json.loads(marsad(study, "upgrade", "--json").stdout)
    assert again["backup"] is None and again["earlier_backup"] is None
