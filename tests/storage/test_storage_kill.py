from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database, open_database
from storage.runs import RunStore

WRITER = Path(__file__).with_name("crash_writer.py")
ROOT = WRITER.parents[2]
ARTICLES = 120
INSTANTS = ((0, 900), (1, 0), (2, 60), (3, 250), (9, 20), (10, 120), (11, 400), (14, 180))
"""After how many saved articles, and how many turns of the processor later."""


def _writer(path: Path, stdin: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(path), str(ARTICLES)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=stdin,
        stdout=subprocess.PIPE,
    )


def _run_to_the_end(path: Path) -> None:
    with _writer(path, subprocess.DEVNULL) as writer:
        writer.communicate()
    assert writer.returncode == 0


def _kill_after(path: Path, saves: int, spin: int) -> None:
    """kill -9 once so many articles are saved, and a little later: within the next one, mostly."""
    with _writer(path, subprocess.PIPE) as writer:
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdin.write(b"\n" * (saves + 1))
        writer.stdin.flush()
        for _ in range(saves):
            writer.stdout.readline()
        for _ in range(spin):
            os.sched_yield()
        writer.send_signal(signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL


def _state(db: Database) -> dict[str, object]:
    """What a researcher can see, without anything that depends on when it happened."""
    return {
        "articles": [
            tuple(row)
            for row in db.all(
                "SELECT a.url_key, a.headline, t.text, a.version, a.copy_of IS NULL "
                "FROM articles a JOIN article_texts t ON t.article_id = a.id ORDER BY a.url_key"
            )
        ],
        "mentions": db.value("SELECT count(*) FROM mentions"),
        "hits": db.count("خبر"),
        "versions": db.value("SELECT count(*) FROM article_versions"),
        "pending": db.value("SELECT count(*) FROM candidates WHERE state = 'pending'"),
    }


@pytest.mark.timeout(300)
def test_a_night_killed_again_and_again_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    undisturbed, killed = tmp_path / "undisturbed.db", tmp_path / "killed.db"
    _run_to_the_end(undisturbed)
    for saves, spin in INSTANTS:
        _kill_after(killed, saves, spin)
        with open_database(killed) as after_kill:
            assert after_kill.value("PRAGMA integrity_check") == "ok"
    _run_to_the_end(killed)

    with open_database(undisturbed) as expected, open_database(killed) as got:
        runs = RunStore(got).latest(20)

        assert _state(got) == _state(expected)
        assert len({row["url_key"] for row in got.all("SELECT url_key FROM articles")}) == ARTICLES
        assert [report.imbalance for report in runs if not report.balanced] == []
        assert [report.status for report in runs] == ["done", *["interrupted"] * (len(runs) - 1)]
        got.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)")
