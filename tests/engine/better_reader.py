"""The command line with a reader that takes the shortest texts for articles too."""

from __future__ import annotations

from typing import Any

from crawler.cli.main import main
from crawler.engine import tasks, worker
from crawler.reading import page_kinds


def start(*arguments: Any) -> None:
    worker.start(*arguments)
    page_kinds.MIN_WORDS = 1


if __name__ == "__main__":
    import better_reader

    tasks.start = better_reader.start
    main()
