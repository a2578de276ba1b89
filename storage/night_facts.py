"""A night in facts: gathered from runs, articles, mentions, events and slots for the report."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage import night_actors, night_collected, night_pictures, night_watch, night_wrongs, nights
from storage.connection import Connection
from storage.night_records import NightFacts

NOBODY: tuple[str, ...] = ()


def gather(
    db: Connection, slot_id: int | None, now: datetime, followed: Collection[str] = NOBODY
) -> NightFacts:
    """The facts of a slot's night; without a slot, of what ran in the last 24 hours.

    `followed` are the countries by which outlets are grouped. Raises KeyError for a slot that
    there is not.
    """
    told = nights.of_last_day(db, now) if slot_id is None else nights.of_slot(db, slot_id, now)
    asked = night_collected.asked(db, told)
    looks = night_pictures.looked(db, told)
    actors = night_actors.compared(db, told, looks)
    reports = night_wrongs.run_reports(db, told[0])
    watch = night_watch.watch(db, told[0], asked)
    countries = night_collected.registered_countries(db, asked, followed)
    return NightFacts(
        night=told[0],
        collected=night_collected.collected(db, told[0], watch.expected, followed),
        actors=actors.actors,
        comparable_nights=actors.nights,
        not_compared=actors.why_not,
        stories=night_collected.largest_stories(db, told[0]),
        again=night_collected.seen_again(db, told[0]),
        watch=watch,
        troubles=night_wrongs.troubles(db, reports),
        wrongs=night_wrongs.wrongs(db, told[0], reports),
        pages=night_wrongs.pages_to_see(reports),
        pictures=night_pictures.pictures(told, looks, countries),
        countries=tuple(followed),
    )
