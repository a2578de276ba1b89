from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import ranking
from storage.errors import SearchError
from storage.models import Mention, Precision
from storage.query import MAX_DEPTH, MAX_TERMS, Term
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


@pytest.fixture
def kurdish(desk: Desk) -> Desk:
    """Two Sorani articles, an Arabic one that quotes Kurdish, an Arabic one, a Kurmanji one."""
    desk.store("1", "شێر لە باخچەکەدا بوو، گوڵەکان سوور بوون", language="ckb")
    desk.store("2", "شیر سپی بوو، مافی مرۆڤ", language="ckb", outlet="iq_rojname")
    desk.store("3", "كتب شێروان عن هەولێر والصحفيين")
    desk.store("4", "كتب شيروان عن أربيل")
    desk.store("5", "Jîn li Hewlêrê ye", language="kmr", outlet="iq_rojname")
    desk.store("6", "ڕێگای گوندەکە کرایەوە", language="ckb")
    desk.store("7", "رێگای شارەکە داخرا", language="ckb")
    return desk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("شێر", [1]),
        ("شێرەکان", [1]),
        ("شير", [1, 2]),
        ("شیر", [1, 2]),
        ("شێروان", [3]),
        ("شيروان", [3, 4]),
        ("گوڵ", [1]),
        ("گوڵان", [1]),
        ("گول", []),
        ("گوڵە*", [1]),
        ("مرۆڤ", [2]),
        ("ڕێگا", [6, 7]),
        ("رێگا", [6, 7]),
        ("رێگاکان", [6, 7]),
        ("رێگ*", [6, 7]),
        ("ڕێگ*", [6, 7]),
        ('"رێگای"', [7]),
        ("مروڤ", [2]),
        ('"مافی مرۆڤ"', [2]),
        ('"عن ھه‌ولێر"', [3]),
        ("هەولێر الصحفيون", [3]),
        ("باخچه‌که‌دا", [1]),
        ("jin", [5]),
        ("Jîn", [5]),
    ],
)
def test_kurdish_letters_count_where_they_are_typed(
    kurdish: Desk, query: str, found: list[int]
) -> None:
    assert _ids(kurdish, query) == found


def test_kurdish_words_are_not_stemmed_as_arabic_ones(kurdish: Desk) -> None:
    stemmed = kurdish.db.value("SELECT stemmed FROM article_index WHERE id = 2")

    assert stemmed.split()[-4:] == ["سپی", "بوو", "مافی", "مرۆڤ"]


def test_marks_follow_kurdish_letters(kurdish: Desk) -> None:
    (hit,) = kurdish.db.search("شێر")
    both = kurdish.db.search("شير", newest=True)

    either = kurdish.db.search("رێگ*", newest=True)

    assert {hit.snippet[start:end] for hit in either for start, end in hit.marks} == {
        "ڕێگای",
        "رێگای",
    }
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["شێر"]
    assert {hit.snippet[start:end] for hit in both for start, end in hit.marks} == {"شێر", "شیر"}


def test_a_withdrawn_article_is_in_no_answer(library: Desk) -> None:
    with library.db.write():
        library.db.update("articles", 1, {"withdrawn": 1})

    assert _ids(library, "حقوق") == [4]
    assert _ids(library, "") == [2, 3, 4]
    assert _ids(library, "actor:ma_jamiya OR حقوق") == [4]
    assert [row["article_id"] for row in library.db.articles("حقوق")] == [4]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor:ma_jamiya", [1]),
        ("actor:ma_jamiya OR المنفى", [1, 4]),
        ("جمعية NOT actor:ma_jamiya", [2]),
        ("country:bh,iq", [3, 4]),
        ("حقوق country:BH", [4]),
        ("after:2026-11-21", [3, 4]),
        ("before:2026-11-21", [1]),
        ("NOT_A", []),
        ("date:2026-11 NOT date:2026-11-21", [1, 4]),
        ("جمعية NOT after:2026-11-01", [2]),
        ("(language:ckb OR outlet:bh_marsa) before:2026-11-22", [3]),
        ("actor:bh_hidden", []),
        ("in:headline عنوان", [1, 2, 3, 4]),
        ("in:headline حقوق", []),
        ("(in:headline خبر) حقوق", [1, 4]),
    ],
)
def test_fields_join_like_words(library: Desk, query: str, found: list[int]) -> None:
    assert _ids(library, query) == found


@pytest.mark.parametrize(
    ("query", "position", "message"),
    [
        ("actor:ma_jamya", 0, 'no actor "ma_jamya"; did you mean ma_jamiya?'),
        ("حقوق actor:الأمل", 5, "did you mean ma_jamiya?"),
        ("actor:term_activist", 0, "no actor"),
        ("term:activst", 0, "did you mean activist?"),
        ("outlet:sahifa", 0, "did you mean ma_sahifa?"),
        ("x NOT country:zz", 6, "no country"),
        ("language:xx", 0, 'no language "xx"; it knows ar, ckb, en, fr, kmr, und'),
        ("theme:x", 0, "no theme"),
    ],
)
def test_what_the_database_never_heard_of_is_a_mistake(
    library: Desk, query: str, position: int, message: str
) -> None:
    with pytest.raises(SearchError) as mistake:
        library.db.search(query)

    assert message in mistake.value.message
    assert mistake.value.position == position
    with pytest.raises(SearchError):
        list(library.db.attention(query))


def test_an_actor_in_the_query_narrows_the_totals_of_attention(library: Desk) -> None:
    by_filter = list(library.db.attention(actor="ma_jamiya"))
    by_query = list(library.db.attention("actor:ma_jamiya"))

    assert [(row["date"], row["count"], row["total_count"]) for row in by_filter] == [
        ("2026-11-20", 1, 1),
        (None, 0, 1),
    ]
    assert [(row["date"], row["count"], row["total_count"]) for row in by_query] == [
        ("2026-11-20", 1, 1)
    ]


def test_the_file_answers_any_sqlite(kurdish: Desk) -> None:
    sql = "SELECT rowid FROM article_fts WHERE article_fts MATCH ? ORDER BY bm25(article_fts)"

    with closing(sqlite3.connect(kurdish.path)) as plain:
        found = plain.execute(sql, ('stemmed : "صحف"',)).fetchall()

    assert found == [(3,)]


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no sqlite3 shell here")
def test_the_file_answers_the_sqlite_shell(kurdish: Desk) -> None:
    sql = "SELECT rowid FROM article_fts WHERE article_fts MATCH 'folded : \"شيروان\"'"

    shown = subprocess.run(
        ["sqlite3", str(kurdish.path), sql], capture_output=True, text=True, check=True
    )

    assert shown.stdout.split() == ["3", "4"]


def test_common_words_must_occur_and_do_not_rank(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "COMMON_FROM", 3)
    for number in range(8):
        desk.store(str(number), "خبر عام " + "نادر " * (number if number in (1, 2) else 0))

    rare = desk.db.search("خبر نادر")
    common = desk.db.search("خبر عام")

    assert [hit.article_id for hit in rare] == [3, 2]
    assert all(hit.rank < 0 for hit in rare)
    assert [hit.article_id for hit in common] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert {hit.rank for hit in common} == {0.0}


def test_a_question_finds_the_article_with_most_of_its_words(library: Desk) -> None:
    question = "أين تقيم جمعية حقوق الإنسان؟"

    found = library.db.search(question, any_words=True)

    assert library.db.search(question) == []
    assert found[0].article_id == 1
    assert library.db.count(question, any_words=True) == len(found) == 3


@pytest.mark.parametrize(
    "query",
    [
        "(actor:ma_jamiya OR x NOT date:2025 OR " * MAX_DEPTH + "خيرية" + ")" * MAX_DEPTH,
        " OR ".join(["actor:ma_jamiya", "خيرية"] * (MAX_TERMS // 2)),
        " ".join(["(actor:ma_jamiya OR خيرية)"] * (MAX_TERMS // 2)),
    ],
    ids=["deep", "long", "wide"],
)
def test_the_deepest_and_longest_trees_run(library: Desk, query: str) -> None:
    assert _ids(library, query) == [1, 2]


@pytest.mark.parametrize(
    "long", ["ا" * 200_000, "ا " * 100_000, "\u064b" * 200_000, "شێ\u200c" * 60_000]
)
def test_marking_an_endless_text_takes_no_time(long: str) -> None:
    terms = [Term("word", ("ا",)), Term("phrase", ("ا", "ا")), Term("prefix", ("اا",))]
    started = time.process_time()

    hits(f"{long} ا", terms)

    assert time.process_time() - started < 5
