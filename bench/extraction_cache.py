"""What the other readers took from the saved pages, kept for quick runs; never for official ones.

One file for a reader in `bench/cache/extraction` (not in the repository), named by its version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.extraction_readers import Reader, Taken
from bench.extraction_sets import GoldPage

FOLDER = Path(__file__).parent / "cache" / "extraction"


@dataclass
class Cached:
    """A reader that asks the one behind it once for each page; `save` keeps what it learned."""

    name: str
    reader: Reader
    known: dict[str, Taken] = field(default_factory=dict)
    new: int = 0

    def __post_init__(self) -> None:
        if self._file.is_file():
            rows = json.loads(self._file.read_text(encoding="utf-8"))
            self.known = {key: _taken(row) for key, row in rows.items()}

    def __call__(self, page: GoldPage) -> Taken:
        key = f"{page.set}/{page.id}"
        if key not in self.known:
            self.known[key] = self.reader(page)
            self.new += 1
        return self.known[key]

    def save(self) -> None:
        """Write what was new."""
        if self.new:
            FOLDER.mkdir(parents=True, exist_ok=True)
            rows = {key: _row(taken) for key, taken in self.known.items()}
            self._file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
            self.new = 0

    @property
    def _file(self) -> Path:
        package = self.name.partition(" ")[0]
        try:
            package_version = version(package)
        except PackageNotFoundError:
            package_version = "apart"
        return FOLDER / f"{self.name.replace(' ', '-')}-{package_version}.json"


def cached(readers: Mapping[str, Reader]) -> dict[str, Reader]:
    """The same readers, each with its cache."""
    return {name: Cached(name, reader) for name, reader in readers.items()}


def save(readers: Mapping[str, Reader]) -> None:
    """Write what the caches among the readers learned."""
    for reader in readers.values():
        if isinstance(reader, Cached):
            reader.save()


def _row(taken: Taken) -> dict[str, object]:
    days = [day.isoformat() for day in taken.days]
    return {"text": taken.text, "headline": taken.headline, "days": days, "cpu": taken.cpu}


def _taken(row: dict[str, object]) -> Taken:
    days = row["days"]
    assert isinstance(days, list)
    return Taken(
        text=str(row["text"]),
        headline=str(row["headline"]),
        days=tuple(map(date.fromisoformat, days)),
        cpu=float(str(row["cpu"])),
    )
