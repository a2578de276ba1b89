"""The article database: `open_database(path)` is where everything starts, notebooks included."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

from storage import research, search, story_list
from storage.connection import BUSY_MILLISECONDS, Connection
from storage.edits import EditFilters, EditStore
from storage.errors import NewerSchema, NotOurDatabase, OlderSchema
from storage.migrations import APPLICATION_ID, NAMES, migrations
from storage.ranking import Page, Per
from storage.reported import SearchHit, Totals
from storage.search import SearchFilters, Some
from storage.story_list import Order, StoryFilters


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
    ) -> list[SearchHit]:
        """The articles a query finds, best first (bm25) or newest first.

        With per="story" the best or newest article of each story stands for it; `limit` and
        `offset` count stories then. Every hit says its `story_id`, how many articles carry its
        text (`story_articles`) and in which outlets the others are (`also_in`).

        The query knows words, "phrases", prefix*, AND, OR, NOT, parentheses and the fields
        actor: term: theme: outlet: country: language: credit: story: after: before: date: and
        in:headline; an empty one means all articles. Words side by side must all occur. With
        `any_words` one of them is enough and the best have most of them: so ask a question in
        plain language. In a large archive stop words and words of over a fifth of all articles do
        not count for the order; a query of such words alone, or of words OR fields, is answered
        newest first.
        Raises SearchError with the place of a mistake.
        """
        page = Page(limit, offset, newest, any_words, per)
        return search.search(self, query, filters, page)

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
    ) -> Iterator[dict[str, object]]:
        """The texts that two articles or more carry, as dictionaries, newest first.

        A story is found when one of its articles is found by the query and the filters (keywords
        as for articles) and appeared between `since` and `until`, days in UTC, the last one too;
        it is told whole. `origin` is the agency or outlet that said it first ("": not known).
        `order` may be largest. Keys: id, articles and outlets (ids, in the order in which they
        carried it), first_at, last_at, origin, origin_name, origin_known_by (a sentence),
        origin_article (None: not in the archive), headline, languages.

        `db.stories(since=date(2026, 3, 1), country="bh", order="largest", limit=10)`
        """
        wanted = StoryFilters(query, _filters(filters), since, until, origin)
        return map(asdict, story_list.stories(self, wanted, order=order, limit=limit))

    def edits(
        self, *, with_text: bool = False, **filters: str | int | date
    ) -> Iterator[dict[str, object]]:
        """What outlets changed after publication, as dictionaries, the newest first.

        Each lies between `since` (when it was seen last as before) and `at`, and is of a `kind`:
        headline, text, shortened, actor_added, actor_removed, label, gone, back. Keywords are the
        fields of EditFilters: since, until, actor, outlet, country, kind, article, story. With
        `with_text`, `text_before` and `text_after` say all of it.

        `db.edits(kind="label", since=date(2026, 3, 1))`
        """
        chosen = EditFilters(**filters)  # type: ignore[arg-type]  # checked by the dataclass's names
        return EditStore(self).plain(chosen, text=with_text)

    def unknown(self, filters: SearchFilters) -> list[str]:
        """What the filters ask for and the database has never heard of: most likely a slip.

        An outlet or actor that is known and not in the news is not unknown.
        """
        return search.unknown(self, filters)

    def articles(
        self, query: str = "", *, with_text: bool = False, **filters: Some | date
    ) -> Iterator[dict[str, object]]:
        """Articles as dictionaries; keywords are the fields of SearchFilters.

        Each says its `story_id`: as many stories as there are different ones. `story_size` is how
        many articles carry its text, `story_role` alone, origin or copy, `credit` the agency that
        it names as its source, `appeared_at` when the text came out there.

        `db.articles(country="bh", after=date(2026, 1, 1))`
        """
        return research.articles(self, query, _filters(filters), text=with_text)

    def mentions(
        self, query: str = "", *, with_text: bool = False, **filters: Some | date
    ) -> Iterator[dict[str, object]]:
        """One dictionary for each article and actor named in it; keywords as for articles."""
        return research.mentions(self, query, _filters(filters), text=with_text)

    def attention(
        self, query: str = "", *, per_outlet: bool = True, **filters: Some | date
    ) -> Iterator[dict[str, object]]:
        """Per outlet, actor and day: date, count, total_count, ratio; keywords as for articles.

        `stories`, `total_stories` and `story_ratio` are the same per story: a text that an outlet
        carries twice on a day counts once. Rows do not add up to stories, since three outlets may
        carry one: with per_outlet=False all of them are counted as one (outlet_id is then "").
        """
        return research.attention(self, query, _filters(filters), per_outlet=per_outlet)

    def __enter__(self) -> Database:
        return self


def open_database(path: Path | str, *, readonly: bool = False) -> Database:
    """Open the database; a writable one is made (0600) and migrated where that is needed.

    Raises DatabaseMissing, NotOurDatabase, NewerSchema or (read-only) OlderSchema.
    """
    database = Database(path, readonly=readonly)
    try:
        _check_file(database)
        _check_schema(database)
        if not readonly:
            _prepare(database)
    except BaseException:
        database.tables.close()
        raise
    return database


def _check_file(database: Database) -> None:
    """Raise NotOurDatabase for other programs' files, before anything is written to them."""
    is_ours = database.value("PRAGMA application_id") == APPLICATION_ID
    is_empty = database.value("SELECT count(*) FROM sqlite_master") == 0
    if not is_ours and not (is_empty and not database.readonly):
        raise NotOurDatabase(database.path, "it belongs to another program")


def _check_schema(database: Database) -> None:
    """Raise for a schema that this program does not know, or may not bring up to date."""
    applied = {step.name for step in migrations.applied(database.tables)}
    if unknown := applied - NAMES:
        raise NewerSchema(database.path, sorted(unknown))
    pending = NAMES - applied
    if pending and database.readonly:
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
