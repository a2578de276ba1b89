"""docs/register.md is what the shipped files say, also where a person wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.cli.register import COUNTRIES, INDEPENDENT, KURDISH, own, register
from crawler.gaps import reach
from crawler.outlets import Outlet
from crawler.workspace import load_config

PAGE = Path(__file__).resolve().parents[2] / "docs" / "register.md"


@pytest.fixture(scope="module")
def read() -> list[Outlet]:
    return [o for o in load_config(None).outlets.values() if o.enabled and reach(o) != "none"]


def test_the_page_is_what_the_files_say() -> None:
    _, _, made = PAGE.read_text(encoding="utf-8").partition("]]] -->\n")

    assert made.partition("<!-- [[[end]]]")[0].strip() == register().strip(), "run `make docs`"


def test_addresses_that_a_person_wrote_down_are_shipped_and_as_said(read: list[Outlet]) -> None:
    written = PAGE.read_text(encoding="utf-8").partition("[[[cog")[0]
    ways = {way.url: way for outlet in read for _, way in outlet.endpoints}

    named = re.findall(r"`(https://[^`]+)`", written)

    assert len(named) > 10
    assert set(named) <= set(ways)
    on = {url for url in named if ways[url].on}
    assert on == {
        "https://www.kurdistan24.net/ckb/rss.xml",
        "https://esta.krd/feed/",
        "https://www.rudaw.net/sorani",
        "https://shafaq.com/rss/ku",
    }


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_has_fifteen_outlets_of_its_own_with_a_way(
    read: list[Outlet], country: str
) -> None:
    assert sum(own(outlet, country) for outlet in read) >= 15


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_has_three_independent_outlets_with_a_way(
    read: list[Outlet], country: str
) -> None:
    ours = [outlet for outlet in read if country in outlet.covers]

    assert sum(outlet.alignment.label in INDEPENDENT for outlet in ours) >= 3


def test_four_outlets_and_more_are_reached_in_kurdish(read: list[Outlet]) -> None:
    kurdish = [outlet for outlet in read if KURDISH & set(outlet.languages)]

    assert len(kurdish) >= 4
    assert sum(reach(outlet) == "on" for outlet in kurdish) >= 4


def test_outlets_without_a_way_are_told(read: list[Outlet]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    silent = load_config(None).outlets.keys() - {outlet.id for outlet in read}

    assert silent
    assert all(f"`{outlet_id}`" in page for outlet_id in silent)
