"""Alerts: opened once, told once, told once more when they are over; nobody forgotten."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from harness import Ran, killed, marsad, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from receivers import Hook, MailServer, served

from crawler.telling import alert_words, alerts, courier, pings, senders
from crawler.telling.growth import Growth
from crawler.tellings import DiskSettings, NotifyTarget, PingSettings
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace, write_settings
from storage.alerts import AlertStore, Finding
from storage.database import Database, open_database
from storage.events import EventStore
from storage.runs import RunStore
from storage.slots import SlotStore
from storage.trouble_records import KINDS
from storage.trouble_reports import NOBODY
from storage.upkeep import Upkeep

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Night:
    """What is read of a morning report."""

    subject: str = "Marsad 2026-03-02: 2 of 3 outlets read"
    digest: str = "2 of 3 outlets were read."
    names_text: str = "Shirin was in the news."


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    settings = WorkspaceSettings(
        contact="tests@marsad.test", shipped=False, disk=DiskSettings(reserve_megabytes=0)
    )
    workspace = create_workspace(tmp_path / "w", settings)
    open_database(workspace.database).close()
    return workspace


@pytest.fixture
def hook() -> Iterator[Hook]:
    with served(Hook()) as server:
        yield server


def telling(place: Workspace, *targets: NotifyTarget, **more: Any) -> Workspace:
    """The workspace with these targets in its file."""
    changed = place.settings.model_copy(update={"notify": targets, **more})
    return write_settings(place.root, changed)


def target(name: str, url: str, *, names: bool = False) -> NotifyTarget:
    return NotifyTarget(name=name, url=url, names=names)


def trouble(place: Workspace, outlet: str, kind: str = "blocked", subject: str = "") -> None:
    with open_database(place.database) as db:
        EventStore(db).open(kind, outlet, subject, {"reason": "403"}, since=NOW - DAY)


def mended(place: Workspace, outlet: str, kind: str = "blocked") -> None:
    with open_database(place.database) as db:
        EventStore(db).close(kind, outlet, "", at=NOW)


def updated(place: Workspace, now: datetime = NOW, **more: Any) -> dict[tuple[str, str], str]:
    """The alerts that are open after a look."""
    alerts.update(place, now, **more)
    with open_database(place.database, readonly=True) as db:
        return {(one.kind, one.subject): one.said for one in AlertStore(db).current()}


# -------------------------------------------------------------- what is told, and how often


def test_an_alert_is_told_once_and_once_more_when_it_is_over(place: Workspace, hook: Hook) -> None:
    place = telling(place, target("desk", hook.target))
    trouble(place, "ma_manara")
    for _ in range(3):
        alerts.update(place, NOW)
        assert senders.send(place, None, None) == ()
    mended(place, "ma_manara")
    for _ in range(2):
        alerts.update(place, NOW + DAY)
        senders.send(place, None, None)

    began, ended = hook.messages
    assert began["title"] == "Marsad; 1 new alert"
    assert "ma_manara: turns us away, since 2026-03-01 04:00 UTC." in began["message"]
    assert "open it in a browser" in began["message"]
    assert ended["title"] == "Marsad; 1 over"
    assert "from 2026-03-01 04:00 UTC to 2026-03-03 04:00 UTC" in ended["message"]
    assert began["attachments"] == ended["attachments"] == []


def test_a_bad_night_is_one_plain_mail_and_not_forty(place: Workspace) -> None:
    with served(MailServer()) as server:
        place = telling(place, target("desk", server.target))
        for number in range(40):
            trouble(place, f"ma_outlet{number:02}")
        alerts.update(place, NOW)

        assert senders.send(place, None, Night()) == ()

    (mail,) = server.mails
    text = mail.get_content()
    assert mail.get_content_type() == "text/plain"
    assert not mail.is_multipart()
    assert mail["Subject"] == "Marsad 2026-03-02: 2 of 3 outlets read; 40 new alerts"
    assert text.startswith("2 of 3 outlets were read.")
    assert text.count(": turns us away") == 20
    assert text.count("What to do:") == 1
    assert "and 20 more: `marsad status`" in text
    assert "Shirin" not in text
    greeting = server.raw[0].splitlines()[0]
    assert greeting == b"ehlo localhost.localdomain"


def test_names_go_to_those_alone_who_are_to_have_them(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(monkeypatch)
    place = telling(place, target("desk", "json://desk"), target("team", "json://team", names=True))

    senders.send(place, None, Night())

    (_, first), (title, second) = post.taken["json://desk"][0], post.taken["json://team"][0]
    assert "Shirin" not in first
    assert "Shirin was in the news." in second
    assert title == "Marsad 2026-03-02: 2 of 3 outlets read"
    (warning,) = senders.warnings(place)
    assert "names = true" in warning
    assert '"team"' in warning


def test_a_target_that_fails_stops_nobody_and_is_told_of_by_the_others(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(monkeypatch)
    post.broken = {"json://away"}
    place = telling(place, target("away", "json://away"), target("desk", "json://desk"))
    trouble(place, "ma_manara")
    alerts.update(place, NOW)
    problems = [senders.send(place, None, None), senders.send(place, None, None)]
    post.broken = set()
    alerts.update(place, NOW)
    assert senders.send(place, None, None) == ()

    (_, first), (_, over) = post.taken["json://desk"]
    ((_, late),) = post.taken["json://away"]
    assert problems == [("away was not told: no answer",)] * 2
    assert "ma_manara: turns us away" in first
    assert "- Messages to away do not get through" in first
    assert "Over:\n- Messages to away do not get through" in over
    assert "ma_manara" in late
    assert "Messages to away" not in late


def test_what_was_refused_is_said_without_the_address(
    place: Workspace, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    hook.answer = "503 No"
    secret = hook.target.replace("//", "//user:geheimnis@")
    place = telling(place, target("away", secret))

    with caplog.at_level(logging.DEBUG):
        (problem,) = senders.send(place, None, Night())

    assert "it answered 503" in problem
    assert "geheimnis" not in problem + caplog.text
    assert "127.0.0.1" not in problem + caplog.text


def test_who_was_told_and_not_noted_is_told_again(place: Workspace, hook: Hook) -> None:
    place = telling(place, target("desk", hook.target))
    trouble(place, "ma_manara")
    alerts.update(place, NOW)

    killed(str(Path(__file__).with_name("sending_driver.py")), str(place.root))
    assert len(hook.raw) == 1
    senders.send(place, None, None)
    senders.send(place, None, None)

    assert [message["title"] for message in hook.messages] == ["Marsad; 1 new alert"] * 2


def test_two_schedules_that_end_at_once_tell_an_alert_once(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, inside, go_on = Post(monkeypatch), threading.Event(), threading.Event()
    take = post.send

    def slowly(*message: str) -> str:
        inside.set()
        assert go_on.wait(30)
        return take(*message)

    monkeypatch.setattr(courier, "send_message", slowly)
    place = telling(place, target("desk", "json://desk"))
    trouble(place, "ma_manara")
    alerts.update(place, NOW)
    both = [threading.Thread(target=senders.send, args=(place, None, None)) for _ in range(2)]

    both[0].start()
    assert inside.wait(30)
    both[1].start()
    both[1].join(0.3)
    go_on.set()
    for one in both:
        one.join()

    assert len(post.taken["json://desk"]) == 1


def test_what_began_and_ended_while_nothing_got_through_is_told_as_over(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(monkeypatch)
    place = telling(place, target("desk", "json://127.0.0.1:1"))
    trouble(place, "", "offline")
    post.broken = {"json://127.0.0.1:1"}
    alerts.update(place, NOW)
    senders.send(place, None, None)
    mended(place, "", "offline")
    post.broken = set()
    with open_database(place.database) as db:
        AlertStore(db).close("offline", "")

    senders.send(place, None, None)

    ((_, text),) = post.taken["json://127.0.0.1:1"]
    assert "Over:\n- Most outlets could not be reached at once" in text


@dataclass
class Post:
    """In the place of the courier: takes messages, but for addresses that are broken."""

    monkeypatch: pytest.MonkeyPatch
    broken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.taken: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self.monkeypatch.setattr(courier, "send_message", self.send)

    def send(self, address: str, title: str, text: str) -> str:
        if address in self.broken:
            return "no answer"
        self.taken[address].append((title, text))
        return ""


@settings(max_examples=15, deadline=None)
@given(
    nights=st.lists(
        st.tuples(st.sets(st.sampled_from("abc")), st.booleans(), st.booleans()), max_size=8
    )
)
def test_each_target_hears_of_each_beginning_and_end_once_however_often_it_fails(
    nights: list[tuple[set[str], bool, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = Clock()
    with open_database(tmp_path_factory.mktemp("db") / "marsad.db") as db:
        store, heard = AlertStore(db, clock=clock), []
        began = 0
        before: set[str] = set()
        for subjects, works, kill in [*nights, (set[str](), True, False)]:
            clock.now += timedelta(hours=6)
            store.settle([Finding("blocked", one, one, "", clock.now) for one in subjects])
            began += len(subjects - before)
            before = subjects
            if works:
                told = store.unsent("desk")
                heard += [(alert.id, what) for alert, what in told]
                if kill:
                    told = []  # taken, and not noted
                    heard = heard[: len(heard) - len(store.unsent("desk"))]
                store.note_sent("desk", told)

    ends = [alert for alert, what in heard if what == "ended"]
    assert len(heard) == len(set(heard))
    assert len(ends) == began


# -------------------------------------------------------------- what deserves an alert


def test_every_trouble_that_needs_a_person_has_words() -> None:
    assert set(alert_words.TROUBLES) == set(KINDS) - NOBODY


def test_an_address_of_a_way_is_never_told(place: Workspace) -> None:
    trouble(place, "ma_manara", "frozen", "https://manara.test/tag/shirin")
    trouble(place, "ma_manara", "frozen", "https://manara.test/tag/shirin/2")
    trouble(place, "ma_manara", "trap", "https://manara.test/tag/shirin")

    found = updated(place)

    assert found == {
        ("frozen", "ma_manara"): "ma_manara: it answers and shows nothing new (2 addresses)"
    }
    kept = rows(place, "SELECT said || step || evidence FROM alerts")
    assert "shirin" not in kept[0][0]
    assert "`marsad events` says" in kept[0][0]


def test_a_slot_that_failed_is_an_alert_until_one_ends_well(place: Workspace) -> None:
    with open_database(place.database) as db:
        slots = SlotStore(db, clock=lambda: NOW)
        failed = slots.take("nightly", "2026-03-02", NOW)
        slots.begin_task(failed.id, "crawl", failed.process)
        slots.end_task(failed.id, "crawl", "failed", 1, "Shirin")
        slots.end(failed.id, "failed", "Shirin")
        seen = updated(place)
        slots.take("nightly", "2026-03-02", NOW, retries=1)
        again = updated(place)
        slots.end(failed.id, "done")

        assert seen == {("slot_failed", "nightly"): "nightly of 2026-03-02 failed: crawl failed"}
        assert again.keys() == seen.keys()
        assert updated(place) == {}


def test_nights_that_were_missed_or_given_up_are_told_with_the_next_one(place: Workspace) -> None:
    with open_database(place.database) as db:
        slots = SlotStore(db, clock=lambda: NOW)
        for day, status in ((1, "done"), (2, "interrupted"), (6, "done")):
            due = NOW.replace(day=day)
            slot = slots.take("nightly", f"2026-03-0{day}", due, missed=3 if day == 6 else 0)
            slots.end(slot.id, status)
            if day == 2:
                soon = updated(place, due + timedelta(hours=5))
                late = updated(place, due + timedelta(hours=25))
        caught_up = updated(place, NOW.replace(day=6))
        next_night = slots.take("nightly", "2026-03-07", NOW.replace(day=7))
        slots.end(next_night.id, "done")

        assert soon == {}
        assert late == {
            ("slot_broken_off", "nightly"): "nightly of 2026-03-02 was broken off and given up"
        }
        assert caught_up == {
            (
                "slots_missed",
                "nightly",
            ): "nightly: before 2026-03-06, 3 never began and 1 was broken off"
        }
        assert updated(place, NOW.replace(day=7)) == {}


@pytest.mark.parametrize(
    ("growing", "said"),
    [
        (Growth(9, 10**9, 10**9, "on", (NOW + 14 * DAY).date()), "full on about 2026-03-16"),
        (Growth(9, 10**9, 10**9, "full"), "The disk is full"),
        (Growth(9, 10**9, 10**9, "on", (NOW + 15 * DAY).date()), ""),
        (Growth(9, 1, 1, "beyond"), ""),
        (Growth(1, None, None, "unknown"), ""),
    ],
)
def test_a_disk_that_is_full_soon_is_an_alert(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, growing: Growth, said: str
) -> None:
    monkeypatch.setattr(alerts, "growth", lambda *_: growing)

    assert said in updated(place).get(("disk", ""), "" if not said else "no alert")


def test_a_disk_below_its_reserve_is_an_alert(place: Workspace) -> None:
    huge = DiskSettings(reserve_megabytes=10_000_000)
    small = replace(place, settings=place.settings.model_copy(update={"disk": huge}))

    assert ("disk", "") in updated(small)
    assert updated(place) == {}


def care(db: Database, kind: str, at: datetime, **end: Any) -> None:
    upkeep = Upkeep(db, clock=lambda: at)
    upkeep.end(upkeep.begin(kind), said="about Shirin", **end)


def test_care_that_fails_or_is_twice_missed_is_an_alert(place: Workspace) -> None:
    with open_database(place.database) as db:
        assert updated(place, NOW + 90 * DAY) == {}  # nothing runs by itself here
        slots = SlotStore(db, clock=lambda: NOW)
        slots.end(slots.take("nightly", "2026-03-02", NOW).id, "done")
        assert updated(place, NOW + 15 * DAY) == {}
        never = updated(place, NOW + 16 * DAY)
        for kind in ("backup", "verify"):
            care(db, kind, NOW + 16 * DAY, ok=True)
        made = updated(place, NOW + 20 * DAY)
        care(db, "backup", NOW + 21 * DAY, ok=False)
        failed = updated(place, NOW + 21 * DAY)

    assert never[("backup_overdue", "")] == "No backup has been made for 16 days"
    assert never.keys() == {("backup_overdue", ""), ("verify_overdue", "")}
    assert made == {}
    assert failed == {("backup_failed", ""): "The last backup failed"}


def test_what_is_stored_and_wrong_is_an_alert(place: Workspace) -> None:
    with open_database(place.database) as db:
        figures = {"articles_wrong": 2, "structure_wrong": 1, "wrong_captures": 3}
        care(db, "verify", NOW, ok=False, figures=figures)
        db.insert("capture_files", {"name": "a", "bytes": 1, "records": 1, "wrong": 3})
        runs = RunStore(db, clock=lambda: NOW)
        run_id = runs.open("crawl")
        runs.note(run_id, "stories_failure", "Shirin")
        db.update("runs", run_id, {"added": 1})
        runs.close(run_id, "done")

        found = updated(place, zone_warnings=["Africa/Casablanca differs."])

    assert found == {
        ("captures", ""): "3 captures are not as they were stored",
        (
            "articles",
            "",
        ): "2 articles are not as they were stored and the database is damaged",
        ("books", ""): "The books of run 1 do not balance",
        ("stories", ""): "New articles could not be put into stories",
        ("zones", ""): "Africa/Casablanca differs.",
    }


# -------------------------------------------------------------- what carries it


def test_a_receiver_that_hangs_costs_its_time_and_no_more(
    place: Workspace, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.hangs = True
    monkeypatch.setattr(courier, "SECONDS", 1)
    started = time.monotonic()

    problem = courier.send_ping(f"http://127.0.0.1:{hook.port}/geheim")

    assert "no end to it" in problem
    assert time.monotonic() - started < 8


def test_without_apprise_nothing_breaks_and_it_is_said(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apprise.py").write_text("raise ImportError\n")
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{root}")
    monkeypatch.setattr(senders, "find_spec", lambda _: None)
    place = telling(place, target("desk", "json://127.0.0.1:1"))

    (problem,) = senders.send(place, None, Night())
    (warning,) = senders.warnings(place)

    assert "pip install 'marsad[notify]'" in problem
    assert "nobody is told" in warning


@pytest.mark.parametrize(
    ("what", "path"), [("start", "/p/1/start"), ("success", "/p/1"), ("fail", "/p/1/fail")]
)
def test_a_ping_asks_for_its_page_and_says_nothing_else(
    place: Workspace, hook: Hook, what: pings.What, path: str
) -> None:
    page = PingSettings(url=f"http://127.0.0.1:{hook.port}/p/1")

    assert pings.ping(place, what) == ""
    assert pings.ping(telling(place, ping=page), what) == ""

    (raw,) = hook.raw
    assert hook.asked == [path]
    assert b"User-Agent: Marsad/" in raw
    assert raw.endswith(b"\r\n\r\n")


def test_a_ping_is_not_led_elsewhere(place: Workspace, hook: Hook) -> None:
    hook.answer, hook.location = "302 Found", "/elsewhere"
    page = PingSettings(url=f"http://127.0.0.1:{hook.port}/geheim")

    problem = pings.ping(telling(place, ping=page), "success")

    assert hook.asked == ["/geheim"]
    assert "leads to another address" in problem
    assert "geheim" not in problem


# -------------------------------------------------------------- the command


def notify(place: Workspace, *arguments: str) -> Ran:
    return marsad("notify", *arguments, "--workspace", str(place.root))


def test_a_person_can_try_the_targets_without_seeing_their_secrets(
    place: Workspace, hook: Hook
) -> None:
    away = "json://user:geheimnis@127.0.0.1:1/geheim"
    place = telling(place, target("desk", hook.target), target("away", away, names=True))

    listed, tried = notify(place, "list", "--json"), notify(place, "test")
    unknown = notify(place, "test", "dsk")

    assert [row["address"] for row in listed.data] == ["json://…", "json://…"]
    assert tried.code == 1
    assert "desk (json://…): taken; look whether it arrived" in tried.stdout
    assert "away (json://…): FAILED: the server could not be reached" in tried.stdout
    assert "names = true" in tried.stderr
    assert [message["title"] for message in hook.messages] == ["Marsad: test message"]
    assert unknown.code == 2
    assert "geheim" not in "".join(ran.stdout + ran.stderr for ran in (listed, tried, unknown))
