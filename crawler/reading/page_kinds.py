"""What a page is if it is no article: a live blog, a gallery, a list, an error, a request.

An article that is refused is lost, and nobody sees it; so a page is refused only for what it says
of itself in its titles or data, or where its text is made of links or captions. Pages that say
plainly that they are an article are asked for more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.reading.decode import Failure
from crawler.reading.heads import Head, page_titles
from crawler.reading.jsonld import texts_of
from crawler.reading.kind_words import COOKIE_WORDS, LIVE, PICTURES, SCRIPT_WANTED
from crawler.reading.notes import SILENT, Notes
from crawler.reading.page_pieces import Piece
from crawler.reading.walls import FEW_WORDS, anywhere, says_missing, wall
from storage.models import Outcome
from storage.reasons import CONSENT, GALLERY, INDEX, LIVE_BLOG, NEEDS_SCRIPT, SOFT_404, VIDEO
from storage.text import fold

Look = Callable[[], Sequence[Piece]]

MOST_TEXT = 20_000
"""Characters of a text in which pieces are looked for."""
FEW_WORDS_OF_A_SHELL = 80
FEW_WORDS_OF_A_VIDEO = 60
CONSENT_WORDS = 400
LONG_LINE = 70
"""Words: no teaser and no caption is that long, so a text with such a line is an article's."""
FEWEST_CARDS = 5
FEW_WORDS_BEFORE = 25
"""Before the first headline of a list stands its title or a line about it."""
FEWEST_CAPTIONS = 4
FEWEST_ENTRIES = 5
MANY_ENTRIES = 12

_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # Thai, Lao, kana, Han
_TIME = re.compile(r"\W{0,3}(?:[01]?\d|2[0-3])\s?[:.hH]\s?[0-5]\d(?!\d)")
_SCRIPT_WANTED = anywhere(SCRIPT_WANTED)
_LIVE = anywhere(LIVE)
_PICTURES = anywhere(PICTURES)


def page_kind(
    head: Head, headline: str, text: str, look: Look, notes: Notes = SILENT
) -> Failure | None:
    """Why a page with this head and text is no article, or None; costs microseconds for most.

    `look` gives the page's pieces and is called only where the text alone leaves a doubt.
    """
    told = _Told(head, headline, text, word_count(text), says_surely(head))
    failure = next((found for test in _TESTS if (found := test(told, look))), None)
    if failure is not None:
        notes.rejected("page", "article", headline or head.title, failure.reason)
    return failure


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


@dataclass(frozen=True, slots=True)
class _Told:
    head: Head
    headline: str
    text: str
    words: int
    surely: bool  # an article by its own words

    def lines(self) -> list[str]:
        return [line for line in self.text.split("\n") if line.strip()]

    def short_lines(self) -> bool:
        return all(len(line.split()) < LONG_LINE for line in self.text.split("\n"))


# ---------------------------------------------------------------- by what the page says


def _walled(told: _Told, look: Look) -> Failure | None:
    if failure := wall(told.head.title, told.headline, told.words):
        return failure
    if told.surely or told.words >= FEW_WORDS:
        return None
    said = says_missing(" \n ".join(told.head.headings[:2]) + " \n " + told.text[:400])
    return Failure(Outcome.NOT_ARTICLE, SOFT_404) if said else None


def _without_script(told: _Told, look: Look) -> Failure | None:
    if told.words < FEW_WORDS_OF_A_SHELL and _SCRIPT_WANTED.search(fold(told.text)):
        return Failure(Outcome.NO_TEXT, NEEDS_SCRIPT)
    return None


def _consent(told: _Told, look: Look) -> Failure | None:
    """A text that speaks of little but cookies, partners and consent."""
    if told.surely or told.words >= CONSENT_WORDS:
        return None
    said = [word for word in re.findall(r"\w+", told.text.casefold()) if word in COOKIE_WORDS]
    if len(set(said)) >= 4 and len(said) >= 0.08 * told.words:
        return Failure(Outcome.NOT_ARTICLE, CONSENT)
    return None


def _live_blog(told: _Told, look: Look) -> Failure | None:
    """By its own type; else by entries that begin with a time under a title that says live."""
    kinds = told.head.data.article.get("@type") or ()
    live = "LiveBlogPosting" in (kinds if isinstance(kinds, list) else [kinds])
    if not live and _LIVE.search(fold(_titles(told))):
        entries = sum(bool(_TIME.match(line)) for line in told.lines())
        typed = "LiveBlogPosting" in told.head.data.types
        live = entries >= (MANY_ENTRIES if told.surely and not typed else FEWEST_ENTRIES)
    return Failure(Outcome.NOT_ARTICLE, LIVE_BLOG) if live else None


def _video(told: _Told, look: Look) -> Failure | None:
    head = told.head
    video = "VideoObject" in head.data.types or head.meta("og:type").lower().startswith("video")
    if video and not told.surely and told.words < FEW_WORDS_OF_A_VIDEO:
        return Failure(Outcome.NO_TEXT, VIDEO)
    return None


def _titles(told: _Told) -> str:
    return f"{told.headline} \n {told.head.title}"[:600]


# ---------------------------------------------------------------- by what the text is made of


def _gallery(told: _Told, look: Look) -> Failure | None:
    """Pictures with captions and nothing else."""
    typed = bool({"ImageGallery", "MediaGallery"} & told.head.data.types) and not told.surely
    if not told.text or not told.short_lines():
        return None
    if not typed and not _PICTURES.search(fold(_titles(told))):
        return None
    if typed or _is_captions(told, _in_text(look(), told.text)):
        return Failure(Outcome.NOT_ARTICLE, GALLERY)
    return None


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
    if told.surely or not told.text or not told.short_lines():
        return None
    before, *cards = _cards(told, _in_text(look(), told.text))
    cards = [card for card in cards if card.said or card.under]
    said = before.under + sum(card.said + card.under for card in cards)
    if len({card.link for card in cards}) < FEWEST_CARDS or said < told.words / 2:
        return None
    most = max(card.under for card in cards)
    if before.under >= max(FEW_WORDS_BEFORE, said / 10) or most >= min(LONG_LINE, said / 3):
        return None
    return Failure(Outcome.NOT_ARTICLE, INDEX)


def _in_text(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """The links and pictures of a page, and those runs of words that are in the text."""
    kept = text[:MOST_TEXT]
    return [
        piece
        for piece in pieces
        if piece.link or piece.picture or (len(piece.text) > 3 and piece.text in kept)
    ]


@dataclass(slots=True)
class _Card:
    """A headline that is a link, and what stands under it before the next one."""

    link: str = ""
    said: int = 0  # its words, if the text has them
    under: int = 0  # words of the text


def _cards(told: _Told, pieces: Sequence[Piece]) -> list[_Card]:
    """The cards of a page; the first is what stands before any headline."""
    cards = [_Card()]
    for piece in pieces:
        words = word_count(piece.text)
        if not piece.link:
            cards[-1].under += words
        elif piece.link != cards[-1].link:
            cards.append(_Card(piece.link, words * (piece.text in told.text)))
    return cards


def _between_pictures(pieces: Sequence[Piece]) -> list[int]:
    """Words of the text in each part of a page that is parted by its pictures."""
    parts = [0]
    for piece in pieces:
        if piece.picture:
            parts.append(0)
        elif not piece.link:
            parts[-1] += len(piece.text.split())
    return [words for words in parts if words]


_TESTS = (_walled, _without_script, _consent, _live_blog, _video, _gallery, _index)
