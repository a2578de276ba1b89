"""A workspace with captures of the demo newsroom, made without a crawl or a server."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from crawler.demo.articles import sites
from crawler.demo.layouts import article_page
from crawler.demo.newsroom import NIGHTS
from crawler.demo.records import Article, Site, link
from crawler.demo.workspace import lay_out
from crawler.engine.capture import WarcFile
from crawler.engine.single import one_page
from crawler.reading.warc import warc_record
from crawler.workspace import Config, Workspace, WorkspaceSettings, create_workspace, load_config
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.finding import Visit, VisitOutcome
from storage.models import Candidate, FetchRecord, FoundBy, Hints, Page
from storage.runs import RunStore

PORT = 8999
NOW = NIGHTS[1]


def newsroom(root: Path, slug: str) -> Workspace:
    """The demo's outlets and watchlists, and the articles of one of its sites, read and kept."""
    settings = WorkspaceSettings(contact="desk@example.org", shipped=False)
    place = create_workspace(root, settings)
    lay_out(place.root, PORT)
    config = load_config(place)
    (site,) = [site for site in sites() if site.slug == slug]
    with open_database(place.database) as db:
        run_id = RunStore(db).open(
            "crawl", outlets=[config.outlets[site.id].record()], actors=config.actors
        )
        warc = WarcFile(place.warc_dir, run_id)
        for number, article in enumerate(site.published(NOW)):
            page = _page(site, article, number)
            _save(db, run_id, warc, config, site, page)
        warc.close()
        RunStore(db).close(run_id, "done")
    return place


def demo_pages() -> list[tuple[str, Page]]:
    """Every article page of the newsroom that can be read, with its outlet."""
    return [
        (site.id, _page(site, article, 0))
        for site in sites()
        for article in site.published(NOW)
        if not (site.fault or article.wall or article.gone(NOW))
    ]


def _page(site: Site, article: Article, number: int) -> Page:
    """The page as it was fetched; each one an hour before the one above it."""
    base = f"http://{site.host}:{PORT}"
    url, body = base + link(article.path), article_page(site, article, base, NOW)
    headers = (("Content-Type", f"text/html; charset={site.charset}"),)
    at = NOW - timedelta(hours=number)
    return Page(url, url, 200, headers, body.encode(site.charset), at)


def _save(
    db: Database, run_id: int, warc: WarcFile, config: Config, site: Site, page: Page
) -> None:
    feed = f"http://{site.host}:{PORT}/feed"
    key = config.outlets[site.id].url_key(page.url)
    candidate = Candidate(page.url, key, site.id, FoundBy.FEED, feed)
    visit = Visit(site.id, FoundBy.FEED, feed, NOW, VisitOutcome.READ)
    (fresh,) = CandidateStore(db).record_visit(run_id, visit, [candidate], None).fresh
    place = warc.append(warc_record(page))
    fetch = FetchRecord(page.url, page.fetched_at, status=200, capture=place)
    reading = one_page(page, config, site.id, Hints()).read()
    ArticleStore(db).save(run_id, fresh, reading, fetch)
