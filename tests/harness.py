"""A workspace against a hostile newsroom, and crawls of it in processes of their own."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from newsroom.hostile import Entry, HostileNewsroom, article_html
from zygote import Started, Zygote

from crawler.workspace import CrawlSettings, Workspace, WorkspaceSettings, create_workspace

ROOT = Path(__file__).resolve().parents[1]
_WARM = Zygote()
WORDS = (
    "council water school river union women volunteers report court market garden bridge "
    "teachers clinic harvest library fishermen students archive museum cooperative engineers"
).split()


def paragraphs(seed: int, count: int = 4) -> list[str]:
    """Made-up sentences that no two seeds share."""
    dice = random.Random(seed)
    return [
        f"In report number {seed} the {' and the '.join(dice.sample(WORDS, 12))} were discussed "
        f"at length before the {dice.choice(WORDS)} of district {dice.randrange(9999)} met again."
        for _ in range(count)
    ]


def page(seed: int, headline: str | None = None) -> bytes:
    """An article page of its own."""
    return article_html(headline or f"Report number {seed}", paragraphs(seed))


def publish(
    newsroom: HostileNewsroom, host: str, seeds: Iterable[int], *, feed: str = "/feed"
) -> list[Entry]:
    """Put articles and a feed that lists them."""
    entries = [Entry(f"/a/{seed}", f"Report number {seed}") for seed in seeds]
    for entry, seed in zip(entries, seeds, strict=True):
        newsroom.article(host, entry.url, page(seed))
    newsroom.feed(host, feed, entries)
    return entries


def outlet_file(host: str, port: int, feeds: Sequence[str] = ("/feed",)) -> str:
    """An outlet's TOML for a host of the newsroom."""
    endpoints = "".join(
        f'[[feeds]]\nurl = "{url if "://" in url else f"http://{host}:{port}{url}"}"\n'
        'grade = "A"\nevidence = "made up"\n'
        for url in feeds
    )
    return (
        'country = "iq"\ncovers = ["iq"]\ntimezone = "Asia/Baghdad"\nlanguages = ["en", "ar"]\n'
        f'kind = "portal"\ndomains = ["{host}"]\n[name]\nen = "{host}"\n{endpoints}'
    )


def workspace(
    root: Path, port: int, hosts: Iterable[str] | Mapping[str, Sequence[str]], **limits: Any
) -> Workspace:
    """A workspace with an outlet per host (id iq_<first label>), and no pause between requests."""
    settings = WorkspaceSettings(
        contact="tests@marsad.test",
        newsroom=f"127.0.0.1:{port}",
        shipped=False,
        crawl=CrawlSettings(**{"delay_seconds": 0.0, "timeout_seconds": 5.0, **limits}),
    )
    made = create_workspace(root, settings)
    feeds = hosts if isinstance(hosts, Mapping) else dict.fromkeys(hosts, ("/feed",))
    for host, ways in feeds.items():
        file = made.outlets_dir / "iq" / f"{host.split('.')[0]}.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(outlet_file(host, port, ways), encoding="utf-8")
    return made


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        """What --json printed."""
        return json.loads(self.stdout)

    def outlet(self, outlet_id: str) -> dict[str, Any]:
        """One outlet of a run's report."""
        return next(o for o in self.data["outlets"] if o["outlet_id"] == outlet_id)


def marsad(*arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ran:
    """Run the command line in a process of its own."""
    return _ran(["-m", "crawler.cli.main", *arguments], cwd, env)


def marsad_watched(seen: Path, *arguments: str) -> Ran:
    """Run the command line; `seen` gets a line for each name looked up and place connected to."""
    driver = ROOT / "tests" / "engine" / "audit_driver.py"
    ran = _ran([str(driver), str(seen), *arguments])
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def marsad_at(when: datetime, *arguments: str) -> Ran:
    """Run the command line with a clock that says `when`."""
    driver = ROOT / "tests" / "engine" / "at_driver.py"
    ran = _ran([str(driver), when.isoformat(), *arguments])
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def _ran(
    command: Sequence[str], cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Ran:
    return Ran(*_WARM.run(command, cwd or ROOT, _around(env), seconds=110))


def _around(env: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}


def running(*command: str) -> Started:
    """Python with a command, in a session of its own, while it runs; leaving it kills it."""
    return _WARM.start(command, ROOT, _around())


def killed(*command: str) -> None:
    """Run Python with a command until it says that it stands still, and kill it there."""
    with running(*command) as process:
        assert process.stdout.readline() == "AT\n", process.errors


def crawl(place: Workspace, *arguments: str) -> Ran:
    """Crawl everything (or what the arguments say) and give the report."""
    what = arguments or ("--all",)
    ran = marsad("crawl", *what, "--json", "--workspace", str(place.root))
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def rows(place: Workspace, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Ask the database by plain sqlite3, as an analyst would."""
    connection = sqlite3.connect(f"file:{place.database}?mode=ro", uri=True)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()


def logs(place: Workspace) -> str:
    """All that the runs logged."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(place.logs_dir.glob("*")))


def session(leader: int) -> set[str]:
    """The processes of a session that live (zombies do not), by number."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.add(stat.parent.name)
    return found
