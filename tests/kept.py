"""A workspace filled without a crawl, whose articles have captures as a crawl would have them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from stored import NIGHT, outlet_of

from crawler.engine.capture import WarcFile
from crawler.reading.fingerprints import fingerprint
from crawler.reading.warc import warc_record
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.finding import Visit, VisitOutcome
from storage.models import Candidate, FetchRecord, FoundBy, Page, Reading
from storage.runs import RunStore

OUTLET = outlet_of("ma_manara")
FEED = "https://manara.test/rss"


def made(root: Path) -> Workspace:
    """An empty workspace."""
    return create_workspace(root, WorkspaceSettings(contact="tests@marsad.test", shipped=False))


def night(
    place: Workspace, texts: Iterable[str], *, status: str = "done", at: datetime = NIGHT
) -> list[int]:
    """One run that stores these texts with a capture of each; gives the articles' numbers."""
    with open_database(place.database) as db:
        run_id = RunStore(db, clock=lambda: at).open("crawl", outlets=[OUTLET], actors=[])
        warc, numbers = WarcFile(place.warc_dir, run_id), []
        for text in texts:
            seen = at + timedelta(seconds=len(numbers))
            candidate = _found(CandidateStore(db), run_id, text, at)
            fetch = _fetched(warc, candidate, text, seen)
            saved = ArticleStore(db).save(run_id, candidate, _read(candidate, text), fetch)
            assert saved.article_id is not None
            numbers.append(saved.article_id)
        warc.close()
        if status != "running":
            RunStore(db).close(run_id, status)
    return numbers


def texts(first: int, count: int) -> list[str]:
    """Texts that nothing else in the database looks like: folded, capitals are small."""
    return [
        f"MARK{number:05d} " + f"WORDS OF {number} " * 40 for number in range(first, first + count)
    ]


def _found(store: CandidateStore, run_id: int, text: str, at: datetime) -> Candidate:
    key = f"manara.test/{sha256(text.encode()).hexdigest()[:12]}"
    candidate = Candidate(f"https://{key}", key, OUTLET.id, FoundBy.FEED, FEED, entry_hash=key)
    visit = Visit(OUTLET.id, FoundBy.FEED, FEED, at, VisitOutcome.READ)
    (fresh,) = store.record_visit(run_id, visit, [candidate], None).fresh
    return fresh


def _fetched(warc: WarcFile, candidate: Candidate, text: str, at: datetime) -> FetchRecord:
    body = f"<html><h1>A headline</h1><p>{text}</p></html>".encode()
    page = Page(candidate.url, candidate.url, 200, (("Content-Type", "text/html"),), body, at, 0.1)
    place = warc.append(warc_record(page))
    record = FetchRecord(page.url, at, status=200, payload_sha256=sha256(body).hexdigest())
    return replace(record, capture=place)


def _read(candidate: Candidate, text: str) -> Reading:
    return Reading(
        candidate.url,
        candidate.url,
        None,
        headline="A headline",
        text=text,
        fingerprint=fingerprint(text),
        reader_version="1",
    )
