"""Troubles of outlets after a run: what was seen is loaded and judged, events open and close.

The judgement is a function of what the database holds, so it may be made at any time and as often
as one likes: what a killed run saw is judged at the end of the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from storage import seen_lately
from storage.connection import Connection
from storage.events import Event, EventStore
from storage.health_rules import lately
from storage.models import Outcome
from storage.rows import dump
from storage.templates import LAYOUT
from storage.times import encode_time
from storage.trouble_records import KINDS, OURSELVES, OutletSeen, Trouble
from storage.trouble_rules import judge as troubles_in
from storage.way_rules import evidence_of, state

EGRESSES = "egresses"
"""The note of a run that names the declared ways out of this machine."""
MOST_AGAIN = 5_000
"""Pages of one outlet that wait again at once when a wall has ended: the newest."""

_AGAIN = """
UPDATE candidates SET state = 'pending', attempts = 0, claimed_by = NULL WHERE id IN (
  SELECT c.id FROM candidates c
  WHERE c.outlet_id = :outlet AND c.state = 'done' AND c.article_id IS NULL
    AND c.last_outcome = :blocked AND EXISTS (
      SELECT 1 FROM outcomes o
      WHERE o.candidate_id = c.id AND o.outcome = :blocked AND o.at >= :since)
  ORDER BY c.id DESC LIMIT :most)
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judgement changed: events that began and ended, and pages that wait again."""

    began: int = 0
    ended: int = 0
    waiting_again: int = 0


def judge(db: Connection, run_id: int, now: datetime, egresses: Collection[str] = ()) -> Judged:
    """Open and close the events of all outlets as of what was seen up to now; one transaction.

    `egresses` are the declared ways out of this machine, for the report to name.
    """
    with db.write():
        if egresses:
            note = {"run_id": run_id, "key": EGRESSES, "value": dump(sorted(egresses))}
            db.upsert("run_notes", ("run_id", "key"), note)
        outlets = seen_lately.load(db, now)
        judgement = _Judgement(db, run_id, now, {outlet.id: outlet for outlet in outlets})
        return judgement.carry_out(troubles_in(outlets))


def is_trouble(event: Event) -> bool:
    """Whether an event is one of these. Looks at stored articles tell of a site that moved by its
    host, see `storage.deletions`; here a way that moved is told by its address."""
    return event.kind in KINDS and (event.kind != "moved" or "://" in event.subject)


@dataclass(frozen=True)
class _Judgement:
    """Between what there is and what the events say there is."""

    db: Connection
    run_id: int
    now: datetime
    outlets: dict[str, OutletSeen]

    def carry_out(self, troubles: Iterable[Trouble]) -> Judged:
        """Bring the events up to date."""
        found = {(one.kind, one.outlet_id, one.subject): one for one in troubles}
        events = EventStore(self.db, clock=lambda: self.now)
        open_ = [one for one in events.current() if is_trouble(one) and one.subject != LAYOUT]
        known = {(one.kind, one.outlet_id, one.subject) for one in open_}
        over = [one for one in open_ if (one.kind, one.outlet_id, one.subject) not in found]
        over = [one for one in over if one.outlet_id in {OURSELVES, *self.outlets, *self._blind()}]
        again = sum(self._end(events, one) for one in over)
        new = [one for name, one in found.items() if name not in known]
        for one in new:
            evidence = {**one.evidence, "run": self.run_id}
            events.open(one.kind, one.outlet_id, one.subject, evidence, one.since)
        return Judged(len(new), len(over), again)

    def _blind(self) -> list[str]:
        return seen_lately.declared_blind(self.db, self.now)

    def _end(self, events: EventStore, one: Event) -> int:
        """Close an event with what shows that it is over; says how many pages wait again."""
        again = self._wait_again(one) if one.kind == "blocked" else 0
        at, told = self._ending(one)
        closing = {**told, "run": self.run_id} | ({"waiting_again": again} if again else {})
        events.close(one.kind, one.outlet_id, one.subject, closing, max(at, one.opened_at))
        return again

    def _ending(self, one: Event) -> tuple[datetime, dict[str, object]]:
        outlet = self.outlets.get(one.outlet_id)
        if outlet is None:
            return self.now, {} if one.outlet_id == OURSELVES else {"because": "declared blind"}
        if one.kind == "reading_worse" and outlet.reads:
            return outlet.reads[-1].at, {"shares": lately(outlet.reads)}
        named = {one.subject, one.evidence.get("way"), *_ways(one)}
        ways = [way for way in outlet.ways if way.url in named]
        if not ways and "://" in one.subject:
            return self.now, {"because": "the way is off"}
        looks = [(look.at, way) for way in ways or outlet.ways if (look := state(way))]
        if not looks:
            return self.now, {}
        at, way = max(looks, key=lambda pair: pair[0])
        look = state(way)
        assert look is not None, "it is among the looks"
        return at, {"way": way.url, **evidence_of(look)}

    def _wait_again(self, one: Event) -> int:
        """Have the pages fetched that ended at a wall while it stood."""
        return self.db.execute(
            _AGAIN,
            {
                "outlet": one.outlet_id,
                "blocked": Outcome.BLOCKED,
                "since": encode_time(one.opened_at),
                "most": MOST_AGAIN,
            },
        ).rowcount


def _ways(one: Event) -> list[str]:
    ways = one.evidence.get("ways")
    return list(map(str, ways)) if isinstance(ways, list) else []
