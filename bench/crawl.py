"""CPU and wall time from feed to stored row, beside the plainest script and other tools, in turn.

All read the same pages from the same server on this machine: outlets of fifty pages of one layout
each (`bench.crawl_pages`). Start-up is included, and with Marsad the learning of layouts, captures
and books. What was stored is held against what the pages say. Run as `python -m bench.crawl`; with
--json the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import compileall
import gzip
import json
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import peers
from bench.crawl_pages import padded, page_sets
from bench.pages import PER_OUTLET
from bench.peers import Job, Texts
from bench.processes import Cost, adopt_orphans, cost_of
from crawler.demo.pages import WHOLE, gold, groups, lay_out_pages, page_key, recall, served_url
from crawler.reading.warc import warc_record
from crawler.workspace import CrawlSettings, WorkspaceSettings, create_workspace
from storage.models import Page

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Turns:
    """What the runs of one tool cost, and what the last one stored; or why there were none."""

    costs: list[Cost] = field(default_factory=list)
    texts: Texts = field(default_factory=dict)
    failure: str = ""

    def add(self, ended: tuple[Cost, Texts] | str) -> None:
        """One run more."""
        if isinstance(ended, str):
            self.failure = ended
            return
        cost, self.texts = ended
        self.costs.append(cost)

    def figures(self, pages: Path) -> dict[str, Any]:
        """CPU milliseconds an article, articles a second, shares stored and stored right."""
        if not self.costs:
            return {"failure": self.failure or "was not run"}
        wanted = list(gold(pages))
        found = {page_key(url): text for url, text in self.texts.items()}
        right = [recall(page.gold or "", found.get(page.key, "")) >= WHOLE for page in wanted]
        cpu, wall = (statistics.median(getattr(c, w) for c in self.costs) for w in ("cpu", "wall"))
        return {
            "cpu_ms": round(cpu / len(wanted) * 1000, 2),
            "wall_per_s": round(len(wanted) / wall, 2),
            "stored": round(sum(page.key in found for page in wanted) / len(wanted), 3),
            "stored_right": round(sum(right) / len(wanted), 3),
        }


Tool = Callable[[Job, Path], tuple[Cost, Texts] | str]


def main() -> None:
    """Measure and print."""
    options = _options()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="marsad-bench-") as name:
        figures = measure(Path(name), options)
    if options.json:
        print(json.dumps(figures))
        return
    for key, value in figures.items():
        if key != "peers":
            print(f"{key:22} {value}")
    for tool, found in figures["peers"].items():
        print(f"{tool:22} {found} ({peers.REMARKS[tool]})")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.crawl")
    parser.add_argument("--outlets", type=int, default=6, help=f"of {PER_OUTLET} pages each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-rounds", type=int, default=1, help="rounds that peers take part in")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args()


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run all, turn by turn, and give the medians.

    Our own modules are compiled before, as they are wherever the package is installed: the other
    tools' are, and an environment may keep Python from doing it at the first start.
    """
    for room in ("bench", "crawler", "spiders", "storage", "schedules"):
        compileall.compile_dir(ROOT / room, quiet=1, rx=re.compile("/cache/"))
    pages = page_sets(options.outlets)
    others = {name: _peer(name) for name in peers.PACKAGES}
    tools: dict[str, Tool] = {"floor": _floor, "marsad": _marsad, **others}
    turns = {name: Turns() for name in tools}
    with _server(pages) as port:
        for turn in range(options.rounds):
            for name, tool in tools.items():
                if name in others and turn >= options.peer_rounds:
                    continue
                turns[name].add(tool(_job(folder / f"{name}{turn}", pages, port), pages))
                _tell(turn, name, turns[name])
    figures = {name: one.figures(pages) for name, one in turns.items()}
    return _line(figures, pages)


def _tell(turn: int, name: str, turns: Turns) -> None:
    ended = turns.failure or turns.costs[-1]
    print(f"round {turn + 1}: {name} {ended}, {len(turns.texts)} stored", file=sys.stderr)


def _line(figures: dict[str, dict[str, Any]], pages: Path) -> dict[str, Any]:
    floor, marsad = figures.pop("floor"), figures.pop("marsad")
    if marsad["stored"] < 0.9 or floor["stored"] < 0.9:
        raise SystemExit(f"less than nine tenths of the pages were stored: {floor}, {marsad}")
    return {
        "floor_cpu_ms": floor["cpu_ms"],
        "marsad_cpu_ms": marsad["cpu_ms"],
        "ratio_cpu": round(marsad["cpu_ms"] / floor["cpu_ms"], 3),
        "floor_wall_per_s": floor["wall_per_s"],
        "marsad_wall_per_s": marsad["wall_per_s"],
        "ratio_wall": round(marsad["wall_per_s"] / floor["wall_per_s"], 3),
        "capture_cpu_ms": round(_capture_cpu(pages), 2),
        "articles": len(list(gold(pages))),
        "padded": padded(pages),
        "stored_right": {"floor": floor["stored_right"], "marsad": marsad["stored_right"]},
        "peers": figures,
    }


@contextmanager
def _server(pages: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.served", str(pages)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield int(json.loads(process.stdout.readline())["port"])
        process.terminate()


def _job(folder: Path, pages: Path, port: int) -> Job:
    feeds = [f"http://{group.host}:{port}/feed.xml" for group in groups(pages)]
    return Job(folder, port, feeds, [served_url(page.url, port) for page in gold(pages)])


def _peer(name: str) -> Tool:
    return lambda job, pages: peers.run(name, job)


def _floor(job: Job, pages: Path) -> tuple[Cost, Texts]:
    """The plainest script."""
    job.folder.mkdir()
    database = job.folder / "floor.db"
    cost = cost_of([sys.executable, "-m", "bench.floor", str(database), *job.feeds], cwd=ROOT)
    return cost, _texts(database, "SELECT url, text FROM articles")


def _marsad(job: Job, pages: Path) -> tuple[Cost, Texts]:
    settings = WorkspaceSettings(
        contact="bench@marsad.test",
        newsroom=f"127.0.0.1:{job.port}",
        shipped=False,
        crawl=CrawlSettings(delay_seconds=0.0),
    )
    place = create_workspace(job.folder, settings)
    ids = lay_out_pages(job.folder, job.port, pages)
    command = [sys.executable, "-m", "crawler.cli.main", "crawl", *ids, "-w", str(job.folder)]
    cost = cost_of(command, cwd=ROOT)
    shutil.rmtree(place.warc_dir)
    both = "SELECT a.url, t.text FROM articles a JOIN article_texts t ON t.article_id = a.id"
    return cost, _texts(place.database, both)


def _texts(database: Path, sql: str) -> Texts:
    with closing(sqlite3.connect(database)) as connection:
        return {url: text or "" for url, text in connection.execute(sql)}


def _capture_cpu(pages: Path) -> float:
    """CPU milliseconds of making one WARC record."""
    bodies = _some(pages)
    now = datetime.now(UTC)
    started = time.process_time()
    for body in bodies:
        url = "http://outlet.example/a"
        warc_record(Page(url, url, 200, (("Content-Type", "text/html"),), body, now))
    return (time.process_time() - started) / len(bodies) * 1000


def _some(pages: Path) -> Sequence[bytes]:
    return [gzip.decompress(page.file.read_bytes()) for page in list(gold(pages))[:100]]


if __name__ == "__main__":
    main()
