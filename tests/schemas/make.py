"""Make the fixture database of a released schema, with the very program that released it.

`python tests/schemas/make.py CHECKOUT NAME`: CHECKOUT is a folder with that version's code (such
as `git worktree add` makes), NAME that of the schema's last step. See README.md beside this.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import zstandard

HERE = Path(__file__).parent
TWO_ACTORS = "SELECT article_id, actor_id FROM mentions ORDER BY article_id, actor_id LIMIT 2"
NOBODYS = "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM mentions) LIMIT 4"
CLEANED = """
UPDATE runs SET pid = 4000 + id, process = '00000000-0000-4000-8000-000000000000:' || id,
  argv = replace(argv, :root, 'study');
"""


class Study:
    """A workspace that the old program made and worked on."""

    def __init__(self, checkout: Path, root: Path) -> None:
        self.checkout, self.root = checkout, root
        self.database = root / "marsad.db"

    def command(self, *arguments: str) -> list[str]:
        """The old program's command line, on this workspace."""
        return [sys.executable, "-m", "crawler.cli.main", *arguments, "--workspace", str(self.root)]

    def demo(self) -> None:
        """Both nights of the demo newsroom."""
        command = [sys.executable, "-m", "crawler.cli.main", "demo", "--into", str(self.root)]
        subprocess.run(command, check=True, **self.place)

    def run(self, *arguments: str, code: int = 0) -> None:
        """One command, which has to end as expected."""
        done = subprocess.run(self.command(*arguments), check=False, **self.place)
        assert done.returncode == code, arguments

    def cut_off(self, *arguments: str) -> None:
        """A run that loses power as soon as it has its row."""
        before = self.rows("SELECT count(*) FROM runs")
        with subprocess.Popen(
            self.command(*arguments), start_new_session=True, **self.place
        ) as process:
            while self.rows("SELECT count(*) FROM runs") == before:
                time.sleep(0.01)
            os.killpg(process.pid, signal.SIGKILL)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database says."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    @property
    def place(self) -> dict[str, object]:
        """Where the old program is run."""
        return {"cwd": self.checkout, "env": {**os.environ, "PYTHONPATH": str(self.checkout)}}


def live_on(study: Study) -> None:
    """What comes after the demo: a scheduled night without a line, a power cut, judgements."""
    study.demo()
    if (study.checkout / "crawler/cli/run.py").exists():
        study.run("schedule", "run-now", "nightly", code=1)
        study.run("backup")
        study.run("verify")
    else:
        last = study.rows("SELECT max(substr(started_at, 1, 10)) FROM runs")[0][0]
        slot = ("--schedule", "nightly", "--night", str(last))
        study.run("crawl", "ma_argan", "bh_sadaf", *slot, code=1)
    study.cut_off("crawl", "--all")
    if (study.checkout / "crawler/cli/judge.py").exists():
        judge(study)


def judge(study: Study) -> None:
    """A person's corrections, of each kind that this version knows."""
    said = ("--why", "seen on the page", "--by", "coding desk")
    (one, actor), (other, rival) = study.rows(TWO_ACTORS)
    dated, undated, foreign, odd = (str(row[0]) for row in study.rows(NOBODYS))
    study.run("judge", "not-this", str(one), str(actor), *said)
    study.run("judge", "is-this", str(other), str(rival), *said)
    study.run("judge", "date", dated, "2026-01-15", *said)
    study.run("judge", "date", undated, "unknown", *said)
    study.run("judge", "language", foreign, "kmr", *said)
    study.run("judge", "leave-out", odd, *said)
    study.run("judge", "withdraw", "1", *said)
    if (study.checkout / "crawler/cli/stories.py").exists():
        study.run("judge", "same-story", dated, foreign, *said)


def packed(study: Study, target: Path) -> None:
    """Write the database without a trace of this machine, in one file, compressed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "marsad.db"
        with closing(sqlite3.connect(study.database, isolation_level=None)) as db:
            db.execute(CLEANED, {"root": str(study.root)})
            db.execute("INSERT INTO article_fts (article_fts) VALUES ('optimize')")
            db.execute("VACUUM INTO ?", (str(copy),))
        target.write_bytes(zstandard.ZstdCompressor(level=22).compress(copy.read_bytes()))


def main(arguments: Sequence[str]) -> None:
    """Make one fixture."""
    checkout, name = Path(arguments[0]).absolute(), arguments[1]
    with tempfile.TemporaryDirectory() as folder:
        study = Study(checkout, Path(folder) / "study")
        live_on(study)
        packed(study, HERE / f"{name}.db.zst")


if __name__ == "__main__":
    main(sys.argv[1:])
