"""One attempt at a slot: its tasks, their ends, and what a stop or a kill leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import ROOT, Ran, marsad, publish, rows, session, workspace
from newsroom.hostile import HostileNewsroom

from crawler.datafiles import ConfigErrors
from crawler.workspace import Workspace
from schedules import supervisor, taskruns
from schedules.files import load_schedule
from schedules.pauses import pause, resume
from schedules.plan import Due, last_due
from schedules.planned import handed, schedule_of
from schedules.records import Schedule
from schedules.supervisor import Attempt, carry_out, what_is_due
from storage.database import open_database
from storage.errors import CannotWrite, SlotTaken
from storage.processes import Process
from storage.runs import RunStore
from storage.slots import SlotStore

DRIVER = Path(__file__).with_name("schedule_driver.py")
DUE = Due("2026-11-22", datetime(2026, 11, 22, 1, 30, tzinfo=UTC))


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "w", 9, ["one.test"])


def schedule(place: Workspace, text: str = "", tasks: str = '["crawl"]') -> Schedule:
    place.schedules_dir.mkdir(exist_ok=True)
    file = place.schedules_dir / "mine.toml"
    head = f'name = "mine"\nzone = "UTC"\nat = "04:30"\neverything = true\ndo = {tasks}\n'
    file.write_text(head + text)
    return load_schedule("mine", place.root)


def scripted(monkeypatch: pytest.MonkeyPatch, scripts: Mapping[str, str]) -> None:
    """Let tasks be lines of a shell."""

    def command(task: str, schedule: Schedule, slot_id: int, root: Path) -> list[str]:
        return ["sh", "-c", scripts[task]]

    monkeypatch.setattr(taskruns, "command", command)


def ends(attempt: Attempt) -> list[tuple[str, str]]:
    return [(one.task, one.status) for one in attempt.tasks]


def test_tasks_run_one_after_another_and_their_ends_are_noted(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = place.root / "order"
    scripted(monkeypatch, {one: f"echo {one} >> {log}" for one in ("crawl", "verify", "backup")})

    attempt = carry_out(place, schedule(place, tasks='["crawl", "verify", "backup"]'), DUE)

    assert log.read_text().split() == ["crawl", "verify", "backup"]
    assert (attempt.slot.status, attempt.exit_code) == ("done", 0)
    assert rows(place, "SELECT task, status, exit_code FROM slot_tasks ORDER BY task") == [
        ("backup", "done", 0),
        ("crawl", "done", 0),
        ("verify", "done", 0),
    ]


def test_a_failed_crawl_keeps_no_backup_from_being_made(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, {"crawl": "exit 1", "tidy": "kill -9 $$", "backup": "exit 3"})

    attempt = carry_out(place, schedule(place, tasks='["crawl", "tidy", "backup"]'), DUE)

    assert ends(attempt) == [("crawl", "failed"), ("tidy", "failed"), ("backup", "done")]
    assert (attempt.slot.status, attempt.exit_code) == ("failed", 1)
    assert "crawl: too much could not be read" in attempt.slot.said
    assert "tidy: it was killed by SIGKILL" in attempt.slot.said


@pytest.mark.parametrize(
    ("code", "status", "ends_with", "said"),
    [
        (0, "done", 0, ""),
        (3, "done", 3, ""),
        (1, "failed", 1, "too much could not be read"),
        (2, "failed", 1, "a file of this workspace is wrong"),
    ],
)
def test_what_a_crawl_ends_with_says_how_its_slot_went(
    place: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    status: str,
    ends_with: int,
    said: str,
) -> None:
    scripted(monkeypatch, {"crawl": f"exit {code}"})

    attempt = carry_out(place, schedule(place), DUE)

    assert (attempt.slot.status, attempt.exit_code) == (status, ends_with)
    assert said in attempt.slot.said


def test_another_attempt_does_only_what_is_not_done(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, mine = place.root / "order", schedule(place, "retries = 1\n", '["crawl", "backup"]')
    scripted(monkeypatch, {"crawl": f"echo crawl >> {log}", "backup": "exit 1"})
    carry_out(place, mine, DUE)
    scripted(monkeypatch, {"crawl": f"echo crawl >> {log}", "backup": f"echo backup >> {log}"})

    again = carry_out(place, mine, DUE)

    assert log.read_text().split() == ["crawl", "backup"]
    assert (again.slot.status, again.slot.attempts) == ("done", 2)
    with pytest.raises(SlotTaken):
        carry_out(place, mine, DUE)


def test_a_task_over_its_time_limit_ends_with_all_that_it_started(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = place.root / "pid"
    hanging = f"echo $$ > {pid}; sleep 60 & wait; sleep 60"
    scripted(monkeypatch, {"crawl": hanging, "backup": "exit 0"})
    began = time.monotonic()

    attempt = carry_out(place, schedule(place, 'time_limit = "1s"\n', '["crawl", "backup"]'), DUE)

    assert ends(attempt) == [("crawl", "timeout"), ("backup", "done")]
    assert "its time limit of 1s was over" in attempt.slot.said
    assert time.monotonic() - began < 20
    assert session(int(pid.read_text())) == set()


def test_what_a_task_says_reaches_no_journal_and_is_kept_where_it_broke_off(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    speaking = "echo Jane Roe; echo a traceback >&2; exit"
    scripted(monkeypatch, {"crawl": f"{speaking} 0", "backup": f"{speaking} 1"})

    carry_out(place, schedule(place, tasks='["crawl", "backup"]'), DUE)

    assert "Jane" not in "".join(capfd.readouterr())
    (kept,) = place.logs_dir.glob("mine-*")
    assert kept.name.startswith("mine-backup-")
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("a traceback\n", 0o600)


def test_what_cannot_be_told_is_said_and_stops_nothing(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.telling import alerts, metrics

    asked: list[str] = []

    def broken(*_: object) -> None:
        raise RuntimeError("no names here")

    monkeypatch.setattr(alerts, "update", broken)
    monkeypatch.setattr(metrics, "write", lambda *_: asked.append("metrics"))
    scripted(monkeypatch, {"crawl": "exit 0"})

    attempt = carry_out(place, schedule(place), DUE)

    assert (attempt.slot.status, attempt.exit_code) == ("done", 3)
    assert attempt.slot.said == "the alerts failed (RuntimeError); the log says where"
    assert asked == ["metrics"]


def test_a_signal_ends_the_task_under_way_and_the_rest_waits_for_another_attempt(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, mine = place.root / "order", schedule(place, tasks='["crawl", "backup"]')
    scripted(monkeypatch, {"crawl": "sleep 60", "backup": f"echo backup >> {log}"})
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    began = time.monotonic()

    attempt = carry_out(place, mine, DUE)

    assert time.monotonic() - began < 10
    assert (attempt.slot.status, attempt.exit_code) == ("interrupted", 1)
    assert ends(attempt) == [("crawl", "interrupted"), ("backup", "interrupted")]
    assert not log.exists()
    scripted(monkeypatch, {"crawl": "exit 0", "backup": f"echo backup >> {log}"})
    assert carry_out(place, mine, DUE).slot.status == "done"


def _has_ended(leader: int) -> bool:
    """Whether none of a session lives; one that was killed is seen until it has been buried."""
    deadline = time.monotonic() + 20
    while session(leader) and time.monotonic() < deadline:
        time.sleep(0.05)
    return session(leader) == set()


def test_what_a_killed_attempt_left_is_ended_and_its_slot_is_taken_again(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(place)
    slot, due = _yesterday(place)
    pid = place.root / "pid"
    (place.root / "task.sh").write_text(f"sleep 60 & echo $$ > {pid}; wait\n")
    with subprocess.Popen(
        [sys.executable, str(DRIVER), "run", "mine", "--slot", slot, "-w", str(place.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    ) as killed:
        leader = int(_when_written(pid))
        left = session(leader)
        killed.kill()
    scripted(monkeypatch, {"crawl": "exit 0"})

    attempt = carry_out(place, load_schedule("mine", place.root), Due(slot, due))

    assert len(left) == 2
    assert _has_ended(leader)
    assert (attempt.slot.status, attempt.slot.attempts) == ("done", 2)


def test_a_night_whose_telling_was_killed_is_told_by_the_next_run_once(place: Workspace) -> None:
    schedule(place, "report = true\ncatch_up_hours = 24\n")
    slot, _ = _yesterday(place)
    (place.root / "task.sh").write_text("exit 0\n")
    (place.root / "slow").write_text("")
    page = place.reports_dir / f"{slot}.html"
    with subprocess.Popen(
        [sys.executable, str(DRIVER), "run", "mine", "--slot", slot, "-w", str(place.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    ) as killed:
        _when_written(place.root / "slow")
        killed.kill()
    page.unlink()
    before = rows(place, "SELECT status, told_at FROM slots")

    first = marsad("run", "mine", "-w", str(place.root))
    told = rows(place, "SELECT status, attempts, told_at IS NOT NULL FROM slots")
    there = page.exists()
    page.unlink()
    marsad("run", "mine", "-w", str(place.root))

    assert before == [("done", None)]
    assert (first.code, "nothing is due" in first.stdout) == (0, True), first
    assert told == [("done", 1, 1)]
    assert (there, page.exists()) == (True, False)


def test_a_run_beside_one_under_way_says_who_has_it(place: Workspace) -> None:
    schedule(place)
    with open_database(place.database) as database:
        SlotStore(database).take("mine", "now 2026-11-22T13:15:07Z", DUE.due_at)
        pause(place.root, "mine", datetime.now(UTC))
        ran = marsad("run", "mine", "-w", str(place.root))

    assert ran.code == 2
    assert _says_who(ran)


def test_a_run_says_which_names_in_its_file_there_are_not(place: Workspace) -> None:
    schedule(place, 'notify = ["nobody"]\n')
    pause(place.root, "mine", datetime.now(UTC))

    ran = marsad("run", "mine", "-w", str(place.root))

    assert 'there is no [[notify]] in marsad.toml named "nobody"' in " ".join(ran.stderr.split())


def test_a_slot_that_needs_a_person_says_for_what(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, {"verify": "exit 3", "backup": "exit 0"})

    attempt = carry_out(place, schedule(place, tasks='["verify", "backup"]'), DUE)

    assert attempt.needs == ("verify needs a person: `marsad verify` says what is damaged",)


def _yesterday(place: Workspace) -> tuple[str, datetime]:
    moment = last_due(load_schedule("mine", place.root), datetime.now(UTC))
    return moment.slot, moment.at


def _when_written(path: Path) -> str:
    give_up_at = time.monotonic() + 30
    while time.monotonic() < give_up_at:
        if path.exists() and (text := path.read_text()).endswith("\n"):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path.name} was never written")


def test_of_fifty_that_take_a_slot_at_once_one_gets_it(place: Workspace) -> None:
    open_database(place.database).close()
    together = threading.Barrier(50)

    def take(_: int) -> str:
        with open_database(place.database) as database:
            together.wait()
            try:
                SlotStore(database).take("mine", DUE.slot, DUE.due_at)
            except SlotTaken as taken:
                return taken.slot.status
            return "mine"

    with ThreadPoolExecutor(50) as pool:
        got = sorted(pool.map(take, range(50)))

    assert got == ["mine", *["running"] * 49]
    assert rows(place, "SELECT count(*), max(attempts) FROM slots") == [(1, 1)]


def test_of_runs_started_at_once_one_does_the_work_and_the_others_say_who(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom:
        publish(newsroom, "one.test", [1, 2])
        place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
        schedule(place)
        slot, _ = _yesterday(place)
        command = ("run", "mine", "--slot", slot, "-w", str(place.root))

        with ThreadPoolExecutor(3) as pool:
            ran = list(pool.map(lambda _: marsad(*command), range(3)))
        once_more = marsad(*command)

    assert sorted(one.code for one in ran) in ([0, 2, 2], [0, 0, 2]), ran
    assert all(_says_who(one) for one in ran if one.code == 2), ran
    assert (once_more.code, once_more.stdout) == (
        0,
        f"mine of {slot} is done already; nothing was run.\n",
    )
    assert rows(place, "SELECT status, attempts FROM slots") == [("done", 1)]
    assert rows(place, "SELECT kind, status, slot_id, local_date FROM runs") == [
        ("crawl", "done", 1, slot)
    ]
    assert rows(place, "SELECT count(*) FROM articles") == [(2,)]


def _says_who(ran: Ran) -> bool:
    pid = ran.stderr.partition("is under way in process ")[2].partition(",")[0]
    return pid.isdecimal()


def test_nothing_is_due_while_a_schedule_is_paused_or_once_its_slot_is_done(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = schedule(place, "catch_up_hours = 24\n")
    slot, at = _yesterday(place)
    scripted(monkeypatch, {"crawl": "exit 0"})

    before = what_is_due(place, mine)
    pause(place.root, "mine", datetime.now(UTC))
    paused = what_is_due(place, mine)
    told = marsad("run", "mine", "-w", str(place.root))
    resume(place.root, "mine")
    carry_out(place, mine, Due(slot, at))

    assert before == Due(slot, at)
    assert paused is None
    assert (told.code, told.stdout) == (0, "mine is paused: `marsad schedule resume mine`\n")
    assert what_is_due(place, mine) is None
    assert supervisor.what_is_due(place, mine, lambda: at + timedelta(days=1)) is not None


def test_a_task_that_cannot_be_started_is_said_and_keeps_none_of_the_others(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def command(task: str, *_: object) -> list[str]:
        return ["/nowhere/at-all"] if task == "crawl" else ["true"]

    monkeypatch.setattr(taskruns, "command", command)

    attempt = carry_out(place, schedule(place, tasks='["crawl", "backup"]'), DUE)

    assert ends(attempt) == [("crawl", "failed"), ("backup", "done")]
    assert attempt.slot.said == "crawl: it could not be started: No such file or directory"


def test_work_that_cannot_be_noted_for_want_of_room_is_done_all_the_same(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CannotWrite(place.database, "the disk is full")

    monkeypatch.setattr(SlotStore, "begin_task", full)
    monkeypatch.setattr(SlotStore, "end_task", full)
    scripted(monkeypatch, {"crawl": "exit 1", "tidy": f"touch {place.root}/tidied"})

    attempt = carry_out(place, schedule(place, tasks='["crawl", "tidy"]'), DUE)

    assert ends(attempt) == [("crawl", "failed"), ("tidy", "done")]
    assert (place.root / "tidied").exists()


def test_a_run_whose_books_are_closed_is_not_made_again_where_nobody_lived_to_note_it(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, mine, log = Process(1, "another-boot:7"), schedule(place), place.root / "order"
    scripted(monkeypatch, {"crawl": f"echo crawl >> {log}"})
    with open_database(place.database) as database:
        slots, runs = SlotStore(database), RunStore(database)
        slot = slots.take("mine", DUE.slot, DUE.due_at)
        slots.begin_task(slot.id, "crawl", killed)
        runs.close(runs.open("crawl", slot_id=slot.id), "done")
        with database.write():
            database.execute("UPDATE runs SET pid = 1, process = 'another-boot:7'")
        slots.end_task(slot.id, "crawl", "interrupted", None)
        slots.end(slot.id, "interrupted")

    attempt = carry_out(place, mine, DUE)

    assert not log.exists()
    assert ends(attempt) == [("crawl", "done")]
    assert rows(place, "SELECT status FROM slot_tasks") == [("done",)]


@pytest.mark.parametrize("name", ["nightly", "daytime", "weekly", "recheck"])
def test_a_run_does_what_its_file_said_when_it_was_last_right(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    right = load_schedule(name, place.root)
    for variable, value in handed(right).items():
        monkeypatch.setenv(variable, value)
    place.schedules_dir.mkdir(exist_ok=True)
    (place.schedules_dir / f"{name}.toml").write_text('zone = "Mars"\n')

    assert schedule_of(name, place.root) == right
    with pytest.raises(ConfigErrors):
        schedule_of("another", place.root)
