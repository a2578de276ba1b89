"""Families of addresses without end: calendars, session ids, parameters, folders in themselves.

What belongs to one is left aside and named. An address that only differs from another one by the
session or the page from which it is linked is the same document: it is written without that, so
that the next visit knows it again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from crawler.reading.page_links import PageLink
from crawler.reading.paging import page_number
from crawler.reading.url_anatomy import anatomy
from crawler.reading.url_shapes import is_sure_form
from storage.finding import Sign

CALENDAR, SESSION, PARAMETERS, DEPTH = (
    "trap_calendar",
    "trap_session",
    "trap_parameters",
    "trap_depth",
)
MAX_ARTICLES = 300
"""Links to articles of one page that are followed; no front page has so many."""

_NAMED_FROM = 5  # links of a family: fewer are left aside without a sign
_MOST_OF = 0.8  # of a page's links that carry the same session
_FACETS_FROM = 12
_MOST_PARAMETERS = 8
_MOST_SEGMENTS = 20
_REPEATS = 3  # of a folder in itself
_TOKEN = re.compile(r"(?=[^0-9]*[0-9])(?=[^a-zA-Z]*[a-zA-Z])[0-9a-zA-Z_\-]{8,256}")
_BARE_DATE = re.compile(r"(?:/(?:word|year|month|day)(?:\.\w+)?)*/(?:year|month|day)(?:\.\w+)?")
_COUNTED = re.compile(r"(?:/word)+(?:/(?:number|year|month)){2,3}")
_MOST_DIGITS_OF_A_DATE = 4
_CALENDAR_WORDS = frozenset(
    "calendar calendrier agenda events event évènements evenements archive archives تقويم الأجندة "
    "أجندة فعاليات الفعاليات أرشيف ارشيف ڕۆژژمێر salname".split()
)
_DATE_NAMES = frozenset(
    "date day month year d m y yr mon week from to start end since until on تاريخ".split()
)
_DATE_VALUE = re.compile(r"\d{1,4}(?:[-/.]\d{1,2}){0,2}|\d{8}")

Query = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Cleared:
    """The links that are left, and what was noticed on the way."""

    links: list[PageLink]
    signs: list[Sign] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    left_aside: int = 0

    def drop(self, family: Callable[[PageLink], bool], kind: str, what: str) -> None:
        """Leave a family aside; it is named where it has members enough to be one."""
        gone = [link.url for link in self.links if family(link)]
        if not gone:
            return
        self.links = [link for link in self.links if not family(link)]
        said = f"{len(gone)} {what}, as {gone[0][:200]}"
        self.left_aside += len(gone)
        self.ignored.append(said)
        if len(gone) >= _NAMED_FROM:
            self.signs.append(Sign(kind, said))


def without_traps(links: Sequence[PageLink], address: str, known: Iterable[str] = ()) -> Cleared:
    """The links of the page at `address` without those of endless families.

    `known` are addresses of articles that are stored: a link to one of them that goes through
    another session is written as it is known.
    """
    cleared = Cleared(list(links))
    cleared.drop(_is_too_deep, DEPTH, "links into folders that repeat")
    cleared.drop(is_calendar, CALENDAR, "links to days of a calendar")
    _without_sessions(cleared, address)
    _without_session_folders(cleared, known)
    _without_own_page(cleared, address)
    cleared.drop(_has_many_parameters, PARAMETERS, f"links with over {_MOST_PARAMETERS} parameters")
    facets = _facets(cleared.links)
    cleared.drop(lambda link: _bare(link.url) in facets, PARAMETERS, "links that choose and sort")
    _at_most(cleared)
    return cleared


def is_calendar(link: PageLink) -> bool:
    """Whether an address has nothing but a date: a day of a calendar, a month of an archive."""
    one = anatomy(link.url)
    if _BARE_DATE.fullmatch(one.form):
        return True
    query = _query(link.url)
    if query and all(name.lower() in _DATE_NAMES for name, _ in query):
        return all(_DATE_VALUE.fullmatch(value) for _, value in query)
    listed = _CALENDAR_WORDS.intersection(one.words)
    small = all(digits <= _MOST_DIGITS_OF_A_DATE for digits in one.digits)
    return bool(listed) and small and _COUNTED.fullmatch(one.form) is not None


def _is_too_deep(link: PageLink) -> bool:
    """Whether folders stand in themselves: `/a/x/x/x`, `/a/b/a/b/a/b`."""
    segments = [segment for segment in urlsplit(link.url).path.split("/") if segment]
    if len(segments) > _MOST_SEGMENTS:
        return True
    for size in (1, 2, 3):
        run = 0
        for place in range(size, len(segments)):
            run = run + 1 if segments[place] == segments[place - size] else 0
            if run >= size * (_REPEATS - 1):
                return True
    return False


# ---------------------------------------------------------------- sessions


def _without_sessions(cleared: Cleared, address: str) -> None:
    """Take out parameters that most links of the page carry as a token and that choose nothing."""
    queries = {link.url: _query(link.url) for link in cleared.links}
    names = Counter(name for query in queries.values() for name, _ in dict(query).items())
    for name, count in names.items():
        if count < max(_NAMED_FROM, len(queries) * _MOST_OF):
            continue
        values = [dict(query)[name] for query in queries.values() if name in dict(query)]
        if all(map(_TOKEN.fullmatch, values)) and _chooses_nothing(cleared.links, name, values):
            said = f"{count} of {len(queries)} links carry {name}={values[0][:60]}"
            cleared.signs.append(Sign(SESSION, said))
            _rewrite(cleared, partial(_without_parameter, name=name))


def _chooses_nothing(links: Sequence[PageLink], name: str, values: Sequence[str]) -> bool:
    """Whether the links are as different without a parameter as with it."""
    if len(set(values)) == 1:
        return True
    bare = {_without_parameter(link.url, name) for link in links}
    return len(bare) == len(links) and all(is_sure_form(anatomy(url).form) for url in bare)


def _without_session_folders(cleared: Cleared, known: Iterable[str]) -> None:
    """Write links as they are known where only a folder with a token is another one.

    It cannot be taken out: the site may answer nothing without one.
    """
    folders = Counter(_first_token(link.url) for link in cleared.links)
    token, count = folders.most_common(1)[0] if folders else ("", 0)
    if not token or count < max(_NAMED_FROM, len(cleared.links) * _MOST_OF):
        return
    said = f"{count} of {len(cleared.links)} links lead through /{token[:60]}/"
    cleared.signs.append(Sign(SESSION, said))
    by_rest = {_rest(url): url for url in known}
    _rewrite(cleared, lambda url: by_rest.get(_rest(url), url))


def _first_token(url: str) -> str:
    """The first folder of an address that is a token; "" where its last segment is the first."""
    folders = urlsplit(url).path.split("/")[1:-1]
    return next((folder for folder in folders if _TOKEN.fullmatch(folder) and _is_code(folder)), "")


def _is_code(folder: str) -> bool:
    return len(folder) >= 16 or anatomy(f"http://x/{folder}").form == "/code"


def _rest(url: str) -> str:
    """An address without its token."""
    parts = urlsplit(url)
    token = _first_token(url)
    return parts._replace(path=parts.path.replace(f"/{token}/", "/", 1)).geturl() if token else url


def _without_own_page(cleared: Cleared, address: str) -> None:
    """Take out the number of the list's own page, where links to articles carry it on."""
    number = page_number(address)
    own = [name for name, value in _query(address) if value == str(number)]
    for name in own if number is not None else ():
        _rewrite(cleared, partial(_without_page, name=name, number=str(number)))


def _without_page(url: str, name: str, number: str) -> str:
    bare = _without_parameter(url, name)
    same = dict(_query(url)).get(name) == number
    return bare if same and is_sure_form(anatomy(bare).form) else url


# ---------------------------------------------------------------- parameters


def _has_many_parameters(link: PageLink) -> bool:
    return len(_query(link.url)) > _MOST_PARAMETERS


def _facets(links: Iterable[PageLink]) -> set[str]:
    """The addresses under which many combinations of parameters stand, none of which is an id."""
    families: dict[str, list[Query]] = defaultdict(list)
    for link in links:
        if query := _query(link.url):
            families[_bare(link.url)].append(query)
    return {bare for bare, queries in families.items() if _are_facets(queries)}


def _are_facets(queries: Sequence[Query]) -> bool:
    if len(queries) < _FACETS_FROM:
        return False
    values: dict[str, set[str]] = defaultdict(set)
    for query in queries:
        for name, value in query:
            values[name].add(value)
    varying = [len(found) for found in values.values() if len(found) > 1]
    return len(varying) > 1 and max(varying) <= len(queries) / 2


def _at_most(cleared: Cleared) -> None:
    """Follow no more links than a page of articles has."""
    more = len(cleared.links) - MAX_ARTICLES
    if more > 0:
        cleared.links = cleared.links[:MAX_ARTICLES]
        cleared.left_aside += more
        cleared.ignored.append(f"{more} links beyond the first {MAX_ARTICLES}")
        cleared.signs.append(Sign(PARAMETERS, f"{more + MAX_ARTICLES} links to articles on a page"))


# ---------------------------------------------------------------- addresses


def _rewrite(cleared: Cleared, change: Callable[[str], str]) -> None:
    """Change addresses; of links that become one, the first stays."""
    changed: dict[str, PageLink] = {}
    for link in cleared.links:
        url = change(link.url)
        changed.setdefault(url, link if url == link.url else replace(link, url=url))
    cleared.links = list(changed.values())


def _query(url: str) -> Query:
    return tuple(parse_qsl(urlsplit(url).query, max_num_fields=None)[:50])


def _bare(url: str) -> str:
    return url.partition("?")[0]


def _without_parameter(url: str, name: str) -> str:
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0] != name]
    return urlunsplit(parts._replace(query="&".join(kept)))
