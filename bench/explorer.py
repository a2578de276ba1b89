"""How long the researchers' site takes on a million articles, while a crawl writes beside it.

`python -m bench.explorer` makes the archive once (bench/cache/, some five gigabytes, seven
minutes), opens `marsad explore` on a copy of it, and asks for a fixed mix of searches newest first,
articles, and attention over five years, one after the other; then exports 200,000 rows and more
over HTTP and by the command line, compared with an SQL count. With --json the last line is one
JSON object; --scale makes a smaller archive.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from bench import explorer_asks as asks
from bench.explorer_server import Served, served, workspace, writing
from bench.explorer_world import build
from crawler.workspace import Workspace

CACHE = Path(__file__).parent / "cache"
EXPORT = "country=ma"
"""A third of the archive."""
COUNT = """
SELECT count(*) FROM articles a JOIN outlets o ON o.id = a.outlet_id
WHERE NOT a.withdrawn AND EXISTS (SELECT 1 FROM json_each(o.covers) WHERE value = 'ma')
"""
Times = list[tuple[str, float]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.explorer")
    parser.add_argument("--scale", type=int, default=1_000_000, help="articles")
    parser.add_argument("--rounds", type=int, default=3, help="times that each is asked")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="desk-") as folder:
        place = workspace(Path(folder) / "w")
        shutil.copyfile(archive(options.scale), place.database)
        result = figures(place, options.rounds, options.scale)
    if options.json:
        print(json.dumps(result))


def archive(scale: int) -> Path:
    """The archive of so many articles, made when it is first asked for."""
    path = CACHE / f"explorer-{scale}.db"
    if not path.exists():
        build(path, scale)
    return path


def figures(place: Workspace, rounds: int, scale: int) -> dict[str, float]:
    """All that is promised, and what the slowest took."""
    with served(place) as site:
        with writing(place):
            searches = _searched(site, rounds)
            articles = _timed(site, _articles(scale), 1)
            attention = _timed(site, asks.attention(), rounds)
            others = _timed(site, asks.others(), 1)
        for name, times in (("searches", searches), ("attention", attention), ("others", others)):
            _tell(name, times)
        _tell("articles", [("p50", _share(articles, 0.5)), ("p95", _share(articles, 0.95))])
        over_http, http_mb = _over_http(place, site)
    by_hand, cli_mb = _by_hand(place)
    assert over_http == by_hand, (over_http, by_hand)
    return {
        "search_p95_ms": round(_share(searches, 0.95), 1),
        "article_p95_ms": round(_share(articles, 0.95), 1),
        "attention_ms": round(_share(attention, 0.95), 1),
        "export_rows": over_http,
        "export_peak_mb": round(max(http_mb, cli_mb), 1),
    }


def _searched(site: Served, rounds: int) -> Times:
    """Every search of the mix, and later pages of some."""
    times = _timed(site, asks.searches(), rounds)
    for name, path in asks.searches():
        if name in asks.DEEP:
            times += _turned(site, name, path)
    return times


def _turned(site: Served, name: str, path: str) -> Times:
    """The pages that follow, as their links lead there."""
    times = []
    for turn in range(asks.TURNS):
        page = site.client.get(path).text
        link = re.search(r'href="(/search\?[^"]+)" rel="next"', page)
        if link is None:
            raise RuntimeError(f"{name}: page {turn + 1} has no next one")
        path = link[1].replace("&amp;", "&")
        times.append((f"{name}, page {turn + 2}", site.milliseconds(path)))
    return times


def _articles(scale: int) -> list[tuple[str, str]]:
    dice = Random(3)
    return [("article", f"/articles/{dice.randint(1, scale)}") for _ in range(200)]


def _timed(site: Served, paths: Iterable[tuple[str, str]], rounds: int) -> Times:
    """Every address so many times; the first time counts as well."""
    asked = list(paths)
    return [(name, site.milliseconds(path)) for _ in range(rounds) for name, path in asked]


def _share(times: Sequence[tuple[str, float]], share: float) -> float:
    taken = sorted(one for _, one in times)
    return taken[min(len(taken) - 1, int(len(taken) * share))]


def _tell(name: str, times: Times) -> None:
    """The slowest first."""
    print(f"{name}:")
    slowest: dict[str, float] = {}
    for one, taken in times:
        slowest[one] = max(taken, slowest.get(one, 0.0))
    for one, taken in sorted(slowest.items(), key=lambda pair: -pair[1]):
        print(f"  {taken:9.1f} ms  {one}")


def _over_http(place: Workspace, site: Served) -> tuple[int, float]:
    """Rows of an export that streams over HTTP, and the server's peak of memory meanwhile."""
    site.forget_peak()
    started, lines = time.monotonic(), 0
    address = f"/export/articles?format=jsonl&as=file&{EXPORT}"
    with site.client.stream("GET", address) as answer:
        answer.raise_for_status()
        lines = sum(piece.count(b"\n") for piece in answer.iter_bytes())
    taken = time.monotonic() - started
    print(f"export over HTTP: {lines} rows, {taken:.1f} s, peak {site.peak_mb():.0f} MB")
    rows = _rows(place)
    assert lines == rows, f"{lines} lines, {rows} rows"
    return lines, site.peak_mb()


def _by_hand(place: Workspace) -> tuple[int, float]:
    """The same by the command line."""
    file = place.root / "articles.jsonl"
    command = [sys.executable, "-m", "crawler.cli.main", "export", "articles", "--format", "jsonl"]
    started = time.monotonic()
    process = subprocess.Popen(
        [*command, "--question", EXPORT, "-o", str(file), "-w", str(place.root)]
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"the export ended with {process.returncode}")
    with file.open("rb") as lines:
        rows = sum(1 for _ in lines)
    peak, taken = used.ru_maxrss / 1024, time.monotonic() - started
    print(f"export by the command line: {rows} rows, {taken:.1f} s, peak {peak:.0f} MB")
    return rows, peak


def _rows(place: Workspace) -> int:
    """What plain SQL counts."""
    with sqlite3.connect(f"file:{place.database}?mode=ro", uri=True) as db:
        count = int(db.execute(COUNT).fetchone()[0])
    db.close()
    return count


if __name__ == "__main__":
    main()
