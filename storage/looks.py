"""Which looks at a way showed what was published, and what contradicts a look that says it does.

That nothing is new may be the word of lying validators or of a cache; the same old item may stand
at the foot of every list. So a look has to come back to the last one that showed a list itself,
and what it shows must fit with what the way showed before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from sqlite3 import Row

from storage.connection import Connection
from storage.finding import Visit, VisitOutcome
from storage.models import Candidate
from storage.rows import dump
from storage.times import decode_optional, encode_optional, encode_time

CLOCK_AHEAD = timedelta(hours=1)
"""What is covered so far ahead of a visit was covered by a clock that was wrong."""
_LONGEST = timedelta(days=400)  # so long a feed may say that nothing is new
_LATELY = timedelta(days=14)  # old copies out of a cache are not older
_FEW = 3  # so many items missing are no deletions, so many edited ones are no chance
_LONG = 5  # entries of a list whose last one alone says little

_LAST_SHOWN = """
SELECT at FROM visits WHERE outlet_id = :outlet AND way_id = :way AND day >= :from_day
  AND at <= :until AND outcome IN ('read', 'moved') ORDER BY day DESC, at DESC LIMIT 1
"""
_LAST_BODY = """
SELECT outcome, newest_at FROM visits WHERE outlet_id = :outlet AND way_id = :way
  AND day >= :from_day AND outcome IN ('read', 'moved', 'empty') ORDER BY day DESC, id DESC LIMIT 1
"""
_NEWEST = """
SELECT max(newest_at) FROM visits WHERE outlet_id = :outlet AND way_id = :way
  AND day >= :from_day AND outcome IN ('read', 'moved') AND newest_at <= at AND at <= :until
"""
_WORDED = """
SELECT c.url_key, s.entry_hash FROM json_each(:keys) wanted
CROSS JOIN candidates c ON c.url_key = wanted.value AND c.outlet_id = :outlet
JOIN sightings s ON s.candidate_id = c.id AND s.way_id = :way
"""
# The day of a candidate is that of its article where there is one: one day more, to be sure.
_MISSING = """
SELECT 1 FROM candidates c JOIN sightings s ON s.candidate_id = c.id AND s.way_id = :way
WHERE c.outlet_id = :outlet AND c.day >= :from_day AND c.day != 'undated' AND c.found_at <= :until
  AND json_extract(c.hints, '$.published_at') > :since
  AND json_extract(c.hints, '$.published_at') <= :until
  AND c.url_key NOT IN (SELECT value FROM json_each(:keys)) LIMIT :few
"""


def known_to(db: Connection, way: Row | None, at: datetime) -> datetime | None:
    """What a visit at a moment has to come back to: the last look behind what is covered that
    showed a list; None where nothing is covered."""
    covered_to = decode_optional(way["covered_to"]) if way else None
    if way is None or covered_to is None:
        return None
    until = min(covered_to, at)
    return _last_shown(db, way, until) or until


def set_right(db: Connection, way: Row | None, at: datetime) -> None:
    """Take back what a clock covered that ran ahead, as a visit at the right time shows."""
    covered_to = decode_optional(way["covered_to"]) if way else None
    if way is None or covered_to is None or covered_to <= at + CLOCK_AHEAD:
        return
    last = encode_optional(_last_shown(db, way, at))
    covered_from = way["covered_from"] if last else None
    db.update("ways", way["id"], {"covered_from": covered_from, "covered_to": last})


def is_old_copy(db: Connection, way: Row, visit: Visit) -> bool:
    """Whether a visit shows less than an earlier one did: an old copy, or an empty list again."""
    newest = visit.newest_at
    if visit.outcome is VisitOutcome.NOT_MODIFIED:
        body = db.one(_LAST_BODY, _span(way, visit.at, _LONGEST))
        if body is not None and body["outcome"] == VisitOutcome.EMPTY:
            return True
        newest = decode_optional(body["newest_at"]) if body else None
    if newest is None:
        return False
    known = decode_optional(db.value(_NEWEST, _span(way, visit.at, _LATELY)))
    return known is not None and newest < known


def without_edited(
    db: Connection, way_id: int, known: frozenset[str], entries: Sequence[Candidate]
) -> frozenset[str]:
    """The known ones that prove where a list ends: not one or two that were only edited, for an
    edit moves an entry up in a list by update time."""
    if not 0 < len(known) < _FEW or len(entries) < _LONG:
        return known
    asked = {"way": way_id, "outlet": entries[0].outlet_id, "keys": dump(sorted(known))}
    before = {row["url_key"]: row["entry_hash"] for row in db.all(_WORDED, asked)}
    return frozenset(
        entry.url_key
        for entry in entries
        if entry.url_key in known and not _is_edited(entry, before)
    )


def contradicted(
    db: Connection, sight: tuple[int, datetime], known: frozenset[str], entries: Sequence[Candidate]
) -> bool:
    """Whether the known entries of a list say nothing of what it shows, as they always stand there.

    Newer items that the same way has shown before would have to stand there too; of a list without
    dates, one known entry at its end is too little. `sight` is the way and the time of the last
    look.
    """
    met = [entry for entry in entries if entry.url_key in known]
    dates = [at for at in (entry.hints.published_at for entry in met) if at is not None]
    if not dates:
        return len(entries) >= _LONG and met == [entries[-1]]
    way_id, until = sight
    since = max((at for at in dates if at <= until), default=None)
    if since is None:
        return False
    asked = {
        "way": way_id,
        "outlet": entries[0].outlet_id,
        "from_day": f"{since - timedelta(days=1):%Y-%m-%d}",
        "since": encode_time(since),
        "until": encode_time(until),
        "keys": dump([entry.url_key for entry in entries]),
        "few": _FEW,
    }
    return len(db.all(_MISSING, asked)) >= _FEW


def _is_edited(entry: Candidate, before: Mapping[str, str | None]) -> bool:
    worded = before.get(entry.url_key)
    return bool(worded and entry.entry_hash) and worded != entry.entry_hash


def _last_shown(db: Connection, way: Row, until: datetime) -> datetime | None:
    return decode_optional(db.value(_LAST_SHOWN, _span(way, until, _LONGEST)))


def _span(way: Row, until: datetime, back: timedelta) -> dict[str, object]:
    return {
        "outlet": way["outlet_id"],
        "way": way["id"],
        "from_day": f"{until - back:%Y-%m-%d}",
        "until": encode_time(until),
    }
