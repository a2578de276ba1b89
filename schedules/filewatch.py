"""The schedule files as they are now: each as it was last right, and what is wrong told once."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

from crawler.datafiles import ConfigErrors, Problem
from schedules.files import Schedules, load_schedule, load_schedules
from schedules.pauses import Pause, read_pauses
from schedules.records import Schedule

log = logging.getLogger(__name__)


class FileWatch:
    """Schedules and pauses of a workspace, read anew at each look."""

    def __init__(self, root: Path, names: Collection[str] = ()) -> None:
        """`names` are the schedules that count; none: all that are switched on."""
        self._root, self._names = root, frozenset(names)
        self.schedules: dict[str, Schedule] = {}
        self.pauses: dict[str, Pause] = {}
        self._told: frozenset[str] = frozenset()

    def look(self) -> None:
        """Read the files. One that is wrong counts as it was before, until somebody mends it.

        Raises ConfigErrors where there is no schedule at all, or none of a name that was asked for
        has ever been read.
        """
        files = load_schedules(self._root)
        kept = {name: one for name, one in self.schedules.items() if name in files.broken}
        known = {**kept, **files.by_name}
        self._refuse_missing(files, known)
        self.schedules = {name: one for name, one in known.items() if self._counts(one)}
        self._tell([*files.problems, *self._look_at_pauses()])

    def _refuse_missing(self, files: Schedules, known: Collection[str]) -> None:
        for name in sorted(self._names.difference(known)):
            if not self.schedules:  # while we run, a schedule may go and come back
                load_schedule(name, self._root)  # says what is wrong
        if not known:
            raise ConfigErrors(files.problems)

    def _counts(self, schedule: Schedule) -> bool:
        return schedule.enabled and (not self._names or schedule.name in self._names)

    def _look_at_pauses(self) -> tuple[Problem, ...]:
        try:
            self.pauses = read_pauses(self._root)
        except ConfigErrors as wrong:
            return wrong.problems
        return ()

    def _tell(self, problems: Collection[Problem]) -> None:
        """Say what is wrong, each thing once; said again when it comes back."""
        said = frozenset(map(str, problems))
        for problem in sorted(said - self._told):
            log.warning("wrong file, the rest goes on: %s", problem)
        if self._told and not said:
            log.info("the files are right again")
        self._told = said
