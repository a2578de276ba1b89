"""Addresses that hold another one: AMP caches, translations, web archives, feed proxies.

The document is the one whose address they hold. Who holds what is data; an unknown host is only
believed where the address that it holds is the outlet's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

_WEB = re.compile(r"https?:/{1,2}(?=[^/])", re.IGNORECASE)
_NAMED = frozenset(
    "url u q to target link dest destination redirect goto redirect_url redirect_uri redir out "
    "href uri source_url rurl".split()
)
_REDIRECTS = re.compile(
    r"(re)?dir(ect)?(or)?|out|go(to)?|click|away|link|exit|track(ing)?|share|print|proxy|rss|feed",
    re.IGNORECASE,
)
_AMP_HOSTS = (".ampproject.org", ".ampproject.net", ".bing-amp.com", "amp.cloudflare.com")
_AMP_PATH = re.compile(r"/(?:c|v|wp|a|r)/(s/)?([^/]+\.[^/]+)(/.*)?")
_GOOGLE = re.compile(r"(?:www\.|translate\.|news\.)?google(?:\.com?)?\.[a-z]{2,3}")
_GOOGLE_AMP = re.compile(r"/amp/(s/)?([^/]+\.[^/]+)(/.*)?")
_WAYBACK = re.compile(r"/web/(?:\d{1,14}(?:[a-z]{2}_)?\*?|\*|[0-9]+id_)/(.+)", re.DOTALL)
_SNAPSHOT = re.compile(r"/(?:\d{4,14}|newest|oldest|o/[0-9A-Za-z]+)/(https?:/.+)", re.DOTALL)
_TURBO = re.compile(r"(?:/turbo)?/([^/]+\.[^/]+)/s(/.*)?")
_CACHE = re.compile(r"cache:(?:[\w\-]{8,16}:)?([^\s+]+)")

Read = Callable[[SplitResult], str | None]


def original(url: str, own: Callable[[str], bool]) -> tuple[SplitResult, str]:
    """The address that `url` holds in the end, or itself, and what it was held by, or "".

    `own` tells whether an address lies on the outlet's hosts. Raises ValueError for no address.

    >>> held, by = original("https://x-ma.cdn.ampproject.org/c/s/x.ma/a?id=3", lambda url: False)
    >>> held.geturl(), by
    ('https://x.ma/a?id=3', 'amp')
    """
    parts, kind = urlsplit(url), ""
    while _may_hold(parts):
        held, by = _held(parts, own)
        if not held or len(held) >= len(parts.geturl()):
            break
        parts, kind = urlsplit(held), kind or by
    return parts, kind


def _may_hold(parts: SplitResult) -> bool:
    """Whether it is worth a look: few addresses are."""
    behind = parts.path + parts.query
    return "http" in behind or "HTTP" in behind or _holds(parts.netloc)


@lru_cache(maxsize=4096)
def _holds(netloc: str) -> bool:
    """Whether a host is one of those that hold the addresses of others."""
    host = (urlsplit(f"//{netloc}").hostname or "").removeprefix("www.")
    return any(fits(host) for fits, _, _ in _KNOWN)


def _held(parts: SplitResult, own: Callable[[str], bool]) -> tuple[str | None, str]:
    host = (parts.hostname or "").removeprefix("www.")
    for fits, read, kind in _KNOWN:
        if fits(host) and (held := read(parts)):
            return held, kind
    return _of_outlet(parts, own), "proxy"


def _of_outlet(parts: SplitResult, own: Callable[[str], bool]) -> str | None:
    """The address of an article of the outlet, held by a proxy or by the outlet's own redirects."""
    if own(parts.geturl()) and not _REDIRECTS.fullmatch(_script(parts.path)):
        return None
    for held in (_parameter(parts.query, _NAMED), _in_path(parts)):
        if held and own(held):
            return held
    return None


def _script(path: str) -> str:
    """The name of what serves a path: `redirect` of `/inc/redirect.php`."""
    return path.rstrip("/").rpartition("/")[2].partition(".")[0]


def _parameter(query: str, names: frozenset[str]) -> str | None:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name.lower() in names and (address := _address(unquote(value))):
            return address
    return None


def _address(text: str) -> str | None:
    """`text` as an absolute address, or None where it is none."""
    web = _WEB.match(text)
    return f"{web[0].rstrip('/')}//{text[web.end() :]}" if web else None


def _in_path(parts: SplitResult) -> str | None:
    """An address that stands whole in a path, its query behind it."""
    whole = parts.path + (f"?{parts.query}" if parts.query else "")
    found = re.search(r"/(https?(?::|%3[aA])/.+)", whole, re.DOTALL)
    return _address(unquote(found[1]) if "%3" in found[1][:9] else found[1]) if found else None


def _named(*names: str) -> Read:
    return lambda parts: _parameter(parts.query, frozenset(names))


def _matched(pattern: re.Pattern[str]) -> Read:
    """A reader of paths like `/c/s/host/path`, where `s/` says https."""

    def read(parts: SplitResult) -> str | None:
        found = pattern.fullmatch(parts.path)
        if not found:
            return None
        scheme, host, rest = ("https", *found.groups()) if pattern.groups == 2 else _three(found)
        return f"{scheme}://{host}{rest or '/'}" + (f"?{parts.query}" if parts.query else "")

    return read


def _three(found: re.Match[str]) -> tuple[str, str, str | None]:
    return ("https" if found[1] else "http", found[2], found[3])


def _google_cache(parts: SplitResult) -> str | None:
    for pair in parts.query.split("&"):
        found = _CACHE.match(unquote(pair.removeprefix("q="))) if pair.startswith("q=") else None
        if found:
            return _address(found[1]) or f"https://{found[1]}"
    return None


def _translated(parts: SplitResult) -> str:
    """The page behind `www-example-ma.translate.goog`: a dash is a dot, two are a dash."""
    label = (parts.hostname or "").removesuffix(".translate.goog")
    host = label.replace("--", "\0").replace("-", ".").replace("\0", "-")
    return f"https://{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _archived(pattern: re.Pattern[str]) -> Read:
    def read(parts: SplitResult) -> str | None:
        found = pattern.fullmatch(parts.path)
        if not found:
            return None
        held = _address(found[1]) or f"http://{found[1]}"
        return held + (f"?{parts.query}" if parts.query else "")

    return read


def _ends(*hosts: str) -> Callable[[str], bool]:
    return lambda host: host.endswith(hosts)


def _is(*hosts: str) -> Callable[[str], bool]:
    return frozenset(hosts).__contains__


_SNAPSHOTS = _is(*(f"archive.{ending}" for ending in ("ph", "is", "today", "md", "li", "vn", "fo")))
_KNOWN: tuple[tuple[Callable[[str], bool], Read, str], ...] = (
    (_ends(*_AMP_HOSTS), _matched(_AMP_PATH), "amp"),
    (lambda host: bool(_GOOGLE.fullmatch(host)), _matched(_GOOGLE_AMP), "amp"),
    (lambda host: bool(_GOOGLE.fullmatch(host)), _named("u", "url", "q"), "proxy"),
    (_is("webcache.googleusercontent.com"), _google_cache, "cache"),
    (_is("translate.googleusercontent.com"), _named("u"), "cache"),
    (_ends(".translate.goog"), _translated, "cache"),
    (_is("web.archive.org"), _archived(_WAYBACK), "cache"),
    (_SNAPSHOTS, _archived(_SNAPSHOT), "cache"),
    (_ends(".turbopages.org"), _matched(_TURBO), "amp"),
    (_is("l.facebook.com", "lm.facebook.com", "facebook.com"), _named("u"), "proxy"),
    (_is("vk.com", "away.vk.com"), _named("to"), "proxy"),
    (_is("out.reddit.com"), _named("url"), "proxy"),
    (_is("youtube.com"), _named("q"), "proxy"),
    (_is("t.umblr.com"), _named("z"), "proxy"),
    (_is("bing.com"), _named("url"), "proxy"),
    (_is("12ft.io", "via.hypothes.is"), _in_path, "proxy"),
)
