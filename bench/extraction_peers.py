"""Readers that live in an environment of their own, asked page by page while the bench runs.

readability-lxml, resiliparse and newspaper4k are no dependencies of this project; without a package
registry they are left out, and that is said. CPU is measured inside their process.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Any

from bench.environments import python_of
from bench.extraction_readers import Reader, Taken
from bench.extraction_sets import GoldPage

PACKAGES = (
    "readability-lxml==0.9",
    "lxml_html_clean",
    "resiliparse==2.0.1",
    "newspaper4k==0.9.6",
    "nltk",
)
"""newspaper4k reads no Arabic without nltk; readability cannot be imported without the cleaner."""
NAMES = ("readability-lxml", "resiliparse", "newspaper4k")
_SCRIPT = Path(__file__).with_name("extraction_apart.py")


@contextmanager
def peers() -> Iterator[dict[str, Reader]]:
    """The readers by name for as long as their process runs; none where none can be installed."""
    python = python_of("extraction", PACKAGES)
    if python is None:
        yield {}
        return
    process = subprocess.Popen(
        [str(python), str(_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        yield {name: partial(_ask, process.stdin, process.stdout, name) for name in NAMES}
    finally:
        process.stdin.close()
        process.wait(timeout=60)


def _ask(questions: IO[str], answers: IO[str], reader: str, page: GoldPage) -> Taken:
    asked = {
        "reader": reader,
        "url": page.url,
        "language": page.language,
        "html": base64.b64encode(page.html).decode(),
    }
    questions.write(json.dumps(asked) + "\n")
    questions.flush()
    line = answers.readline()
    if not line:
        raise RuntimeError(f"the peers' process ended at {page.url}")
    return _taken(json.loads(line))


def _taken(told: dict[str, Any]) -> Taken:
    day = told.get("day")
    return Taken(
        text=told.get("text") or "",
        headline=told.get("headline") or "",
        days=(date.fromisoformat(day),) if day else (),
        cpu=told["cpu"],
        outcome=told.get("outcome", ""),
    )
