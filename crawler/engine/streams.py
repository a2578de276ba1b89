"""The guard proxy's connections: reached, and bytes passed on between two of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress

from crawler.engine.passes import Pass, Trouble
from crawler.engine.proxyheads import Asked, BadHead, answer_head, status_of

MAX_HEAD = 65_536
"""Bytes of one head, either way."""
CONNECT_SECONDS = 10.0
"""For a name's look-up, and for each connection."""
_CHUNK = 65_536
_TUNNEL_OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NotReached(Exception):
    """Something that a page asked for is not given; says which kind of trouble it was."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@contextmanager
def closing(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Close a writer at the end of a block, whatever happened in it."""
    try:
        yield
    finally:
        writer.close()


async def connected(places: list[tuple[str, int]]) -> Stream:
    """A connection to the first place that answers; raises NotReached."""
    trouble: Trouble = "unreachable"
    for ip, port in places:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.open_connection(ip, port, limit=MAX_HEAD)
        except TimeoutError:
            trouble = "timeout"
        except OSError:
            continue
    raise NotReached(trouble)


async def say(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Send something short to whoever may have gone."""
    with suppress(OSError):
        writer.write(data)
        await writer.drain()


async def head_from(reader: asyncio.StreamReader) -> bytes:
    """The head of a server's answer; raises NotReached where none comes."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as wrong:
        raise NotReached("broken") from wrong


async def _pump(holder: Pass, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Pass bytes on until the source ends; raises Spent."""
    while data := await source.read(_CHUNK):
        holder.spend(len(data))
        sink.write(data)
        await sink.drain()


async def tunnel(holder: Pass, client: Stream, server: Stream) -> None:
    """Pass bytes both ways until either side has ended."""
    await say(client[1], _TUNNEL_OPEN)
    await _first(_pump(holder, client[0], server[1]), _pump(holder, server[0], client[1]))


async def exchange(holder: Pass, asked: Asked, size: int, ends: tuple[Stream, Stream]) -> None:
    """Pass one request's body on and its answer back; whatever follows is not read."""
    client, server = ends
    try:
        while size and (data := await client[0].read(min(size, _CHUNK))):
            holder.spend(len(data))
            size -= len(data)
            server[1].write(data)
            await server[1].drain()
        client[1].write(await _answer(holder, server[0]))
    except ConnectionError as wrong:
        raise NotReached("broken") from wrong
    await _first(_pump(holder, server[0], client[1]), _hung_up(client[0]))


async def _answer(holder: Pass, reader: asyncio.StreamReader) -> bytes:
    """The head of the final answer, without what only concerned two neighbours."""
    for _ in range(5):
        head = await head_from(reader)
        holder.spend(len(head))
        if status_of(head) >= 200:
            return answer_head(head)
    raise BadHead("no final answer")


async def _hung_up(reader: asyncio.StreamReader) -> None:
    """Wait until a browser has gone, or sends what nobody asked it for."""
    await reader.read(1)


async def _first(*ways: Awaitable[None]) -> None:
    """Wait for the first of several to end, and end the others."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
