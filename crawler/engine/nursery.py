"""The fork server that workers come from: started early, it loads what they need beside the crawl.

Nothing of Scrapy or storage is needed here, so that it can be under way before those are loaded.
"""

from __future__ import annotations

import os
from multiprocessing import forkserver

STDERR = 2
_LOADED = ["crawler.engine.preload"]


def begin() -> None:
    """Start the fork server, if it does not run yet, with nothing to write errors to.

    It loads for a second, on another core than the crawl that begins. Workers inherit its standard
    error. What goes wrong in them comes back as WorkerFailed; Python's own last words (a worker
    ended while it starts, memory gone) would only stand on a person's screen.
    """
    forkserver.set_forkserver_preload(_LOADED)
    held = os.dup(STDERR)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, STDERR)
        forkserver.ensure_running()
    finally:
        os.dup2(held, STDERR)
        os.close(held)
        os.close(nothing)
