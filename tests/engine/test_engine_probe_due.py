"""Which outlets are probed without anybody asking, and that nothing is lost by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from harness import marsad, publish, workspace
from newsroom.hostile import HostileNewsroom, Reply

from crawler.engine.probe_due import MOST, due, switching_nothing_off
from crawler.outlets import Outlet
from crawler.probes import ProbeResult

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = "https://one.test/feed"


def outlet(name: str = "iq_one", grade: str = "A", **more: Any) -> Outlet:
    feed = {"url": FEED, "grade": grade, "evidence": "made up"}
    values = {
        "id": name,
        "name": {"en": "One"},
        "country": "iq",
        "covers": ["iq"],
        "timezone": "Asia/Baghdad",
        "languages": ["en"],
        "kind": "portal",
        "domains": ["one.test"],
        "feeds": [feed],
    }
    return Outlet.model_validate({**values, **more})


def probed(days_ago: float, *, works: bool = True, kind: Any = "feed") -> ProbeResult:
    seen_at = (NOW - timedelta(days=days_ago)).isoformat()
    return ProbeResult(FEED, kind, works=works, reason="", seen_at=seen_at)


def with_probe(one: Outlet, result: ProbeResult) -> Outlet:
    return one.model_copy(update={"feeds": tuple(feed.seen(result) for feed in one.feeds)})


def test_an_outlet_that_was_probed_lately_and_works_is_left_alone() -> None:
    assert due([outlet()], {"iq_one": [probed(29)]}, set(), NOW) == []


def test_a_probe_that_is_old_is_made_again() -> None:
    assert due([outlet()], {"iq_one": [probed(31)]}, set(), NOW) == ["iq_one"]
    assert due([outlet()], {}, set(), NOW) == ["iq_one"]


def test_ways_that_nobody_tried_come_first_then_troubles_then_what_is_old() -> None:
    outlets = [outlet("iq_old"), outlet("iq_ill"), outlet("iq_new", grade="B")]
    probes = {"iq_old": [probed(40)], "iq_ill": [probed(8)], "iq_new": [probed(1, kind="site")]}

    assert due(outlets, probes, {"iq_ill"}, NOW) == ["iq_new", "iq_ill", "iq_old"]


def test_an_outlet_without_a_way_in_is_tried_once_a_week() -> None:
    failed = probed(5, works=False)
    one = with_probe(outlet(grade="B"), failed)

    assert due([one], {"iq_one": [failed]}, set(), NOW) == []
    assert due([one], {"iq_one": [failed]}, set(), NOW + timedelta(days=2)) == ["iq_one"]


def test_a_blind_outlet_is_not_asked() -> None:
    blind = {"since": date(2026, 11, 1), "reason": "walled off"}

    assert due([outlet(blind=blind)], {}, set(), NOW) == []


def test_one_probe_has_an_end() -> None:
    assert len(due([outlet(f"iq_o{n}") for n in range(99)], {}, set(), NOW)) == MOST


def test_a_way_that_is_on_is_not_switched_off_by_a_probe_that_nobody_watched() -> None:
    failed = probed(0, works=False)
    on, off = with_probe(outlet(grade="B"), probed(9)), outlet(grade="B")

    assert switching_nothing_off(on, [failed]) == []
    assert switching_nothing_off(off, [failed]) == [failed]
    assert switching_nothing_off(on, [probed(0)]) == [probed(0)]


def test_a_way_that_nobody_tried_is_switched_on_and_stays_on_when_the_site_is_down(
    tmp_path: Path,
) -> None:
    with HostileNewsroom() as newsroom:
        publish(newsroom, "one.test", [1, 2])
        place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
        file = place.outlets_dir / "iq" / "one.toml"
        file.write_text(file.read_text().replace('"A"', '"B"'))
        command = ("outlets", "probe", "--all", "--due", "-w", str(place.root))

        first = marsad(*command)
        second = marsad(*command)
        newsroom.clear()
        newsroom.put("one.test", "*", Reply(b"", 503))
        record = place.probes_dir / "iq_one.json"
        record.write_text(record.read_text().replace("202", "201"))  # as if it were years old
        third = marsad(*command)
        on = marsad("crawl", "--all", "--dry-run", "--json", "-w", str(place.root)).data

    assert first.code == 0, first.stderr
    assert second.stdout == "No outlet is due to be probed.\n"
    assert newsroom.requests
    assert "Traceback" not in third.stderr
    assert [one["ways"] for one in on] == [1]
