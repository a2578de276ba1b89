"""A few articles of made-up outlets on a real database, stored and read again as crawls would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.reading.findings import mentions_in
from crawler.reading.fingerprints import fingerprint
from crawler.reading.mentions import Matcher
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.finding import Visit, VisitOutcome
from storage.models import (
    Actor,
    Alias,
    Candidate,
    FetchRecord,
    FoundBy,
    Mention,
    OutletRecord,
    Precision,
    Reading,
    keep_rule,
)
from storage.runs import RunStore

EVENING = datetime(2026, 3, 1, 21, tzinfo=UTC)
OUTLETS = tuple(
    OutletRecord(
        id, name, id[:2], (id[:2],), "daily", "unknown", languages, zone, (f"{id[3:]}.test",)
    )
    for id, name, languages, zone in (
        ("ma_manara", "منارة المثال", ("ar", "fr"), "Africa/Casablanca"),
        ("iq_jisr", "جسر المثال", ("ar", "ckb"), "Asia/Baghdad"),
        ("bh_luul", "لؤلؤ المثال", ("ar",), "Asia/Bahrain"),
    )
)  # fmt: skip
ACTORS = (
    Actor("ma_saqiya", "cso", name="جمعية الساقية البعيدة",
          aliases=(Alias("جمعية الساقية البعيدة", "ar"),)),
    Actor("iq_lina", "person", name="لينا المثال الأزرق",
          aliases=(Alias("لينا المثال الأزرق", "ar"),)),
    Actor("bh_hidden", "person", name="مخفية المثال الأول",
          aliases=(Alias("مخفية المثال الأول", "ar"),), suppress=True),
)  # fmt: skip


class Shelf:
    """A database at `path`, with short ways to fill it; each look is an hour after the last one."""

    def __init__(self, path: Path, actors: Sequence[Actor] = ACTORS, **keep: Any) -> None:
        self.path, self.actors, self.now = path, actors, EVENING
        self.db: Database = open_database(path)
        self.articles = ArticleStore(self.db, clock=lambda: self.now, **keep)
        self.candidates = CandidateStore(self.db, clock=lambda: self.now)
        self.runs = RunStore(self.db, clock=lambda: self.now)
        self.matcher = Matcher(actors)

    def store(self, text: str, headline: str = "عنوان", **said: Any) -> int:
        """A new article; `said` are outlet, slug, url_key, fetch and fields of a reading."""
        outlet = said.pop("outlet", "ma_manara")
        slug = said.pop("slug", str(self.db.value("SELECT count(*) FROM articles") + 1))
        host = f"{outlet[3:]}.test"
        key = said.pop("url_key", f"{host}/{slug}")
        found = Candidate(
            f"https://{host}/{slug}", key, outlet, FoundBy.FEED, f"https://{host}/rss"
        )
        run_id = self._run()
        visit = Visit(outlet, FoundBy.FEED, f"https://{host}/rss", self.now, VisitOutcome.READ)
        (candidate,) = self.candidates.record_visit(run_id, visit, [found], None).fresh
        return self._save(run_id, candidate, text, headline, said)

    def again(self, article_id: int, text: str, headline: str = "عنوان", **said: Any) -> int:
        """Another look at an article's page."""
        row = self.db.one(
            "SELECT url, url_key, outlet_id FROM articles WHERE id = ?", (article_id,)
        )
        assert row is not None
        wanted = Candidate(row["url"], row["url_key"], row["outlet_id"], FoundBy.MANUAL)
        run_id = self._run()
        (candidate,) = self.candidates.add(run_id, [wanted])
        return self._save(run_id, candidate, text, headline, said)

    def _run(self) -> int:
        self.now += timedelta(hours=1)
        return self.runs.open("crawl", outlets=OUTLETS, actors=self.actors)

    def _save(
        self, run_id: int, candidate: Candidate, text: str, headline: str, said: dict[str, Any]
    ) -> int:
        extra: tuple[Mention, ...] = said.pop("extra", ())
        fetched = {"final_url": candidate.url, "status": 200, **said.pop("fetch", {})}
        fetch = FetchRecord(candidate.url, self.now, **fetched)
        mentions = (*mentions_in(self.matcher, headline, text), *extra)
        values: dict[str, Any] = {
            "language": "ar",
            "published_at": self.now - timedelta(hours=6),
            "published_precision": Precision.MINUTE,
            "mentions": mentions,
            "keep_rule": keep_rule(mentions),
            "fingerprint": fingerprint(text),
            "reader_version": "1",
            **said,
        }
        reading = Reading(
            url=candidate.url, final_url=candidate.url, outcome=None, headline=headline, text=text,
            **values,
        )  # fmt: skip
        saved = self.articles.save(run_id, candidate, reading, fetch)
        self.runs.close(run_id, "done")
        assert saved.article_id is not None
        return saved.article_id
