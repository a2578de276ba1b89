"""`marsad outlets import`: lists of feeds and sites become files; nothing is on without a probe."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from asking import ask
from harness import marsad, workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom.hostile import HostileNewsroom
from probed_sites import articles, entries, front

from crawler.outletlists import MAX_DEPTH, ListUnreadable, read_list
from crawler.workspace import Workspace, load_config

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Morocco">
  <outline text="Naddara" title="النظّارة" type="rss" htmlUrl="https://naddara.test/" xmlUrl="https://naddara.test/rss"/>
  <outline text="Naddara sport" xmlUrl="https://naddara.test/sport/rss"/>
  <outline text="Minbar" htmlUrl="https://minbar.test/" xmlUrl="https://feeds.feedburner.com/minbar"/>
  <outline text="A service" xmlUrl="https://news.google.com/rss?q=x"/>
  <outline text="Known" xmlUrl="https://one.test/other"/>
  <outline text="Broken" xmlUrl="feed:nowhere"/>
  <outline text="Again" xmlUrl="https://naddara.test/rss"/>
</outline></body></opml>
"""
CSV = """url,name,country,language,kind
https://waha.test/feed,واحة,iq,ar,feed
https://waha.test/map.xml,,,ar,sitemap
qasr.test,Qasr,bh,"ar, en",
=HYPERLINK("http://x.test"),Evil,iq,ar,feed
https://nameless.test/feed,,,,feed
https://zone.test/feed,Zone,us,en,feed
https://odd.test/feed,Odd,iq,klingon!,feed
http://10.0.0.5/feed,Inner,iq,ar,feed
https://strange.test/,Strange,iq,ar,podcast
"""


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "w", 9, ["one.test"])


def saved(tmp_path: Path, name: str, text: str | bytes) -> str:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_an_opml_file_gives_an_outlet_for_each_site(tmp_path: Path, place: Workspace) -> None:
    result = ask(
        place, "outlets", "import", saved(tmp_path, "f.opml", OPML), "--country", "ma", "--json"
    )

    told = json.loads(result.stdout)
    outlets = load_config(place).outlets
    assert result.exit_code == 3
    assert [one["id"] for one in told["taken"]] == ["ma_naddara", "ma_minbar"]
    assert [(one["line"], one["id"]) for one in told["known"]] == [(8, "iq_one")]
    assert [one["line"] for one in told["refused"]] == [7, 9, 10]
    naddara = outlets["ma_naddara"]
    assert [feed.url for feed in naddara.feeds] == [
        "https://naddara.test/rss",
        "https://naddara.test/sport/rss",
    ]
    assert {(feed.grade, feed.on) for feed in naddara.feeds} == {("C", False)}
    assert "f.opml, line 4" in naddara.feeds[0].evidence
    assert outlets["ma_minbar"].domains == ("minbar.test",)
    path = place.outlets_dir / "ma" / "naddara.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_sheet_tells_each_row_that_cannot_be_used(tmp_path: Path, place: Workspace) -> None:
    result = ask(place, "outlets", "import", saved(tmp_path, "f.csv", CSV))

    outlets = load_config(place).outlets
    assert result.exit_code == 3
    assert {"iq_waha", "bh_qasr"} == set(outlets) - {"iq_one"}
    assert outlets["iq_waha"].sitemaps[0].url == "https://waha.test/map.xml"
    assert outlets["bh_qasr"].languages == ("ar", "en")
    assert outlets["bh_qasr"].endpoints == ()
    for line, said in [
        (5, "holds a formula"),
        (6, "no country"),
        (7, "time zones"),
        (8, "language code"),
        (9, "is not a web address"),
        (10, 'kind "podcast"'),
    ]:
        (told,) = [row for row in result.stdout.splitlines() if f"refused line {line}:" in row]
        assert said in told


def test_a_second_import_overwrites_nothing(tmp_path: Path, place: Workspace) -> None:
    file = saved(tmp_path, "f.opml", OPML)
    ask(place, "outlets", "import", file, "--country", "ma")
    path = place.outlets_dir / "ma" / "naddara.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")

    result = ask(place, "outlets", "import", file, "--country", "ma", "--json")

    assert json.loads(result.stdout)["taken"] == []
    assert path.read_text(encoding="utf-8").endswith("# mine\n")


def test_a_dry_run_saves_nothing(tmp_path: Path, place: Workspace) -> None:
    result = ask(
        place, "outlets", "import", saved(tmp_path, "f.opml", OPML), "--country", "ma", "--dry-run"
    )

    assert "2 outlets would be taken" in result.stderr
    assert set(load_config(place).outlets) == {"iq_one"}


BOMB = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "xxxxxxxxxx">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><opml><body><outline xmlUrl="https://&b;.test/"/></body></opml>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<opml><body><outline text="&x;" xmlUrl="https://x.test/"/></body></opml>"""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.opml", BOMB, "entities of its own"),
        ("b.opml", OUTSIDE, "entities of its own"),
        ("c.opml", b"<opml>" + b"<outline>" * 400, "nested more than"),
        ("d.opml", b"<opml><body>", "no sound OPML file"),
        ("e.opml", b"<rss><channel/></rss>", "begins with <rss>"),
        ("f.csv", b"", "is empty"),
        ("g.csv", b"a,b\n1,2\n", "one of which is url"),
        ("h.csv", b"\xff\xfeabc", "UTF-8"),
        ("i.xlsx", b"PK\x03\x04nonsense", "damaged"),
    ],
)
def test_a_hostile_or_broken_list_is_refused_whole(
    tmp_path: Path, place: Workspace, name: str, content: bytes, said: str
) -> None:
    result = ask(place, "outlets", "import", saved(tmp_path, name, content), "--country", "ma")

    assert result.exit_code == 2
    assert said in result.stderr
    assert set(load_config(place).outlets) == {"iq_one"}


def test_folders_of_a_feed_reader_may_be_nested(tmp_path: Path) -> None:
    inner = '<outline xmlUrl="https://x.test/feed"/>'
    deep = MAX_DEPTH - 4
    text = f"<opml><body>{'<outline>' * deep}{inner}{'</outline>' * deep}</body></opml>"

    (row,) = read_list(Path(saved(tmp_path, "deep.opml", text))).rows

    assert row.url == "https://x.test/feed"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_file_is_a_list_or_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)

    try:
        listed = read_list(path)
    except ListUnreadable as wrong:
        assert str(wrong)
    else:
        assert all(row.url.startswith("http") for row in listed.rows)


def test_what_is_taken_can_be_probed_at_once(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom:
        place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
        paths = articles(newsroom, "two.test", range(5), "/a/{}")
        newsroom.article("two.test", "/", front())
        newsroom.feed("two.test", "/feed", entries(paths))
        rows = f"url,country,language\n{newsroom.url('two.test', '/feed')},iq,en\n"
        file = saved(tmp_path, "f.csv", rows)

        ran = marsad("outlets", "import", file, "--probe", "--json", "-w", str(place.root))

    assert ran.code == 0, ran.stderr
    assert [one["works"] for one in ran.data["probed"]["iq_two"] if one["kind"] == "feed"] == [True]
    assert [feed.on for feed in load_config(place).outlets["iq_two"].feeds] == [True]
