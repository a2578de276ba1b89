"""How the outlets of a night were watched from the night before up to it, and what that means."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from storage import watch_rows
from storage.connection import Connection
from storage.coverage_records import DeclaredBlind
from storage.coverage_words import declared, duration, named, percent
from storage.night_records import Collected, Night, Watch
from storage.spans import minute_of
from storage.watch_rows import local_date
from storage.watching import Sight, WatchedOutlet, lengths, share, sights

SHORT = 10
"""Minutes that are not told: visits of two nights lie at different seconds and places in a run."""
MOST_TOLD = 6
"""Outlets or spells that one line names."""


def watch(db: Connection, night: Night, asked: Collection[str]) -> Watch:
    """How the outlets that a night asked were watched since the night before."""
    span = minute_of(night.since), max(minute_of(night.at), minute_of(night.since))
    wanted = [one.outlet for one in watch_rows.registered(db) if one.outlet.outlet_id in asked]
    outlets = watch_rows.with_ways(db, wanted, span)
    total: Counter[Sight] = Counter()
    minutes: dict[str, dict[Sight, int]] = {}
    for outlet in outlets:
        minutes[outlet.outlet_id] = lengths(sights(outlet, span))
        total.update(minutes[outlet.outlet_id])
    every = span[1] - span[0]
    return Watch(
        asked=tuple(minutes),
        throughout=tuple(
            name for name, kinds in minutes.items() if kinds[Sight.WATCHED] > max(every - SHORT, 0)
        ),
        blind=_of(minutes, Sight.BLIND),
        partly=_of(minutes, Sight.PARTLY),
        unwatched=_of(minutes, Sight.UNWATCHED),
        never_visited=tuple(one.outlet_id for one in outlets if not one.visited),
        declared=tuple(_declared(outlets, night)),
        share=share(total),
    )


def _of(minutes: dict[str, dict[Sight, int]], sight: Sight) -> tuple[tuple[str, int], ...]:
    """The outlets that have minutes of a kind, the most first."""
    found = [(name, kinds[sight]) for name, kinds in minutes.items() if kinds[sight] >= SHORT]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _declared(outlets: Collection[WatchedOutlet], night: Night) -> Iterator[DeclaredBlind]:
    for one in outlets:
        today = local_date(night.at, one.timezone)
        if one.blind_since is None or one.blind_since > today:
            continue
        if one.blind_until is None or one.blind_until >= local_date(night.since, one.timezone):
            yield DeclaredBlind(one.outlet_id, one.blind_since, one.blind_until, one.blind_reason)


# ---------------------------------------------------------------- words


def meaning(found: Watch, brought: Collected, what: str = "nothing new was found") -> str:
    """What it means that a night brought nothing: only where we looked is that evidence."""
    if not found.share or not any(one.read for one in brought.outlets):
        return f"{what}, and nobody was looking: this is no evidence that nothing was published"
    if len(found.throughout) == len(found.asked) and not brought.failed and not brought.waiting:
        return f"we looked, and there was nothing: {_everybody(found)} watched throughout"
    some = len(found.throughout)
    if some == len(found.asked):
        return (
            f"{what}; this is no evidence that nothing was published: some pages could not be "
            "read, or wait to be"
        )
    return (
        f"{what}; this is no evidence that nothing was published: {some} of {len(found.asked)} "
        "outlets were watched throughout"
    )


def lines(found: Watch, night: Night) -> list[str]:
    """How complete the night can be and when we were not looking, in plain words."""
    since = f"{_moment(night.since)} to {_moment(night.at)} UTC"
    if not found.asked:
        return [f"From {since}: unknown. No outlet was asked."]
    first = (
        f"From {since}: {percent(found.share)} of the time seen; {len(found.throughout)} of "
        f"{len(found.asked)} outlets watched throughout."
    )
    return [first, *_details(found)]


def _details(found: Watch) -> Iterator[str]:
    if found.never_visited:
        yield f"Never visited: {named(found.never_visited, len(found.asked))}."
    never = {*found.never_visited, *(one.outlet_id for one in found.declared)}
    kinds = {
        "Blind": found.blind,
        "Not watched": found.unwatched,
        "Watched by some of its ways only": found.partly,
    }
    for kind, spells in kinds.items():
        told = [pair for pair in spells if pair[0] not in never]
        if told:
            yield f"{kind}: {_spells(told, len(found.asked))}."
    for one in found.declared[:MOST_TOLD]:
        yield f"Declared blind: {declared(one)}."
    if len(found.declared) > MOST_TOLD:
        yield f"Declared blind: {len(found.declared) - MOST_TOLD} more outlets."


def _spells(spells: list[tuple[str, int]], every: int) -> str:
    """The outlets of each length of time, the longest first."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for name, minutes in spells:
        alike[duration(_rounded(minutes))].append(name)
    shown = [f"{named(names, every)} ({long})" for long, names in alike.items()]
    more = len(shown) - MOST_TOLD
    return "; ".join(shown[:MOST_TOLD]) + ("; others less" if more > 0 else "")


def _rounded(minutes: int) -> int:
    """To ten minutes: outlets have another place in each run."""
    return round(minutes, -1)


def _everybody(found: Watch) -> str:
    number = len(found.asked)
    return "the one outlet asked was" if number == 1 else f"all {number} outlets asked were"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
