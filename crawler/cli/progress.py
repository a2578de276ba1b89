"""Progress of long work: a live line on a terminal, a line now and then where it is piped."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crawler.cli.common import err

EVERY = 10.0
"""Seconds between two lines where nobody watches live."""


@contextmanager
def steps(what: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that is told how many are done."""
    if err.is_terminal:
        with err.status(what) as status:
            yield lambda done: status.update(f"{what}: {done}")
        return
    last = time.monotonic()

    def tick(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            err.print(f"{what}: {done}")

    yield tick
