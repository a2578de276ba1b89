"""Answers for notebooks: what was found, and how complete it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from storage.coverage_records import CoverageSummary
from storage.frames import Library, frame
from storage.reported import SearchHit

Ask = Callable[[], CoverageSummary]


class Hits(list[SearchHit]):
    """The hits of a search; `print(hits.coverage)` says who was asked and when nobody looked."""

    def __init__(self, hits: Iterable[SearchHit] = (), ask: Ask | None = None) -> None:
        super().__init__(hits)
        self._ask = ask

    @cached_property
    def coverage(self) -> CoverageSummary:
        """Which outlets were asked, over which days, and when nobody was looking.

        Raises LookupError for a list that was put together otherwise.
        """
        if self._ask is None:
            raise LookupError("this list is no answer of a search")
        return self._ask()

    def frame(self, library: Library = "pandas") -> Any:
        """The hits as a data frame of pandas or polars. Raises NoFrames."""
        return frame(map(asdict, self), library)


class Rows(Iterator[dict[str, object]]):
    """Dictionaries one by one, or a data frame; `coverage` says how complete they can be."""

    def __init__(self, rows: Iterable[Mapping[str, object]], ask: Ask) -> None:
        self._rows = map(dict, rows)
        self._ask = ask

    def __next__(self) -> dict[str, object]:
        return next(self._rows)

    @cached_property
    def coverage(self) -> CoverageSummary:
        """Which outlets were asked, over which days, and when nobody was looking."""
        return self._ask()

    def frame(self, library: Library = "pandas") -> Any:
        """The rows that are left as a data frame of pandas or polars. Raises NoFrames."""
        return frame(self, library)
