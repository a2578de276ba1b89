"""One line per request: method, kind of page, status, milliseconds. Nothing of who or what.

A path may hold the id of an actor and a query any name, so the line tells the pattern of the
page's address instead: /actors/….
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

log = logging.getLogger("storage.explorer")
ELSEWHERE = "…"
"""What is told of an address that is none of ours."""


def shown(pattern: str) -> str:
    r"""A route's pattern as the log tells it.

    >>> shown(r"/articles/(?P<number>\d+)/versions")
    '/articles/…/versions'
    """
    told, depth = "", 0
    for letter in pattern:
        if letter == "(":
            told += "" if depth else "…"
            depth += 1
        elif letter == ")":
            depth -= 1
        elif not depth and letter not in "\\?^$":
            told += letter
    return told


def kind(path: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """Which of our pages a path belongs to."""
    fitting = (one.pattern for one in patterns if one.fullmatch(path))
    return next(map(shown, fitting), ELSEWHERE)


def answered(method: str, page: str, status: int, seconds: float) -> None:
    """Write the line of one answer."""
    known = method if method in ("GET", "HEAD", "POST") else "other"
    log.info(
        "answered method=%s page=%s status=%d milliseconds=%d",
        known, page, status, round(seconds * 1000),
    )  # fmt: skip


def broke(page: str, error: BaseException) -> None:
    """Write that something of ours broke: the kind of error and its places, without its words."""
    log.error("broke page=%s", page, exc_info=error)


def quiet_servers() -> None:
    """Shut the logs of the server below, which would tell addresses and queries."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        one = logging.getLogger(name)
        one.setLevel(logging.CRITICAL)
        one.propagate = False
