"""A workspace brought up to date before its schedules work: nobody may be there to do it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from crawler.workspace import Workspace

log = logging.getLogger(__name__)


def prepare(workspace: Workspace, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Upgrade a workspace where that is due: after a backup, and so that a kill does no harm.

    What of it is for people waits for a `marsad upgrade` of theirs. Where it fails, work goes on
    in a database that is young enough; opening an older one raises OlderSchema, which says what
    to do.
    """
    from crawler.care.upgrading import is_due, upgrade  # brings the engine, which takes a second

    if not is_due(workspace):
        return
    log.info("upgrade begins")
    try:
        report = upgrade(workspace, None, progress or _quiet, wait=True, told=False)
    except Exception as wrong:  # whatever it is: a night that can be read is not to be lost
        log.exception("upgrade failed error=%s", type(wrong).__name__)
        return
    log.info("upgrade ended: %s", report.said)


def _quiet(step: str, done: int, total: int) -> None:
    """Tell nobody."""
