"""One saved page, read as a crawl would read it, and nothing stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.engine.crawl import BY_HAND, context_of
from crawler.reading.credits import Credits
from crawler.reading.mentions import Matcher
from crawler.reading.page import read_page
from crawler.workspace import Config
from storage.models import Hints, Page, Reading


def read_file(file: Path, url: str, config: Config) -> Reading:
    """Read a saved page as if it had just been fetched from `url`."""
    outlet = config.outlets.of_url(url)
    outlet_id = outlet.id if outlet else BY_HAND.id
    now = datetime.now(UTC)
    page = Page(url, url, 200, (("Content-Type", "text/html"),), file.read_bytes(), now)
    context = context_of(config.outlets, outlet_id, Hints(), now)
    return read_page(
        page, replace(context, matcher=Matcher(config.actors), credits=Credits(config.agencies))
    )
