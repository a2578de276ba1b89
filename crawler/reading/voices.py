"""What several places of a page say of one time, and which of them is believed.

Metadata is the most reliable and lies nonetheless: it gives the day of the visit, of a change, or
of a template. What readers see, the feed and the address belie it then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage.models import Precision, ReadingContext

_RANK = ("jsonld", "meta", "time", "feed", "visible", "url")
"""Places, most reliable first."""
_KINDS = {"jsonld": "machine", "meta": "machine", "time": "page", "visible": "page"}
"""Places that one and the same field of a site's system fills count as one voice."""
_SAME = timedelta(days=1)  # zones, and midnight
_URL_SAME = timedelta(days=2)  # an address is made when the draft is
_URL_FAR = timedelta(days=10)
NO_ZONE = "UTC"
"""The zone in the context of a page whose outlet nobody knows."""
VAGUE = 20
"""The doubt of what is stated for machines without being said to be of publication."""
_MONTHS = 12
_PLACED = 8  # the most doubt of a date beside the headline
_SURE = 3  # the most doubt with which a date on the page belies what is stated for machines


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as stored: aware UTC, how much of it is known, as found, and where."""

    at: datetime
    precision: Precision
    raw: str
    method: str
    wall: datetime | None = None  # what the clock said, where a zone was named
    swapped: datetime | None = None  # if day and month stand the other way round
    doubt: int = 0  # how far a date on the page is from a sure one


def zone_of(context: ReadingContext) -> ZoneInfo:
    """The outlet's zone; its name was checked when the outlet's file was read."""
    return ZoneInfo(context.timezone)


def agree(one: Moment, other: Moment) -> bool:
    """Whether two moments may be one: a day apart, or two where one is an address."""
    same = _URL_SAME if "url" in (place(one), place(other)) else _SAME
    return abs(one.at - other.at) <= same


def place(voice: Moment) -> str:
    """Where a moment was found, without the form it was found in."""
    return voice.method.partition(":")[0]


def kinds(camp: Iterable[Moment]) -> int:
    """How many voices independent of each other are in a camp."""
    return len({_KINDS.get(place(voice), place(voice)) for voice in camp})


def believed(
    voices: Sequence[Moment], changed: datetime | None, context: ReadingContext
) -> Moment | None:
    """The moment that is believed; `changed` is when the page says it was last changed."""
    camps = _camps(_comparable(voices))
    if not camps:
        return None
    best = camps[0]
    for camp in camps[1:]:
        if _belies(camp, best, changed, context):
            best = camp
    return _on_shown_clock(best, context)


def _comparable(voices: Sequence[Moment]) -> list[Moment]:
    """The voices, best first; "2 hours ago" only alone; numbers in the order others confirm."""
    told = [voice for voice in voices if "relative" not in voice.method] or list(voices)
    told.sort(key=lambda voice: _RANK.index(place(voice)))
    return [_turned(voice, told) for voice in told]


def _turned(voice: Moment, told: Sequence[Moment]) -> Moment:
    """A voice with day and month exchanged, where only so another voice agrees with it."""
    others = [other for other in told if other is not voice and other.swapped is None]
    if voice.swapped is None or any(agree(voice, other) for other in others):
        return voice
    turned = _exchanged(voice, voice.swapped)
    return turned if any(agree(turned, other) for other in others) else voice


def month_first(voice: Moment, told: Sequence[Moment]) -> Moment:
    """A voice with day and month exchanged, if the order is open and no other voice confirms it."""
    sure = [other for other in told if other.swapped is None]
    if voice.swapped is None or "/" not in voice.raw or any(agree(voice, one) for one in sure):
        return voice
    return _exchanged(voice, voice.swapped)


def _exchanged(voice: Moment, at: datetime) -> Moment:
    """A voice with day and month exchanged, also on the clock that it names."""
    wall = voice.wall
    if wall and wall.day <= _MONTHS:
        wall = wall.replace(month=wall.day, day=wall.month)
    return replace(voice, at=at, wall=wall, swapped=None)


def _camps(voices: Sequence[Moment]) -> list[list[Moment]]:
    camps: list[list[Moment]] = []
    for voice in voices:
        camp = next((camp for camp in camps if agree(camp[0], voice)), None)
        if camp is None:
            camps.append([voice])
        else:
            camp.append(voice)
    return camps


def _belies(
    camp: list[Moment], best: list[Moment], changed: datetime | None, context: ReadingContext
) -> bool:
    """Whether a camp is to be believed against one that stands in a better place."""
    most = _PLACED if all(voice.doubt == VAGUE for voice in best) else _SURE
    sure = min(voice.doubt for voice in camp) <= most
    if _is_by_rote(best, context) != _is_by_rote(camp, context):
        return sure and _is_by_rote(best, context)
    if kinds(camp) != kinds(best):
        return kinds(camp) > kinds(best) and not _is_update(camp, best, changed, context)
    if _KINDS.get(place(camp[0])) == _KINDS.get(place(best[0]), ""):
        return False
    if place(camp[0]) == "url":
        weak = best[0].doubt > _SURE
        return weak or abs(camp[0].at - best[0].at) > _URL_FAR
    return sure and not _is_update(camp, best, changed, context)


def _is_update(
    camp: list[Moment], best: list[Moment], changed: datetime | None, context: ReadingContext
) -> bool:
    """Whether a later camp is explained by the change that the page states."""
    if changed is None or _is_of_visit(changed, context):
        return False
    if not best[0].at < camp[0].at <= changed + _SAME:
        return False
    return kinds(camp) <= kinds(best) or changed - camp[0].at <= _SAME


def _is_by_rote(camp: list[Moment], context: ReadingContext) -> bool:
    """Whether a site's system fills in all that a camp says; a feed or an address bears it out."""
    return all(_is_filled_in(voice, context) for voice in camp)


def _is_filled_in(voice: Moment, context: ReadingContext) -> bool:
    """Whether a moment is that of the visit, or for machines a year's first instant."""
    kind = _KINDS.get(place(voice))
    local = voice.wall or voice.at.astimezone(zone_of(context))
    first = kind == "machine" and f"{local:%m-%d %H:%M}" == "01-01 00:00"
    return kind is not None and (first or _is_of_visit(voice.at, context))


def _is_of_visit(at: datetime, context: ReadingContext) -> bool:
    """Whether a time is that of the visit: templates print it as if it were the article's."""
    return context.now is not None and abs(context.now - at) <= _SAME


def _on_shown_clock(camp: list[Moment], context: ReadingContext) -> Moment:
    """The best of a camp; where readers see the same clock without its zone, the zone lies.

    Of an outlet whose zone is not known, UTC stands for it, and what is stated is better.
    """
    best = camp[0]
    for voice in camp[1:] if context.timezone != NO_ZONE else ():
        if place(voice) == "visible" and voice.precision is not Precision.DAY and best.wall:
            local = voice.at.astimezone(zone_of(context)).replace(tzinfo=None)
            if local.replace(second=0) == best.wall.replace(second=0, microsecond=0):
                return replace(best, at=voice.at)
    return best
