"""The crawl of the bench: one server for all tools, and a figure for each of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench.crawl import Turns
from bench.processes import Cost
from bench.served import Served
from crawler.demo.httpserver import Request

TEXT = "The council of the old quarter repaired the well behind the school"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "set0"
    (folder / "html").mkdir(parents=True)
    rows = []
    for number in range(2):
        name = f"html/{number}.html.gz"
        (folder / name).write_bytes(gzip.compress(f"<p>{TEXT} {number}</p>".encode()))
        url = f"http://news.example/a/{number}"
        row = {"id": str(number), "url": url, "html": name, "lang": "en", "gold_kind": "full"}
        rows.append(json.dumps(row | {"text": f"{TEXT} {number}"}))
    (folder / "gold.jsonl").write_text("\n".join(rows) + "\n")
    return tmp_path


def ask(served: Served, target: str, host: str) -> bytes:
    return served.answer(Request("GET", target, "HTTP/1.1", {"host": host})).plain


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("/a/1", "news.example.test:8"),
        ("http://news.example.test:8/a/1", "news.example.test:8"),
        ("http://news.example.example.com:8/a/1", "news.example.example.com:8"),
    ],
)
def test_every_tool_gets_the_same_bytes(pages: Path, target: str, host: str) -> None:
    assert ask(Served(pages, 8), target, host) == f"<p>{TEXT} 1</p>".encode()


def test_a_feeds_front_page_leads_to_a_feed_with_a_title_for_each_article(pages: Path) -> None:
    served = Served(pages, 8)

    assert b"/titled.xml" in ask(served, "/", "set0-1.saved.test:8")
    titled = ask(served, "/titled.xml", "set0-1.saved.test:8")
    assert titled.count(b"<item><title>") == 2


def test_what_is_stored_empty_is_not_stored_right(pages: Path) -> None:
    turns = Turns()
    stored = {"http://news.example.test:8/a/0": f"{TEXT} 0", "http://news.example.test:8/a/1": ""}
    turns.add((Cost(cpu=1.0, wall=4.0, code=0), stored))

    assert turns.figures(pages) == {
        "cpu_ms": 500.0, "wall_per_s": 0.5, "stored": 1.0, "stored_right": 0.5,
    }  # fmt: skip


def test_a_tool_that_fails_is_a_remark_and_no_crash(pages: Path) -> None:
    turns = Turns()
    turns.add("could not be installed")

    assert turns.figures(pages) == {"failure": "could not be installed"}
