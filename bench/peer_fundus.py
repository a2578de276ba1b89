"""Run by `bench.peers` in an environment of its own: fundus over some feeds.

`python peer_fundus.py RESULTS FEED...` writes one JSON line (url, text) an article. Fundus has a
parser written by hand for each outlet; for these it is given the simplest that serves them all:
each paragraph of the page's <article>, <main> or <body>, whichever there is.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

# By name: it is not among this project's packages, and a type checker does not find it.
fundus: Any
parsing: Any
sources: Any
publishers: Any
fundus, parsing, sources, publishers = map(
    import_module,
    ("fundus", "fundus.parser", "fundus.scraping.url", "fundus.publishers.base_objects"),
)
utility = import_module("fundus.parser.utility")
xpath = import_module("lxml.etree").XPath
PARAGRAPHS = xpath(
    "//article//p | //main[not(//article//p)]//p | //body[not(//article//p or //main//p)]//p"
)


class Parser(parsing.ParserProxy):  # type: ignore[misc]  # its base is known by name only
    """A parser for every outlet of the run."""

    class V1(parsing.BaseParser):  # type: ignore[misc]  # as above
        """Its one version."""

        @parsing.attribute  # type: ignore[untyped-decorator]  # as above
        def body(self) -> Any:
            """The text."""
            return utility.extract_article_body_with_selector(
                self.precomputed.doc, paragraph_selector=PARAGRAPHS
            )

        @parsing.attribute  # type: ignore[untyped-decorator]  # as above
        def publishing_date(self) -> Any:
            """The day."""
            return utility.generic_date_parsing(
                self.precomputed.ld.bf_search("datePublished")
                or self.precomputed.meta.get("article:published_time")
            )

        @parsing.attribute  # type: ignore[untyped-decorator]  # as above
        def title(self) -> Any:
            """The headline."""
            return self.precomputed.ld.bf_search("headline") or self.precomputed.meta.get(
                "og:title"
            )


def _publisher(number: int, feed: str) -> Any:
    host = feed.partition("/feed.xml")[0] + "/"
    return publishers.Publisher(
        name=f"outlet {number}", domain=host, parser=Parser, sources=[sources.RSSFeed(feed)]
    )


def main() -> None:
    """Crawl, and write what was read."""
    results, *feeds = sys.argv[1:]
    group = [_publisher(number, feed) for number, feed in enumerate(feeds)]
    crawler = fundus.Crawler(*group, delay=0.0)
    with open(results, "w", encoding="utf-8") as file:  # noqa: PTH123 - no more than the tool needs
        for article in crawler.crawl(only_complete=fundus.Requires("body")):
            text = str(article.body)
            file.write(json.dumps({"url": article.html.requested_url, "text": text}) + "\n")


if __name__ == "__main__":
    main()
