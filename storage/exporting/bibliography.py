"""Articles as references: RIS, BibTeX and CSL-JSON, for Zotero, EndNote, LaTeX and the like.

Each field is one line: breaks and rows of spaces become one space, so that no headline can begin a
field of its own. What has a meaning in BibTeX is written as LaTeX commands; Arabic stays Arabic.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from storage.exporting.rows import Row

if TYPE_CHECKING:
    from storage.exporting.writers import About, Sink

LATEX: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""Characters that mean something to LaTeX; a brace as such would end the field."""
_LATEX = str.maketrans(dict(LATEX))


class Bibliography:
    """A file of references, one for each article."""

    def __init__(self, sink: Sink, format: str) -> None:
        self._sink, self._written = sink, 0
        self._format = format
        self._one: Callable[[Row], str] = _FORMATS[format]

    def write(self, row: Row) -> None:
        """Write the reference of one article."""
        before = "" if self._format != "csl" else ",\n" if self._written else "[\n"
        self._sink.text(before + self._one(row))
        self._written += 1

    def finish(self, about: About) -> None:
        """Write the end of the list, where the format has one."""
        if self._format == "csl":
            self._sink.text("\n]\n" if self._written else "[]\n")


def _line(value: object) -> str:
    return " ".join(str(value or "").split())


def _day(row: Row) -> str:
    return str(row["published_day"] or "")


def _ris(row: Row) -> str:
    from rispy import dumps

    entry = {
        "type_of_reference": "NEWS",
        "id": row["article_id"],
        "title": _line(row["headline"]),
        "secondary_title": _line(row["outlet"]),
        "authors": [_line(row["byline"])],
        "date": _day(row).replace("-", "/"),
        "year": _day(row)[:4],
        "language": row["language"],
        "urls": [_line(row["url"])],
        "access_date": str(row["fetched_at_utc"] or "")[:10].replace("-", "/"),
    }
    kept = {name: said for name, said in entry.items() if said not in ("", [""], None)}
    numbered: str = dumps([kept])
    return numbered.partition("\n")[2].strip("\n") + "\n\n"  # without "1." before it


def _bibtex(row: Row) -> str:
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    said = {
        "title": f"{{{_latex(row['headline'])}}}",
        "author": f"{{{_latex(row['byline'])}}}" if row["byline"] else "",
        "journaltitle": _latex(row["outlet"]),
        "date": _day(row),
        "url": _address(row["url"]),
        "urldate": str(row["fetched_at_utc"] or "")[:10],
        "langid": _LANGUAGES.get(str(row["language"]), ""),
    }
    fields = [Field(name, text) for name, text in said.items() if text not in ("", "{}")]
    key = f"marsad{row['article_id']}"
    written: str = write_string(Library([Entry("online", key, fields)]))
    return written + "\n"


def _csl(row: Row) -> str:
    item: dict[str, object] = {
        "id": f"marsad{row['article_id']}",
        "type": "article-newspaper",
        "title": _line(row["headline"]),
        "container-title": _line(row["outlet"]),
        "URL": _line(row["url"]),
        "language": row["language"],
        "author": [{"literal": _line(row["byline"])}] if row["byline"] else None,
        "issued": _parts(_day(row)),
        "accessed": _parts(str(row["fetched_at_utc"] or "")[:10]),
    }
    return json.dumps({name: said for name, said in item.items() if said}, ensure_ascii=False)


def _parts(day: str) -> dict[str, object] | None:
    """A day as CSL writes it."""
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None


def _latex(value: object) -> str:
    return _line(value).translate(_LATEX)


def _address(value: object) -> str:
    """An address as it is; the few signs that would break the file are written in their codes."""
    return "".join(f"%{ord(one):02X}" if one in "{}\\" else one for one in _line(value))


_LANGUAGES = {"ar": "arabic", "fr": "french", "en": "english", "ckb": "kurdish", "kmr": "kurmanji"}
_FORMATS: Mapping[str, Callable[[Row], str]] = {"ris": _ris, "bibtex": _bibtex, "csl": _csl}
