"""One page, read as a crawl would read it, and nothing stored: a saved one, or a stored capture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from crawler.engine.capture import read_capture
from crawler.engine.crawl import BY_HAND, context_of
from crawler.reading.credits import Credits
from crawler.reading.explained import Explained, explained
from crawler.reading.mentions import Matcher
from crawler.reading.page import MAX_BYTES, read_page
from crawler.reading.warc import page_from_record
from crawler.workspace import Config, Workspace
from storage.articles import ArticleStore, StoredCapture
from storage.connection import Connection
from storage.database import open_database
from storage.models import Actor, Agency, Hints, Page, Reading, ReadingContext
from storage.template_records import Template
from storage.templates import TemplateStore


class NothingToRead(Exception):
    """There is no page to read; the text says why."""


@dataclass(frozen=True, slots=True)
class OnePage:
    """A page, and what a reader may know beside it."""

    page: Page
    context: ReadingContext

    def read(self) -> Reading:
        """What would be stored of it."""
        return read_page(self.page, self.context)

    def explain(self) -> Explained:
        """The same, with every decision."""
        return explained(self.page, self.context)


def saved_page(file: Path, url: str, config: Config, outlet_id: str | None = None) -> OnePage:
    """A saved page as if it had just been fetched from `url`.

    It is of the outlet that is named, else of the one that the address belongs to. Raises
    UnknownOutlet.
    """
    named = config.outlets.named(outlet_id) if outlet_id else config.outlets.of_url(url)
    now = datetime.now(UTC)
    with file.open("rb") as saved:
        body = saved.read(MAX_BYTES + 1)  # of a file of gigabytes no more than tells that it is one
    page = Page(url, url, 200, (("Content-Type", "text/html"),), body, now)
    return one_page(page, config, named.id if named else BY_HAND.id, Hints())


def stored_page(place: Workspace, db: Connection, config: Config, article_id: int) -> OnePage:
    """The capture that an article was read from, with what was known of it; raises NothingToRead.

    Its template is the one of its day, as in a rereading of the archive.
    """
    found = capture_of(db, article_id)
    if found is None:
        raise NothingToRead(f"of article {article_id} no capture is kept")
    try:
        page = page_from_record(read_capture(place.warc_dir, found.place))
    except (OSError, EOFError, ValueError) as wrong:
        said = f"the capture of article {article_id} cannot be read: {wrong}"
        raise NothingToRead(said) from None
    template = TemplateStore(db).of_day(found.outlet_id, found.fetched_at)
    return with_template(one_page(page, config, found.outlet_id, found.hints), template)


def capture_of(db: Connection, article_id: int) -> StoredCapture | None:
    """The capture that an article was read from, if one is kept."""
    found = next(ArticleStore(db).captures(after_id=article_id - 1), None)
    return found if found is not None and found.article_id == article_id else None


def template_in_force(place: Workspace | None, outlet_id: str) -> Template | None:
    """The template by which a crawl would read an outlet's pages now; None where none is known."""
    if place is None or not place.database.exists():
        return None
    with open_database(place.database, readonly=True) as db:
        found = TemplateStore(db).in_force(outlet_id)
    return found.template if found else None


def with_template(one: OnePage, template: Template | None) -> OnePage:
    """The same page to be read by a template, or carefully (None)."""
    return replace(one, context=replace(one.context, template=template))


def one_page(page: Page, config: Config, outlet_id: str, hints: Hints) -> OnePage:
    """A page of an outlet, with its file's selectors, the watchlists and the agencies."""
    context = context_of(config.outlets, outlet_id, hints, page.fetched_at)
    matcher, credited = _finders(tuple(config.actors), tuple(config.agencies))
    return OnePage(page, replace(context, matcher=matcher, credits=credited))


@lru_cache(maxsize=1)
def _finders(actors: tuple[Actor, ...], agencies: tuple[Agency, ...]) -> tuple[Matcher, Credits]:
    """Made once for the pages of one command."""
    return Matcher(actors), Credits(agencies)
