"""Answers as data frames, for notebooks; pandas and polars come with `marsad[frames]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from storage.errors import StorageError

Library = Literal["pandas", "polars"]


class NoFrames(StorageError):
    """The library that makes data frames is not installed."""


def frame(rows: Iterable[Mapping[str, object]], library: Library = "pandas") -> Any:
    """Rows as a data frame: one column for each key, times aware and in UTC, missing stays missing.

    A time in an outlet's own zone is text with its distance from UTC: a column of a frame has one
    zone. Raises NoFrames where the library is not installed.
    """
    rows = [{name: _cell(value) for name, value in row.items()} for row in rows]
    try:
        if library == "polars":
            import polars

            return polars.DataFrame(rows, infer_schema_length=None, strict=False)
        import pandas
    except ImportError as missing:
        raise NoFrames(
            f"{library} is not installed: pip install 'marsad[frames]', or take list(rows)"
        ) from missing
    return pandas.DataFrame(rows).convert_dtypes()  # a missing number makes no fractions of others


def _cell(value: object) -> object:
    is_local = isinstance(value, datetime) and value.tzinfo is not UTC
    return str(value) if is_local else value
