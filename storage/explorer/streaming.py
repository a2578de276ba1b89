"""Files that are made while they are sent, in bounded memory however many rows they have."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from storage.database import Database, open_database

CHUNK = 64 * 1024
_WAITING = 8
"""Chunks that may wait for a slow reader; then the writer waits."""
_AT_ONCE = 2
PATIENCE = 300.0
"""Seconds that a reader may take for one chunk: who stops reading holds a turn, and an instant of
the database whose log grows meanwhile."""
_turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}

Send = Callable[[dict[str, Any]], Awaitable[None]]


class ReaderGone(Exception):
    """Nobody listens any more: the writer stops."""


@dataclass(frozen=True)
class Stream:
    """An answer whose body is written by `write(db, out)`, from one instant of the database."""

    database: Path
    write: Callable[[Database, IO[bytes]], object]
    content_type: str
    filename: str

    async def asgi_send(self, send: Send) -> None:
        """Send it; whoever goes away in the middle ends it, and so does a failure of ours.

        A file that could not be finished is cut off without the end of its transfer, so that the
        reader's program says so: half a table must not pass for a whole one. Raises TimeoutError
        for a reader that takes nothing any more.
        """
        loop = asyncio.get_running_loop()
        turn = _turns.setdefault(loop, asyncio.Semaphore(_AT_ONCE))
        async with turn:
            pipe = _Pipe(loop, asyncio.Queue(_WAITING))
            writing = loop.run_in_executor(None, self._write, pipe)
            try:
                await send(self._start())
                while (chunk := await pipe.next_chunk()) is not None:
                    piece = {"type": "http.response.body", "body": chunk, "more_body": True}
                    await asyncio.wait_for(send(piece), PATIENCE)
                await writing
                await send({"type": "http.response.body", "body": b""})
            finally:
                pipe.gone = True
                pipe.drain()
                await asyncio.wait([writing])

    def _write(self, pipe: _Pipe) -> None:
        try:
            with open_database(self.database, readonly=True) as db, db.instant(3600.0):
                out = io.BufferedWriter(pipe, CHUNK)
                self.write(db, out)
                out.flush()
        finally:
            pipe.end()

    def _start(self) -> dict[str, Any]:
        plain = re.sub(r"[^A-Za-z0-9._-]", "_", self.filename)
        attached = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(self.filename)}"
        headers = [
            (b"content-type", self.content_type.encode()),
            (b"content-disposition", attached.encode()),
        ]
        return {"type": "http.response.start", "status": 200, "headers": headers}


class _Pipe(io.RawIOBase):
    """Bytes from the writer's thread to the loop; no more than a few chunks wait in it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[bytes | None]) -> None:
        self._loop, self._queue = loop, queue
        self.gone = False

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any) -> int:
        if self.gone:
            raise ReaderGone
        piece = bytes(chunk)
        asyncio.run_coroutine_threadsafe(self._queue.put(piece), self._loop).result()
        return len(piece)

    def end(self) -> None:
        """Say that nothing more comes."""
        if not self.gone:
            asyncio.run_coroutine_threadsafe(self._queue.put(None), self._loop).result()

    async def next_chunk(self) -> bytes | None:
        """The next bytes; None at the end."""
        return await self._queue.get()

    def drain(self) -> None:
        """Let a writer go that waits for room."""
        while not self._queue.empty():
            self._queue.get_nowait()
