"""What the demo newsroom's data files say: sites, their feeds and their articles.

One file in `articles/` is one made-up site. Times are aware; every state of a site is a function
of the clock alone, so asking twice, or in another order, gives the same answers.
"""

import re
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict

from storage.finding import VisitOutcome
from storage.models import Outcome


class Record(BaseModel):
    """A frozen record from a data file; a key that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Revision(Record):
    """What an article says from an instant on; what is left out stays as it was."""

    at: AwareDatetime
    headline: str | None = None
    text: str | None = None
    names: tuple[str, ...] | None = None


class Article(Record):
    """One article of a site: paragraphs of `text` are parted by an empty line.

    `names` are the actors that headline and text really name: the truth that mentions are held
    against. `copy_of` is `<slug>:<path>` of the text that this one reprints.
    """

    path: str
    language: Literal["ar", "fr", "en", "ckb", "kmr"]
    published: AwareDatetime
    headline: str
    text: str
    section: str = ""
    byline: str = ""
    names: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    copy_of: str = ""
    revised: tuple[Revision, ...] = ()
    withdrawn: AwareDatetime | None = None
    wall: bool = False  # answered with a challenge page
    expect: Outcome | None = None  # how a correct crawl ends; None: it is stored

    @property
    def paragraphs(self) -> list[str]:
        """The text's paragraphs, each on one line."""
        return [" ".join(part.split("\n")) for part in self.text.strip().split("\n\n")]

    def as_of(self, now: datetime) -> "Article":
        """The article as it stands at an instant: the latest revision's words."""
        told = {}
        for revision in (each for each in self.revised if each.at <= now):
            told.update(revision.model_dump(exclude={"at"}, exclude_none=True))
        return self.model_copy(update=told)

    def modified(self, now: datetime) -> datetime:
        """When its words last changed, up to an instant."""
        return max([self.published, *(each.at for each in self.revised if each.at <= now)])

    def gone(self, now: datetime) -> bool:
        """Whether it has been withdrawn by then."""
        return self.withdrawn is not None and self.withdrawn <= now


class Feed(Record):
    """One feed of a site, and the oddity with which it is served."""

    path: str
    format: Literal["rss", "atom", "json", "rdf"]
    language: str | None = None  # only articles in this language
    links: Literal["absolute", "relative", "protocol"] = "absolute"
    tracking: str = ""  # a query string hung on every link
    length: int = 40  # items at most
    fault: Literal["", "unavailable", "reset"] = ""
    expect: VisitOutcome | None = None  # None: it is read


class Listing(Record):
    """A page of a site that lists its articles, newest first, and what older ones lie behind."""

    path: str
    style: Literal["list", "cards", "rows"] = "list"
    length: int = 100  # articles on one page
    pages: Literal["query", "path"] = "query"  # how the addresses of older pages are made
    expect: VisitOutcome | None = None  # None: it is read

    def page_path(self, number: int) -> str:
        """The address of its n-th page, the first being 1."""
        if number == 1:
            return self.path
        if self.pages == "query":
            return f"{self.path}?page={number}"
        return f"{self.path.rstrip('/')}/page/{number}"


class Sitemap(Record):
    """A site's sitemap: one file of everything, or an index of a part for each month."""

    path: str
    parts: Literal["", "months", "packed"] = ""  # packed: the months' parts are gzip files
    news: str = ""  # the path of a part that holds the last two days, for news
    known: bool = True  # whether the outlet's file names it, not robots.txt alone


class Turn(Record):
    """What befalls a whole site at an instant, for good.

    redesign: other addresses (`rewrite` is a pattern and what stands for it), other pages.
    wall: every page is a challenge, with status 200. html_feed: the front page stands where the
    feeds were. moved: everything has gone to `host`, to which the old addresses lead.
    """

    at: AwareDatetime
    to: Literal["redesign", "wall", "html_feed", "moved"]
    host: str = ""
    layout: str = ""
    style: Literal["list", "cards", "rows"] = "list"
    rewrite: tuple[str, str] = ("", "")
    expect: VisitOutcome  # how a visit to its ways ends from then on


class Trouble(Record):
    """A trouble that the report must name, from a night on."""

    kind: str
    night: Literal[1, 2] = 1  # the first at which it can be told


class Box(Record):
    """A box beside every article: a heading and lines that do not belong to the article."""

    heading: str
    lines: tuple[str, ...]


class Site(Record):
    """One made-up outlet's site. The first five fields come from its outlet file."""

    id: str
    slug: str
    name: str
    timezone: str
    languages: tuple[str, ...]
    layout: str
    metadata: tuple[Literal["json-ld", "meta"], ...] = ()
    dates: Literal["iraqi", "moroccan", "gulf", "plain"] = "plain"
    charset: str = "utf-8"
    old_letters: bool = False  # Sorani in Arabic letters, heh and ZWNJ for the vowel
    robots: str | None = None  # None: there is no robots.txt
    fault: Literal["", "reset"] = ""  # every page besides feeds and robots.txt
    boxes: tuple[Box, ...] = ()
    feeds: tuple[Feed, ...]
    listings: tuple[Listing, ...] = ()
    sitemap: Sitemap | None = None
    turn: Turn | None = None
    troubles: tuple[Trouble, ...] = ()
    articles: tuple[Article, ...]

    @property
    def host(self) -> str:
        """The name under which it is served, without a port."""
        return f"{self.slug}.test"

    def turned(self, now: datetime) -> str:
        """What has befallen it by then: the word of its turn, or nothing."""
        return self.turn.to if self.turn is not None and self.turn.at <= now else ""

    def as_of(self, now: datetime) -> "Site":
        """The site as it stands at an instant: made anew after a redesign."""
        if self.turn is None or self.turned(now) != "redesign":
            return self
        pattern, new = self.turn.rewrite
        articles = (
            each.model_copy(update={"path": re.sub(pattern, new, each.path)})
            for each in self.articles
        )
        style = {"style": self.turn.style}
        return self.model_copy(
            update={
                "layout": self.turn.layout,
                "articles": tuple(articles),
                "listings": tuple(each.model_copy(update=style) for each in self.listings),
            }
        )

    def most_read(self, now: datetime) -> "list[Article]":
        """What stands beside its listings: its two oldest articles."""
        return self.shown(now)[-2:] if self.listings else []

    def spell(self, text: str) -> str:
        """The text in the letters that this site uses."""
        return text.translate(OLD_SORANI) if self.old_letters else text

    def offers(self, feed: Feed, now: datetime) -> list[Article]:
        """The articles that a feed shows at an instant, newest first, a feed's length at most."""
        fitting = [a for a in self.published(now) if feed.language in (None, a.language)]
        return fitting[: feed.length]

    def published(self, now: datetime) -> "list[Article]":
        """What it has published by then, newest first, with what was withdrawn since."""
        shown = [article for article in self.articles if article.published <= now]
        return sorted(shown, key=lambda article: article.published, reverse=True)

    def shown(self, now: datetime) -> "list[Article]":
        """What its listings and sitemaps show: all that it has published and not withdrawn."""
        return [article for article in self.published(now) if not article.gone(now)]


OLD_SORANI = str.maketrans({"ک": "ك", "ی": "ي", "ە": "ه\u200c"})
"""How many Sorani sites wrote before the Kurdish keyboard: Arabic kaf and yeh, heh with ZWNJ."""


def link(path: str) -> str:
    """A path as it goes over the wire: percent-encoded UTF-8."""
    return quote(path, safe="/-_.~")
