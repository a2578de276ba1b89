"""Nights of simulated months: what a crawl and its re-checks leave in a workspace.

Only the wire and the reader are left out. Everything is stored by the stores that a run uses, with
captures as real WARC records, and nights lie a day apart by a clock of our own.
"""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from bench.month_material import Material
from crawler.engine.capture import WarcFile
from crawler.reading.fingerprints import fingerprint
from crawler.reading.warc import warc_record
from crawler.workspace import Workspace
from storage import coverage, stories
from storage.articles import ArticleStore
from storage.books import RECHECK
from storage.candidates import CandidateStore
from storage.comparisons import Compared
from storage.connection import Connection
from storage.finding import Visit, VisitOutcome
from storage.models import (
    Actor,
    Candidate,
    FetchRecord,
    FoundBy,
    Hints,
    Mention,
    Outcome,
    OutletRecord,
    Page,
    Precision,
    Reading,
    keep_rule,
)
from storage.recheck_plan import Wanted
from storage.rechecks import Look, RecheckStore
from storage.runs import RunStore
from storage.text import FOLD_VERSION
from storage.times import utc_now

ACTORS = 300
HEADERS = tuple((f"X-Header-{number}", "of some forty bytes, as sites send them") for number in
                range(12))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """What is assumed of a newsroom watch; shares are of 1."""

    per_night: int = 30  # of all outlets together, ten of each
    named: float = 0.12  # articles that name an actor or a term for civil society; of 511 real
    # ones, Western for the most part, the shipped watchlists match 8 in a hundred
    copies: float = 0.3  # articles that carry an earlier one's text, as in the region's archives
    no_article: float = 0.08  # pages that are fetched and are none
    same_bytes: float = 0.3  # looks answered by "not modified" or the same bytes
    edits: float = 0.01  # looks that show an edit
    feed_again: float = 0.7  # visits in the daytime at which a feed has changed
    looks_a_day: int = 4  # runs of re-checks
    feeds_a_day: int = 2  # visits of a feed in the daytime, beside the night's

    @property
    def outlets(self) -> int:
        """How many outlets bring so much."""
        return max(self.per_night // 10, 1)


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says."""

    language: str
    headline: str
    text: str


class Newsroom:
    """Outlets and what they publish, night after night, into one workspace."""

    def __init__(
        self, place: Workspace, db: Connection, material: Material, habits: Habits
    ) -> None:
        """Nothing is stored yet."""
        self.place, self.db, self.material, self.habits = place, db, material, habits
        self.dice = random.Random(20261122)
        self.runs, self.candidates = RunStore(db), CandidateStore(db)
        self.articles, self.rechecks = ArticleStore(db), RecheckStore(db)
        self.outlets = [_outlet(number) for number in range(habits.outlets)]
        self.actors = [_actor(number) for number in range(ACTORS)]
        self.recent: deque[Text] = deque(maxlen=300)
        self.published = 0
        self.said: dict[int, Reading] = {}  # by article: what it said last
        self.listed: dict[str, deque[Candidate]] = {}

    def night(self) -> None:
        """One night's crawl, then what a run does at its end."""
        run_id, warc = self._open("crawl")
        share = self.habits.per_night // len(self.outlets)
        for outlet in self.outlets:
            for candidate in self._visit(run_id, warc, outlet, share):
                self._read(run_id, warc, candidate)
        self._close(run_id, warc)

    def daytime(self) -> None:
        """Feeds are looked at once more; they show nothing that is not known."""
        run_id, warc = self._open("crawl")
        for outlet in self.outlets:
            if self.dice.random() < self.habits.feed_again:
                self._visit(run_id, warc, outlet, 0)
        self._close(run_id, warc)

    def look_again(self) -> int:
        """One run of re-checks; gives the number of looks."""
        run_id, warc = self._open(RECHECK)
        looks = self.rechecks.claim(run_id, Wanted())
        for look in looks:
            self._look(run_id, warc, look)
        self.rechecks.settle(run_id, Wanted().plan)
        self._close(run_id, warc)
        return len(looks)

    # ------------------------------------------------------------ runs

    def _open(self, kind: str) -> tuple[int, WarcFile]:
        run_id = self.runs.open(kind, outlets=self.outlets, actors=self.actors)
        return run_id, WarcFile(self.place.warc_dir, run_id)

    def _close(self, run_id: int, warc: WarcFile) -> None:
        warc.close()
        stories.settle(self.db)
        coverage.refresh(self.db, run_id)
        wrong = self.runs.imbalance(run_id)
        assert not wrong, wrong
        self.runs.close(run_id, "done")
        self._log(run_id)

    def _log(self, run_id: int) -> None:
        """A line for each page with an outcome, and as much around them as a run of the demo has
        (5 kB)."""
        rows = self.db.all("SELECT * FROM outcomes WHERE run_id = ?", (run_id,))
        line = "{} [crawler.engine.pipelines] INFO: article outlet={} outcome={} candidate={}\n"
        lines = [
            line.format(row["at"], row["outlet_id"], row["outcome"], row["candidate_id"])
            for row in rows
        ]
        path = self.place.logs_dir / f"outlets-{utc_now():%Y%m%dT%H%M%S}-{run_id}.log"
        path.write_text("settings, versions, totals ".ljust(50, ".") * 100 + "".join(lines))
        os.utime(path, (utc_now().timestamp(),) * 2)  # of the simulated night

    # ------------------------------------------------------------ finding

    def _visit(
        self, run_id: int, warc: WarcFile, outlet: OutletRecord, fresh: int
    ) -> tuple[Candidate, ...]:
        feed = f"https://{outlet.domains[0]}/feed"
        listed = self.listed.setdefault(outlet.id, deque(maxlen=30))
        listed.extendleft(self._found(outlet, feed) for _ in range(fresh))
        at = utc_now()
        dates = [each.hints.published_at or at for each in listed]
        visit = Visit(
            outlet.id, FoundBy.FEED, feed, at, VisitOutcome.READ, status=200,
            shows_since=min(dates, default=None),
        )  # fmt: skip
        fetch = self._fetched(warc, feed, self.material.list_body())
        return tuple(self.candidates.record_visit(run_id, visit, list(listed), fetch).fresh)

    def _found(self, outlet: OutletRecord, feed: str) -> Candidate:
        self.published += 1
        at = utc_now() - timedelta(minutes=self.dice.randrange(10, 1_400))
        address = f"{outlet.domains[0]}/{at:%Y/%m/%d}/{self.published}-a-headline-in-the-address"
        headline = f"A headline of some sixty signs as feeds have them {self.published}"
        hints = Hints(headline, at.isoformat(), at, summary=headline * 3, guid=address)
        return Candidate(
            f"https://{address}", address, outlet.id, FoundBy.FEED, feed, hints,
            sha256(address.encode()).hexdigest(),
        )  # fmt: skip

    # ------------------------------------------------------------ reading

    def _read(self, run_id: int, warc: WarcFile, candidate: Candidate) -> None:
        fetch = self._fetched(warc, candidate.url, self.material.body())
        if self.dice.random() < self.habits.no_article:
            why = "a page without an article"
            self.candidates.finish(run_id, candidate, Outcome.NOT_ARTICLE, why, fetch)
            return
        reading = self._reading(candidate, self._text())
        saved = self.articles.save(run_id, candidate, reading, fetch)
        assert saved.article_id is not None
        self.said[saved.article_id] = reading

    def _look(self, run_id: int, warc: WarcFile, look: Look) -> None:
        if look.article_id not in self.said or self.dice.random() < self.habits.same_bytes:
            again = FetchRecord(look.candidate.url, utc_now(), status=304, elapsed=0.4)
            self.candidates.finish(run_id, look.candidate, Outcome.UNCHANGED, "not modified", again)
            return
        before = self.said[look.article_id]
        edited = self.dice.random() < self.habits.edits
        after = self._edited(before) if edited else before
        fetch = self._fetched(warc, look.candidate.url, self.material.body())
        held = self.articles.earlier_capture(run_id, look.candidate, after, fetch)
        told = Compared(held, before, text=edited)
        self.articles.save(run_id, look.candidate, after, fetch, (), told)
        self.said[look.article_id] = after

    def _fetched(self, warc: WarcFile, url: str, body: bytes) -> FetchRecord:
        """A page that came, and was captured."""
        page = Page(
            url, url, 200, HEADERS, body, utc_now(), 0.8, (), "192.0.2.1", True, HEADERS[:6]
        )
        place = warc.append(warc_record(page))
        return FetchRecord(
            url, page.fetched_at, None, "", url, 200, page.elapsed, len(body),
            sha256(body).hexdigest(), ip=page.ip, tls_verified=True, capture=place,
            etag='W/"1f3a-5e2c9b7d8e6f0"', last_modified="Sun, 22 Nov 2026 12:00:00 GMT",
        )  # fmt: skip

    def _text(self) -> Text:
        if self.recent and self.dice.random() < self.habits.copies:
            return self.dice.choice(self.recent)
        self.recent.append(Text(*self.material.article()))
        return self.recent[-1]

    def _reading(self, candidate: Candidate, said: Text) -> Reading:
        named = self.dice.random() < self.habits.named
        mentions = tuple(self._mentions(said.text)) if named else ()
        return Reading(
            url=candidate.url,
            final_url=candidate.url,
            outcome=None,
            canonical_url=candidate.url,
            headline=said.headline,
            text=said.text,
            language=said.language,
            language_score=0.98,
            byline="A desk and its writer",
            section="society",
            image_url=f"{candidate.url}/image-of-it-1200x630.jpg",
            published_at=candidate.hints.published_at,
            published_precision=Precision.SECOND,
            published_raw=candidate.hints.published_raw,
            methods=tuple((name, "json-ld") for name in _FIELDS),
            mentions=mentions,
            keep_rule=keep_rule(mentions),
            fingerprint=fingerprint(said.text),
            content_hash=_digest(said.headline, said.text),
            reader_version="2026.11",
            fold_version=FOLD_VERSION,
        )

    def _mentions(self, text: str) -> Iterator[Mention]:
        for start in sorted(self.dice.sample(range(0, max(len(text) - 40, 9), 9), k=1)):
            for actor in {min(int(self.dice.expovariate(0.05)), ACTORS - 1) for _ in range(3)}:
                surface = text[start : start + 18]
                yield Mention(
                    f"actor_{actor}", start, start + len(surface), surface, surface, "auto",
                    label="the activist", label_start=start,
                )  # fmt: skip

    def _edited(self, before: Reading) -> Reading:
        text = f"{before.text}\nA line that was added at {utc_now().isoformat()}."
        digest = _digest(before.headline, text)
        return replace(before, text=text, content_hash=digest, fingerprint=fingerprint(text))


_FIELDS = ("headline", "text", "published_at", "byline", "section", "image_url", "language")


def _digest(headline: str, text: str) -> str:
    """As the reader makes it."""
    return sha256(f"{headline}\n{text}".encode()).hexdigest()


def _outlet(number: int) -> OutletRecord:
    return OutletRecord(
        f"iq_outlet{number}", f"Outlet {number}", "iq", ("iq",), "portal", "unknown", ("ar", "fr"),
        "Asia/Baghdad", (f"outlet{number}.test",),
    )  # fmt: skip


def _actor(number: int) -> Actor:
    return Actor(f"actor_{number}", "cso", ("iq",), ("rights",), f"Association number {number}")
