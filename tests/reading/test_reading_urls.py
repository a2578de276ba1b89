"""URLs made absolute and safe, and the key of a document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.urls import clean_url, is_own_host, url_key

OWN = ("almithal.test", "fr.almithal.test")


@pytest.mark.parametrize(
    ("href", "base", "expected"),
    [
        ("/a/b", "https://x.test/c/d", "https://x.test/a/b"),
        ("b", "https://x.test/c/d", "https://x.test/c/b"),
        ("?p=2", "https://x.test/c", "https://x.test/c?p=2"),
        ("//y.test/a", "http://x.test/", "http://y.test/a"),
        ("//y.test/a", None, "https://y.test/a"),
        (" https://X.test:443/A#top\n", None, "https://x.test/A"),
        ("https:\\\\x.test\\a", None, "https://x.test/a"),
        ("http://x.test/a/../b/./c", None, "http://x.test/b/c"),
        ("https://x.test/أخبار", None, "https://x.test/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"),
        ("https://x.test/%d8%a3?q=أ", None, "https://x.test/%d8%a3?q=%D8%A3"),
        ("https://مثال.إختبار/", None, "https://xn--mgbh0fb.xn--kgbechtv/"),
        ("https://x.test./a", None, "https://x.test/a"),
    ],
)
def test_a_link_becomes_an_absolute_address(href: str, base: str | None, expected: str) -> None:
    assert clean_url(href, base) == expected


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#top",
        "/relative",
        "mailto:desk@x.test",
        "javascript:alert(1)",
        "file:///etc/hosts",
        "data:text/html,x",
        "ftp://x.test/",
        "https://user:secret@x.test/",
        "https://",
        "https://x.test:99999/",
        "https://a b.test/",
        "https://[::1",
        "https://x.test/" + "a" * 2100,
        "https://x.test/\ud800",
    ],
)
def test_what_cannot_be_visited_is_no_address(href: str) -> None:
    assert clean_url(href) is None


@given(st.from_regex(r"https?://[a-z0-9.\-]{1,20}/[A-Za-z0-9_./\-]{0,20}", fullmatch=True))
def test_plain_addresses_are_cleaned_like_all_others(href: str) -> None:
    assert clean_url(href) == clean_url(f"{href}#")


@given(st.text(), st.sampled_from([None, "https://x.test/a/b?c#d"]))
def test_any_text_is_an_address_or_none(href: str, base: str | None) -> None:
    url = clean_url(href, base)

    assert url is None or (url.startswith(("http://", "https://")) and url.isascii())
    assert url is None or clean_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://almithal.test/a/B",
        "http://www.almithal.test/a/B/",
        "https://m.almithal.test/a/B#comments",
        "https://amp.almithal.test/a/B?utm_source=x&fbclid=y",
        "https://almithal.test/a/B/amp/",
        "https://almithal.test/amp/a/B",
        "https://almithal.test//a//B?amp=1",
        "https://almithal.test/a/B;jsessionid=12AB",
        "https://almithal.test/%61/B",
    ],
)
def test_addresses_of_one_article_have_one_key(url: str) -> None:
    assert url_key(url, "ma_almithal", OWN) == "ma_almithal:/a/B"


@pytest.mark.parametrize(
    "url",
    [
        "https://almithal.test/a/b",
        "https://almithal.test/a/B?id=2",
        "https://fr.almithal.test/a/B",
        "https://other.test/a/B",
        "https://notalmithal.test/a/B",
    ],
)
def test_addresses_of_other_documents_have_other_keys(url: str) -> None:
    assert url_key(url, "ma_almithal", OWN) != "ma_almithal:/a/B"


def test_raw_and_encoded_arabic_have_one_key() -> None:
    raw = url_key("https://x.test/أخبار")

    assert raw == url_key("https://x.test/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1")


def test_parameters_are_compared_in_any_order() -> None:
    assert url_key("https://x.test/a?b=1&a=2") == url_key("https://x.test/a?a=2&b=1")


@given(st.text())
def test_any_text_has_a_key(url: str) -> None:
    assert isinstance(url_key(url, "ma_x", OWN), str)


def test_a_host_is_own_on_and_below_its_domains_only() -> None:
    assert is_own_host("https://www.almithal.test/a", OWN)
    assert is_own_host("https://en.almithal.test/a", OWN)
    assert not is_own_host("https://almithal.test.evil.test/a", OWN)
    assert not is_own_host("https://xalmithal.test/a", OWN)
