"""Logs: a line per unit of work, without any words of an article, a query or a watchlist.

On a terminal a line is for a person, elsewhere and in files it is JSON with the keys at, level,
logger, message and fields; fields are the `key=%s` pairs of our own log calls.

What could carry a name is never written, whoever logs it: of an exception its type and the places
in the code that it passed, not its message; of an address its scheme and host; of what other
packages log, which may quote anything, the constant part of the message and the place in the code.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO

from crawler.private import FILE_MODE, make_folder

MOST_BYTES = 20_000_000
"""Of one file; then it goes on in a new one, and one old one is kept."""
OURS = ("crawler", "spiders", "schedules", "storage", "marsad")
QUIET = {
    # Each of these tells addresses, or a line per request, where it is not held back.
    "apprise": logging.CRITICAL,
    "apscheduler": logging.WARNING,
    "asyncio": logging.WARNING,
    "playwright": logging.WARNING,
    "scrapy": logging.WARNING,
    "scrapy-playwright": logging.ERROR,
    "scrapy.core.downloader.handlers.http11": logging.ERROR,
    "twisted": logging.ERROR,
    "urllib3": logging.ERROR,
}
"""The least level of others' lines that are kept."""
_ADDRESS = re.compile(
    r"\b([a-z][a-z0-9+.-]{1,20}://)(?:[^\s/@]*@)?([^\s/?#'\"<>)\]]*)[^\s'\"<>)\]]*", re.I
)
_FIELD = re.compile(r"(\w+)=%(?:\.\d+)?[sdgrf]")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]")
_FRAMES = 12
"""So many of the last places of an exception are told."""


def without_words(text: str) -> str:
    """A text in which of each address only scheme and host are left.

    >>> without_words("asked https://example.org/jane-roe?q=1 twice")
    'asked https://example.org/… twice'
    """
    return _ADDRESS.sub(r"\1\2/…", text)


class Safe(str):
    """A word of the program itself, such as the name of a kind of error: told in any line."""

    __slots__ = ()


class Told:
    """What may be told of a log record."""

    def __init__(self, record: logging.LogRecord) -> None:
        """Nothing else of the record is looked at."""
        self.at = datetime.fromtimestamp(record.created, UTC)
        self.level, self.logger = record.levelname.lower(), record.name
        if record.name.partition(".")[0] in OURS:
            self.message = _one_line(without_words(record.getMessage()))
            self.fields = _fields(record)
        else:
            self.message, self.fields = _constant_part(record), {"place": _place(record)}
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            self.fields["error"] = kind.__name__
            self.fields["where"] = _places(trace)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """The `key=%s` pairs of one of our own lines."""
    if not isinstance(record.args, tuple) or not isinstance(record.msg, str):
        return {}
    holders = [found.group(0) for found in _PLACEHOLDER.finditer(record.msg.replace("%%", ""))]
    if len(holders) != len(record.args):
        return {}
    keys = [match[1] for match in _FIELD.finditer(record.msg)]
    if len(keys) != len(holders):
        return {}
    return {key: _plain(value) for key, value in zip(keys, record.args, strict=True)}


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) else _one_line(without_words(str(value)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _constant_part(record: logging.LogRecord) -> str:
    """Another package's message with nothing filled in; where that was done before, nothing."""
    args = record.args
    if not args or not isinstance(record.msg, str):
        return "(see the place)"
    if isinstance(args, Mapping) and all(isinstance(value, Safe) for value in args.values()):
        return record.getMessage()
    return _one_line(without_words(_PLACEHOLDER.sub("…", record.msg)))


def _place(record: logging.LogRecord) -> str:
    return f"{record.module}:{record.funcName}:{record.lineno}"


def _places(trace: TracebackType | None) -> str:
    """Where an exception went through, the last places, without the words of any line."""
    frames = [
        f"{Path(frame.f_code.co_filename).stem}:{frame.f_code.co_name}:{line}"
        for frame, line in walk_tb(trace)
    ]
    return " > ".join(frames[-_FRAMES:])


def crashed(error: BaseException) -> str:
    """What may be told of an error that nobody expected: its kind and its places, in a line."""
    return f"Traceback without words: {type(error).__name__} at {_places(error.__traceback__)}"


class JsonLines(logging.Formatter):
    """A JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        told = Told(record)
        line = {
            "at": told.at.isoformat(timespec="milliseconds"),
            "level": told.level,
            "logger": told.logger,
            "message": told.message,
            "fields": told.fields,
        }
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """A line for a person per record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        told = Told(record)
        more = "" if told.message.startswith("(") or not told.fields else _more(told)
        level = "" if told.level == "info" else f"{told.level}: "
        return f"{told.at:%H:%M:%S} {level}{told.message}{more}"


def _more(told: Told) -> str:
    """What the message does not say itself."""
    shown = {key: told.fields[key] for key in ("error", "place") if key in told.fields}
    return "".join(f" {key}={value}" for key, value in shown.items())


class PrivateFile(RotatingFileHandler):
    """A log file that only its owner may read, also after it was begun anew."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        """Goes on with a file that is there."""
        make_folder(path.parent)
        super().__init__(path, maxBytes=most_bytes, backupCount=1, encoding="utf-8")
        self.setFormatter(JsonLines())

    def _open(self) -> Any:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
        return os.fdopen(handle, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """On a full disk a line is lost and the work goes on; nothing is printed of it."""


def set_up(
    console_json: bool | None = None,
    *,
    file: Path | None = None,
    console: TextIO | None = sys.stderr,
) -> None:
    """Log to the console (None: not there) and to a file; what was set up before goes.

    `console_json`: JSON lines there; None: unless it is a terminal.
    """
    handlers: list[logging.Handler] = [PrivateFile(file)] if file else []
    if console is not None:
        handlers.append(_console(console, console_json))
    root = logging.getLogger()
    for old in [*root.handlers]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    tame(QUIET)


def tame(levels: Mapping[str, int]) -> None:
    """Hold back the lines of other packages below these levels."""
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _console(stream: TextIO, as_json: bool | None) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    if as_json is None:
        as_json = not stream.isatty()
    handler.setFormatter(JsonLines() if as_json else PlainLines())
    return handler
