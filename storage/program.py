"""Which program this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The version of Marsad that runs."""
    try:
        return version("marsad")
    except PackageNotFoundError:  # a checkout that was never installed
        return "unknown"
