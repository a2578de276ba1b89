"""Settles, and stops dead at a chosen instant: says "AT" and waits to be killed.

`python settling_driver.py DATABASE STAGE NTH`; the product has no hook for this.
"""

from __future__ import annotations

import sys
import time
from functools import wraps
from typing import Any

from storage import near, origins, stories
from storage.database import open_database

FOREVER = 300.0
STAGES: dict[str, tuple[Any, str]] = {
    "begun": (stories._Chunk, "settle"),
    "marked": (near, "pairs_of"),
    "paired": (stories._Chunk, "_place"),
    "placed": (origins, "refresh"),
    "committed": (stories, "_next"),
}


def plant(stage: str, nth: int) -> None:
    owner, name = STAGES[stage]
    original = getattr(owner, name)
    left = nth

    @wraps(original)
    def stopped(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            sys.stdout.write("AT\n")
            sys.stdout.flush()
            time.sleep(FOREVER)
        return original(*args, **kwargs)

    setattr(owner, name, stopped)


if __name__ == "__main__":
    path, chosen, number = sys.argv[1:]
    plant(chosen, int(number))
    stories.CHUNK = 5
    with open_database(path) as db:
        stories.settle(db)
