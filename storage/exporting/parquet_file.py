"""Parquet, for notebooks: typed columns, UTC times as times, days as days, lists as lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from storage.exporting.columns import Column, Type
from storage.exporting.rows import Row

if TYPE_CHECKING:
    from storage.exporting.writers import About, Sink

_BATCH = 2_000
"""Rows that are held in memory at once."""


class ParquetFile:
    """A Parquet file; pyarrow writes it."""

    def __init__(self, sink: Sink, columns: Sequence[Column]) -> None:
        import pyarrow as arrow
        from pyarrow import parquet

        self._columns, self._rows = columns, list[Row]()
        self._schema = arrow.schema([(one.name, _type(arrow, one.type)) for one in columns])
        self._batch = arrow.RecordBatch
        out = arrow.PythonFile(_Writable(sink), mode="w")
        self._file = parquet.ParquetWriter(out, self._schema, compression="zstd")

    def write(self, row: Row) -> None:
        """Write one row."""
        self._rows.append({one.name: _value(row[one.name], one.type) for one in self._columns})
        if len(self._rows) == _BATCH:
            self._flush()

    def finish(self, about: About) -> None:
        """Write the last rows and the index at the end."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        self._file.write_batch(self._batch.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()


class _Writable:
    """As much of a file as pyarrow asks for."""

    closed = False

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, piece: Any) -> int:
        return self._sink.write(bytes(piece))

    def tell(self) -> int:
        return self._sink.size

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        self.closed = True


def _type(arrow: Any, kind: Type) -> Any:
    known = {
        "count": arrow.int64(),
        "share": arrow.float64(),
        "flag": arrow.bool_(),
        "time": arrow.timestamp("ms", tz="UTC"),
        "day": arrow.date32(),
        "list": arrow.list_(arrow.string()),
        "counts": arrow.map_(arrow.string(), arrow.int64()),
    }
    return known.get(kind, arrow.string())


def _value(value: object, kind: Type) -> object:
    if value is None or value == "":
        return None if kind in ("time", "day") else value
    if kind == "time":
        return datetime.fromisoformat(str(value))
    if kind == "day":
        return date.fromisoformat(str(value))
    if kind == "flag":
        return bool(value)
    return list(value.items()) if isinstance(value, dict) else value
