"""`marsad gold`: captures for people, and our reading beside their marks."""

from __future__ import annotations

import json
from pathlib import Path

import captured
import pytest
from typer.testing import CliRunner, Result

from crawler.cli.main import app
from crawler.gold.records import read_pages
from crawler.workspace import Workspace

OUTLET = "ma_sauterelle"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An archive with captures of one site."""
    return captured.newsroom(tmp_path_factory.mktemp("gold") / "w", "sauterelle")


def run(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["gold", *arguments, "--workspace", str(place.root)])


def test_ten_captures_are_drawn_into_two_files_for_their_owner_only(place: Workspace) -> None:
    result = run(place, OUTLET)

    assert result.exit_code == 0, result.output
    assert "10 captures drawn with seed 1" in result.stdout
    html, lines = (place.root / "gold" / f"{OUTLET}.{end}" for end in ("html", "pages.jsonl"))
    assert [file.stat().st_mode & 0o777 for file in (html, lines)] == [0o600, 0o600]
    pages = read_pages(lines)
    assert len({page.id for page in pages}) == 10
    assert 'lang="en"' in html.read_text(encoding="utf-8")
    before = lines.read_bytes()
    assert run(place, OUTLET).exit_code == 0
    assert lines.read_bytes() == before
    assert run(place, OUTLET, "--seed", "2").exit_code == 0
    assert lines.read_bytes() != before


def test_marks_of_an_earlier_draw_can_be_scored_after_another_one(
    place: Workspace, tmp_path: Path
) -> None:
    assert run(place, OUTLET, "--pages", "3", "--out", str(tmp_path)).exit_code == 0
    captures = tmp_path / f"{OUTLET}.pages.jsonl"
    first = read_pages(captures)
    marks = tmp_path / "ab.jsonl"
    rows = [
        {"page": page.id, "outlet": OUTLET, "url": page.url, "marker": "AB", "article": False,
         "headline": "", "day": None, "text": ""}
        for page in first
    ]  # fmt: skip
    marks.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    again = run(place, OUTLET, "--pages", "4", "--seed", "2", "--out", str(tmp_path))
    scored = run(place, OUTLET, "--out", str(tmp_path), "--score", str(marks), "--json")

    assert json.loads(scored.stdout)[0]["pages"] == len(first), scored.output
    assert again.exit_code == 0
    captures.write_text("no captures", encoding="utf-8")
    refused = run(place, OUTLET, "--out", str(tmp_path))
    assert (refused.exit_code, f"{captures}:1: " in refused.output) == (2, True), refused.output


def test_both_peoples_marks_are_compared_with_our_reading_and_each_other(
    place: Workspace, tmp_path: Path
) -> None:
    assert run(place, OUTLET, "--pages", "3", "--out", str(tmp_path)).exit_code == 0
    pages = read_pages(tmp_path / f"{OUTLET}.pages.jsonl")
    files = []
    for marker, text in (("AB", "Some words that stand nowhere"), ("CD", "Other words entirely")):
        file = tmp_path / f"{marker}.jsonl"
        rows = [
            {"page": page.id, "outlet": OUTLET, "url": page.url, "marker": marker, "article": True,
             "headline": "Un titre", "day": None, "text": text}
            for page in pages
        ]  # fmt: skip
        file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        files += ["--score", str(file)]

    result = run(place, OUTLET, "--out", str(tmp_path), *files, "--json")

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [(one["found"], one["known"]) for one in told] == [
        ("marsad", "AB"), ("marsad", "CD"), ("AB", "CD"),
    ]  # fmt: skip
    assert told[0]["article"] == [3, 3]
    assert (told[0]["f1"], told[0]["headline"], told[0]["no_day"]) == (0.0, [0, 3], [0, 3])
    assert told[2]["headline"] == [3, 3]
    shown = run(place, OUTLET, "--out", str(tmp_path), *files).stdout
    assert "3 of 3" in shown


def test_marks_that_cannot_be_compared_are_named(place: Workspace, tmp_path: Path) -> None:
    assert run(place, OUTLET, "--pages", "2", "--out", str(tmp_path)).exit_code == 0
    captures = tmp_path / f"{OUTLET}.pages.jsonl"

    def file(name: str, *pages: str, outlet: str = OUTLET) -> str:
        rows = [
            {"page": page, "outlet": outlet, "url": "https://a.test/1", "marker": "AB",
             "article": False, "headline": "", "day": None, "text": ""}
            for page in pages
        ]  # fmt: skip
        path = tmp_path / name
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return str(path)

    def said(*files: str) -> tuple[int, str]:
        scores = [part for each in files for part in ("--score", each)]
        result = run(place, OUTLET, "--out", str(tmp_path), *scores)
        return result.exit_code, " ".join(result.output.split())

    known, old = read_pages(captures)[0].id, "0" * 64
    assert said(str(captures)) == (
        2,
        f"error: {captures}:1: has no 'day': it is a file of captures",
    )
    code, text = said(file("of_another.jsonl", old, outlet="ma_tortue"))
    assert (code, "these marks (of ma_tortue) are of none of the pages" in text) == (1, True)
    code, text = said(file("old.jsonl", known, old))
    assert (code, "1 of 2 marks left out" in text) == (0, True)
    code, text = said(file("one.jsonl", known), file("other.jsonl", known))
    assert (code, "Two people need different initials" in text) == (0, True)
    code, text = said(file("empty.jsonl"))
    assert (code, "there are no marks in these files" in text) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("ma_sauterele",), "did you mean", 2),
        (("bh_heron",), "no capture of bh_heron is kept", 1),
        ((OUTLET, "--language", "de"), 'has no words in "de"', 2),
        ((OUTLET, "--score", "no-such.jsonl"), "no-such.jsonl: cannot be read", 2),
        ((OUTLET, "--out", "/proc/no-such"), "cannot be written", 1),
    ],
)
def test_what_cannot_be_done_is_said(
    place: Workspace, arguments: tuple[str, ...], said: str, code: int
) -> None:
    run(place, OUTLET)

    result = run(place, *arguments)

    assert (result.exit_code, said in result.output) == (code, True), result.output
