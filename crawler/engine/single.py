"""One saved page, read as a crawl would read it, and nothing stored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.engine.crawl import BY_HAND
from crawler.reading.mentions import Matcher
from crawler.reading.page import read_page
from crawler.workspace import Config
from storage.models import Page, Reading, ReadingContext


def read_file(file: Path, url: str, config: Config) -> Reading:
    """Read a saved page as if it had just been fetched from `url`."""
    outlet = config.outlets.of_url(url)
    record = outlet.record() if outlet else BY_HAND
    now = datetime.now(UTC)
    page = Page(url, url, 200, (("Content-Type", "text/html"),), file.read_bytes(), now)
    context = ReadingContext(
        outlet_id=record.id,
        country=record.country,
        languages=record.languages,
        timezone=record.timezone,
        domains=record.domains,
        now=now,
        matcher=Matcher(config.actors),
    )
    return read_page(page, context)
