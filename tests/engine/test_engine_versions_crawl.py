"""A page that changes, looked at again by real crawls: noise, an edit, and a kill in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import ask
from harness import Ran, killed, marsad, rows, workspace
from newsroom.hostile import HostileNewsroom, article_html

from crawler.workspace import Workspace

TEXT = (
    "The council of Sedra met on Monday to speak about the wells that have run dry since May.",
    "Volunteers of the quarter have carried water to the school every morning for eleven weeks.",
    "The activist Samira Lantern, who began the work, was thanked by the families of the quarter.",
    "A second pump is promised before the summer, though nobody said who is going to pay for it.",
)
SUSPECT = TEXT[2].replace("The activist", "The suspect")
ACTOR = """
[[actors]]
id = "iq_lantern"
kind = "person"
countries = ["iq"]
[actors.name]
en = "Samira Lantern"
[[actors.forms]]
text = "Samira Lantern"
language = "en"
"""
KILL = """
import sys, time
from storage import edits
from crawler.cli.main import main

def stand_still(*arguments):
    print("AT", flush=True)
    time.sleep(300)

edits.record = stand_still
sys.argv = ["marsad", *sys.argv[1:]]
main()
"""
"""A run that stands still within the transaction that makes a version."""


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


def show(newsroom: HostileNewsroom, sentence: str, views: int) -> None:
    """Have the page say one thing, with a counter of the site beside it."""
    paragraphs = (*TEXT[:2], sentence, TEXT[3], f"Views: {views}")
    newsroom.article("sedra.test", "/a/1", article_html("Wells of Sedra run dry", paragraphs))


def fetch(newsroom: HostileNewsroom, place: Workspace) -> Ran:
    ran = marsad("fetch", newsroom.url("sedra.test", "/a/1"), "--json", "-w", str(place.root))
    assert "Traceback" not in ran.stderr, ran.stderr
    assert ran.data["balanced"], ran.data["imbalance"]
    return ran


def outcomes(place: Workspace) -> list[str]:
    return [row[0] for row in rows(place, "SELECT outcome FROM outcomes ORDER BY run_id")]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_noise_is_no_version_and_an_edit_is_one_also_after_a_kill(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    place = workspace(tmp_path / "w", newsroom.port, ["sedra.test"])
    (place.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    for views in (12, 4711):
        show(newsroom, TEXT[2], views)
        fetch(newsroom, place)
    show(newsroom, SUSPECT, 9000)
    killed("-c", KILL, "fetch", newsroom.url("sedra.test", "/a/1"), "-w", str(place.root))
    assert rows(place, "SELECT count(*) FROM article_versions") == [(1,)]

    fetch(newsroom, place)
    reread = marsad("reread", "-w", str(place.root))

    assert reread.code == 0, reread.stderr
    assert outcomes(place)[:4] == ["stored_new", "unchanged", "interrupted", "stored_changed"]
    assert rows(place, "PRAGMA integrity_check") == [("ok",)]
    (version,) = json.loads(ask(place, "edits", "--json").stdout)["versions"]
    kinds = {edit["kind"]: (edit["before"], edit["after"]) for edit in version["edits"]}
    assert kinds == {"text": ("", ""), "label": ("activist", "suspect")}
    assert version["sentences"] == [{"kind": "changed", "before": TEXT[2], "after": SUSPECT}]
    first = ask(place, "show", "1", "--version", "1", "--json")
    assert TEXT[2] in json.loads(first.stdout)["text"]
