"""What the areas of measuring share: their options, and several areas told one after the other."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.pages import SHARED


def options_of(doc: str | None) -> argparse.ArgumentParser:
    """The options of an area, to which it may add; `data` is None where there is no such folder."""
    parser = _described(doc)
    parser.add_argument(
        "--data", type=_folder, default=_folder(SHARED), help="the shared data folder"
    )
    return parser


def _described(doc: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser


def _folder(path: str | Path) -> Path | None:
    return Path(path) if Path(path).is_dir() else None


def tell(doc: str | None, areas: Mapping[str, ModuleType], last_line: Sequence[str]) -> None:
    """Print the tables of every area; or with --json their figures, and some of all in one line."""
    as_json = _described(doc).parse_args().json
    found: dict[str, Any] = {}
    for area, module in areas.items():
        if as_json:
            figures = module.figures(_folder(SHARED))
            print(json.dumps({"area": area, **figures}, ensure_ascii=False), flush=True)
            found |= figures
        else:
            print(f"\n# {area}", flush=True)
            subprocess.run([sys.executable, "-m", f"bench.{area}"], check=True)
    if as_json:
        print(json.dumps({name: found.get(name) for name in last_line}))


def tell_figures(doc: str | None, figures: Callable[[Path | None], dict[str, Any]]) -> None:
    """Print an area's figures one by one, or with --json in one line."""
    asked = options_of(doc).parse_args()
    found = figures(asked.data)
    if asked.json:
        print(json.dumps(found))
        return
    width = max(map(len, found))
    for name, value in found.items():
        print(f"{name:<{width}}  {'-' if value is None else value}")
