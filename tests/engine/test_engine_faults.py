"""One crawl over many misbehaving outlets: each fault costs its own page or feed, and is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from harness import Ran, crawl, logs, page, publish, rows, workspace
from newsroom import faults
from newsroom.hostile import Entry, HostileNewsroom, Reply, feed_body

from crawler.workspace import Workspace

HEALTHY = 12
"""Articles of the outlet that must not notice the others."""
DEEP = b"<html><body>" + b"<div>" * 300 + b"<p>deep</p>" + b"</div>" * 300 + b"</body></html>"

PAGES = {
    "hang": (faults.hang(), "timeout"),
    "drip": (faults.drip(page(1), step=1, pause=0.2), "timeout"),
    "reset": (faults.reset(b"half of it"), "network_error"),
    "short": (faults.cut_short(page(2)[:300], 9000), "network_error"),
    "chunks": (faults.unfinished_chunks(page(3)), "network_error"),
    "cutgzip": (faults.truncated_gzip(page(4) * 20), "network_error"),
    "gzipbomb": (faults.bomb("gzip", 1000), "too_large"),
    "brbomb": (faults.bomb("br", 1000), "too_large"),
    "zstdbomb": (faults.bomb("zstd", 1000), "too_large"),
    "deflatebomb": (faults.bomb("deflate", 100), "too_large"),
    "huge": (faults.large(50_000_000), "too_large"),
    "endless": (faults.endless(), "too_large"),
    "manyheaders": (faults.many_headers(), "too_large"),
    "longheader": (faults.long_header(), "network_error"),
    "script": (faults.redirect("javascript:alert(1)"), "unsafe_address"),
    "longhost": (faults.redirect(f"http://{'a' * 64}.test/"), "network_error"),
    "garbage": (faults.garbage(), "network_error"),
    "wall": (faults.forbidden(), "blocked"),
    "gone": (Reply(b"gone", 410), "gone"),
    "missing": (Reply(b"not here", 404), "gone"),
    "teapot": (Reply(b"short and stout", 418), "http_error"),
    "challenge": (faults.challenge(), "blocked"),
    "empty": (Reply(b""), "no_text"),
    "nowhere": (faults.redirect_without_location(), "http_error"),
    "file": (faults.redirect("file:///etc/passwd"), "unsafe_address"),
    "inside": (faults.redirect("http://127.0.0.1:1/"), "unsafe_address"),
    "deep": (Reply(DEEP), "unreadable"),
}
FEEDS = {
    "html": (Reply(b"<html><body><h1>Welcome</h1></body></html>"), "html"),
    "nothing": (Reply(b"", content_type="application/rss+xml"), "broken"),
    "noitems": (Reply(feed_body([]), content_type="application/rss+xml"), "empty"),
    "brokenxml": (Reply(b"\x00\x01 not a feed", content_type="application/rss+xml"), "broken"),
    "feedgone": (Reply(b"gone", 410), "gone"),
    "feedwall": (faults.forbidden(), "blocked"),
    "feedhang": (faults.hang(), "timeout"),
}


@dataclass(frozen=True)
class Night:
    """What the one crawl of this module did."""

    place: Workspace
    newsroom: HostileNewsroom
    ran: Ran


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    with HostileNewsroom() as newsroom:
        publish(newsroom, "healthy.test", range(100, 100 + HEALTHY))
        for name, (behaviour, _) in PAGES.items():
            host = f"{name}.test"
            newsroom.feed(host, "/feed", [Entry("/bad", "Bad page")])
            newsroom.put(host, "/bad", behaviour)
        newsroom.feed("loop.test", "/feed", [Entry("/loop", "Loop")])
        newsroom.put("loop.test", "/loop", faults.redirect("/loop"))
        for name, (behaviour, _) in FEEDS.items():
            newsroom.put(f"{name}.test", "/feed", behaviour)
        _robots(newsroom)
        hosts = {seen for seen, _ in newsroom._routes}
        root = tmp_path_factory.mktemp("faults") / "w"
        place = workspace(root, newsroom.port, sorted(hosts), timeout_seconds=2.0, concurrency=40)
        yield Night(place, newsroom, crawl(place))


def _robots(newsroom: HostileNewsroom) -> None:
    for name, behaviour in {
        "disallowed": Reply(b"User-agent: *\nDisallow: /", content_type="text/plain"),
        "robots500": Reply(b"oops", 500),
        "robotshang": faults.hang(),
        "robotsbom": Reply(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", content_type="text/plain"),
        "robotsinside": faults.redirect("http://10.0.0.1/robots.txt"),
    }.items():
        publish(newsroom, f"{name}.test", [hash(name) % 1000])
        newsroom.put(f"{name}.test", "/robots.txt", behaviour)


def outcome_of(night: Night, name: str) -> tuple[str, str]:
    sql = (
        "SELECT o.outcome, o.reason FROM outcomes o JOIN candidates c ON c.id = o.candidate_id "
        "WHERE c.outlet_id = ?"
    )
    [found] = rows(night.place, sql, f"iq_{name}")
    return found[0], found[1]


def visit_of(night: Night, name: str) -> tuple[str, str]:
    sql = "SELECT outcome, reason FROM visits WHERE outlet_id = ?"
    [found] = rows(night.place, sql, f"iq_{name}")
    return found[0], found[1]


def test_the_books_balance_under_all_faults_at_once(night: Night) -> None:
    assert night.ran.data["balanced"], night.ran.data["imbalance"]


def test_the_healthy_outlet_delivers_everything(night: Night) -> None:
    assert night.ran.outlet("iq_healthy")["outcomes"] == {"stored_new": HEALTHY}


@pytest.mark.parametrize("name", PAGES)
def test_a_bad_page_ends_in_its_own_outcome_with_a_reason(night: Night, name: str) -> None:
    outcome, reason = outcome_of(night, name)

    assert outcome == PAGES[name][1], reason
    assert reason


def test_a_redirect_loop_ends_after_a_few_hops(night: Night) -> None:
    assert outcome_of(night, "loop") == ("http_error", "too many redirects")
    assert len(night.newsroom.seen("loop.test", "/loop")) <= 6


@pytest.mark.parametrize("name", FEEDS)
def test_a_bad_feed_is_a_blind_visit_or_an_empty_one_with_a_reason(night: Night, name: str) -> None:
    outcome, reason = visit_of(night, name)

    assert outcome == FEEDS[name][1]
    assert reason or outcome == "empty"


def test_robots_that_forbid_or_cannot_be_read_mean_no_fetch(night: Night) -> None:
    assert visit_of(night, "disallowed")[0] == visit_of(night, "robotsbom")[0] == "robots"
    for name in ("robots500", "robotshang", "robotsinside"):
        assert "robots.txt could not be read" in visit_of(night, name)[1]
    for name in ("disallowed", "robotsbom", "robots500", "robotshang", "robotsinside"):
        paths = {seen.path for seen in night.newsroom.seen(f"{name}.test")}
        assert paths == {"/robots.txt"}


def test_what_may_pass_by_itself_waits_for_the_next_run(night: Night) -> None:
    pending = {outlet for (outlet,) in rows(
        night.place, "SELECT outlet_id FROM candidates WHERE state = 'pending'"
    )}  # fmt: skip

    assert {"iq_hang", "iq_reset", "iq_short"} <= pending
    assert not pending & {"iq_gone", "iq_wall", "iq_gzipbomb", "iq_file", "iq_healthy"}


def test_the_report_tells_a_person_what_to_do_about_each(night: Night) -> None:
    for name in ("hang", "wall", "disallowed", "feedgone", "html"):
        problems = night.ran.outlet(f"iq_{name}")["problems"]
        troubles = [
            (one["said"], one["steps"])
            for one in night.ran.data["troubles"]
            if one["outlet_id"] == f"iq_{name}"
        ]
        told = [*problems, *troubles]
        assert told and all(reason and advice for reason, advice in told)


def test_no_traceback_and_no_article_text_stands_in_the_logs(night: Night) -> None:
    written = logs(night.place)

    assert "Traceback" not in written
    assert "Report number" not in written


def test_no_file_of_the_workspace_is_readable_by_others(night: Night) -> None:
    written = [path for path in night.place.root.rglob("*") if "outlets" not in path.parts]

    for path in written:
        mode = path.stat().st_mode & 0o777
        assert mode & 0o077 == 0, f"{path}: {mode:o}"


def test_too_many_failures_make_the_run_a_failed_one(night: Night) -> None:
    assert night.ran.code in (1, 3)
