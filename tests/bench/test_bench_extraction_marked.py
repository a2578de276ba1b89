import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bench.extraction_marked import marked, tell
from bench.extraction_sets import NoPages
from crawler.gold.records import GoldPage

TEXT = "The council of Elmton met on Monday and voted for the new bridge over the river. " * 6
BODY = (
    f"<html lang='en'><head><title>The bridge</title></head><body><article><h1>The bridge</h1>"
    f"<time datetime='2026-03-01T23:30:00Z'>1 March</time><p>{TEXT}</p></article></body></html>"
).encode()
PAGE = GoldPage(
    id=sha256(BODY).hexdigest(),
    outlet="iq_elmton",
    url="https://elmton.test/bridge",
    final_url="https://elmton.test/bridge",
    fetched_at=datetime(2026, 3, 5, tzinfo=UTC),
    content_type="text/html; charset=utf-8",
    body=BODY,
    languages=("en",),
    country="iq",
    timezone="Asia/Baghdad",
)


def _mark(marker: str, **more: object) -> dict[str, object]:
    told = {"page": PAGE.id, "outlet": PAGE.outlet, "url": PAGE.url, "marker": marker}
    gold = {"article": True, "headline": "The bridge", "day": "2026-03-02", "text": TEXT}
    return {**told, **gold, **more}


def _folder(folder: Path, *marks: dict[str, object]) -> Path:
    (folder / "iq_elmton.pages.jsonl").write_text(json.dumps(PAGE.as_json()) + "\n")
    (folder / "marks.jsonl").write_text("".join(json.dumps(mark) + "\n" for mark in marks))
    return folder


def test_marks_of_two_people_are_judged_and_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _folder(tmp_path, _mark("AB"), _mark("CD", headline="Bridge", text=TEXT[:160]))

    tell(marked([folder]))

    told = capsys.readouterr().out
    names, figures = (line.split() for line in told.strip().splitlines()[:2])
    shown = dict(zip(names[2:], figures[1:], strict=True))
    assert (shown["pages"], shown["headline"], shown["day"]) == ("2", "0.500", "1.000")
    assert "1 pages marked by two people" in told
    assert "headlines 0%, days 100%" in told


def test_a_page_that_people_took_for_no_article_must_be_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(marked([_folder(tmp_path, _mark("AB", article=False))]))

    assert "marked as no article: 1, of which refused: 0" in capsys.readouterr().out


def test_marks_without_their_pages_are_told(tmp_path: Path) -> None:
    (tmp_path / "marks.jsonl").write_text(json.dumps(_mark("AB")) + "\n")

    with pytest.raises(NoPages, match="needs a file of pages"):
        marked([tmp_path])
