"""A server of saved pages for all tools of one run: `python -m bench.served FOLDER`.

It answers as `crawler.demo.server --pages` does; as a proxy too, so that tools with a resolver of
their own find hosts that are in no DNS; and a feed's host has a front page that names the feed, and
a feed with titles ("1", "2" …): one tool asks for both, and loses articles without. It prints one
JSON line with its port.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from crawler.demo.answers import Answer
from crawler.demo.httpserver import Request, listen
from crawler.demo.pages import SavedPages

FRONT = b'<html><link rel="alternate" type="application/rss+xml" href="/titled.xml"></html>'

ENDING, OTHER_ENDING = ".test", ".example.com"
"""What the hosts end with; and for a tool that takes only addresses with a registered ending."""


class Served:
    """Saved pages as every tool asks for them."""

    def __init__(self, folder: Path, port: int) -> None:
        self._pages = SavedPages(folder, port)

    def answer(self, request: Request) -> Answer:
        """The page, feed or front page that a request asks for."""
        host = request.headers.get("host", "").replace(OTHER_ENDING, ENDING)
        target = re.sub(r"^http://[^/]*", "", request.target) or "/"
        asked = replace(request, target=target, headers=request.headers | {"host": host})
        if asked.host.endswith(".saved.test") and asked.path == "/":
            return Answer(content_type="text/html", body=FRONT)
        if asked.path == "/titled.xml":
            return self._titled(replace(asked, target="/feed.xml"))
        return self._pages.answer(asked)

    def _titled(self, asked: Request) -> Answer:
        number = count(1)
        feed = self._pages.answer(asked).plain.decode()
        titled = re.sub("<item>", lambda _: f"<item><title>{next(number)}</title>", feed)
        return Answer(content_type="application/rss+xml", body=titled.encode())


async def serve(folder: Path) -> None:
    """Listen, say where, and answer until the process is ended."""
    door = socket.create_server(("127.0.0.1", 0), backlog=512)
    port: int = door.getsockname()[1]
    server = await listen(Served(folder, port).answer, door, delay=0)
    print(json.dumps({"port": port}), flush=True)
    async with server:
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
