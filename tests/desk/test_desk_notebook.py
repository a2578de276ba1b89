"""The notebook of the docs runs as it stands, on a database that the demo made."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import old_schemas
import pytest

from storage.database import open_database
from storage.exporting import reference

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = old_schemas.unpack(old_schemas.NEWEST, tmp_path / "marsad.db")
    open_database(path, upgrade=True).close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cells() -> list[str]:
    """The code of each cell, in order."""
    read = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in read if cell["cell_type"] == "code"]


def run(source: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does; what its last line gives."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def test_every_cell_runs_and_shows_something(here: Path) -> None:
    names: dict[str, Any] = {}
    shown = [run(source, names) for source in cells()]

    frames = [one for one in shown if hasattr(one, "shape")]
    assert len(frames) >= 6
    assert all(frame.shape[0] for frame in frames), [frame.shape for frame in frames]


def test_every_column_of_the_views_is_described() -> None:
    assert reference.views().count("| `") > 100  # and no KeyError on the way
