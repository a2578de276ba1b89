"""Coverage in plain words: the header of every answer, for screens, notebooks and notes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from storage.coverage_records import CoverageSummary, DeclaredBlind, Items, Spell
from storage.watching import Sight

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_KINDS = {
    Sight.BLIND: "blind",
    Sight.UNWATCHED: "not watched",
    Sight.PARTLY: "watched by some of its ways only",
}
MOST_SPELLS, MOST_OUTLETS = 6, 4
"""What one line names; `marsad coverage` tells the rest."""


def header(found: CoverageSummary) -> list[str]:
    """The lines that go with an answer: how complete it can be, and when we were not looking."""
    return [_first_line(found), *(f"  {line}" for line in _details(found))]


def nothing_found(found: CoverageSummary, what: str = "nothing found") -> str:
    """What an empty answer means: only where we were looking is it evidence of anything."""
    no_evidence = f"{what}; this is no evidence that nothing was published"
    if found.first is None:
        return f"{no_evidence}: no whole day was watched yet"
    if found.completeness == "unknown":
        return f"{no_evidence}: nobody was looking"
    if found.completeness == "complete":
        return f"{what}, and all that was asked was watched throughout"
    if found.until is not None:
        return f"{no_evidence}: the last day was not over"
    if len(found.throughout) < len(found.outlets):
        return f"{no_evidence}: we were not looking everywhere all the time"
    return f"{no_evidence}: some pages could not be read, or wait to be"


def named(outlet_ids: Collection[str], every: int = 0) -> str:
    """Some outlets, and how many more there are; all of several are called so.

    >>> named(["a", "b"], every=2), named(["a", "b"], every=3), named("abcdefg")
    ('all 2 outlets', 'a, b', 'a, b, c, d and 3 more')
    """
    if len(outlet_ids) == every > 1:
        return f"all {every} outlets"
    more = len(outlet_ids) - MOST_OUTLETS
    shown = list(outlet_ids)[: MOST_OUTLETS if more > 0 else None]
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def days(first: date, last: date, year: int | None = None) -> str:
    """Days in a row; the year is left out where it is `year`.

    >>> days(date(2026, 3, 3), date(2026, 3, 9)), days(date(2026, 3, 31), date(2026, 4, 1), 2026)
    ('3–9 March 2026', '31 March – 1 April')
    """
    end = _day(last) if last.year == year else f"{_day(last)} {last.year}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{_day(first)} {first.year} – {end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{_day(first)} – {end}"


def duration(minutes: int) -> str:
    """How long, in words.

    >>> duration(25), duration(200), duration(7200), duration(7325)
    ('25 min', '3 h 20 min', '5 days', '5 days 2 h')
    """
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    else:
        parts = [f"{hours // 24} days", f"{hours % 24} h" if hours % 24 else ""]
    return " ".join(filter(None, parts)) or "0 min"


def percent(part: float | None) -> str:
    """A share in words; a little less than all is never called all.

    >>> percent(0.9999), percent(1.0), percent(0.0001), percent(None)
    ('over 99%', '100%', 'under 1%', 'unknown')
    """
    if part is None:
        return "unknown"
    if 0.99 < part < 1:
        return "over 99%"
    return "under 1%" if 0 < part < 0.01 else f"{part:.0%}"


def items(found: Items) -> str:
    """What was offered and what became of it."""
    ends = {"stored": found.stored, "failed": found.failed, "waiting": found.waiting}
    told = [f"{number:,} {what}" for what, number in ends.items() if number or what == "stored"]
    return f"{found.seen:,} {'item' if found.seen == 1 else 'items'} seen, {', '.join(told)}"


def spell(one: Spell, found: CoverageSummary) -> str:
    """One spell: its days, how long if that is less than all of them, and whose."""
    at_most = "up to " if len(one.outlets) > 1 else ""
    long = "" if one.whole else f" ({at_most}{duration(one.minutes)})"
    whose = named(one.outlets, len(found.outlets))
    return f"{days(one.first, one.last, _year(found))}{long}: {whose}"


def declared(one: DeclaredBlind) -> str:
    """A declaration: whose, since when, until when and why."""
    until = f"until {days(one.until, one.until)}" if one.until else "until further notice"
    why = f": {one.reason}" if one.reason else ""
    return f"{one.outlet_id} since {days(one.since, one.since)}, {until}{why}"


def _first_line(found: CoverageSummary) -> str:
    number = len(found.outlets)
    if not number:
        return "Coverage: unknown. No outlet was asked: none is registered that fits."
    asked = f"{number} outlet{'s' if number > 1 else ''} asked"
    if found.first is None or found.last is None:
        return f"Coverage: unknown. {asked}; no whole day was watched yet."
    period = f"Coverage {days(found.first, found.last)}: {found.completeness}."
    if found.completeness == "unknown":
        return f"{period} {asked}, and at no time watched."
    return f"{period} {asked}, {_throughout(found)}."


def _throughout(found: CoverageSummary) -> str:
    number, whole = len(found.outlets), len(found.throughout)
    if whole == number:
        return "watched throughout" if number == 1 else "all watched throughout"
    some = "not" if number == 1 else whole or "none"
    return f"{some} watched throughout; {percent(found.share)} of the time seen"


def _details(found: CoverageSummary) -> Iterator[str]:
    if found.never_visited:
        yield f"never visited: {named(found.never_visited, len(found.outlets))}"
    for sight, kind in _KINDS.items():
        told = [one for one in found.of(sight) if not _is_never(one, found)]
        if told:
            yield f"{kind}: {_told(sight, told, found)}"
    for one in found.declared[:MOST_SPELLS]:
        yield f"declared blind: {declared(one)}"
    if len(found.declared) > MOST_SPELLS:
        yield f"declared blind: {len(found.declared) - MOST_SPELLS} more outlets"
    yield from _not_over(found)
    if found.first is not None:
        yield items(found.items)
    if found.undated.seen:
        yield f"of no known day: {items(found.undated)}"


def _not_over(found: CoverageSummary) -> Iterator[str]:
    """What is told where the last day was not over."""
    if found.last is not None and found.until is not None:
        yield f"{_day(found.last)} was not over: told up to {found.until:%H:%M} UTC"


def _is_never(one: Spell, found: CoverageSummary) -> bool:
    """Whether a spell tells only what "never visited" has told."""
    return one.sight is Sight.UNWATCHED and set(one.outlets) <= set(found.never_visited)


def _told(sight: Sight, told: Sequence[Spell], found: CoverageSummary) -> str:
    """The longest spells, by time; of ways that failed beside others, many are only counted."""
    if sight is Sight.PARTLY and len(told) > MOST_SPELLS:
        whose = {outlet_id for one in told for outlet_id in one.outlets}
        return f"{named(sorted(whose), len(found.outlets))}, on {found.partly_days:,} days"
    longest = sorted(told, key=lambda one: -one.minutes * len(one.outlets))[:MOST_SPELLS]
    shown = "; ".join(spell(one, found) for one in told if one in longest)
    more = len(told) - len(longest)
    return shown + (f"; {more} more, see `marsad coverage --json`" if more > 0 else "")


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _year(found: CoverageSummary) -> int | None:
    """The year that needs not be said again."""
    if found.first is None or found.last is None or found.first.year != found.last.year:
        return None
    return found.last.year
