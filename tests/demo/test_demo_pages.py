"""Serving saved pages: own paths, own bytes, no leaks from the gold, an honest score."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.demo.httpserver import Request
from crawler.demo.pages import (
    SavedPages,
    gold,
    groups,
    lay_out_pages,
    page_key,
    recall,
    saved_pages,
    score,
    served_url,
)

PORT = 8080
ARABIC = "صفحة عن النهر والجسر القديم".encode("windows-1256")


def record(id: str, url: str, **more: object) -> dict[str, object]:
    return {"id": id, "url": url, "html": f"html/{id}.html.gz", "lang": "en", **more}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Two small sets; one URL is in both of them, with whole text in the second only."""
    write_set(
        tmp_path / "alpha",
        [
            record("a1", "https://www.one.example/a?b=1&c=%20", gold_kind="prefix", text="x"),
            record("a2", "https://two.example/خبر#top", gold_kind="full", text="river bridge old"),
            record("a3", "hard::three.example-page.html", gold_kind="segments", text=None),
        ],
    )
    write_set(
        tmp_path / "beta",
        [
            record(
                "b1",
                "https://www.one.example/a?b=1&c=%20",
                gold_kind="full",
                text="secret headline words and more",
                text_min="secret headline words",
                title="A secret title",
            ),
        ],
    )
    return tmp_path


def write_set(folder: Path, records: list[dict[str, object]]) -> None:
    (folder / "html").mkdir(parents=True)
    lines = [json.dumps(each, ensure_ascii=False) for each in records]
    (folder / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for each in records:
        (folder / str(each["html"])).write_bytes(gzip.compress(ARABIC + str(each["id"]).encode()))


def get(server: SavedPages, url: str) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    answer = server.answer(Request("GET", target, "HTTP/1.1", {"host": parts.netloc}))
    return answer.status, answer.content_type, answer.plain


def test_each_url_is_one_page_and_the_one_with_whole_text_wins(pages: Path) -> None:
    found = saved_pages(pages)

    assert len(found) == 3
    assert {page.set for page in found if "one.example" in page.url} == {"beta"}


def test_pages_are_served_byte_for_byte_without_a_charset(pages: Path) -> None:
    server = SavedPages(pages, PORT)

    for page, name in zip(saved_pages(pages), ("a3", "a2", "b1"), strict=True):
        answer = get(server, served_url(page.url, PORT))
        assert answer == (200, "text/html", ARABIC + name.encode())


def test_another_query_is_another_page(pages: Path) -> None:
    server = SavedPages(pages, PORT)

    assert get(server, f"http://www.one.example.test:{PORT}/a?b=2")[0] == 404
    assert get(server, f"http://www.one.example.test:{PORT}/robots.txt")[0] == 404


def test_the_feeds_hold_every_link_and_nothing_of_the_gold(pages: Path) -> None:
    server = SavedPages(pages, PORT)
    feeds = [
        get(server, f"http://{group.host}:{PORT}/feed.xml")[2].decode() for group in groups(pages)
    ]

    for page in saved_pages(pages):
        assert served_url(page.url, PORT).replace("&", "&amp;") in "".join(feeds)
    assert not any(word in feed for feed in feeds for word in ("secret", "river", "<pubDate"))


def test_groups_are_of_one_set_and_of_a_hundred_pages_at_most(tmp_path: Path) -> None:
    many = [record(f"p{i}", f"https://x.example/{i:03}", gold_kind="date") for i in range(150)]
    write_set(tmp_path / "many", many)

    assert [(g.name, len(g.pages)) for g in groups(tmp_path)] == [("many_1", 100), ("many_2", 50)]


def test_an_outlet_file_lists_the_mapped_hosts(pages: Path, tmp_path: Path) -> None:
    ids = lay_out_pages(tmp_path / "ws", PORT, pages)

    assert ids == ["gb_alpha_1", "gb_beta_1"]
    text = (tmp_path / "ws" / "outlets" / "gb" / "alpha_1.toml").read_text(encoding="utf-8")
    assert "two.example.test" in text
    assert f"http://alpha-1.saved.test:{PORT}/feed.xml" in text


def test_the_score_counts_whole_short_refused_and_unseen_pages(pages: Path) -> None:
    whole, other = sorted(gold(pages), key=lambda page: page.set, reverse=True)
    rows = [
        {
            "url": served_url(whole.url, PORT),
            "outcome": "stored_new",
            "text": "SECRET headline words",
        },
        {"url": served_url(other.url, PORT), "outcome": "no_text", "text": None},
    ]

    told = score(rows, pages)
    nothing = score([], pages)
    short = score([{**rows[0], "text": "secret"}], pages)

    assert (told.pages, told.whole, told.no_text) == (2, 1, 1)
    assert (told.whole_share, told.no_text_share) == (0.5, 0.5)
    assert sorted(nothing.lost) == sorted([(whole.url, ""), (other.url, "")])
    assert short.short == ((whole.url, 0.333),)


@pytest.mark.parametrize(
    ("wanted", "text", "share"),
    [("one two", "Two ONE", 1.0), ("a a b", "a b", 2 / 3), ("", "x", 1.0), ("نهر", "", 0.0)],
)
def test_recall_counts_words_as_a_multiset(wanted: str, text: str, share: float) -> None:
    assert recall(wanted, text) == pytest.approx(share)


def test_a_page_has_one_key_under_its_real_and_its_served_url() -> None:
    url = "https://www.example.com/%D8%AE%D8%A8%D8%B1/?q=a%20b#end"

    assert page_key(url) == page_key(served_url(url, PORT)) == ("example.com", "/خبر?q=a b")
