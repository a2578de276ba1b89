"""Where nobody is read: outlets by country, language and alignment, and countries' time zones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import ask
from config.config_files import OUTLET, load, workspace

from crawler.countries import country_of_host, zones_of
from crawler.gaps import ALIGNMENTS, gaps, reached

PARTY = (
    'label = "party"\nevidence = ["a published report"]\njudged_by = "a desk"\ndate = 2026-11-22\n'
)
FILES = {
    "outlets/ma/on.toml": OUTLET,
    "outlets/ma/written.toml": OUTLET.replace('"A"', '"C"') + f"[alignment]\n{PARTY}",
    "outlets/ma/none.toml": OUTLET.partition("[[feeds]]")[0],
    "outlets/ma/closed.toml": "enabled = false\n" + OUTLET,
}


def test_each_outlet_counts_for_each_of_its_countries_and_languages(tmp_path: Path) -> None:
    outlets = load(tmp_path, FILES).outlets.values()

    cells = {(c.country, c.language, c.alignment): c for c in gaps(outlets, ["ma", "bh"], ["ar"])}

    assert len(cells) == 2 * len(ALIGNMENTS)
    unknown, party = cells["ma", "ar", "unknown"], cells["ma", "ar", "party"]
    assert (unknown.on, unknown.written, unknown.none) == (("ma_on",), (), ("ma_none",))
    assert (party.written, party.unread, party.empty) == (("ma_written",), True, False)
    assert all(cell.empty for place, cell in cells.items() if place[0] == "bh")
    assert reached(outlets, "ma") == {
        "on": ["ma_on"], "written": ["ma_written"], "none": ["ma_none"]
    }  # fmt: skip


def test_gaps_are_a_table_whose_empty_cells_are_words(tmp_path: Path) -> None:
    place = workspace(tmp_path, FILES)

    shown = ask(place, "outlets", "list", "--gaps", "--country", "ma").stdout.splitlines()

    assert shown[0].split() == ["country", "language", *(a.replace("_", "-") for a in ALIGNMENTS)]
    assert shown[1].split() == "ma ar EMPTY EMPTY 0/1/0 EMPTY EMPTY EMPTY 1/0/1".split()
    assert shown[4].split()[:3] == ["ma", "ckb", "EMPTY"]
    assert any(line.startswith("31 of 35 cells empty") for line in shown)


def test_gaps_for_machines_name_the_outlets(tmp_path: Path) -> None:
    told = json.loads(ask(workspace(tmp_path, FILES), "outlets", "list", "--gaps", "--json").stdout)

    assert len(told) == 3 * 5 * len(ALIGNMENTS)
    (cell,) = [one for one in told if one["on"]][:1]
    assert (cell["country"], cell["language"], cell["on"]) == ("ma", "ar", ["ma_on"])


@pytest.mark.parametrize(
    ("host", "country"),
    [("example.bh", "bh"), ("news.example.co.uk", "gb"), ("example.com", None), ("x.test", None)],
)
def test_the_domain_of_a_host_is_a_guess_at_its_country(host: str, country: str | None) -> None:
    assert country_of_host(host) == country


def test_a_country_has_its_time_zones() -> None:
    assert zones_of("bh") == ("Asia/Bahrain",)
    assert len(zones_of("us")) > 20
