"""The site as `marsad explore` opens it, in a process of its own; a writer beside it; memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.explorer_world import watched
from crawler.cli.explore import READY
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace

WRITES = 20
"""Articles a second that a crawl writes beside the questions."""


def workspace(root: Path) -> Workspace:
    """A workspace whose watchlist has the archive's actors; the database is put there later."""
    place = create_workspace(root, WorkspaceSettings(contact="bench@marsad.test", shipped=False))
    entries = []
    for one in watched():
        names = ", ".join(f"{code} = {json.dumps(form)}" for form, code in one.forms)
        entries.append(
            f'[[actors]]\nid = "{one.id}"\nkind = "{one.kind}"\nname = {{ {names} }}\n'
            'countries = ["iq"]\nthemes = ["rights"]\nevidence = ["made up"]\n'
        )
        entries += (
            f'[[actors.forms]]\ntext = {json.dumps(form)}\nlanguage = "{code}"\n'
            for form, code in one.forms
        )
    text = "".join(entries)
    (place.root / "watchlists" / "bench.toml").write_text(text, encoding="utf-8")
    return place


class Served:
    """A site that answers, and a client that it let in."""

    def __init__(self, process: subprocess.Popen[str], client: httpx.Client) -> None:
        self._process, self.client = process, client
        self.failed: list[str] = []

    def milliseconds(self, path: str) -> float:
        """How long an answer takes, whole; one that is no page is noted in `failed`."""
        started = time.perf_counter()
        answer = self.client.get(path)
        if answer.status_code != 200:
            print(f"{answer.status_code} {path}: {_said(answer.text)}")
            self.failed.append(path)
        return (time.perf_counter() - started) * 1000

    def forget_peak(self) -> None:
        """Measure the peak of memory from now on."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def peak_mb(self) -> float:
        """The most memory that the server held since, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def _said(page: str) -> str:
    """The words of a page of trouble."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub("<[^>]*>", " ", main).split())[6:]


@contextmanager
def served(place: Workspace) -> Iterator[Served]:
    """`marsad explore` on a free port."""
    command = [sys.executable, "-m", "crawler.cli.main", "explore", "--port", "0"]
    with subprocess.Popen(
        [*command, "-w", str(place.root)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = _address(process)
            base = re.match(r"https?://[^/]+", address)
            assert base
            with httpx.Client(base_url=base[0], timeout=120, follow_redirects=True) as client:
                client.get(address).raise_for_status()
                yield Served(process, client)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"https?://\S+", line):
            return found[0]
    raise RuntimeError(f"the site did not start: nothing said {READY!r}")


@contextmanager
def writing(place: Workspace) -> Iterator[None]:
    """A process that saves articles, each in a transaction, as a crawl at full pace does."""
    command = [sys.executable, "-m", "bench.explorer_writer", str(place.database), str(WRITES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        if process.stdout.readline() != "WRITES\n":
            raise RuntimeError("the writer did not start")
        try:
            yield
            if process.poll() is not None:
                raise RuntimeError("the writer ended before the questions did")
        finally:
            process.terminate()
