"""Two versions of an article as one text: what stayed, what is gone, what is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelf import Shelf

from crawler.reading.changes import compare
from storage.desk.changes import Block, blocks
from storage.desk.versions import VersionsTold, versions
from storage.text import fold, words

FIRST = (
    "افتتحت البلدية الجسر الجديد صباح اليوم.\n"
    "وقال الناشط رامي المثال إن العمل تأخر كثيرا.\n"
    "وحضر الافتتاح أهل القرية جميعا."
)
SECOND = (
    "افتتحت البلدية الجسر الجديد صباح اليوم.\n"
    "وقال المشتبه به رامي المثال إن العمل تأخر كثيرا.\n"
    "وحضر الافتتاح أهل القرية جميعا."
)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    room = Shelf(tmp_path / "marsad.db")
    yield room
    room.db.close()


def told(shelf: Shelf, number: int, pair: tuple[int, int] | None = None) -> VersionsTold:
    found = versions(shelf.db, number, compare, pair)
    assert found is not None
    return found


def said(found: Sequence[Block], *kinds: str) -> list[str]:
    return [
        piece.text for block in found for line in block.lines for piece in line
        if piece.said in kinds and piece.text.strip()
    ]  # fmt: skip


def test_the_changed_words_alone_are_marked(shelf: Shelf) -> None:
    number = shelf.store(FIRST)
    shelf.again(number, SECOND)

    found = told(shelf, number)

    assert said(found.text, "cut") == ["الناشط"]
    assert said(found.text, "added") == ["المشتبه به"]
    assert [block.changed for block in found.text] == [False, True, False]


def test_two_versions_are_held_against_each_other_in_either_order(shelf: Shelf) -> None:
    number = shelf.store(FIRST)
    shelf.again(number, SECOND)

    assert told(shelf, number, (2, 1)) == told(shelf, number, (1, 2))


def test_any_two_versions_may_be_chosen(shelf: Shelf) -> None:
    number = shelf.store(FIRST)
    shelf.again(number, SECOND)
    shelf.again(number, SECOND, "عنوان آخر تماما")

    found = told(shelf, number, (1, 3))

    assert (found.earlier, found.later) == (found.versions[0], found.versions[2])
    assert said(found.text, "cut") == ["الناشط"]
    assert said(found.headline, "cut", "added")


def test_texts_of_different_readers_are_not_compared(shelf: Shelf) -> None:
    number = shelf.store(FIRST)
    shelf.again(number, SECOND)
    with shelf.db.write():
        shelf.db.execute("UPDATE article_versions SET reader_version = '0' WHERE version = 1")

    found = told(shelf, number)

    assert (found.obstacle, found.text) == ("other_readers", ())
    assert found.earlier is not None
    assert found.earlier.text == FIRST


def test_a_version_without_its_text_is_not_compared(shelf: Shelf) -> None:
    number = shelf.store(FIRST)
    shelf.again(number, SECOND)
    with shelf.db.write():
        shelf.db.execute("UPDATE article_versions SET text = '' WHERE version = 1")

    assert told(shelf, number).obstacle == "not_kept"


def test_there_is_nothing_to_compare_with_one_version(shelf: Shelf) -> None:
    found = told(shelf, shelf.store(FIRST))

    assert (found.obstacle, len(found.versions)) == ("missing", 1)


def test_lines_stay_lines_and_sentences_of_one_line_stay_together() -> None:
    found = blocks(compare, "Eins ist hier. Zwei auch.\nDrei fehlt.", "Eins ist hier. Zwei auch.")

    assert [len(block.lines) for block in found] == [1, 1]
    assert said(found, "same") == ["Eins ist hier.", "Zwei auch."]
    assert said(found, "cut") == ["Drei fehlt."]


_SENTENCES = st.lists(
    st.sampled_from(
        ["قال رامي إن الجسر جديد.", "قالت لينا إن الجسر قديم جدا.", "Il pleut au village.",
         "حضر 12 شخصا.", "حضر 15 شخصا فقط.", "The bridge (old) fell."]
    ),
    unique=True, max_size=5,
)  # fmt: skip


@given(before=_SENTENCES, after=_SENTENCES, breaks=st.sampled_from([" ", "\n", "\n\n"]))
def test_what_stays_and_what_is_new_are_the_later_text(
    before: list[str], after: list[str], breaks: str
) -> None:
    old, new = breaks.join(before), breaks.join(after)

    found = blocks(compare, old, new)

    shown = words(fold(" ".join(said(found, "same", "added", "moved"))))
    assert shown == words(fold(new))
    there = words(fold(" ".join(said(found, "same", "cut", "moved"))))
    assert sorted(there) == sorted(words(fold(old)))
