"""URLs as outlets write them: made absolute and safe to fetch, and the key that tells them apart.

`clean_url` follows the WHATWG URL rules as far as http and https need them. `url_key` is made for
comparing only: it forgets tracking parameters, mobile and AMP variants, scheme and fragment, and
never the case of a path.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import idna

MAX_LENGTH = 2083
"""Longest URL that is visited; longer ones are traps (the limit is also Scrapy's)."""

_STRIPPED = "".join(map(chr, range(0x21))) + "\u00a0\ufeff\u200b\u200e\u200f"
_REMOVED = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_WEB = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
_FORBIDDEN_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "/%:@!$&'()*+,;=~-._[]|"
_QUERY_SAFE = "/%:@!$&()*+,;=~-._[]|?{}^`\\"

_TRACKING = re.compile(
    r"(utm_.*|mtm_.*|pk_.*|hsa_.*|at_(medium|campaign|custom\d|link.*|ptr_name)|wt_.*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid"
    r"|_ga|_gl|_hsenc|_hsmi|ncid|cmpid|cmp|xtor|ocid|smid|s_cid|ref_src|ref_url|__twitter_impression"
    r"|phpsessid|jsessionid|amp|outputtype|nocache|_x_tr_.*|__cf_chl_.*|doing_wp_cron)",
    re.IGNORECASE,
)
_MOBILE_LABEL = re.compile(r"(www\d?|m|mobile|amp|wap)")
_AMP_EDGES = re.compile(r"^/amp(?=/)|/amp/?$|\.amp(?=\.html?$)|\.amp$")
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


def clean_url(href: str, base: str | None = None) -> str | None:
    """An absolute http or https URL without fragment, or None if `href` is unusable as one.

    Links with credentials, with other schemes and over `MAX_LENGTH` are unusable.

    >>> clean_url("//مثال.إختبار/أخبار 1#top", "https://example.ma/")
    'https://xn--mgbh0fb.xn--kgbechtv/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1%201'
    """
    text = _REMOVED.sub("", href.strip(_STRIPPED))
    if not text or len(text) > MAX_LENGTH:
        return None
    try:
        return _cleaned(_absolute(text, base))
    except ValueError:
        return None


def _absolute(text: str, base: str | None) -> str:
    """`text` resolved against `base`; raises ValueError for what is no web address."""
    text = text.partition("#")[0]
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


def _cleaned(url: str) -> str:
    """`url` with its host in ASCII, its path resolved and percent-encoded; or ValueError."""
    head, mark, query = url.partition("?")
    parts = urlsplit(head.replace("\\", "/") + mark + query)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or "@" in parts.netloc:
        raise ValueError("no web address, or with credentials")
    netloc = _host(parts.hostname or "") + _port(parts.port, scheme)
    path = quote(_without_dots(parts.path or "/"), safe=_PATH_SAFE, errors="strict")
    query = quote(parts.query, safe=_QUERY_SAFE, errors="strict")
    cleaned = urlunsplit((scheme, netloc, path, query, ""))
    if len(cleaned) > MAX_LENGTH:
        raise ValueError("too long")
    return cleaned


def _port(port: int | None, scheme: str) -> str:
    return "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"


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


def url_key(url: str, outlet_id: str = "", domains: Iterable[str] = ()) -> str:
    """The identity of a document: equal for all addresses of one article of one outlet.

    On the outlet's own hosts it is the outlet, what stands before the domain, and the path; so an
    outlet that moves to another of its domains keeps its articles. Elsewhere it is host and path.

    >>> url_key("https://m.example.ma/a/B/amp/?utm_source=x&id=3", "ma_example", ["example.ma"])
    'ma_example:/a/B?id=3'
    >>> url_key("http://www.example.ma/a/B/?id=3#top")
    'example.ma/a/B?id=3'
    """
    try:
        parts = urlsplit(url)
        host, port = _desktop_host(parts.hostname or ""), _port_of(parts.netloc)
    except ValueError:
        return url
    own = _own_domain(host, domains) if outlet_id else None
    path = _key_path(parts.path) + _key_query(parts.query)
    if own is None:
        return host + port + path
    return f"{outlet_id}:{host.removesuffix(own).removesuffix('.')}{path}"


def is_own_host(url: str, domains: Iterable[str]) -> bool:
    """Whether `url` lies on one of `domains` or below it."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return _own_domain(host, domains) is not None


def _own_domain(host: str, domains: Iterable[str]) -> str | None:
    """The shortest listed domain that `host` lies in: `fr.x.ma` stays apart from `x.ma`."""
    plain = (_desktop_host(domain.lower()) for domain in domains)
    own = [domain for domain in plain if host == domain or host.endswith("." + domain)]
    return min(own, key=len, default=None)


def _desktop_host(host: str) -> str:
    """`host` without the labels for mobile, AMP and `www`, as long as a name remains."""
    labels = host.lower().split(".")
    while len(labels) > 2 and _MOBILE_LABEL.fullmatch(labels[0]):
        del labels[0]
    return ".".join(labels)


def _port_of(netloc: str) -> str:
    tail = netloc.rpartition(":")[2]
    return f":{tail}" if tail.isdigit() and tail not in ("80", "443") else ""


def _key_path(path: str) -> str:
    """`path` in one encoding, without AMP edges, session ids, double and trailing slashes."""
    path = _SESSION_PATH.sub("", re.sub(r"/{2,}", "/", path))
    return _one_encoding(_AMP_EDGES.sub("", path).rstrip("/"))


def _key_query(query: str) -> str:
    """The parameters that may choose a document, sorted, in one encoding."""
    pairs = [pair for pair in query.split("&") if pair]
    kept = sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair.partition("=")[0]))
    return "?" + "&".join(map(_one_encoding, kept)) if kept else ""


def _one_encoding(text: str) -> str:
    """`text` percent-encoded in one way, so that raw and encoded Arabic are equal."""
    try:
        plain = unicodedata.normalize("NFC", unquote(text, errors="strict"))
        return quote(plain, safe="/:@!$'()*,;=~-._", errors="strict")
    except UnicodeError:
        return text
