"""`marsad status` over archives that nights have left: what is well, what is not, what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from harness import killed, marsad
from watched import Archive, feed, item

from crawler.care.backups import back_up
from crawler.telling import sizes
from crawler.telling.status import status
from crawler.telling.status_records import Status
from crawler.tellings import NotifyTarget
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.alerts import AlertStore, Finding
from storage.candidates import CandidateStore
from storage.events import EventStore
from storage.models import FetchRecord, Outcome
from storage.runs import RunStore
from storage.slots import Coming, SlotStore
from storage.upkeep import Upkeep

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
DUE = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)
NIGHTLY = Coming("nightly", "2026-03-07", DUE + timedelta(days=1), last_due=DUE)
OUTLETS = ("ma_east", "iq_west", "bh_south")


class Watch:
    """A workspace that was crawled for five nights, at noon after the last."""

    def __init__(self, root: Path, settings: WorkspaceSettings) -> None:
        self.place = Workspace(root, settings)
        self.archive = Archive(self.place.database, OUTLETS)
        self.db = self.archive.db
        self.slots = SlotStore(self.db, clock=lambda: DUE + timedelta(minutes=20))
        self.upkeep = Upkeep(self.db, clock=lambda: NOW - timedelta(days=1))
        self.events = EventStore(self.db)

    def slot(self, day: str = "2026-03-06", how: str = "done", said: str = "", **more: Any) -> None:
        """A slot of `nightly` that ended so."""
        slot = self.slots.take("nightly", day, DUE, **more)
        self.slots.end(slot.id, how, said)

    def care(self, kind: str, ok: bool = True, said: str = "", **figures: int) -> None:
        self.upkeep.end(self.upkeep.begin(kind), ok, said, figures)

    def tell(self, *coming: Coming, **more: Any) -> Status:
        return status(self.place, coming or (NIGHTLY,), **more)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The five nights, made once."""
    settings = WorkspaceSettings(contact="tests@marsad.test", shipped=False)
    place = create_workspace(tmp_path_factory.mktemp("nights") / "watch", settings)
    archive = Archive(place.database, OUTLETS)
    archive.nights(FIRST, LAST)
    archive.db.close()
    return place


@pytest.fixture
def watch(nights: Workspace, tmp_path: Path) -> Iterator[Watch]:
    root = shutil.copytree(nights.root, tmp_path / "watch")
    with time_machine.travel(NOW, tick=False):
        made = Watch(root, nights.settings)
        yield made
        made.db.close()


def said(told: Status) -> list[str]:
    return [matter.said for matter in told.matters]


def test_a_watch_that_runs_by_itself_is_well(watch: Watch) -> None:
    watch.slot()
    watch.care("backup", bytes=4_000_000)

    told = watch.tell()

    assert (told.code, said(told)) == (0, [])
    assert told.verdict == "All is well; next run 2026-03-07 01:30 UTC."
    assert told.outlets["well"] == 3
    assert told.backup is not None
    assert told.backup.bytes == 4_000_000
    assert told.schedules[0].done_at == DUE + timedelta(minutes=20)


def test_where_nothing_ever_ran_by_itself_that_is_said_first(watch: Watch) -> None:
    told = watch.tell()

    assert told.code == 1
    assert told.verdict == "Nothing runs by itself here yet: `marsad schedule run` starts it."
    assert "docs/how-to-run-by-itself.md" in told.matters[0].step


def test_where_every_schedule_is_switched_off_that_is_not_well(watch: Watch) -> None:
    watch.slot()
    watch.care("backup", bytes=4_000_000)

    told = status(watch.place, ())

    assert told.code == 1
    assert "no schedule is switched on" in told.verdict


def test_a_night_that_was_due_and_not_started_is_told_with_what_to_look_at(watch: Watch) -> None:
    watch.slot("2026-03-05")
    late = Coming(
        "nightly", "2026-03-07", DUE + timedelta(days=1), last_due=DUE + timedelta(hours=1)
    )

    told = watch.tell(late)

    assert told.code == 1
    assert said(told) == ["nightly, due 2026-03-06 02:30 UTC, was not started"]
    assert "marsad schedule run" in told.matters[0].step


def test_a_schedule_is_not_overdue_in_its_first_hours_or_while_it_is_paused(watch: Watch) -> None:
    watch.slot("2026-03-05")
    just_now = Coming("nightly", "a", NOW + timedelta(days=1), last_due=NOW - timedelta(hours=1))
    until = NOW + timedelta(days=3)
    resting = Coming("weekly", "b", until, last_due=NOW - timedelta(hours=5), paused=True,
                     paused_until=until)  # fmt: skip

    assert watch.tell(just_now, resting).code == 0


def test_a_schedule_was_not_missed_before_there_was_anything_to_run(watch: Watch) -> None:
    watch.slot()
    weekly = Coming(
        "weekly", "w", NOW + timedelta(days=6), last_due=datetime(2026, 2, 27, tzinfo=UTC)
    )

    assert watch.tell(NIGHTLY, weekly).code == 0


@pytest.mark.parametrize(
    ("how", "words"), [("failed", "failed: the disk was full"), ("interrupted", "broke off")]
)
def test_a_night_that_did_not_go_to_its_end_is_not_as_it_should_be(
    watch: Watch, how: str, words: str
) -> None:
    watch.slot(how=how, said="the disk was full")

    told = watch.tell()

    assert told.code == 1
    assert words in said(told)[0]


def test_a_failed_night_is_forgotten_when_the_next_one_is_done(watch: Watch) -> None:
    watch.slot("2026-03-05", "failed")
    watch.slot("2026-03-06", "done")

    assert watch.tell().code == 0


def test_a_slot_whose_process_is_gone_is_told_as_cut_off(watch: Watch) -> None:
    watch.slots.take("nightly", "2026-03-06", DUE)
    watch.db.execute("UPDATE slots SET process = 'another boot:1'")
    for lock in watch.place.root.glob("*.lock"):
        lock.unlink()

    told = watch.tell()

    assert (told.code, told.schedules[0].last.status) == (1, "cut off")  # type: ignore[union-attr]  # there is one


def test_after_a_kill_the_command_tells_what_was_cut_off_and_that_it_goes_on(watch: Watch) -> None:
    killed(str(Path(__file__).with_name("killed_slot_driver.py")), str(watch.place.root))

    shown = marsad("status", "--workspace", str(watch.place.root)).stdout
    told = " ".join(shown.split())

    assert "was cut off (its process is gone) and goes on at the next start" in told
    assert "was cut off; goes on at the next start." in told
    assert "under way" not in told
    assert " running " not in told.partition("schedule last for")[2]
    assert "of 0" not in told


def test_nights_that_nobody_ran_are_told_until_the_next_one_is_done(watch: Watch) -> None:
    watch.slot(missed=9)

    assert said(watch.tell()) == ["before 2026-03-06, nightly was missed 9 times"]

    watch.slot("2026-03-07")

    assert watch.tell().code == 0


def test_a_schedule_that_somebody_forgot_to_resume_needs_a_person(watch: Watch) -> None:
    watch.slot()
    resting = Coming("nightly", "x", DUE + timedelta(days=1), last_due=DUE, paused=True)

    told = watch.tell(resting)

    assert (told.code, said(told)) == (3, ["nightly is paused until somebody resumes it"])


def test_books_that_do_not_balance_are_no_matter_for_later(watch: Watch) -> None:
    watch.slot()
    watch.db.execute("DELETE FROM outcomes WHERE run_id = 3")

    told = watch.tell()

    assert told.code == 1
    assert "the books of run 3 do not balance" in said(told)[0]


def test_a_run_that_was_killed_is_told_as_cut_off(watch: Watch) -> None:
    run_id = RunStore(watch.db).open("crawl")
    watch.db.execute("UPDATE runs SET process = 'another boot:1' WHERE id = ?", (run_id,))
    for lock in watch.place.root.glob("*.lock"):
        lock.unlink()

    (run,) = watch.tell().running

    assert (run.run_id, run.kind, run.lives) == (run_id, "crawl", False)


# ---------------------------------------------------------------- outlets


def states(told: Status) -> Mapping[str, str]:
    return {one.outlet_id: one.state for one in told.outlets_to_see}


def test_outlets_are_blocked_silent_or_recovered_as_their_troubles_say(watch: Watch) -> None:
    watch.slot()
    yesterday = NOW - timedelta(hours=9)
    watch.events.open("blocked", "ma_east", "direct", {"way": feed("ma_east")}, NOW)
    watch.events.open("unreachable", "iq_west", "", {"ways": [feed("iq_west")]}, NOW)
    watch.events.open("server_error", "bh_south", "", {}, NOW - timedelta(days=3))
    watch.events.close("server_error", "bh_south", "", at=yesterday)

    told = watch.tell()

    assert states(told) == {"ma_east": "blocked", "iq_west": "silent", "bh_south": "recovered"}
    assert [one.state for one in told.outlets_to_see] == ["blocked", "silent", "recovered"]
    assert told.outlets_to_see[2].since == yesterday
    assert told.outlets_to_see[0].step
    assert (told.code, said(told)) == (3, ["2 outlets need a look (1 blocked, 1 silent)"])


def test_an_outlet_that_another_way_still_reads_is_in_trouble_and_not_silent(watch: Watch) -> None:
    watch.events.open("gone", "ma_east", feed("ma_east"), {}, NOW - timedelta(days=3))

    assert states(watch.tell()) == {"ma_east": "troubled"}


def test_an_outlet_counts_as_recovered_for_a_week(watch: Watch) -> None:
    watch.events.open("unreachable", "iq_west", "", {}, NOW - timedelta(days=20))
    watch.events.close("unreachable", "iq_west", "", at=NOW - timedelta(days=8))

    assert states(watch.tell()) == {}


def test_an_outlet_that_nothing_was_read_of_is_not_called_well(watch: Watch) -> None:
    known = watch.db.one("SELECT * FROM outlets WHERE id = 'ma_east'")
    watch.db.insert("outlets", {**dict(known or {}), "id": "ye_new"})

    told = watch.tell()

    assert states(told) == {"ye_new": "not read yet"}
    assert (told.outlets["not read yet"], told.outlets["well"]) == (1, 3)


def asked_again(watch: Watch, seconds: float, late: int) -> None:
    """Thirty pages of ma_east were asked for: so many came late, the others after `seconds`."""
    runs, store = RunStore(watch.db), CandidateStore(watch.db)
    run_id = runs.open("crawl")
    old = [item("ma_east", NOW - timedelta(days=40, hours=3 * n)) for n in range(30)]
    for number, candidate in enumerate(store.add(run_id, old)):
        fetch = FetchRecord(candidate.url, NOW, status=404, elapsed=seconds)
        gone = (Outcome.GONE, "404", fetch)
        end = (Outcome.TIMEOUT, "no answer", None) if number < late else gone
        store.finish(run_id, candidate, *end)
    runs.close(run_id, "done")


@pytest.mark.parametrize(("seconds", "late"), [(7.5, 0), (0.3, 4)])
def test_an_outlet_is_slow_when_its_answers_take_long_or_do_not_come(
    watch: Watch, seconds: float, late: int
) -> None:
    watch.slot()
    asked_again(watch, seconds, late)

    told = watch.tell()

    assert states(told) == {"ma_east": "slow"}
    assert told.code == 0


def test_an_outlet_that_was_late_once_or_twice_is_well(watch: Watch) -> None:
    asked_again(watch, seconds=1.5, late=2)

    assert states(watch.tell()) == {}


# ---------------------------------------------------------------- queues, disk, care


def test_what_waits_is_told_with_what_failed_before(watch: Watch) -> None:
    asked_again(watch, seconds=0.3, late=3)
    watch.archive.now = NOW
    run_id = watch.archive.runs.open("crawl")
    fresh = [item("iq_west", NOW + timedelta(hours=3 * n)) for n in range(4)]
    watch.archive.visit(run_id, "iq_west", fresh)
    watch.archive.runs.close(run_id, "interrupted")

    waiting = watch.tell().waiting

    assert (waiting.pending, waiting.tried) == (7, 3)
    assert waiting.by_outlet == (("iq_west", 4, 0), ("ma_east", 3, 3))
    assert waiting.since == NOW


def test_the_sizes_of_three_nights_tell_how_long_the_disk_lasts(watch: Watch) -> None:
    watch.slot()
    assert watch.tell().disk.growth.outlook == "unknown"

    for night in range(4):
        with time_machine.travel(NOW - timedelta(days=3 - night), tick=False):
            (watch.place.warc_dir / f"run-00000{night}.warc.gz").write_bytes(b"x" * 200_000)
            sizes.note(watch.place)

    disk = watch.tell().disk
    assert disk.growth.nights == 4
    assert disk.growth.per_night is not None
    assert 200_000 <= disk.growth.per_night < 500_000
    assert disk.sizes.captures == 800_000
    assert disk.sizes.database > 100_000


def test_a_disk_below_its_reserve_keeps_the_work_from_being_done(watch: Watch) -> None:
    watch.slot()
    settings = watch.place.settings
    disk = settings.disk.model_copy(update={"reserve_megabytes": 9_999_999})
    watch.place = Workspace(watch.place.root, settings.model_copy(update={"disk": disk}))

    told = watch.tell()

    assert (told.code, said(told)) == (1, ["the disk is full up to its reserve"])


def test_captures_that_are_not_what_was_written_need_a_person(watch: Watch) -> None:
    watch.slot()
    for number in (1, 2):
        name = f"run-00000{number}.warc.gz"
        (watch.place.warc_dir / name).write_bytes(b"")
        values = {"name": name, "bytes": 9, "records": 1, "wrong": number - 1}
        watch.db.insert("capture_files", values | {"verified_at": f"2026-03-0{number}T00:00:00Z"})
    (watch.place.warc_dir / "run-000003.warc.gz").write_bytes(b"")

    told = watch.tell()

    assert (told.captures.files, told.captures.never, told.captures.wrong) == (3, 1, 1)
    assert told.captures.oldest == datetime(2026, 3, 1, tzinfo=UTC)
    assert (told.code, said(told)) == (3, ["1 capture is not as it was stored"])


def test_captures_whose_file_is_gone_are_wrong_too_and_are_told_once(watch: Watch) -> None:
    watch.slot()
    values = {"name": "gone.warc.gz", "bytes": 0, "records": 27, "wrong": 27}
    watch.db.insert("capture_files", values | {"verified_at": "2026-03-01T00:00:00Z"})
    watch.care("verify", ok=False, said="wrong: 27 captures", wrong_captures=27)
    watch.care("verify", ok=False, said="wrong: 1 text", articles_wrong=1)  # without captures

    told = watch.tell()

    assert (told.captures.files, told.captures.never, told.captures.wrong) == (0, 0, 27)
    assert said(told) == [
        "27 captures are not as they were stored",
        "1 article is not as it was stored",
    ]
    assert "--captures-from" in told.matters[0].step
    assert "`marsad backup list`" in told.matters[1].step


def test_a_backup_dated_in_days_to_come_is_not_called_new(watch: Watch) -> None:
    watch.slot()
    watch.care("backup")
    watch.db.execute("UPDATE upkeep SET ended_at = '2030-04-14T12:00:00Z'")

    told = watch.tell()

    assert (told.code, said(told)) == (
        3,
        ["the last good backup is dated 2030-04-14, which is to come: the clock was wrong"],
    )
    watch.care("backup")
    assert watch.tell().code == 0


def test_a_target_that_messages_do_not_reach_needs_a_person(watch: Watch) -> None:
    watch.slot()
    targets = (NotifyTarget(name="desk", url="json://desk"),)
    settings = watch.place.settings.model_copy(update={"notify": targets})
    for name in ("desk", "taken out since"):
        AlertStore(watch.db).open(
            Finding("notify", name, f"Messages to {name} do not get through", "Try it.", NOW)
        )
    watch.place = Workspace(watch.place.root, settings)

    told = watch.tell()

    assert (told.code, said(told)) == (3, ["Messages to desk do not get through"])
    assert told.matters[0].step == "Try it."


def test_a_failed_backup_is_told_until_one_is_made(watch: Watch) -> None:
    watch.slot()
    watch.care("backup", ok=False, said="no room")

    assert said(watch.tell()) == ["the last backup failed: no room"]

    watch.care("backup")

    assert watch.tell().code == 0


def test_an_old_backup_and_none_at_all_are_told_after_two_weeks(watch: Watch) -> None:
    watch.slot()
    tomorrow = (Coming("nightly", "x", NOW + timedelta(days=17)),)
    with time_machine.travel(NOW + timedelta(days=16), tick=False):
        assert said(watch.tell(*tomorrow)) == ["there is no backup"]

        watch.care("backup")  # a day before NOW

        assert said(watch.tell(*tomorrow)) == ["the last good backup is 17 days old"]


@pytest.mark.parametrize("change", ["gone", "cut"])
def test_a_backup_whose_file_is_gone_or_cut_is_told(watch: Watch, change: str) -> None:
    watch.slot()
    made = back_up(watch.place)
    before = said(watch.tell())
    if change == "gone":
        made.path.unlink()
    else:
        made.path.write_bytes(made.path.read_bytes()[:-1])

    assert before == []
    assert said(watch.tell()) == ["the file of the last backup is not there any more, or not whole"]


def test_other_clock_rules_need_a_person_and_a_wrong_schedule_keeps_work_undone(
    watch: Watch,
) -> None:
    watch.slot()

    assert watch.tell(zone_warnings=["the system's rules differ"]).code == 3
    assert watch.tell(wrong_files=["schedules/x.toml: no time"]).code == 1


# ---------------------------------------------------------------- the command


def test_the_command_tells_all_of_it_in_80_columns_and_ends_with_its_code(watch: Watch) -> None:
    watch.slot("2026-03-05")
    watch.db.execute("UPDATE outlets SET name = 'أخبار الصباح' WHERE id = 'ma_east'")
    watch.events.open("blocked", "ma_east", "direct", {"way": feed("ma_east")}, NOW)
    place = ("--workspace", str(watch.place.root))

    shown, plain = marsad("status", *place), marsad("status", "--json", *place)

    assert (shown.code, plain.code) == (1, 1), shown.stderr
    assert shown.stdout.startswith("Not running as it should: ")
    assert "\u2068أخبار الصباح\u2069" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 82  # two marks of direction take no room
    assert json.loads(plain.stdout)["outlets"]["blocked"] == 1


def test_a_workspace_without_any_run_is_told_what_to_do(tmp_path: Path) -> None:
    create_workspace(tmp_path / "new", WorkspaceSettings(contact="tests@marsad.test"))

    shown = marsad("status", "--workspace", str(tmp_path / "new"))

    assert shown.code == 2
    assert "marsad crawl --all" in shown.stderr
