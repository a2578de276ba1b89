"""The article database: `open_database(path)` is where everything starts, notebooks included."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

from storage import coverage_days, coverage_summary, reindexing, research, search, story_list
from storage.answers import Hits, Rows
from storage.asked_period import asked
from storage.connection import BUSY_MILLISECONDS, Connection
from storage.coverage_records import CoverageSummary
from storage.coverage_rows import coverage_row
from storage.edits import EditFilters, EditStore
from storage.errors import NewerSchema, NotOurDatabase, OlderSchema
from storage.migrations import APPLICATION_ID, NAMES, migrations
from storage.ranking import Page, Per
from storage.reported import Totals
from storage.search import SearchFilters, Some
from storage.story_list import Order, StoryFilters
from storage.times import utc_now


class Database(Connection):
    """An open article database, with the questions that researchers ask of it."""

    def search(  # noqa: PLR0913  # the keywords of one question
        self,
        query: str,
        *,
        filters: SearchFilters | None = None,
        limit: int = 20,
        offset: int = 0,
        newest: bool = False,
        any_words: bool = False,
        per: Per = "article",
    ) -> Hits:
        """The articles a query finds, best first (bm25) or newest first, as a list.

        Its `coverage` says which outlets were asked and when nobody was looking: an empty answer
        is evidence of nothing else.

        With per="story" the best or newest article of each story stands for it; `limit` and
        `offset` count stories then. Every hit says its `story_id`, how many articles carry its
        text (`story_articles`) and in which outlets the others are (`also_in`).

        The query knows words, "phrases", prefix*, AND, OR, NOT, parentheses and the fields actor:
        term: theme: kind: outlet: country: alignment: language: credit: story: after: before: date:
        and in:headline; an empty one means all articles. Words side by side must all occur. With
        `any_words` one of them is enough and the best have most of them: so ask a question in plain
        language. In a large archive stop words and words of over a fifth of all articles do not
        count for the order; a query of such words alone, or of words OR fields, is answered newest
        first.
        Articles that are not in the index yet may be missed: `db.unindexed()` says how many.
        Raises SearchError with the place of a mistake.
        """
        page = Page(limit, offset, newest, any_words, per)
        hits = search.search(self, query, filters, page)
        return Hits(hits, lambda: self.coverage(query, filters=filters, any_words=any_words))

    def coverage(
        self, query: str = "", *, filters: SearchFilters | None = None, any_words: bool = False
    ) -> CoverageSummary:
        """How well the outlets that a question asks were watched over its days.

        All registered outlets are asked, unless outlet: or country: (or the filters) name some;
        the days are those of after:, before: and date:, else the whole days that were watched.
        Printed, it is the header that commands show with an answer.

        `print(db.coverage("country:bh after:2026-03 before:2026-04"))`
        """
        return coverage_summary.summary(self, query, filters, any_words=any_words)

    def coverage_days(self, query: str = "", **filters: Some | date) -> Rows:
        """One dictionary for each outlet and day, as `marsad export coverage` writes them.

        Days of which we saw nothing are there too, so a count of 0 can be told from a day on which
        nobody looked: join on `outlet_id` and `day`. Keywords and query as for articles; of these,
        outlets, countries and days count. Raises ValueError for more than ten years.
        """
        chosen = _filters(filters)
        wanted = asked(self, query, chosen, now=utc_now(), edges=True)
        found = map(coverage_row, coverage_days.days(self, wanted))
        return Rows(found, lambda: self.coverage(query, filters=chosen))

    def count(
        self,
        query: str,
        *,
        filters: SearchFilters | None = None,
        any_words: bool = False,
        per: Per = "article",
    ) -> int:
        """How many articles, or stories, a query finds; exactly, with the keywords of search.

        A story is all articles that carry one text. It counts once, however many of them are
        found: `db.count("actor:ma_amdh after:2026-03", per="story")`. An article whose text
        nobody else carries is a story too, and so is one whose story is still to be worked out
        (`db.unsettled()` says how many are).
        """
        return search.count(self, query, filters, any_words=any_words, per=per)

    def totals(
        self, query: str, *, filters: SearchFilters | None = None, any_words: bool = False
    ) -> Totals:
        """How many articles a query finds and in how many stories, asked at once."""
        return search.totals(self, query, filters, any_words=any_words)

    def unsettled(self) -> int:
        """How many articles wait to be put into stories; a new one counts as one of its own."""
        return story_list.unsettled(self)

    def unindexed(self) -> int:
        """How many articles wait to be put into the search index, as after a restore.

        A search by words may miss these; `marsad upgrade` puts them there.
        """
        return reindexing.unindexed(self)

    def stories(
        self,
        query: str = "",
        *,
        since: date | None = None,
        until: date | None = None,
        origin: str | None = None,
        order: Order = "newest",
        limit: int | None = None,
        **filters: Some | date,
    ) -> Rows:
        """The texts that two articles or more carry, as dictionaries, newest first.

        A story is found when one of its articles is found by the query and the filters (keywords
        as for articles) and appeared between `since` and `until`, days in UTC, the last one too;
        it is told whole. `origin` is the agency or outlet that said it first ("": not known).
        `order` may be largest. Keys: id, articles and outlets (ids, in the order in which they
        carried it), first_at, last_at, origin, origin_name, origin_known_by (a sentence),
        origin_article (None: not in the archive), headline, languages.

        `db.stories(since=date(2026, 3, 1), country="bh", order="largest", limit=10)`
        """
        chosen = _filters(filters)
        wanted = StoryFilters(query, chosen, since, until, origin)
        found = map(asdict, story_list.stories(self, wanted, order=order, limit=limit))
        return Rows(found, lambda: self.coverage(query, filters=wanted.of_publication()))

    def edits(self, *, with_text: bool = False, **filters: str | int | date) -> Rows:
        """What outlets changed after publication, as dictionaries, the newest first.

        Each lies between `since` (when it was seen last as before) and `at`, and is of a `kind`:
        headline, text, shortened, actor_added, actor_removed, label, gone, back. Keywords are the
        fields of EditFilters: since, until, actor, outlet, country, kind, article, story. With
        `with_text`, `text_before` and `text_after` say all of it.

        `db.edits(kind="label", since=date(2026, 3, 1))`
        """
        chosen = EditFilters(**filters)  # type: ignore[arg-type]  # checked by the dataclass's names
        asked_outlets = SearchFilters(outlet=chosen.outlet, country=chosen.country)
        found = EditStore(self).plain(chosen, text=with_text)
        return Rows(found, lambda: self.coverage(filters=asked_outlets))

    def unknown(self, filters: SearchFilters) -> list[str]:
        """What the filters ask for and the database has never heard of: most likely a slip.

        An outlet or actor that is known and not in the news is not unknown.
        """
        return search.unknown(self, filters)

    def articles(self, query: str = "", *, with_text: bool = False, **filters: Some | date) -> Rows:
        """Articles as dictionaries; keywords are the fields of SearchFilters.

        Each says its `story_id`: as many stories as there are different ones. `story_size` is how
        many articles carry its text, `story_role` alone, origin or copy, `credit` the agency that
        it names as its source, `appeared_at` when the text came out there.

        `db.articles(country="bh", after=date(2026, 1, 1))`
        """
        chosen = _filters(filters)
        found = research.articles(self, query, chosen, text=with_text)
        return Rows(found, lambda: self.coverage(query, filters=chosen))

    def mentions(self, query: str = "", *, with_text: bool = False, **filters: Some | date) -> Rows:
        """One dictionary for each article and actor named in it; keywords as for articles."""
        chosen = _filters(filters)
        found = research.mentions(self, query, chosen, text=with_text)
        return Rows(found, lambda: self.coverage(query, filters=chosen))

    def attention(
        self, query: str = "", *, per_outlet: bool = True, **filters: Some | date
    ) -> Rows:
        """Per outlet, actor and day: date, count, total_count, ratio; keywords as for articles.

        `stories`, `total_stories` and `story_ratio` are the same per story: a text that an outlet
        carries twice on a day counts once. Rows do not add up to stories, since three outlets may
        carry one: with per_outlet=False all of them are counted as one (outlet_id is then "").
        A day without any article has no row: `coverage_days` tells whether anybody looked.
        """
        chosen = _filters(filters)
        found = research.attention(self, query, chosen, per_outlet=per_outlet)
        return Rows(found, lambda: self.coverage(query, filters=chosen))

    def __enter__(self) -> Database:
        return self


def open_database(path: Path | str, *, readonly: bool = False, upgrade: bool = False) -> Database:
    """Open the database; a writable one that is not there is made (0600).

    One of an older schema is brought up to date with `upgrade` only: a backup comes first, see
    `crawler.care.upgrading`. Raises DatabaseMissing, NotOurDatabase, NewerSchema or OlderSchema.
    """
    database = Database(path, readonly=readonly)
    try:
        _check_file(database)
        _check_schema(database, upgrade=upgrade)
        if not readonly:
            _prepare(database)
    except BaseException:
        database.tables.close()
        raise
    return database


def _check_file(database: Database) -> None:
    """Raise NotOurDatabase for other programs' files, before anything is written to them."""
    # In this order: another process may be making it, and marks it as ours with its tables.
    is_empty = database.value("SELECT count(*) FROM sqlite_master") == 0
    is_ours = database.value("PRAGMA application_id") == APPLICATION_ID
    if not is_ours and not (is_empty and not database.readonly):
        raise NotOurDatabase(database.path, "it belongs to another program")


def _check_schema(database: Database, *, upgrade: bool) -> None:
    """Raise for a schema that this program does not know, or may not bring up to date."""
    applied = {step.name for step in migrations.applied(database.tables)}
    if unknown := applied - NAMES:
        raise NewerSchema(database.path, sorted(unknown))
    pending = NAMES - applied
    if pending and (database.readonly or (applied and not upgrade)):
        raise OlderSchema(database.path, sorted(pending))


def _prepare(database: Database) -> None:
    _into_wal(database)
    if not migrations.pending(database.tables):
        return
    # Two first commands at once: the second waits here, and then finds nothing to do.
    with database.write():
        migrations.apply(database.tables)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _into_wal(database: Database) -> None:
    """Readers never wait for the crawl in this mode; the file stays in it once it is set.

    SQLite does not wait for another process that does the same at this moment: so we do.
    """
    give_up_at = time.monotonic() + BUSY_MILLISECONDS / 1000
    while database.value("PRAGMA journal_mode") != "wal":
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)


def _filters(keywords: dict[str, Some | date]) -> SearchFilters:
    """Raises TypeError for a keyword that is no filter."""
    return SearchFilters(**keywords)  # type: ignore[arg-type]  # checked by the dataclass's names
