"""What every test shares: packaged time zones, and no way off this machine."""

from __future__ import annotations

import zoneinfo
from pathlib import Path

import hypothesis
import pytest
from pytest_socket import socket_allow_hosts

zoneinfo.reset_tzpath(to=[])

# Of one example no time is measured, as it says more about the machine; a test has its own limit.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def only_this_machine() -> None:
    """No test reaches anything but loopback addresses."""
    socket_allow_hosts(["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the made-up archive of deskworld.py; nobody writes to it."""
    from deskworld import build_world  # most tests need none of it

    path = tmp_path_factory.mktemp("built") / "marsad.db"
    build_world(path)
    return path
