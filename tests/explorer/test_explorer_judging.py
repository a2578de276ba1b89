"""Judgements made in the pages: they are in the database, they hold, and they are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deskkit import Site

from storage.database import open_database
from storage.stories import settle


def barber(site: Site) -> int:
    ((number,),) = site.rows("SELECT id FROM articles WHERE headline LIKE '%الحلاق%'")
    return int(number)


def counted(site: Site, number: int) -> list[int]:
    rows = site.rows("SELECT counted FROM mentions WHERE article_id = ? ORDER BY field", number)
    return [count for (count,) in rows]


def judgements(site: Site) -> list[tuple[Any, ...]]:
    return site.rows(
        "SELECT kind, article_id, actor_id, value, other_id, withdraws, who, why FROM judgements"
    )


def test_a_wrong_name_is_rejected_in_the_arabic_interface(own_site: Site, new_page: Any) -> None:
    number = barber(own_site)
    page = new_page()
    page.goto(f"{own_site.url}/articles/{number}")

    page.get_by_role("link", name="ليس المقصود").click()
    page.get_by_label("السبب").fill("حلّاق يحمل الاسم نفسه")
    page.get_by_role("button", name="إنه شخص أو جهة أخرى").click()

    page.get_by_role("status").wait_for()
    assert counted(own_site, number) == [0, 0]
    assert judgements(own_site) == [
        ("not_this", number, "iq_salim", None, None, None, "tester", "حلّاق يحمل الاسم نفسه")
    ]
    assert page.locator(".text .named.rejected").count() == 1


def test_it_says_beforehand_what_will_change_and_what_stays(own_site: Site) -> None:
    number = barber(own_site)

    page = own_site.get(f"/articles/{number}/judge?kind=not_this&actor=iq_salim&lang=en").text

    assert "will no longer be counted here: 2 places." in page
    assert "The text stays as published" in page
    assert judgements(own_site) == []


def test_a_judgement_is_withdrawn_and_both_rows_stay(own_site: Site) -> None:
    number = barber(own_site)
    own_site.post(f"/articles/{number}/judge", kind="not_this", actor="iq_salim", why="آخر")

    own_site.post(f"/articles/{number}/judge", kind="withdraw", number="1", why="بل هو")

    assert counted(own_site, number) == [1, 1]
    assert [row[0] for row in judgements(own_site)] == ["not_this", "withdraw"]
    page = own_site.get(f"/articles/{number}", lang="en").text
    assert "withdrawn by judgement 2" in page
    assert "بل هو" in page


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"kind": "date", "day": "2026-06-20"}, ("date", "2026-06-20")),
        ({"kind": "date", "day": "2026-06-20", "time": "08:15"}, ("date", "2026-06-20T08:15")),
        ({"kind": "date", "unknown": "1"}, ("date", "unknown")),
        ({"kind": "language", "language": "ckb"}, ("language", "ckb")),
        ({"kind": "leave_out"}, ("leave_out", None)),
    ],
)
def test_each_kind_is_recorded(
    own_site: Site, fields: dict[str, str], kept: tuple[str, str | None]
) -> None:
    number = barber(own_site)

    answer = own_site.post(f"/articles/{number}/judge", why="سبب", **fields)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/articles/{number}?judged=1")
    (row,) = judgements(own_site)
    assert (row[0], row[3]) == kept
    for language in ("en", "fr", "ar"):
        assert own_site.get(f"/articles/{number}?judged=1&lang={language}").status_code == 200


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "leave_out"}, "both are needed"),
        ({"kind": "date", "day": "", "why": "x"}, "This is no day"),
        ({"kind": "date", "day": "2026-13-01", "why": "x"}, "This is no day"),
        ({"kind": "date", "day": "2026-07-20", "why": "x"}, "after the page was fetched"),
        ({"kind": "language", "language": "xx", "why": "x"}, "no language"),
        ({"kind": "same_story", "other": "nowhere.test/1", "why": "x"}, "no such other article"),
        ({"kind": "same_story", "other": "own", "why": "x"}, "this very article"),
    ],
)
def test_what_makes_no_sense_is_told_and_not_recorded(
    own_site: Site, fields: dict[str, str], told: str
) -> None:
    number = barber(own_site)
    fields = {name: str(number) if text == "own" else text for name, text in fields.items()}
    own_site.get("/help", lang="en")

    answer = own_site.post(f"/articles/{number}/judge", **fields)

    assert answer.status_code == 400
    assert told in answer.text
    assert judgements(own_site) == []


@pytest.mark.parametrize(
    "query", ["", "?kind=nothing", "?kind=not_this&actor=bh_hidden", "?kind=withdraw&number=9"]
)
def test_there_is_no_form_for_what_is_not_there(own_site: Site, query: str) -> None:
    assert own_site.get(f"/articles/{barber(own_site)}/judge{query}").status_code == 404


def test_a_story_is_split_and_worked_out_at_once(serve: Any, world: Path, tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    path.write_bytes(world.read_bytes())

    def settled() -> str:
        with open_database(path) as db:
            settle(db)
        return ""

    site = serve(path, user="tester", settle=settled)
    members = [n for (n,) in site.rows("SELECT id FROM articles WHERE story_id != id ORDER BY id")]
    ((story,),) = site.rows("SELECT id FROM stories")

    answer = site.post(
        f"/articles/{members[-1]}/judge", kind="other_story", other=str(story), why="نص آخر"
    )

    assert answer.headers["location"] == f"/articles/{members[-1]}?judged=1"
    assert site.rows("SELECT story_id FROM articles WHERE id = ?", members[-1]) == [(members[-1],)]
    assert site.rows("SELECT story_id FROM articles WHERE id = ?", members[0]) == [(story,)]


def test_a_story_that_cannot_be_worked_out_now_is_told(
    serve: Any, world: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marsad.db"
    path.write_bytes(world.read_bytes())
    site = serve(path, user="tester", settle=lambda: "the disk is full")

    answer = site.post("/articles/1/judge", kind="same_story", other="2", why="نص واحد")

    assert answer.headers["location"] == "/articles/1?judged=1&unsettled=1"
    page = site.get("/articles/1?judged=1&unsettled=1&lang=en").text
    assert "the next run does it at the latest" in page


def test_who_judges_is_asked_where_nobody_is_signed_in(
    serve: Any, world: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marsad.db"
    path.write_bytes(world.read_bytes())
    site = serve(path)
    form = site.get("/articles/1/judge?kind=leave_out&lang=en").text

    without = site.post("/articles/1/judge", kind="leave_out", why="إعلان")
    signed = site.post("/articles/1/judge", kind="leave_out", why="إعلان", who="مكتب الترميز")

    assert 'name="who"' in form
    assert (without.status_code, signed.status_code) == (400, 303)
    assert [row[6] for row in judgements(site)] == ["مكتب الترميز"]


def test_nobody_judges_in_the_name_of_another(own_site: Site) -> None:
    own_site.post("/articles/1/judge", kind="leave_out", why="إعلان", who="somebody else")

    assert [row[6] for row in judgements(own_site)] == ["tester"]


def test_a_forged_form_changes_nothing(own_site: Site) -> None:
    own_site.client.get("/help")

    answer = own_site.client.post("/articles/1/judge", data={"kind": "leave_out", "why": "x"})

    assert answer.status_code == 403
    assert judgements(own_site) == []
