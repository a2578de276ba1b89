"""A warm Python that forks for each command: a process of its own without a second of imports.

`python zygote.py` reads one order a line (JSON: arguments, cwd, env, where output goes) and forks;
the fork becomes the command. It has loaded modules and done nothing else: no reactor, no thread,
no connection. Beside it stands another fork, to be the fork server of its workers if it asks for
one: it too is a process of its own that has what it would load. Tests that start
`python -m crawler.cli.main` by themselves show that this differs in nothing but the time it takes.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import forkserver, util
from pathlib import Path
from types import ModuleType
from typing import NoReturn, TextIO

ROOT = Path(__file__).resolve().parents[1]
LOADED = (
    "crawler.cli.main", "crawler.engine.runner", "crawler.engine.settling", "crawler.engine.guard",
    "crawler.engine.settings", "crawler.engine.pipelines", "crawler.engine.visits",
    "crawler.engine.probing", "crawler.engine.rechecks", "crawler.engine.rendered",
    "crawler.engine.robots", "crawler.engine.preload", "crawler.reading.warc", "spiders.ways",
    "aiohttp.web", "requests", "tldextract", "hijridate", "scrapy.squeues",
    "scrapy.core.downloader.handlers.http11", "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.httpcompression", "scrapy.extensions.feedexport",
    "scrapy.extensions.throttle", "twisted.web.client",
)  # fmt: skip


class Zygote:
    """The warm process of this test run, started when it is first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str], seconds: float
    ) -> tuple[int, str, str]:
        """Exit code, output and errors of `python COMMAND...`. Raises TimeoutExpired."""
        with tempfile.TemporaryDirectory(prefix="marsad-") as folder:
            place = Path(folder)
            self._order(place, {"command": [*command], "cwd": str(cwd), "env": dict(env)})
            code = _wait_for(place, command, seconds)
            return code, _text(place / "stdout"), _text(place / "stderr")

    def start(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Started:
        """`python COMMAND...` in a session of its own, to be watched while it runs."""
        started = Started(command)
        os.mkfifo(started.place / "stdout")
        order = {"command": [*command], "cwd": str(cwd), "env": dict(env), "session": True}
        self._order(started.place, order)
        started.stdout = (started.place / "stdout").open(encoding="utf-8")
        started.pid = int(_text(started.place / "pid"))
        return started

    def _order(self, place: Path, order: dict[str, object]) -> None:
        os.mkfifo(place / "ended")
        with self._lock:
            print(json.dumps(order | {"folder": str(place)}), file=self._pipe(), flush=True)

    def _pipe(self) -> object:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__))],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                text=True,
            )
            atexit.register(self._process.kill)
        return self._process.stdin


class Started:
    """A command that runs: as much of subprocess.Popen as tests need. Leaving it kills it."""

    pid: int
    stdout: TextIO

    def __init__(self, command: Sequence[str]) -> None:
        self.args = command
        self._folder = tempfile.TemporaryDirectory(prefix="marsad-")
        self.place = Path(self._folder.name)
        self.returncode: int | None = None

    @property
    def errors(self) -> str:
        """What it wrote to stderr so far."""
        return _text(self.place / "stderr")

    def kill(self) -> None:
        """As Popen.kill."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """As Popen.send_signal: nothing for what has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, timeout: float = 100) -> int:
        """As Popen.wait."""
        if self.returncode is None:
            self.returncode = _wait_for(self.place, self.args, timeout)
        return self.returncode

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *wrong: object) -> None:
        self.kill()
        self.wait()
        self.stdout.close()
        self._folder.cleanup()


def _wait_for(place: Path, command: Sequence[str], seconds: float) -> int:
    """The exit code, once the fork has told it."""
    said: list[str] = []
    waiting = threading.Thread(
        target=lambda: said.extend((place / "ended").read_text().split()), daemon=True
    )
    waiting.start()
    waiting.join(seconds)
    if not said:
        number = _text(place / "pid")
        if number:
            os.kill(int(number), signal.SIGKILL)
        waiting.join(10)
        raise subprocess.TimeoutExpired(command, seconds)
    return int(said[0])


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape") if path.exists() else ""


def _serve() -> None:
    """Fork for every order; the fork forks once more, to wait for the command and tell its end."""
    for name in LOADED:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules
    gc.freeze()  # what is loaded stays shared with the forks
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while line := sys.stdin.readline():
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            order = json.loads(line)
            go, told = os.pipe()
            if command := os.fork():
                Path(order["folder"], "pid").write_text(str(command))
                os.close(told)
                _tell_the_end(command, Path(order["folder"]))
            os.close(told)
            os.read(go, 1)  # begins when its number can be read
            os.close(go)
            return _become(order)
    return None


def _tell_the_end(command: int, folder: Path) -> NoReturn:
    code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
    (folder / "ended").write_text(str(code))
    os._exit(0)


def _become(order: Mapping[str, str]) -> None:
    """Be `python COMMAND...` in its folder, with its environment and its output."""
    command = list(order["command"])
    if "session" in order:
        os.setsid()
    for number, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(Path(order["folder"], name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
        kind_of_now = os.fdopen(number, "w", encoding="utf-8", closefd=False)  # a pipe, a file
        setattr(sys, name, kind_of_now)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])  # type: ignore[arg-type]  # the one value that is no word
    _keep_a_fork_server_ready()
    if command[0] == "-m":
        sys.path[0], sys.argv = order["cwd"], command[1:]
        sys.modules.pop(command[1], None)  # it runs under another name, as with -m
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    elif command[0] == "-c":
        sys.path[0], sys.argv = order["cwd"], ["-c", *command[2:]]
        sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(command[1], "<string>", "exec"), sys.modules["__main__"].__dict__)
    else:
        sys.path[0], sys.argv = str(Path(command[0]).parent), command
        runpy.run_path(command[0], run_name="__main__")


def _keep_a_fork_server_ready() -> None:
    """Fork one that waits until this command starts its fork server, and then is it."""
    ours, its = socket.socketpair()
    number = os.fork()
    if number == 0:
        ours.close()
        _be_the_fork_server(its)
    its.close()
    start = util.spawnv_passfds  # type: ignore[attr-defined]  # not in the stubs

    def started(path: bytes, arguments: Sequence[str], files: Sequence[int]) -> int:
        if "multiprocessing.forkserver" not in arguments[-1]:
            return int(start(path, arguments, files))
        util.spawnv_passfds = start  # type: ignore[attr-defined]  # should it start another
        socket.send_fds(ours, [arguments[-1].encode()], [2, *files])
        ours.close()
        return number

    util.spawnv_passfds = started  # type: ignore[attr-defined]  # as above


def _be_the_fork_server(its: socket.socket) -> NoReturn:
    """Run `multiprocessing.forkserver.main` with the files and arguments of an order."""
    try:
        code, files, _, _ = socket.recv_fds(its, 1 << 16, 3)
        its.close()
        if code:
            errors, listener, alive = files
            os.dup2(errors, 2)
            given = {"main": lambda _l, _a, *rest, **named: (rest, named)}
            rest, named = eval(code.decode().partition("; ")[2], given)  # Python's own call
            forkserver.main(listener, alive, *rest, **named)
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve()
