"""An archive filled without a crawl: articles as a reader would have stored them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.reading.findings import mentions_in
from crawler.reading.fingerprints import fingerprint
from crawler.reading.mentions import Matcher
from storage.articles import ArticleStore, Keep
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.finding import Visit, VisitOutcome
from storage.models import (
    Actor,
    Candidate,
    FetchRecord,
    FoundBy,
    OutletRecord,
    Precision,
    Reading,
    keep_rule,
)
from storage.runs import RunStore

NIGHT = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)
FEED = "https://{}.test/rss"


@dataclass(frozen=True)
class Story:
    """One article to store: its words, and where and when it was published."""

    text: str
    headline: str = "A headline"
    outlet: str = "ma_manara"
    language: str = "en"
    days: int = 0
    dated: bool = True
    byline: str | None = None


def outlet_of(outlet_id: str) -> OutletRecord:
    country, _, slug = outlet_id.partition("_")
    zone = {"ma": "Africa/Casablanca", "iq": "Asia/Baghdad"}.get(country, "Asia/Bahrain")
    return OutletRecord(
        outlet_id, slug.title(), country, (country,), "portal", "unknown", ("en", "ar"), zone,
        (f"{slug}.test",),
    )  # fmt: skip


def fill(
    path: Path, stories: Sequence[Story], actors: Sequence[Actor], keep: Keep = "all"
) -> list[int]:
    """Store the stories in one run, read with these actors; gives their numbers."""
    with open_database(path) as db:
        runs, articles = RunStore(db, clock=lambda: NIGHT), ArticleStore(db, keep=keep)
        outlets = [outlet_of(name) for name in sorted({story.outlet for story in stories})]
        run_id = runs.open("crawl", outlets=outlets, actors=actors)
        matcher, numbers = Matcher(actors), []
        known = db.value("SELECT count(*) FROM candidates")
        for number, story in enumerate(stories, start=known):
            candidate = _found(CandidateStore(db), run_id, story, number)
            fetch = FetchRecord(candidate.url, NIGHT, status=200)
            saved = articles.save(run_id, candidate, _read(candidate, story, matcher), fetch)
            assert saved.article_id is not None
            numbers.append(saved.article_id)
        runs.close(run_id, "done")
    return numbers


def _found(store: CandidateStore, run_id: int, story: Story, number: int) -> Candidate:
    slug = story.outlet.partition("_")[2]
    feed, url = FEED.format(slug), f"https://{slug}.test/a/{number}"
    candidate = Candidate(url, f"{slug}.test/a/{number}", story.outlet, FoundBy.FEED, feed)
    visit = Visit(story.outlet, FoundBy.FEED, feed, NIGHT, VisitOutcome.READ)
    (fresh,) = store.record_visit(run_id, visit, [candidate], None).fresh
    return fresh


def _read(candidate: Candidate, story: Story, matcher: Matcher) -> Reading:
    mentions = mentions_in(matcher, story.headline, story.text)
    return Reading(
        url=candidate.url,
        final_url=candidate.url,
        outcome=None,
        headline=story.headline,
        text=story.text,
        language=story.language,
        published_at=NIGHT - timedelta(days=story.days, hours=10) if story.dated else None,
        published_precision=Precision.MINUTE if story.dated else Precision.UNKNOWN,
        byline=story.byline,
        mentions=mentions,
        fingerprint=fingerprint(story.text),
        keep_rule=keep_rule(mentions),
        reader_version="1",
    )
