"""Troubles as they are told: those of a run, and all that there are, each with its next steps."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from sqlite3 import Row
from typing import Literal

from storage import advice
from storage.connection import Connection
from storage.events import Event, EventStore
from storage.finding import VISITED
from storage.reported import TroubleReport
from storage.rows import dump
from storage.templates import LAYOUT
from storage.trouble_records import KINDS, OURSELVES
from storage.trouble_words import said
from storage.troubles import EGRESSES, is_trouble

State = Literal["began", "goes_on", "ended"]
NOBODY = frozenset({"rate_limited", "trap"})
"""Kinds that need nobody: what is bounded, and what a slower pace will mend by itself."""
_OTHERS = """
SELECT outlet_id, url FROM ways
WHERE parent_id IS NULL AND off_at IS NULL AND last_outcome IN (SELECT value FROM json_each(?))
ORDER BY outlet_id, id
"""


def of_run(db: Connection, run: Row) -> tuple[TroubleReport, ...]:
    """The troubles of the outlets that a run was asked for: that began, went on or ended in it."""
    asked = {OURSELVES, *json.loads(run["outlets"])}
    found = [
        (one, _state(one, run["id"]))
        for one in EventStore(db).history()
        if is_trouble(one) and one.outlet_id in asked
    ]
    return _told(db, [(one, state) for one, state in found if state], _egresses(db, run["id"]))


def listed(
    db: Connection,
    outlet_ids: Collection[str] | None = None,
    *,
    ended: bool = False,
    egresses: Collection[str] = (),
) -> tuple[TroubleReport, ...]:
    """The troubles of these outlets (or of all), oldest first; with `ended`, past ones too."""
    events = EventStore(db)
    found = events.history(outlet_ids) if ended else events.current(outlet_ids)
    states: list[tuple[Event, State]] = [
        (one, "ended" if one.closed_at else "goes_on") for one in found if is_trouble(one)
    ]
    return _told(db, states, egresses)


def _state(one: Event, run_id: int) -> State | None:
    """What an event is to a run; None where it has nothing to do with it."""
    began = _run_of(one.evidence)
    ended = None if one.closing is None else _run_of(one.closing)
    if ended == run_id:
        return "ended"
    if began == run_id:
        return "began"
    going = one.closed_at is None or (ended is not None and ended > run_id)
    return "goes_on" if going and began is not None and began < run_id else None


def _run_of(evidence: object) -> int | None:
    run = evidence.get("run") if isinstance(evidence, dict) else None
    return run if isinstance(run, int) else None


def _egresses(db: Connection, run_id: int) -> tuple[str, ...]:
    sql = "SELECT value FROM run_notes WHERE run_id = ? AND key = ?"
    return tuple(json.loads(db.value(sql, (run_id, EGRESSES)) or "[]"))


def _told(
    db: Connection, found: Collection[tuple[Event, State]], egresses: Collection[str]
) -> tuple[TroubleReport, ...]:
    working: defaultdict[str, list[str]] = defaultdict(list)
    for row in db.all(_OTHERS, (dump(sorted(VISITED)),)) if found else ():
        working[row["outlet_id"]].append(row["url"])
    return tuple(_report(one, state, working[one.outlet_id], egresses) for one, state in found)


def _report(
    one: Event, state: State, working: Collection[str], egresses: Collection[str]
) -> TroubleReport:
    concerned = {one.subject, one.evidence.get("way"), *_list(one, "ways"), *_list(one, "also")}
    means = advice.Means(
        one.outlet_id,
        tuple(url for url in working if url not in concerned),
        tuple(name for name in egresses if name != one.evidence.get("egress")),
    )
    return TroubleReport(
        id=one.id,
        state=state,
        kind=one.kind,
        outlet_id=one.outlet_id,
        subject=one.subject,
        since=one.opened_at,
        until=one.closed_at,
        said=said(one.kind, one.subject, one.evidence),
        steps=() if state == "ended" or _heals(one) else advice.steps(one.kind, means),
        needs_a_person=state != "ended" and _needs_a_person(one),
        evidence=one.evidence,
        closing=one.closing,
    )


def _list(one: Event, key: str) -> list[object]:
    value = one.evidence.get(key)
    return value if isinstance(value, list) else []


def _needs_a_person(one: Event) -> bool:
    repaired = one.kind == "overflow" and not one.evidence.get("not_repaired")
    nobody = one.kind in NOBODY or _heals(one)
    return one.kind in KINDS and not nobody and not repaired


def _heals(one: Event) -> bool:
    """Whether it is a new layout that a template noticed: it is learned again by itself."""
    return one.subject == LAYOUT
