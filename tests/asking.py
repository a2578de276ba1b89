"""Commands asked in this process, and the association that small crawled workspaces follow."""

from __future__ import annotations

import re

from typer.testing import CliRunner, Result

from crawler.cli.main import app
from crawler.workspace import Workspace

ASSOCIATION = """
[[actors]]
id = "iq_example_association"
kind = "cso"
countries = ["iq"]
[actors.name]
en = "Example Association"
[[actors.forms]]
text = "جمعية المثال"
language = "ar"
"""
"""A watchlist of one actor."""


def ask(place: Workspace, *arguments: str) -> Result:
    """A command on a workspace."""
    return CliRunner().invoke(app, [*arguments, "--workspace", str(place.root)])


def said(result: Result) -> str:
    """What a command said of its answer, without the header on coverage that goes with it."""
    return re.sub(r"^Coverage[ :].*\n(?:  .*\n)*", "", result.stderr, flags=re.MULTILINE)


def judge(place: Workspace, *arguments: str) -> Result:
    """A person's judgement."""
    return ask(place, "judge", *arguments, "--why", "read by a person", "--by", "coder 1")
