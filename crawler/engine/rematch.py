"""The watchlists of today applied to everything that is stored, in small transactions.

A kill at any moment loses nothing: the place in the archive is noted in the transaction that
changes it, and the next start with the same watchlists goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, takewhile
from pathlib import Path

from crawler.engine.locks import alone
from crawler.reading.findings import mentions_in
from crawler.reading.mentions import Matcher
from crawler.reading.page import READER_VERSION
from storage import corpus, outdated
from storage.actors import register, watchlist_digest
from storage.articles import ArticleStore, StoredText
from storage.database import Database, open_database
from storage.jobs import JobStore
from storage.models import Actor, Mention
from storage.text import FOLD_VERSION
from storage.times import utc_now

JOB = "rematch"
RECIPE = f"|fold {FOLD_VERSION}|reader {READER_VERSION}"
"""How a pass matches, behind the digest of what it looks for: the reader's version is the
matcher's too."""
BATCH = 50
"""Articles of one transaction: a crawl beside it waits for a fraction of a second at most."""
EXAMPLES = 3
"""Articles that are named for each actor and direction."""


class _NotKept(Exception):
    """Ends the transaction of a dry run."""


@dataclass
class Change:
    """What became of one actor: articles that name it now and did not, and the other way round."""

    gained: int = 0
    lost: int = 0
    gained_in: list[int] = field(default_factory=list)
    lost_in: list[int] = field(default_factory=list)


@dataclass
class RematchReport:
    """What a pass over the archive did.

    `resumed_after` is the article after which a stopped pass was taken up: the figures are of
    those after it. `without_text`: their texts were not kept, so only headlines could be matched.
    """

    total: int = 0
    resumed_after: int = 0
    matched: int = 0
    changed: int = 0
    without_text: int = 0
    actors: dict[str, Change] = field(default_factory=dict)

    def note(self, text: StoredText, added: Collection[str], removed: Collection[str]) -> None:
        """Count one article."""
        self.matched += 1
        self.changed += bool(added or removed)
        self.without_text += not text.text_kept
        for actor_id in sorted(added):
            change = self.actors.setdefault(actor_id, Change())
            change.gained += 1
            change.gained_in += [text.article_id] * (len(change.gained_in) < EXAMPLES)
        for actor_id in sorted(removed):
            change = self.actors.setdefault(actor_id, Change())
            change.lost += 1
            change.lost_in += [text.article_id] * (len(change.lost_in) < EXAMPLES)


def is_due(db: Database, actors: Sequence[Actor]) -> bool:
    """Whether a text is stored that these actors, or today's matcher, were not tried on."""
    return outdated.is_unmatched(db, actors) or outdated.is_matched_otherwise(
        db, JOB, RECIPE, READER_VERSION
    )


def rematch(
    database: Path,
    actors: Sequence[Actor],
    *,
    dry_run: bool = False,
    progress: Callable[[RematchReport], None] = lambda report: None,
    clock: Callable[[], datetime] = utc_now,
) -> RematchReport:
    """Match every stored article with these actors, and say what changed.

    People's judgements hold, and search rows of an older folding are made new. A dry run goes
    over the whole archive and keeps nothing. Raises AlreadyRunning beside another one.
    """
    with alone(database, JOB), open_database(database) as db:
        return _Rematch(db, actors, dry_run, clock).run(progress)


class _Rematch:
    """One pass over the archive."""

    def __init__(
        self, db: Database, actors: Sequence[Actor], dry_run: bool, clock: Callable[[], datetime]
    ) -> None:
        self.db, self.actors, self.dry_run = db, actors, dry_run
        self.articles, self.jobs = ArticleStore(db), JobStore(db)
        self.matcher = Matcher(actors)
        self.key = watchlist_digest(actors) + RECIPE
        self.started = clock()
        self.report = RematchReport()

    def run(self, progress: Callable[[RematchReport], None]) -> RematchReport:
        report = self.report
        if not self.dry_run:
            report.resumed_after = self._start()
        report.total = corpus.size(self.db, report.resumed_after)
        texts = self.articles.texts(report.resumed_after)
        while batch := list(islice(texts, BATCH)):
            self._apply(batch)
            progress(report)
        if not self.dry_run:
            self.jobs.finish(JOB, self.key)
        return report

    def _start(self) -> int:
        with self.db.write():
            register(self.db, self.actors, self.started)
            self.jobs.abandon_others(JOB, self.key)
            return self.jobs.start(JOB, self.key)

    def _apply(self, batch: Sequence[StoredText]) -> None:
        """One transaction; most of the matching is done before it, so that nobody waits for it."""
        found = {text: self._mentions(text) for text in batch}
        noted = []
        try:
            with self.db.write():
                if self.dry_run:
                    register(self.db, self.actors, self.started)
                for text in self._as_they_are_now(batch):
                    # A crawl may have stored another text since.
                    mentions = found[text] if text in found else self._mentions(text)
                    made = self.articles.rematch(text.article_id, mentions, self.started)
                    noted.append((text, made.added, made.removed))
                if self.dry_run:
                    raise _NotKept
                self.jobs.advance(JOB, self.key, batch[-1].article_id)
        except _NotKept:
            pass
        for one in noted:
            self.report.note(*one)

    def _as_they_are_now(self, batch: Sequence[StoredText]) -> Iterator[StoredText]:
        first, last = batch[0].article_id, batch[-1].article_id
        return takewhile(lambda text: text.article_id <= last, self.articles.texts(first - 1))

    def _mentions(self, text: StoredText) -> tuple[Mention, ...]:
        return mentions_in(self.matcher, text.headline, text.text)
