"""Members of ZIP files that are the same whenever they are written."""

from __future__ import annotations

from zipfile import ZIP_DEFLATED, ZipInfo

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that the format knows."""


def member(name: str) -> ZipInfo:
    """A compressed member for its owner's eyes, without the time of writing."""
    info = ZipInfo(name, _LONG_AGO)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
