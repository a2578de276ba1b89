"""Citations, methods and datasheets: whoever made a set, and whatever outlets are called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
from frozen_sets import archive, freeze
from hypothesis import given
from hypothesis import strategies as st

from storage.database import Database, open_database
from storage.frozen import citing, methods
from storage.frozen.bundles import bundled, unbundled
from storage.frozen.datasheet import datasheet
from storage.frozen.records import Snapshot
from storage.frozen.wording import _words

LANGUAGES: tuple[Any, ...] = ("en", "fr", "ar")
HOSTILE = "Zahra } \\input{x} @misc{ a, 50% & $x_1$ <script>|`*`"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    archive(tmp_path / "marsad.db")
    with open_database(tmp_path / "marsad.db") as database:
        yield database


@pytest.fixture
def made(db: Database) -> Snapshot:
    with db.write():
        db.execute("UPDATE outlets SET name = ? WHERE id = 'ma_manara'", (HOSTILE,))
    return replace(freeze(db), who=HOSTILE)


def test_a_bibtex_entry_is_one_entry_whoever_made_the_set(made: Snapshot) -> None:
    library = bibtexparser.parse_string(citing.bibtex(made))

    (entry,) = library.entries
    assert library.failed_blocks == []
    assert (entry.key, entry["year"]) == ("marsad-first", f"{made.made_at:%Y}")
    assert made.digest in entry["note"]
    assert r"\textbraceright" in entry["author"]


def test_all_citations_name_the_digest_the_day_and_the_author(made: Snapshot) -> None:
    item = json.loads(citing.csl(made))[0]

    assert item["author"] == [{"literal": HOSTILE}]
    assert item["issued"]["date-parts"] == [
        [made.made_at.year, made.made_at.month, made.made_at.day]
    ]
    for language in LANGUAGES:
        said = citing.plain(made, language)
        assert said.startswith(f"{HOSTILE} ({made.made_at:%Y}). first [Data set]. ")
        assert said.endswith(f"SHA-256: {made.digest}.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_outlets_are_called_is_no_markdown(made: Snapshot, language: Any) -> None:
    sheet = datasheet(made, language)

    (row,) = [line for line in sheet.splitlines() if "ma\\_manara" in line]
    cells = re.split(r"(?<!\\)\|", row)
    assert len(cells) == 13  # eleven columns, and nothing at both ends
    assert "<script>" not in sheet and "\\<script\\>" in row


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paragraph_tells_the_figures_and_what_is_not_seen(
    made: Snapshot, language: Any
) -> None:
    said = methods.paragraph(made, language, withdrawn=7)

    assert "{" not in said.replace(HOSTILE, "")
    assert made.short_digest in said and "7" in said.rpartition(".")[0][-20:]
    unseen = {"en": "television", "fr": "télévision", "ar": "التلفزيون"}
    assert unseen[language] in said


def test_dates_keep_their_direction_among_arabic_words(made: Snapshot) -> None:
    day = f"{made.made_at:%Y-%m-%d}"

    assert f"\u2066{day}\u2069" in methods.paragraph(made, "ar")
    assert f"\u2066{day}" not in methods.paragraph(made, "en")


def test_all_words_are_there_in_three_languages_with_the_same_places() -> None:
    for key, said in _words().items():
        places = {name: set(re.findall(r"{(\w+)}", said[name])) for name in LANGUAGES}
        assert set(said) == set(LANGUAGES), key
        assert places["en"] == places["fr"] == places["ar"], key


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "outlet_id": st.sampled_from(["a", "b"]),
                "actor_id": st.sampled_from(["x", "y"]),
                "date": st.one_of(st.none(), st.sampled_from(["2026-01-01", "2026-01-02"])),
                "count": st.integers(0, 3),
                "ratio": st.floats(0, 1),
            }
        )
    )
)
def test_bundled_rows_come_out_as_they_went_in(rows: list[dict[str, Any]]) -> None:
    bundles = [json.loads(json.dumps(bundle)) for bundle in bundled(rows)]

    assert [row for bundle in bundles for row in unbundled(bundle)] == rows
