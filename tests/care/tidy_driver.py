"""A tidying that stops dead at a chosen instant: says "AT" and waits to be killed.

`python tidy_driver.py WORKSPACE STAGE`; the product has no hook for this.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from crawler.care import retention
from crawler.care.retention import Retention
from crawler.care.tidying import tidy
from crawler.engine import capture
from crawler.workspace import find_workspace
from storage.retention import CaptureBooks

FOREVER = 300.0


def stand_still() -> None:
    sys.stdout.write("AT\n")
    sys.stdout.flush()
    time.sleep(FOREVER)


def at(owner: Any, name: str, *, after: bool) -> Callable[[], None]:
    """A way to have the first call of a function be the last thing that happens."""
    original = getattr(owner, name)

    @wraps(original)
    def stopped(*args: Any, **kwargs: Any) -> Any:
        if not after:
            stand_still()
        result = original(*args, **kwargs)
        stand_still()
        return result

    return lambda: setattr(owner, name, stopped)


STAGES = {
    "copying": at(capture, "_write", after=True),
    "copied": at(retention, "copy_records", after=True),
    "in the step": at(CaptureBooks, "_note_file", after=True),
    "named": at(CaptureBooks, "thin", after=True),
}

if __name__ == "__main__":
    root, stage = sys.argv[1:]
    STAGES[stage]()
    tidy(find_workspace(Path(root)), Retention(captures_days=90))
