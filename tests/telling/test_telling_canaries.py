"""Fifty watched names, and not one of them leaves the machine, unless somebody is to have them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from canaries import ACTORS, NAMES, disguises, found
from harness import ROOT, logs, session
from receivers import Hook, MailServer, served
from stored import NIGHT, Story, fill

from crawler.tellings import MetricsSettings, NotifyTarget, PingSettings
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.database import open_database
from storage.events import EventStore
from storage.judgements import JudgementStore
from storage.slots import SlotStore
from storage.upkeep import Upkeep


@dataclass(frozen=True)
class Left:
    """Everything that left the machine or was written for others at a night's end."""

    hook: bytes
    mail: bytes
    page: bytes
    with_names: bytes
    metrics: bytes
    logs: bytes
    argv: bytes
    code: int


def filled(root: Path, settings: WorkspaceSettings) -> Workspace:
    """A workspace in whose every corner the names stand."""
    place = create_workspace(root, settings)
    names = [name for _, name in NAMES]
    stories = [
        Story(f"{name} spoke to the council about the school.", f"{name} speaks", "ma_manara")
        for name in names
    ]
    numbers = fill(place.database, stories, ACTORS)
    with open_database(place.database) as db:
        slots = SlotStore(db, clock=lambda: NIGHT)
        slot = slots.take("nightly", "2026-03-02", NIGHT)
        slots.begin_task(slot.id, "crawl", slot.process)
        slots.end_task(slot.id, "crawl", "failed", 1, names[0])
        slots.end(slot.id, "failed", names[1])
        run = {"slot_id": slot.id, "schedule": "nightly", "local_date": "2026-03-02"}
        with db.write():
            db.update("runs", 1, run)
        events = EventStore(db)
        for number, (kind, name) in enumerate(zip(("blocked", "frozen", "moved"), names)):  # noqa: B905  # the first three
            way = f"https://manara.test/tag/{quote(name)}"
            evidence = {"run": 1, "reason": name, "to": way, "newest": name, "way": way}
            events.open(kind, "ma_manara", way, evidence)
            upkeep = Upkeep(db)
            upkeep.end(upkeep.begin("backup"), ok=False, said=names[number])
        JudgementStore(db).not_this(numbers[0], ACTORS[0].id, who=names[2], why=names[3])
    return place


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("night")
    with (
        served(Hook()) as hook,
        served(MailServer()) as mail,
        served(Hook()) as page,
        served(Hook()) as team,
    ):
        targets = (
            NotifyTarget(name="hook", url=hook.target),
            NotifyTarget(name="mail", url=mail.target),
            NotifyTarget(name="team", url=team.target, names=True),
        )
        settings = WorkspaceSettings(
            contact="tests@marsad.test",
            shipped=False,
            notify=targets,
            ping=PingSettings(url=f"http://127.0.0.1:{page.port}/p"),
            metrics=MetricsSettings(textfile=str(folder / "marsad.prom")),
        )
        place = filled(folder / "w", settings)
        code, said, argv = _ended(place)
        yield Left(
            hook=b"\n".join(hook.raw),
            mail=b"\n".join(mail.raw),
            page=b"\n".join(page.raw),
            with_names=b"\n".join(team.raw),
            metrics=(folder / "marsad.prom").read_bytes(),
            logs=said + logs(place).encode(),
            argv=argv,
            code=code,
        )


def _ended(place: Workspace) -> tuple[int, bytes, bytes]:
    """The night's end in a process of its own: how it ended, what it said, and every argv."""
    driver = Path(__file__).with_name("night_end_driver.py")
    seen: set[bytes] = set()
    with subprocess.Popen(
        [sys.executable, str(driver), str(place.root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        watcher = threading.Thread(target=_watch, args=(process, seen))
        watcher.start()
        said, _ = process.communicate(timeout=100)
        watcher.join()
    return process.returncode, said, b"\n".join(seen)


def _watch(process: subprocess.Popen[bytes], seen: set[bytes]) -> None:
    while process.poll() is None:
        for pid in session(process.pid):
            try:
                seen.add(Path(f"/proc/{pid}/cmdline").read_bytes())
            except OSError:
                continue
        time.sleep(0.05)


def test_the_search_sees_through_every_disguise() -> None:
    assert len({name for _, name in NAMES}) == 48 + 2
    for number, (_, name) in enumerate(NAMES):
        for disguise in disguises(name):
            assert found(b"some text " + disguise + b" more") | found(disguise) >= {number}
    assert found("المجلس، le conseil, the council".encode()) == set()


def test_all_of_it_was_told(left: Left) -> None:
    assert left.code == 0, left.logs.decode()
    for arrived in (left.hook, left.with_names):
        assert b"ma_manara" in arrived
        assert b"nightly of 2026-03-02 failed" in arrived
        assert b"The last backup failed" in arrived
    assert b"Subject: " in left.mail
    assert left.page.count(b"GET /p") == 2
    assert b"marsad_" in left.metrics
    assert b"crawler.telling.courier" in left.argv


@pytest.mark.parametrize("what", ["hook", "mail", "page", "metrics", "logs", "argv"])
def test_no_name_of_fifty_left_the_machine(left: Left, what: str) -> None:
    assert found(getattr(left, what)) == set()


def test_the_names_reach_those_who_are_to_have_them(left: Left) -> None:
    """Also proves that the search above could have found something."""
    assert len(found(left.with_names)) >= 5
    assert b'"title": "Marsad' in left.with_names
