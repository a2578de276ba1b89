"""Each time at which a schedule's work is due is taken by one process, once."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.database import open_database
from storage.errors import SlotTaken
from storage.processes import Process, current_process
from storage.slots import MOST_ATTEMPTS, SlotStore

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

DUE = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.fixture
def slots(desk: Desk) -> SlotStore:
    return SlotStore(desk.db, clock=desk.clock)


def kill(desk: Desk, slot_id: int) -> None:
    """Have a slot look as after a power cut: its process is gone, and its lock with it."""
    desk.db.execute("UPDATE slots SET pid = 999999, process = 'gone' WHERE id = ?", (slot_id,))
    (lock,) = desk.path.parent.glob(f"*-slot-{slot_id}.lock")
    lock.unlink()


def test_a_slot_is_taken_once(slots: SlotStore) -> None:
    taken = slots.take("nightly", "2026-11-22", DUE, missed=2)
    with pytest.raises(SlotTaken, match="running"):
        slots.take("nightly", "2026-11-22", DUE)
    slots.end(taken.id, "done", "all read")

    with pytest.raises(SlotTaken, match="done") as refused:
        slots.take("nightly", "2026-11-22", DUE)

    assert (refused.value.slot.said, refused.value.slot.missed) == ("all read", 2)
    assert slots.take("nightly", "2026-11-23", DUE).attempts == 1


def test_a_schedule_never_runs_beside_itself_but_beside_another(slots: SlotStore) -> None:
    slots.take("nightly", "2026-11-22", DUE)

    with pytest.raises(SlotTaken, match="2026-11-22 is running"):
        slots.take("nightly", "2026-11-23", DUE)

    assert slots.take("weekly", "2026-11-22", DUE).status == "running"


def test_a_failed_slot_may_be_taken_as_often_as_its_file_says(slots: SlotStore) -> None:
    for attempt in (1, 2, 3):
        slot = slots.take("nightly", "2026-11-22", DUE, retries=2)
        assert slot.attempts == attempt
        slots.end(slot.id, "failed", "the line was down")

    with pytest.raises(SlotTaken, match="failed"):
        slots.take("nightly", "2026-11-22", DUE, retries=2)


def test_a_power_cut_leaves_its_slot_interrupted_and_says_what_was_under_way(
    desk: Desk, slots: SlotStore
) -> None:
    slot = slots.take("nightly", "2026-11-22", DUE)
    slots.begin_task(slot.id, "crawl", current_process())
    slots.end_task(slot.id, "crawl", "done", 0)
    slots.begin_task(slot.id, "recheck", Process(999998, "gone"))
    kill(desk, slot.id)

    ((dead, under_way),) = slots.recover()

    assert (dead.id, [task.task for task in under_way]) == (slot.id, ["recheck"])
    assert [task.status for task in slots.tasks(slot.id)] == ["done", "interrupted"]
    again = slots.take("nightly", "2026-11-22", DUE)
    assert (again.id, again.attempts, again.status) == (slot.id, 2, "running")


def test_a_slot_in_which_the_power_fails_for_ever_is_given_up(desk: Desk, slots: SlotStore) -> None:
    for _ in range(MOST_ATTEMPTS):
        kill(desk, slots.take("nightly", "2026-11-22", DUE).id)
        slots.recover()

    with pytest.raises(SlotTaken, match="interrupted"):
        slots.take("nightly", "2026-11-22", DUE)


def test_a_slot_whose_process_lives_is_not_recovered(slots: SlotStore) -> None:
    slot = slots.take("nightly", "2026-11-22", DUE)

    assert slots.recover() == []
    assert slots.lives(slots.get(slot.id))


def test_a_run_says_which_slot_it_is_a_part_of(desk: Desk, slots: SlotStore) -> None:
    slot = slots.take("nightly", "2026-11-22", DUE)

    run_id = desk.run(slot_id=slot.id)

    sql = "SELECT schedule, local_date, slot_id FROM runs WHERE id = ?"
    row = desk.db.one(sql, (run_id,))
    assert row is not None and tuple(row) == ("nightly", "2026-11-22", slot.id)


def test_of_many_that_begin_at_the_same_instant_one_has_the_slot(tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    open_database(path).close()
    script = (
        "import sys, time\n"
        "from datetime import UTC, datetime\n"
        "from storage.database import open_database\n"
        "from storage.errors import SlotTaken\n"
        "from storage.slots import SlotStore\n"
        "db = open_database(sys.argv[1]); store = SlotStore(db)\n"
        "for number in range(50):\n"
        "    time.sleep(max(0, float(sys.argv[2]) + number * 0.02 - time.time()))\n"
        "    try: slot = store.take('nightly', f'slot {number}', datetime.now(UTC))\n"
        "    except SlotTaken: continue\n"
        "    print(number, flush=True); store.end(slot.id, 'done')\n"
    )
    begin = str(time.time() + 1.5)
    command = [sys.executable, "-c", script, str(path), begin]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = [line for process in running for line in process.communicate()[0].split()]

    assert len(taken) == len(set(taken))
    assert sorted(map(int, taken)) == list(range(50))
