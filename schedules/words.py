"""When a schedule runs, in words: a line of cron is for those who wrote it."""

from __future__ import annotations

import re

from crawler.phrases import counted
from schedules.records import Schedule, age_text

_WEEKDAYS = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}
_UNITS = {"d": "day", "h": "hour", "m": "minute", "s": "second"}
_LONGEST = 26
"""Characters; a longer one is said as its file has it, if that is shorter."""


def when_words(schedule: Schedule) -> str:
    """When a schedule runs, by its own clock: "daily 04:30", "Fridays 11:00", "every 3 hours"."""
    if schedule.every is not None:
        age = age_text(schedule.every)
        number, unit = int(age[:-1]), _UNITS[age[-1]]
        return f"every {unit}" if number == 1 else f"every {counted(number, unit)}"
    if schedule.at is not None:
        return f"daily {schedule.at}"
    line = " ".join((schedule.cron or "").split())
    said = _of_cron(line)
    return said if said and len(said) <= max(_LONGEST, len(line)) else line


def _of_cron(line: str) -> str:
    """A line that names times and at most weekdays, in words; others: nothing."""
    found = re.fullmatch(r"([0-9]{1,2}) ([0-9,]+) \* \* (\*|[a-z]{3}(?:,[a-z]{3})*)", line)
    if found is None:
        return ""
    minute, hours, days = found.groups()
    times = sorted({int(hour) for hour in hours.split(",") if hour})
    clock = ", ".join(f"{hour:02}:{int(minute):02}" for hour in times)
    if days == "*":
        return f"daily {clock}" if len(times) == 1 else clock
    return f"{', '.join(_WEEKDAYS[day] for day in days.split(','))} {clock}"
