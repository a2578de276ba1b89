from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import SearchError
from storage.query import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, parse

DOCUMENTS = (
    "منظمة حقوق الإنسان",
    "الجمعية تدافع عن الصحافيين والناشطين",
    "le journaliste et l'association",
    "human rights defender",
)


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    from storage.text import fold, stem

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (folded, stemmed)")
    rows = [(fold(document), stem(fold(document))) for document in DOCUMENTS]
    connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    return connection


def _found(index: sqlite3.Connection, query: str) -> list[int]:
    asked = parse(query)
    assert asked is not None
    rows = index.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY 1", (asked.match,))
    return [row[0] for row in rows.fetchall()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("الانسان", [1]),
        ("إِنْسَان", [1]),
        ("الإنســان", [1]),
        ("حقوق الإنسان", [1]),
        ("حقوق AND صحافيين", []),
        ("حقوق OR صحافيين", [1, 2]),
        ("حقوق OR صحافيين NOT جمعية", [1]),
        ("(حقوق OR صحافيين) NOT جمعية", [1]),
        ("حقوق AND NOT منظمة", []),
        ('"حقوق الانسان"', [1]),
        ('"الانسان حقوق"', []),
        ("“human rights”", [4]),
        ("« human rights »", [4]),
        ("ناشط*", [2]),
        ("ناشط*\u200f", [2]),
        ("حقوق \u200fOR\u200f صحافيين", [1, 2]),
        ("حقوق \u2067NOT\u2069 منظمة", []),
        ("الناشط*", [2]),
        ('"human righ"*', [4]),
        ("journal*", [3]),
        ("JOURNALISTE", [3]),
        ("associations", [3]),
        ("l’association", [3]),
        ("d'association", [3]),
        ('"d’association"', []),
        ("and or not human", []),
        ("human AND (rights OR (droits AND justice))", [4]),
        ("-- human", [4]),
        ("human NOT --", [4]),
        ("-- OR human", [4]),
        ("rights:defender", [4]),
        ("human\x00rights\ud800", [4]),
        ("() human", [4]),
    ],
)
def test_the_query_language(index: sqlite3.Connection, query: str, found: list[int]) -> None:
    assert _found(index, query) == found


@pytest.mark.parametrize("query", ["", "   ", "\n\t\u00a0"])
def test_an_empty_query_means_everything(query: str) -> None:
    assert parse(query) is None


@pytest.mark.parametrize(
    ("query", "position", "message"),
    [
        ('حقوق "الإنسان', 5, "never closed"),
        ("(حقوق", 0, "never closed"),
        ("حقوق)", 4, "never opened"),
        ("حقوق AND", 5, "AND needs a word after it"),
        ("OR حقوق", 0, "OR needs something before it"),
        ("NOT حقوق", 0, "NOT needs something before it"),
        ("a OR NOT b", 2, "OR needs a word after it"),
        ("a AND OR b", 2, "AND needs a word after it"),
        ("-- NOT b", 0, "NOT needs a word before it"),
        ("(a AND) b", 3, "AND needs a word after it"),
        ("؟!", 0, "no word"),
        ('""', 0, "no word"),
        ("*", 0, "no word"),
    ],
)
def test_a_mistake_is_told_with_its_place(query: str, position: int, message: str) -> None:
    with pytest.raises(SearchError, match=message) as mistake:
        parse(query)

    assert mistake.value.position == position
    assert f"character {position + 1}" in str(mistake.value)


@pytest.mark.parametrize(
    ("query", "position", "message"),
    [
        ("aktor:ma_amdh", 0, 'no field "aktor:"; did you mean actor:ma_amdh'),
        ("حقوق oulet:x", 5, 'no field "oulet:"'),
        ("lang:ar", 0, "language:ckb"),
        ("headline:x", 0, "in:headline"),
        ("actor:", 0, "actor: needs a value right after the colon"),
        ("x actor: ma_amdh", 2, "needs a value"),
        ("actor:(a OR b)", 0, "needs a value"),
        ("country:ma, iq", 0, "no space after the comma"),
        ('outlet:"ma_x', 7, "never closed"),
        ("after:2026-13", 0, "is no day"),
        ("before:01/03/2026", 0, "2026-03-01"),
        ("date:2026-02-30", 0, "is no day"),
        ("after:2026,2027", 0, "takes one day"),
        ("-actor:ma_amdh x", 0, "NOT actor:ma_amdh"),
        ("in:text x", 0, "only in:headline"),
        ("x (in:headline)", 3, "needs a word beside it"),
        ("x NOT in:headline", 6, r"NOT \(in:headline word\)"),
        ("م*", 0, "two letters"),
        ("ال*", 0, "two letters"),
    ],
)
def test_a_mistake_in_a_field_is_told_with_its_place(
    query: str, position: int, message: str
) -> None:
    with pytest.raises(SearchError, match=message) as mistake:
        parse(query)

    assert mistake.value.position == position
    assert mistake.value.piece
    assert mistake.value.piece in str(mistake.value)


@pytest.mark.parametrize(
    "query",
    [
        "https://example.org/a",
        "10:30",
        "الوزير: نعم",
        "سؤال:جواب",
        "re: action:reaction",
        '"actor:ma_amdh"',
        "x-actor:y",
        "Dr:who",
    ],
)
def test_a_colon_in_other_words_is_no_field(query: str) -> None:
    asked = parse(query)

    assert asked is not None
    assert asked.fields == ()


@pytest.mark.parametrize(
    ("query", "name", "values"),
    [
        ("actor:ma_amdh", "actor", ("ma_amdh",)),
        ("ACTOR:MA_AMDH,ma_omdh", "actor", ("ma_amdh", "ma_omdh")),
        ('Outlet:"ma_sahifa"', "outlet", ("ma_sahifa",)),
        ('country:"ma",iq', "country", ("ma", "iq")),
        ("term:activist", "term", ("term_activist",)),
        ("(term:term_activist)", "term", ("term_activist",)),
        ("after:2026-03-05", "after", ("2026-03-05", "2026-03-06")),
        ("before:2026-3", "before", ("2026-03-01", "2026-04-01")),
        ("date:2026", "date", ("2026-01-01", "2027-01-01")),
        ("date:٢٠٢٦-٠٣", "date", ("2026-03-01", "2026-04-01")),
        ("country:ma،iq", "country", ("ma", "iq")),
        ("\u200fcountry:ma", "country", ("ma",)),
        ("country:\u200ema", "country", ("ma",)),
        ("\u2067country:ma\u2069", "country", ("ma",)),
        ("\ufeffcountry:ma", "country", ("ma",)),
    ],
)
def test_a_field_with_its_values(query: str, name: str, values: tuple[str, ...]) -> None:
    asked = parse(query)

    assert asked is not None
    (field,) = asked.fields
    assert (field.name, field.values) == (name, values)
    assert (asked.match, asked.terms) == ("", ())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("حقوق journaliste", [1, 3]),
        ("من حقوق", [1]),
        ('"human rights" journaliste', [3, 4]),
        ("حقوق journaliste NOT association", [1]),
        ("human (rights journaliste)", [4]),
        ('حقوق "journaliste', [1, 3]),
        ("human AND journaliste", []),
    ],
)
def test_any_of_the_words_is_enough_where_that_is_asked(
    index: sqlite3.Connection, query: str, found: list[int]
) -> None:
    asked = parse(query, any_words=True)

    assert asked is not None
    rows = index.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY 1", (asked.match,))
    assert [row[0] for row in rows] == found


@pytest.mark.parametrize(
    "query",
    [
        "a" * (MAX_LENGTH + 1),
        "a " * (MAX_TERMS + 1),
        "(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1),
    ],
)
def test_an_endless_query_is_refused(query: str) -> None:
    with pytest.raises(SearchError):
        parse(query)


def test_the_deepest_and_longest_queries_run(index: sqlite3.Connection) -> None:
    deepest = "(x NOT y OR " * MAX_DEPTH + "human" + ")" * MAX_DEPTH
    longest = " NOT ".join(["human", *["x"] * (MAX_TERMS - 1)])

    assert _found(index, deepest) == [4]
    assert _found(index, longest) == [4]


OPERATORS = ["AND", "OR", "NOT", "NEAR", "(", ")", '"', "'", "*", "^", ":", "-", "+", "{", "}"]
TRICKS = [
    "actor:",
    "in:headline",
    "country:ma",
    "after:2026",
    "aktor:x",
    ";--",
    "folded :",
    "' OR 1=1 --",
    "rowid",
    "%",
    "\\",
]
LETTERS = ["محمد", "ء", "ـ", "\u200c", "ａ", "½", "𝔘"]
PIECES = st.one_of(st.sampled_from([*OPERATORS, *TRICKS, *LETTERS]), st.text(max_size=8))


@settings(max_examples=500, deadline=None)
@given(pieces=st.lists(PIECES, max_size=12), space=st.sampled_from(["", " "]))
def test_any_query_is_understood_or_refused_with_a_place(
    index: sqlite3.Connection, pieces: list[str], space: str
) -> None:
    query = space.join(pieces)
    try:
        asked = parse(query)
    except SearchError as mistake:
        assert 0 <= mistake.position <= len(query)
        return

    if asked is not None and not asked.fields and "headline_" not in asked.match:
        index.execute("SELECT count(*) FROM t WHERE t MATCH ?", (asked.match,)).fetchall()
