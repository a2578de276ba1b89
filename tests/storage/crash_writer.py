"""A run that its test kills: it visits a feed, then saves article after article, and says so.

Usage: crash_writer.py DATABASE ARTICLES. Goes on with whatever an earlier run left, and waits
for a line of standard input before each article (at its end it waits no more).
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.finding import Visit, VisitOutcome
from storage.models import (
    Actor,
    Candidate,
    FetchRecord,
    Fingerprint,
    FoundBy,
    Mention,
    OutletRecord,
    Reading,
)
from storage.runs import RunStore

FEED = "https://sahifa.test/rss"
NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
OUTLET = OutletRecord("ma_sahifa", "x", "ma", ("ma",), "portal", "unknown", ("ar",), "UTC")


def _candidate(number: int) -> Candidate:
    key = f"sahifa.test/{number}"
    return Candidate(f"https://{key}", key, OUTLET.id, FoundBy.FEED, FEED, entry_hash=key)


def _reading(candidate: Candidate) -> Reading:
    text = f"خبر {candidate.url_key} " + "كلمة " * 400
    shared = "same text" if candidate.url_key[-1] == "0" else text
    return Reading(
        candidate.url,
        candidate.url,
        None,
        headline=f"عنوان {candidate.url_key}",
        text=text,
        mentions=(Mention("ma_jamiya", 0, 3, "خبر", "خبر", "auto"),),
        fingerprint=Fingerprint(1, (1, 2), sha256(shared.encode()).hexdigest(), 400),
        reader_version="reader-1",
    )


def main(path: Path, articles: int) -> None:
    database = open_database(path)
    runs, found, saved = RunStore(database), CandidateStore(database), ArticleStore(database)
    run_id = runs.open("crawl", outlets=[OUTLET], actors=[Actor("ma_jamiya", "cso")])
    todo = found.claim_pending(run_id, [OUTLET.id])
    for page in range(0, articles, 10):
        at = NOW + timedelta(minutes=page)
        visit = Visit(OUTLET.id, FoundBy.FEED, FEED, at, VisitOutcome.READ)
        entries = [_candidate(number) for number in range(page, page + 10)]
        todo += found.record_visit(run_id, visit, entries).fresh
        for candidate in todo:
            sys.stdin.readline()
            fetch = FetchRecord(candidate.url, NOW, status=200)
            saved.save(run_id, candidate, _reading(candidate), fetch)
            sys.stdout.write("saved\n")
            sys.stdout.flush()
        todo = []
    runs.close(run_id, "done")
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
