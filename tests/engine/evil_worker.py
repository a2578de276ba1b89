"""A worker whose reader hangs, dies, eats memory or stumbles over pages that say so."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from crawler.engine import worker


def start(*arguments: Any) -> None:
    """Stands in for `crawler.engine.tasks.start` inside a worker process."""
    worker.start(*arguments)
    honest = worker.page

    def page(page: Any, context: Any) -> Any:
        deeds = {"hang": hang, "die": die, "eat": eat, "stumble": stumble}
        deed = next((deeds[word] for word in deeds if f"/{word}" in page.url), None)
        if deed:
            deed()
        return honest(page, context)

    worker.page = page


def hang() -> None:
    time.sleep(600)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def eat() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(50_000_000))


def stumble() -> None:
    raise KeyError("a bug of ours")
