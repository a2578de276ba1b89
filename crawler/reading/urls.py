"""URLs as outlets write them: made absolute and safe to fetch, and the key that tells them apart.

`clean_url` follows the WHATWG URL rules as far as http and https need them. `url_key` is made for
comparing only: it forgets tracking parameters, AMP, mobile and print views, scheme and fragment,
and never the case of a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import idna

from crawler.reading.url_encoding import one_encoding, readable, without_stray
from crawler.reading.url_params import choosing, tracker_list
from crawler.reading.url_rules import NO_RULES, UrlRules
from crawler.reading.url_views import desktop_host, whole_view
from crawler.reading.url_wrappers import original

MAX_LENGTH = 2083
"""Longest URL that is visited; longer ones are traps (the limit is also Scrapy's)."""

KEY_VERSION = "2"
"""Names the recipe of `url_key`. Raised when it changes: stored keys are then made new."""

_STRIPPED = "".join(map(chr, range(0x21))) + "\u00a0\ufeff\u200b\u200e\u200f"
_CLEAN = re.compile(r"https?://[a-z0-9\-]+(?:\.[a-z0-9\-]+)+/[A-Za-z0-9_./\-]*")
"""Addresses that are clean as they are, as most are."""
_REMOVED = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_WEB = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
_FORBIDDEN_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "/%:@!$&'()*+,;=~-._[]|"
_QUERY_SAFE = "/%:@!$&()*+,;=~-._[]|?{}^`\\"

_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|cfid|cftoken)=[^/?#]*", re.IGNORECASE)
_COOKIELESS = re.compile(r"/\((?:[A-Z]\([^()/]{1,64}\)){1,4}\)(?=/)")
_INDEX = re.compile(r"(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|cfm)", re.IGNORECASE)
_ROUTE = re.compile(r"!?/[^/].*", re.DOTALL)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/:@!$'()*,;=~\-._]*")
_LANGUAGE_LABEL = re.compile(r"[a-z]{2}|ckb|kmr|arab\w*|engl\w*|fran\w*|french|kurd\w*|sorani")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def clean_url(href: str, base: str | None = None) -> str | None:
    """An absolute http or https URL without anchor, or None if `href` is unusable as one.

    Links with credentials, with other schemes and over `MAX_LENGTH` are unusable. A fragment by
    which a page's script chooses a document (`#!/news/5`) is kept: it is all that tells them apart.

    >>> clean_url("//مثال.إختبار/أخبار 1#top", "https://example.ma/")
    'https://xn--mgbh0fb.xn--kgbechtv/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1%201'
    """
    text = _REMOVED.sub("", href.strip(_STRIPPED))
    if not text or len(text) > MAX_LENGTH:
        return None
    if _CLEAN.fullmatch(text) and "/." not in text:
        return text
    address, _, fragment = text.partition("#")
    try:
        return _cleaned(_absolute(address, base), fragment)
    except ValueError:
        return None


def _absolute(text: str, base: str | None) -> str:
    """`text` resolved against `base`; raises ValueError for what is no web address."""
    if web := _WEB.match(text):
        return f"{web[1]}://{text[web.end() :]}"
    if _SCHEME.match(text):
        raise ValueError("not http or https")
    head, mark, query = text.partition("?")
    text = head.replace("\\", "/") + mark + query
    if text.startswith("//"):
        scheme = (base or "https:").partition(":")[0]
        return f"{scheme}:{text}"
    if not base:
        raise ValueError("relative, and no base")
    return urljoin(base, text) if text else base.partition("#")[0]


def _cleaned(url: str, fragment: str) -> str:
    """`url` with its host in ASCII, its path resolved and percent-encoded; or ValueError."""
    head, mark, query = url.partition("?")
    parts = urlsplit(head.replace("\\", "/") + mark + query)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or "@" in parts.netloc:
        raise ValueError("no web address, or with credentials")
    netloc = _host(parts.hostname or "") + _port(parts.port, scheme)
    path = quote(_without_dots(parts.path or "/"), safe=_PATH_SAFE, errors="strict")
    query = quote(parts.query, safe=_QUERY_SAFE, errors="strict")
    route = fragment if _ROUTE.fullmatch(fragment) else ""
    route = quote(route, safe=_QUERY_SAFE + "#'", errors="strict")
    cleaned = urlunsplit((scheme, netloc, path, query, route))
    if len(cleaned) > MAX_LENGTH:
        raise ValueError("too long")
    return cleaned


def _port(port: int | None, scheme: str) -> str:
    return "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"


@lru_cache(maxsize=4096)
def _host(host: str) -> str:
    """The host in lower-case ASCII (IDNA 2008 with UTS 46 mapping); ValueError if it is none."""
    if ":" in host:  # urlsplit has seen to it that this is an address in brackets
        return f"[{host}]"
    host = unquote(host, errors="strict").lower()
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")  # IDNAError is a ValueError
    host = host.removesuffix(".")
    if not host or _FORBIDDEN_HOST.search(host) or ".." in host or host.startswith("."):
        raise ValueError("no host name")
    return host


def _without_dots(path: str) -> str:
    """`path` with its `.` and `..` segments resolved (RFC 3986, 5.2.4)."""
    if "/." not in path and "/%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        plain = segment.replace("%2e", ".").replace("%2E", ".")
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
    last = segments[-1].replace("%2e", ".").replace("%2E", ".")
    return "/" + "/".join([*kept, ""] if last in (".", "..") else kept)


def url_key(
    url: str, outlet_id: str = "", domains: Iterable[str] = (), rules: UrlRules = NO_RULES
) -> str:
    """The identity of a document: equal for all addresses of one article of one outlet.

    On the outlet's own hosts it is the outlet, what stands before the domain, and the path; so an
    outlet that moves to another of its domains keeps its articles. Elsewhere it is host and path.
    An address that holds another one (AMP cache, translation, feed proxy) has the other's key.

    >>> url_key("https://m.example.ma/a/B/amp/?utm_source=x&id=3", "ma_example", ["example.ma"])
    'ma_example:/a/B?id=3'
    >>> url_key("http://www.example.ma/a/B/?id=3#top")
    'example.ma/a/B?id=3'
    """
    return _identified(url.strip(_STRIPPED), outlet_id, tuple(domains), rules)[0]


def key_digest(domains: Iterable[str], rules: str) -> str:
    """A digest that is another one whenever an outlet's stored keys may have to be made anew.

    `rules` are the outlet's own, as text. courlan's list counts: an upgrade may suspect more.
    """
    said = (KEY_VERSION, tracker_list(), *sorted(domains), rules)
    return sha256("\n".join(said).encode()).hexdigest()[:16]


def variant_of(url: str, domains: Iterable[str] = ()) -> str:
    """Which view or holder of a document an address is: amp, mobile, print, cache, proxy or "".

    >>> variant_of("https://m.example.ma/a/1"), variant_of("https://example.ma/a/1?x=2")
    ('mobile', '')
    """
    return _identified(url, "", tuple(domains), NO_RULES)[1]


def is_own_host(url: str, domains: Iterable[str]) -> bool:
    """Whether `url` lies on one of `domains` or below it."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return _own_domain(host, tuple(domains)) is not None


def _identified(
    url: str, outlet_id: str, domains: tuple[str, ...], rules: UrlRules
) -> tuple[str, str]:
    """The key of an address and what variant it is; the address itself where it is none."""
    if "\\" in url or "://" not in url:  # as browsers mend it
        url = clean_url(url) or url
    try:
        parts, holder = original(url, lambda other: is_own_host(other, domains))
        host, label = desktop_host(_host(parts.hostname or ""))
        document, view = _document(parts, rules)
        port = _port_of(parts.netloc)
    except ValueError:
        return url, ""
    own = _own_domain(host, domains) if outlet_id else None
    before = host + port if own is None else f"{outlet_id}:{_before(host, own, rules)}"
    return before + document, holder or view or label


def _own_domain(host: str, domains: tuple[str, ...]) -> str | None:
    """What of `host` is the outlet's domain: the shortest listed one that it lies in, so that
    `fr.x.ma` stays apart from `x.ma`; None on the hosts of others."""
    own = [cut for domain, cut in _cuts(domains) if lies_on(host, domain)]
    return min(own, key=len, default=None)


@lru_cache(maxsize=1024)
def _cuts(domains: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each domain, and what is cut off its hosts: less than the domain where it is listed beside
    another language's (`ar.x.ma`, `fr.x.ma`), whose articles have the same paths."""
    plain = {desktop_host(domain)[0] for domain in domains}
    parents = [domain.partition(".")[2] for domain in plain if _is_of_a_language(domain)]
    return tuple(
        (domain, parent if _is_of_a_language(domain) and parents.count(parent) > 1 else domain)
        for domain in sorted(plain)
        for parent in [domain.partition(".")[2]]
    )


def _is_of_a_language(domain: str) -> bool:
    first, _, rest = domain.partition(".")
    return "." in rest and bool(_LANGUAGE_LABEL.fullmatch(first))


def _before(host: str, own: str, rules: UrlRules) -> str:
    """What stands before the domain and does not name a mirror of the site; with the domain
    where its paths are its own."""
    apart = next((each for each in rules.apart if lies_on(host, each)), "")
    labels = host.removesuffix(apart or own).removesuffix(".").split(".")
    said = [label for label in (*labels, apart) if label and label not in rules.mirrors]
    return ".".join(said)


def lies_on(host: str, domain: str) -> bool:
    """Whether a host is a domain or one of its subdomains; both in lower case.

    >>> lies_on("ar.basnews.com", "basnews.com"), lies_on("anambasnews.com", "basnews.com")
    (True, False)
    """
    return host == domain or host.endswith("." + domain)


def _port_of(netloc: str) -> str:
    tail = netloc.rpartition(":")[2]
    return f":{tail}" if tail.isdigit() and tail not in ("80", "443") else ""


def _document(parts: SplitResult, rules: UrlRules) -> tuple[str, str]:
    """What of an address behind its host chooses a document, and the view that the rest chose."""
    path, view = _key_path(parts.path)
    query, shown = choosing(parts.query, path, rules)
    document = path + (f"?{query}" if query else "") + _route(parts.fragment)
    return _rewritten(document, rules) if rules.same else document, view or shown


def _key_path(path: str) -> tuple[str, str]:
    """`path` in one encoding, without views, index pages, session ids and needless slashes."""
    path = _SESSION_PATH.sub("", path) if ";" in path else path
    path = _COOKIELESS.sub("", path) if "/(" in path else path
    path = _without_dots(path)
    plain = list(filter(None, path.split("/")))
    if not _PLAIN_PATH.fullmatch(path):
        plain = [one_encoding(segment) for segment in plain]
    found = ""
    while True:
        segments, view = whole_view(_without_index(plain))
        found = found or view
        if segments == plain:
            return "".join(f"/{segment}" for segment in segments), found
        plain = segments


def _without_index(segments: list[str]) -> list[str]:
    """The segments without stray marks and the page that a server shows for a folder."""
    if segments and (last := without_stray(segments[-1])) != segments[-1]:
        return [*segments[:-1], last] if last else segments[:-1]
    if segments and segments[-1] in (".", ".."):  # what a mark or an ending has hidden
        return segments[: -len(segments[-1])]
    if segments and _INDEX.fullmatch(segments[-1]):
        return segments[:-1]
    return segments[1:] if segments and segments[0].lower() == "index.php" else segments


def _route(fragment: str) -> str:
    """A fragment by which a page's script chooses a document (`#!/news/5`); "" for an anchor."""
    if not _ROUTE.fullmatch(fragment):
        return ""
    return "#" + "/".join(map(one_encoding, fragment.split("/")))


def _rewritten(document: str, rules: UrlRules) -> str:
    """Path and query as the outlet's rewrites have them; patterns see the letters of all scripts,
    and what they write is encoded again."""
    text = readable(document)
    for pattern, replacement in rules.same:
        text = pattern.sub(replacement, text)
    path, mark, query = text.partition("?")
    path = path.rstrip("/")
    if path and not path.startswith("/"):
        path = "/" + path
    return quote(path + (mark + query if query else ""), safe=_ASCII, errors="strict")
