"""A kept template comes back as it was, or is told to be damaged."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from storage.template_records import MAX_JSON, Rules, Template, template_of

RULES = Rules(
    containers=("div.story", "section.view"),
    blocks=(("p", 31.5, 40), ("p < div.story", 31.5, 31.5)),
    repeated=("0a1b2c3d4e5f",),
    places=(("published_at", "time.day"),),
    sources=(("published_at", "jsonld"),),
    promises=(("known", 1.0), ("outside", 0.25)),
)
TEMPLATE = template_of(RULES, made_by="1", pages=12, usable=True, evidence=(("articles", "12"),))


def test_it_comes_back_with_its_rules() -> None:
    kept = Template.from_json(TEMPLATE.to_json())

    assert kept == TEMPLATE
    assert kept.rules == RULES
    assert pickle.loads(pickle.dumps(kept)) == TEMPLATE


def test_its_id_is_that_of_its_rules_and_of_the_learner() -> None:
    assert template_of(RULES, made_by="1", pages=3, usable=False).id == TEMPLATE.id
    assert template_of(RULES, made_by="2", pages=12, usable=True).id != TEMPLATE.id
    assert template_of(Rules(), made_by="1", pages=12, usable=True).id != TEMPLATE.id


def test_rules_tell_places_sources_and_promises_by_name() -> None:
    assert RULES.place("published_at") == "time.day"
    assert RULES.source("published_at") == "jsonld"
    assert RULES.promise("outside", 9.0) == 0.25
    assert (RULES.place("byline"), RULES.source("byline"), RULES.promise("x", 9.0)) == ("", "", 9.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ("[" * 20_000, "no JSON"),
        ("[1]", "no JSON object"),
        ("{}", "without rules"),
        ("x" * (MAX_JSON + 1), "characters"),
    ],
)
def test_damaged_text_is_told_in_words(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Template.from_json(text)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pages": -1}, "pages"),
        ({"pages": True}, "pages"),
        ({"made_by": 1}, "made_by"),
        ({"id": "0" * 16}, "does not fit"),
        ({"evidence": [["a"]]}, "evidence"),
        ({"packed": {"containers": "div"}}, "containers"),
        ({"packed": {"containers": ["a\0"]}}, "containers"),
        ({"packed": {"containers": ["x" * 401]}}, "containers"),
        ({"packed": {"containers": ["\ud800"]}}, "containers"),
        ({"packed": {"blocks": [["p", 1]]}}, "triple"),
        ({"packed": {"blocks": [["p", 1, "2"]]}}, "number"),
        ({"packed": {"blocks": [["p", 1, float("nan")]]}}, "number"),
        ({"packed": {"promises": [["known", -1]]}}, "number"),
        ({"packed": {"promises": ["known"]}}, "pair"),
        ({"packed": {"repeated": ["a"] * 2_001}}, "repeated"),
    ],
)
def test_other_contents_are_refused(change: dict[str, Any], told: str) -> None:
    kept = json.loads(TEMPLATE.to_json()) | change

    with pytest.raises(ValueError, match=told):
        Template.from_json(json.dumps(kept))
