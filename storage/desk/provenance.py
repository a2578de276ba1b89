"""Where an article comes from: how it was found, each look at its page, what was read off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.models import CapturePlace
from storage.times import decode_optional, decode_time


@dataclass(frozen=True, slots=True)
class Found:
    """One way in which an address of the article was found; `hints` are what was told there."""

    found_by: str
    found_in: str | None
    found_at: datetime
    url: str
    hints: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fetched:
    """One look at its page, and what became of it.

    `place` is where its capture lies, None where there is none or it was removed since; `is_read`
    says whether the text was read off this very page.
    """

    at: datetime
    run_id: int
    url: str
    final_url: str | None
    status: int | None
    became: str
    reason: str
    redirects: tuple[str, ...]
    wire_bytes: int | None
    payload_sha256: str | None
    egress: str
    place: CapturePlace | None
    removed_at: datetime | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """All of it: `methods` say for each field of the article where its value came from."""

    found: tuple[Found, ...]
    fetched: tuple[Fetched, ...]
    methods: tuple[tuple[str, str], ...]
    reader_version: str
    template_id: str | None
    charset: str
    content_hash: str
    addresses: tuple[tuple[str, str], ...]  # (kind, url)


def provenance(found: Mapping[str, Any]) -> Provenance:
    """Of an article as `storage.article_view.article` gives it."""
    parts = found["provenance"]
    return Provenance(
        found=tuple(map(_found, parts["found"])),
        fetched=tuple(_fetched(row, found["fetch_id"]) for row in parts["fetches"]),
        methods=tuple(sorted(found["methods"].items())),
        reader_version=found["reader_version"],
        template_id=found["template_id"],
        charset=found["charset"],
        content_hash=found["content_hash"],
        addresses=tuple((row["kind"], row["url"]) for row in found["urls"]),
    )


def _found(row: Mapping[str, Any]) -> Found:
    return Found(
        found_by=row["found_by"],
        found_in=row["found_in"],
        found_at=decode_time(row["found_at"]),
        url=row["url"],
        hints={key: value for key, value in row["hints"].items() if value not in (None, "")},
    )


def _fetched(row: Mapping[str, Any], read_from: int | None) -> Fetched:
    return Fetched(
        at=decode_time(row["fetched_at"]),
        run_id=row["in_run"],
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        became=row["became"],
        reason=row["reason"],
        redirects=tuple(row["redirects"]),
        wire_bytes=row["wire_bytes"],
        payload_sha256=row["payload_sha256"],
        egress=row["egress"],
        place=_place(row),
        removed_at=decode_optional(row["capture_removed_at"]),
        is_read=row["id"] == read_from,
    )


def _place(row: Mapping[str, Any]) -> CapturePlace | None:
    if row["capture_file"] is None:
        return None
    return CapturePlace(row["capture_file"], row["capture_offset"], row["capture_length"])
