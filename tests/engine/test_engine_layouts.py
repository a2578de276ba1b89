"""An outlet's layout is learned while it is crawled, and a new layout is noticed and learned."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from harness import Ran, crawl, killed, marsad, rows, workspace
from newsroom.hostile import Entry, Exchange, HostileNewsroom, Reply
from newsroom.relaid import CHROME_NAME, headline_of, page, text_of

from crawler.workspace import Workspace

HOST, OUTLET = "relaid.test", "iq_relaid"
ACTOR = f"""
[[actors]]
id = "iq_sideboard"
kind = "person"
countries = ["iq"]
[actors.name]
en = "{CHROME_NAME}"
[[actors.forms]]
text = "{CHROME_NAME}"
language = "en"
"""
KILL = """
import sys, time
from storage.templates import TemplateStore
from crawler.cli.main import main

def stand_still(*arguments):
    print("AT", flush=True)
    time.sleep(300)

TemplateStore._keep = stand_still
sys.argv = ["marsad", *sys.argv[1:]]
main()
"""
"""A run that stands still within the transaction that puts a template in force."""
_STORED = """
SELECT a.url, a.headline, t.text, t.template_id FROM articles a
JOIN article_texts t ON t.article_id = a.id ORDER BY a.id
"""
_PERIODS = "SELECT template_id, until_at, why, ended FROM outlet_templates ORDER BY id"
_EVENTS = (
    "SELECT closed_at, evidence FROM events WHERE kind = 'redesigned' AND subject = 'template'"
)


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, newsroom: HostileNewsroom) -> Workspace:
    made = workspace(tmp_path / "w", newsroom.port, [HOST], delay_seconds=0.08)
    (made.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    return made


def publish(newsroom: HostileNewsroom, seeds: range, anew: int = 1_000, to: str = "") -> None:
    """A feed of articles; after so many have been asked for, all are laid out in another way."""
    served = itertools.count()

    def answer(seed: int, exchange: Exchange) -> None:
        Reply(page(seed, to if next(served) >= anew else "first"))(exchange)

    for seed in seeds:
        newsroom.put(HOST, f"/a/{seed}", partial(answer, seed))
    newsroom.feed(HOST, "/feed", [Entry(f"/a/{seed}", headline_of(seed)) for seed in seeds])


def night(place: Workspace) -> Ran:
    ran = crawl(place)
    assert ran.code in (0, 3), ran.stderr
    assert ran.data["balanced"], ran.data["imbalance"]
    return ran


def read_by(place: Workspace) -> list[str | None]:
    """By which template each article was read; all must say what was published."""
    stored = rows(place, _STORED)
    for url, headline, text, _ in stored:
        seed = int(url.rpartition("/")[2])
        assert (headline, text.split("\n")) == (headline_of(seed), text_of(seed)), url
    assert rows(place, "SELECT count(*) FROM mentions") == [(0,)], "the page's frame is no article"
    return [template for *_, template in stored]


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_a_new_layout_is_noticed_at_once_and_learned_with_nothing_wrong_stored(
    place: Workspace, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, range(20))
    killed("-c", KILL, "crawl", "--all", "-w", str(place.root))
    assert rows(place, _PERIODS) == [], "nothing half learned"

    night(place)
    publish(newsroom, range(20, 48), anew=8, to="sly")
    night(place)
    publish(newsroom, range(48, 54), anew=0, to="sly")
    night(place)
    by, periods = read_by(place), rows(place, _PERIODS)
    again = marsad("reread", "--json", "-w", str(place.root))

    assert by[:5] == [None] * 5, "the first pages are what is learned from"
    assert [ended for *_, ended in periods].count("redesigned") == 1
    later = periods[[ended for *_, ended in periods].index("redesigned") + 1 :]
    assert later[0][2] == "redesigned"
    assert later[-1][1] is None, "in force"
    assert set(by[-6:]) <= {template for template, *_ in later}, "and reads what came then"
    ((closed_at, evidence),) = rows(place, _EVENTS)
    assert closed_at is not None
    assert 3 <= json.loads(evidence)["failed"] <= json.loads(evidence)["of"] <= 5
    assert rows(place, "SELECT count(*) FROM outlet_templates WHERE reread_from > ''") == [(0,)]
    assert (again.data["read"], again.data["same"]) == (54, 54), "by the template of its day"
    assert read_by(place) == by
