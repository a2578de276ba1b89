"""Worker processes for reading, each of which may hang, die or eat memory at its own cost only."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.engine import worker
from crawler.workspace import CrawlSettings
from storage.models import Actor

TASKS_PER_WORKER = 500
"""Pages after which a worker is replaced: trafilatura's caches grow without end."""

P = ParamSpec("P")
T = TypeVar("T")


class WorkerFailed(Exception):
    """A worker could not finish a task; the text says how it ended."""


class Readers:
    """A pool of killable workers. `await readers.run(worker.page, page, context)`."""

    def __init__(self, actors: Sequence[Actor], limits: CrawlSettings) -> None:
        """Workers start with the first task; the fork server keeps the heavy imports warm."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.engine.worker"])
        self._seconds = limits.reader_seconds
        lifeline, self._held = multiprocessing.Pipe(duplex=False)
        self._pool = ProcessPool(
            max_workers=limits.workers,
            max_tasks=TASKS_PER_WORKER,
            initializer=worker.start,
            initargs=[tuple(actors), limits.reader_megabytes, lifeline],
            context=context,
        )

    async def run(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one task of `crawler.engine.worker`; raises WorkerFailed, never hangs."""
        future: Any = self._pool.schedule(task, args=args, kwargs=kwargs, timeout=self._seconds)
        try:
            result: T = await asyncio.wrap_future(future)
        except FutureTimeout as wrong:
            raise WorkerFailed(f"not read within {self._seconds} s") from wrong
        except ProcessExpired as wrong:
            raise WorkerFailed(f"the worker died ({wrong})") from wrong
        except MemoryError as wrong:
            raise WorkerFailed("the worker ran out of memory") from wrong
        return result

    def close(self) -> None:
        """End all workers, finished or not."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's, untyped
        self._pool.join()
        self._held.close()
