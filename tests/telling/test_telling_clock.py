"""A clock that ran ahead and was set back leaves slots behind that lie years ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine

from crawler.telling import alerts
from crawler.telling.status import status
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.alerts import AlertStore
from storage.database import open_database
from storage.nights import slot_told
from storage.slots import Coming, SlotStore
from storage.upkeep import Upkeep

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def _same(moment: datetime) -> datetime:
    return moment


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A night was done five years ahead, and last night failed."""
    settings = WorkspaceSettings(contact="tests@marsad.test", shipped=False)
    workspace = create_workspace(tmp_path / "w", settings)
    for moment, how in ((NOW + timedelta(days=1826), "done"), (NOW - timedelta(hours=2), "failed")):
        with open_database(workspace.database) as db:
            store = SlotStore(db, clock=partial(_same, moment))
            store.end(store.take("nightly", f"{moment:%Y-%m-%d}", moment).id, how)
    return workspace


def test_a_night_that_failed_since_is_an_alert(place: Workspace) -> None:
    alerts.update(place, NOW)

    with open_database(place.database) as db:
        found = [(one.kind, one.subject) for one in AlertStore(db).current()]
    assert ("slot_failed", "nightly") in found


def test_a_night_that_was_not_begun_since_is_told(place: Workspace) -> None:
    due = NOW + timedelta(days=2)
    coming = Coming("nightly", "2026-03-05", due + timedelta(days=1), last_due=due)

    with time_machine.travel(due + timedelta(hours=3), tick=False):
        known = status(place, (coming,)).schedules[0]

    assert known.overdue_since == due
    assert known.last is not None and known.last.slot == "2026-03-02"


def test_the_latest_night_is_the_last_one_and_not_one_years_ahead(place: Workspace) -> None:
    with open_database(place.database) as db:
        told = slot_told(db, ["nightly"], NOW)

    assert told is not None
    assert told.slot == "2026-03-02"


def test_care_that_is_dated_ahead_is_an_alert_until_it_is_done_again(place: Workspace) -> None:
    seen = []
    for moment in (NOW + timedelta(days=1500), NOW):
        with open_database(place.database) as db:
            upkeep = Upkeep(db, clock=partial(_same, moment))
            for kind in ("backup", "verify"):
                upkeep.end(upkeep.begin(kind), True, "")
        alerts.update(place, NOW)
        with open_database(place.database) as db:
            found = {one.kind: one.said for one in AlertStore(db).current()}
        seen.append({kind: said for kind, said in found.items() if kind.endswith("overdue")})

    assert seen[0] == {
        f"{kind}_overdue": f"The last {noun} is dated 2030-04-10, which is to come: "
        "the clock was wrong"
        for kind, noun in (("backup", "backup"), ("verify", "verification of what was stored"))
    }
    assert seen[1] == {}
