"""Persons are in no export by accident, and in a redacted one in no text at all."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from exported import data, exported
from hypothesis import given
from hypothesis import strategies as st

from storage.database import Database
from storage.desk.questions import Question
from storage.errors import CannotExport
from storage.exporting.columns import KINDS, TEXTS, Kind
from storage.exporting.names import SEVERAL, Names
from storage.exporting.orders import Export
from storage.exporting.redaction import KEY_FILE, key_of, pseudonym, pseudonyms
from storage.exporting.writing import asked
from storage.judgements import JudgementStore
from storage.search import SearchFilters

KEY = b"k" * 32
PERSON, NAME, LATIN = "iq_salim", "سليم النموذجي", "Salim al-Namouthaji"
HIDDEN = pseudonym(KEY, PERSON)


@pytest.fixture
def archive(archive: Database) -> Database:
    """With bylines, labels of a person, and a judgement that says a name."""
    archive.execute("UPDATE article_texts SET byline = 'Amina Exemple'")
    archive.execute("UPDATE mentions SET label = 'المتهم' WHERE actor_id = ?", (PERSON,))
    JudgementStore(archive).not_this(9, PERSON, who="desk", why=f"{NAME} is a barber here")
    return archive


@pytest.mark.parametrize("kind", KINDS)
def test_by_default_no_column_names_a_person(archive: Database, kind: Kind) -> None:
    raw, _ = data(archive, kind, with_persons=False, format="jsonl")
    columns = ("actor_id", "actor", "byline", "surfaces", "labels", "match", "form", "label")

    for line in raw.decode().splitlines():
        row = json.loads(line)
        told = json.dumps([row.get(name) for name in columns], ensure_ascii=False)
        assert PERSON not in told and NAME not in told and LATIN not in told
        assert not row.get("byline")
        if row.get("actor_kind") == "person":
            assert row["actor_id"] == HIDDEN and not row["actor"]
            assert not any(row.get(name) for name in columns[2:])


def test_counts_of_persons_stay_as_they_are(archive: Database) -> None:
    """The study counts by actor: each person keeps a row of its own, under one pseudonym."""
    figures = ("outlet_id", "date", "count", "total_count", "ratio", "stories")

    named = exported(archive, "attention")
    hidden = exported(archive, "attention", with_persons=False)

    def of(rows: list[dict[str, str]], actor: str) -> list[list[str]]:
        return [[row[name] for name in figures] for row in rows if row["actor_id"] == actor]

    assert of(hidden, HIDDEN) == of(named, PERSON) != []
    assert of(hidden, "ma_mirath") == of(named, "ma_mirath")


def test_headlines_and_addresses_stand_as_published(archive: Database) -> None:
    named = exported(archive, "articles")
    hidden = exported(archive, "articles", with_persons=False)

    for name in ("headline", "url"):
        assert [row[name] for row in hidden] == [row[name] for row in named]
    assert any(NAME in row["headline"] for row in hidden)


def test_with_persons_they_are_named(archive: Database) -> None:
    rows = [row for row in exported(archive, "mentions") if row["actor_id"] == PERSON]

    assert {row["actor"] for row in rows} == {NAME}
    assert {row["labels"] for row in rows} == {"المتهم"}
    assert {row["byline"] for row in exported(archive, "articles")} == {"Amina Exemple"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx"])
def test_a_redacted_export_names_no_watched_person_in_any_text(
    archive: Database, kind: Kind, format: Any
) -> None:
    import io
    import zipfile

    raw, known = data(
        archive, kind, Question(NAME, SearchFilters(actor=PERSON)) if kind == "mentions" else None,
        redact=True, with_text=kind in TEXTS, format=format,
    )  # fmt: skip
    if format == "xlsx":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"".join(book.read(name) for name in book.namelist())

    said = raw.decode() + json.dumps(known, ensure_ascii=False)
    assert NAME not in said and "النموذجي" not in said
    assert LATIN not in said and "Namouthaji" not in said
    assert PERSON not in said and "bh_hidden" not in said and "مخفية" not in said
    assert "Amina Exemple" not in said
    if kind in TEXTS and kind != "edits":
        assert HIDDEN in said


def test_a_redacted_export_drops_the_addresses_of_articles(archive: Database) -> None:
    rows = exported(archive, "articles", redact=True)

    assert {row["url"] for row in rows} == {""}
    assert "articles" not in {row["headline"] for row in rows} and rows[0]["headline"]


def test_a_redacted_text_is_the_text_but_for_the_name(archive: Database) -> None:
    whole = {row["article_id"]: row for row in exported(archive, "articles", with_text=True)}
    for row in exported(archive, "articles", redact=True, with_text=True):
        text = whole[row["article_id"]]["text"]
        assert row["text"] == text.replace(NAME, HIDDEN).replace(LATIN, HIDDEN)


FORMS = Names([
    ("سليم النموذجي", "P1"), ("Salim al-Namouthaji", "P1"), ("Nimûne Azad", "P2"),
    ("Same Name", "P3"), ("Same Name", "P4"), ("مثالوفا", "P5"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("قال سليم النموذجي", "قال P1"),
        ("وسليم النموذجي، ولسليم النموذجي", "وP1، ولP1"),
        ("سَليم الـنَّموذجيّ!", "P1!"),
        ("«سليم» «النموذجي»", "«P1»"),
        ("#سليم_النموذجي", "#P1"),
        ("سليم\u200f\nالنموذجي", "P1"),
        ("SALIM AL NAMOUTHAJI", "P1"),
        ("https://x.test/salim-al-namouthaji-on-trial", "https://x.test/P1-on-trial"),
        ("d’Nimûne Azadî hat", "d’P2 hat"),
        ("Nimune Azad", "P2"),
        ("Same Name said", f"{SEVERAL} said"),
        ("عن مثالوفا ومثالوفا", "عن P5 وP5"),
        ("سليم وحده", "سليم وحده"),
        ("النموذجية سليم", "النموذجية سليم"),
        ("", ""),
    ],
)
def test_names_are_found_as_writers_write_them(text: str, redacted: str) -> None:
    assert FORMS.replaced(text) == redacted


def test_of_a_piece_even_half_a_name_goes() -> None:
    assert FORMS.replaced("النموذجي في المدينة", torn=True) == "P1 في المدينة"
    assert FORMS.replaced("… في المدينة سليم", torn=True) == "… في المدينة P1"


@given(before=st.text("abc ا-'\u200c\u064b\n"), after=st.text("abc ا-'\u200c\u064b\n"))
def test_whatever_stands_around_it_the_name_goes_and_the_rest_stays(
    before: str, after: str
) -> None:
    text = f"{before} Salim al-Namouthaji {after}"

    assert FORMS.replaced(text) == f"{before} P1 {after}" or after[:1] in "\u064b\u200c"
    assert "Namouthaji" not in FORMS.replaced(text)


def test_the_key_is_made_once_and_for_its_owner_only(archive: Database) -> None:
    folder = archive.path.parent

    first = asked(archive, Export("mentions"), Question())[1]
    rows = [row for row in first if row["actor_kind"] == "person"]

    path = folder / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {row["actor_id"] for row in rows} == {pseudonym(key_of(folder), PERSON)}
    assert key_of(folder) == key_of(folder) != KEY
    assert [file.name for file in folder.iterdir() if "redaction" in file.name] == [KEY_FILE]


def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("abc")

    with pytest.raises(CannotExport, match=r"cannot be used|damaged"):
        key_of(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == "abc"


def test_whoever_has_the_key_reads_who_is_meant(archive: Database) -> None:
    listed = {row["pseudonym"]: row["actor_id"] for row in pseudonyms(archive, KEY)}

    assert listed[HIDDEN] == PERSON
    assert set(listed.values()) == {PERSON, "bh_hidden"}


def test_another_workspace_has_other_pseudonyms() -> None:
    assert pseudonym(b"a" * 32, PERSON) != pseudonym(b"b" * 32, PERSON)


@given(text=st.text(), torn=st.booleans())
def test_a_text_without_names_is_left_as_it_is(text: str, torn: bool) -> None:
    assert Names([("Zzyx Qqyx", "P")]).replaced(text, torn=torn) == text


@pytest.mark.parametrize("redact", [True, False])
@pytest.mark.parametrize("query", [f"actor:{PERSON}", "actor:IQ_Salim", "جمعية NOT actor:Iq_SALIM"])
def test_the_question_of_an_export_names_no_person_by_its_id(
    archive: Database, query: str, redact: bool
) -> None:
    known, _ = asked(
        archive, Export(kind="mentions", redact=redact), Question(query=query), lambda: KEY
    )
    told = json.dumps(known, ensure_ascii=False)
    assert HIDDEN in told and PERSON not in told.lower()


@pytest.mark.parametrize(
    "query",
    [
        "سليم AND النموذجي",
        "النموذجي سليم",
        "(سليم OR الجسر) النموذجي",
        'in:headline سليم "النموذجي"',
        "salim namouthaji al",
    ],
)
def test_the_question_of_a_redacted_export_holds_no_name_in_pieces(
    archive: Database, query: str
) -> None:
    known, _ = asked(
        archive, Export(kind="mentions", redact=True), Question(query=query), lambda: KEY
    )
    told = json.dumps(known, ensure_ascii=False).lower()
    assert not [word for word in (*NAME.split(), "salim", "namouthaji") if word in told]
    kept = Question(query="سليم OR الجسر")
    known, _ = asked(archive, Export(kind="mentions", redact=True), kept, lambda: KEY)
    assert known["question"] == [["q", kept.query]], "a given name alone is nobody's"
