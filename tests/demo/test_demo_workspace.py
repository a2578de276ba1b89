"""Laying out demo workspaces: filled placeholders, closed permissions, files that load."""

from __future__ import annotations

from pathlib import Path

from crawler.demo.articles import sites
from crawler.demo.workspace import PLACEHOLDER, lay_out
from crawler.workspace import WorkspaceSettings, create_workspace, load_config


def test_every_placeholder_is_filled_with_the_port(tmp_path: Path) -> None:
    lay_out(tmp_path, 4321)

    texts = [file.read_text(encoding="utf-8") for file in tmp_path.rglob("*.toml")]
    assert len(texts) == len(sites()) + 2  # the watchlist and the agencies
    assert not any(PLACEHOLDER in text for text in texts)
    homes = len(sites())
    ways = sum(len(s.feeds) or 1 for s in sites())
    assert sum(text.count(".test:4321/") for text in texts) == homes + ways


def test_files_are_0600_and_folders_0700(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    lay_out(root, 4321)

    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in root.rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


def test_the_demo_workspace_loads_without_a_problem(tmp_path: Path) -> None:
    settings = WorkspaceSettings(
        contact="newsroom@marsad.test", newsroom="127.0.0.1:4321", shipped=False
    )
    workspace = create_workspace(tmp_path / "demo", settings)
    lay_out(workspace.root, 4321)

    config = load_config(workspace)

    assert set(config.outlets) == {site.id for site in sites()}
    assert all(way.on for outlet in config.outlets.values() for _, way in outlet.endpoints)
    assert all(outlet.endpoints for outlet in config.outlets.values())
    assert sum(actor.kind != "term" for actor in config.actors) >= 14


def test_outlet_files_name_the_ways_that_the_sites_serve(tmp_path: Path) -> None:
    lay_out(tmp_path, 4321)

    for site in sites():
        country, _, slug = site.id.partition("_")
        text = (tmp_path / "outlets" / country / f"{slug}.toml").read_text(encoding="utf-8")
        paths = [feed.path for feed in site.feeds]
        paths += [each.path for each in site.listings if not site.feeds]
        paths += [site.sitemap.path] if site.sitemap and site.sitemap.known else []
        assert paths
        for path in paths:
            assert f'url = "http://{site.host}:4321{path}"' in text
        assert f'homepage = "http://{site.host}:4321/"' in text
