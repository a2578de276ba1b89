"""What fits into a cell of a spreadsheet, and where the rest is kept."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from types import TracebackType

from storage.surroundings import ELLIPSIS, is_edge

LONGEST = 32_767
"""UTF-16 units of one cell in Excel; it cuts longer ones off without a word."""
_SHOWN = 16_000
"""Code points of a long text that are shown: never more than 32,000 of those units."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSENDABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_IN_MEMORY = 1_000_000


def json_line(value: object) -> str:
    """JSON on one line; lone surrogates and what is no character are escaped, the rest stays.

    >>> json_line({"a": "نص" + chr(0xD800)})
    '{"a": "نص\\\\ud800"}'
    """
    return _UNSENDABLE.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False)
    )


def plain(value: object) -> object:
    """A value as one cell: lists and counts as one text, flags as 1 and 0.

    >>> plain(["a", "b"]), plain({"robots": 2}), plain(True), plain(None)
    ('a | b', 'robots 2', 1, None)
    """
    if isinstance(value, dict):
        value = [f"{name} {number}" for name, number in value.items()]
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return int(value) if isinstance(value, bool) else value


def fits(text: str, *, room: int = LONGEST) -> bool:
    """Whether a cell holds the text as it is."""
    if _NOT_XML.search(text):
        return False
    return len(text) * 2 <= room or len(text.encode("utf-16-le")) // 2 <= room


def shown(text: str) -> str:
    """What a cell shows of a text that does not fit: its beginning, with � for what has no form."""
    clean = _NOT_XML.sub("\ufffd", text)
    if fits(clean, room=LONGEST - 1):
        return clean
    end = next(at for at in range(_SHOWN, 0, -1) if is_edge(clean, at) or at < _SHOWN - 64)
    return f"{clean[:end]} {ELLIPSIS}"


class Beside:
    """The texts that did not fit, whole, as JSON Lines: row, key, column and text."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed by close()
        self.number = 0

    def keep(self, row: int, key: Mapping[str, object], column: str, text: str) -> None:
        """Keep one text; `row` is its number among the rows of data, from 1."""
        line = json_line({"row": row, "key": dict(key), "column": column, "text": text})
        self._file.write(line.encode() + b"\n")
        self.number += 1

    def lines(self) -> Iterator[bytes]:
        """What was kept, line by line."""
        self._file.seek(0)
        yield from self._file

    def close(self) -> None:
        """Let the texts go."""
        self._file.close()

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()
