"""The web server under the desk: it says when it is ready, and ends within seconds."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from crawler.cli.explore_binding import Binding, Refused

AT_ONCE = 200
"""Connections; more are told to come back."""
HEADER_BYTES = 32_768
HEADER_SECONDS = 15.0
"""For a request to arrive whole on a new connection."""
LAST_SECONDS = 2
"""For answers under way, once the desk is to close."""


class Impatient(H11Protocol):
    """One connection; it is closed where nothing whole is asked on it for a while."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as above it
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._patience = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        if self._patience is not None:
            self._patience.cancel()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


class Server(uvicorn.Server):
    """A server that calls back when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """Nothing listens yet."""
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal closes the desk; a second one without waiting for anybody."""
        self.force_exit = self.should_exit
        self.should_exit = True


def listening(binding: Binding) -> socket.socket:
    """A socket on the binding's port. Raises Refused."""
    family = socket.AF_INET6 if ":" in binding.host else socket.AF_INET
    # Only of a socket that says TCP does asyncio send small answers at once: 40 ms each otherwise.
    one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((binding.host, binding.port))
        one.listen(100)
    except OSError as wrong:
        one.close()
        raise Refused(_why_not(wrong, binding)) from None
    return one


def _why_not(wrong: OSError, binding: Binding) -> str:
    """Why a port cannot be had, and what to do."""
    where = f"port {binding.port} of {binding.host}"
    if wrong.errno == errno.EADDRINUSE:
        return f"{where} is in use (by another `marsad explore`?): take another one with --port"
    if wrong.errno == errno.EACCES:
        return f"{where} is for the system: take one above 1023 with --port"
    if wrong.errno == errno.EADDRNOTAVAIL:
        return f"{binding.host} is no address of this machine"
    return f"{where} cannot be had ({os.strerror(wrong.errno or 0)})"


def serve(app: Any, binding: Binding, at: socket.socket, ready: Callable[[], None]) -> None:
    """Answer until a signal comes; then end the process, also where a reader's thread is busy."""
    config = uvicorn.Config(
        app,
        http=Impatient,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=LAST_SECONDS,
        h11_max_incomplete_event_size=HEADER_BYTES,
        ssl_certfile=binding.certificate,
        ssl_keyfile=binding.key,
    )
    Server(config, ready).run(sockets=[at])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a thread in the middle of a long question would hold the process
