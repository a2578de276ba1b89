"""Where each key of a TOML text stands: what `tomllib` does not tell.

`key_lines()` walks a text that `tomllib` has already accepted, so it need not check anything; it
only has to know where a key, a string and a bracket begin and end.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

KeyPath = tuple[str | int, ...]
"""The way to a value: table keys, and positions (from 0) in arrays."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\"]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL),
    re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^\\"\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) on which each key, table and array item of valid TOML is first written.

    A value that runs over several lines has the line of its key.

    >>> key_lines('a = 1\\n[[b]]\\nc.d = ["x"]\\n')[("b", 0, "c", "d")]
    3
    """
    walker = _Walker(text.replace("\r\n", "\n"))
    walker.walk()
    return walker.lines


class _Walker:
    """Reads statements from the top to the bottom; `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._sizes: dict[KeyPath, int] = {}  # items seen so far of each array of tables

    def walk(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        """Read `[a.b]` or `[[a.b]]` and give the path of the table that begins."""
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        line = self._line()
        self.at += brackets
        path = self._mark((), self._key(), line, array=brackets == 2)
        self.at += brackets
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        path = self._mark(table, self._key(), line)
        self.at += 1  # the equals sign
        self._value(path)

    def _mark(self, path: KeyPath, parts: list[str], line: int, *, array: bool = False) -> KeyPath:
        """Note the line of every table on the way of a key; the way enters the newest items."""
        for number, part in enumerate(parts, start=1):
            path = (*path, part)
            self.lines.setdefault(path, line)
            if array and number == len(parts):
                self._sizes[path] = self._sizes.get(path, 0) + 1
            if path in self._sizes:
                path = (*path, self._sizes[path] - 1)
                self.lines.setdefault(path, line)
        return path

    def _key(self) -> list[str]:
        """Read a dotted key and the space around it."""
        parts = []
        while True:
            self._skip(_SPACE)
            parts.append(self._key_part())
            self._skip(_SPACE)
            if self._next() != ".":
                return parts
            self.at += 1

    def _key_part(self) -> str:
        start = self.at
        if self._next() not in "\"'":
            self._skip(_BARE_KEY)
            return self.text[start : self.at]
        self._string()
        part: str = tomllib.loads(f"part = {self.text[start : self.at]}")["part"]
        return part

    def _value(self, path: KeyPath) -> None:
        self._skip(_SPACE)
        opening = self._next()
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening in ('"', "'"):
            self._string()
        else:
            self._skip(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        item = 0
        while self._enter("]"):
            self.lines[(*path, item)] = self._line()
            self._value((*path, item))
            item += 1

    def _inline_table(self, path: KeyPath) -> None:
        while self._enter("}"):
            self._pair(path)

    def _enter(self, closing: str) -> bool:
        """Pass an opening bracket or a comma; False once the closing bracket has been passed."""
        self._skip(_BLANK)
        if self._next() in "[{,":
            self.at += 1
            self._skip(_BLANK)
        if self._next() != closing:
            return True
        self.at += 1
        return False

    def _string(self) -> None:
        for pattern in _STRINGS:
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                return

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _line(self) -> int:
        return bisect_right(self._line_starts, self.at)
