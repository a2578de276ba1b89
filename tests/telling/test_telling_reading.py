"""The morning report tells when pages are read worse, and when a new layout was noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mornings import DAY, FIRST, Piece, Press

from storage import trouble_reports
from storage.events import EventStore
from storage.models import Precision
from storage.templates import LAYOUT, REDESIGNED

HIBR = "ma_hibr"
WELL = 13
"""Nights of three articles or more, all with a date."""


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path / "marsad.db", [HIBR])
    made.quiet_nights(FIRST, WELL)
    yield made
    made.db.close()


def night(press: Press, number: int, precision: Precision) -> str:
    """The report of a night whose articles have such dates, on one line."""
    pieces = [Piece(f"N{number} {n}", f"Text {number} {n} " * 9, "en", precision) for n in range(9)]
    slot = press.slot(FIRST + number * DAY, {HIBR: pieces})
    return text_of(press, slot)


def text_of(press: Press, slot: int | None) -> str:
    """A night's report on one line."""
    return " ".join(press.report(slot).text.read_text(encoding="utf-8").split())


def last_run(press: Press) -> int:
    return int(press.db.value("SELECT max(id) FROM runs"))


def test_that_dates_are_gone_is_told_with_what_to_do_and_that_they_are_back(press: Press) -> None:
    said = [night(press, WELL + n, Precision.UNKNOWN) for n in range(4)]
    begun = next(text for text in said if "Began:" in text)
    after = [night(press, WELL + 4 + n, Precision.MINUTE) for n in range(4)]

    told = begun.partition("Began:")[2]
    assert "ma_hibr · reading worse · since" in told
    assert "articles have a date, where 100% is usual" in told
    assert "marsad read --article NUMBER --explain" in told
    assert sum("Began: - ma_hibr · reading worse" in text for text in said) == 1
    assert sum("Ended: - ma_hibr · reading worse" in text for text in after) == 1


def test_a_new_layout_that_heals_by_itself_is_told_and_asks_nobody_for_anything(
    press: Press,
) -> None:
    events = EventStore(press.db, clock=lambda: press.now)
    slot = press.slot(FIRST + WELL * DAY)
    changed = {"template": "1f0c", "failed": 3, "of": 5, "run": last_run(press)}
    events.open(REDESIGNED, HIBR, LAYOUT, changed, press.now)
    begun = text_of(press, slot)
    (event,) = trouble_reports.listed(press.db)
    healed = press.slot(FIRST + (WELL + 1) * DAY)
    events.close(REDESIGNED, HIBR, LAYOUT, {"template": "77ab", "run": last_run(press)})

    assert re.search(
        r"\d\d:\d\d · its pages are laid out anew: the learned template failed on 3", begun
    )
    assert begun.startswith("A good night")
    assert (event.needs_a_person, event.steps) == (False, ())
    assert "Ended: - ma_hibr · redesigned" in text_of(press, healed)
