"""What a page is if it is no article: a live blog, a gallery, a list, an error, a request.

An article that is refused is lost, and nobody sees it; so a page is refused only for what it says
of itself in its titles or data, or where its text is made of links or captions. Pages that say
plainly that they are an article are asked for more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from crawler.reading.decode import Failure
from crawler.reading.heads import Head, page_titles
from crawler.reading.jsonld import texts_of
from crawler.reading.kind_words import ASKS_CONSENT, COOKIE_WORDS, LIVE, PICTURES, SCRIPT_WANTED
from crawler.reading.markup import Markup
from crawler.reading.metadata import is_front_page
from crawler.reading.notes import Notes
from crawler.reading.page_cards import lists_articles, text_pieces
from crawler.reading.page_pieces import WORDS_OF_A_TITLE, Piece
from crawler.reading.walls import FEW_WORDS, anywhere, parts_of, says_missing, wall
from storage.models import Outcome, Reading
from storage.reasons import (
    CONSENT,
    FRONT_PAGE,
    GALLERY,
    INDEX,
    LIVE_BLOG,
    LOGIN,
    NEEDS_SCRIPT,
    REFRESHED,
    SOFT_404,
    TOO_FEW_WORDS,
    VIDEO,
)
from storage.text import fold

Look = Callable[[], Sequence[Piece]]

MOST_OF_A_HEAD = 50_000
MIN_WORDS = 25
"""With fewer words a page holds no article …"""
MIN_WORDS_OF_A_BRIEF = 6
"""… unless it says that it is one: an agency's urgent news is one sentence, a menu has none."""
FEW_WORDS_OF_A_SHELL = 80
FEW_WORDS_OF_A_VIDEO = 60
CONSENT_WORDS = 400
FEWEST_PHRASES, FEWEST_PHRASES_OF_AN_ARTICLE = 3, 4
"""Different phrases of a request for consent that a short text is made of."""
FEWEST_COOKIE_WORDS = 4
"""Different words of a request for consent in a longer text."""
LONG_LINE = 80
"""Words: no teaser and no caption is that long, so a text with such a line is an article's."""
FEWEST_CAPTIONS = 4
WORDS_OF_A_HEADLINE = 15
"""Hardly more: a text whose lines are shorter may be headlines."""
FEWEST_ENTRIES = 5
MANY_ENTRIES = 12

_CONSENT_HOST = re.compile(r"https?://(?:consent|guce|cookiewall)\.")
_LOGIN_PATH = re.compile(r"//[^/]+/(?:[\w\-]+/)?(?:log-?in|sign-?in|wp-login\.php)/?(?:$|[?#])")
_REFRESH = re.compile(
    r"<meta[^>]{0,200}http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh", re.IGNORECASE
)
_LONG_PARAGRAPH = re.compile(r"<p[ >][^<]{80}", re.IGNORECASE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # Thai, Lao, kana, Han
_TIME = re.compile(r"\W{0,3}(?:[01]?\d|2[0-3])\s?[:.hH]\s?[0-5]\d(?!\d)")
_SCRIPT_WANTED = anywhere(SCRIPT_WANTED)
_LIVE = anywhere(LIVE)
_ASKS_CONSENT = anywhere(ASKS_CONSENT)
_PICTURES = anywhere(PICTURES)


def no_article(
    reading: Reading, head: Head, markup: Markup, look: Look, notes: Notes
) -> Failure | None:
    """Why a page with such a reading is no article: it is something else, or has no text."""
    if failure := instead(reading, head, look, notes):
        return failure
    words = word_count(reading.text)
    if words >= MIN_WORDS or (says_article(head) and _has_a_sentence(reading.text)):
        return None
    reason = _why_no_text(markup)
    notes.rejected("text", "page", reading.text, f"{reason}: {words}")
    return Failure(Outcome.NO_TEXT, reason)


def instead(reading: Reading, head: Head, look: Look, notes: Notes) -> Failure | None:
    """What a page is instead of an article, whatever stands on it."""
    if failure := _led_elsewhere(reading.url, reading.final_url):
        return failure
    failure = page_kind(head, reading, look)
    if failure is not None:
        notes.rejected("page", "article", reading.headline or head.title, failure.reason)
    return failure


def page_kind(head: Head, reading: Reading, look: Look) -> Failure | None:
    """What a page is by its head and by what was read of it; None for an article.

    `look` gives the page's pieces and is called only where the text alone leaves a doubt: else
    it costs a tenth of a millisecond.
    """
    text = reading.text
    told = _Told(
        head, reading.headline, text, word_count(text), says_surely(head), reading.final_url
    )
    return next((found for test in _TESTS if (found := test(told, look))), None)


def _has_a_sentence(text: str) -> bool:
    """Whether a line is long enough for one; those of a menu are not."""
    return any(word_count(line) >= MIN_WORDS_OF_A_BRIEF for line in text.split("\n"))


def word_count(text: str) -> int:
    """Words; in scripts that write no spaces two characters count as one word."""
    unspaced = text if _UNSPACED.search(text[:1000]) else ""
    return len(text.split()) + len(_UNSPACED.findall(unspaced)) // 2


def says_article(head: Head) -> bool:
    """Whether the page itself says that it is an article: agencies publish one-line news."""
    return "@type" in head.data.article or head.meta("og:type").lower() == "article"


def says_surely(head: Head) -> bool:
    """Whether it says so in a way that lists of articles do not: by its own headline or day."""
    if head.meta("og:type").lower() == "article" and head.meta("article:published_time"):
        return True
    titles = [fold(title) for title in page_titles(head)]
    stated = [fold(name) for name in texts_of(head.data.article.get("headline"))]
    return any(name and (name in title or title in name) for name in stated for title in titles)


@dataclass(frozen=True)
class _Told:
    head: Head
    headline: str
    text: str
    words: int
    surely: bool  # an article by its own words
    url: str

    @cached_property
    def lines(self) -> list[str]:
        return [line for line in self.text.split("\n") if line.strip()]

    @cached_property
    def titles(self) -> str:
        """Headline and title as they are compared."""
        return fold(f"{self.headline} \n {self.head.title}"[:600])

    def in_short_lines(self) -> bool:
        """As teasers and captions are, or all in one: then the lines tell nothing."""
        return len(self.lines) <= 2 or all(len(line.split()) < LONG_LINE for line in self.lines)

    def is_headed(self) -> bool:
        """Whether title and heading are one sentence, as lists have none."""
        key = fold(self.headline)
        return (
            key.count(" ") > WORDS_OF_A_TITLE
            and key in fold(self.head.title)
            and any(key == fold(heading) for heading in self.head.headings[:3])
        )


# ---------------------------------------------------------------- by address and markup


def _led_elsewhere(asked: str, final: str) -> Failure | None:
    """By the address to which the one that was asked for led."""
    if asked == final:
        return None
    if is_front_page(final):
        return Failure(Outcome.NOT_ARTICLE, FRONT_PAGE)
    if _CONSENT_HOST.match(final):
        return Failure(Outcome.NOT_ARTICLE, CONSENT)
    return Failure(Outcome.NOT_ARTICLE, LOGIN) if _LOGIN_PATH.search(final) else None


def _why_no_text(markup: Markup) -> str:
    """What stands in the place of a text, as far as the markup tells."""
    if _REFRESH.search(markup.text[:MOST_OF_A_HEAD]):
        return REFRESHED
    if "<noscript" in markup.text.lower() and not _LONG_PARAGRAPH.search(markup.text):
        return NEEDS_SCRIPT
    return TOO_FEW_WORDS


# ---------------------------------------------------------------- by what the page says


def _walled(told: _Told, look: Look) -> Failure | None:
    if failure := wall(told.head.title, told.headline, told.words):
        return failure
    if told.surely or told.words >= FEW_WORDS:
        return None
    for heading in told.head.headings[:2]:
        if failure := wall("", heading, told.words):
            return failure
    said = says_missing(" \n ".join(told.head.headings[:2]) + " \n " + told.text[:400])
    return Failure(Outcome.NOT_ARTICLE, SOFT_404) if said else None


def _without_script(told: _Told, look: Look) -> Failure | None:
    if told.words < FEW_WORDS_OF_A_SHELL and _SCRIPT_WANTED.search(fold(told.text)):
        return Failure(Outcome.NO_TEXT, NEEDS_SCRIPT)
    return None


def _consent(told: _Told, look: Look) -> Failure | None:
    """A text that speaks of little but cookies, partners and consent."""
    if told.words < FEW_WORDS:  # whatever its head says: that is served with each request
        asked = set(_ASKS_CONSENT.findall(fold(told.text)))
        if len(asked) >= (FEWEST_PHRASES_OF_AN_ARTICLE if told.surely else FEWEST_PHRASES):
            return Failure(Outcome.NOT_ARTICLE, CONSENT)
    if told.surely or told.words >= CONSENT_WORDS:
        return None
    text = told.text.casefold()
    if sum(word in text for word in COOKIE_WORDS) < FEWEST_COOKIE_WORDS:
        return None
    said = [word for word in re.findall(r"\w+", text) if word in COOKIE_WORDS]
    if len(set(said)) >= FEWEST_COOKIE_WORDS and len(said) >= 0.08 * told.words:
        return Failure(Outcome.NOT_ARTICLE, CONSENT)
    return None


def _live_blog(told: _Told, look: Look) -> Failure | None:
    """By its own type; else by entries that begin with a time under a title that says live."""
    kinds = told.head.data.article.get("@type") or ()
    live = "LiveBlogPosting" in (kinds if isinstance(kinds, list) else [kinds])
    if not live and _LIVE.search(told.titles):
        entries = sum(bool(_TIME.match(line)) for line in told.lines)
        typed = "LiveBlogPosting" in told.head.data.types
        live = entries >= (MANY_ENTRIES if told.surely and not typed else FEWEST_ENTRIES)
    return Failure(Outcome.NOT_ARTICLE, LIVE_BLOG) if live else None


def _video(told: _Told, look: Look) -> Failure | None:
    head = told.head
    video = "VideoObject" in head.data.types or head.meta("og:type").lower().startswith("video")
    if video and not told.surely and told.words < FEW_WORDS_OF_A_VIDEO:
        return Failure(Outcome.NO_TEXT, VIDEO)
    return None


# ---------------------------------------------------------------- by what the text is made of


def _gallery(told: _Told, look: Look) -> Failure | None:
    """Pictures with captions and nothing else."""
    if not told.text:
        return None
    typed = bool({"ImageGallery", "MediaGallery"} & told.head.data.types) and not told.surely
    if typed and told.in_short_lines():
        return Failure(Outcome.NOT_ARTICLE, GALLERY)
    if not typed and not _PICTURES.search(told.titles):
        return None
    captions = _is_captions(told, text_pieces(look(), told.text))
    return Failure(Outcome.NOT_ARTICLE, GALLERY) if captions else None


def _is_captions(told: _Told, pieces: Sequence[Piece]) -> bool:
    """Whether the text is captions, or short lines each with a picture of its own."""
    captions = [piece for piece in pieces if piece.caption and not piece.picture]
    said = sum(len(piece.text.split()) for piece in captions)
    if len(captions) >= FEWEST_CAPTIONS and said >= 0.8 * told.words:
        return True
    parts = _between_pictures(pieces)
    return len(parts) > FEWEST_CAPTIONS and max(parts) < LONG_LINE / 2


def _index(told: _Told, look: Look) -> Failure | None:
    """Headlines that lead elsewhere, with little or nothing under each of them."""
    if told.surely or not told.text or not told.in_short_lines():
        return None
    if told.is_headed() and told.words >= WORDS_OF_A_HEADLINE * len(told.lines):
        return None
    parts = parts_of(told.head.title or told.headline)
    section = all(len(part.split()) < WORDS_OF_A_TITLE for part in parts)
    listed = lists_articles(look(), told.text, told.url, section=section)
    return Failure(Outcome.NOT_ARTICLE, INDEX) if listed else None


def _between_pictures(pieces: Sequence[Piece]) -> list[int]:
    """Words of the text in each part of a page that is parted by its pictures."""
    parts = [0]
    for piece in pieces:
        if piece.picture:
            parts.append(0)
        else:
            parts[-1] += len(piece.text.split())
    return [words for words in parts if words]


_TESTS = (_walled, _without_script, _consent, _live_blog, _video, _gallery, _index)
