"""What simulated months are made of: page bodies and article texts as long as measured ones.

With the shared data, bodies are real pages, packed as servers send them, and lengths of texts are
those of real news articles (gold texts). Without it, both follow the distribution that was measured
there on 2026-11-22: bodies of 1,276 pages, median 27.4 kB and mean 41.1 kB packed; texts of 511
news articles, median 606 and mean 875 words. Those pages are of large Western sites for the most
part; pages of the region have not been measured.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from bench.newstexts import texts

BODY_MEDIAN, BODY_SIGMA = 27_400, 0.90
"""Bytes of a packed page: log-normal."""
WORDS_MEDIAN, WORDS_SIGMA = 606, 0.86
"""Words of an article, likewise."""
FEED_MEDIAN, FEED_SIGMA = 12_000, 0.60
"""Bytes of a packed feed, sitemap or listing (assumed: thirty entries with summaries)."""
LANGUAGES = {"ar": 60, "fr": 20, "en": 10, "ckb": 10}
"""Of a hundred articles (assumed)."""
NEWS_SETS = ("aed", "fundus_eval", "fundus_res", "scrapinghub", "newspaper4k")
"""Sets of saved pages that are news with their whole text."""
_END = re.compile(r"(?<=[.؟!?…])\s+")


class Material:
    """Bodies, texts and headlines, drawn by dice; `words` and `page` (bytes) are medians."""

    def __init__(
        self,
        data: Path | None,
        dice: random.Random,
        words: int | None = None,
        page: int | None = None,
    ) -> None:
        self._dice = dice
        self._bodies = list(_bodies(data)) if page is None else []
        self._page = page or BODY_MEDIAN
        self._lengths = _lengths(data) if words is None else []
        self._median = words or WORDS_MEDIAN
        self._pools = {
            name: [line for text in texts(data, name) for line in _END.split(text) if line.strip()]
            for name in LANGUAGES
        }

    @property
    def measured(self) -> dict[str, bool]:
        """Which of bodies and lengths are those of real pages."""
        return {"bodies_measured": bool(self._bodies), "lengths_measured": bool(self._lengths)}

    def body(self) -> bytes:
        """A page as it comes over the wire: packed, so that no packer takes more off it."""
        if not self._bodies:
            return self._dice.randbytes(self._size(self._page, BODY_SIGMA))
        return self._dice.choice(self._bodies) + self._dice.randbytes(8)  # no two are the same

    def list_body(self) -> bytes:
        """A feed, sitemap or listing as it comes over the wire."""
        return self._dice.randbytes(self._size(FEED_MEDIAN, FEED_SIGMA))

    def article(self) -> tuple[str, str, str]:
        """A language, a headline and a text."""
        language = self._dice.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        pool, wanted = self._pools[language], self._words()
        lines: list[str] = []
        while (have := sum(map(_count, lines))) < wanted:
            lines.append(_cut(self._dice.choice(pool), wanted - have))
        return language, _cut(self._dice.choice(pool), 11), "\n".join(lines)

    def _words(self) -> int:
        return self._dice.choice(self._lengths or [self._size(self._median, WORDS_SIGMA)])

    def _size(self, median: int, sigma: float) -> int:
        return max(round(median * self._dice.lognormvariate(0, sigma)), 30)


def _count(line: str) -> int:
    return line.count(" ") + 1


def _cut(line: str, words: int) -> str:
    return " ".join(line.split(" ")[:words])


def _bodies(data: Path | None) -> Iterator[bytes]:
    for file in sorted((data / "pages").glob("*/html/*.html.gz")) if data else ():
        yield gzip.compress(gzip.decompress(file.read_bytes()), 6)


def _lengths(data: Path | None) -> list[int]:
    found = []
    for name in NEWS_SETS if data else ():
        assert data is not None
        file = data / "pages" / name / "gold.jsonl"
        for line in file.read_text(encoding="utf-8").split("\n")[:-1]:  # U+2028 ends no line
            page = json.loads(line)
            words = len((page.get("text") or "").split())
            if page["gold_kind"] == "full" and words >= 30:
                found.append(words)
    return found
