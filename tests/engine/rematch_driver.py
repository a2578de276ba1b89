"""A rematch that stops dead at a chosen instant: says "AT" and waits to be killed.

`python rematch_driver.py WORKSPACE STAGE NTH`; the product has no hook for this.
"""

from __future__ import annotations

import sys
import time
from functools import wraps
from pathlib import Path
from typing import Any

from crawler.engine import rematch
from crawler.workspace import find_workspace, load_config
from storage.articles import ArticleStore
from storage.jobs import JobStore

FOREVER = 300.0
STAGES: dict[str, tuple[Any, str, bool]] = {
    "article": (ArticleStore, "rematch", False),
    "rematched": (ArticleStore, "rematch", True),
    "advance": (JobStore, "advance", False),
    "advanced": (JobStore, "advance", True),  # inside the transaction that is still open
    "finish": (JobStore, "finish", False),
}


def plant(stage: str, nth: int) -> None:
    owner, name, after = STAGES[stage]
    original = getattr(owner, name)
    left = nth

    @wraps(original)
    def stopped(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        result = original(*args, **kwargs) if after or left else None
        if left == 0:
            sys.stdout.write("AT\n")
            sys.stdout.flush()
            time.sleep(FOREVER)
        return result

    setattr(owner, name, stopped)


if __name__ == "__main__":
    root, stage, nth = sys.argv[1:]
    plant(stage, int(nth))
    rematch.BATCH = 4
    place = find_workspace(Path(root))
    rematch.rematch(place.database, load_config(place).actors)
