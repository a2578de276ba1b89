"""The scheduler as a process: one per workspace, each slot once, and it ends when asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from harness import ROOT, marsad, publish, rows, session, workspace
from newsroom.hostile import Exchange, HostileNewsroom

from crawler.workspace import Workspace
from schedules import service, watching
from schedules.onlyone import LOCK_FILE, scheduler_lock
from schedules.records import Schedule
from schedules.words import when_words
from storage.database import open_database
from storage.runs import RunStore
from storage.slots import SlotStore

DRIVER = str(Path(__file__).with_name("schedule_driver.py"))
MARSAD = ("-m", "crawler.cli.main")
SHIPPED = ("nightly", "daytime", "weekly", "recheck")


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace whose only schedules are those of the test."""
    made = workspace(tmp_path / "w", 9, ["one.test"])
    for name in SHIPPED:
        write(made, name, "enabled = false\n")
    return made


def write(place: Workspace, name: str, text: str) -> None:
    place.schedules_dir.mkdir(exist_ok=True)
    beside = place.root / f"{name}.new"
    beside.write_text(text)
    beside.replace(place.schedules_dir / f"{name}.toml")  # as an editor does: whole or not at all


def often(place: Workspace, name: str = "often", more: str = "") -> None:
    """A schedule that is due every minute."""
    head = f'name = "{name}"\nzone = "UTC"\ncron = "* * * * *"\neverything = true\n'
    write(place, name, f'{head}retries = 3\nretry_after = "0s"\n{more}')


def tasks(place: Workspace, script: str) -> None:
    """What tasks do; $1 is the task."""
    beside = place.root / "next.sh"
    beside.write_text(script)
    beside.replace(place.root / "task.sh")  # a shell reads its script as it goes


class Scheduler:
    """A scheduler under way."""

    def __init__(self, command: list[str], stderr: IO[Any] | int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> tuple[int, float]:
        """Ask it to end; its exit code, and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40), time.monotonic() - began


@contextmanager
def scheduler(place: Workspace, *command: str) -> Iterator[Scheduler]:
    """The driver's scheduler, or that of a command; what it says is in ROOT/said."""
    with (place.root / "said").open("ab") as said:
        running = Scheduler(list(command) or [DRIVER, "service", str(place.root)], said)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


def said(place: Workspace) -> str:
    return (place.root / "said").read_text()


def wait_for(what: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What a function gives, once it gives something."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came to be")


def slots(place: Workspace, status: str = "%", schedule: str = "%") -> list[tuple[Any, ...]]:
    """Slots of a status: name, attempts, process."""
    if not place.database.exists():
        return []
    sql = "SELECT slot, attempts, pid FROM slots WHERE status LIKE ? AND schedule LIKE ?"
    try:
        return rows(place, f"{sql} ORDER BY id", status, schedule)
    except Exception:  # the database is being made
        return []


def leader(place: Workspace) -> int:
    """The process of the task under way, once it is noted."""
    sql = "SELECT pid FROM slot_tasks WHERE status = 'running'"
    return int(wait_for(lambda: slots(place) and rows(place, sql))[0][0])


def ours(place: Workspace) -> set[str]:
    """Processes that name the workspace or run its script, by number."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if str(place.root).encode() in words and path.parent.name != str(os.getpid()):
            found.add(path.parent.name)
    return found


def test_what_is_due_is_done_once_and_the_rest_when_its_time_has_come(place: Workspace) -> None:
    tasks(place, f"echo $1 >> {place.root}/done\n")
    head = 'zone = "UTC"\neverything = true\ncatch_up_hours = 24\n'
    write(place, "daily", f'name = "daily"\nat = "00:00"\n{head}')

    with scheduler(place) as first:
        wait_for(lambda: slots(place, "done"))
        time.sleep(0.6)  # some looks more
        ended, took = first.stop()
    with scheduler(place) as second:
        wait_for(lambda: said(place).count("scheduler started") == 2)
        time.sleep(0.6)
        second.stop()

    assert ended == 0
    assert took < 10
    assert (place.root / "done").read_text() == "crawl\n"
    assert [attempts for _, attempts, _ in slots(place)] == [1]


def test_a_night_whose_telling_was_killed_is_told_by_the_scheduler(place: Workspace) -> None:
    tasks(place, "exit 0\n")
    (place.root / "slow").write_text("")
    head = 'zone = "UTC"\neverything = true\ncatch_up_hours = 24\nreport = true\n'
    write(place, "daily", f'name = "daily"\nat = "00:00"\n{head}')

    with scheduler(place):
        teller = int(wait_for((place.root / "slow").read_text))
        (place.root / "slow").unlink()
        for page in place.reports_dir.iterdir():
            page.unlink()
        os.kill(teller, signal.SIGKILL)
        wait_for(lambda: rows(place, "SELECT id FROM slots WHERE told_at IS NOT NULL"))

    assert [attempts for _, attempts, _ in slots(place, "done")] == [1]
    assert len(list(place.reports_dir.iterdir())) == 2


@pytest.mark.parametrize("victims", ["supervisor", "task", "all"])
def test_whoever_is_killed_leaves_no_orphan_and_the_slot_is_done_in_the_end(
    place: Workspace, victims: str
) -> None:
    often(place)
    tasks(place, "sleep 300 & wait; sleep 300\n")

    with scheduler(place) as first:
        task = leader(place)
        (supervisor,) = (pid for _, _, pid in slots(place, "running"))
        killed = {
            "supervisor": [supervisor],
            "task": [task],
            "all": [first.process.pid, supervisor, task],
        }[victims]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        if first.process.pid in killed:
            first.process.wait()
        else:
            wait_for(lambda: not session(task))
        tasks(place, "exit 0\n")
    with scheduler(place):
        wait_for(lambda: slots(place, "done"))
        orphans = session(task)

    assert orphans == set()
    assert ours(place) == set()
    assert slots(place, "running") == []


def test_a_run_of_a_killed_scheduler_is_waited_for_and_ended_with_the_next(
    place: Workspace,
) -> None:
    often(place)
    tasks(place, "sleep 300\n")
    with scheduler(place) as first:
        task = leader(place)
        first.kill()

    with scheduler(place) as second:
        wait_for(lambda: said(place).count("scheduler started") == 2)
        time.sleep(0.6)  # some looks
        attempts = slots(place)
        alive = session(task)
        second.stop()

    assert len(attempts) == 1
    assert attempts[0][1] == 1
    assert alive
    assert session(task) == set()
    assert len(slots(place, "interrupted")) == 1
    assert ours(place) == set()


def test_what_does_not_want_to_end_is_ended_after_its_grace(place: Workspace) -> None:
    often(place)
    tasks(place, "trap '' TERM; sleep 300 & wait; sleep 300\n")

    with scheduler(place) as running:
        task = leader(place)
        code, took = running.stop()

    assert (code, 2 <= took < 15) == (0, True), took  # the driver's grace is two seconds
    assert session(task) == set()
    assert len(slots(place, "interrupted")) == 1


def test_all_that_a_stop_waits_for_is_over_within_half_a_minute() -> None:
    assert watching.GRACE_SECONDS + 3 < service.STOP_SECONDS
    assert service.STOP_SECONDS + 3 < 30


def test_a_second_scheduler_says_who_holds_the_workspace_and_ends_with_2(place: Workspace) -> None:
    write(place, "weekly", "")

    with scheduler(place) as first:
        wait_for(lambda: "scheduler started" in said(place))
        second = marsad("schedule", "run", "-w", str(place.root))
        still_running = first.process.poll() is None

    assert second.code == 2
    assert f"process {first.process.pid} since 20" in second.stderr
    assert "schedules this workspace already" in second.stderr
    assert still_running


def test_the_lock_of_a_killed_scheduler_does_not_count(place: Workspace) -> None:
    with scheduler(place) as first:
        wait_for(lambda: "scheduler started" in said(place))
        first.kill()

    with scheduler_lock(place.root):
        holder = (place.root / LOCK_FILE).read_text()

    assert holder.startswith(f"{os.getpid()} since ")


def test_files_count_as_they_are_now_and_a_wrong_one_as_it_was(place: Workspace) -> None:
    tasks(place, "exit 0\n")

    with scheduler(place):
        wait_for(lambda: "scheduler started" in said(place))
        often(place, "new")
        wait_for(lambda: slots(place, "done", "new"))
        write(place, "new", 'zone = "Mars"\n')
        wait_for(lambda: "schedules/new.toml" in said(place))
        time.sleep(0.6)  # some looks
        often(place, "other")
        wait_for(lambda: slots(place, "done", "other"))

    assert said(place).count("Mars") == 1


def test_a_paused_schedule_rests_until_it_is_resumed(place: Workspace) -> None:
    tasks(place, "exit 0\n")
    often(place)
    paused = marsad("schedule", "pause", "often", "--reason", "a test", "-w", str(place.root))

    with scheduler(place):
        wait_for(lambda: "scheduler started" in said(place))
        time.sleep(0.6)
        before = slots(place)
        listed = marsad("schedule", "list", "--json", "-w", str(place.root)).data["schedules"]
        marsad("schedule", "resume", "often", "-w", str(place.root))
        wait_for(lambda: slots(place, "done"))

    assert paused.stdout == "often rests until resumed.\n"
    assert before == []
    assert {one["name"]: one["next"]["paused"] for one in listed if one["next"]} == {"often": True}


def test_a_schedule_never_runs_beside_itself(place: Workspace) -> None:
    often(place)
    go, log = place.root / "go", place.root / "log"
    tasks(place, f"echo b >> {log}; while [ ! -e {go} ]; do sleep 0.1; done; echo e >> {log}\n")

    with scheduler(place):
        task = leader(place)
        beside = marsad("schedule", "run-now", "often", "-w", str(place.root))
        go.touch()
        wait_for(lambda: slots(place, "done"))

    assert beside.code == 2
    assert "is under way in process" in beside.stderr
    assert session(task) == set()
    assert log.read_text().split() == ["b", "e"] * len(slots(place))


def test_a_killed_night_over_a_newsroom_that_hangs_is_finished_by_the_next(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    asked = hanging(newsroom, "one.test", "/feed")
    publish(newsroom, "two.test", [4, 5])
    hosts = ["one.test", "two.test"]
    place = workspace(tmp_path / "w", newsroom.port, hosts, timeout_seconds=2.0)
    often(place)
    command = (*MARSAD, "schedule", "run", "often", "-w", str(place.root))

    with scheduler(place, *command) as first:
        assert asked.wait(60)
        task = leader(place)
        os.kill(slots(place, "running")[0][2], signal.SIGKILL)
        first.kill()
        orphans = session(task)
    publish(newsroom, "one.test", [1, 2, 3])
    with scheduler(place, *command) as second:
        wait_for(lambda: slots(place, "done"), 90)
        code, took = second.stop()

    assert orphans
    assert (code, took < 30) == (0, True), took
    assert session(task) | ours(place) == set()
    assert rows(place, "SELECT count(*) FROM articles") == [(5,)]
    assert_balanced(place)


def hanging(newsroom: HostileNewsroom, host: str, path: str) -> threading.Event:
    """Let a path never answer; the event says that it was asked for."""
    asked = threading.Event()

    def keep_waiting(exchange: Exchange) -> None:
        asked.set()
        exchange.closing.wait()

    newsroom.put(host, path, keep_waiting)
    return asked


def assert_balanced(place: Workspace) -> None:
    """No books are open, and all of them balance."""
    assert rows(place, "SELECT count(*) FROM runs WHERE status = 'running'") == [(0,)]
    with open_database(place.database) as database:
        for (number,) in rows(place, "SELECT id FROM runs"):
            assert RunStore(database).imbalance(number) == ""
        assert SlotStore(database).running() == []


def test_systemd_hears_that_the_service_is_ready_and_lives(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

        with scheduler(place):
            heard = [systemd.recv(500).decode() for _ in range(4)]
        while not heard[-1].startswith("STOPPING"):
            heard.append(systemd.recv(500).decode())

    assert heard[0].splitlines()[0] == "READY=1"
    assert set(heard[1:-1]) == {"WATCHDOG=1"}
    assert heard[-1] == "STOPPING=1"


def test_without_any_readable_schedule_of_a_name_nothing_starts(place: Workspace) -> None:
    write(place, "mine", 'name = "mine"\nzone = "Mars"\n')

    ran = marsad("schedule", "run", "mine", "-w", str(place.root))

    assert ran.code == 2
    assert "mine.toml:2: zone" in ran.stderr
    assert "Mars" in ran.stderr


def test_next_and_list_say_what_comes_and_how_it_went(place: Workspace) -> None:
    often(place)
    write(place, "daily", 'name = "daily"\nzone = "UTC"\nat = "04:30"\neverything = true\n')

    coming = marsad("schedule", "next", "--json", "-w", str(place.root)).data
    listed = marsad("schedule", "list", "-w", str(place.root))

    assert {one["schedule"] for one in coming} == {"often", "daily"}
    assert [one["at"] for one in coming] == sorted(one["at"] for one in coming)
    assert listed.code == 0
    assert "daily 04:30" in listed.stdout
    assert "daily: crawl, by the clock of UTC" in listed.stdout
    assert "switched off" in listed.stdout
    assert max(map(len, listed.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"at": "04:30"}, "daily 04:30"),
        ({"cron": "0 8,13,18,23 * * *"}, "08:00, 13:00, 18:00, 23:00"),
        ({"cron": "0 11 * * fri"}, "Fridays 11:00"),
        ({"cron": "*/5 1-4 1 * *"}, "*/5 1-4 1 * *"),
        ({"every": "3h"}, "every 3 hours"),
        ({"every": "1h"}, "every hour"),
        ({"every": "90m"}, "every 90 minutes"),
    ],
)
def test_when_a_schedule_runs_is_said_in_words_where_they_are_short(
    when: dict[str, str], words: str
) -> None:
    assert when_words(Schedule(name="mine", zone="UTC", **when)) == words  # type: ignore[arg-type]  # read from text


@pytest.mark.parametrize("day", ["2026-13-45", "tomorrow", "9999-12-31"])
def test_a_pause_until_a_day_that_is_none_says_how_to_write_one(place: Workspace, day: str) -> None:
    ran = marsad("schedule", "pause", "often", "--until", day, "-w", str(place.root))

    assert ran.code == 2
    assert f'there is no day "{day}"' in " ".join(ran.stderr.split())
    assert "Value error" not in ran.stderr
