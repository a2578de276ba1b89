"""Unpacking under a limit, and the charset."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.decode import Decoded, Failure, clean_text, decode, unpack, whatwg_name
from storage.models import Outcome, Page

LIMIT = 100_000
ARABIC = (
    "<p>قالت الجمعية في بيان لها إن الاجتماع عقد في الرباط من أجل بحث هذا القانون مع الوزارة</p>"
)
FRENCH = (
    "<p>L'association a été créée à Salé où elle défend les droits des élèves depuis un an.</p>"
)
BODY = (ARABIC * 20).encode()

PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def page(body: bytes, *encodings: str) -> Page:
    headers = tuple(("Content-Encoding", encoding) for encoding in encodings)
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    return Page("https://x.test/", "https://x.test/", 200, headers, body, moment)


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_packed_body_is_unpacked(encoding: str) -> None:
    assert unpack(page(PACKERS[encoding](BODY), encoding.upper()), LIMIT) == BODY


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_too_large(encoding: str) -> None:
    bomb = PACKERS[encoding](b"\0" * 30_000_000)

    result = unpack(page(bomb, encoding), LIMIT)

    assert isinstance(result, Failure)
    assert result.outcome is Outcome.TOO_LARGE


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_body_that_is_cut_short_is_never_half_a_page(encoding: str) -> None:
    result = unpack(page(PACKERS[encoding](BODY)[:-6], encoding), LIMIT)

    assert isinstance(result, Failure)
    assert result.outcome is Outcome.NETWORK_ERROR


@pytest.mark.parametrize("encoding", [*PACKERS, "utf-8", "identity", ""])
def test_a_plain_body_under_another_header_is_taken_as_it_is(encoding: str) -> None:
    assert unpack(page(BODY, encoding), LIMIT) == BODY


def test_a_body_packed_twice_is_unpacked_twice() -> None:
    twice = brotli.compress(gzip.compress(BODY))

    assert unpack(page(twice, "gzip", "br"), LIMIT) == BODY
    assert unpack(page(twice, "gzip, br"), LIMIT) == BODY


def test_raw_deflate_and_several_gzip_members_are_read() -> None:
    packer = zlib.compressobj(wbits=-15)
    raw = packer.compress(BODY) + packer.flush()

    assert unpack(page(raw, "deflate"), LIMIT) == BODY
    assert unpack(page(gzip.compress(b"<a>") + gzip.compress(b"</a>"), "gzip"), LIMIT) == b"<a></a>"


def test_garbage_and_too_many_packings_are_unreadable() -> None:
    garbage = unpack(page(b"\xfe\x00\x81\x90" * 50, "sdch"), LIMIT)
    many = unpack(page(BODY, "gzip", "gzip", "br", "zstd"), LIMIT)

    assert isinstance(garbage, Failure)
    assert garbage.outcome is Outcome.UNREADABLE
    assert isinstance(many, Failure)


def test_a_plain_body_over_the_limit_is_too_large() -> None:
    result = unpack(page(b"a" * (LIMIT + 1)), LIMIT)

    assert isinstance(result, Failure)
    assert result.outcome is Outcome.TOO_LARGE


@given(st.binary(), st.sampled_from(["gzip", "deflate", "br", "zstd", "x", "gzip, br"]))
def test_any_bytes_are_unpacked_or_refused(body: bytes, encoding: str) -> None:
    assert isinstance(unpack(page(body, encoding), LIMIT), bytes | Failure)


# ---------------------------------------------------------------- charset


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (ARABIC.encode(), "text/html", "utf-8"),
        (ARABIC.encode(), "text/html; charset=windows-1256", "utf-8"),
        (ARABIC.encode("utf-8-sig"), "text/html; charset=iso-8859-1", "utf-8"),
        (ARABIC.encode("cp1256"), "text/html; charset=windows-1256", "windows-1256"),
        (ARABIC.encode("cp1256"), "text/html; charset=utf-8", "windows-1256"),
        (ARABIC.encode("cp1256"), "text/html; charset=ISO-8859-1", "windows-1256"),
        (ARABIC.encode("cp1256"), "", "windows-1256"),
        (ARABIC.encode("iso8859-6"), "", "iso-8859-6"),
        (ARABIC.encode("iso8859-6"), "text/html;charset='ISO-8859-6'", "iso-8859-6"),
        (ARABIC.encode("utf-16"), "", "utf-16le"),
        (ARABIC.encode("utf-16-le"), "", "utf-16le"),
    ],
)
def test_arabic_comes_right_in_every_charset(body: bytes, content_type: str, charset: str) -> None:
    decoded = decode(body, content_type)

    assert isinstance(decoded, Decoded)
    assert (decoded.text, decoded.charset) == (ARABIC, charset)


@pytest.mark.parametrize("content_type", ["text/html; charset=iso-8859-1", "", "text/html"])
def test_french_in_latin_letters_comes_right(content_type: str) -> None:
    decoded = decode(FRENCH.encode("cp1252"), content_type)

    assert isinstance(decoded, Decoded)
    assert decoded.text == FRENCH


@given(st.binary() | st.text().map(str.encode), st.sampled_from(["", "text/html; charset=cp1256"]))
def test_the_bytes_that_are_kept_are_those_of_the_text(body: bytes, content_type: str) -> None:
    decoded = decode(body, content_type)

    assert isinstance(decoded, Failure) or decoded.sent in (b"", decoded.text.encode())


def test_a_charset_declared_in_the_document_counts() -> None:
    markup = (
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1254">ığdır Şırnak'
    )

    decoded = decode(markup.encode("cp1254"), "text/html")

    assert isinstance(decoded, Decoded)
    assert (decoded.text, decoded.method) == (markup, "meta")


def test_few_bad_bytes_are_replaced_and_counted() -> None:
    body = ARABIC.encode() + b"\xd8 " + ARABIC.encode()

    decoded = decode(body, "text/html; charset=utf-8")

    assert isinstance(decoded, Decoded)
    assert (decoded.method, decoded.replaced) == ("utf-8-repaired", 1)
    assert decoded.text.startswith(ARABIC)


def test_what_is_no_text_is_refused_by_name() -> None:
    result = decode(b"%PDF-1.7 ...", "text/html")

    assert isinstance(result, Failure)
    assert result.reason == "not text: pdf"


def test_nul_and_lone_surrogates_go_and_nothing_else() -> None:
    assert clean_text("a\0b\ud800c\u200cd\u202ee") == "abc\u200cd\u202ee"


@given(
    st.binary(), st.sampled_from(["", "text/html; charset=utf-8", "x; charset=big5", "x;charset="])
)
def test_any_bytes_are_text_that_can_be_stored_or_a_reason(body: bytes, content_type: str) -> None:
    result = decode(body, content_type)

    if isinstance(result, Decoded):
        assert "\0" not in result.text
        result.text.encode("utf-8")


def test_labels_mean_what_browsers_take_them_for() -> None:
    assert whatwg_name("ISO-8859-1") == "windows-1252"
    assert whatwg_name(" latin5 ") == "windows-1254"
    assert whatwg_name("utf-7") is None
