"""A warm Python that forks for each command: a process of its own without a second of imports.

`python zygote.py` reads one order a line (JSON: arguments, cwd, env, where output goes) and forks;
the fork becomes the command. It has loaded modules and done nothing else: no reactor, no thread,
no connection. Tests that start `python -m crawler.cli.main` by themselves show that this differs
in nothing but the time it takes.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
LOADED = (
    "crawler.cli.main", "crawler.engine.runner", "crawler.engine.settling", "crawler.engine.guard",
    "crawler.engine.settings", "crawler.engine.pipelines", "crawler.engine.visits",
    "crawler.engine.probing", "crawler.engine.rechecks", "crawler.engine.rendered",
    "crawler.engine.robots", "crawler.reading.warc", "spiders.ways", "aiohttp.web", "requests",
    "tldextract", "hijridate", "scrapy.core.downloader.handlers.http11", "scrapy.squeues",
    "scrapy.downloadermiddlewares.cookies", "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.extensions.feedexport", "scrapy.extensions.throttle", "twisted.web.client",
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
            os.mkfifo(place / "ended")
            order = {"command": [*command], "cwd": str(cwd), "env": dict(env), "folder": folder}
            with self._lock:
                print(json.dumps(order), file=self._pipe(), flush=True)
            code = _wait_for(place, command, seconds)
            return code, _text(place / "stdout"), _text(place / "stderr")

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
            if command := os.fork():
                _tell_the_end(command, Path(order["folder"]))
            return _become(order)
    return None


def _tell_the_end(command: int, folder: Path) -> NoReturn:
    (folder / "pid").write_text(str(command))
    code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
    (folder / "ended").write_text(str(code))
    os._exit(0)


def _become(order: Mapping[str, str]) -> None:
    """Be `python COMMAND...` in its folder, with its environment and its output."""
    command = list(order["command"])
    for number, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(Path(order["folder"], name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])  # type: ignore[arg-type]  # the one value that is no word
    if command[0] == "-m":
        sys.path[0], sys.argv = order["cwd"], command[1:]
        sys.modules.pop(command[1], None)  # it runs under another name, as with -m
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.path[0], sys.argv = str(Path(command[0]).parent), command
        runpy.run_path(command[0], run_name="__main__")


if __name__ == "__main__":
    _serve()
