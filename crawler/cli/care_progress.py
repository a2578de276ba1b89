"""Progress of the care of the data: what is done now, and how far it has come."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from crawler.cli.common import err
from crawler.cli.progress import EVERY

_MANY = 10_000_000
"""From here on figures are bytes, and shown in MB: so many articles are in no archive."""


@contextmanager
def clean_end() -> Iterator[None]:
    """Have SIGTERM end the command as an error would: what is unfinished is cleaned away."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that is told the step, how much of it is done and how much there is.

    A live line on a terminal; where it is piped, a line now and then.
    """
    if err.is_terminal:
        with err.status("starting") as status:
            yield lambda step, done, total: status.update(_line(step, done, total))
        return
    last = time.monotonic()

    def tick(step: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            err.print(_line(step, done, total))

    yield tick


def _line(step: str, done: int, total: int) -> str:
    if max(done, total) >= _MANY:
        return f"{step}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
    if total:
        return f"{step}: {done} of {total}"
    return f"{step}: {done}" if done else step
