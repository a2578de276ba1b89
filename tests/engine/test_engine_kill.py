"""Promises about loss: kill -9 at any instant, and the next run finishes the work."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from harness import ROOT, crawl, marsad, rows, running, session
from zygote import Started

from crawler.demo.newsroom import NIGHTS, set_clock
from crawler.demo.workspace import lay_out
from crawler.workspace import CrawlSettings, Workspace, WorkspaceSettings, create_workspace

STAGES = [
    "visit", "visited", "fetch", "fetched", "capture", "captured", "read", "commit", "committed",
    "checkpoint",
]  # fmt: skip
CHAINS = [
    [(STAGES[(n * 3 + k) % len(STAGES)], 1 + (n + 2 * k) % 5) for k in range(4)] for n in range(10)
]
"""Forty instants; each chain kills one crawl after the other over the same workspace.

Every run of the tests kills at twelve of them, each kind at least once; `make guard` at all."""
QUERIES = ("الانسان", "association", "water OR eau", "کۆمەڵە")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    clock = tmp_path_factory.mktemp("clock") / "clock"
    set_clock(clock, NIGHTS[0])
    command = [sys.executable, "-m", "crawler.demo.server", "--clock-file", str(clock)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        yield int(json.loads(process.stdout.readline())["port"])
        process.terminate()


def demo_workspace(root: Path, port: int) -> Workspace:
    settings = WorkspaceSettings(
        contact="tests@marsad.test",
        newsroom=f"127.0.0.1:{port}",
        shipped=False,
        crawl=CrawlSettings(delay_seconds=0.0),
    )
    place = create_workspace(root, settings)
    lay_out(root, port)
    return place


def outlets_of(place: Workspace) -> list[str]:
    """A few outlets that work, in several languages: enough to kill, quick to finish."""
    ids = [f"{path.parent.name}_{path.stem}" for path in place.outlets_dir.rglob("*.toml")]
    return [one for one in sorted(ids) if one.partition("_")[2] in WANTED]


WANTED = ("manara", "nakhla", "cigogne")


def stored(place: Workspace) -> dict[str, object]:
    """What a researcher would find, without ids and times of day."""
    return {
        "articles": sorted(
            rows(
                place,
                "SELECT a.url_key, a.headline, t.content_hash FROM articles a "
                "JOIN article_texts t ON t.article_id = a.id",
            )
        ),
        "mentions": sorted(
            rows(
                place,
                "SELECT a.url_key, m.actor_id, m.field, m.start, m.end, m.surface "
                "FROM mentions m JOIN articles a ON a.id = m.article_id",
            )
        ),
        "hits": [
            sorted(hit["headline"] for hit in _search(place, query)["hits"]) for query in QUERIES
        ],
    }


def _search(place: Workspace, query: str) -> dict[str, list[dict[str, str]]]:
    found = marsad("search", query, "--json", "--limit", "500", "-w", str(place.root))
    answer: dict[str, list[dict[str, str]]] = found.data
    return answer


@pytest.fixture(scope="module")
def undisturbed(newsroom: int, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    place = demo_workspace(tmp_path_factory.mktemp("calm") / "w", newsroom)
    crawl(place, *outlets_of(place))
    return stored(place)


@contextmanager
def crawl_until(place: Workspace, stage: str, nth: int) -> Iterator[Started]:
    """A crawl that stands still at an instant (or has ended, if it never came to it)."""
    driver = Path(__file__).with_name("kill_driver.py")
    with running(str(driver), str(place.root), stage, str(nth), *outlets_of(place)) as process:
        assert process.stdout.readline() in ("AT\n", ""), process.errors
        yield process


def wait_until_empty(leader: int, seconds: float) -> set[str]:
    end = time.monotonic() + seconds
    while (left := session(leader)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


@pytest.mark.parametrize(
    "chain",
    [*CHAINS[:3], *(pytest.param(chain, marks=pytest.mark.guard) for chain in CHAINS[3:])],
    ids=lambda chain: "-".join(stage for stage, _ in chain),
)
def test_whatever_is_killed_the_next_run_finishes_the_work(
    tmp_path: Path, newsroom: int, undisturbed: dict[str, object], chain: list[tuple[str, int]]
) -> None:
    place = demo_workspace(tmp_path / "w", newsroom)
    leaders = []

    for stage, nth in chain:
        with crawl_until(place, stage, nth) as process:
            process.kill()
            leaders.append(process.pid)
    last = crawl(place, *outlets_of(place))

    assert last.data["balanced"], last.data["imbalance"]
    assert stored(place) == undisturbed
    assert rows(place, "PRAGMA integrity_check") == [("ok",)]
    assert rows(place, "SELECT count(*) FROM candidates WHERE state = 'pending'") == [(0,)]
    assert not [left for leader in leaders for left in wait_until_empty(leader, 20)]


def test_every_kind_of_instant_is_killed_at_least_three_times() -> None:
    instants = [stage for chain in CHAINS for stage, _ in chain]

    always = {stage for chain in CHAINS[:3] for stage, _ in chain}

    assert len(instants) == 40
    assert min(instants.count(stage) for stage in STAGES) >= 3
    assert always == set(STAGES)
