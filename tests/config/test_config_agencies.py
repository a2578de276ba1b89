"""Agency files: strict, laid over the shipped one, and clear about what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from config.config_files import load, problems

from crawler.agencies import load_agencies
from crawler.outletfiles import load_outlets, shipped_outlets
from crawler.reading.credits import Credits
from storage.models import AgencyForm

OWN = """\
[[agencies]]
id = "reed"
country = "ma"
outlets = ["ma_reed"]
name = { en = "Reed Wire", ar = "سلك القصب" }
names = { fr = ["Fil du Roseau"] }
short = { fr = ["FDR"] }
words = { ar = ["قصب"] }
evidence = ["made up"]
"""


def test_an_agency_becomes_the_record_that_reading_takes(tmp_path: Path) -> None:
    agencies = {one.id: one for one in load(tmp_path, {"agencies.toml": OWN}).agencies}

    assert agencies["reed"].name == "Reed Wire"
    assert agencies["reed"].outlets == ("ma_reed",)
    assert agencies["reed"].forms == (
        AgencyForm("Reed Wire"),
        AgencyForm("سلك القصب"),
        AgencyForm("Fil du Roseau"),
        AgencyForm("FDR", "short"),
        AgencyForm("قصب", "word"),
    )


def test_shipped_agencies_are_known_without_shipped_outlets(tmp_path: Path) -> None:
    agencies = {one.id for one in load(tmp_path, {"agencies.toml": OWN}).agencies}

    assert {"reed", "afp", "map", "ina", "bna"} <= agencies


def test_a_workspace_changes_a_shipped_agency_by_id(tmp_path: Path) -> None:
    change = '[[agencies]]\nid = "map"\nshort = { es = ["MAPES"] }\n'

    credits = Credits(load(tmp_path, {"agencies.toml": change}).agencies)

    found = credits.find("a text of some words that says nothing more than this", "MAPES")
    assert found is not None
    assert found.agency == "map"


def test_suppress_takes_an_agency_away(tmp_path: Path) -> None:
    change = '[[agencies]]\nid = "afp"\nsuppress = true\n'

    agencies = {one.id for one in load(tmp_path, {"agencies.toml": change}).agencies}

    assert "afp" not in agencies
    assert "reuters" in agencies


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[agency]]\nid = "x"', "agencies.toml:1: agency: is not a known key; did you mean"),
        ('[[agencies]]\nname = { en = "X" }', "agencies.toml:1: agencies.0.id: is missing"),
        (
            '[[agencies]]\nid = "affp"\nsuppress = true',
            '"affp", which does not exist; did you mean',
        ),
        (OWN.replace('"FDR"', '"AFP"'), '"AFP" also belongs to afp (crawler/data/agencies.toml:'),
        (OWN.replace("ma_reed", "ma_map"), '"ma_map" also belongs to map'),
        (
            OWN.replace("country", "county"),
            "agencies.toml:3: agencies.0.county: is not a known key",
        ),
        (OWN.replace('["FDR"]', '"FDR"'), "agencies.toml:7: agencies.0.short"),
        (OWN + OWN, "reed stands here twice"),
        ("[[agencies]\n", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert said in "\n".join(problems(tmp_path, {"agencies.toml": text}))


def test_shipped_agencies_speak_through_outlets_that_exist() -> None:
    outlets, _ = load_outlets(shipped_outlets(), None, {})
    known = set(outlets)

    assert {name for one in load_agencies() for name in one.outlets} <= known


def test_every_shipped_abbreviation_and_name_is_found_in_a_byline() -> None:
    agencies = load_agencies()
    credits = Credits(agencies)
    body = "a text of some words that says nothing more than this"

    lost = [
        (agency.id, form.text)
        for agency in agencies
        for form in agency.forms
        if (found := credits.find(body, form.text)) is None or found.agency != agency.id
    ]

    assert lost == []
