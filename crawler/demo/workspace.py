"""Laying out the newsroom's outlets, watchlist and agency in a workspace, with its port."""

from __future__ import annotations

from pathlib import Path

from crawler.demo.articles import AGENCIES, OUTLETS, WATCHLISTS

PLACEHOLDER = "{port}"
"""What stands for the port in the newsroom's outlet files."""


def lay_out(root: Path, port: int) -> None:
    """Write the made-up outlets, watchlists and agencies below a workspace's root (0700, 0600).

    The workspace must not mix them with the outlets that ship with the project.
    """
    for source, name in ((OUTLETS, "outlets"), (WATCHLISTS, "watchlists")):
        for file in sorted(source.rglob("*.toml")):
            text = file.read_text(encoding="utf-8").replace(PLACEHOLDER, str(port))
            write_private(root / name / file.relative_to(source), text)
    write_private(root / AGENCIES.name, AGENCIES.read_text(encoding="utf-8"))


def write_private(path: Path, text: str) -> None:
    """Write a text file that only its owner can read, making its folders alike."""
    for folder in [*reversed(path.parents)]:
        if not folder.exists():
            folder.mkdir(mode=0o700)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
