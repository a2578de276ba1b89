"""What an address is made of: words, numbers, days, titles and codes, in the order of its parts.

The form of an address forgets what stands in it: `/sport/912345.html` and `/news/7.html` both
have the form `/word/number.html`, an Arabic title in percent signs has that of a French one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.reading.url_encoding import readable
from crawler.reading.url_params import Role, role

_EXTENSION = re.compile(r"(?<=.)\.(html?|php\d?|aspx?|jspx?|shtml|cms|cfm|ece|ashx)$", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_DATE = re.compile(r"(?:19|20)\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])")
_CODE = re.compile(
    r"(?=.*\d)(?=.*[a-z])(?:[0-9a-f]{16,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"|(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[0-9A-Za-z]{8,40}"
)
_JOINTS = re.compile(r"(?:[-_+\s,.~:|]|%20|%2[BC])+", re.I)
_NAMED_NUMBER = re.compile(r"([^\W\d_]{1,20})[-_.:]?(\d{1,18})")
_HEX = re.compile(r"%[0-9a-f]{2}", re.I)
_MOST_PARTS = 30
_SECTION_WORDS = 4
"""A segment with so many words that is not the last one names a section; longer ones are titles."""
_COLUMN = "#"


class Anatomy(NamedTuple):
    """An address taken apart.

    `form` has the kinds of its parts and the names of its parameters; `words` are those that
    stand in it, in small letters, `digits` and `titles` how many digits its numbers and how many
    words its titles have, each in order of place.
    """

    form: str
    words: tuple[str, ...] = ()
    digits: tuple[int, ...] = ()
    titles: tuple[int, ...] = ()


class Part(NamedTuple):
    """One segment or value: its kind, and what of it is kept."""

    kind: str
    word: str = ""
    digits: int = 0
    title: int = 0


@lru_cache(maxsize=8192)
def anatomy(url: str) -> Anatomy:
    """An absolute address taken apart; its host does not count.

    >>> anatomy("https://x.ma/sport/912345.html?utm_source=a")
    Anatomy(form='/word/number.html', words=('sport',), digits=(6,), titles=())
    >>> anatomy("https://x.ma/2026/11/20/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1-%D8%A7%D9%84%D9%8A").form
    '/day/title'
    >>> anatomy("https://x.ma/index.php?id=12&view=article").form
    '/index.php?id=number&view=word'
    """
    path, query, route = address_parts(url)
    form, kept = "", []
    for mark, text in (("", path), (_COLUMN, route)):
        pieces = list(_path_parts(text))
        form += (mark if text else "") + "".join(f"/{part.kind}" for part in pieces)
        kept += pieces
    named = sorted(_query_parts(query), key=lambda pair: pair[0])
    form = (form or "/") + ("?" if named else "")
    form += "&".join(f"{name}={part.kind}" for name, part in named)
    kept += [part for _, part in named]
    return Anatomy(
        form,
        tuple(part.word for part in kept if part.word),
        tuple(part.digits for part in kept if part.digits),
        tuple(part.title for part in kept if part.title),
    )


def address_parts(url: str) -> tuple[str, str, str]:
    """Path, query and route of an address, in the letters of all scripts."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", ""
    path, query, route = map(_in_letters, (parts.path, parts.query, parts.fragment))
    return path, query, route.lstrip("!")


def _in_letters(text: str) -> str:
    return readable(_HEX.sub(lambda found: found[0].upper(), text)) if "%" in text else text


def _path_parts(path: str) -> Iterator[Part]:
    """The parts of a path; a year with its month and day are one."""
    segments = [segment for segment in path.split("/") if segment][:_MOST_PARTS]
    place, before = 0, ""
    while place < len(segments):
        step, kind = _date_at(segments, place)
        part = Part(kind)
        if not kind:
            step, is_last = 1, place == len(segments) - 1
            part = _part(segments[place], is_last=is_last)
            if is_last and part.kind == "word" and before in ("number", "code"):
                part = Part("title", title=1)  # it can be no section there
        yield part
        place, before = place + step, part.kind


def _date_at(segments: list[str], place: int) -> tuple[int, str]:
    """How many segments from here on are a date, and its kind; (0, "") for none."""
    if not _YEAR.fullmatch(segments[place]):
        return 0, ""
    following = segments[place + 1 : place + 3]
    if not following or not _MONTH.fullmatch(following[0]):
        return 1, "year"
    if len(following) == 2 and _DAY.fullmatch(following[1]):
        return 3, "day"
    return 2, "month"


def _part(segment: str, *, is_last: bool) -> Part:
    ending = _EXTENSION.search(segment)
    extension = ending[0].lower() if ending else ""
    part = _bare(segment[: ending.start()] if ending else segment, is_last=is_last)
    if part.kind == "word" and extension:  # a script: its name is all that it has
        return Part(part.word + extension, part.word)
    return part._replace(kind=part.kind + extension)


def _bare(text: str, *, is_last: bool) -> Part:
    """A segment or value without extension."""
    if _DATE.fullmatch(text):
        return Part("day")
    if text.isdigit():
        return Part("number", digits=len(text))
    if _CODE.fullmatch(text):
        return Part("code")
    tokens = [token for token in _JOINTS.split(text) if token]
    if len(tokens) <= 2 and (named := _NAMED_NUMBER.fullmatch(text)):
        return Part("name-number", word=named[1].lower(), digits=len(named[2]))
    return _worded(tokens, text, is_last=is_last)


def _worded(tokens: list[str], text: str, *, is_last: bool) -> Part:
    """A segment of words, maybe with a number before or behind them."""
    words = [token for token in tokens if not token.isdigit()]
    if len(tokens) > 2 or (len(tokens) == 2 and len(words) == 1):
        if _is_number(tokens[-1]):
            return Part("title-number", digits=len(tokens[-1]), title=len(tokens) - 1)
        if _is_number(tokens[0]):
            return Part("number-title", digits=len(tokens[0]), title=len(tokens) - 1)
    if len(tokens) < 2 or (not is_last and len(tokens) <= _SECTION_WORDS):
        return Part("word", word=text.lower()[:60])
    return Part("title", title=len(tokens))


def _is_number(token: str) -> bool:
    """Whether a token numbers an article: titles hold years and small numbers as well."""
    return token.isdigit() and len(token) > 2 and not _YEAR.fullmatch(token)


def _query_parts(query: str) -> Iterator[tuple[str, Part]]:
    """The parameters that may choose a document, each with its name."""
    for pair in query.split("&")[:_MOST_PARTS]:
        name, _, value = pair.partition("=")
        if not name or role(name) is Role.TRACKER:
            continue
        if not value:
            part = _bare(name, is_last=True)
            yield ("", part) if part.digits else (name, Part(""))
        else:
            yield name, _bare(value.rpartition("/")[2] or value, is_last=True)
