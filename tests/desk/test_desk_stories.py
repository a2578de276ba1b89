"""A story's articles held against the first one, and who said it first in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import Shelf

from crawler.outlets import Outlets
from crawler.reading.changes import compare
from storage import story_view
from storage.desk import addresses
from storage.desk.stories import origin_said, reference_of, retellings, side_by_side
from storage.stories import settle
from storage.story_view import StoryTold

WIRE = "\n".join(
    f"وذكر تقرير رقم {n} أن جمعية الساقية البعيدة وزعت {n * 7} صندوقا من الكتب على {n + 2} مدارس "
    f"في {place}."
    for n, place in enumerate(("الوادي", "السهل", "الجبل", "الساحل", "البادية", "المدينة"), start=1)
)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    room = Shelf(tmp_path / "marsad.db")
    yield room
    room.db.close()


def story(shelf: Shelf, number: int) -> StoryTold:
    settle(shelf.db)
    told = story_view.story(shelf.db, number)
    assert told is not None
    return told


def test_it_is_told_what_each_one_changed(shelf: Shelf) -> None:
    shelf.store(WIRE, outlet="iq_jisr")
    cut = shelf.store("\n".join(WIRE.split("\n")[:-1]), outlet="ma_manara")

    told = story(shelf, cut)

    retold = retellings(told, compare)[cut]
    assert retold is not None
    assert [part.kind for part in retold.differences] == ["cut"]
    assert retold.differences[0].actors == ("جمعية الساقية البعيدة",)
    assert 0.7 < retold.share_kept < 1


def test_the_lines_of_both_are_shown_as_one_text(shelf: Shelf) -> None:
    shelf.store(WIRE, outlet="iq_jisr")
    cut = shelf.store("\n".join(WIRE.split("\n")[1:]), outlet="ma_manara")
    told = story(shelf, cut)

    member = next(one for one in told.members if one.article_id == cut)
    found = side_by_side(reference_of(told), member, compare)

    assert [block.changed for block in found] == [True, False]
    assert [len(block.lines) for block in found] == [1, 5]


def test_the_earliest_is_told_with_its_time(shelf: Shelf) -> None:
    first = shelf.store(WIRE, outlet="iq_jisr")
    shelf.store(WIRE, outlet="ma_manara")

    told = story(shelf, first)

    origin = origin_said(shelf.db, told, {})
    assert (origin.kind, origin.name, origin.held) == ("earliest", "جسر المثال", True)
    assert origin.at == told.members[0].published_at
    assert origin_said(shelf.db, told, {"iq_jisr": "Le Pont d'exemple"}).name == "Le Pont d'exemple"


def test_a_story_of_which_nothing_counts_has_no_origin(shelf: Shelf) -> None:
    number = shelf.store(WIRE)
    with shelf.db.write():
        shelf.db.execute("UPDATE articles SET withdrawn = 1")

    assert origin_said(shelf.db, story(shelf, number), {}).kind in ("", "unknown")


@pytest.mark.parametrize(
    "typed",
    [
        "1", "١", "https://manara.test/news/17", "http://manara.test/news/17",
        "manara.test/news/17", "https://www.manara.test/news/17/",
        " <https://manara.test/news/17> ",
        "https://manara.test/news/17#comments", "\u200ehttps://manara.test/news/17",
    ],
)  # fmt: skip
def test_an_article_is_found_as_people_name_it(shelf: Shelf, typed: str) -> None:
    number = shelf.store(WIRE, slug="news/17")

    assert addresses.find(shelf.db, typed) == number


@pytest.mark.parametrize(
    "typed",
    ["https://manara.test/news/17?utm_source=x&fbclid=1", "https://m.manara.test/news/17/amp"],
)
def test_with_the_outlets_rules_it_is_found_under_its_other_addresses(
    shelf: Shelf, typed: str
) -> None:
    number = shelf.store(WIRE, slug="news/17", url_key="manara.test/news/17")

    keys_of = Outlets([], {}).keys_of
    assert addresses.find(shelf.db, typed, keys_of) == number


@pytest.mark.parametrize("typed", ["", "7", "https://other.test/x", "ftp://x", "javascript:1", "؟"])
def test_what_is_not_held_is_not_found(shelf: Shelf, typed: str) -> None:
    shelf.store(WIRE, slug="news/17")

    assert addresses.find(shelf.db, typed, Outlets([], {}).keys_of) is None
