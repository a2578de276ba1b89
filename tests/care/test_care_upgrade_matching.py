"""When an upgrade matches the archive anew: other watchlists, another matcher, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from stored import Story, fill

from crawler.care.upgrading import UpgradeReport, upgrade
from crawler.reading.page import READER_VERSION
from crawler.workspace import Config, Workspace, WorkspaceSettings, create_workspace, load_config
from storage.actors import comparable_since
from storage.articles import Keep
from storage.database import open_database
from storage.models import Actor

ACTOR = """[[actors]]
id = "xx_lamp_house"
kind = "cso"
countries = ["ma"]
themes = ["rights"]
evidence = ["made up"]
name = {{ en = "{name}" }}

[[actors.forms]]
text = "{name}"
language = "en"
verified = true
"""
STORIES = (
    Story("The Lamp House of Fez opened its doors to the school on Tuesday morning."),
    Story("The Kite Yard repaired a bridge, and nobody else was named in the report."),
)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    settings = WorkspaceSettings(contact="tests@marsad.test", shipped=False)
    made = create_workspace(tmp_path / "study", settings)
    watch(made, "Lamp House")
    return made


def watch(place: Workspace, name: str) -> Sequence[Actor]:
    """Have the workspace watch an actor by one name."""
    (place.watchlists_dir / "own.toml").write_text(ACTOR.format(name=name))
    return load_config(place).actors


def stored(place: Workspace, keep: Keep = "all", reader: str = READER_VERSION) -> None:
    """Two articles, read with the watchlists of now, by this reader."""
    fill(place.database, STORIES, load_config(place).actors, keep)
    with open_database(place.database) as db, db.write():
        db.execute(
            "UPDATE article_texts SET reader_version = ?, "
            "fold_version = (SELECT max(fold_version) FROM article_index)",
            (reader,),
        )


def matched(report: UpgradeReport) -> int:
    """How many articles were matched, -1 where that was not due."""
    return report.rematch.matched if report.rematch else -1


def named_in(place: Workspace) -> list[int]:
    with open_database(place.database, readonly=True) as db:
        return [row["article_id"] for row in db.all("SELECT article_id FROM mentions ORDER BY 1")]


def test_an_archive_of_today_is_not_matched_again(place: Workspace) -> None:
    stored(place)

    assert matched(upgrade(place)) == -1


def test_an_actor_that_changed_is_looked_for_in_the_archive(place: Workspace) -> None:
    stored(place)
    watch(place, "Kite Yard")

    report = upgrade(place)

    assert matched(report) == 2
    assert named_in(place) == [2]
    with open_database(place.database, readonly=True) as db:
        assert comparable_since(db, "xx_lamp_house") is None
    assert matched(upgrade(place)) == -1


def test_another_matcher_looks_into_every_text_once(place: Workspace) -> None:
    stored(place, reader="1")

    first, again = upgrade(place), upgrade(place)

    assert (matched(first), matched(again)) == (2, -1)
    assert first.read_otherwise
    assert not again.read_otherwise


def test_texts_that_were_not_kept_are_told_and_not_tried_for_ever(place: Workspace) -> None:
    stored(place, keep="mentions")
    watch(place, "Kite Yard")

    first, again = upgrade(place), upgrade(place)

    assert first.rematch is not None
    assert first.rematch.without_text == 1
    assert any("`marsad reread`" in sentence for sentence in first.to_do)
    assert matched(again) == -1


def test_a_mistake_in_a_file_stops_the_upgrade_before_anything(place: Workspace) -> None:
    stored(place)
    config: Config = load_config(place)
    (place.watchlists_dir / "own.toml").write_text("[[actors]\n")

    with pytest.raises(Exception, match="not valid TOML"):
        upgrade(place)

    assert not list(place.backups_dir.glob("*"))
    assert matched(upgrade(place, config)) == -1
