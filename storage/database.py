"""The article database: `open_database(path)` is where everything starts, notebooks included."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from storage import research, search
from storage.connection import BUSY_MILLISECONDS, Connection
from storage.errors import NewerSchema, NotOurDatabase, OlderSchema
from storage.migrations import APPLICATION_ID, NAMES, migrations
from storage.ranking import Page
from storage.reported import SearchHit
from storage.search import SearchFilters, Some


class Database(Connection):
    """An open article database, with the questions that researchers ask of it."""

    def search(
        self,
        query: str,
        *,
        filters: SearchFilters | None = None,
        limit: int = 20,
        offset: int = 0,
        newest: bool = False,
        any_words: bool = False,
    ) -> list[SearchHit]:
        """The articles a query finds, best first (bm25) or newest first.

        The query knows words, "phrases", prefix*, AND, OR, NOT, parentheses and the fields
        actor: term: theme: outlet: country: language: after: before: date: and in:headline; an
        empty one means all articles. Words side by side must all occur. With `any_words` one of
        them is enough and the best have most of them: so ask a question in plain language.
        In a large archive stop words and words of over a fifth of all articles do not count for
        the order; a query of such words alone, or of words OR fields, is answered newest first.
        Raises SearchError with the place of a mistake.
        """
        page = Page(limit, offset, newest, any_words)
        return search.search(self, query, filters, page)

    def count(
        self, query: str, *, filters: SearchFilters | None = None, any_words: bool = False
    ) -> int:
        """How many articles a query finds, exactly; with the same keywords as search."""
        return search.count(self, query, filters, any_words=any_words)

    def unknown(self, filters: SearchFilters) -> list[str]:
        """What the filters ask for and the database has never heard of: most likely a slip.

        An outlet or actor that is known and not in the news is not unknown.
        """
        return search.unknown(self, filters)

    def articles(
        self, query: str = "", *, with_text: bool = False, **filters: Some | date
    ) -> Iterator[dict[str, object]]:
        """Articles as dictionaries; keywords are the fields of SearchFilters.

        `db.articles(country="bh", after=date(2026, 1, 1))`
        """
        return research.articles(self, query, _filters(filters), text=with_text)

    def mentions(
        self, query: str = "", *, with_text: bool = False, **filters: Some | date
    ) -> Iterator[dict[str, object]]:
        """One dictionary for each article and actor named in it; keywords as for articles."""
        return research.mentions(self, query, _filters(filters), text=with_text)

    def attention(self, query: str = "", **filters: Some | date) -> Iterator[dict[str, object]]:
        """Per outlet, actor and day: date, count, total_count, ratio; keywords as for articles."""
        return research.attention(self, query, _filters(filters))

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
