"""In which state each outlet is: blocked, silent, troubled, slow, recovered, unread or well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from storage import status as facts
from storage import trouble_reports
from storage.connection import Connection
from storage.reported import TroubleReport
from storage.trouble_records import OURSELVES

State = Literal["blocked", "silent", "troubled", "slow", "recovered", "not read yet", "well"]
STATES: tuple[State, ...] = get_args(State)
"""The worst first; an outlet has the first that fits."""
LATELY = timedelta(days=7)
"""How long an outlet counts as recovered, and how far back its pace is looked at."""

BLOCKED = frozenset({"blocked", "robots", "unsafe"})
"""Troubles in which the outlet's site, or our own guard, does not let us in."""
SILENT = frozenset(
    {
        *("unreachable", "certificate", "server_error", "gone", "html_feed", "empty_feed"),
        *("broken_feed", "too_large", "frozen", "moved", "foreign_links"),
    }
)
"""Troubles in which a way shows nothing new; the outlet is silent if no other one does."""


@dataclass(frozen=True, slots=True)
class OutletState:
    """The state of one outlet, since when, and what was seen."""

    outlet_id: str
    name: str
    state: State
    since: datetime | None = None
    kinds: tuple[str, ...] = ()  # of its troubles
    said: str = ""
    step: str = ""  # what to do
    needs_a_person: bool = False


def outlet_states(db: Connection, now: datetime) -> tuple[OutletState, ...]:
    """The state of every outlet that was ever asked for, by id."""
    names = facts.outlet_names(db)
    troubles = [one for one in trouble_reports.listed(db, ended=True) if one.outlet_id != OURSELVES]
    slow = {pace.outlet_id: pace for pace in facts.paces(db, now - LATELY) if pace.is_slow}
    unread = facts.unread(db)
    found = (
        _state(db, (outlet_id, name), _of(troubles, outlet_id), slow.get(outlet_id), now)
        for outlet_id, name in names.items()
    )
    return tuple(
        replace(one, state="not read yet", said="nothing was read of it so far")
        if one.state == "well" and one.outlet_id in unread
        else one
        for one in found
    )


def of_ourselves(db: Connection) -> tuple[TroubleReport, ...]:
    """The open troubles of this machine: it was offline, say."""
    return trouble_reports.listed(db, [OURSELVES])


def counted(states: Iterable[OutletState]) -> dict[State, int]:
    """How many outlets are in each state, all states named."""
    every = [one.state for one in states]
    return {state: every.count(state) for state in STATES}


def _of(troubles: Iterable[TroubleReport], outlet_id: str) -> list[TroubleReport]:
    return [one for one in troubles if one.outlet_id == outlet_id]


def _state(
    db: Connection,
    outlet: tuple[str, str],
    troubles: Sequence[TroubleReport],
    pace: facts.Pace | None,
    now: datetime,
) -> OutletState:
    current = [one for one in troubles if one.until is None]
    if current:
        return _in_trouble(db, outlet, current)
    if pace is not None:
        late = f", {pace.late} did not come in time" if pace.late else ""
        said = f"{pace.slow} of {pace.asked} answers took over {facts.SLOW_SECONDS:.0f} s{late}"
        return OutletState(*outlet, "slow", said=said)
    lately = [one for one in troubles if one.until and one.until >= now - LATELY]
    if lately:
        last = max(lately, key=lambda one: one.until or now)
        return OutletState(*outlet, "recovered", last.until, _kinds(lately), last.said)
    return OutletState(*outlet, "well")


def _in_trouble(
    db: Connection, outlet: tuple[str, str], current: Sequence[TroubleReport]
) -> OutletState:
    state, told = _worst(db, current)
    return OutletState(
        *outlet,
        state,
        told.since,
        _kinds(current),
        told.said,
        told.steps[0] if told.steps else "",
        any(one.needs_a_person for one in current),
    )


def _worst(db: Connection, current: Sequence[TroubleReport]) -> tuple[State, TroubleReport]:
    """The state that troubles mean, and the trouble that says most about it."""
    for one in current:
        if one.kind in BLOCKED:
            return "blocked", one
    for one in current:
        if one.kind in SILENT and not facts.brought_since(db, one.outlet_id, one.since):
            return "silent", one
    needing = [one for one in current if one.needs_a_person]
    return "troubled", (needing or current)[0]


def _kinds(troubles: Iterable[TroubleReport]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.kind for one in troubles))
