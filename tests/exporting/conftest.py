"""A small desk to fill, and the made-up archive of deskworld.py with all that there may be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database, open_database
from tests.storage.conftest import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty archive with verbs to fill it."""
    desk = Desk(tmp_path / "marsad.db")
    yield desk
    desk.db.close()


@pytest.fixture
def archive(built: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the made-up archive in a workspace of its own."""
    place = tmp_path / "workspace"
    place.mkdir()
    shutil.copy(built, place / "marsad.db")
    with open_database(place / "marsad.db") as db:
        yield db
