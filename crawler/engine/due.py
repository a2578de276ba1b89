"""When a way of finding is due again: a plain rhythm, slower while it fails."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.finding import Way

RHYTHM = timedelta(hours=1)
"""The time between two visits of `--due` crawls to a healthy feed."""
SLOWEST = timedelta(hours=24)
"""A failing feed is never given up: at least one visit a day."""
UNCONDITIONAL_EVERY = timedelta(hours=20)
"""ETags lie (the same one for ever, whatever the feed holds), so a visit without validators is
made at least this often: every nightly run makes one."""


def due_at(way: Way) -> datetime | None:
    """The time from which a way may be visited again, or None for one never visited."""
    if way.visited_at is None:
        return None
    return way.visited_at + min(RHYTHM * (1 + way.failures), SLOWEST)


def is_due(way: Way, now: datetime) -> bool:
    """Whether a way may be visited again."""
    when = due_at(way)
    return when is None or when <= now


def validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The request headers that ask for a page only if it has changed."""
    pairs = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in pairs.items() if value}


def may_be_conditional(way: Way, now: datetime) -> bool:
    """Whether validators may be sent: there are some, and an honest look is not overdue."""
    if way.unconditional_at is None or not (way.etag or way.last_modified):
        return False
    return now - way.unconditional_at < UNCONDITIONAL_EVERY
