"""Pages as evidence, and back."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.checker import Checker

from crawler.reading.warc import page_from_record, warc_record
from storage.models import Page

PAGE = Page(
    url="http://almithal.test/a",
    final_url="https://almithal.test/أ",
    status=200,
    headers=(("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"), ("X-é", "é")),
    body=gzip.compress("<p>خبر</p>".encode()),
    fetched_at=datetime(2026, 11, 22, 12, 0, 1, 250_000, tzinfo=UTC),
    elapsed=1.25,
    redirects=("http://almithal.test/a",),
    ip="192.0.2.1",
    tls_verified=True,
    request_headers=(("User-Agent", "x"),),
)

TEXT = st.text(max_size=30)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=5).map(tuple)
PAGES = st.builds(
    Page,
    url=TEXT,
    final_url=TEXT,
    status=st.integers(0, 9999),
    headers=PAIRS,
    body=st.binary(max_size=300),
    fetched_at=st.datetimes(timezones=st.just(UTC)),
    elapsed=st.floats(0, 1e6),
    redirects=st.lists(TEXT, max_size=3).map(tuple),
    ip=st.none() | TEXT,
    tls_verified=st.none() | st.booleans(),
    request_headers=PAIRS,
    egress=st.sampled_from(["direct", "relay"]),
    rendered=st.just("") | TEXT,
)
RENDERED = replace(PAGE, body="<p>خبر</p>\r\n\r\n".encode(), rendered="Chromium/156.0.1")


def test_a_page_comes_back_as_it_was() -> None:
    assert page_from_record(warc_record(PAGE)) == PAGE


@given(PAGES)
def test_any_page_comes_back_as_it_was(page: Page) -> None:
    assert page_from_record(warc_record(page)) == page


def test_equal_pages_give_equal_bytes() -> None:
    assert warc_record(PAGE) == warc_record(PAGE)


def test_a_record_says_what_was_fetched_and_its_digests() -> None:
    record = gzip.decompress(warc_record(PAGE)).decode("utf-8", "replace")

    assert record.startswith("WARC/1.1\r\n")
    assert "WARC-Target-URI: https://almithal.test/أ\r\n" in record
    assert "WARC-Date: 2026-11-22T12:00:01.250000Z\r\n" in record
    assert f"WARC-Payload-Digest: sha256:{sha256(PAGE.body).hexdigest()}\r\n" in record
    assert "WARC-IP-Address: 192.0.2.1\r\n" in record
    assert "\r\nHTTP/1.1 200 OK\r\n" in record


def test_what_a_browser_made_never_claims_to_have_come_over_the_wire() -> None:
    record = gzip.decompress(warc_record(RENDERED)).decode("utf-8", "replace")

    assert "WARC-Type: resource\r\n" in record
    assert "X-Marsad-Rendered: Chromium/156.0.1\r\n" in record
    assert "Content-Type: text/html; charset=utf-8\r\n" in record
    assert "HTTP/1.1 200" not in record
    assert page_from_record(warc_record(RENDERED)) == RENDERED


def test_records_in_a_row_pass_the_check_of_warcio(tmp_path: Path) -> None:
    file = tmp_path / "night.warc.gz"
    file.write_bytes(warc_record(PAGE) * 2 + warc_record(RENDERED))

    class Options:
        inputs = (str(file),)
        verbose = False

    checker = Checker(Options())
    checker.process_all()

    assert checker.exit_value == 0


@pytest.mark.parametrize("data", [b"", b"WARC/1.1\r\n\r\n", gzip.compress(b"x", mtime=0)])
def test_what_is_no_record_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="no record"):
        page_from_record(data)


def test_a_changed_or_cut_record_is_an_error() -> None:
    plain = gzip.decompress(warc_record(PAGE))
    changed = plain.replace(PAGE.body, PAGE.body[:-1] + b"?")

    for data in (gzip.compress(changed, mtime=0), warc_record(PAGE)[:-40]):
        with pytest.raises(ValueError, match="record"):
            page_from_record(data)
