"""A limit on the memory of pages in the browser: scripts can have more than their own heap."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

MAX_PAGE_MEMORY = 1_000_000_000
"""Bytes that the process of one page may hold; beyond that it is killed, and the page with it."""
LOOK_SECONDS = 0.5
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


async def watch_memory(browser: Any) -> None:
    """Kill every page process that holds too much, until the browser has gone."""
    session = await browser.new_browser_cdp_session()
    while browser.is_connected():
        told = await session.send("SystemInfo.getProcessInfo")
        for process in told["processInfo"]:
            if process["type"] == "renderer" and held_by(process["id"]) > MAX_PAGE_MEMORY:
                log.warning("a page held more than %d bytes and was ended", MAX_PAGE_MEMORY)
                with suppress(ProcessLookupError):
                    os.kill(process["id"], signal.SIGKILL)
        await asyncio.sleep(LOOK_SECONDS)


def held_by(pid: int) -> int:
    """Bytes of memory that a process holds now; 0 for one that is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0
