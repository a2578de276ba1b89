"""CPU and wall time from feed to stored row, beside the plainest script, in one interleaved run.

Both read the same pages from the same server on this machine; start-up is included. Run as
`python -m bench.crawl`; with --json the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.pages import page_sets
from bench.processes import Cost, adopt_orphans, cost_of
from crawler.demo.pages import groups, lay_out_pages
from crawler.reading.warc import warc_record
from crawler.workspace import CrawlSettings, WorkspaceSettings, create_workspace
from storage.models import Page

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.crawl")
    parser.add_argument("--outlets", type=int, default=6, help="of 50 pages each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="marsad-bench-") as name:
        figures = measure(Path(name), options.outlets, options.rounds)
    if not options.json:
        for key, value in figures.items():
            print(f"{key:22} {value}")
    else:
        print(json.dumps(figures))


def measure(folder: Path, outlets: int, rounds: int) -> dict[str, float]:
    """Run both, turn by turn, and give the medians."""
    pages = folder / "pages"
    number = page_sets(pages, outlets)
    floor: list[Cost] = []
    marsad: list[Cost] = []
    with _server(pages) as port:
        for turn in range(rounds):
            floor.append(_floor(folder / f"floor{turn}", pages, port, number))
            marsad.append(_marsad(folder / f"marsad{turn}", pages, port, number))
            print(f"round {turn + 1}: floor {floor[-1]} marsad {marsad[-1]}", file=sys.stderr)
    floor_cpu = statistics.median(cost.cpu for cost in floor) / number * 1000
    marsad_cpu = statistics.median(cost.cpu for cost in marsad) / number * 1000
    return {
        "floor_cpu_ms": round(floor_cpu, 2),
        "marsad_cpu_ms": round(marsad_cpu, 2),
        "ratio_cpu": round(marsad_cpu / floor_cpu, 3),
        "floor_wall_per_s": round(number / statistics.median(c.wall for c in floor), 2),
        "marsad_wall_per_s": round(number / statistics.median(c.wall for c in marsad), 2),
        "capture_cpu_ms": round(_capture_cpu(pages), 2),
        "articles": number,
    }


@contextmanager
def _server(pages: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "crawler.demo.server", "--pages", str(pages)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        yield int(json.loads(process.stdout.readline())["port"])
        process.terminate()


def _floor(folder: Path, pages: Path, port: int, number: int) -> Cost:
    """The plainest script, with its database checked afterwards."""
    folder.mkdir()
    feeds = [f"http://{group.host}:{port}/feed.xml" for group in groups(pages)]
    command = [sys.executable, "-m", "bench.floor", str(folder / "floor.db"), *feeds]
    cost = cost_of(command, cwd=ROOT)
    _check(folder / "floor.db", number)
    return cost


def _marsad(folder: Path, pages: Path, port: int, number: int) -> Cost:
    settings = WorkspaceSettings(
        contact="bench@marsad.test",
        newsroom=f"127.0.0.1:{port}",
        shipped=False,
        crawl=CrawlSettings(delay_seconds=0.0),
    )
    place = create_workspace(folder, settings)
    ids = lay_out_pages(folder, port, pages)
    command = [sys.executable, "-m", "crawler.cli.main", "crawl", *ids, "-w", str(folder)]
    cost = cost_of(command, cwd=ROOT)
    _check(place.database, number)
    shutil.rmtree(place.warc_dir)
    return cost


def _check(database: Path, number: int) -> None:
    """Refuse figures of a run that stored less than nine tenths of the pages."""
    rows = sqlite3.connect(database).execute("SELECT count(*) FROM articles").fetchone()[0]
    print(f"{database.name}: {rows} of {number} stored", file=sys.stderr)
    if rows < 0.9 * number:
        raise SystemExit(f"{database}: only {rows} of {number} pages were stored")


def _capture_cpu(pages: Path) -> float:
    """CPU milliseconds of making one WARC record."""
    files = sorted(pages.glob("*/html/*.html.gz"))[:100]
    bodies = [gzip.decompress(file.read_bytes()) for file in files]
    now = datetime.now(UTC)
    started = time.process_time()
    for body in bodies:
        url = "http://outlet.example/a"
        warc_record(Page(url, url, 200, (("Content-Type", "text/html"),), body, now))
    return (time.process_time() - started) / len(bodies) * 1000


if __name__ == "__main__":
    main()
