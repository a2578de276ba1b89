"""Tells a page elsewhere that a night began, ended or failed: it raises the alarm when none did.

Only the address of `marsad.toml` is asked for, with one of two fixed words behind it.
"""

from __future__ import annotations

import logging
from typing import Final, Literal

from crawler.telling import courier
from crawler.workspace import Workspace

log = logging.getLogger(__name__)

What = Literal["start", "success", "fail"]
_ENDINGS: Final[dict[What, str]] = {"start": "/start", "success": "", "fail": "/fail"}


def ping(workspace: Workspace, what: What) -> str:
    """Ask for the page; gives what went wrong, or "". Never raises for it."""
    page = workspace.settings.ping
    if page is None:
        return ""
    problem = courier.send_ping(page.url.rstrip("/") + _ENDINGS[what])
    if problem:
        log.warning("no ping: problem=%s", problem)
        return f"the page of [ping] was not told: {problem}"
    return ""
