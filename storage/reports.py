"""A run's report and the check of its books, counted by SQL from visits and outcomes."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from sqlite3 import Row

from storage import advice, deletions, trouble_reports
from storage.actors import gaps
from storage.books import RECHECK
from storage.connection import Connection
from storage.errors import UnknownRun
from storage.finding import VISITED, VisitOutcome
from storage.models import PENDING, STORED, Outcome
from storage.reported import LooksReport, OutletReport, RunReport, TroubleReport
from storage.rows import dump
from storage.seen_lately import FINDING
from storage.times import decode_optional, decode_time

MOST_NAMED = 20
"""How many actors a report names."""
LOOKS = ("gone", "back", "missing", "moved", "left")
"""What a run of re-checks notes beside its books; see `storage.rechecks`."""

_VISITS = """
SELECT outlet_id, outcome, reason, count(*) AS n, sum(known) AS known, sum(ignored) AS ignored
FROM visits WHERE run_id = ? GROUP BY outlet_id, outcome, reason
ORDER BY outlet_id, outcome, n DESC, reason
"""
_OUTCOMES = """
SELECT outlet_id, outcome, reason, count(*) AS n
FROM outcomes WHERE run_id = ? GROUP BY outlet_id, outcome, reason
ORDER BY outlet_id, outcome, n DESC, reason
"""
_FETCHED = """
SELECT count(*) AS requests, coalesce(sum(capture_length), 0) AS captured_bytes
FROM fetches WHERE run_id = ?
"""
_STORED = """
SELECT count(*) AS stored, count(*) FILTER (WHERE a.story_id != a.id) AS copies,
  count(DISTINCT a.story_id) AS stories
FROM articles a
WHERE NOT a.withdrawn AND a.id IN (
  SELECT article_id FROM outcomes
  WHERE run_id = :run AND outcome IN (SELECT value FROM json_each(:stored))
)
"""
_ACTORS = """
SELECT w.id, w.name, count(DISTINCT o.article_id) AS articles,
  count(DISTINCT a.story_id) AS stories
FROM outcomes o
CROSS JOIN articles a ON a.id = o.article_id
CROSS JOIN mentions m ON m.article_id = a.id
CROSS JOIN actors w ON w.id = m.actor_id
WHERE o.run_id = :run AND o.outcome IN (SELECT value FROM json_each(:stored))
  AND m.counted AND NOT w.suppress AND w.kind != 'term'
GROUP BY w.id ORDER BY articles DESC, w.name, w.id LIMIT :most
"""
_CHECKS = (
    (
        "{0} candidates handed out, {1} in the books",
        "SELECT (SELECT coalesce(sum(fresh), 0) FROM visits WHERE run_id = :run) "
        "+ (SELECT carried + added FROM runs WHERE id = :run), "
        "(SELECT count(*) FROM outcomes WHERE run_id = :run)",
    ),
    (
        "{0} entries seen, {1} new, known or ignored",
        "SELECT coalesce(sum(seen), 0), coalesce(sum(fresh + known + ignored), 0) "
        "FROM visits WHERE run_id = :run AND seen != fresh + known + ignored",
    ),
    (
        "{1} candidates done without an end",
        "SELECT 0, count(*) FROM outcomes o JOIN candidates c ON c.id = o.candidate_id "
        "WHERE o.run_id = :run AND c.state = 'done' "
        "AND coalesce(c.last_outcome, 'interrupted') IN (SELECT value FROM json_each(:waiting))",
    ),
    (
        "{1} articles stored by the books that are not there",
        "SELECT 0, count(*) FROM outcomes o LEFT JOIN articles a ON a.id = o.article_id "
        "WHERE o.run_id = :run AND a.id IS NULL "
        "AND o.outcome IN (SELECT value FROM json_each(:stored))",
    ),
)


def report(db: Connection, run_id: int) -> RunReport:
    """What a run did so far. Raises UnknownRun."""
    run = db.one("SELECT * FROM runs WHERE id = ?", (run_id,))
    if run is None:
        raise UnknownRun(run_id)
    wrong = imbalance(db, run_id)
    counters = _counters(db, run_id)
    actors = _actors(db, run_id)
    stored = db.one(_STORED, {"run": run_id, "stored": dump(sorted(STORED))})
    troubles = trouble_reports.of_run(db, run)
    return RunReport(
        run_id=run_id,
        kind=run["kind"],
        started_at=decode_time(run["started_at"]),
        ended_at=decode_optional(run["ended_at"]),
        status=run["status"],
        outlets=_with_moves(db, run, _outlets(db, run, troubles)),
        actors=actors,
        comparable_since=_comparable_since(db, [actor_id for actor_id, *_ in actors]),
        balanced=not wrong,
        imbalance=wrong,
        requests=int(counters["requests"]),
        captured_bytes=int(counters["captured_bytes"]),
        failure=str(counters.get("failure", "")),
        disk=str(counters.get("disk", "")),
        stories_failure=str(counters.get("stories_failure", "")),
        looks=_looks(counters) if run["kind"] == RECHECK else None,
        troubles=troubles,
        **dict(stored or {}),
    )


def imbalance(db: Connection, run_id: int) -> str:
    """What does not add up in a run's books, in words; empty when they balance."""
    parameters = {"run": run_id, "waiting": dump(sorted(PENDING)), "stored": dump(sorted(STORED))}
    wrong = []
    for words, sql in _CHECKS:
        row = db.one(sql, parameters)
        if row is not None and row[0] != row[1]:
            wrong.append(words.format(row[0], row[1]))
    return "; ".join(wrong)


def _counters(db: Connection, run_id: int) -> dict[str, int | str]:
    """What the run noted, or else what its fetches tell."""
    row = db.one(_FETCHED, (run_id,))
    counted = {} if row is None else dict(row)
    notes = db.all("SELECT key, value FROM run_notes WHERE run_id = ?", (run_id,))
    return counted | {note["key"]: note["value"] for note in notes}


def _looks(counters: dict[str, int | str]) -> LooksReport:
    """What looking again told; of a run that was killed, what it saw is judged by the next."""
    found = {name: int(counters.get(f"looks_{name}", 0)) for name in LOOKS}
    return LooksReport(**found)


def _actors(db: Connection, run_id: int) -> tuple[tuple[str, str, int, int], ...]:
    parameters = {"run": run_id, "stored": dump(sorted(STORED)), "most": MOST_NAMED}
    return tuple(map(tuple, db.all(_ACTORS, parameters)))


def _comparable_since(db: Connection, actor_ids: list[str]) -> tuple[tuple[str, datetime], ...]:
    found = gaps(db, actor_ids)
    return tuple((one, found[one].since) for one in actor_ids if one in found)


def _outlets(
    db: Connection, run: Row, troubles: Iterable[TroubleReport]
) -> tuple[OutletReport, ...]:
    visits = _by_outlet(db.all(_VISITS, (run["id"],)))
    ends = _by_outlet(db.all(_OUTCOMES, (run["id"],)))
    asked: list[str] = json.loads(run["outlets"])
    known = {row["id"]: row for row in db.all("SELECT * FROM outlets")}
    told = _told_of(troubles)
    lines = [
        _outlet(run, known[outlet_id], visits[outlet_id], ends[outlet_id])
        for outlet_id in sorted({*asked, *visits, *ends})
    ]
    return tuple(_without_told(line, told[line.outlet_id] | told[""]) for line in lines)


def _told_of(troubles: Iterable[TroubleReport]) -> defaultdict[str, set[str]]:
    """By outlet, the ends of visits and pages of which its troubles tell already."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for one in troubles:
        if one.state != "ended":
            told[one.outlet_id] |= advice.TOLD_BY.get(one.kind, frozenset())
            if one.kind == "pages_failing":
                told[one.outlet_id].add(str(one.evidence.get("outcome")))
    return told


def _without_told(line: OutletReport, told: set[str]) -> OutletReport:
    """A line without the problems that a trouble tells of, with since when and what to do."""
    ends = {end.replace("_", " ") for end in told}
    kept = [(said, todo) for said, todo in line.problems if _end_in(said) not in ends]
    return replace(line, problems=tuple(kept))


def _end_in(said: str) -> str:
    """The end that a problem is about: what stands after the count and the noun."""
    return said.partition(":")[0].partition(" ")[2].partition(" ")[2]


def _with_moves(
    db: Connection, run: Row, outlets: tuple[OutletReport, ...]
) -> tuple[OutletReport, ...]:
    """The outlets of a run of re-checks, with what is told of sites that moved."""
    if run["kind"] != RECHECK:
        return outlets
    moves = deletions.moves(db)
    return tuple(
        replace(
            one, problems=(*one.problems, *((said, advice.MOVED) for said in moves[one.outlet_id]))
        )
        for one in outlets
    )


def _by_outlet(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["outlet_id"]].append(row)
    return grouped


def _outlet(run: Row, outlet: Row, visits: list[Row], ends: list[Row]) -> OutletReport:
    """One outlet's line; what was handed over by earlier runs or a person counts as seen."""
    known = sum(row["known"] for row in visits)
    outcomes = _counts(ends) | ({Outcome.KNOWN.value: known} if known else {})
    visit_outcomes = _counts(visits)
    return OutletReport(
        outlet_id=outlet["id"],
        name=outlet["name"],
        visits=sum(visit_outcomes.values()),
        blind=sum(n for name, n in visit_outcomes.items() if name not in VISITED),
        seen=sum(outcomes.values()),
        ignored=sum(row["ignored"] for row in visits),
        outcomes=outcomes,
        visit_outcomes=visit_outcomes,
        problems=tuple(_problems(run, visits, ends))
        if visits or not _is_blind(run, outlet)
        else (),
    )


def _is_blind(run: Row, outlet: Row) -> bool:
    """Whether a person had declared that we do not see the outlet, when the run began."""
    day, since, until = run["started_at"][:10], outlet["blind_since"], outlet["blind_until"]
    return since is not None and since <= day and (until is None or day <= until)


def _counts(rows: list[Row]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["outcome"]] += row["n"]
    return dict(counts)


def _problems(run: Row, visits: list[Row], ends: list[Row]) -> Iterator[tuple[str, str]]:
    """Each kind of trouble once: how often, the commonest reason, and what to do about it."""
    if run["kind"] in FINDING and run["status"] != "running" and not visits:
        yield advice.NOT_VISITED
    for row in _commonest(visits):
        todo = advice.VISITS.get(VisitOutcome(row["outcome"]))
        if todo:
            yield _said("visit", row, _counts(visits)), todo
    for row in _commonest(ends):
        todo = advice.of_page(Outcome(row["outcome"]), again=run["kind"] == RECHECK)
        under_way = run["status"] == "running" and row["outcome"] == Outcome.INTERRUPTED
        if todo and not under_way:
            yield _said("page", row, _counts(ends)), todo


def _commonest(rows: list[Row]) -> list[Row]:
    """The first row of each outcome: the SQL puts the commonest reason first."""
    return list({row["outcome"]: row for row in reversed(rows)}.values())[::-1]


def _said(what: str, row: Row, counts: dict[str, int]) -> str:
    count = counts[row["outcome"]]
    plural = "" if count == 1 else "s"
    reason = f": {row['reason']}" if row["reason"] else ""
    return f"{count} {what}{plural} {row['outcome'].replace('_', ' ')}{reason}"
