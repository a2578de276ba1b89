"""What an upgrade tells of the project's own files, against a workspace's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from harness import marsad

from crawler.care.shipped_changes import NOTE, ChangedValue
from crawler.care.upgrading import is_due, upgrade
from crawler.workspace import (
    Config,
    Workspace,
    WorkspaceSettings,
    create_workspace,
    find_workspace,
    load_config,
)

OUTLET, FEED = "ma_hespress", "https://fr.hespress.com/feed"
OWN = f"""notes = "read by hand"

[expect]
articles_per_day = [1, 50]

[[feeds]]
url = "{FEED}"
enabled = false
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Config]:
    """A workspace that overrides shipped values, upgraded once; and what its files say."""
    root = tmp_path_factory.mktemp("base") / "study"
    made = create_workspace(root, WorkspaceSettings(contact="tests@marsad.test"))
    file = made.outlets_dir / "ma" / "hespress.toml"
    file.parent.mkdir()
    file.write_text(OWN)
    (made.schedules_dir / "nightly.toml").write_text('at = "03:15"\n')
    config = load_config(made)
    upgrade(made, config)
    return root, config


@pytest.fixture
def config(base: tuple[Path, Config]) -> Config:
    return base[1]


@pytest.fixture
def place(base: tuple[Path, Config], tmp_path: Path) -> Workspace:
    return find_workspace(shutil.copytree(base[0], tmp_path / "study"))


def said_otherwise(place: Workspace, **kinds: dict[str, Any]) -> None:
    """Have the note of the last upgrade say something else in some places."""
    path = place.root / NOTE
    note = json.loads(path.read_text())
    lay_over(note["said"], kinds)
    path.write_text(json.dumps(note))


def lay_over(said: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, dict):
            lay_over(said.setdefault(key, {}), value)
        else:
            said[key] = value


def test_the_first_upgrade_knows_of_no_change(place: Workspace, config: Config) -> None:
    report = upgrade(place, config)

    assert not report.did_anything
    assert not is_due(place)
    assert (place.root / NOTE).stat().st_mode & 0o777 == 0o600


def test_a_value_that_changed_below_ones_own_is_told_and_ones_own_kept(
    place: Workspace, config: Config
) -> None:
    own = {"expect": {"articles_per_day": [7, 8]}}
    said_otherwise(place, outlets={OUTLET: own}, schedules={"nightly": {"at": "01:00"}})

    report = upgrade(place, config)

    now = json.loads((place.root / NOTE).read_text())["said"]["schedules"]["nightly"]["at"]
    assert list(report.shipped.values) == [
        ChangedValue(
            "outlets/ma/hespress.toml:4", "expect.articles_per_day", [7, 8], None, [1, 50]
        ),
        ChangedValue("schedules/nightly.toml:1", "at", "01:00", now, "03:15"),
    ]
    assert "Values of yours stand over shipped ones" in report.to_do[0]
    assert (place.outlets_dir / "ma" / "hespress.toml").read_text() == OWN
    assert not upgrade(place, config).did_anything


def test_a_row_is_known_by_its_address_wherever_it_stands(place: Workspace, config: Config) -> None:
    said_otherwise(place, outlets={OUTLET: {"feeds": {FEED: {"enabled": True}}}})

    (change,) = upgrade(place, config).shipped.values

    assert change.key == f'feeds."{FEED}".enabled'
    assert (change.was, change.now, change.yours) == (True, None, False)


def test_what_nobody_overrides_is_not_told(place: Workspace, config: Config) -> None:
    said_otherwise(place, outlets={OUTLET: {"kind": "daily"}, "iq_rudaw": {"kind": "daily"}})

    assert upgrade(place, config).shipped.values == ()


def test_an_override_made_after_the_last_upgrade_is_compared_too(
    place: Workspace, config: Config
) -> None:
    said_otherwise(place, actors={"ma_amdh": {"kind": "network"}})
    (place.watchlists_dir / "own.toml").write_text('[[actors]]\nid = "ma_amdh"\nkind = "cso"\n')

    (change,) = upgrade(place, config).shipped.values

    assert (change.place, change.key, change.was) == ("watchlists/own.toml:3", "kind", "network")


def test_new_and_vanished_entries_are_told_by_id(place: Workspace, config: Config) -> None:
    path = place.root / NOTE
    note = json.loads(path.read_text())
    del note["said"]["outlets"]["iq_rudaw"], note["said"]["actors"]["ma_amdh"]
    note["said"]["outlets"]["iq_closed"] = {"country": "iq"}
    path.write_text(json.dumps(note))

    report = upgrade(place, config)

    assert report.shipped.new["outlets"] == ("iq_rudaw",)
    assert report.shipped.new["actors"] == ("ma_amdh",)
    assert report.shipped.gone["outlets"] == ("iq_closed",)
    assert "1 new outlets" in report.said
    assert "amdh" not in report.said  # what is said goes into logs


def test_an_upgrade_by_itself_keeps_the_news_for_a_person(place: Workspace, config: Config) -> None:
    said_otherwise(place, outlets={OUTLET: {"expect": {"articles_per_day": [7, 8]}}})

    by_itself = upgrade(place, config, told=False)
    by_a_person = upgrade(place, config)

    assert by_itself.shipped == by_a_person.shipped
    assert len(by_a_person.shipped.values) == 1


def test_a_note_that_cannot_be_read_is_made_anew(place: Workspace, config: Config) -> None:
    (place.root / NOTE).write_text('{"half')

    assert not upgrade(place, config).shipped
    assert json.loads((place.root / NOTE).read_text())["said"]["outlets"]


def test_a_workspace_without_the_shipped_outlets_hears_nothing_of_them(tmp_path: Path) -> None:
    settings = WorkspaceSettings(contact="tests@marsad.test", shipped=False)
    made = create_workspace(tmp_path / "study", settings)
    upgrade(made)

    said = json.loads((made.root / NOTE).read_text())["said"]

    assert (said["outlets"], said["actors"]) == ({}, {})
    assert said["agencies"]
    assert said["schedules"]


def test_the_command_shows_was_is_and_yours(place: Workspace) -> None:
    said_otherwise(place, outlets={OUTLET: {"expect": {"articles_per_day": [7, 8]}}})

    ran = marsad("upgrade", "-w", str(place.root))

    assert ran.code == 3
    assert "outlets/ma/hespress.toml:4: expect.articles_per_day" in ran.stdout
    assert "shipped: was [7, 8], is not said" in ran.stdout
    assert "yours:   [1, 50] (kept)" in ran.stdout
