"""Egresses: an outlet that names one is asked through it and through nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from harness import Ran, crawl, marsad, marsad_watched, publish, rows, workspace
from newsroom.hostile import CanaryListener, HostileNewsroom, Reply
from newsroom.relay import Relay

from crawler.egresses import Egress, UnknownEgress
from crawler.workspace import Workspace, WorkspaceSettings


def through(place: Workspace, outlet: str, *, egress: str = "relay") -> None:
    """Have an outlet read through an egress."""
    file = place.outlets_dir / "iq" / f"{outlet}.toml"
    said = re.sub(r"egress = .*\n", "", file.read_text(encoding="utf-8"))
    file.write_text(f'egress = "{egress}"\n{said}', encoding="utf-8")


def declare(place: Workspace, proxy: str, name: str = "relay") -> None:
    """Write an egress into the settings."""
    with (place.root / "marsad.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[egress]]\nname = "{name}"\nproxy = "{proxy}"\n')


def whose(place: Workspace) -> dict[str, set[str]]:
    """The egresses of an outlet's visits and fetches."""
    found: dict[str, set[str]] = {}
    visits = "SELECT w.outlet_id, v.egress FROM visits v JOIN ways w ON w.id = v.way_id"
    fetches = (
        "SELECT c.outlet_id, f.egress FROM fetches f JOIN candidates c ON c.id = f.candidate_id"
    )
    for outlet, egress in rows(place, f"{visits} UNION ALL {fetches}"):
        found.setdefault(outlet, set()).add(egress)
    return found


def test_an_outlet_is_read_through_its_egress_alone_and_others_are_not(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom, Relay(newsroom.port) as relay:
        publish(newsroom, "far.test", [1, 2])
        publish(newsroom, "near.test", [3])
        newsroom.put("far.test", "/a/2", Reply(status=302, headers=[("Location", "/moved")]))
        newsroom.article("far.test", "/moved", b"<h1>moved</h1>")
        place = workspace(tmp_path / "w", newsroom.port, ["far.test", "near.test"])
        declare(place, relay.url)
        through(place, "far")
        ran = crawl(place)
        asked = sorted(relay.asked)
        direct = newsroom.seen("near.test")
    assert ran.outlet("iq_far")["outcomes"]["stored_new"] == 1
    assert ran.outlet("iq_near")["outcomes"] == {"stored_new": 1}
    paths = ["/a/1", "/a/2", "/feed", "/moved", "/robots.txt"]
    assert asked == [f"GET {newsroom.url('far.test', path)}" for path in paths]
    assert len(direct) == 3 and "proxy-connection" not in direct[0].headers
    assert whose(place) == {"iq_far": {"relay"}, "iq_near": {"direct"}}
    assert {ip for (ip,) in rows(place, "SELECT ip FROM fetches WHERE egress = 'relay'")} == {None}


def test_a_proxy_that_is_down_is_a_network_error_and_nobody_else_is_asked(tmp_path: Path) -> None:
    """No direct packet, and no look-up of the outlet's name either."""
    seen = tmp_path / "seen"
    with HostileNewsroom() as newsroom, Relay(newsroom.port) as down:
        publish(newsroom, "far.test", [1])
        place = workspace(
            tmp_path / "w", newsroom.port, {"far.test": ["/feed", "http://far.example/feed"]}
        )
        declare(place, down.url)
        through(place, "far")
        down.close()
        marsad_watched(seen, "crawl", "--all", "--workspace", str(place.root))
        assert newsroom.connections == 0
    visits = rows(place, "SELECT outcome, reason, egress FROM visits")
    assert len(visits) == 2
    assert {(outcome, egress) for outcome, _, egress in visits} == {("network_error", "relay")}
    assert all("through the egress relay: connection refused" in why for _, why, _ in visits)
    assert set(seen.read_text().splitlines()) == {f"connect 127.0.0.1:{down.port}"}


def test_https_goes_through_a_tunnel_and_a_proxy_that_refuses_is_told(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom, Relay(newsroom.port, refuses=True) as relay:
        place = workspace(
            tmp_path / "w", newsroom.port, {"far.test": [f"https://far.test:{newsroom.port}/feed"]}
        )
        declare(place, relay.url)
        through(place, "far")
        crawl(place)
        assert set(relay.asked) == {f"CONNECT far.test:{newsroom.port}"}
        assert newsroom.connections == 0
    [(outcome, reason)] = rows(place, "SELECT outcome, reason FROM visits")
    assert outcome == "network_error" and "its proxy did not let us through" in reason


INNER = {
    "a.test": "127.0.0.1",
    "b.test": "localhost",
    "c.test": "2130706433",
    "d.test": "[::1]",
    "e.test": "router",
}


def test_behind_an_egress_inner_places_are_refused_by_name(tmp_path: Path) -> None:
    """Also the place of the proxy itself, which the guard lets pass for its sake."""
    with HostileNewsroom() as newsroom, Relay(newsroom.port) as relay, CanaryListener() as canary:
        feeds = {host: f"http://{name}:{canary.port}/feed" for host, name in INNER.items()}
        feeds["near.test"] = f"{relay.url}/feed"
        for host, target in feeds.items():
            newsroom.put(host, "/feed", Reply(status=302, headers=[("Location", target)]))
        place = workspace(tmp_path / "w", newsroom.port, list(feeds))
        declare(place, relay.url)
        for host in INNER:
            through(place, host.split(".")[0])
        crawl(place)
        asked = {urlsplit(each.split()[1]).hostname for each in relay.asked}
        assert asked == set(INNER) and not canary.visitors
    assert rows(place, "SELECT DISTINCT outcome FROM visits") == [("unsafe_address",)]
    assert rows(place, "SELECT count(*) FROM visits") == [(6,)]


# ---------------------------------------------------------------- what may be written


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("socks5://127.0.0.1:9050", "SOCKS proxies are not supported"),
        ("https://127.0.0.1:8118", "by number"),
        ("http://localhost:8118", "by number"),
        ("http://127.0.0.1", "by number"),
        ("http://127.0.0.1:8118/", "by number"),
        ("http://user:secret@127.0.0.1:8118", "by number"),
        ("http://127.1:8118", "by number"),
        ("http://127.0.0.1:0", "by number"),
    ],
)
def test_a_proxy_is_an_address_and_port_and_nothing_else(proxy: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Egress(name="relay", proxy=proxy)


def test_an_ipv6_proxy_is_one_too() -> None:
    assert Egress(name="six", proxy="http://[2001:db8::1]:3128").place == ("2001:db8::1", 3128)


def test_names_of_egresses_are_unlike_and_none_is_direct() -> None:
    one = {"name": "relay", "proxy": "http://127.0.0.1:8118"}
    with pytest.raises(ValueError, match='names "relay" twice'):
        WorkspaceSettings.model_validate({"contact": "a@b.org", "egress": [one, one]})
    with pytest.raises(ValueError, match="built in"):
        Egress(name="direct", proxy="http://127.0.0.1:8118")
    settings = WorkspaceSettings.model_validate({"contact": "a@b.org", "egress": [one]})
    assert settings.proxy_of("relay") == ("127.0.0.1", 8118)
    assert settings.proxy_of("direct") is None
    with pytest.raises(UnknownEgress, match="did you mean"):
        settings.proxy_of("rely")


def test_an_egress_that_nobody_declared_is_a_mistake_in_the_file(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 8080, ["far.test"])
    through(place, "far", egress="tor")
    ran = marsad("outlets", "check", "--workspace", str(place.root))
    assert ran.code == 2 and "far.toml:1: egress: there is no egress" in unwrapped(ran)
    through(place, "far", egress="direct")
    ran = marsad("crawl", "--all", "--egress", "nowhere", "--workspace", str(place.root))
    assert ran.code == 2 and 'there is no egress "nowhere"' in unwrapped(ran)


def unwrapped(ran: Ran) -> str:
    """What a command said, without the line breaks of a narrow terminal."""
    return " ".join(ran.stderr.split())
