"""What the processes of readers load before their first page, and what they leave alone."""

from __future__ import annotations

import subprocess
import sys
from multiprocessing import spawn
from pathlib import Path

from crawler.engine.pool import _nameless_main

ROOT = Path(__file__).resolve().parents[2]
LOADED = """
import sys
from crawler.engine import preload
from crawler.reading import careful_trees, languages
ready = [known.cache_info().currsize for known in (careful_trees.fitted, languages._identifiers)]
print(*ready, *[name for name in ("scrapy", "sqlite3", "typer") if name in sys.modules])
"""


def test_a_worker_does_not_load_the_program_that_started_the_crawl() -> None:
    main = sys.modules["__main__"]

    with _nameless_main():
        told = spawn.get_preparation_data("worker")

    assert not {"init_main_from_name", "init_main_from_path"} & told.keys()
    assert sys.modules["__main__"] is main


def test_models_are_read_once_for_all_workers_and_nothing_else_is_loaded() -> None:
    command = [sys.executable, "-c", LOADED]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["1", "1"]
