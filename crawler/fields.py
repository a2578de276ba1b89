"""The kinds of values that stand in data files, each with its check."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import urlsplit

import re2
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from crawler.reading.patterns import compile_pattern
from crawler.sentences import did_you_mean

_COUNTRY = re.compile(r"[a-z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_IDENTIFIER = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_PARAMETER = re.compile(r"[^\s=&?#]{1,100}")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_REFERENCE = re.compile(r"\\(.?)", re.DOTALL)
_JOINERS = "\u200c\u200d"  # Kurdish and Persian are written with them


class Record(BaseModel):
    """A table of a data file: no unknown keys, no converted types, never changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _list_as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Item = TypeVar("Item")
List = Annotated[tuple[Item, ...], BeforeValidator(_list_as_tuple)]
"""Zero or more, kept as a tuple."""
Some = Annotated[tuple[Item, ...], BeforeValidator(_list_as_tuple), Field(min_length=1)]
"""One or more, kept as a tuple."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


NamedItem = TypeVar("NamedItem", bound=_Named)


def named_once(items: tuple[NamedItem, ...]) -> tuple[NamedItem, ...]:
    """Check that no two tables of a list have one name; raises ValueError."""
    names = [item.name for item in items]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f'names "{twice}" twice')
    return items


def _one_line(text: str) -> str:
    """Text that looks like what it is: no hidden, line-breaking or direction-turning marks."""
    if not text.strip():
        raise ValueError("is empty")
    for place, char in enumerate(text, start=1):
        if char != " " and char not in _JOINERS and unicodedata.category(char)[0] in "CZ":
            name = unicodedata.name(char, "control character")
            raise ValueError(f"holds U+{ord(char):04X} ({name}) as its character {place}")
    if text != text.strip():
        raise ValueError("begins or ends with a space")
    return text


def _country(code: str) -> str:
    if not _COUNTRY.fullmatch(code):
        raise ValueError('must be a country code of two small letters such as "ma"')
    return code


def _language(code: str) -> str:
    if code == "ku":
        raise ValueError('is "ku"; say which Kurdish: "ckb" (Sorani) or "kmr" (Kurmanji)')
    if not _LANGUAGE.fullmatch(code):
        raise ValueError('must be a language code such as "ar", "fr" or "ckb"')
    return code


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """The zones of the `tzdata` package, never those of the machine."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f'"{name}" is not a time zone{did_you_mean(name, _zones())}')
    return name


def web_address(url: str) -> str:
    """Check an absolute web address; paths may be in any script. Raises ValueError."""
    _one_line(url)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # both are read here because they may raise
    except ValueError as error:
        raise ValueError(f"is not a usable web address ({error})") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f'"{url}" is not a web address that begins with https:// or http://')
    if " " in url or "<" in url or parts.username is not None or parts.fragment:
        raise ValueError("must be a web address without spaces, <…>, user name or #")
    return url


def _host(name: str) -> str:
    if not _HOST.fullmatch(name):
        raise ValueError(f'"{name}" is not a host name such as "example.ma", in small letters')
    return name.removeprefix("www.")


def _pattern(pattern: str) -> str:
    try:
        compiled = compile_pattern(pattern)
    except re2.error as error:
        raise ValueError(f"is not a regular expression: {_reason(error)}") from None
    if compiled.search(""):
        raise ValueError("fits every link, even an empty one")
    return pattern


def _reason(error: Exception) -> str:
    """What re2 says, which comes as bytes."""
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def _parameter(name: str) -> str:
    if not _PARAMETER.fullmatch(name):
        raise ValueError(f'"{name}" is not the name of a parameter, such as "ref" of ?ref=12')
    return name


def _label(name: str) -> str:
    if not _LABEL.fullmatch(name):
        raise ValueError(f'"{name}" is not one part of a host name, such as "beta"')
    return name


def _rewrite(pair: tuple[str, str]) -> tuple[str, str]:
    """A pattern and its replacement, whose references are groups of the pattern."""
    pattern, replacement = pair
    groups = compile_pattern(_pattern(pattern)).groups
    for reference in _REFERENCE.findall(replacement):
        if not reference.isdigit() or int(reference) > groups:
            raise ValueError(
                f'"{replacement}" holds \\{reference}, and the pattern has {groups} groups'
            )
    return pattern, replacement


def _css(selector: str) -> str:
    """Check with the parser that will apply it, which is loaded only for files that have such."""
    from crawler.reading.selected import wrong_selector

    if wrong := wrong_selector(selector):
        raise ValueError(wrong)
    return selector


def identifier(text: str) -> str:
    """Check a name for machines: small letters, digits, and single `-` or `_` between them."""
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(f'"{text}" must be made of a-z, 0-9 and single - or _')
    return text


Text = Annotated[str, AfterValidator(_one_line)]
Identifier = Annotated[str, AfterValidator(identifier)]
Country = Annotated[str, AfterValidator(_country)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Zone = Annotated[str, AfterValidator(_zone)]
Url = Annotated[str, AfterValidator(web_address)]
Host = Annotated[str, AfterValidator(_host)]
Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression of google-re2, searched in path and query of a link."""
Parameter = Annotated[str, AfterValidator(_parameter)]
Label = Annotated[str, AfterValidator(_label)]
"""One part of a host name."""
Rewrite = Annotated[tuple[str, str], BeforeValidator(_list_as_tuple), AfterValidator(_rewrite)]
"""A pattern of google-re2 and what replaces each of its matches; `\\1` is its first group."""
Css = Annotated[str, AfterValidator(_css)]
"""A CSS selector, as the parser of pages applies it."""
