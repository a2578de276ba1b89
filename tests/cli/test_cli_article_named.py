"""An article by its address as people have it: typed, copied out of a message, or shared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import stored
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace

ADDRESS = "https://manara.test/a/0"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    settings = WorkspaceSettings(contact="desk@marsad.test", shipped=False, judge="desk")
    made = create_workspace(tmp_path / "w", settings)
    stored.fill(made.database, [stored.Story("A text of the harbour.", "Harbour")], ())
    return made


@pytest.mark.parametrize(
    "typed",
    ["manara.test/a/0/", "http://www.manara.test/a/0", f"<{ADDRESS}>", f"{ADDRESS}?utm_source=x"],
)
@pytest.mark.parametrize(
    "command",
    [
        ["show"],
        ["story"],
        ["judge", "leave-out", "--why", "an advertisement"],
        ["judge", "list", "--article"],
        ["edits", "--article"],
    ],
    ids=" ".join,
)
def test_an_address_is_found_as_people_have_it(
    place: Workspace, command: list[str], typed: str
) -> None:
    asked = CliRunner().invoke(app, [*command, typed, "--json", "-w", str(place.root)])
    same = CliRunner().invoke(app, ["show", ADDRESS, "--json", "-w", str(place.root)])

    assert (asked.exit_code, same.exit_code) == (0, 0), asked.output
    if command == ["show"]:
        assert json.loads(asked.stdout) == json.loads(same.stdout)


@pytest.mark.parametrize("command", [["show"], ["story"], ["edits", "--article"]])
def test_an_address_that_nobody_stored_is_no_article(place: Workspace, command: list[str]) -> None:
    asked = CliRunner().invoke(app, [*command, "https://manara.test/other", "-w", str(place.root)])

    assert asked.exit_code != 0
    assert "no article https://manara.test/other" in asked.stderr
