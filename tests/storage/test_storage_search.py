from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import SearchError
from storage.models import Mention, Precision
from storage.query import Term
from storage.search import SearchFilters
from storage.snippets import LENGTH, hits, snippet

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def library(desk: Desk) -> Desk:
    """Four articles: two of Morocco, one Kurdish, one of Bahrain's exile press."""
    named = (Mention("ma_jamiya", 0, 4, "جمعي", "جمعية", "auto"),)
    unsure = (Mention("ma_jamiya", 0, 4, "جمعي", "جمعية", "auto", ambiguous=True),)
    dated = {"published_precision": Precision.MINUTE}
    desk.store("1", "جمعية حقوق الإنسان", mentions=named, published_at=NOON, **dated)
    desk.store("2", "جمعية خيرية", mentions=unsure, language="fr")
    desk.store("3", "کۆمەڵەی مافی مرۆڤ", outlet="iq_rojname", language="ckb",
               published_at=NOON.replace(day=21), **dated)  # fmt: skip
    desk.store("4", "حقوق الإنسان في المنفى", outlet="bh_marsa", published_at=NOON.replace(day=22),
               **dated)  # fmt: skip
    return desk


def _ids(desk: Desk, query: str, **filters: object) -> list[int]:
    wanted = SearchFilters(**filters)  # type: ignore[arg-type]  # each test names real filters
    found = desk.db.search(query, filters=wanted)
    assert desk.db.count(query, filters=wanted) == len(found)
    return sorted(hit.article_id for hit in found)


@pytest.mark.parametrize(
    "word",
    [
        "الإنسان",
        "الانسان",
        "الأنسان",
        "الإِنْسَان",
        "الإنـــسان",
        "إنسان",
        "والإنسان",
        "\u200fالإنسان",
    ],
)
def test_a_word_is_found_however_it_is_written(library: Desk, word: str) -> None:
    assert _ids(library, word) == [1, 4]


def test_kurdish_is_found_in_either_alphabet_of_keys(library: Desk) -> None:
    assert _ids(library, "مافی مرۆڤ") == _ids(library, "مافي مروڤ") == [3]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"outlet": "ma_sahifa"}, [1, 2]),
        ({"outlet": ["ma_sahifa", "iq_rojname"]}, [1, 2, 3]),
        ({"country": "bh"}, [4]),
        ({"country": "gb"}, []),
        ({"country": ("iq", "bh")}, [3, 4]),
        ({"language": "fr"}, [2]),
        ({"actor": "ma_jamiya"}, [1]),
        ({"after": date(2026, 11, 21)}, [3, 4]),
        ({"before": date(2026, 11, 21)}, [1]),
        ({"after": date(2026, 11, 20), "before": date(2026, 11, 22), "country": "iq"}, [3]),
        ({"outlet": "'; DROP TABLE articles; --"}, []),
    ],
)
def test_filters_narrow(library: Desk, filters: dict[str, object], found: list[int]) -> None:
    assert _ids(library, "", **filters) == found


def test_filters_and_words_together(library: Desk) -> None:
    assert _ids(library, "حقوق", country="bh") == [4]
    assert _ids(library, "جمعية", actor="ma_jamiya", outlet="ma_sahifa") == [1]


def test_a_hit_tells_headline_outlet_date_and_the_place_in_the_text(library: Desk) -> None:
    (hit,) = library.db.search("المنفى")

    assert (hit.headline, hit.outlet, hit.outlet_id) == ("عنوان الخبر", "مرسى المثال", "bh_marsa")
    assert (hit.published_at, hit.published_precision) == (NOON.replace(day=22), Precision.MINUTE)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["المنفى"]


def test_a_hit_in_the_headline_only_shows_the_headline(desk: Desk) -> None:
    desk.store("1", "نص", headline="مَرْصَد المثال")

    (hit,) = desk.db.search("مرصد")

    assert (hit.snippet, hit.marks) == ("مَرْصَد المثال", ((0, 7),))


def test_best_first_prefers_the_article_that_says_it_more(desk: Desk) -> None:
    desk.store("1", "حقوق " + "كلمة أخرى " * 50)
    best = desk.store("2", "حقوق حقوق حقوق")
    for slug in "3456":
        desk.store(slug, "شيء آخر")

    hits_found = desk.db.search("حقوق")

    assert hits_found[0].article_id == best.article_id
    assert hits_found[0].rank < hits_found[1].rank


def test_newest_first_puts_the_undated_last(library: Desk) -> None:
    newest = [hit.article_id for hit in library.db.search("جمعية OR مافی OR حقوق", newest=True)]

    assert newest == [4, 3, 1, 2]
    assert [hit.article_id for hit in library.db.search("")] == newest


@pytest.mark.parametrize("newest", [True, False])
def test_pages_show_every_article_once(desk: Desk, newest: bool) -> None:
    run_id = desk.run()
    for index, candidate in enumerate(desk.find(run_id, *map(str, range(25)))):
        date_of = {"published_at": NOON, "published_precision": Precision.DAY} if index % 2 else {}
        desk.save(run_id, candidate, "نص واحد", **date_of)

    pages = [
        hit.article_id
        for offset in range(0, 30, 4)
        for hit in desk.db.search("نص", limit=4, offset=offset, newest=newest)
    ]

    assert sorted(pages) == list(range(1, 26))


def test_a_mistake_in_the_query_is_a_search_error(desk: Desk) -> None:
    with pytest.raises(SearchError):
        desk.db.search('"حقوق')
    with pytest.raises(SearchError):
        desk.db.count("OR")


@pytest.mark.parametrize(
    "query",
    [
        "' OR '1'='1",
        "1; DROP TABLE articles",
        "x' UNION SELECT text FROM article_texts --",
        "articles MATCH rowid:1",
        "NEAR/2 {folded} : ^a",
        "admin'/*",
        "%00 %27 \\",
        "<script>alert(1)</script>",
        "folded:الانسان",
        "٪﷽ࣰx",
        "👨‍👩‍👧 ﷺ",
        "a" * 1999,
    ],
)
def test_hostile_queries_are_only_words(library: Desk, query: str) -> None:
    assert library.db.search(query) == []
    assert library.db.value("SELECT count(*) FROM articles") == 4


def test_the_index_drives_the_search(library: Desk) -> None:
    plan = library.db.all(
        "EXPLAIN QUERY PLAN SELECT a.id FROM article_fts "
        "CROSS JOIN articles a ON a.id = article_fts.rowid "
        "WHERE article_fts MATCH 'x' AND a.outlet_id = 'ma_sahifa'"
    )

    assert "article_fts" in plan[0]["detail"]
    assert "INTEGER PRIMARY KEY" in plan[1]["detail"]


def test_newest_first_without_words_walks_the_date_index(library: Desk) -> None:
    plan = library.db.all(
        "EXPLAIN QUERY PLAN SELECT a.id FROM articles a WHERE 1 "
        "ORDER BY a.published_at DESC, a.id DESC LIMIT 20"
    )

    assert any("articles_newest" in row["detail"] for row in plan)


@pytest.mark.parametrize(
    ("text", "term", "marked"),
    [
        ("قال مُحَمَّد: نعم", Term("word", ("محمد",)), ["مُحَمَّد"]),
        ("المـــــغرب بلد", Term("word", ("المغرب",)), ["المـــــغرب"]),
        ("والصحفيون للصحفيين", Term("word", ("صحفي",)), ["والصحفيون", "للصحفيين"]),
        ("كتب الناشط والناشطون", Term("prefix", ("ناشط",)), ["الناشط", "والناشطون"]),
        ("حقوق\nالإنسان حقوق", Term("phrase", ("حقوق", "الانسان")), ["حقوق\nالإنسان"]),
        ("l’Association d’aide", Term("word", ("l", "association")), ["l’Association"]),
        ("می‌خواهم", Term("word", ("ميخواهم",)), ["می‌خواهم"]),
        ("human rights watchers", Term("prefix", ("human", "right")), ["human rights"]),
        ("لا شيء", Term("word", ("محمد",)), []),
    ],
)
def test_hits_are_marked_in_the_text_as_published(text: str, term: Term, marked: list[str]) -> None:
    assert [text[start:end] for start, end in hits(text, [term])] == marked


def test_a_long_text_is_cut_between_words_around_the_hits() -> None:
    text = "كلمة " * 100 + "الهدف هنا والهدف " + "كلمة " * 100

    piece = snippet(text, hits(text, [Term("word", ("هدف",))]))

    assert piece.text.startswith("… كلمة") and piece.text.endswith("كلمة …")
    assert [piece.text[start:end] for start, end in piece.marks] == ["الهدف", "والهدف"]
    assert len(piece.text) <= LENGTH + 4


def test_a_snippet_is_one_line() -> None:
    assert snippet("سطر\nثان\tهنا", []).text == "سطر ثان هنا"


@given(text=st.text(st.sampled_from("اأبتمحد \n\u064bـ\u200cab'é"), max_size=600))
def test_marks_always_lie_inside_the_snippet_in_order(text: str) -> None:
    marks = hits(text, [Term("word", ("محمد",)), Term("prefix", ("ا",)), Term("word", ("ab",))])
    piece = snippet(text, marks)

    flat = [offset for mark in piece.marks for offset in mark]
    assert flat == sorted(flat)
    assert all(0 <= start < end <= len(piece.text) for start, end in piece.marks)
    assert bool(piece.marks) == bool(marks)
