"""Where the pages to measure with lie, and how large those of a crawl are."""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Data to measure with, beside the checkout; never part of the project."""
LEAST, MOST = 100_000, 120_000
"""Bytes of a page of a crawl, as front-line news sites have them."""
PER_OUTLET = 50
"""Pages of one outlet, all in one layout."""
