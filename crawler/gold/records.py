"""Pages for people to mark, and their marks, as lines of JSON: one file each.

A file of pages holds all that is needed to read them again, without the workspace. Marks name a
page by the digest of its body. What comes back from people is checked line by line.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.reading.decode import Failure, unpack
from storage.models import Hints, Page, ReadingContext

MAX_LINE = 40_000_000
"""Characters of a line; a page has up to 8 MB before packing."""
MAX_BODY = 8_000_000
MARKER = 12
"""Characters of a marker's initials."""
OURS = "marsad"
"""Who our own reading is among those who marked."""


class WrongFile(Exception):
    """A file that holds no pages or marks; the text says which line and why."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A captured page, unpacked, and what a reader may know beside it."""

    id: str  # SHA-256 of its body
    outlet: str
    url: str
    final_url: str
    fetched_at: datetime
    content_type: str
    body: bytes
    languages: tuple[str, ...]
    country: str
    timezone: str
    domains: tuple[str, ...] = ()

    def page(self) -> Page:
        """The page as it was fetched."""
        headers = (("Content-Type", self.content_type),) if self.content_type else ()
        return Page(self.url, self.final_url, 200, headers, self.body, self.fetched_at)

    def context(self) -> ReadingContext:
        """What may be known of it without its outlet's file: no feed, selectors or template."""
        return ReadingContext(
            outlet_id=self.outlet,
            country=self.country,
            languages=self.languages,
            timezone=self.timezone,
            domains=self.domains,
            hints=Hints(),
            now=self.fetched_at,
        )

    def as_json(self) -> dict[str, Any]:
        """One line of a file of pages."""
        return {
            "id": self.id,
            "outlet": self.outlet,
            "url": self.url,
            "final_url": self.final_url,
            "fetched_at": self.fetched_at.isoformat(),
            "content_type": self.content_type,
            "languages": list(self.languages),
            "country": self.country,
            "timezone": self.timezone,
            "domains": list(self.domains),
            "body": base64.b64encode(zlib.compress(self.body)).decode("ascii"),
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """What one person says of one page; `day` is None where the page tells none."""

    page: str
    outlet: str
    url: str
    marker: str
    article: bool
    headline: str
    day: date | None
    text: str


def gold_page(page: Page, context: ReadingContext) -> GoldPage | None:
    """A captured page for people to mark; None where its bytes make no page."""
    body = unpack(page, MAX_BODY)
    if isinstance(body, Failure) or not body.strip():
        return None
    return GoldPage(
        id=sha256(body).hexdigest(),
        outlet=context.outlet_id,
        url=page.url,
        final_url=page.final_url,
        fetched_at=page.fetched_at,
        content_type=page.header("content-type") or "",
        body=body,
        languages=context.languages,
        country=context.country,
        timezone=context.timezone,
        domains=context.domains,
    )


def read_pages(path: Path) -> list[GoldPage]:
    """The pages of a file that `marsad gold` wrote; raises WrongFile."""
    return [_made(_page, path, number, line) for number, line in _lines(path)]


def read_marks(paths: Iterable[Path]) -> list[Mark]:
    """The marks of people's files, the last one of a person of a page; raises WrongFile."""
    found = {
        (mark.marker, mark.page): mark
        for path in paths
        for number, line in _lines(path)
        for mark in [_made(_mark, path, number, line)]
    }
    return list(found.values())


def _lines(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongFile(f"{path}: is no text in UTF-8") from None
    except OSError as wrong:
        raise WrongFile(f"{path}: cannot be read: {wrong.strerror}") from None
    return [
        (number, _object(path, number, line))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]


def _object(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line) if len(line) <= MAX_LINE else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise WrongFile(f"{path}:{number}: is no line of JSON that this program wrote")
    return value


def _made(make: Any, path: Path, number: int, line: Mapping[str, Any]) -> Any:
    try:
        return make(line)
    except KeyError as wrong:
        other = "captures" if "body" in line else "marks" if "marker" in line else "something else"
        raise WrongFile(f"{path}:{number}: has no {wrong}: it is a file of {other}") from None
    except (TypeError, ValueError, binascii.Error, zlib.error) as wrong:
        raise WrongFile(f"{path}:{number}: {wrong}") from None


def _page(line: Mapping[str, Any]) -> GoldPage:
    body = _unpacked(base64.b64decode(_text(line, "body"), validate=True))
    if sha256(body).hexdigest() != line["id"]:
        raise ValueError("its body is not the one that its id names")
    return GoldPage(
        id=line["id"],
        outlet=_text(line, "outlet"),
        url=_text(line, "url"),
        final_url=_text(line, "final_url"),
        fetched_at=_moment(line, "fetched_at"),
        content_type=_text(line, "content_type"),
        body=body,
        languages=_texts(line, "languages"),
        country=_text(line, "country"),
        timezone=_zone(line, "timezone"),
        domains=_texts(line, "domains"),
    )


def _unpacked(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    body = stream.decompress(packed, MAX_BODY)
    if not stream.eof:
        raise ValueError(f"its body has more than {MAX_BODY} bytes")
    return body


def _mark(line: Mapping[str, Any]) -> Mark:
    day, article = line["day"], line["article"]
    if not isinstance(article, bool):
        raise ValueError("article is neither true nor false")
    return Mark(
        page=_text(line, "page"),
        outlet=_text(line, "outlet"),
        url=_text(line, "url"),
        marker=_initials(line, "marker"),
        article=article,
        headline=_text(line, "headline"),
        day=None if day is None else _day(line, "day"),
        text=_text(line, "text"),
    )


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line[key]
    if not isinstance(value, str):
        raise ValueError(f"{key} is no text")
    return value


def _texts(line: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = line[key]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{key} is no list of texts")
    return tuple(value)


def _initials(line: Mapping[str, Any], key: str) -> str:
    """Who marked; not our own name, and nothing that a terminal would obey."""
    value = _text(line, key)[:MARKER].strip()
    if not value or not value.isprintable() or value.lower() == OURS:
        raise ValueError(f"{key} is nobody's initials")
    return value


def _day(line: Mapping[str, Any], key: str) -> date:
    value = _text(line, key)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{key} is no day such as 2026-03-01") from None


def _moment(line: Mapping[str, Any], key: str) -> datetime:
    value = datetime.fromisoformat(_text(line, key))
    if value.tzinfo is None:
        raise ValueError(f"{key} has no time zone")
    return value


def _zone(line: Mapping[str, Any], key: str) -> str:
    value = _text(line, key)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is called {value}") from None
    return value
