"""Which captures are drawn, what a file of marks may hold, and how far two sides agree."""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from goldpages import BODY, FIRST, HOSTILE, gold_page
from hypothesis import given
from hypothesis import strategies as st

from crawler.gold.agreement import agreement, agreements, mark_of, same_words
from crawler.gold.drawing import drawn
from crawler.gold.harmless import harmless_html
from crawler.gold.records import GoldPage, Mark, WrongFile, read_marks, read_pages
from storage.articles import StoredCapture
from storage.models import CapturePlace, Hints, Precision, Reading


def capture(number: int) -> StoredCapture:
    at = FIRST + timedelta(days=number)
    url = f"https://a.test/{number}"
    place = CapturePlace("run-000001.warc.gz", number, 1)
    return StoredCapture(number, url, url, "ma_a", Hints(), at, place, "4", number, 1, None)


def mark(page: str, marker: str, **changes: Any) -> Mark:
    known = Mark(page, "ma_a", "https://a.test/1", marker, True, "خبر", date(2026, 3, 1), "a b c d")
    return replace(known, **changes)


def test_one_capture_is_drawn_of_each_stretch_of_time() -> None:
    found = drawn([capture(n) for n in range(100, 0, -1)], 10, seed=1)

    assert Counter((one.article_id - 1) // 10 for one in found) == Counter(range(10))
    assert found == drawn([capture(n) for n in range(1, 101)], 10, seed=1)
    assert found != drawn([capture(n) for n in range(1, 101)], 10, seed=2)


def test_where_fewer_are_kept_all_are_drawn() -> None:
    assert [one.article_id for one in drawn([capture(2), capture(1)], 10, 1)] == [1, 2]
    assert drawn([], 10, 1) == []


def test_pages_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(gold_page().as_json()) + "\n", encoding="utf-8")

    assert read_pages(file) == [gold_page()]
    assert gold_page().page().body == BODY


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "0" * 64}, "its body is not the one"),
        ({"body": "no base64!"}, "a.jsonl:1: "),
        ({"body": base64.b64encode(b"not packed").decode()}, "a.jsonl:1: "),
        ({"body": base64.b64encode(zlib.compress(bytes(9_000_000))).decode()}, "more than"),
        ({"url": None}, "url is no text"),
        ({"fetched_at": "yesterday"}, "a.jsonl:1: "),
        ({"fetched_at": "2026-03-01T00:00:00"}, "fetched_at has no time zone"),
        ({"timezone": "Nowhere/City"}, "no time zone is called Nowhere/City"),
        ({"timezone": "../../etc/passwd"}, "no time zone is called"),
        ({"languages": 5}, "languages is no list of texts"),
    ],
)
def test_a_page_that_was_tampered_with_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(gold_page().as_json() | changes), encoding="utf-8")

    with pytest.raises(WrongFile, match=said):
        read_pages(file)


LINE = {"page": "p", "outlet": "ma_a", "url": "u", "marker": "AB", "article": True,
        "headline": "h", "day": "2026-03-01", "text": "t"}  # fmt: skip


WRONG: tuple[dict[str, object], ...] = (
    {"day": "1 March"}, {"article": "yes"}, {"headline": 7}, {"text": None}, {"marker": []},
)  # fmt: skip


@pytest.mark.parametrize(
    "line", ["[]", "{", '"x"', "{}", *(json.dumps(LINE | wrong) for wrong in WRONG)]
)
def test_a_line_that_is_no_mark_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "m.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n\n{line}\n", encoding="utf-8")

    with pytest.raises(WrongFile, match=r"m\.jsonl:3: "):
        read_marks([file])


def test_the_last_mark_of_a_person_counts(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("1.jsonl", "2.jsonl")]
    for file, headline in zip(files, ("first", "second"), strict=True):
        file.write_text(json.dumps(LINE | {"headline": headline}), encoding="utf-8")

    assert [one.headline for one in read_marks(files)] == ["second"]


def test_agreement_is_counted_on_what_both_have() -> None:
    one = {"1": mark("1", "AB"), "2": mark("2", "AB", text="a b c d e f"), "3": mark("3", "AB")}
    other = {
        "1": mark("1", "CD", headline="«خبر»"),
        "2": mark("2", "CD", text="a b c d", day=None),
        "3": mark("3", "CD", article=False, headline="", text="", day=None),
        "4": mark("4", "CD"),
    }

    told = agreement(one, other)

    assert told is not None
    assert (told.pages, told.article, told.headline) == (3, (2, 3), (2, 2))
    assert (told.day, told.no_day) == ((1, 1), (0, 1))
    assert told.recall == 1.0
    assert told.precision == pytest.approx((1 + 1 / 3) / 2)
    assert agreement({}, other) is None


def test_our_reading_is_compared_with_each_person_and_they_with_each_other() -> None:
    page = gold_page()
    marks = [mark(page.id, who, headline="خبر", text="نص الخبر القصير هنا") for who in ("AB", "CD")]

    def read(_: GoldPage) -> Reading:
        at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)  # it is March where its readers live
        return Reading(
            page.url, page.url, None, headline="خبر", text="نص الخبر القصير هنا",
            published_at=at, published_precision=Precision.MINUTE,
        )  # fmt: skip

    found = agreements(marks, [page], read)

    assert [(one.found, one.known) for one in found] == [
        ("marsad", "AB"), ("marsad", "CD"), ("AB", "CD"),
    ]  # fmt: skip
    assert all((one.f1, one.headline) == (1.0, (1, 1)) for one in found)
    assert found[0].day == (0, 1)  # 28 February in Casablanca, which is at UTC+0 in Ramadan
    assert mark_of(page, replace(read(page), published_precision=Precision.MONTH)).day is None


def test_headlines_are_the_same_whatever_their_marks() -> None:
    assert same_words("“School” — reopened", "School - reopened")
    assert not same_words("School reopened", "School closed")


def test_a_captured_page_is_shown_without_anything_that_acts() -> None:
    shown = harmless_html(HOSTILE)

    assert "evil" not in shown
    assert not {"script", "style", "onclick", "src", "href"} & set(
        shown.replace("&lt;script&gt;", "").replace("<", " ").replace(">", " ").split()
    )
    assert "<b>words</b> &lt;script&gt;" in shown
    assert '<p dir="rtl">خبر</p>' in shown
    assert "in\nform" in shown


@given(st.text(max_size=200))
def test_whatever_a_page_holds_only_bare_elements_come_of_it(markup: str) -> None:
    shown = harmless_html(f"<body>{markup}<p>end")

    tags = [tag.split(">")[0] for tag in shown.split("<")[1:]]
    assert all(tag.lstrip("/").split(" dir=")[0].isalnum() for tag in tags)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "01/03/2026"}, "day is no day such as 2026-03-01"),
        ({"day": 20260301}, "day is no text"),
        ({"article": "yes"}, "article is neither true nor false"),
        ({"marker": " "}, "marker is nobody's initials"),
        ({"marker": "Marsad"}, "marker is nobody's initials"),
        ({"marker": "A\x1b[31m"}, "marker is nobody's initials"),
        ({"marker": "A\u202eB"}, "marker is nobody's initials"),
    ],
)
def test_a_mark_that_a_person_edited_wrongly_is_named_by_file_line_and_key(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    file = tmp_path / "a.jsonl"
    right = {"page": "0" * 64, "outlet": "ma_a", "url": "https://a.test/1", "marker": "م.ر",
             "article": True, "headline": "خبر", "day": "2026-03-01", "text": "a b"}  # fmt: skip
    file.write_text("\n".join(map(json.dumps, (right, right | changes))), encoding="utf-8")

    with pytest.raises(WrongFile, match=f"a.jsonl:2: {said}"):
        read_marks([file])
