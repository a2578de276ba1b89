"""Actors in the archive by command: concordance and rematch."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from asking import said
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from stored import NIGHT, Story, fill
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace, load_config
from storage.actors import register
from storage.bidi import isolated
from storage.database import open_database
from storage.formulas import restore
from storage.judgements import JudgementStore
from storage.surroundings import around, is_edge

ACTORS = """
[[actors]]
id = "ma_waha"
kind = "cso"
name = { en = "Oasis Friends", ar = "جمعية أصدقاء الواحة" }
context = ["water", "الماء"]
forms = [
  { text = "Oasis Friends", language = "en" },
  { text = "جمعية أصدقاء الواحة", language = "ar" },
  { text = "OFQ", mode = "acronym" },
]

[[actors]]
id = "ma_twin"
kind = "cso"
name = { en = "Twin" }
context = ["water", "school"]
forms = [{ text = "Twin Society", mode = "context" }]

[[actors]]
id = "iq_twin"
kind = "cso"
name = { en = "Other Twin" }
context = ["water", "school"]
forms = [{ text = "Twin Society", mode = "context" }]
"""
ARABIC = "في قرية السدرة قالت جمعية أصدقاء الواحة إن البئر القديمة جفت منذ شهور"
FORMULA = "=SUM(1) was asked of OFQ"
STORIES = [
    Story("The river is low. Last week Oasis Friends said so in the garden.", days=3),
    Story(ARABIC, headline="الماء قليل", language="ar", outlet="iq_nakhla", days=2),
    Story("A market opens. " + FORMULA, headline="OFQ", days=1),
    Story("The Twin Society repairs the water pipe.", dated=False),
    Story("\u202eOFQ\u202c (OFQ) and e\u0301\u0301 OFQ", outlet="iq_nakhla"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = create_workspace(
        tmp_path_factory.mktemp("archive") / "w",
        WorkspaceSettings(contact="desk@example.org", shipped=False),
    )
    (made.watchlists_dir / "own.toml").write_text(ACTORS, encoding="utf-8")
    fill(made.database, STORIES, load_config(made).actors)
    return made


def ask(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["actors", *arguments, "--workspace", str(place.root)])


def lines_of(place: Workspace, *arguments: str) -> list[dict[str, Any]]:
    result = ask(place, "concordance", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)["lines"]
    return found


def test_each_mention_stands_between_the_words_around_it(place: Workspace) -> None:
    first, *_ = lines_of(place, "ma_waha")

    assert (first["before"], first["match"], first["after"]) == (
        "The river is low. Last week ", "Oasis Friends", " said so in the garden.",
    )  # fmt: skip
    assert (first["article_id"], first["outlet_id"], first["day"]) == (1, "ma_manara", "2026-02-26")


def test_before_and_after_are_those_of_reading_in_arabic_too(place: Workspace) -> None:
    (line,) = lines_of(place, "ma_waha", "--language", "ar", "--width", "1000")

    assert line["before"] + line["match"] + line["after"] == ARABIC
    assert line["before"].endswith("قالت ")
    assert line["after"].startswith(" إن البئر")


def test_a_line_in_a_terminal_keeps_the_order_of_its_columns(place: Workspace) -> None:
    result = ask(place, "concordance", "ma_waha", "--language", "ar")

    head, line = result.stdout.splitlines()
    before, match, after = (head.index(word) for word in ("before", "match", "after"))
    assert before < match < after
    assert line.count("\u2068") == line.count("\u2069") == 3
    assert "قالت\u2069" in line.replace(" \u2069", "\u2069")
    assert "\u2068[جمعية أصدقاء الواحة]\u2069" in line
    assert said(result) == "1 mention\n"


def test_marks_that_turn_a_line_around_do_not_reach_the_terminal(place: Workspace) -> None:
    result = ask(place, "concordance", "ma_waha", "--outlet", "iq_nakhla")

    assert "\u202e" not in result.stdout
    assert result.stdout.count("[OFQ]") == 3


def test_an_export_has_the_three_fields_and_runs_no_formula(place: Workspace) -> None:
    arguments = ["export", "concordance", "--actor", "ma_waha", "--width", "24"]
    result = CliRunner().invoke(app, [*arguments, "-w", str(place.root)])

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    as_json = lines_of(place, "ma_waha", "--width", "24")
    assert [restore(row["before"]) for row in rows] == [line["before"] for line in as_json]
    assert [row["match"] for row in rows] == [line["match"] for line in as_json]
    assert not [row for row in rows for cell in row.values() if cell.lstrip().startswith("=")]


@pytest.mark.parametrize(
    ("filters", "articles"),
    [
        (["--outlet", "iq_nakhla"], [2, 5, 5, 5]),
        (["--country", "ma"], [1, 3, 3]),
        (["--after", "2026-02-28"], [3, 3, 5, 5, 5]),
        (["--before", "2026-02-27"], [1]),
        (["--limit", "2"], [1, 2]),
    ],
)
def test_filters_narrow_it(place: Workspace, filters: list[str], articles: list[int]) -> None:
    assert [line["article_id"] for line in lines_of(place, "ma_waha", *filters)] == articles


def test_a_limit_says_how_many_more_there_are(place: Workspace) -> None:
    assert "7 mentions, 2 shown" in ask(place, "concordance", "ma_waha", "--limit", "2").stderr


def test_doubtful_mentions_are_shown_when_they_are_asked_for(place: Workspace) -> None:
    assert lines_of(place, "ma_twin") == []
    (line,) = lines_of(place, "ma_twin", "--all")
    assert (line["match"], line["counted"], line["day"]) == ("Twin Society", False, None)
    assert "?[Twin Society]" in ask(place, "concordance", "ma_twin", "--all").stdout


def test_an_unknown_actor_or_outlet_is_a_slip(place: Workspace) -> None:
    assert 'no actor "ma_wahha"' in ask(place, "concordance", "ma_wahha").stderr
    result = ask(place, "concordance", "ma_waha", "--outlet", "ma_x")
    assert (result.exit_code, result.stdout) == (2, "")


def test_it_says_since_when_the_mentions_of_a_new_actor_compare(tmp_path: Path) -> None:
    place = changed(tmp_path)
    with open_database(place.database) as db:
        register(db, load_config(place).actors, NIGHT + timedelta(days=1))

    result = ask(place, "concordance", "ma_waha", "--json")

    assert json.loads(result.stdout)["comparable_since"] == NIGHT.isoformat()
    assert "comparable since 2026-03-01 21:00 UTC; `marsad actors rematch`" in result.stderr


def test_what_a_person_judged_is_not_shown(tmp_path: Path) -> None:
    place = create_workspace(
        tmp_path / "w", WorkspaceSettings(contact="desk@example.org", shipped=False)
    )
    (place.watchlists_dir / "own.toml").write_text(ACTORS, encoding="utf-8")
    fill(place.database, STORIES, load_config(place).actors)
    with open_database(place.database) as db:
        JudgementStore(db).not_this(1, "ma_waha", who="a reader", why="a cinema")
        JudgementStore(db).leave_out(5, who="a reader", why="an advertisement")

    assert [line["article_id"] for line in lines_of(place, "ma_waha")] == [2, 3, 3]
    assert [line["article_id"] for line in lines_of(place, "ma_waha", "--all")] == [1, 2, 3, 3]


# ---------------------------------------------------------------- pieces of text


texts = st.text(
    st.sampled_from("ab ب\u0651\u0670\u064e e\u0301\u200d\u200c\n👩👧🏽🇲🇦🇮🇶\u1100\u1161\u11a8"),
    max_size=60,
)


def test_a_mark_stays_with_the_space_that_bears_it() -> None:
    assert around("a word \u0301", 8, 8, 1)[0] == "…  \u0301"


@given(text=texts, data=st.data(), width=st.integers(1, 20))
def test_pieces_are_of_the_text_and_no_letter_is_torn_apart(
    text: str, data: st.DataObject, width: int
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    before, after = around(text, start, end, width)

    plain = text.translate({ord("\n"): " "})
    pieces = (before.removeprefix("… "), after.removesuffix(" …"))
    assert " ".join(pieces[0].split()) in " ".join(plain[:start].split())
    assert " ".join(pieces[1].split()) in " ".join(plain[end:].split())
    assert len(pieces[0]) <= width + 64
    first = pieces[0][:1]
    assert not first or pieces[0] == before or unicodedata.category(first)[0] != "M"


def test_a_cut_is_between_letters_with_their_marks() -> None:
    word = "م\u064fح\u064eم\u0651\u064eد"

    edges = [at for at in range(len(word) + 1) if is_edge(word, at)]

    assert [word[a:b] for a, b in pairwise(edges)] == [
        "م\u064f", "ح\u064e", "م\u0651\u064e", "د",
    ]  # fmt: skip
    assert [at for at in range(5) if is_edge("🇲🇦🇮🇶", at)] == [0, 2, 4]


def test_a_piece_cannot_steer_the_terminal() -> None:
    assert isolated("a\x1b[2Jb\u202ec\u2066") == "a[2Jbc"
    assert isolated("نص\u202e\nنص") == "\u2068نص نص\u2069"


# ---------------------------------------------------------------- rematch


def changed(tmp_path: Path) -> Workspace:
    """An archive that was read before the watchlist had any actor."""
    place = create_workspace(
        tmp_path / "w", WorkspaceSettings(contact="desk@example.org", shipped=False)
    )
    fill(place.database, STORIES, [])
    (place.watchlists_dir / "own.toml").write_text(ACTORS, encoding="utf-8")
    return place


def test_rematch_says_what_changed(tmp_path: Path) -> None:
    place = changed(tmp_path)

    dry = ask(place, "rematch", "--dry-run")
    result = ask(place, "rematch")

    assert (dry.exit_code, result.exit_code) == (0, 0)
    assert result.stdout.splitlines()[0] == "5 articles matched, 4 of them changed"
    assert "ma_waha      +4    -0  +1 +2 +3" in result.stdout
    assert dry.stdout == result.stdout.replace("them changed", "them would change")
    assert ask(place, "rematch").stdout == "5 articles matched, 0 of them changed\n"


def test_rematch_json_tells_of_the_actors_that_were_asked_for(tmp_path: Path) -> None:
    place = changed(tmp_path)

    result = ask(place, "rematch", "ma_twin", "--json")

    assert json.loads(result.stdout) == {
        "total": 5, "resumed_after": 0, "matched": 5, "changed": 4, "without_text": 0,
        "actors": {}, "dry_run": False,
    }  # fmt: skip


def test_rematch_of_an_unknown_actor_is_a_slip(tmp_path: Path) -> None:
    result = ask(changed(tmp_path), "rematch", "ma_wahaa")

    assert result.exit_code == 2
    assert "did you mean ma_waha?" in result.stderr


def test_texts_that_were_not_kept_need_a_person(tmp_path: Path) -> None:
    place = create_workspace(
        tmp_path / "w", WorkspaceSettings(contact="desk@example.org", shipped=False)
    )
    fill(place.database, STORIES, [], keep="mentions")

    result = ask(place, "rematch")

    assert result.exit_code == 3
    assert "the text of 5 articles was not kept" in result.stderr


def test_rematch_before_the_first_crawl_says_so(tmp_path: Path) -> None:
    place = create_workspace(
        tmp_path / "w", WorkspaceSettings(contact="desk@example.org", shipped=False)
    )

    result = ask(place, "rematch")

    assert result.exit_code == 2
    assert "nothing has been crawled" in result.stderr
