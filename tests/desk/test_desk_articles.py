"""One article as its page tells it: the text, the names in it, and everything that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelf import Shelf

from storage.desk.article_records import ArticleTold
from storage.desk.articles import article
from storage.desk.passages import Named, Paragraph, paragraphs
from storage.judgements import JudgementStore
from storage.models import CapturePlace, Mention, Precision
from storage.stories import settle

MADE = {"who": "مكتب الترميز", "why": "قرأه شخص"}
TEXT = (
    "افتتحت جمعية الساقية البعيدة مكتبة القرية.\n\n"
    "وقالت لينا المثال الأزرق إن الكتب وصلت قبل المطر."
)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    room = Shelf(tmp_path / "marsad.db")
    yield room
    room.db.close()


def told(shelf: Shelf, number: int) -> ArticleTold:
    found = article(shelf.db, number)
    assert found is not None
    return found


def named(start: int, end: int, actor: str = "a") -> Named:
    return Named(actor, actor, "cso", "text", start, end, "", "", "auto", "", "counted")


def marked(parts: tuple[Paragraph, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (piece.text, tuple(one.actor_id for one in piece.named))
        for part in parts
        for piece in part.stretches
        if piece.named
    ]


def test_each_name_is_marked_where_it_stands(shelf: Shelf) -> None:
    found = told(shelf, shelf.store(TEXT, "جمعية الساقية البعيدة تفتتح مكتبة"))

    assert marked(found.headline) == [("جمعية الساقية البعيدة", ("ma_saqiya",))]
    assert marked(found.text) == [
        ("جمعية الساقية البعيدة", ("ma_saqiya",)),
        ("لينا المثال الأزرق", ("iq_lina",)),
    ]
    assert [one.actor_id for one in found.named] == ["ma_saqiya", "iq_lina"]


def test_empty_lines_fall_away_and_nothing_else(shelf: Shelf) -> None:
    found = told(shelf, shelf.store(TEXT))

    assert [part.text for part in found.text] == TEXT.split("\n\n")


def test_a_hidden_actor_is_nowhere(shelf: Shelf) -> None:
    number = shelf.store("قالت مخفية المثال الأول إنها لن تحضر.")
    with shelf.db.write():
        shelf.db.execute(
            "INSERT INTO judgements (at, who, why, kind, article_id, actor_id) "
            "VALUES ('2026-03-02T00:00:00Z', 'w', 'y', 'is_this', ?, 'bh_hidden')", (number,)
        )  # fmt: skip

    found = told(shelf, number)

    assert "bh_hidden" not in repr(replace(found, text=(), headline=()))
    assert marked(found.text) == []


def test_an_ambiguous_name_and_a_judged_one_stand_apart(shelf: Shelf) -> None:
    doubtful = Mention("iq_lina", 0, 7, "افتتحت", "افتتحت", "auto", ambiguous=True)
    number = shelf.store(TEXT, extra=(replace(doubtful, end=6),))
    JudgementStore(shelf.db, clock=lambda: shelf.now).not_this(number, "ma_saqiya", **MADE)

    found = told(shelf, number)

    standings = {one.actor_id: one.standings for one in found.named}
    assert standings == {"ma_saqiya": ("rejected",), "iq_lina": ("ambiguous", "counted")}
    assert [one.counted for one in found.named if one.actor_id == "ma_saqiya"] == [0]


def test_what_the_reader_says_stands_beside_a_judged_date(shelf: Shelf) -> None:
    number = shelf.store(TEXT, methods=(("published_at", "meta"),))
    store = JudgementStore(shelf.db, clock=lambda: shelf.now)
    store.date(number, "2026-02-14", **MADE)
    store.language(number, "ckb", **MADE)

    found = told(shelf, number)

    assert (found.published.day, found.published.precision) == ("2026-02-14", Precision.DAY)
    reader = {one.field: one for one in found.overruled}
    assert reader["published"].published is not None
    assert reader["published"].published.method == "meta"
    assert reader["language"].language == "ar"
    assert [one.kind for one in found.judgements] == ["date", "language"]


def test_a_left_out_article_is_told_with_its_reason(shelf: Shelf) -> None:
    number = shelf.store(TEXT)
    JudgementStore(shelf.db, clock=lambda: shelf.now).leave_out(number, **MADE)

    found = told(shelf, number)

    assert found.withdrawn
    assert found.left_out_by is not None
    assert found.left_out_by.why == MADE["why"]
    assert found.text


def test_a_text_that_was_not_kept_is_said_to_be_so(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "marsad.db", keep="mentions")

    found = told(shelf, shelf.store("لا أحد هنا نعرفه."))
    shelf.db.close()

    assert (found.text_kept, found.text) == (False, ())


def test_it_is_told_how_it_was_found_fetched_and_read(shelf: Shelf) -> None:
    place = CapturePlace("run-1.warc.gz", 120, 900)
    way = ("https://manara.test/1", "https://manara.test/moved")
    fetch = {"capture": place, "payload_sha256": "ab" * 32, "redirects": way}
    number = shelf.store(TEXT, fetch=fetch, methods=(("headline", "jsonld"), ("text", "body")))

    provenance = told(shelf, number).provenance

    (found,), (fetched,) = provenance.found, provenance.fetched
    assert (found.found_by, found.found_in) == ("feed", "https://manara.test/rss")
    assert (fetched.place, fetched.payload_sha256, fetched.redirects) == (place, "ab" * 32, way)
    assert (fetched.status, fetched.became, fetched.is_read) == (200, "stored_new", True)
    assert provenance.methods == (("headline", "jsonld"), ("text", "body"))
    assert len(provenance.content_hash) == 64


def test_a_capture_that_was_removed_says_when(shelf: Shelf) -> None:
    number = shelf.store(TEXT, fetch={"capture": CapturePlace("run-1.warc.gz", 1, 2)})
    with shelf.db.write():
        shelf.db.execute(
            "UPDATE fetches SET capture_file = NULL, capture_offset = NULL, capture_length = NULL, "
            "capture_removed_at = '2026-05-01T00:00:00Z'"
        )

    (fetched,) = told(shelf, number).provenance.fetched

    assert fetched.place is None
    assert f"{fetched.removed_at:%Y-%m-%d}" == "2026-05-01"


def test_the_other_copies_stand_in_order_of_appearance(shelf: Shelf) -> None:
    text = " ".join(f"كلمة{n}" for n in range(60))
    first = shelf.store(text, outlet="iq_jisr")
    second = shelf.store(text, outlet="ma_manara")
    third = shelf.store(text, outlet="bh_luul")
    settle(shelf.db)

    found = told(shelf, second)

    assert [one.article_id for one in found.carriers] == [first, third]
    assert all(one.same_text for one in found.carriers)
    assert (found.others, found.story_id) == (2, first)


def test_there_is_no_article_of_another_number(shelf: Shelf) -> None:
    shelf.store(TEXT)

    assert article(shelf.db, 99) is None


@given(
    text=st.text(alphabet="ab\n\r\u2029ن\u200cم ", max_size=60),
    places=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6),
)
def test_cutting_loses_no_letter_and_marks_every_letter_of_a_name(
    text: str, places: list[tuple[int, int]]
) -> None:
    names = [
        named(start, min(len(text), start + length), f"a{number}")
        for number, (start, length) in enumerate(places)
        if start < len(text)
    ]

    for part in paragraphs(text, names):
        at = part.start
        assert text[at : at + len(part.text)] == part.text
        for piece in part.stretches:
            exact = {one.actor_id for one in names if one.start <= at < one.end}
            assert {one.actor_id for one in piece.named} == exact
            at += len(piece.text)


def test_of_two_names_on_one_stretch_the_shorter_leads() -> None:
    (part,) = paragraphs("abcdef", [named(0, 6, "whole"), named(2, 4, "inner")])

    assert [(p.text, p.named[0].actor_id) for p in part.stretches] == [
        ("ab", "whole"), ("cd", "inner"), ("ef", "whole"),
    ]  # fmt: skip
