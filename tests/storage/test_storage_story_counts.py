"""Counts per article and per story, held against the same counts made in plain Python."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from exported import exported
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import MADE

from storage.errors import SearchError
from storage.judgements import JudgementStore
from storage.models import Mention, Precision
from storage.reported import Totals
from storage.search import SearchFilters

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

OUTLETS = ("ma_sahifa", "iq_rojname", "bh_marsa")
ACTORS = ("ma_jamiya", "iq_person")
FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
WORD = "بستان"
# As settling writes them.
STORIES = """
INSERT INTO stories (id, articles, outlets, first_at, last_at, origin, origin_evidence)
SELECT story_id, count(*), count(DISTINCT outlet_id), min(appeared_at), max(appeared_at), '', '{}'
FROM articles WHERE NOT withdrawn GROUP BY story_id HAVING count(*) > 1
"""


@dataclass(frozen=True)
class Piece:
    """One article: its place and time, the text it carries, whom it names."""

    outlet: str
    text: int
    day: int | None = 0
    names: frozenset[str] = frozenset()
    word: bool = True
    left_out: bool = False


PIECES = st.lists(
    st.builds(
        Piece,
        outlet=st.sampled_from(OUTLETS),
        text=st.integers(0, 3),
        day=st.one_of(st.none(), st.integers(0, 2)),
        names=st.frozensets(st.sampled_from(ACTORS)),
        word=st.booleans(),
        left_out=st.sampled_from([False, False, False, True]),
    ),
    max_size=9,
)


class Archive:
    """The pieces as articles of a desk, numbered from 1; those of one text are one story."""

    def __init__(self, desk: Desk, pieces: list[Piece]) -> None:
        self.desk, self.db = desk, desk.db
        self.pieces = dict(enumerate(pieces, start=1))
        for number, piece in self.pieces.items():
            self._store(number, piece)
        judge = JudgementStore(desk.db, clock=desk.clock)
        for number, piece in self.pieces.items():
            if piece.left_out:
                judge.leave_out(number, **MADE)
        self._settle()

    def _store(self, number: int, piece: Piece) -> None:
        at = None if piece.day is None else FIRST + timedelta(days=piece.day, minutes=number)
        self.desk.store(
            f"a{number}",
            f"نص {WORD if piece.word else 'آخر'} رقم {number}",
            outlet=piece.outlet,
            headline=f"عنوان {number}",
            published_at=at,
            published_precision=Precision.MINUTE if at else Precision.UNKNOWN,
            mentions=tuple(Mention(one, 0, 2, "نص", "نص", "auto") for one in sorted(piece.names)),
            keep_rule="actor" if piece.names else "",
        )

    def _settle(self) -> None:
        for number in self.pieces:
            sql = "UPDATE articles SET story_id = ?, settled = 1 WHERE id = ?"
            self.db.execute(sql, (self.story(number), number))
        self.db.execute("DELETE FROM stories")
        self.db.execute(STORIES)

    def story(self, number: int) -> int:
        text = self.pieces[number].text
        carriers = [one for one, piece in self.pieces.items() if piece.text == text]
        return next((one for one in carriers if not self.pieces[one].left_out), carriers[0])

    def found(self, *, word: bool = False, actor: str | None = None) -> list[int]:
        """The numbers that a search must find, newest first."""
        wanted = [
            number
            for number, piece in self.pieces.items()
            if not piece.left_out
            and (piece.word or not word)
            and (actor is None or actor in piece.names)
        ]
        days = {number: self.pieces[number].day for number in wanted}
        return sorted(wanted, key=lambda one: (days[one] is None, -(days[one] or 0), -one))

    def told(self, numbers: list[int]) -> Totals:
        return Totals(len(numbers), len({self.story(number) for number in numbers}))


@contextmanager
def archive_of(desk_type: type[Desk], pieces: list[Piece]) -> Iterator[Archive]:
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_type(Path(folder) / "marsad.db")
        try:
            yield Archive(desk, pieces)
        finally:
            desk.db.close()


# ---------------------------------------------------------------- against plain Python


@settings(max_examples=40, deadline=None)
@given(PIECES)
def test_counts_and_pages_are_those_of_plain_python(
    desk_type: type[Desk], pieces: list[Piece]
) -> None:
    with archive_of(desk_type, pieces) as archive:
        db = archive.db
        for asked in ({}, {"word": True}, {"actor": ACTORS[0]}, {"word": True, "actor": ACTORS[1]}):
            query = WORD if asked.get("word") else ""
            filters = SearchFilters(actor=asked.get("actor"))
            numbers = archive.found(**asked)
            first = {archive.story(one): one for one in reversed(numbers)}
            leads = [one for one in numbers if first[archive.story(one)] == one]

            assert db.totals(query, filters=filters) == archive.told(numbers)
            assert db.count(query, filters=filters) == len(numbers)
            assert db.count(query, filters=filters, per="story") == len(leads)
            for per, expected in (("article", numbers), ("story", leads)):
                pages = [
                    hit.article_id
                    for start in range(0, len(expected) + 3, 2)
                    for hit in db.search(
                        query, filters=filters, newest=True, per=per, limit=2, offset=start
                    )
                ]
                assert pages == expected


@settings(max_examples=30, deadline=None)
@given(PIECES)
def test_attention_is_that_of_plain_python(desk_type: type[Desk], pieces: list[Piece]) -> None:
    with archive_of(desk_type, pieces) as archive:
        for per_outlet in (True, False):
            rows = list(archive.db.attention(per_outlet=per_outlet))
            found = {
                (row["outlet_id"], row["actor_id"], row["date"]): (
                    row["count"],
                    row["stories"],
                    row["total_count"],
                    row["total_stories"],
                )
                for row in rows
            }
            assert found == attention_of(archive, per_outlet=per_outlet)
            assert all(row["story_ratio"] == row["stories"] / row["total_stories"] for row in rows)


def attention_of(archive: Archive, *, per_outlet: bool) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Per outlet (or of all of them), actor and day: counts of articles and of stories."""
    groups: defaultdict[tuple[str, str | None], list[int]] = defaultdict(list)
    for number in archive.found():
        piece = archive.pieces[number]
        day = None if piece.day is None else (FIRST + timedelta(days=piece.day)).date().isoformat()
        groups[piece.outlet if per_outlet else "", day].append(number)
    named = {
        (outlet, actor)
        for (outlet, _), numbers in groups.items()
        for number in numbers
        for actor in archive.pieces[number].names
    }
    rows = {}
    for (outlet, day), numbers in groups.items():
        for actor in (actor for where, actor in named if where == outlet):
            naming = [one for one in numbers if actor in archive.pieces[one].names]
            some, all_ = archive.told(naming), archive.told(numbers)
            rows[outlet, actor, day] = (some.articles, some.stories, all_.articles, all_.stories)
    return rows


@settings(max_examples=30, deadline=None)
@given(PIECES)
def test_exports_tell_each_articles_story(desk_type: type[Desk], pieces: list[Piece]) -> None:
    with archive_of(desk_type, pieces) as archive:
        visible = archive.found()
        sizes = defaultdict(list)
        for number in visible:
            sizes[archive.story(number)].append(number)

        articles = exported(archive.desk.db, "articles")
        mentions = exported(archive.desk.db, "mentions")
        stories = exported(archive.desk.db, "stories")

    assert {
        int(row["article_id"]): (int(row["story_id"]), int(row["story_size"])) for row in articles
    } == {number: (archive.story(number), len(sizes[archive.story(number)])) for number in visible}
    assert all((row["story_role"] == "alone") == (row["story_size"] == "1") for row in articles)
    assert all(int(row["story_id"]) == archive.story(int(row["article_id"])) for row in mentions)
    assert {
        int(row["story_id"]): sorted(map(int, row["article_ids"].split(" | "))) for row in stories
    } == {story: sorted(numbers) for story, numbers in sizes.items() if len(numbers) > 1}


# ---------------------------------------------------------------- one by one


def test_a_story_of_three_outlets_counts_once_for_all_and_once_for_each(desk: Desk) -> None:
    named = frozenset({"ma_jamiya"})
    archive = Archive(desk, [Piece(outlet, 1, names=named) for outlet in OUTLETS])

    each = list(archive.db.attention())
    (whole,) = archive.db.attention(per_outlet=False)

    assert [(row["outlet_id"], row["stories"]) for row in each] == [
        (outlet, 1) for outlet in sorted(OUTLETS)
    ]
    assert (whole["outlet_id"], whole["count"], whole["stories"]) == ("", 3, 1)
    assert (whole["ratio"], whole["story_ratio"]) == (1, 1)


def test_a_story_told_on_two_days_counts_on_each_and_once_over_both(desk: Desk) -> None:
    named = frozenset({"ma_jamiya"})
    archive = Archive(desk, [Piece("ma_sahifa", 1, day, names=named) for day in (0, 1)])

    assert [row["stories"] for row in archive.db.attention()] == [1, 1]
    assert archive.db.count("actor:ma_jamiya", per="story") == 1


def test_an_actor_in_the_filters_narrows_no_total(desk: Desk) -> None:
    named = frozenset({"ma_jamiya"})
    archive = Archive(
        desk, [Piece("ma_sahifa", 1, names=named), Piece("ma_sahifa", 2), Piece("ma_sahifa", 2)]
    )

    (row,) = archive.db.attention(actor="ma_jamiya")

    assert (row["stories"], row["total_stories"], row["total_count"]) == (1, 2, 3)


def test_of_a_story_with_one_article_left_that_one_counts(desk: Desk) -> None:
    archive = Archive(desk, [Piece("ma_sahifa", 1, left_out=True), Piece("bh_marsa", 1)])
    (row,) = exported(desk.db, "articles")

    assert archive.db.totals("") == Totals(1, 1)
    assert (row["article_id"], row["story_size"], row["story_role"]) == ("2", "1", "alone")
    assert list(archive.db.stories()) == []


def test_one_left_out_since_the_stories_were_settled_is_in_none_of_them(desk: Desk) -> None:
    archive = Archive(desk, [Piece("ma_sahifa", 1), Piece("bh_marsa", 1)])
    assert [len(story["articles"]) for story in archive.db.stories()] == [2]

    JudgementStore(desk.db, clock=desk.clock).leave_out(1, **MADE)

    assert list(archive.db.stories()) == []
    assert archive.db.totals("") == Totals(1, 1)


def test_new_articles_count_as_stories_of_their_own_until_they_are_settled(desk: Desk) -> None:
    for outlet in ("ma_sahifa", "bh_marsa"):
        desk.store("1", "نص واحد للجميع " * 20, outlet=outlet)

    assert desk.db.totals("") == Totals(2, 2)
    assert desk.db.unsettled() == 2


def test_a_hit_says_who_else_carries_its_text(desk: Desk) -> None:
    Archive(desk, [*(Piece(outlet, 1) for outlet in (*OUTLETS, "ma_sahifa")), Piece("bh_marsa", 2)])

    newest = desk.db.search(WORD, newest=True, per="story")

    assert [(hit.article_id, hit.story_id, hit.story_articles) for hit in newest] == [
        (5, 5, 1),
        (4, 1, 4),
    ]
    assert newest[1].also_in == ("صحيفة المثال", "Rojnameya Nimûne", "مرسى المثال")
    assert newest[0].also_in == ()


def test_best_first_the_best_article_stands_for_its_story(desk: Desk) -> None:
    archive = Archive(desk, [Piece("ma_sahifa", 1), Piece("bh_marsa", 2), Piece("iq_rojname", 1)])
    ranked = [hit.article_id for hit in archive.db.search(WORD)]
    stories = [hit.article_id for hit in archive.db.search(WORD, per="story")]

    assert stories == [one for one in ranked if one != max(set(ranked) - {2}, key=ranked.index)]


def test_a_text_that_fills_a_page_by_itself_hides_no_other_story(desk: Desk) -> None:
    archive = Archive(desk, [Piece("ma_sahifa", 2), *(Piece("bh_marsa", 1) for _ in range(60))])

    hits = archive.db.search("", newest=True, per="story", limit=2)

    assert [hit.story_id for hit in hits] == [2, 1]
    assert archive.db.search("", newest=True, per="story", limit=2, offset=2) == []


# ---------------------------------------------------------------- fields and filters


def test_a_story_is_asked_for_by_any_of_its_articles(desk: Desk) -> None:
    archive = Archive(desk, [Piece("ma_sahifa", 1), Piece("bh_marsa", 2), Piece("iq_rojname", 1)])

    for asked in ("story:1", "story:3", f"{WORD} story:٣"):
        assert {hit.article_id for hit in archive.db.search(asked)} == {1, 3}
    assert archive.db.count("story:2,3") == 3
    assert archive.db.count(f"{WORD} NOT story:1") == 1
    assert archive.db.count(f"(غائب OR story:1) {WORD}", per="story") == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("story:99", "there is no article 99"),
        ("story:the-one", "takes the number of an article"),
        ("credit:afb", "knows no credit"),
    ],
)
def test_a_slip_in_a_field_is_told(desk: Desk, query: str, message: str) -> None:
    Archive(desk, [Piece("ma_sahifa", 1)])

    with pytest.raises(SearchError, match=message):
        desk.db.search(query)


def test_articles_are_found_by_the_agency_they_credit(desk: Desk) -> None:
    Archive(desk, [Piece("ma_sahifa", 1), Piece("bh_marsa", 2), Piece("iq_rojname", 3)])
    desk.db.execute("INSERT INTO agencies (id, name, unnamed) VALUES ('afp', 'AFP', 0)")
    desk.db.execute("UPDATE articles SET credit = 'ina' WHERE id IN (1, 2)")

    assert desk.db.count("credit:ina") == 2
    assert desk.db.count("credit:INA outlet:bh_marsa") == 1
    assert desk.db.count("credit:afp,ina", filters=SearchFilters(credit="afp")) == 0
    assert desk.db.count(WORD, filters=SearchFilters(credit=["ina"])) == 2
    assert desk.db.unknown(SearchFilters(credit=("afp", "ina", "dpa"))) == ['credit "dpa"']
    rows = exported(desk.db, "articles")
    assert [row["credit"] for row in rows] == ["ina", "ina", ""]


# ---------------------------------------------------------------- stories and reports


def test_stories_are_listed_newest_or_largest_first_and_told_whole(desk: Desk) -> None:
    pieces = [Piece("ma_sahifa", 1, day) for day in (0, 0, 1)]
    pieces += [Piece("bh_marsa", 2, 2), Piece("iq_rojname", 2, 2), Piece("ma_sahifa", 3)]
    db = Archive(desk, pieces).db

    newest, largest = list(db.stories()), list(db.stories(order="largest", limit=1))

    assert [story["id"] for story in newest] == [4, 1]
    assert [story["articles"] for story in largest] == [(1, 2, 3)]
    assert newest[0]["outlets"] == ("bh_marsa", "iq_rojname")
    assert newest[0]["first_at"] == FIRST + timedelta(days=2, minutes=4)
    assert newest[0]["headline"] == "عنوان 4"


def test_a_story_is_listed_where_one_article_meets_all_that_is_asked(desk: Desk) -> None:
    named = frozenset({"ma_jamiya"})
    pieces = [Piece("ma_sahifa", 1, 0, named), Piece("bh_marsa", 1, 2), Piece("bh_marsa", 2, 1)]
    db = Archive(desk, [*pieces, Piece("ma_sahifa", 2, 1, word=False)]).db

    def listed(**asked: Any) -> list[Any]:
        return [story["id"] for story in db.stories(**asked)]

    assert listed(actor="ma_jamiya") == listed(query="actor:ma_jamiya") == [1]
    assert listed(outlet="ma_sahifa", actor="ma_jamiya") == [1]
    assert listed(outlet="bh_marsa", actor="ma_jamiya") == []
    assert listed(country="bh") == [1, 3]
    assert listed(query=f"outlet:ma_sahifa {WORD}") == [1]
    assert listed(until=date(2026, 11, 1)) == [1]
    assert listed(since=date(2026, 11, 3)) == [1]
    assert listed(since=date(2026, 11, 2), until=date(2026, 11, 2)) == [3]
    assert listed(since=date(2026, 11, 4)) == listed(origin="afp") == []
    assert listed(origin="") == [1, 3]


def test_the_article_by_which_a_story_began_is_its_origin(desk: Desk) -> None:
    Archive(desk, [Piece("ma_sahifa", 1), Piece("bh_marsa", 1), Piece("iq_rojname", 2)])
    desk.db.execute("UPDATE stories SET origin = 'bh_marsa', origin_article = 2")

    assert [row["story_role"] for row in desk.db.articles()] == ["copy", "origin", "alone"]
    (story,) = exported(desk.db, "stories")
    assert (story["origin"], story["origin_article"]) == ("bh_marsa", "2")


def test_new_columns_stand_at_the_end(desk: Desk) -> None:
    Archive(desk, [Piece("ma_sahifa", 1, names=frozenset({"ma_jamiya"}))])
    (article,), (mention,), (row,) = (
        exported(desk.db, kind) for kind in ("articles", "mentions", "attention")
    )

    assert list(article)[-6:] == [
        "reader_version", "story_id", "story_size", "story_role", "credit", "appeared_at_utc",
    ]  # fmt: skip
    assert list(mention)[-2:] == ["copy_of", "story_id"]
    assert list(row)[-4:] == ["comparable_since", "stories", "total_stories", "story_ratio"]
    assert article["appeared_at_utc"] == "2026-11-01T09:01:00Z"


def test_a_run_tells_how_many_texts_of_their_own_it_brought(desk: Desk) -> None:
    run_id = desk.run()
    named = (Mention("ma_jamiya", 0, 2, "نص", "نص", "auto"),)
    for candidate in desk.find(run_id, "1", "2", "3", "4"):
        desk.save(run_id, candidate, f"نص {candidate.url}", mentions=named)
    desk.db.execute("UPDATE articles SET story_id = 1, settled = 1 WHERE id IN (1, 2, 3)")
    JudgementStore(desk.db, clock=desk.clock).leave_out(3, **MADE)

    report = desk.runs.report(run_id)

    assert (report.stored, report.copies, report.stories) == (3, 1, 2)
    assert report.actors == (("ma_jamiya", "جمعية الأمل المثالية", 3, 2),)
