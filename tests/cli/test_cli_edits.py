"""`marsad edits`, what `show` and `export` say of edits, and what an empty answer rests on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from relooking import OASIS, OUTLET, PALM, TEXT, Desk, Shown, better_reader
from typer.testing import CliRunner

from crawler.cli.edits import KindOption
from crawler.cli.main import app
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.bidi import END_OF_ISOLATE, ISOLATE
from storage.database import open_database
from storage.edits import KINDS, Edit, record
from storage.judgements import JudgementStore

ARABIC = Shown(
    "عودة الماء إلى حي السدرة",
    (
        "أصلح المتطوعون مضخة الحي القديم مساء الخميس بعد أن حمل الأهالي الماء من النهر أسابيع.",
        "وقال الناشط المعروف في الحي إن المدرسة ستفتح حديقتها من جديد حين تروى الأشجار كلها.",
        "وشكر رئيس المجلس ورشة السدرة ووعد بمضخة ثانية قبل أن يبدأ الصيف وتشح مياه النهر.",
    ),
)
SUSPECT = ARABIC.paragraphs[1].replace("الناشط المعروف", "المشتبه به")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return create_workspace(
        tmp_path / "w", WorkspaceSettings(contact="tests@marsad.test", shipped=False)
    )


@pytest.fixture
def desk(place: Workspace) -> Iterator[Desk]:
    made = Desk(place.root, actors=(OASIS, PALM))
    yield made
    made.db.close()


@pytest.fixture
def edited(desk: Desk) -> Desk:
    """An article in which a sentence was changed, one cut, one added, and an actor exchanged."""
    desk.look(Shown(noise=("Views: 12",)))
    exchanged = TEXT[0].replace("Oasis Friends", "Palm League")
    added = "The clinic of the quarter was closed on the same evening for want of clean water."
    now = Shown("Water returns to Sedra, late", (exchanged, TEXT[1], TEXT[3], added))
    desk.look(replace(now, noise=("Views: 4711",)))
    return desk


def ask(place: Workspace, *arguments: str) -> Result:
    result = CliRunner().invoke(app, [*arguments, "-w", str(place.root)], terminal_width=200)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def data(place: Workspace, *arguments: str) -> Any:
    return json.loads(ask(place, *arguments, "--json").stdout)


def test_an_edit_is_shown_with_both_wordings(place: Workspace, edited: Desk) -> None:
    lines = ask(place, "edits").stdout.splitlines()

    assert lines[0] == "between 2026-03-01 21:00 and 2026-03-01 22:00 UTC · The Lantern"
    assert "  article 1, version 2 · https://lantern.test/a/1" in lines
    assert "  headline was: Water returns to the old quarter of Sedra" in lines
    assert "  headline is:  Water returns to Sedra, late" in lines
    assert "  no longer named: Oasis Friends" in lines
    assert "  named now: Palm League" in lines
    assert f"  was:    {TEXT[0]}" in lines
    assert f"  is now: {TEXT[0].replace('Oasis Friends', 'Palm League')}" in lines
    assert f"  cut:    {TEXT[2]}" in lines
    assert any(line.startswith("  added:  The clinic") for line in lines)
    assert "Views" not in "\n".join(lines)


def test_counts_are_told_per_change_article_and_story(place: Workspace, edited: Desk) -> None:
    assert "4 changes in 1 article, 1 story" in ask(place, "edits").stderr


def test_machines_get_the_same(place: Workspace, edited: Desk) -> None:
    found = data(place, "edits")

    (version,) = found["versions"]
    kinds = {edit["kind"] for edit in version["edits"]}
    assert kinds == {"headline", "text", "actor_added", "actor_removed"}
    assert (version["article_id"], version["version"], version["outlet_id"]) == (1, 2, OUTLET.id)
    assert {one["kind"] for one in version["sentences"]} == {"changed", "cut", "added"}
    assert found["counts"] == {"edits": 4, "versions": 1, "articles": 1, "stories": 1}


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        (("--kind", "headline"), {"headline"}),
        (("--actor", "iq_palm"), {"headline", "text", "actor_added"}),
        (("--actor", "iq_oasis"), {"headline", "text", "actor_removed"}),
        (("--since", "2026-03-02"), set()),
        (("--until", "2026-02-28"), set()),
        (("--since", "2026-03-01", "--until", "2026-03-01", "--kind", "text"), {"text"}),
        (("--article", "https://lantern.test/a/1", "--kind", "text"), {"text"}),
        (("--outlet", OUTLET.id, "--country", "iq", "--kind", "label"), set()),
    ],
)
def test_only_what_is_asked_for_is_told(
    place: Workspace, edited: Desk, arguments: tuple[str, ...], kinds: set[str]
) -> None:
    found = data(place, "edits", *arguments)

    assert {edit["kind"] for one in found["versions"] for edit in one["edits"]} == kinds


def test_arabic_keeps_its_direction_to_itself(place: Workspace, desk: Desk) -> None:
    desk.look(ARABIC)
    changed = (ARABIC.paragraphs[0], SUSPECT, ARABIC.paragraphs[2])
    desk.look(replace(ARABIC, paragraphs=changed))

    lines = ask(place, "edits").stdout.splitlines()

    assert f"  was:    {ISOLATE}{ARABIC.paragraphs[1]}{END_OF_ISOLATE}" in lines
    assert f"  is now: {ISOLATE}{SUSPECT}{END_OF_ISOLATE}" in lines


def test_texts_that_were_not_kept_are_said_not_to_be(place: Workspace) -> None:
    desk = Desk(place.root, keep="mentions", actors=(PALM,))
    desk.look(Shown())
    desk.look(Shown(paragraphs=TEXT[:2]))
    desk.db.close()

    shown = ask(place, "edits").stdout

    assert "shortened from 66 to 32 words" in shown
    assert "the texts were not kept (keep = mentions)" in shown
    assert "was not kept" in ask(place, "show", "1", "--version", "1").stdout


def test_texts_of_different_readers_are_not_held_against_each_other(
    place: Workspace, edited: Desk
) -> None:
    edited.better = better_reader
    for capture in list(edited.articles.captures()):
        edited.articles.reread(1, edited.again(capture))

    shown = ask(place, "edits").stdout
    assert "`marsad reread` has them read alike" in shown
    assert "From our desk" not in shown

    edited.reread()
    assert "cut:" in ask(place, "edits").stdout


def test_hidden_actors_and_other_peoples_names_are_told_to_nobody(
    place: Workspace, edited: Desk
) -> None:
    made = {"who": "desk", "why": "a namesake"}
    JudgementStore(edited.db).withdraw(
        JudgementStore(edited.db).not_this(1, "iq_palm", **made).judgement.id, **made
    )
    assert len(data(place, "edits")["versions"][0]["edits"]) == 4
    JudgementStore(edited.db).not_this(1, "iq_palm", **made)
    edited.db.execute("UPDATE actors SET suppress = 1 WHERE id = 'iq_oasis'")

    kinds = [edit["kind"] for edit in data(place, "edits")["versions"][0]["edits"]]
    told = ask(place, "edits", "--kind", "actor_removed").stdout

    assert sorted(kinds) == ["headline", "text"]
    assert told == ""
    assert "no longer" not in ask(place, "show", "1").stdout
    assert len(rows_of(ask(place, "export", "edits"))) == 2


def test_articles_that_are_left_out_are_told_nowhere(place: Workspace, edited: Desk) -> None:
    JudgementStore(edited.db).leave_out(1, who="desk", why="an advertisement")

    assert data(place, "edits")["versions"] == []
    assert rows_of(ask(place, "export", "edits")) == []


def rows_of(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_edits_are_exported_with_both_texts(place: Workspace, edited: Desk) -> None:
    told = rows_of(ask(place, "export", "edits", "--with-text"))
    lines = ask(place, "export", "edits", "--format", "jsonl", "--country", "iq").stdout

    headline = next(row for row in told if row["kind"] == "headline")
    assert headline["after"] == "Water returns to Sedra, late"
    assert (headline["since_utc"], headline["at_utc"]) == (
        "2026-03-01T21:00:00Z",
        "2026-03-01T22:00:00Z",
    )
    assert TEXT[2] in headline["text_before"] and TEXT[2] not in headline["text_after"]
    assert len([json.loads(line) for line in lines.splitlines()]) == 4
    assert rows_of(ask(place, "export", "edits", "--country", "ma")) == []


def test_notebooks_ask_the_database(place: Workspace, edited: Desk) -> None:
    with open_database(place.database, readonly=True) as db:
        found = list(db.edits(kind="actor_removed", with_text=True))
        none = list(db.edits(article=99))

    assert [(row["actor"], row["before"]) for row in found] == [("Oasis Friends", "Oasis Friends")]
    assert TEXT[0] in str(found[0]["text_before"])
    assert none == []


def test_show_lists_edits_and_has_the_earlier_text(place: Workspace, edited: Desk) -> None:
    whole = ask(place, "show", "1").stdout
    first = ask(place, "show", "1", "--version", "1").stdout

    assert "2 · between 2026-03-01T21:00:00Z and 2026-03-01T22:00:00Z · text" in whole
    assert "actor removed Oasis Friends" in whole
    assert TEXT[2] in first and TEXT[2] not in whole
    assert data(place, "show", "1", "--version", "1")["version"] == 1
    assert ask(place, "show", "1", "--version", "3").exit_code == 1


def test_what_is_gone_and_back_is_told(place: Workspace, desk: Desk) -> None:
    desk.look(Shown())
    with desk.db.write():
        record(desk.db, Edit(1, 1, "gone", desk.now, desk.now, evidence={"status": 404}))

    assert "gone: the page is not there any more" in ask(place, "edits").stdout
    assert rows_of(ask(place, "export", "edits", "--with-text"))[0]["text_after"] == ""


def test_nothing_is_said_of_articles_that_nobody_looked_at_again(
    place: Workspace, desk: Desk
) -> None:
    desk.look(Shown())

    assert "no article was looked at a second time yet" in ask(place, "edits").stderr


def test_where_nothing_was_edited_it_says_how_often_we_looked(place: Workspace, desk: Desk) -> None:
    for _ in range(3):
        desk.look(Shown())

    result = ask(place, "edits")
    assert result.exit_code == 0
    assert "nothing of this kind was edited as far as we looked: 2 looks at 1 known article" in (
        result.stderr
    )
    assert (
        "nobody looked again since 2026-04-01"
        in ask(place, "edits", "--since", "2026-04-01").stderr
    )
    early = ask(place, "edits", "--until", "2026-02-01", "--article", "1").stderr
    assert "nobody looked again at article 1 until 2026-02-01" in early


def test_versions_from_before_are_named(place: Workspace, edited: Desk) -> None:
    edited.db.execute("DELETE FROM edits")

    for found in ([], ["--article", "1"], ["--since", "2026-03-01", "--until", "2026-03-01"]):
        said = ask(place, "edits", *found).stderr
        assert "1 version from before edits were written down" in said
        assert "nothing of this kind was edited" not in said
    assert "from before" not in ask(place, "edits", "--since", "2026-03-02").stderr


def test_slips_are_refused(place: Workspace, edited: Desk) -> None:
    assert ask(place, "edits", "--actor", "iq_nobody").exit_code == 2
    assert ask(place, "edits", "--article", "99").exit_code == 2


def test_every_kind_of_edit_can_be_asked_for() -> None:
    assert {kind.value for kind in KindOption} == set(KINDS)
