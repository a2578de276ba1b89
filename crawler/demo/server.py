"""The demo newsroom as a process of its own: `python -m crawler.demo.server`.

It prints one JSON line with its port when it listens, and ends on SIGTERM, SIGINT, or when the
pipe at its standard input closes, so that it never outlives the process that started it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import stat
import sys
import threading
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from crawler.demo.answers import NOT_FOUND, Answer
from crawler.demo.httpserver import Request, Route, listen
from crawler.demo.newsroom import Newsroom
from crawler.demo.pages import SavedPages


def main(argv: list[str] | None = None) -> None:
    """Serve until told to stop."""
    zoneinfo.reset_tzpath(to=[])  # Debian 12's zones are an hour off for Morocco
    asyncio.run(serve(_options(argv)))


def _options(argv: list[str] | None) -> argparse.Namespace:
    """The command line; exits with 2 when it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m crawler.demo.server")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--clock-file", type=Path, help="file with the newsroom's time")
    parser.add_argument("--pages", type=Path, help="serve saved pages instead of the newsroom")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="wait before every answer")
    options = parser.parse_args(argv)
    if (options.clock_file is None) == (options.pages is None):
        parser.error("give one of --clock-file and --pages")
    return options


async def serve(options: argparse.Namespace) -> None:
    """Listen, say so, and wait for the end."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    _end_with_stdin(lambda: loop.call_soon_threadsafe(over.set))
    door = socket.create_server(("127.0.0.1", options.port), backlog=512)
    port: int = door.getsockname()[1]
    server = await listen(_route(options, port), door, delay=options.delay_ms / 1000)
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()
    async with server:
        await over.wait()


def _route(options: argparse.Namespace, port: int) -> Route:
    """Who answers: the newsroom, or the saved pages."""
    if options.pages is not None:
        return SavedPages(options.pages, port).answer
    newsroom = Newsroom(options.clock_file, port)
    newsroom.routes()  # a clock or an article that is wrong shows before anybody connects

    def answer(request: Request) -> Answer:
        routes = newsroom.routes()
        whole = routes.get((request.host, unquote(request.target)))
        return whole or routes.get((request.host, request.path), NOT_FOUND)

    return answer


def _end_with_stdin(end: Callable[[], object]) -> None:
    """Call `end` when the pipe at standard input closes; a terminal or a file means nothing."""
    mode = os.fstat(0).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return

    def wait() -> None:
        while os.read(0, 4096):
            continue
        end()

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main()
