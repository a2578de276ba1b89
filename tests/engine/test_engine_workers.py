"""A worker that hangs, dies, eats memory or stumbles costs its own page and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from harness import ROOT, crawl, marsad, page, rows, workspace
from newsroom.hostile import Entry, HostileNewsroom, Reply, article_html


def test_a_failing_worker_costs_only_its_own_page(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom:
        bad = [Entry(f"/{deed}", deed) for deed in ("hang", "die", "eat", "stumble")]
        good = [Entry(f"/a/{seed}", f"Report number {seed}") for seed in range(12)]
        for entry in bad:
            newsroom.article("bad.test", entry.url, page(99))
        for seed, entry in enumerate(good):
            newsroom.article("good.test", entry.url, page(seed))
        newsroom.feed("bad.test", "/feed", bad)
        newsroom.feed("good.test", "/feed", good)
        place = workspace(
            tmp_path / "w", newsroom.port, ["bad.test", "good.test"], reader_seconds=3.0
        )

        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("evil_driver.py")), str(place.root)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        healed = crawl(place)

    assert done.returncode == 0, done.stderr
    first = dict(
        rows(
            place,
            "SELECT c.url, o.reason FROM outcomes o JOIN candidates c ON c.id = o.candidate_id "
            "WHERE o.run_id = 1 AND o.outcome = 'reader_failed'",
        )
    )
    reasons = {url.rpartition("/")[2]: reason for url, reason in first.items()}
    assert set(reasons) == {"hang", "die", "eat", "stumble"}
    assert "within 3 s" in reasons["hang"]
    assert "died" in reasons["die"]
    assert "memory" in reasons["eat"]
    assert "KeyError" in reasons["stumble"]
    good_ones = "SELECT count(*) FROM articles WHERE outlet_id = 'iq_good'"
    assert rows(place, good_ones) == [(12,)]
    assert healed.outlet("iq_bad")["outcomes"]["stored_new"] == 1, "one text under four addresses"


def test_what_a_reader_missed_is_found_by_a_better_one_without_asking_the_outlet(
    tmp_path: Path,
) -> None:
    with HostileNewsroom() as newsroom:
        newsroom.feed("brief.test", "/feed", [Entry("/a", "Brief")])
        newsroom.put("brief.test", "/a", Reply(article_html("Brief", ["Too short to be read."])))
        place = workspace(tmp_path / "w", newsroom.port, ["brief.test"])
        missed = crawl(place)
        asked = len(newsroom.seen())
        better = ROOT / "tests" / "engine" / "better_reader.py"

        done = subprocess.run(
            [sys.executable, str(better), "reread", "--json", "-w", str(place.root)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{better.parent}"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        quiet = marsad("reread", "--json", "-w", str(place.root))

    assert missed.outlet("iq_brief")["outcomes"] == {"no_text": 1}
    assert done.returncode == 0, done.stderr
    assert '"found": 1' in done.stdout
    assert rows(place, "SELECT headline FROM articles") == [("Brief",)]
    assert rows(place, "SELECT count(*) FROM article_versions") == [(1,)]
    assert len(newsroom.seen()) == asked
    assert quiet.data["found"] == 0
