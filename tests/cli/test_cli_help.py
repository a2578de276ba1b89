"""The command line explains itself."""

from __future__ import annotations

import pytest

from crawler.cli.main import app
from crawler.cli.reference import commands

COMMANDS = dict(commands(app))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_an_example(name: str) -> None:
    text = getattr(COMMANDS[name], "help", "") or ""

    assert text.strip(), f"{name} has no help"
    assert "Example" in text, f"{name} has no example"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    for parameter in getattr(COMMANDS[name], "params", []):
        if not getattr(parameter, "hidden", False):
            assert getattr(parameter, "help", None), f"{name} {parameter.name} has no help"
