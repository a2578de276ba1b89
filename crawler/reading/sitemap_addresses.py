"""Which addresses of a sitemap are of use: those on the outlet's own hosts, each once."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.reading.urls import clean_url, is_own_host

_TOLD = 5  # reasons that are written out


class Addresses:
    """Makes addresses absolute and counts those that are ignored, with the first reasons."""

    def __init__(self, base: str, domains: tuple[str, ...]) -> None:
        """`base` is the sitemap's own address."""
        self.base, self._domains = base, domains
        self.ignored = 0
        self.told: list[str] = []
        self.foreign = 0
        self.foreign_host = ""
        self.lists_itself = False
        self._seen: set[str] = set()

    def usable(self, loc: str) -> str | None:
        """The address that an entry gives, if nothing speaks against it; else it is ignored."""
        url = clean_url(loc, self.base)
        why = self._against(url, loc)
        if why or url is None:
            self.ignore(why)
            return None
        self._seen.add(url)
        return url

    def ignore(self, why: str) -> None:
        """One more entry that is of no use."""
        self.ignored += 1
        if len(self.told) < _TOLD:
            self.told.append(why)

    def _against(self, url: str | None, loc: str) -> str:
        if url is None:
            return f"no usable address ({loc[:60]})" if loc else "an entry without address"
        if not is_own_host(url, self._domains):
            host = urlsplit(url).hostname or ""
            self.foreign += 1
            self.foreign_host = self.foreign_host or host
            return f"on {host}, which is not one of the outlet's hosts"
        if url == self.base:
            self.lists_itself = True
            return "lists itself"
        if url in self._seen:
            return "an address that stands there twice"
        return "" if urlsplit(url).path != "/" or "?" in url else "the front page"
