"""keep = "mentions" in a crawled workspace: what is left of a text, and how it comes back."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from asking import ask
from harness import crawl, publish, rows, workspace
from newsroom.hostile import HostileNewsroom

from crawler.workspace import Workspace, find_workspace

WATCHLIST = """
[[actors]]
id = "iq_report_writers"
kind = "cso"
countries = ["iq"]
[actors.name]
en = "Report Writers"
[[actors.forms]]
text = "report number 2"
language = "en"
"""


@pytest.fixture
def thrifty(tmp_path: Path) -> Workspace:
    """A workspace that keeps texts of matching articles only, after a crawl without any actor."""
    with HostileNewsroom() as newsroom:
        publish(newsroom, "one.test", [1, 2])
        place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
        file = place.root / "marsad.toml"
        told = file.read_text(encoding="utf-8")
        file.write_text(told.replace('# keep = "all"', 'keep = "mentions"'), encoding="utf-8")
        place = find_workspace(place.root)
        assert crawl(place).code == 0
    time.sleep(1.1)  # the database knows seconds: what follows is later than the crawl
    return place


def kept(place: Workspace) -> dict[str, bool]:
    sql = (
        "SELECT a.headline, a.text_kept, t.text FROM articles a "
        "JOIN article_texts t ON t.article_id = a.id"
    )
    found = rows(place, sql)
    assert all(bool(text) == bool(flag) for _, flag, text in found)
    return {headline: bool(flag) for headline, flag, _ in found}


def test_headlines_and_counts_are_kept_of_every_article(thrifty: Workspace) -> None:
    shown = ask(thrifty, "show", "1").stdout

    assert kept(thrifty) == {"Report number 1": False, "Report number 2": False}
    assert min(words for (words,) in rows(thrifty, "SELECT words FROM articles")) > 50
    assert "The text was not kept" in shown
    assert "1 article" in ask(thrifty, "search", "1", "in:headline").stderr


def test_reading_the_captures_again_brings_texts_back_and_makes_the_archive_comparable(
    thrifty: Workspace,
) -> None:
    (thrifty.watchlists_dir / "own.toml").write_text(WATCHLIST, encoding="utf-8")
    rematched = ask(thrifty, "actors", "rematch")
    before = ask(thrifty, "export", "mentions")
    data = json.loads(
        ask(thrifty, "search", "report", "--actor", "iq_report_writers", "--json").stdout
    )

    reread = ask(thrifty, "reread")
    after = ask(thrifty, "export", "mentions")

    assert rematched.exit_code in (0, 3), rematched.stderr
    assert "iq_report_writers: comparable since" in before.stderr
    assert "`marsad reread`" in before.stderr
    assert data["comparable_since"] is not None
    assert reread.exit_code == 0, reread.stderr
    assert kept(thrifty) == {"Report number 1": False, "Report number 2": True}
    assert after.stdout.count("iq_report_writers") == 1
    assert "comparable since" not in after.stderr
