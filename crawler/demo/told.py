"""What a database of the demo newsroom says after a night, in the words of the plan."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.demo.plan import Hole, Named, Told, WayEnd
from storage.database import Database
from storage.events import EventStore
from storage.reported import RunReport
from storage.spans import Span, minute_after, minute_of
from storage.troubles import is_trouble
from storage.watch_rows import gaps_in, registered, with_ways
from storage.watching import Sight, lengths, sights
from storage.ways import load

A_RUN = timedelta(minutes=30)
"""Within that time of the clock each run of the demo has visited everything."""
EVER = (0, 60_000_000)
"""A span in minutes since 1970 that holds every night."""


def told(database: Database, report: RunReport, now: datetime, before: datetime | None) -> Told:
    """What is known after the run of a night, when the last one was `before`."""
    outlet_ids = [outlet.outlet_id for outlet in report.outlets]
    events = (event for event in EventStore(database).history() if is_trouble(event))
    ways = load(database, outlet_ids).values()
    return Told(
        report,
        ways={WayEnd(way.outlet_id, way.found_by, str(way.last_outcome)) for way in ways},
        troubles=[Named(event.outlet_id, event.kind) for event in events],
        holes=[
            Hole(gap.outlet_id, repaired=gap.repaired_at is not None)
            for gap in gaps_in(database, outlet_ids, EVER)
        ],
        watched=_watched(database, (minute_after(before + A_RUN), minute_of(now)))
        if before
        else (),
    )


def _watched(database: Database, period: Span) -> list[str]:
    """The outlets of which every way covered every minute of a period."""
    outlets = [one.outlet for one in registered(database)]
    return [
        outlet.outlet_id
        for outlet in with_ways(database, outlets, period)
        if lengths(sights(outlet, period))[Sight.WATCHED] == period[1] - period[0]
    ]
