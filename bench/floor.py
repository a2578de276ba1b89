"""The floor: the plainest Scrapy + trafilatura + sqlite-utils script that stores articles.

No robots.txt, captures, mentions, fingerprints, books or limits. `python -m bench.floor DB FEED...`
"""

import sys

import feedparser
import scrapy
import sqlite_utils
import trafilatura
from scrapy.crawler import CrawlerProcess


class Floor(scrapy.Spider):
    name = "floor"

    def __init__(self, feeds, path):
        self.start_urls, self.db = feeds, sqlite_utils.Database(path)

    def parse(self, response):
        for entry in feedparser.parse(response.body).entries:
            yield scrapy.Request(entry.link, self.parse_article)

    def parse_article(self, response):
        document = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        if document:
            row = {"title": document.title, "date": document.date, "text": document.text}
            self.db["articles"].upsert({"url": response.url, **row}, pk="url")


if __name__ == "__main__":
    settings = {"LOG_LEVEL": "ERROR", "TWISTED_DNS_RESOLVER": "bench.loopback.Loopback"}
    process = CrawlerProcess(settings)
    process.crawl(Floor, feeds=sys.argv[2:], path=sys.argv[1])
    process.start()
