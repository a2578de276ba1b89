"""The address guard: which addresses are public, and who the test table serves."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.engine.guard import Newsroom, is_public

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fc00::1", "fd12::1", "fe80::1", "ff02::1",
    "fec0::1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2002:a9fe:a9fe::1", "fe80::1%eth0",
]  # fmt: skip
PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_inner_address_is_never_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    assert is_public(address)


@given(st.text(max_size=60))
def test_no_text_crashes_the_guard_and_none_but_an_address_passes(text: str) -> None:
    if is_public(text):
        ipaddress.ip_address(text.split("%", maxsplit=1)[0])


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_and_its_mapped_form_are_judged_alike(number: int) -> None:
    plain = ipaddress.IPv4Address(number)

    assert is_public(str(plain)) == is_public(f"::ffff:{plain}")


def test_the_newsroom_answers_only_for_its_port_and_only_under_test() -> None:
    newsroom = Newsroom("127.0.0.1:8080")

    assert newsroom.serves("manara.test", 8080)
    assert not newsroom.serves("manara.test", 22)
    assert not newsroom.serves("example.org", 8080)
    assert not newsroom.serves("127.0.0.1", 8080)
    assert not Newsroom(None).serves("manara.test", 0)
