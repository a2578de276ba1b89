"""Which days of an outlet were watched: a word for each, and where figures say nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from watched import Archive, Night

from storage.desk import calendars
from storage.models import Outcome

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 3), date(2026, 3, 14)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Ten nights: ma_east always read, iq_west turned away for four, ma_south left out at first."""
    made = Archive(tmp_path_factory.mktemp("days") / "marsad.db", ("ma_east", "iq_west"))
    made.nights(date(2026, 3, 3), date(2026, 3, 5))
    made.nights(date(2026, 3, 6), date(2026, 3, 9), turned_away=["iq_west"])
    made.outlets = ("ma_east", "iq_west", "ma_south")
    made.nights(date(2026, 3, 10), date(2026, 3, 13))
    return made


def states(archive: Archive, outlet_id: str, first: date = FIRST, last: date = LAST) -> list[str]:
    """The words of an outlet's days."""
    found = calendars.table(archive.db, first, last, now=NOW)
    (row,) = (one for one in found.rows if one.outlet_id == outlet_id)
    return [cell.state for cell in row.cells]


def test_a_day_that_was_watched_with_pages_gone_is_not_complete(archive: Archive) -> None:
    found = calendars.table(archive.db, FIRST, LAST, now=NOW)
    cells = {cell.day: cell for cell in found.rows[0].cells}
    gone = [day for day, cell in cells.items() if cell.failed and day < date(2026, 3, 13)]

    assert found.rows[0].outlet_id == "ma_east"
    assert gone
    assert {cells[day].state for day in gone} == {"missing"}
    assert all(cell.seen == cell.stored + cell.failed for cell in cells.values())


def test_days_on_which_an_outlet_turned_us_away_are_blind(archive: Archive) -> None:
    blind = {FIRST + timedelta(days=n): state for n, state in enumerate(states(archive, "iq_west"))}

    # The feed shows two days: read at last on the 5th, and again on the 10th.
    assert blind[date(2026, 3, 6)] == "blind"
    assert blind[date(2026, 3, 4)] in ("complete", "missing")
    assert blind[date(2026, 3, 11)] in ("complete", "missing")


def test_days_before_an_outlet_was_first_looked_at_are_not_watched(archive: Archive) -> None:
    assert states(archive, "ma_south")[:3] == ["unwatched"] * 3


def test_a_day_that_is_not_over_or_to_come_is_no_gap(archive: Archive) -> None:
    told = states(archive, "ma_east", NOW.date(), NOW.date() + timedelta(days=2))

    assert told == ["open", "open", "open"]


def test_a_declared_day_is_told_as_declared(archive: Archive, tmp_path: Path) -> None:
    own = Archive(tmp_path / "marsad.db", ("ma_east",))
    own.nights(date(2026, 3, 3), date(2026, 3, 8))
    with own.db.write():
        own.db.execute(
            "UPDATE outlets SET blind_since = '2026-03-05', blind_until = '2026-03-05', "
            "blind_reason = 'the feed lies'"
        )

    found = states(own, "ma_east", date(2026, 3, 4), date(2026, 3, 6))

    assert found[1] == "declared"
    assert "declared" not in (found[0], found[2])


def test_a_country_narrows_the_table_and_its_list_does_not_shrink(archive: Archive) -> None:
    found = calendars.table(archive.db, FIRST, LAST, country="iq", now=NOW)

    assert [row.outlet_id for row in found.rows] == ["iq_west"]
    assert found.countries == ("iq", "ma")


def test_pages_of_outlets_hold_each_once(tmp_path: Path) -> None:
    names = [f"ma_n{number:02}" for number in range(calendars.ROWS + 3)]
    own = Archive(tmp_path / "marsad.db", names)
    own.night(Night(date(2026, 3, 3)))
    two = [calendars.table(own.db, FIRST, FIRST, page=number, now=NOW) for number in (1, 2)]

    assert two[0].pages == 2
    assert sorted(row.outlet_id for one in two for row in one.rows) == names
    assert calendars.table(own.db, FIRST, FIRST, page=99, now=NOW).page == 2


def test_a_table_of_too_many_days_or_of_none_is_refused(archive: Archive) -> None:
    for first, last in ((FIRST, FIRST + timedelta(days=calendars.MOST_DAYS)), (LAST, FIRST)):
        with pytest.raises(ValueError, match="1 to 92"):
            calendars.table(archive.db, first, last, now=NOW)


def test_a_year_has_every_day_of_it_and_nobody_elses(archive: Archive) -> None:
    found = calendars.year(archive.db, "iq_west", 2026, NOW)

    assert len(found) == 365
    assert found[0].day == date(2026, 1, 1)
    assert found[(FIRST - date(2026, 1, 1)).days :][:12] == next(
        row.cells
        for row in calendars.table(archive.db, FIRST, LAST, now=NOW).rows
        if row.outlet_id == "iq_west"
    )
    assert len(calendars.year(archive.db, "iq_west", 2024, NOW)) == 366
    assert calendars.year(archive.db, "iq_nobody", 2026, NOW) == ()


def test_dark_days_are_those_of_which_little_was_seen(archive: Archive) -> None:
    dark = calendars.dark_days(archive.db, "iq_west", FIRST, LAST, NOW)
    told = {
        day
        for one in dark
        for day in (one.first + timedelta(days=n) for n in range((one.last - one.first).days + 1))
    }
    table = calendars.table(archive.db, FIRST, LAST, now=NOW)
    cells = next(row.cells for row in table.rows if row.outlet_id == "iq_west")

    assert date(2026, 3, 6) in told
    assert told == {cell.day for cell in cells if (cell.share or 0) < calendars.HARDLY}


def test_a_failed_page_of_no_known_day_may_be_of_any(tmp_path: Path) -> None:
    own = Archive(tmp_path / "marsad.db", ("ma_east",))
    own.nights(date(2026, 3, 3), date(2026, 3, 6))
    with own.db.write():
        own.db.execute(
            "UPDATE candidates SET day = 'undated' WHERE last_outcome = ?", (Outcome.GONE,)
        )
        own.db.execute("INSERT OR IGNORE INTO coverage_dirty SELECT outlet_id, day FROM coverage")
        own.db.execute("INSERT OR IGNORE INTO coverage_dirty VALUES ('ma_east', 'undated')")

    assert "complete" not in states(own, "ma_east", date(2026, 3, 3), date(2026, 3, 5))
