"""What was done for the data is written down, with its figures; a killed piece of work shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.upkeep import Upkeep

if TYPE_CHECKING:
    from tests.storage.conftest import Desk


def test_the_last_backup_is_the_last_one_that_ended(desk: Desk) -> None:
    upkeep = Upkeep(desk.db, clock=desk.clock)
    upkeep.end(upkeep.begin("backup"), True, "1 file", {"bytes": 7})
    upkeep.end(upkeep.begin("backup"), False, "the disk is full")
    upkeep.begin("backup")  # killed

    last, good = upkeep.latest("backup"), upkeep.latest("backup", ok=True)

    assert last is not None and (last.ok, last.said) == (False, "the disk is full")
    assert good is not None and good.figures == {"bytes": 7}
    assert [one.ended_at is None for one in upkeep.list("backup")] == [True, False, False]
    assert upkeep.latest("verify") is None
