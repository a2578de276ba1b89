"""Other tools over the same feeds as `bench.crawl`, each in a virtual environment of its own.

The environments are made once, beside the bench (needs a package registry). What a tool cannot do
is told in REMARKS and in the output; a tool that cannot be installed is left out, and that is said.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.environments import python_of
from bench.processes import Cost, cost_of
from bench.served import ENDING, OTHER_ENDING

HERE = Path(__file__).resolve().parent

PACKAGES = {
    # Without nltk it loses each Arabic page, with a newer readability every page.
    "news-please": ("news-please==1.6.16", "nltk", "readability-lxml<0.8.4", "lxml_html_clean"),
    "fundus": ("fundus==0.5.7", "curl-cffi<0.16"),  # fails to import with a newer one
    "minet": ("minet==4.2.1", "lxml_html_clean"),  # some versions of pip leave it out
}
"""What is installed: the newest releases of November 2026, and what each needs besides."""
REMARKS = {
    "news-please": "keeps no state: fetches everything again each time; extracts with newspaper4k",
    "fundus": "has no parser for these outlets and is given one by hand; keeps no state",
    "minet": "reads no feeds: is given the addresses; fetches all, then extracts; no database",
}


@dataclass(frozen=True)
class Job:
    """What is read, and where: feeds, the articles that they name, and a folder for results."""

    folder: Path
    port: int
    feeds: Sequence[str]
    articles: Sequence[str]

    @property
    def environment(self) -> dict[str, str]:
        """With our server as proxy: no DNS knows these hosts, and nothing leaves the machine."""
        proxy = f"http://127.0.0.1:{self.port}"
        return {**os.environ, "http_proxy": proxy, "https_proxy": proxy, "HOME": str(self.folder)}


Texts = dict[str, str]
"""What was stored, by address."""


def run(name: str, job: Job) -> tuple[Cost, Texts] | str:
    """What a run of the tool cost and stored; or why there was none."""
    python = python_of(name, PACKAGES[name])
    if python is None:
        return "could not be installed"
    job.folder.mkdir(parents=True)
    try:
        return _RUNS[name](python, job)
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        return f"failed: {str(error)[-300:]}"


def _fundus(python: Path, job: Job) -> tuple[Cost, Texts]:
    results = job.folder / "fundus.jsonl"
    command = [str(python), str(HERE / "peer_fundus.py"), str(results), *job.feeds]
    cost = cost_of(command, cwd=job.folder, env=job.environment)
    return cost, {row["url"]: row["text"] for row in _lines(results)}


def _minet(python: Path, job: Job) -> tuple[Cost, Texts]:
    """Sixteen requests at once, without its pauses; then extraction in two processes."""
    minet, proxy = str(python.with_name("minet")), job.environment["http_proxy"]
    with (job.folder / "in.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["url"], *([_registered(url)] for url in job.articles)])
    pace = ["--threads", "16", "--domain-parallelism", "16", "--throttle", "0"]
    fetch = [minet, "fetch", "url", "-i", "in.csv", "-o", "report.csv", "-x", proxy, *pace]
    first = cost_of([*fetch, "--silent"], cwd=job.folder, env=job.environment)
    extract = [minet, "extract", "-i", "report.csv", "-o", "out.csv", "-p", "2", "--silent"]
    second = cost_of(extract, cwd=job.folder, env=job.environment)
    csv.field_size_limit(1 << 28)
    with (job.folder / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["content"]]
    texts = {row["url"].replace(OTHER_ENDING, ENDING, 1): row["content"] for row in rows}
    return Cost(first.cpu + second.cpu, first.wall + second.wall, second.code), texts


def _registered(url: str) -> str:
    """An address with an ending that this tool does not refuse: it asks our server all the same."""
    return url.replace(f"{ENDING}:", f"{OTHER_ENDING}:", 1)


def _news_please(python: Path, job: Job) -> tuple[Cost, Texts]:
    """Its own configuration, with the feeds' sites, five crawlers at once and files as storage."""
    config = job.folder / "config"
    config.mkdir()
    [template] = python.parents[1].glob("lib/*/site-packages/newsplease/config/config.cfg")
    text = template.read_text(encoding="utf-8")
    text = text.replace("~/news-please-repo/", f"{job.folder}/").replace(
        "LOG_LEVEL = INFO", "LOG_LEVEL = ERROR"
    )
    (config / "config.cfg").write_text(text, encoding="utf-8")
    sites = [{"url": feed.replace("feed.xml", ""), "crawler": "RssCrawler"} for feed in job.feeds]
    (config / "sitelist.hjson").write_text(json.dumps({"base_urls": sites}))
    command = [str(python.with_name("news-please")), "-c", str(config)]
    cost = cost_of(command, cwd=job.folder, env=job.environment)
    found = (json.loads(file.read_text("utf-8")) for file in job.folder.rglob("*.html.json"))
    return cost, {row["url"]: row["maintext"] or "" for row in found}


_RUNS: dict[str, Callable[[Path, Job], tuple[Cost, Texts]]] = {
    "news-please": _news_please,
    "fundus": _fundus,
    "minet": _minet,
}


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)
