"""Imported once by the fork server, so that every worker starts with the heavy parts loaded."""

from contextlib import suppress

import crawler.engine.worker  # noqa: F401 - loaded here for all workers to come
from crawler.reading.languages import identify

with suppress(OSError):  # no room for its temporary file: each page will say so
    identify("The model is read here, once, and shared by all workers.")
