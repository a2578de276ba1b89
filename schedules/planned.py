"""A schedule handed from the scheduler to a run that it starts: its file may be wrong by then.

What a file says counts as it was last right: for the times, and for what is done then.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

from crawler.datafiles import ConfigErrors
from schedules.files import load_schedule
from schedules.records import Schedule, age_text

VARIABLE = "MARSAD_PLANNED"


def handed(schedule: Schedule) -> dict[str, str]:
    """The environment variable that hands a schedule to a run."""
    values = schedule.model_dump(mode="json", exclude_unset=True)
    spans = {
        key: age_text(value)
        for key, value in schedule.model_dump(exclude_unset=True).items()
        if isinstance(value, timedelta)
    }
    return {VARIABLE: json.dumps({**values, **spans})}


def schedule_of(name: str, root: Path) -> Schedule:
    """The schedule of a name as its file says, else as the scheduler handed it on.

    Raises ConfigErrors.
    """
    try:
        return load_schedule(name, root)
    except ConfigErrors:
        text = os.environ.get(VARIABLE)
        schedule = Schedule.model_validate(json.loads(text)) if text else None
        if schedule is None or schedule.name != name:
            raise
        return schedule
