"""Imported once by the fork server, so that every worker starts with the heavy parts loaded."""

import crawler.engine.worker  # noqa: F401 - loaded here for all workers to come
from crawler.reading.languages import identify

identify("The model is read here, once, and shared by all workers.")
