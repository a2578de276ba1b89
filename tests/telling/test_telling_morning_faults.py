"""The morning reports of the fortnights in which faults were planted: each is told once, with its
next steps, in the report of the night in which it could be known; and nothing else is.

Text and page are read as a person gets them.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from crawler.telling.morning import make_report
from crawler.workspace import Workspace, WorkspaceSettings
from storage.database import open_database
from tests.newsroom.faultsets import BEFORE, NIGHTS
from tests.newsroom.faultshared import SCENE, SEEDS, Played, played
from tests.newsroom.faulttruth import NAMES
from tests.newsroom.faultworld import DAY

Told = tuple[str, str]  # outlet and kind
# The rig ends pages as stored without fetching any: here is what they would have been.
_ARTICLES = """
INSERT INTO articles (id, outlet_id, url_key, url, headline, language, published_at,
  published_precision, first_seen_at, fetched_at, words, version, keep_rule, story_id)
SELECT c.id, c.outlet_id, c.url_key, c.url, 'News', 'en', json_extract(c.hints, '$.published_at'),
  'minute', max(o.at), max(o.at), 10, 1, 'all', c.id
FROM outcomes o JOIN candidates c ON c.id = o.candidate_id
WHERE o.outcome = 'stored_new' GROUP BY c.id
"""
_STORED = "UPDATE outcomes SET article_id = candidate_id WHERE outcome = 'stored_new'"
_ITEM = re.compile(r"^- (\S+) · ([a-z ]+) · since ")


@dataclass
class Reports:
    """What the reports of all nights say together: (outlet, kind) -> in how many."""

    began: Counter[Told] = field(default_factory=Counter)
    ended: Counter[Told] = field(default_factory=Counter)
    in_text: Counter[Told] = field(default_factory=Counter)
    without_step: set[Told] = field(default_factory=set)
    others: set[str] = field(default_factory=set)  # outlets of single pages
    ours: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=SEEDS)
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    return played(tmp_path_factory, request.param)


@pytest.fixture(scope="module")
def reports(one: Played, tmp_path_factory: pytest.TempPathFactory) -> Reports:
    place = _with_articles(one, tmp_path_factory.mktemp("morning") / "w")
    world, found = SCENE.world(), Reports()
    for night in (SCENE.first + DAY * n for n in range(BEFORE, BEFORE + NIGHTS)):
        if night in world.nights:
            at = world.visit_at(world.sites[-1], night) + timedelta(hours=4)
            told = make_report(place, None, now=at)
            _read_page(html.fromstring(told.page.read_text(encoding="utf-8")), found)
            _read_text(told.text.read_text(encoding="utf-8"), found)
    return found


def _with_articles(one: Played, folder: Path) -> Workspace:
    shutil.copytree(one.folder, folder)
    place = Workspace(folder, WorkspaceSettings(contact="desk@example.org"))
    with open_database(place.database) as database, database.write():
        database.execute(_ARTICLES)
        database.execute(_STORED)
    return place


def _read_page(page: Any, found: Reports) -> None:
    (wrong,) = page.xpath("//section[@id='wrong']")
    for kind, counter in (("began", found.began), ("ended", found.ended)):
        for item in wrong.xpath(f".//li[@class='{kind}']"):
            told = _told(item)
            counter[told] += 1
            if kind == "began" and not any(
                step.text_content().strip() for step in item.xpath(".//ol/li")
            ):
                found.without_step.add(told)
    for item in wrong.xpath(".//li[@class='wrong']"):
        if item.xpath("./b"):
            found.ours.append(item.text_content())
        else:
            found.others |= set(re.findall(r"[a-z]{2}_site\d+", item.text_content()))


def _told(item: Any) -> Told:
    (outlet,) = item.xpath("./b")
    kind = (outlet.tail or "").split(" · ")[1]
    return outlet.text_content(), kind


def _read_text(text: str, found: Reports) -> None:
    """What stands under "Began", each with a step below it."""
    wrong = text.partition("WHAT WENT WRONG, AND WHAT TO DO")[2].partition("WHERE WE WERE")[0]
    began = re.split(r"\n\n", wrong.partition("Began:\n")[2])[0].splitlines()
    heads = [number for number, line in enumerate(began) if _ITEM.match(line)]
    for start, end in pairwise([*heads, len(began)]):
        match = _ITEM.match(began[start])
        assert match
        found.in_text[match[1], match[2]] += 1
        if not any(line.startswith("    > ") for line in began[start:end]):
            found.without_step.add((match[1], match[2]))


def planted(one: Played) -> dict[Told, Any]:
    verdicts = one.outcome.verdicts
    return {(v.fault.site, NAMES[v.fault.kind].replace("_", " ")): v for v in verdicts}


def test_every_planted_fault_is_told_in_one_report_and_nothing_else_is(
    one: Played, reports: Reports
) -> None:
    expected = dict.fromkeys(planted(one), 1)

    assert dict(reports.began) == expected
    assert dict(reports.in_text) == expected
    assert reports.ours == []


def test_each_with_its_next_step(reports: Reports) -> None:
    assert reports.without_step == set()


def test_its_end_is_told_once(one: Played, reports: Reports) -> None:
    over = {told for told, verdict in planted(one).items() if verdict.events[0].ended is not None}

    assert dict(reports.ended) == dict.fromkeys(over, 1)


def test_single_pages_are_told_of_no_outlet_that_is_well(one: Played, reports: Reports) -> None:
    assert reports.others <= {outlet for outlet, _ in planted(one)}
