"""Lists of sites and feeds as other programs write them: OPML of feed readers, CSV of people.

Nothing in a file is believed: its size is limited, XML with entities of its own is refused, a
formula of a spreadsheet is no value, and each row that cannot be used is told with its place.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.reading.urls import clean_url
from crawler.sheetfiles import Cell, Sheet, SheetUnreadable, read_sheet

MAX_BYTES = 10_000_000
MAX_ROWS = 5_000
MAX_DEPTH = 50
MAX_TEXT = 200

COLUMNS = {
    "url": ("url", "address", "feed", "feed_url", "xmlurl", "rss", "link"),
    "site": ("site", "homepage", "website", "htmlurl"),
    "name": ("name", "title", "outlet"),
    "country": ("country",),
    "language": ("language", "languages", "lang"),
    "kind": ("kind", "type"),
}
"""What the columns of a sheet may be called."""

WAYS = ("feed", "sitemap", "listing", "site")


class ListUnreadable(Exception):
    """A file that is no list of sites; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: an address, and what the list says of it. `kind` is what it leads to."""

    line: int
    url: str
    kind: str = "feed"
    site: str = ""
    name: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be used, and why."""

    line: int
    said: str
    reason: str


@dataclass
class Listed:
    """What a list holds, in its order."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_list(path: Path) -> Listed:
    """The rows of an OPML, CSV or Excel file; raises ListUnreadable."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ListUnreadable(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as wrong:
        raise ListUnreadable(f"{path} cannot be read: {wrong.strerror}") from None
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _opml(path.name, raw)
    try:
        return _sheet(read_sheet(path, "outlets"))
    except SheetUnreadable as wrong:
        raise ListUnreadable(str(wrong)) from None


# ---------------------------------------------------------------- OPML


def _opml(name: str, raw: bytes) -> Listed:
    """The outlines of an OPML file that lead somewhere, however deep they stand."""
    found = Listed()
    depth = 0
    for event, element in _events(name, raw):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise ListUnreadable(f"{name} is nested more than {MAX_DEPTH} levels deep")
        if event == "start" and _local(element) == "outline":
            _add_outline(found, element)
        if len(found.rows) + len(found.refused) > MAX_ROWS:
            raise ListUnreadable(f"{name} has more than {MAX_ROWS:,} entries")
    return found


def _events(name: str, raw: bytes) -> Iterator[tuple[str, Any]]:
    """The elements of an XML file, read without entities, network or endless trees."""
    from lxml import etree

    try:
        events = etree.iterparse(
            io.BytesIO(raw),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for event, element in events:
            if event == "start" and element.getparent() is None:
                _check_root(name, element)
            yield event, element
            if event == "end":
                element.clear()
    except etree.XMLSyntaxError as wrong:
        raise ListUnreadable(
            f"{name} is no sound OPML file: line {wrong.lineno}: {_said(wrong)}"
        ) from None


def _check_root(name: str, root: Any) -> None:
    if _local(root) != "opml":
        raise ListUnreadable(f"{name} is no OPML file: it begins with <{_local(root)[:40]}>")
    if root.getroottree().docinfo.internalDTD is not None:
        raise ListUnreadable(
            f"{name} has a document type with entities of its own; nothing is read"
        )


def _said(wrong: Exception) -> str:
    return str(wrong).partition(", line")[0][:200]


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _add_outline(found: Listed, element: Any) -> None:
    values = {str(key).lower(): str(value) for key, value in element.attrib.items()}
    feed, site = values.get("xmlurl", ""), values.get("htmlurl", "")
    if not feed and not site:
        return  # a folder
    name = _short(values.get("title") or values.get("text") or "")
    language = _short(values.get("language", "")).lower()
    said = {"url": feed or site, "site": site, "name": name, "language": language}
    _add(found, element.sourceline or 0, said | {"kind": "feed" if feed else "site"})


# ---------------------------------------------------------------- sheets


def _sheet(sheet: Sheet) -> Listed:
    """The rows of a sheet below its header."""
    if not sheet.rows:
        raise ListUnreadable(f"{sheet.name} is empty")
    columns = _columns(sheet.rows[0])
    if "url" not in columns and "site" not in columns:
        raise ListUnreadable(f"{sheet.name} needs a first row of titles, one of which is url")
    found = Listed()
    for line, cells in enumerate(sheet.rows[1:], start=2):
        if line > MAX_ROWS + 1:
            raise ListUnreadable(f"{sheet.name} has more than {MAX_ROWS:,} rows")
        _add_cells(found, line, {key: cells[at] for key, at in columns.items() if at < len(cells)})
    return found


def _columns(header: list[Cell]) -> dict[str, int]:
    titles = [cell.text.strip().lower().replace(" ", "_") for cell in header]
    return {
        key: titles.index(name)
        for key, names in COLUMNS.items()
        for name in [next((each for each in names if each in titles), None)]
        if name is not None
    }


def _add_cells(found: Listed, line: int, cells: dict[str, Cell]) -> None:
    if not any(cell.text.strip() for cell in cells.values()):
        return
    wrong = next((f"{key} {cell.wrong}" for key, cell in cells.items() if cell.wrong), "")
    said = {
        key: _short(cell.text) if key != "url" else cell.text.strip() for key, cell in cells.items()
    }
    if wrong:
        found.refused.append(Refused(line, _short(said.get("url", "")), wrong))
        return
    said["url"] = said.get("url") or said.get("site", "")
    _add(found, line, said)


def _short(text: str) -> str:
    return " ".join(text.split())[:MAX_TEXT]


# ---------------------------------------------------------------- both


def _add(found: Listed, line: int, said: dict[str, str]) -> None:
    """Take a line, or say why it cannot be used."""
    typed = said["url"]
    url = clean_url(typed if "://" in typed else f"https://{typed}") if typed else None
    kind = said.get("kind", "").lower() or _kind_of(said)
    if url is None or not _is_site(url):
        wrong = "is not a web address" if typed else "no address"
        found.refused.append(Refused(line, _short(typed), wrong))
    elif "#" in url:
        found.refused.append(Refused(line, _short(typed), "is an address with a #"))
    elif kind not in WAYS:
        found.refused.append(
            Refused(line, _short(typed), f'kind "{kind}" is none of {", ".join(WAYS)}')
        )
    else:
        site = clean_url(said["site"]) if said.get("site") else None
        languages = tuple(filter(None, said.get("language", "").lower().replace(",", " ").split()))
        found.rows.append(
            Row(
                line,
                url,
                kind,
                site or "",
                said.get("name", ""),
                said.get("country", "").lower(),
                languages,
            )
        )


def _is_site(url: str) -> bool:
    """Whether an address has the name of a site, and no number of a machine."""
    host = urlsplit(url).hostname or ""
    return "." in host and not host.replace(".", "").isdigit()


def _kind_of(said: dict[str, str]) -> str:
    """What an address leads to where the list does not say: a sheet's bare hosts are sites."""
    path = said["url"].partition("://")[2].partition("/")[2]
    return "site" if not path else "feed"
