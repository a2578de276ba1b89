"""Imported once by the fork server, so that every worker starts with the heavy parts loaded.

Read as well is one small page: what is only made ready by the first page (models, tables, patterns)
is then made once and shared by all workers, who would each spend a tenth of a second on it.
"""

import gc
from contextlib import suppress
from datetime import UTC, datetime

import crawler.engine.worker  # noqa: F401 - loaded here for all workers to come
from crawler.reading import careful_trees
from crawler.reading.page import read_page
from storage.models import Page, ReadingContext

_SENTENCE = "The model of languages is read here, once, and shared by all workers to come. "
_BODY = (
    "<html lang=en><head><title>A page - Its site</title></head><body><nav><a href=/a>All</a></nav>"
    f"<article><h1>A page</h1><time>3 March 2026</time>{f'<p>{_SENTENCE * 4}</p>' * 6}</article>"
    "<footer><p>Its site</p></footer></body></html>"
)
_AT = datetime(2026, 3, 3, tzinfo=UTC)


def _read_one() -> None:
    url = "https://site.test/2026/03/a-page"
    page = Page(url, url, 200, (("Content-Type", "text/html"),), _BODY.encode(), _AT)
    read_page(page, ReadingContext("xx_site", "xx", ("en",), "UTC", ("site.test",), now=_AT))


careful_trees.fitted()
with suppress(OSError):  # no room for the model's temporary file: each page will say so
    _read_one()
gc.freeze()  # shared by all workers: none of them looks through it, or makes it its own by that
