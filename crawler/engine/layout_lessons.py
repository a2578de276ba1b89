"""What an outlet's layout is learned from: captures, handed to a worker all at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from crawler.engine.capture import read_capture
from crawler.engine.pool import Readers, WorkerFailed
from crawler.reading.warc import page_from_record
from storage.layout_samples import Sample
from storage.models import Page, ReadingContext
from storage.template_records import Template

LARGEST = 1_000_000
"""Bytes of a record beyond which a page is left out: one of them must not cost the whole lesson."""
NOTHING = Template(id="")
"""What a lesson teaches that could not be held to its end."""

log = logging.getLogger(__name__)


class Lessons:
    """As many lessons at a time as there are workers: the pages of these outlets wait for them."""

    def __init__(self, readers: Readers, folder: Path) -> None:
        """`folder` has the captures."""
        self._readers, self._folder = readers, folder
        self._turn = asyncio.Semaphore(readers.workers)

    async def learn(
        self, samples: Sequence[Sample], context: ReadingContext
    ) -> tuple[Template, int]:
        """The template that captures teach, and how many of them could be read back.

        What the careful way has made of them is handed on, so that nobody pays for it twice. A
        worker that fails at it teaches nothing.
        """
        async with self._turn:
            in_order = sorted(samples, key=lambda one: (one.fetched_at, one.article_id))
            found = await asyncio.to_thread(self._pages, in_order)
            pages = [page for page, _ in found]
            readings = [one.reading for _, one in found]
            try:
                return await self._readers.learn(pages, readings, context), len(pages)
            except WorkerFailed as wrong:
                log.warning("a layout could not be learned: %s", wrong)
                return NOTHING, len(pages)

    def _pages(self, samples: Sequence[Sample]) -> list[tuple[Page, Sample]]:
        """The pages whose captures are still there and whole."""
        found = []
        for one in samples:
            if one.place.length > LARGEST:
                continue
            try:
                found.append((page_from_record(read_capture(self._folder, one.place)), one))
            except (OSError, EOFError, ValueError):
                continue
        return found
