"""A child process watched beside the signals that ask us to end, and beside a limit of time."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import IO, Literal, Self

from storage.processes import Process, process_of
from storage.processgroups import end_group

GRACE_SECONDS = 22.0
"""Time that a task gets to end by itself: what asks us to end waits for half a minute at most."""
LEFTOVER_SECONDS = 2.0
"""Time that what a task has started gets to end after it."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

News = Literal["ended", "look", "stop", "late"]


class AskedToStop(BaseException):
    """We were asked to end, and nothing is under way that would have to end in good order."""


class Signals:
    """SIGTERM and SIGINT as news beside others, for as long as it is entered."""

    def __init__(self) -> None:
        """Nothing is caught before it is entered."""
        self.stopped = False
        self._news: SimpleQueue[News] = SimpleQueue()  # may be put to from a signal handler
        self._at_once = False

    def __enter__(self) -> Self:
        self._before = [signal.signal(number, self._asked) for number in _SIGNALS]
        return self

    def __exit__(self, *error: object) -> None:
        for number, before in zip(_SIGNALS, self._before, strict=True):
            signal.signal(number, before)

    def _asked(self, signum: int, frame: FrameType | None) -> None:
        """Only the first counts: systemd and a scheduler may both ask."""
        first, self.stopped = not self.stopped, True
        if first and self._at_once:
            raise AskedToStop
        self._news.put("stop")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Where a signal ends what we do wherever we are; raises AskedToStop."""
        self._at_once = True
        if self.stopped:
            raise AskedToStop
        try:
            yield
        finally:
            self._at_once = False

    def tell(self, news: News) -> None:
        """Put news beside the signals, from any thread."""
        self._news.put(news)

    def wait(self, seconds: float | None) -> News:
        """The next news; "late" where none has come within so many seconds."""
        if self.stopped:
            return "stop"
        try:
            return self._news.get(timeout=seconds)
        except Empty:
            return "late"


class Child:
    """A command in a session of its own; it, and all that it started, ends with `end`."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        stdout: int | None = None,
        stderr: IO[bytes] | int | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Start it. Raises OSError."""
        self._child = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        self.process: Process = process_of(self._child.pid)
        self._waiting: threading.Thread | None = None

    @property
    def exit_code(self) -> int | None:
        """What it ended with (below 0: the signal that killed it); None while it runs."""
        return self._child.poll()

    def notify(self, signals: Signals) -> None:
        """Let `signals` say "ended" when it has."""
        self._waiting = threading.Thread(target=self._wait, args=(signals,), daemon=True)
        self._waiting.start()

    def _wait(self, signals: Signals) -> None:
        self._child.wait()
        signals.tell("ended")

    def watch(self, signals: Signals, seconds: float | None) -> News:
        """Wait until it has ended, a signal asks us to stop, or it has run for so many seconds.

        By a clock that nobody sets, and that stands still while the machine sleeps.
        """
        self.notify(signals)
        end = None if seconds is None else time.monotonic() + seconds
        while self.exit_code is None:  # "ended" may be the news of an earlier child
            news = signals.wait(None if end is None else max(end - time.monotonic(), 0.0))
            if news in ("stop", "late"):
                return news
        return "ended"

    def end(self, grace_seconds: float) -> None:
        """Ask its group to end, and make it end after so many seconds."""
        end_group(self.process, grace_seconds)
        if self._waiting is not None:
            self._waiting.join(1.0)
