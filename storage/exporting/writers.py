"""Rows into files: one small protocol, and the writer of each format behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Protocol

from storage.errors import CannotExport
from storage.exporting.cells import Beside, fits, plain, shown
from storage.exporting.columns import BESIDE, KEYS, Column
from storage.exporting.orders import Export, Format
from storage.exporting.rows import Row

About = Mapping[str, object]


class Writer(Protocol):
    """Writes rows one by one, and then what goes after them."""

    def write(self, row: Row) -> None:
        """Write one row."""

    def finish(self, about: About) -> None:
        """Write what stands at the end; `about` says what the file is, where it has room for it."""


class Out(Protocol):
    """Anything that takes bytes."""

    def write(self, piece: bytes, /) -> object:
        """Take some bytes."""


class Forward:
    """Passes bytes on; nobody can go back in it, wherever it leads: so a ZIP has the same bytes."""

    def __init__(self, out: Out) -> None:
        self._out = out

    def write(self, piece: bytes) -> int:
        """Pass on some bytes."""
        self._out.write(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Whoever opened the file behind it closes that."""


class Sink(Forward):
    """Knows also the number of bytes that passed, and their SHA-256."""

    def __init__(self, out: Out) -> None:
        super().__init__(out)
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> int:
        """Pass on some bytes."""
        self._hash.update(piece)
        self.size += len(piece)
        return super().write(piece)

    def text(self, piece: str) -> None:
        """Pass on a text in UTF-8."""
        self.write(piece.encode())

    @property
    def sha256(self) -> str:
        """Of all bytes so far."""
        return self._hash.hexdigest()


class Fitting:
    """Puts texts that are too large for a cell beside the file, and says so in their row."""

    def __init__(self, export: Export, beside: Beside) -> None:
        self._texts = [one.name for one in export.columns if one.name != BESIDE]
        self._key = KEYS[export.kind]
        self._beside, self._row = beside, 0

    def __call__(self, row: Row) -> Row:
        """The row as its cells can hold it."""
        self._row += 1
        cells: Row = {name: plain(row[name]) for name in self._texts}
        moved = [name for name, cell in cells.items() if isinstance(cell, str) and not fits(cell)]
        for name in moved:
            key = {part: row[part] for part in self._key}
            self._beside.keep(self._row, key, name, str(cells[name]))
            cells[name] = shown(str(cells[name]))
        return {**cells, BESIDE: moved}


def check(export: Export) -> None:
    """Raise CannotExport where a part that the format needs is not installed."""
    if export.format == "parquet" and find_spec("pyarrow") is None:
        raise CannotExport(
            "Parquet needs pyarrow: `pip install 'marsad[parquet]'`, or choose another format"
        )


def writer_of(export: Export, sink: Sink, beside: Beside) -> Writer:
    """The writer of a format. Raises as `check`."""
    check(export)
    return _WRITERS[export.format](export, sink, beside)


def _csv(export: Export, sink: Sink, beside: Beside) -> Writer:
    from storage.exporting.csv_file import CsvFile

    fitting = Fitting(export, beside) if export.has_limits else None
    return CsvFile(sink, export.columns, export.excel, fitting)


def _jsonl(export: Export, sink: Sink, beside: Beside) -> Writer:
    from storage.exporting.jsonl_file import JsonlFile

    return JsonlFile(sink, export.columns)


def _xlsx(export: Export, sink: Sink, beside: Beside) -> Writer:
    from storage.exporting.xlsx_file import XlsxFile

    return XlsxFile(sink, export.kind, export.columns, (Fitting(export, beside), beside))


def _parquet(export: Export, sink: Sink, beside: Beside) -> Writer:
    from storage.exporting.parquet_file import ParquetFile

    return ParquetFile(sink, export.columns)


def _bibliography(export: Export, sink: Sink, beside: Beside) -> Writer:
    from storage.exporting.bibliography import Bibliography

    return Bibliography(sink, export.format)


_WRITERS: Mapping[Format, Callable[[Export, Sink, Beside], Writer]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "ris": _bibliography,
    "bibtex": _bibliography,
    "csl": _bibliography,
}


def told(columns: Sequence[Column]) -> list[dict[str, str]]:
    """The data dictionary of a file."""
    return [one.told() for one in columns]
