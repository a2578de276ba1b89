"""Files of a workspace for the tests: everything in them is made up."""

from __future__ import annotations

from pathlib import Path

from crawler.datafiles import ConfigErrors
from crawler.outletfiles import load_outlets
from crawler.outlets import Outlet, Outlets
from crawler.workspace import Config, Workspace, WorkspaceSettings, create_workspace, load_config

OUTLET = """\
country = "ma"
covers = ["ma"]
timezone = "Africa/Casablanca"
languages = ["ar", "fr"]
kind = "portal"
domains = ["naddara.example.ma"]
[name]
en = "Naddara"
ar = "النظّارة"
[[feeds]]
url = "https://naddara.example.ma/rss"
grade = "A"
[[feeds]]
url = "https://naddara.example.ma/ثقافة/rss"
grade = "B"
"""

ACTOR = """\
[[actors]]
id = "ma_waha"
kind = "cso"
name = { en = "Oasis Friends" }
context = ["واحة"]
[[actors.forms]]
text = "جمعية أصدقاء الواحة"
language = "ar"
verified = true
[[actors.forms]]
text = "AWQ"
mode = "acronym"
"""


def workspace(
    root: Path, files: dict[str, str] | None = None, *, shipped: bool = False
) -> Workspace:
    """A workspace with these files, by path below its root."""
    made = create_workspace(root, WorkspaceSettings(contact="desk@example.org", shipped=shipped))
    for name, text in (files or {}).items():
        path = made.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return made


def load(root: Path, files: dict[str, str], *, shipped: bool = False) -> Config:
    """What these files say."""
    return load_config(workspace(root, files, shipped=shipped))


def problems(root: Path, files: dict[str, str], *, shipped: bool = False) -> list[str]:
    """Every problem with these files, as people see them."""
    try:
        load(root, files, shipped=shipped)
    except ConfigErrors as wrong:
        return [str(problem) for problem in wrong.problems]
    return []


def layers(root: Path, base: dict[str, str], over: dict[str, str]) -> Outlets:
    """The outlets of two folders of outlet files, the second laid over the first."""
    for name, files in (("base", base), ("over", over)):
        for path, text in files.items():
            target = root / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    outlets, wrong = load_outlets(root / "base", root / "over", {})
    if wrong:
        raise ConfigErrors(wrong)
    return outlets


def urls_on(outlet: Outlet) -> list[str]:
    """The addresses of an outlet that a crawl uses."""
    return [way.url for _, way in outlet.endpoints if way.on]
