"""A workspace of the newsroom lives at the newsroom's time, and `--serve` says what there is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import ROOT

from crawler.datafiles import ConfigErrors
from crawler.demo.articles import sites
from crawler.demo.newsroom import NIGHTS, ahead
from crawler.workspace import (
    WorkspaceSettings,
    create_workspace,
    find_workspace,
    write_settings,
)
from storage.times import set_clock_ahead, utc_now

NEWSROOM = WorkspaceSettings(contact="newsroom@marsad.test", newsroom="127.0.0.1:8999")


@pytest.fixture(autouse=True)
def own_time() -> Iterator[None]:
    """No other test of this process is to live in March 2026."""
    yield
    set_clock_ahead(timedelta())


def test_a_workspace_of_the_newsroom_keeps_its_time(tmp_path: Path) -> None:
    place = create_workspace(
        tmp_path / "w", NEWSROOM.model_copy(update={"newsroom_ahead": ahead(NIGHTS[0])})
    )

    assert find_workspace(place.root).settings == place.settings
    assert timedelta() <= utc_now() - NIGHTS[0] + timedelta(seconds=2) < timedelta(minutes=1)


def test_another_workspace_has_the_time_of_the_machine(tmp_path: Path) -> None:
    set_clock_ahead(timedelta(days=-300))
    create_workspace(tmp_path / "w", WorkspaceSettings(contact="newsroom@marsad.test"))

    find_workspace(tmp_path / "w")

    assert abs(utc_now() - datetime.now(UTC)) < timedelta(seconds=2)


def test_only_the_newsroom_has_a_time_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="newsroom_ahead is for workspaces of the demo newsroom"):
        WorkspaceSettings(contact="newsroom@marsad.test", newsroom_ahead=5.0)
    place = create_workspace(tmp_path / "w", WorkspaceSettings(contact="newsroom@marsad.test"))
    settings = place.root / "marsad.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text("newsroom_ahead = 5.0\n" + text, encoding="utf-8")

    with pytest.raises(ConfigErrors):
        find_workspace(place.root)


def test_settings_can_be_written_anew(tmp_path: Path) -> None:
    place = create_workspace(tmp_path / "w", NEWSROOM)

    later = write_settings(place.root, NEWSROOM.model_copy(update={"newsroom_ahead": -60.0}))

    assert find_workspace(place.root) == later
    assert (place.root / "marsad.toml").stat().st_mode & 0o777 == 0o600


def test_serve_names_every_way_and_how_to_read_them() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cli.main", "demo", "--serve"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    told = {tuple(line.split()[:2]) for line in done.stdout.splitlines() if "http://" in line}
    assert {outlet_id for outlet_id, _ in told} == {site.id for site in sites()}
    assert {("bh_heron", "sitemap"), ("bh_nawras", "listing"), ("iq_manara", "feed")} <= told
    assert "marsad init study --newsroom 127.0.0.1:" in done.stdout
