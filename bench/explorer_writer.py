"""A crawl's writes: `python -m bench.explorer_writer DATABASE ARTICLES_A_SECOND`, until killed."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from bench.explorer_words import pool
from crawler.reading.fingerprints import fingerprint
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.finding import Visit, VisitOutcome
from storage.models import Candidate, FetchRecord, FoundBy, Precision, Reading
from storage.runs import RunStore
from storage.times import utc_now


def main() -> None:
    """Write until somebody ends it."""
    path, pace = Path(sys.argv[1]), float(sys.argv[2])
    dice, arabic = Random(5), pool("ar")
    with open_database(path) as db:
        run_id = RunStore(db).open("crawl")
        outlet = str(db.value("SELECT id FROM outlets WHERE languages = '[\"ar\"]' LIMIT 1"))
        print("WRITES", flush=True)
        for number in count():
            started = time.monotonic()
            texts = [one.text for one in arabic.draw(dice, 9)]
            _save(db, run_id, outlet, f"{outlet[3:]}.test/now/{time.time_ns()}/{number}", texts)
            time.sleep(max(0.0, 1 / pace - (time.monotonic() - started)))


def _save(db: Database, run_id: int, outlet: str, key: str, texts: list[str]) -> None:
    """One article as a crawl stores it: found by a visit, then saved."""
    now, url = utc_now(), f"https://{key}"
    feed = f"https://{outlet[3:]}.test/rss"
    found = Candidate(url, key, outlet, FoundBy.FEED, feed)
    visit = Visit(outlet, FoundBy.FEED, feed, now, VisitOutcome.READ)
    (candidate,) = CandidateStore(db).record_visit(run_id, visit, [found], None).fresh
    reading = Reading(
        url=url,
        final_url=url,
        outcome=None,
        headline=texts[0],
        text="\n".join(texts[1:]),
        language="ar",
        published_at=now - timedelta(hours=2),
        published_precision=Precision.MINUTE,
        fingerprint=fingerprint(" ".join(texts)),
        reader_version="1",
    )
    ArticleStore(db).save(run_id, candidate, reading, FetchRecord(url, now, status=200))


if __name__ == "__main__":
    main()
