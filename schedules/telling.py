"""What becomes of a slot when its work is over: report, alerts, figures, a ping, messages.

Each stands by itself: one that fails is said, and keeps none of the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.datafiles import ConfigErrors
from crawler.workspace import Workspace
from schedules.files import load_schedules
from schedules.records import Schedule
from schedules.upcoming import upcoming
from schedules.zones import differences
from storage.slots import Coming, Slot
from storage.times import utc_now

if TYPE_CHECKING:  # imported where it is needed: a slot that fails to be told is a slot that ran
    from crawler.telling.morning import MorningReport

log = logging.getLogger(__name__)


class Telling:
    """All that is told of one slot; `problems` are what could not be, in words for people."""

    def __init__(
        self,
        workspace: Workspace,
        schedule: Schedule,
        slot: Slot,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Nothing is told yet."""
        self._workspace, self._schedule, self._slot = workspace, schedule, slot
        self._clock = clock
        self._report: MorningReport | None = None
        self.problems: list[str] = []

    def begin(self) -> None:
        """Say where somebody watches from outside that the work begins."""
        self._guarded("the ping", self._start)

    def end(self, status: str) -> None:
        """Tell how a slot ended that is closed already; messages last, since they may take long."""
        if self._schedule.report:
            self._guarded("the morning report", self._write_report)
        self._guarded("the alerts", self._alert)
        self._guarded("the metrics", self._measure)
        self._guarded("the ping", lambda: self._ended(status))
        self._guarded("the messages", self._send)

    def _guarded(self, what: str, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as wrong:  # whatever it is, the work is done and the rest is told
            log.exception("not told: what=%s schedule=%s", what, self._schedule.name)
            self.problems.append(f"{what} failed ({type(wrong).__name__}); the log says where")

    def _start(self) -> None:
        from crawler.telling.pings import ping

        if self._schedule.report:
            self._note(ping(self._workspace, "start"))

    def _write_report(self) -> None:
        from crawler.telling.morning import make_report

        self._report = make_report(self._workspace, self._slot.id, self._coming())

    def _alert(self) -> None:
        from crawler.telling import alerts

        now = self._clock()
        schedules = load_schedules(self._workspace.root).by_name.values()
        zones = {one.zone for one in schedules if one.enabled}
        alerts.update(self._workspace, now, differences(zones, now))

    def _measure(self) -> None:
        from crawler.telling import metrics, sizes

        sizes.note(self._workspace)
        metrics.write(self._workspace, self._coming())

    def _ended(self, status: str) -> None:
        from crawler.telling.pings import ping

        if self._schedule.report:
            self._note(ping(self._workspace, "success" if status == "done" else "fail"))

    def _send(self) -> None:
        from crawler.telling.senders import send

        self.problems += send(self._workspace, self._schedule.notify, self._report)

    def _coming(self) -> tuple[Coming, ...]:
        """What comes next; nothing is known of it where the file of the pauses is wrong."""
        root = self._workspace.root
        try:
            return upcoming(load_schedules(root), root, self._clock())
        except ConfigErrors:
            return ()

    def _note(self, problem: str) -> None:
        if problem:
            self.problems.append(problem)
