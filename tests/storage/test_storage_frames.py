"""Answers as data frames: what a notebook gets is what the database says, missing values too."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pandas
import polars
import pytest

from storage.frames import NoFrames, frame

AT = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def test_the_answers_of_every_question_make_frames_of_both_libraries(desk) -> None:
    desk.store("one", published_at=AT, published_precision="minute")
    desk.store("two", "نص آخر تمامًا", outlet="iq_rojname")

    answers = {
        "articles": desk.db.articles,
        "coverage_days": desk.db.coverage_days,
        "edits": desk.db.edits,
        "search": lambda: desk.db.search("عنوان"),
    }
    for name, ask in answers.items():
        plain = list(ask())
        for library, kind in (("pandas", pandas.DataFrame), ("polars", polars.DataFrame)):
            made = ask().frame(library)
            assert isinstance(made, kind), name
            assert len(made) == len(plain), name


def test_numbers_beside_missing_ones_stay_whole(desk, fingerprint_of) -> None:
    for slug in ("one", "two"):  # word for word the same text: copy_of is known of one alone
        desk.store(slug, fingerprint=fingerprint_of("x"))

    made = desk.db.articles().frame()

    assert made["copy_of"].tolist()[1] == made["article_id"].tolist()[0]
    assert str(made["copy_of"].dtype) == "Int64"
    assert made["copy_of"].isna().tolist() == [True, False]


def test_times_are_aware_and_those_of_several_zones_are_text_in_one_column() -> None:
    from storage.times import local_time

    rows = [
        {"published_at": AT, "published_local": local_time(AT, zone)}
        for zone in ("Asia/Baghdad", "Africa/Casablanca")
    ]

    for library in ("pandas", "polars"):
        made = frame(rows, library)
        assert made["published_at"].to_list() == [AT, AT]
        assert made["published_local"].to_list() == [
            "2026-11-22 09:30:00+03:00",
            "2026-11-22 06:30:00+00:00",
        ]


def test_a_frame_says_how_complete_it_can_be(desk) -> None:
    desk.store("one")
    rows = desk.db.articles(country="ma")

    rows.frame()

    assert "ma_sahifa" in rows.coverage.outlets


def test_without_the_library_an_answer_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(NoFrames, match=r"pip install 'marsad\[frames\]'"):
        frame([{"a": 1}])
