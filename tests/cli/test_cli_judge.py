"""`marsad judge` on a small crawled workspace, and what search, show and exports say after it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from asking import ASSOCIATION, ask, judge
from harness import crawl, page, publish, rows, workspace
from newsroom.hostile import Entry, HostileNewsroom, article_html

from crawler.workspace import Workspace, find_workspace

HEADLINE = "اجتماع في قرية السدرة"
PARAGRAPHS = [
    "اجتمع أهل قرية السدرة يوم الخميس للحديث عن الماء النظيف بعد شهور طويلة من العطش.",
    "وقالت جمعية المثال إن البئر القديمة جفت، وإن المتطوعين يحملون الماء كل صباح إلى المدرسة.",
    "وأضافت جمعية المثال أن المضخة تحتاج إلى إصلاح، ولم يذكر أحد من أين يأتي المال لذلك.",
]
ACTOR = "iq_example_association"
LATER = """
[[actors]]
id = "iq_village"
kind = "cso"
countries = ["iq"]
[actors.name]
en = "Village Council"
[[actors.forms]]
text = "قرية السدرة"
language = "ar"
"""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one crawl: article 1 names the association, article 2 nobody."""
    root = tmp_path_factory.mktemp("judge") / "w"
    with HostileNewsroom() as newsroom:
        newsroom.article("one.test", "/sidra", article_html(HEADLINE, PARAGRAPHS, language="ar"))
        newsroom.article("one.test", "/other", page(3))
        newsroom.feed("one.test", "/feed", [Entry("/sidra", HEADLINE), Entry("/other", "Other")])
        place = workspace(root, newsroom.port, ["one.test"])
        (place.watchlists_dir / "own.toml").write_text(ASSOCIATION, encoding="utf-8")
        assert crawl(place).code == 0
    time.sleep(1.1)  # the database knows seconds: what follows is later than the crawl
    return root


@pytest.fixture
def archive(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of it that a test may change."""
    monkeypatch.delenv("MARSAD_JUDGE", raising=False)
    shutil.copytree(crawled, tmp_path / "w")
    return find_workspace(tmp_path / "w")


@pytest.fixture
def number(archive: Workspace) -> str:
    """The article that names the association."""
    return str(rows(archive, "SELECT article_id FROM mentions")[0][0])


def exported(place: Workspace, what: str) -> list[dict[str, str]]:
    result = ask(place, "export", what)
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_it_says_in_plain_words_what_changed(archive: Workspace, number: str) -> None:
    result = judge(archive, "not-this", number, ACTOR)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "judgement 1 recorded",
        f"no longer counted: 2 mentions of Example Association in article {number}",
        "the article now counts as background",
    ]


def test_what_is_judged_is_in_no_search_export_or_report(archive: Workspace, number: str) -> None:
    before = ask(archive, "search", "الماء", "--actor", ACTOR).stderr
    judge(archive, "not-this", number, ACTOR)

    assert "1 article" in before
    assert "nothing found" in ask(archive, "search", "الماء", "--actor", ACTOR).stderr
    assert (exported(archive, "mentions"), exported(archive, "attention")) == ([], [])
    assert json.loads(ask(archive, "runs", "1", "--json").stdout)["actors"] == []


def test_show_tells_what_was_judged_by_whom_and_why(archive: Workspace, number: str) -> None:
    judge(archive, "not-this", number, ACTOR)
    judge(archive, "leave-out", number)

    shown = ask(archive, "show", number).stdout

    assert "left out         of every count, search and export: read by a person" in shown
    assert f" · not {ACTOR} · coder 1 · read by a person" in shown
    assert "(judged: not counted)" in shown
    assert PARAGRAPHS[0] in shown


def test_an_article_left_out_is_part_of_the_study_again_when_that_is_withdrawn(
    archive: Workspace, number: str
) -> None:
    left = judge(archive, "leave-out", number)
    without = len(exported(archive, "articles"))
    back = judge(archive, "withdraw", "1")

    assert f"article {number} is left out of every count" in left.stdout
    assert f"article {number} is part of the study again" in back.stdout
    assert (without, len(exported(archive, "articles"))) == (1, 2)


def test_a_judged_date_is_in_the_exports_with_its_method(archive: Workspace, number: str) -> None:
    result = judge(archive, "date", number, "2026-03-01T14:30")
    rows_by_id = {row["article_id"]: row for row in exported(archive, "articles")}

    assert "counts as published at 2026-03-01 14:30 (Asia/Baghdad); before: " in result.stdout
    assert rows_by_id[number]["published_at_local"] == "2026-03-01T14:30:00+03:00"
    assert rows_by_id[number]["published_method"] == "judgement"


def test_machines_get_the_judgement_and_what_it_changed(archive: Workspace, number: str) -> None:
    data = json.loads(judge(archive, "language", number, "ckb", "--json").stdout)

    assert (data["judgement"]["id"], data["judgement"]["who"]) == (1, "coder 1")
    assert (data["before"]["language"], data["after"]["language"]) == ("ar", "ckb")
    assert data["changes"] == [f"article {number} counts as written in ckb; before: ar"]


def test_judging_what_is_so_already_changes_nothing(archive: Workspace, number: str) -> None:
    result = judge(archive, "is-this", number, ACTOR)

    assert result.exit_code == 0
    assert f"nothing changes: article {number} counts as it did" in result.stdout


def test_of_two_people_who_disagree_neither_goes_unsaid(archive: Workspace, number: str) -> None:
    judge(archive, "not-this", number, ACTOR)
    second = judge(archive, "is-this", number, ACTOR).stdout
    listed = ask(archive, "judge", "list").stdout
    taken_back = judge(archive, "withdraw", "2").stdout

    assert f"instead of judgement 1 (not {ACTOR}) by coder 1: read by a person" in second
    assert f"not {ACTOR} (judgement 2 counts)" in listed
    assert f"judgement 1 (not {ACTOR}) by coder 1 counts now" in taken_back
    assert [row["active"] for row in exported(archive, "judgements")] == ["1", "0", "0"]


def test_what_is_said_of_an_article_left_out_waits_for_its_return(
    archive: Workspace, number: str
) -> None:
    out = judge(archive, "leave-out", number).stdout.splitlines()
    said = judge(archive, "not-this", number, ACTOR).stdout.splitlines()
    back = judge(archive, "withdraw", "1").stdout.splitlines()

    assert len(out) == 2
    assert said[1:] == [f"nothing changes: article {number} is left out of the study"]
    assert back[1:] == [f"article {number} is part of the study again"]
    assert exported(archive, "mentions") == []


def test_a_reason_steers_no_terminal(archive: Workspace, number: str) -> None:
    reason = "[red]an ad\x1b[2J\x1b]0;title\x07\u202e\n\nwith =1+1"
    command = ["judge", "leave-out", number, "--why", reason, "--by", "\u202ecoder\x1b[31m"]

    said = ask(archive, *command).stdout
    shown = ask(archive, "show", number).stdout
    listed = ask(archive, "judge", "list").stdout

    assert not {"\x1b", "\x07", "\u202e"} & set(said + shown + listed)
    assert "of every count, search and export: [red]an ad[2J]0;title with =1+1" in shown
    assert "[red]an ad" in listed


def test_a_page_steers_no_terminal(archive: Workspace, number: str) -> None:
    with sqlite3.connect(archive.database) as db:
        db.execute("UPDATE articles SET headline = ? WHERE id = ?", ("H\x1b[2J\u202eX", number))
        sql = "UPDATE article_texts SET text = ?, byline = ? WHERE article_id = ?"
        db.execute(sql, ("One\x1b[31m\n\nTwo", "B\x9b2J", number))
    db.close()

    shown = ask(archive, "show", number).stdout

    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
    assert "One[31m\n\nTwo" in shown


def test_numbers_and_dates_are_understood_in_arabic_digits(archive: Workspace, number: str) -> None:
    arabic = number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    result = judge(archive, "date", arabic, "٢٠٢٦-٠٣-٠١")

    assert (result.exit_code, result.stderr) == (0, "")
    assert f"article {number} counts as published on 2026-03-01" in result.stdout


def test_a_language_is_named_by_its_code_in_letters_of_any_size(
    archive: Workspace, number: str
) -> None:
    named = judge(archive, "language", number, "Arabic")
    coded = judge(archive, "language", number, "CKB")

    assert (named.exit_code, coded.exit_code) == (2, 0)
    assert "the codes followed here: ar" in named.stderr
    assert "counts as written in ckb" in coded.stdout


def test_judgements_are_listed_and_exported(archive: Workspace, number: str) -> None:
    judge(archive, "not-this", number, ACTOR)
    judge(archive, "withdraw", "1")
    judge(archive, "leave-out", number)

    held = ask(archive, "judge", "list", "--article", number).stdout.splitlines()
    everything = json.loads(ask(archive, "judge", "list", "--all", "--json").stdout)
    nobody = ask(archive, "judge", "list", "--actor", "iq_nobody")

    assert [line.split()[0] for line in held] == ["number", "3"]
    assert [(one["kind"], one["withdrawn_by"]) for one in everything] == [
        ("not_this", 2),
        ("withdraw", None),
        ("leave_out", None),
    ]
    assert (nobody.stdout, nobody.stderr) == ("", "no judgements\n")
    assert [row["kind"] for row in exported(archive, "judgements")] == [
        "not_this",
        "withdraw",
        "leave_out",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["not-this", "4711", ACTOR], 1, "there is no article 4711"),
        (["not-this", "ARTICLE", "iq_nobody"], 2, "does not name iq_nobody"),
        (["withdraw", "7"], 2, "there is no judgement 7"),
        (["date", "ARTICLE", "2126-01-01"], 2, "lies in the future"),
        (["date", "ARTICLE", "soon"], 2, '"soon" is no date such as 2026-03-01'),
        (["language", "ARTICLE", "xx"], 2, 'no language has the code "xx"'),
        (["language", "ARTICLE", "ku"], 2, 'say "ckb" (Sorani) or "kmr" (Kurmanji)'),
    ],
)
def test_what_cannot_be_judged_is_said_in_words(
    archive: Workspace, number: str, arguments: list[str], code: int, complaint: str
) -> None:
    result = judge(archive, *(number if one == "ARTICLE" else one for one in arguments))

    assert (result.exit_code, result.stdout) == (code, "")
    assert complaint in result.stderr
    assert rows(archive, "SELECT count(*) FROM judgements") == [(0,)]


def test_nobody_judges_without_a_name_and_never_as_the_machines_user(
    archive: Workspace, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "somebody")
    command = ["judge", "leave-out", number, "--why", "an advertisement"]

    nameless = ask(archive, *command)
    monkeypatch.setenv("MARSAD_JUDGE", "coder 2")
    named = ask(archive, *command)
    settings = archive.root / "marsad.toml"
    told = settings.read_text(encoding="utf-8")
    settings.write_text(told.replace('# judge = "coding desk"', 'judge = "the desk"'))
    monkeypatch.delenv("MARSAD_JUDGE")
    by_setting = ask(archive, *command)

    assert (nameless.exit_code, nameless.stdout) == (2, "")
    assert "who judges?" in nameless.stderr
    assert (named.exit_code, by_setting.exit_code) == (0, 0)
    assert rows(archive, "SELECT who FROM judgements") == [("coder 2",), ("the desk",)]


def test_a_reason_is_obligatory(archive: Workspace, number: str) -> None:
    without = ask(archive, "judge", "leave-out", number, "--by", "coder 1")
    blank = ask(archive, "judge", "leave-out", number, "--by", "coder 1", "--why", " ")

    assert (without.exit_code, blank.exit_code) == (2, 2)
    assert "says who made it and why" in blank.stderr


def test_where_nothing_was_crawled_there_is_nothing_to_judge(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])

    result = judge(place, "leave-out", "1")

    assert result.exit_code == 2
    assert "nothing has been crawled" in result.stderr
    assert not place.database.exists()


def test_it_waits_for_its_turn_while_something_else_writes(archive: Workspace, number: str) -> None:
    writer = sqlite3.connect(archive.database, isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.0, writer.execute, ["COMMIT"])
    release.start()

    result = judge(archive, "leave-out", number)

    release.join()
    writer.close()
    assert result.exit_code == 0, result.stderr


def test_a_judgement_survives_reading_every_capture_again(archive: Workspace, number: str) -> None:
    judge(archive, "not-this", number, ACTOR)
    judge(archive, "date", number, "2026-03-01")

    again = ask(archive, "reread")

    assert again.stdout.splitlines() == ["2 captures read again, 2 of them as before."]
    assert exported(archive, "mentions") == []
    assert rows(archive, "SELECT published_day FROM articles WHERE id = ?", number) == [
        ("2026-03-01",)
    ]


def test_a_judgement_survives_a_new_watchlist_and_matching_everything_again(
    archive: Workspace, number: str
) -> None:
    judge(archive, "not-this", number, ACTOR)
    (archive.watchlists_dir / "later.toml").write_text(LATER, encoding="utf-8")

    matched = ask(archive, "actors", "rematch")

    assert matched.exit_code == 0, matched.stderr
    assert {row["actor_id"] for row in exported(archive, "mentions")} == {"iq_village"}
    assert "iq_village: comparable" not in ask(archive, "export", "mentions").stderr


def test_of_an_actor_added_later_every_answer_says_since_when_it_compares(
    archive: Workspace,
) -> None:
    (archive.watchlists_dir / "later.toml").write_text(LATER, encoding="utf-8")
    with HostileNewsroom(port=archive_port(archive)) as newsroom:
        publish(newsroom, "one.test", [7])
        crawl(archive)

    exports = ask(archive, "export", "attention")
    asked = ask(archive, "export", "articles", "--search", "actor:iq_village")
    unasked = ask(archive, "export", "articles", "--search", "الماء")
    found = ask(archive, "search", "الماء", "--actor", "iq_village")
    data = json.loads(ask(archive, "search", "الماء", "--actor", "iq_village", "--json").stdout)

    assert "comparable since" not in unasked.stderr
    for result in (exports, asked, found):
        assert "iq_village: comparable since " in result.stderr
        assert "`marsad actors rematch` makes earlier articles comparable" in result.stderr
    assert data["comparable_since"] is not None


def archive_port(place: Workspace) -> int:
    assert place.settings.newsroom is not None
    return int(place.settings.newsroom.rpartition(":")[2])
