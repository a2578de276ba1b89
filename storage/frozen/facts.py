"""The facts of a set, counted while its rows go by and asked in the same instant."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from sqlite3 import Row
from typing import Any

from storage import actors, coverage_summary, reindexing, story_list
from storage.asked_period import asked
from storage.connection import Connection
from storage.coverage_records import CoverageSummary
from storage.coverage_words import declared, header
from storage.desk.questions import Question
from storage.frozen.records import (
    KEPT,
    KINDS,
    Facts,
    Gapped,
    OutletFacts,
    Period,
    Versions,
    Watched,
)
from storage.program import program_version
from storage.search import matching
from storage.text import FOLD_VERSION
from storage.times import encode_time

FORMAT = 1
"""Of the facts and the rows; a later one may add to them."""
_FOUND_BY = """
SELECT a.outlet_id, c.found_by, count(DISTINCT a.id) AS articles
FROM articles a CROSS JOIN candidates c ON c.article_id = a.id WHERE 1{where} GROUP BY 1, 2
"""
_JUDGED = """
SELECT j.kind, count(*) AS judgements FROM judgements j
LEFT JOIN actors c ON c.id = j.actor_id
WHERE j.kind != 'withdraw' AND NOT coalesce(c.suppress, 0)
  AND NOT EXISTS (SELECT 1 FROM judgements w WHERE w.withdraws = j.id)
  AND (j.kind = 'leave_out' OR j.article_id IN (SELECT a.id FROM articles a WHERE 1{where}))
GROUP BY j.kind
"""
_OUTLETS = "SELECT * FROM outlets ORDER BY id"
_BLOCKED = "SELECT outlet_id FROM events WHERE kind = 'blocked' AND closed_at IS NULL"
_WATCHLIST = """
SELECT id, forms_digest, watched_since FROM actors WHERE forms_digest != '' ORDER BY id
"""
_STEP = "SELECT name FROM _sqlite_migrations ORDER BY name DESC LIMIT 1"


@dataclass
class _Watch:
    """How one outlet was watched, from its rows of coverage."""

    days: int = 0
    blind_days: int = 0
    unwatched_days: int = 0
    minutes: int = 0
    seen: int = 0
    completeness: set[str] = field(default_factory=set)

    def add(self, row: Mapping[str, Any]) -> None:
        if row["day"] is None:
            return
        self.days += 1
        self.blind_days += bool(row["minutes_blind"])
        self.unwatched_days += bool(row["minutes_not_watched"])
        self.minutes += row["minutes"]
        self.seen += row["minutes_watched"] + row["minutes_partly"]
        self.completeness.add(row["completeness"])

    @property
    def share(self) -> float | None:
        return round(self.seen / self.minutes, 4) if self.minutes else None

    @property
    def told(self) -> str:
        """complete or unknown where every day is, else partial."""
        only = self.completeness if len(self.completeness) == 1 else {"partial"}
        return next(iter(only)) if self.days else "unknown"


@dataclass
class Tally:
    """What is counted of the rows as they go by."""

    rows: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    articles: set[int] = field(default_factory=set)
    stories: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    undated: int = 0
    of: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Articles by language, outlet, reader; and those whose text is not whole or not kept."""
    watch: defaultdict[str, _Watch] = field(default_factory=lambda: defaultdict(_Watch))

    def add(self, kind: str, row: Mapping[str, Any]) -> None:
        """Count one row as it is kept."""
        self.kept[kind] += 1
        self.rows[kind] += len(row["rows"]) if kind == "attention" else 1
        if kind == "articles":
            self._article(row)
        elif kind == "mentions" and row["actor_kind"] != "term":
            self.actors.add(row["actor_id"])
        elif kind == "coverage":
            self.watch[row["outlet_id"]].add(row)

    def _article(self, row: Mapping[str, Any]) -> None:
        self.articles.add(int(row["article_id"]))
        self.stories.add(row["story_id"])
        for name in ("language", "outlet_id", "reader_version"):
            self.of[name][row[name]] += 1
        self.of["incomplete"][row["outlet_id"]] += not row["text_complete"]
        self.of["not_kept"][row["outlet_id"]] += not row["text_kept"]
        day = row["published_day"]
        self.undated += day is None
        if day is not None:
            self.days.add(day)


def facts_of(db: Connection, question: Question, made_at: datetime, tally: Tally) -> Facts:
    """The facts of a set whose rows have all been counted, in the instant that `db` reads."""
    days = asked(db, question.query, question.filters, now=made_at, edges=True)
    summary = coverage_summary.summary_of(db, days)
    found = matching(db, question.query, question.filters)
    ways = _ways(db, found.sql, found.parameters)
    judged = db.all(_JUDGED.format(where=found.sql), found.parameters)
    return Facts(
        format=FORMAT,
        rows={kind: tally.rows[kind] for kind in KINDS},
        kept={kind: tally.kept[kind] for kind in KEPT},
        stories=len(tally.stories),
        actors=len(tally.actors),
        period=_period(summary, tally),
        watched=_watched(summary),
        outlets=_outlets(db, summary, tally, ways),
        languages=_some(tally.of["language"]),
        found_by=_some(sum(ways.values(), Counter())),
        versions=_versions(db, tally),
        incomplete=sum(tally.of["incomplete"].values()),
        not_kept=sum(tally.of["not_kept"].values()),
        judgements={row["kind"]: row["judgements"] for row in judged},
        incomparable=_incomparable(db, tally),
        unsettled=story_list.unsettled(db),
        unindexed=reindexing.unindexed(db),
    )


def _ways(db: Connection, where: str, parameters: dict[str, object]) -> dict[str, Counter[str]]:
    """By outlet, in which ways its articles were found; one may be found in two."""
    ways: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in db.all(_FOUND_BY.format(where=where), parameters):
        ways[row["outlet_id"]][row["found_by"]] = row["articles"]
    return ways


def _period(summary: CoverageSummary, tally: Tally) -> Period:
    asked_first, asked_last = summary.first, summary.last
    return Period(
        first=min(tally.days, default=None),
        last=max(tally.days, default=None),
        undated=tally.undated,
        asked_first=asked_first.isoformat() if asked_first else None,
        asked_last=asked_last.isoformat() if asked_last else None,
    )


def _watched(summary: CoverageSummary) -> Watched:
    return Watched(
        completeness=summary.completeness,
        share_seen=None if summary.share is None else round(summary.share, 4),
        blind_days=summary.blind_days,
        unwatched_days=summary.unwatched_days,
        header=header(summary),
        figures=json.loads(json.dumps(asdict(summary), default=_iso)),
    )


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _outlets(
    db: Connection, summary: CoverageSummary, tally: Tally, ways: dict[str, Counter[str]]
) -> list[OutletFacts]:
    """The outlets that were asked, also those of which the set has nothing."""
    blocked = {row["outlet_id"] for row in db.all(_BLOCKED)}
    declarations = {one.outlet_id: declared(one) for one in summary.declared}
    told = set(summary.outlets) | set(tally.of["outlet_id"])
    return [
        {
            **_outlet(row, tally, ways),
            "blocked": row["id"] in blocked,
            "never_visited": row["id"] in summary.never_visited,
            "declared_blind": declarations.get(row["id"], ""),
        }
        for row in db.all(_OUTLETS)
        if row["id"] in told
    ]


def _outlet(row: Row, tally: Tally, ways: dict[str, Counter[str]]) -> OutletFacts:
    """An outlet as it stands in the register, what the set has of it, and how it was watched."""
    number, watch = row["id"], tally.watch[row["id"]]
    return {
        "id": number,
        "name": row["name"],
        "country": row["country"],
        "kind": row["kind"],
        "alignment": row["alignment"],
        "articles": tally.of["outlet_id"][number],
        "found_by": _some(ways.get(number, Counter())),
        "incomplete": tally.of["incomplete"][number],
        "days": watch.days,
        "blind_days": watch.blind_days,
        "unwatched_days": watch.unwatched_days,
        "share_seen": watch.share,
        "completeness": watch.told,
        "blocked": False,
        "never_visited": False,
        "declared_blind": "",
    }


def _versions(db: Connection, tally: Tally) -> Versions:
    watched = db.all(_WATCHLIST)
    # As storage.actors.watchlist_digest makes it of the files.
    forms = "\n".join(f"{row['id']} {row['forms_digest']}" for row in watched)
    return Versions(
        marsad=program_version(),
        sqlite=sqlite3.sqlite_version,
        schema=str(db.value(_STEP)),
        fold=FOLD_VERSION,
        readers=_some(tally.of["reader_version"]),
        watchlist=hashlib.sha256(forms.encode()).hexdigest()[:32],
        watchlist_actors=len(watched),
        watchlist_since=max((row["watched_since"] for row in watched), default=None),
    )


def _incomparable(db: Connection, tally: Tally) -> list[Gapped]:
    gaps = actors.gaps(db, sorted(tally.actors))
    return [Gapped(actor_id=one.actor_id, since=encode_time(one.since)) for one in gaps.values()]


def _some(counted: Counter[str]) -> dict[str, int]:
    """Nothing of what there is none of."""
    return {name: number for name, number in sorted(counted.items()) if number}
