"""What is due next: worked out here for the rooms below, which know nothing of schedules."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from schedules.files import Schedules
from schedules.pauses import read_pauses
from schedules.plan import coming
from storage.slots import Coming


def upcoming(schedules: Schedules, root: Path, now: datetime) -> tuple[Coming, ...]:
    """What each schedule that is on does next, by name. Raises ConfigErrors (of `paused.toml`)."""
    pauses = read_pauses(root)
    found = (coming(one, now, pauses.get(name)) for name, one in sorted(schedules.by_name.items()))
    return tuple(one for one in found if one is not None)
