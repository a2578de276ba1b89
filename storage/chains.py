"""What a visit tells of coverage: looks that need several visits, gaps, and their repair.

A way is covered from its first good visit on, as long as each look comes back to what was known
at the last one. A look may need several visits (the parts of a sitemap, the pages of a listing):
these are `follows` of one chain, written with the visit that named them and deleted with their
own, so a kill loses none. Where a look does not come back, the span between is a gap; where it may
be repaired through another way, a second chain goes and sees.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row

from storage import looks
from storage.connection import Connection
from storage.finding import NOT_TRIED, VISITED, Follow, Visit, VisitOutcome
from storage.models import FoundBy
from storage.rows import dump
from storage.times import decode_optional, decode_time, encode_optional, encode_time

MAX_ATTEMPTS = 3
"""Visits to a follow-up address that may fail before it counts as missed."""
_SHOWING = VISITED - {VisitOutcome.EMPTY}
"""Visits that show what was published: an empty list shows nothing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visit showed of what was known before: entries in order, and what it leads to."""

    way_id: int  # of the way itself, or of the one that the whole chain is about
    overlap: bool | None
    follows: tuple[Follow, ...] = ()
    repairs: tuple[Follow, ...] = ()  # to be made where there is a gap
    back_to: datetime | None = None  # what the visit had to come back to
    trusted: bool = True  # whether its dates fit with what the way showed before


@dataclass(frozen=True, slots=True)
class Advanced:
    """What became of it: follow-up visits that are open now, and a gap."""

    follows: tuple[Follow, ...] = ()
    gap_id: int | None = None


def overlaps(entries: Sequence[tuple[bool, datetime | None]]) -> bool | None:
    """Whether a list comes back to what was known, from (known before, date) of its entries.

    An old entry pinned to the head proves nothing: it does not count where a newer one that was
    not known stands behind it. None without entries.

    >>> day = [datetime(2026, 3, n) for n in range(1, 10)]
    >>> overlaps([(True, day[0]), (False, day[8]), (False, day[7])])
    False
    >>> overlaps([(False, day[8]), (False, day[7]), (True, day[6])])
    True
    """
    if not entries:
        return None
    told = list(entries)
    dates = [at for _, at in told if at is not None]
    if len(dates) > 2 and dates == sorted(dates) and dates[0] < dates[-1]:
        told.reverse()  # oldest first: then what is known stands at the head by right
    return any(known and not _is_pinned(at, told[n + 1 :]) for n, (known, at) in enumerate(told))


def _is_pinned(at: datetime | None, behind: Iterable[tuple[bool, datetime | None]]) -> bool:
    return any(not known and (at is None or other is None or other > at) for known, other in behind)


def back_to(db: Connection, visit: Visit, known_to: datetime | None) -> datetime | None:
    """What a visit has to come back to: the last look, for a repair the beginning of the gap."""
    if visit.chain is None:
        return known_to
    return decode_optional(db.value("SELECT back_to FROM chains WHERE id = ?", (visit.chain,)))


def advance(db: Connection, visit: Visit, visit_id: int, shown: Shown) -> Advanced:
    """Take note of a visit: coverage goes on, a look waits for more visits, or there is a gap."""
    if visit.chain is None:
        return _top(db, visit, visit_id, shown)
    return _followed(db, visit, visit_id, shown)


def open_follows(db: Connection, outlet_ids: Collection[str]) -> list[Follow]:
    """The follow-up visits of these outlets that are still to be made."""
    sql = (
        "SELECT * FROM follows WHERE outlet_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY chain_id, number, url"
    )
    return [_follow_from(row) for row in db.all(sql, (dump(list(outlet_ids)),))]


def _top(db: Connection, visit: Visit, visit_id: int, shown: Shown) -> Advanced:
    """A visit to a way itself."""
    way = _way(db, shown.way_id)
    if visit.outcome not in _SHOWING or visit.partial or looks.is_old_copy(db, way, visit):
        return Advanced()
    if visit.outcome is VisitOutcome.NOT_MODIFIED:
        return _not_modified(db, visit, way)
    follows = _with_attempts(db, shown)
    db.execute("DELETE FROM chains WHERE way_id = ? AND gap_id IS NULL", (shown.way_id,))
    known_to = shown.back_to
    reached = known_to is None or _comes_back(visit, shown, known_to)
    follows = () if reached and _pages(follows) and known_to else follows
    chain = _begin(db, shown.way_id, visit, (known_to, None), reached=reached)
    saved = _add_follows(db, chain, follows)
    return _close_if_over(db, chain, (visit, visit_id), saved, shown.repairs)


def _with_attempts(db: Connection, shown: Shown) -> tuple[Follow, ...]:
    """The follow-up visits of a look that begins anew, with the attempts of the one before: a part
    that fails night after night must not keep the whole look open for ever."""
    sql = (
        "SELECT f.url, f.attempts FROM follows f JOIN chains c ON c.id = f.chain_id "
        "WHERE c.way_id = ? AND c.gap_id IS NULL"
    )
    tried = {row["url"]: row["attempts"] for row in db.all(sql, (shown.way_id,))}
    return tuple(replace(each, attempts=tried.get(each.url, 0)) for each in shown.follows)


def _not_modified(db: Connection, visit: Visit, way: Row) -> Advanced:
    """Nothing new is at the top; parts or pages that are still open are to be visited first."""
    chain = db.value("SELECT id FROM chains WHERE way_id = ? AND gap_id IS NULL", (way["id"],))
    if chain is None:
        at = encode_time(visit.at)
        covered = {"covered_from": way["covered_from"] or at, "covered_to": at}
        db.update("ways", way["id"], covered)
    return Advanced()


def _followed(db: Connection, visit: Visit, visit_id: int, shown: Shown) -> Advanced:
    """A follow-up visit: done, or to be tried again."""
    chain = db.one("SELECT * FROM chains WHERE id = ?", (visit.chain,))
    if chain is None:  # the look began anew meanwhile
        return Advanced()
    row = db.one("SELECT * FROM follows WHERE chain_id = ? AND url = ?", (chain["id"], visit.url))
    if row is None:
        return Advanced()
    if visit.outcome not in VISITED and _again(db, visit, row):
        return Advanced()
    db.execute("DELETE FROM follows WHERE chain_id = ? AND url = ?", (chain["id"], visit.url))
    known_to = decode_optional(chain["back_to"])
    reached = _is_reached(visit, shown, known_to, why=row["why"])
    _note(db, chain, visit, why=row["why"], reached=reached)
    more = () if row["why"] == "page" and reached else shown.follows
    saved = _add_follows(db, chain["id"], more)
    return _close_if_over(db, chain["id"], (visit, visit_id), saved, shown.repairs)


def _is_reached(visit: Visit, shown: Shown, known_to: datetime | None, *, why: str) -> bool:
    if visit.outcome not in _SHOWING:
        return why == "part" and visit.outcome is VisitOutcome.EMPTY  # a quiet day's sitemap
    if visit.partial:
        return False
    if visit.outcome is VisitOutcome.NOT_MODIFIED:
        return True
    if why == "part":  # the index leads to all of it, unless the part says that it holds less
        return visit.reaches_back is not False
    return known_to is None or _comes_back(visit, shown, known_to)


def _comes_back(visit: Visit, shown: Shown, known_to: datetime) -> bool:
    """Whether a visit came back to a moment: by what it showed, by its dates, or by its word."""
    if visit.reaches_back is not None:
        return visit.reaches_back
    dated = visit.shows_since is not None and visit.shows_since <= known_to
    return bool(shown.overlap) or (dated and shown.trusted)


def _note(db: Connection, chain: Row, visit: Visit, *, why: str, reached: bool) -> None:
    """Keep with the chain what one of its visits showed."""
    missed = chain["missed"] or (why == "part" and not reached)
    since = min(
        filter(None, (chain["shows_since"], encode_optional(visit.shows_since))), default=None
    )
    counts = reached and why != "part"
    values = {"reached": chain["reached"] or counts, "missed": missed, "shows_since": since}
    db.update("chains", chain["id"], values)


def _again(db: Connection, visit: Visit, follow: Row) -> bool:
    """Whether a follow-up address is tried again by a later run; counts the attempt."""
    tried = visit.outcome not in NOT_TRIED
    attempts = follow["attempts"] + tried
    db.execute(
        "UPDATE follows SET attempts = ? WHERE chain_id = ? AND url = ?",
        (attempts, follow["chain_id"], follow["url"]),
    )
    gone = visit.outcome is VisitOutcome.GONE
    return attempts < MAX_ATTEMPTS and not gone


def _begin(
    db: Connection,
    way_id: int,
    visit: Visit,
    aim: tuple[datetime | None, int | None],
    *,
    reached: bool,
) -> int:
    """A new chain; `aim` is what it has to come back to and the gap that it is to repair."""
    known_to, gap_id = aim
    return db.insert(
        "chains",
        {
            "way_id": way_id,
            "gap_id": gap_id,
            "began_at": encode_time(visit.at),
            "back_to": encode_optional(known_to),
            "shows_since": encode_optional(visit.shows_since) if gap_id is None else None,
            "reached": reached,
        },
    )


def _add_follows(db: Connection, chain: int, follows: Iterable[Follow]) -> tuple[Follow, ...]:
    saved = tuple(replace(follow, chain=chain) for follow in follows)
    for follow in saved:
        values = _columns(follow)
        marks = ", ".join("?" * len(values))
        names = ", ".join(values)
        sql = f"INSERT OR IGNORE INTO follows ({names}) VALUES ({marks})"  # noqa: S608  # our own names
        db.execute(sql, list(values.values()))
    return saved


def _close_if_over(
    db: Connection,
    chain_id: int,
    seen: tuple[Visit, int],
    saved: tuple[Follow, ...],
    repairs: tuple[Follow, ...],
) -> Advanced:
    """End a chain of which no follow-up visit is open; it may leave a gap, and that a repair."""
    if db.value("SELECT 1 FROM follows WHERE chain_id = ? LIMIT 1", (chain_id,)):
        return Advanced(saved)
    chain = db.one("SELECT * FROM chains WHERE id = ?", (chain_id,))
    assert chain is not None, "a chain that was just written to is there"
    db.execute("DELETE FROM chains WHERE id = ?", (chain_id,))
    if chain["gap_id"] is not None:
        _end_repair(db, chain, seen[0])
        return Advanced()
    return _end_look(db, chain, seen, repairs)


def _end_look(
    db: Connection, chain: Row, seen: tuple[Visit, int], repairs: tuple[Follow, ...]
) -> Advanced:
    """A whole look is over: what it covered, and the gap before it if it did not come back."""
    way = _way(db, chain["way_id"])
    began, known_to = chain["began_at"], chain["back_to"]
    if way["covered_to"] is not None and way["covered_to"] >= began:
        return Advanced()  # a later look was over first
    since = chain["shows_since"]
    first = min(since or began, began)
    values = {"covered_from": way["covered_from"] or first, "covered_to": began}
    db.update("ways", way["id"], values)
    if known_to is None or (chain["reached"] and not chain["missed"]):
        return Advanced()
    to_at = max(min(since or began, began), known_to)
    gap = _open_gap(db, way, seen[1], (known_to, to_at, began))
    if not repairs:
        return Advanced(gap_id=gap)
    visit, _ = seen
    repair = _begin(db, way["id"], visit, (decode_time(known_to), gap), reached=False)
    until = [replace(follow, until=decode_time(known_to)) for follow in repairs]
    return Advanced(_add_follows(db, repair, until), gap)


def _open_gap(db: Connection, way: Row, visit_id: int, when: tuple[str, str, str]) -> int:
    from_at, to_at, noticed_at = when
    return db.insert(
        "gaps",
        {
            "way_id": way["id"],
            "outlet_id": way["outlet_id"],
            "from_at": from_at,
            "to_at": to_at,
            "noticed_at": noticed_at,
            "visit_id": visit_id,
        },
    )


def _end_repair(db: Connection, chain: Row, visit: Visit) -> None:
    """A repair is over: the gap is filled if another way showed all of it."""
    if chain["reached"] and not chain["missed"]:
        by = visit.parent or visit.url
        db.update(
            "gaps", chain["gap_id"], {"repaired_at": encode_time(visit.at), "repaired_by": by}
        )


def _pages(follows: Collection[Follow]) -> bool:
    return any(follow.why == "page" for follow in follows)


def _way(db: Connection, way_id: int) -> Row:
    row = db.one("SELECT * FROM ways WHERE id = ?", (way_id,))
    assert row is not None, "a visit is saved after its way"
    return row


def _columns(follow: Follow) -> dict[str, object]:
    return {
        "chain_id": follow.chain,
        "url": follow.url,
        "outlet_id": follow.outlet_id,
        "found_by": follow.found_by,
        "why": follow.why,
        "parent": follow.parent,
        "number": follow.number,
        "until": encode_optional(follow.until),
        "changed_raw": follow.changed_raw,
        "attempts": follow.attempts,
    }


def _follow_from(row: Row) -> Follow:
    return Follow(
        outlet_id=row["outlet_id"],
        found_by=FoundBy(row["found_by"]),
        url=row["url"],
        why=row["why"],
        parent=row["parent"],
        number=row["number"],
        until=decode_optional(row["until"]),
        changed_raw=row["changed_raw"],
        chain=row["chain_id"],
        attempts=row["attempts"],
    )
