"""A crawl whose second article cannot be saved: `python failing_driver.py WORKSPACE`."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

from crawler.cli.main import main
from storage.articles import ArticleStore


def fail_from(nth: int) -> None:
    """Let the nth save and all after it meet a full disk."""
    original, left = ArticleStore.save, [nth]

    def save(self: ArticleStore, *arguments: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            raise sqlite3.OperationalError("database or disk is full")
        return original(self, *arguments, **more)

    ArticleStore.save = save  # type: ignore[method-assign]


if __name__ == "__main__":
    fail_from(2)
    sys.argv[1:] = ["crawl", "--all", "-w", sys.argv[1]]
    main()
