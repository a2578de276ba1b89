"""What is told of a page that lists articles: how to choose its links, and what was read off it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.finding import Sign, VisitOutcome

CHALLENGE = "challenge"
NOT_A_LISTING = "not_a_listing"
PATTERN_UNMATCHED, SHAPES_UNMATCHED = "pattern_unmatched", "shapes_unmatched"
"""Kinds of signs; those of traps stand in crawler.reading.link_traps."""


@dataclass(frozen=True, slots=True)
class ListingRule:
    """How articles are told from other links: by the outlet's pattern, else by what is known.

    `known` are addresses of stored articles of the outlet, newest first; a few hundred are enough.
    """

    pattern: str | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link to an article.

    `group` numbers the lists of the page; `popular` is one that stands only in a box of most-read
    articles, which may be of any age. The date is None unless it is sure.
    """

    url: str
    headline: str = ""
    published_raw: str | None = None
    published_at: datetime | None = None  # aware, UTC
    group: int = 0
    popular: bool = False


@dataclass(frozen=True, slots=True)
class ListingReading:
    """What was read off a listing: links to articles in page order, or why there are none."""

    outcome: VisitOutcome  # READ, EMPTY, BLOCKED, BROKEN, TOO_LARGE, NETWORK_ERROR
    reason: str = ""
    links: tuple[ListedLink, ...] = ()
    next_page: str | None = None
    rule: str = ""  # pattern, learned or blocks
    signs: tuple[Sign, ...] = ()
    ignored: tuple[str, ...] = ()  # what was left aside, in words
    left_aside: int = 0  # links to articles, as it seemed, that were not taken
    own_links: int = 0  # different addresses on the outlet's hosts
    other_links: tuple[str, ...] = ()  # some of them that lead to no article
    newest_raw: str | None = None
    newest_at: datetime | None = None
    shows_since: datetime | None = None  # see storage.finding.Visit
    charset: str = ""

    @property
    def newest_links(self) -> tuple[ListedLink, ...]:
        """The longest list of the page: where new articles push old ones out.

        Blocks that are built alike count as one list: of a front page made of them, a busy block
        may lose articles while the last one shows that we came back. Sections tell more.
        """
        groups: dict[int, list[ListedLink]] = {}
        for link in self.links:
            if not link.popular:
                groups.setdefault(link.group, []).append(link)
        longest: list[ListedLink] = max(groups.values(), key=len, default=[])
        return tuple(longest)
