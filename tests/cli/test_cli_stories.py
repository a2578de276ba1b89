"""`marsad stories`, counts per story in the other commands, and people's word on stories."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from asking import ASSOCIATION, ask, judge, said
from harness import crawl, page, rows, workspace
from newsroom.hostile import Entry, HostileNewsroom, article_html

from crawler.workspace import Workspace, find_workspace
from storage.bidi import END_OF_ISOLATE, ISOLATE

DISPATCH = [
    "افتتحت بلدية وادي النخيل صباح الأحد مكتبة عامة للأطفال في مبنى المدرسة القديمة بعد ترميمه.",
    "وقالت جمعية المثال في كلمة قصيرة إن المكتبة تضم ثلاثة آلاف كتاب تبرعت بها عائلات القرى.",
    "وحضر الافتتاح معلمون متقاعدون وعشرات التلاميذ الذين قرؤوا قصصا كتبوها بأنفسهم خلال الصيف.",
    "ومن المقرر أن تفتح المكتبة أبوابها كل يوم بعد الظهر، وأن تنظم ورشة للخط العربي كل شهر.",
]
HEADLINES = {
    "one.test": "مكتبة جديدة للأطفال في وادي النخيل",
    "two.test": "افتتاح مكتبة عامة بعد ترميم المدرسة القديمة",
    "three.test": "ثلاثة آلاف كتاب لأطفال وادي النخيل",
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one crawl: a text on three sites, and another one on one of them."""
    root = tmp_path_factory.mktemp("stories") / "w"
    with HostileNewsroom() as newsroom:
        for host, headline in HEADLINES.items():
            newsroom.article(host, "/library", article_html(headline, DISPATCH, language="ar"))
            newsroom.feed(host, "/feed", [Entry("/library", headline)])
        newsroom.article("one.test", "/other", page(3))
        entries = [Entry("/library", HEADLINES["one.test"]), Entry("/other", "Other")]
        newsroom.feed("one.test", "/feed", entries)
        place = workspace(root, newsroom.port, list(HEADLINES))
        (place.watchlists_dir / "own.toml").write_text(ASSOCIATION, encoding="utf-8")
        assert crawl(place).code == 0
    return root


@pytest.fixture
def archive(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of it that a test may change."""
    monkeypatch.delenv("MARSAD_JUDGE", raising=False)
    shutil.copytree(crawled, tmp_path / "w")
    return find_workspace(tmp_path / "w")


def listed(place: Workspace, *arguments: str) -> list[dict[str, Any]]:
    result = ask(place, "stories", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    stories: list[dict[str, Any]] = json.loads(result.stdout)["stories"]
    return stories


def carriers(place: Workspace) -> list[int]:
    """The articles of the text that three sites have."""
    sql = "SELECT id FROM articles WHERE url LIKE '%/library' ORDER BY id"
    return [row[0] for row in rows(place, sql)]


# ---------------------------------------------------------------- the list


def test_a_person_reads_who_carried_a_text(archive: Workspace) -> None:
    result = ask(archive, "stories")
    headline, facts, origin = result.stdout.splitlines()[:3]

    assert (result.exit_code, headline in HEADLINES.values()) == (0, True)
    assert facts.startswith("story ")
    assert "3 articles in 3 outlets" in facts
    assert facts.endswith(" · ar")
    assert origin.startswith("  origin: ")
    assert said(result) == "1 story; `marsad story NUMBER` tells one whole\n"


def test_machines_get_the_story_whole(archive: Workspace) -> None:
    (story,) = listed(archive)

    assert sorted(story["articles"]) == carriers(archive)
    assert set(story["outlets"]) == {"iq_one", "iq_two", "iq_three"}
    assert (story["languages"], story["id"] in carriers(archive)) == (["ar"], True)
    assert {"first_at", "last_at", "origin", "origin_known_by", "headline"} <= story.keys()


def test_filters_narrow_the_list(archive: Workspace) -> None:
    for found in (
        ["--outlet", "iq_two"],
        ["--actor", "iq_example_association"],
        ["--country", "iq", "--largest"],
        ["--since", "2020-01-01"],
    ):
        assert len(listed(archive, *found)) == 1, found
    assert listed(archive, "--until", "2020-01-01") == []
    assert said(ask(archive, "stories", "--until", "2020-01-01")) == (
        "no text that two articles carry meets all that is asked; "
        "this is no evidence that nothing was published: nobody was looking\n"
    )


@pytest.mark.parametrize(
    ("option", "value"), [("--actor", "iq_nobody"), ("--outlet", "iq_x"), ("--origin", "nobody")]
)
def test_a_slip_in_a_filter_is_told(archive: Workspace, option: str, value: str) -> None:
    result = ask(archive, "stories", option, value)

    assert result.exit_code == 2
    assert f'"{value}"' in result.stderr


def test_rebuilding_changes_nothing(archive: Workspace) -> None:
    before = listed(archive)

    result = ask(archive, "stories", "rebuild")
    data = json.loads(ask(archive, "stories", "rebuild", "--json").stdout)

    assert (result.exit_code, listed(archive)) == (0, before)
    assert "4 articles" in result.stdout
    assert data["articles"] == 4


# ---------------------------------------------------------------- counts


def test_a_search_counts_articles_and_stories(archive: Workspace) -> None:
    every = ask(archive, "search", "")
    data = json.loads(ask(archive, "search", "مكتبة", "--json").stdout)

    assert said(every) == "4 articles in 2 stories\n"
    assert (data["total"], data["stories"], data["unsettled"]) == (3, 1, 0)
    assert {hit["story_articles"] for hit in data["hits"]} == {3}


def test_a_search_per_story_shows_each_text_once(archive: Workspace) -> None:
    result = ask(archive, "search", "مكتبة", "--per", "story")
    data = json.loads(ask(archive, "search", "", "--per", "story", "--json").stdout)

    assert len(carriers(archive)) == 3
    assert sum(headline in result.stdout.splitlines() for headline in HEADLINES.values()) == 1
    assert "and 2 more carry this text: " in result.stdout
    assert said(result) == "3 articles in 1 story\n"
    assert sorted(hit["story_articles"] for hit in data["hits"]) == [1, 3]
    assert data["per"] == "story"


def test_the_report_counts_per_story_as_well(archive: Workspace) -> None:
    shown = ask(archive, "runs", "1").stdout
    data = json.loads(ask(archive, "runs", "1", "--json").stdout)

    assert "4 articles stored, of these 2 copies; 2 stories." in shown
    assert (data["stored"], data["copies"], data["stories"]) == (4, 2, 2)
    assert data["actors"] == [["iq_example_association", "Example Association", 3, 1]]


def test_exports_tell_the_story(archive: Workspace) -> None:
    def exported(*arguments: str) -> list[dict[str, str]]:
        result = ask(archive, "export", *arguments)
        assert result.exit_code == 0, result.stderr
        return list(csv.DictReader(io.StringIO(result.stdout)))

    (story,) = exported("stories")
    (whole,) = exported("attention", "--all-outlets")

    assert (story["articles"], story["outlets"], story["languages"]) == ("3", "3", "ar")
    assert exported("stories", "--search", "غائب") == []
    assert sorted(row["story_size"] for row in exported("articles")) == ["1", "3", "3", "3"]
    assert (whole["outlet_id"], whole["count"], whole["stories"]) == ("", "3", "1")
    assert [row["stories"] for row in exported("attention")] == ["1", "1", "1"]


def test_articles_that_are_not_settled_are_told_of(archive: Workspace) -> None:
    first = carriers(archive)[0]
    with sqlite3.connect(archive.database) as db:
        db.execute("UPDATE articles SET settled = 0 WHERE id = ?", (first,))
    for command in (["stories"], ["search", "مكتبة"], ["export", "attention"]):
        assert "1 article still waits to be put into stories" in ask(archive, *command).stderr
    assert "still" not in ask(archive, "export", "judgements").stderr


# ---------------------------------------------------------------- judgements


def test_an_article_that_is_judged_away_leaves_its_story_at_once(archive: Workspace) -> None:
    first, *_, last = carriers(archive)

    result = judge(archive, "other-story", str(last), str(first))
    (story,) = listed(archive)

    assert (result.exit_code, result.stderr) == (0, "")
    assert f"article {last} is now in a story of its own" in result.stdout
    assert f"article {first} is now in a story of 2 articles" in result.stdout
    assert last not in story["articles"]


def test_articles_that_are_judged_together_are_one_story_at_once(archive: Workspace) -> None:
    first = carriers(archive)[0]
    other = rows(archive, "SELECT id FROM articles WHERE url LIKE '%/other'")[0][0]

    result = judge(archive, "same-story", str(other), str(first))
    again = judge(archive, "same-story", str(other), str(first))
    back = judge(archive, "withdraw", "2")

    said = f"articles {other} and {first} are in one story"
    assert f"{said} now: 4 articles, the first of them " in result.stdout
    assert f"nothing changes: {said}, as before" in again.stdout
    assert f"{said}, as before" in back.stdout
    assert len(listed(archive)[0]["articles"]) == 4


def test_what_is_withdrawn_has_no_effect_any_more(archive: Workspace) -> None:
    before, (first, *_, last) = listed(archive), carriers(archive)

    judge(archive, "other-story", str(last), str(first))
    result = judge(archive, "withdraw", "1")

    assert f"articles {last} and {first} are in one story now: 3 articles" in result.stdout
    assert listed(archive) == before


def test_a_judgement_survives_a_rebuild(archive: Workspace) -> None:
    first, *_, last = carriers(archive)
    judge(archive, "other-story", str(last), str(first))
    before = listed(archive)

    assert ask(archive, "stories", "rebuild").exit_code == 0

    assert listed(archive) == before
    assert len(before[0]["articles"]) == 2


def test_one_left_out_leaves_its_story_at_once(archive: Workspace) -> None:
    judge(archive, "leave-out", str(carriers(archive)[0]))

    (story,) = listed(archive)
    assert sorted(story["articles"]) == carriers(archive)[1:]
    assert said(ask(archive, "search", "")) == "3 articles in 2 stories\n"


def test_machines_get_both_articles_of_a_judgement(archive: Workspace) -> None:
    first, second, _ = carriers(archive)

    data = json.loads(judge(archive, "other-story", str(second), str(first), "--json").stdout)

    assert data["judgement"]["other_id"] == first
    assert data["before"]["stories"].keys() == {str(first), str(second)}
    assert data["after"]["stories"][str(second)]["articles"] == 1
    says = f"{second} not in the story of {first}"
    for command in (["judge", "list"], ["show", str(first)], ["show", str(second)]):
        assert says in ask(archive, *command).stdout


def test_wrong_articles_are_refused(archive: Workspace) -> None:
    same, unknown = judge(archive, "same-story", "1", "1"), judge(archive, "other-story", "1", "99")

    assert (same.exit_code, unknown.exit_code) == (2, 1)
    assert "both are article 1" in same.stderr
    assert "there is no article 99" in unknown.stderr
    assert rows(archive, "SELECT count(*) FROM judgements") == [(0,)]


def test_right_to_left_names_keep_to_themselves(archive: Workspace) -> None:
    first, second, _ = carriers(archive)

    said = judge(archive, "same-story", str(second), str(first)).stdout

    headline = next(one for one in HEADLINES.values() if one in said)
    assert f"{ISOLATE}{headline}{END_OF_ISOLATE}" in said


def test_a_judgement_stands_also_where_stories_cannot_be_settled(
    archive: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.engine.settling.settle_stories", full)
    result = judge(archive, "same-story", "1", "2")

    assert result.exit_code == 0
    assert "No space left" in result.stderr
    assert "recorded" in result.stdout
