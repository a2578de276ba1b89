"""Where the parts of an article stand, as a person wrote it into an outlet's file."""

from __future__ import annotations

from pathlib import Path

import pytest
from config.config_files import OUTLET, layers, load, problems

from storage.template_records import Selectors

SELECTORS = """
[selectors]
headline = "h1.title"
text = "div.body p"
drop = ["aside", ".more"]
"""


def test_an_outlet_says_where_the_parts_of_its_articles_stand(tmp_path: Path) -> None:
    outlet = load(tmp_path, {"outlets/ma/a.toml": OUTLET + SELECTORS}).outlets["ma_a"]

    assert outlet.selectors.record == Selectors(
        headline="h1.title", text="div.body p", drop=("aside", ".more")
    )


def test_an_outlet_that_says_nothing_of_it_is_read_as_learned(tmp_path: Path) -> None:
    assert load(tmp_path, {"outlets/ma/a.toml": OUTLET}).outlets["ma_a"].selectors.record is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('headline = "h1..title"', 'selectors.headline: "h1..title" is no CSS selector'),
        ('text = ""', "selectors.text: is empty"),
        ('byline = ".author::text"', 'selectors.byline: ".author::text" is no CSS selector'),
        ('drop = ["aside", "div >"]', 'selectors.drop.1: "div >" is no CSS selector'),
        ('drop = "aside"', "selectors.drop: must be a list in square brackets"),
        ('section = "p ~ p ~ a"', 'selectors.section: has "~" more than once'),
        ('title = "h1"', "selectors.title: is not a known key; known are byline, drop, headline"),
        ("image = 7", "selectors.image: must be text in quotes, but is the number 7"),
    ],
)
def test_a_mistake_in_a_selector_is_told_with_file_line_and_key(
    tmp_path: Path, line: str, said: str
) -> None:
    text = f"{OUTLET}\n[selectors]\n{line}\n"
    number = text.splitlines().index(line) + 1

    told = problems(tmp_path, {"outlets/ma/a.toml": text})

    assert len(told) == 1
    assert f"a.toml:{number}: {said}" in told[0]


def test_a_workspace_changes_single_selectors_of_a_shipped_outlet(tmp_path: Path) -> None:
    outlets = layers(
        tmp_path,
        {"ma/a.toml": OUTLET + SELECTORS},
        {"ma/a.toml": '[selectors]\nheadline = "h2"\n'},
    )

    said = outlets["ma_a"].selectors.record
    assert said == Selectors(headline="h2", text="div.body p", drop=("aside", ".more"))
    places = outlets.provenance("ma_a")
    assert places["selectors.headline"] == "outlets/ma/a.toml:2"
    assert places["selectors.text"].startswith("spiders/outlets/ma/a.toml:")
