"""The guard proxy: a browser's only way out, on loopback, with the address guard inside it.

A browser resolves names, follows redirects and runs what a page tells it to, so no check from
outside would hold. This proxy resolves each name itself, checks the addresses that it is about to
connect to, and connects to those: nothing is looked up twice. Who shows no pass gets 407, what no
page may reach 403, and one connection serves one request.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable

from crawler.engine.guard import Newsroom, is_host_name, is_inner, is_public
from crawler.engine.passes import Pass, Passes, Spent, Trouble
from crawler.engine.proxyheads import (
    Asked,
    BadHead,
    read_request,
    refusal,
    request_head,
    status_of,
    tunnel_head,
)
from crawler.engine.streams import (
    CONNECT_SECONDS,
    MAX_HEAD,
    NotReached,
    Stream,
    closing,
    connected,
    exchange,
    head_from,
    say,
    tunnel,
)

HEAD_SECONDS = 10.0
"""For a browser's request head: it stands next to us."""
MAX_OPEN = 256
"""Connections at once; further ones are hung up on."""
MAX_ADDRESSES = 4
"""Addresses of one name that are tried."""
_STATUS: dict[Trouble, int] = {
    "refused": 403, "unresolved": 502, "unreachable": 502, "broken": 502, "timeout": 504,
    "spent": 403,
}  # fmt: skip

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""From a host name and a port to the addresses that the name has."""


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name by the system's resolver; raises OSError where there are none."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardProxy:
    """A proxy on 127.0.0.1 at a port of the system's choice; `passes` says who may use it."""

    def __init__(self, newsroom: Newsroom, resolve: Resolve = resolve) -> None:
        self.passes = Passes()
        self.port = 0
        self.strangers: Counter[str] = Counter()  # hosts that were asked for without a pass
        self._newsroom, self._resolve = newsroom, resolve
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen from now on."""
        self._server = await asyncio.start_server(
            self._meet, "127.0.0.1", 0, limit=MAX_HEAD, backlog=64
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End every pass and connection, and stop listening. Harmless twice."""
        for old in self.passes:
            self.passes.revoke(old)
        if self._server is not None:
            self._server.close()
        for task in (tasks := tuple(self._tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ------------------------------------------------------------ one connection

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if len(self._tasks) <= MAX_OPEN:
                await self._serve(reader, writer)
        except (OSError, Spent, asyncio.CancelledError):
            pass  # either side hung up, or the page's time or allowance is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, or refuse it."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                asked = read_request(await reader.readuntil(b"\r\n\r\n"))
            holder = self.passes.holder(asked.header(b"proxy-authorization"))
            size = 0 if asked.tunnel else asked.body_bytes
        except (BadHead, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return await say(writer, refusal(400, "bad request"))
        if holder is None:
            self.strangers[asked.host] += 1
            return await say(writer, refusal(407, "no pass"))
        await self._under(holder, asked, size, (reader, writer))

    async def _under(self, holder: Pass, asked: Asked, size: int, client: Stream) -> None:
        """Serve the holder of a pass, and note on it what could not be reached."""
        task = asyncio.current_task()
        assert task is not None
        holder.tasks.add(task)
        try:
            server = await self._reach(holder, asked)
            with closing(server[1]):
                if asked.tunnel:
                    await tunnel(holder, client, server)
                else:
                    await exchange(holder, asked, size, (client, server))
        except (NotReached, BadHead) as wrong:
            trouble = wrong.trouble if isinstance(wrong, NotReached) else "broken"
            holder.note(asked.host, trouble)
            await say(client[1], refusal(_STATUS[trouble], trouble))
        finally:
            holder.tasks.discard(task)

    # ------------------------------------------------------------ the way out

    async def _reach(self, holder: Pass, asked: Asked) -> Stream:
        """A connection to where a page may go; raises NotReached."""
        holder.connections += 1
        if holder.connections > holder.allowance.connections:
            raise NotReached("spent")
        if not holder.allows(asked.host, asked.port):
            raise NotReached("refused")
        if holder.proxy is not None:
            return await self._through(holder.proxy, asked)
        server = await connected(await self._addresses(asked.host, asked.port))
        holder.reached[asked.host] = str(server[1].get_extra_info("peername")[0])
        if not asked.tunnel:
            server[1].write(request_head(asked))
        return server

    async def _through(self, proxy: tuple[str, int], asked: Asked) -> Stream:
        """A connection through an egress, which resolves the name for itself."""
        if is_inner(asked.host):
            raise NotReached("refused")
        server = await connected([proxy])
        if not asked.tunnel:
            server[1].write(request_head(asked, whole=True))
            return server
        server[1].write(tunnel_head(asked))
        if status_of(await head_from(server[0])) != 200:
            server[1].close()
            raise NotReached("unreachable")
        return server

    async def _addresses(self, host: str, port: int) -> list[tuple[str, int]]:
        """The public addresses of a name (or the newsroom's); raises NotReached."""
        if self._newsroom.serves(host, port):
            return [(self._newsroom.host, self._newsroom.port)]
        if not is_host_name(host):
            raise NotReached("unresolved")
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                found = await self._resolve(host, port)
        except (OSError, UnicodeError) as wrong:  # a time-out is an OSError
            raise NotReached("unresolved") from wrong
        public = [(ip, port) for ip in found if is_public(ip)]
        if not public:
            raise NotReached("refused" if found else "unresolved")
        return public[:MAX_ADDRESSES]
