"""Whether a text is a list of articles: headlines that lead elsewhere, little under each of them.

The page is parted at the links that begin a line: those with the words of a headline, and those
like "read more" whose words come again and again. In a list the parts hold a headline and a line
or two; in an article one part holds most of the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.reading.page_pieces import WORDS_OF_A_TITLE, Piece

MOST_TEXT = 20_000
"""Characters of a text in which pieces are looked for."""
WORDS_OF_A_CARD = 70
WORDS_OF_A_CUT_CARD = 120
"""WordPress cuts texts after 55 words, and says so by three points."""
FEWEST_CARDS = 5
FEWEST_UNDER_A_SECTION = 4
WORDS_BEFORE = 25
"""Before the first headline of a list stands its title or a line about it."""
WORDS_ABOUT_A_SECTION = 80
WORDS_OF_ONE_CARD = 130
SHARE_OF_ONE = 1 / 3


@dataclass(slots=True)
class Card:
    """A link that heads something, and what stands there before the next one."""

    link: str = ""
    label: str = ""
    words: int = 0  # as far as they are in the text
    cut: bool = False  # its text breaks off


def lists_articles(pieces: Sequence[Piece], text: str, url: str, *, section: bool) -> bool:
    """Whether the text that was taken from a page of these pieces is no more than a list.

    `section`: the page is called by a few words, as no article is; then less is enough.
    """
    links = _heading_links(pieces, urlsplit(url).hostname or "")
    before, *cards = _cards(text_pieces(pieces, text), links)
    if section and _is_one_card(cards, text):
        return True
    cards = [card for card in cards if card.words]
    said = before.words + sum(card.words for card in cards)
    if said * 2 < len(text.split()):
        return False
    if len({card.link for card in cards}) < (FEWEST_UNDER_A_SECTION if section else FEWEST_CARDS):
        return False
    intro = WORDS_ABOUT_A_SECTION if section else max(WORDS_BEFORE, said / 10)
    return before.words < intro and _are_short(cards, said)


def text_pieces(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """The links and pictures of a page, and those runs of words that are in the text."""
    kept = text[:MOST_TEXT]
    return [
        piece
        for piece in pieces
        if piece.link or piece.picture or (len(piece.text) > 3 and piece.text in kept)
    ]


def _are_short(cards: Sequence[Card], said: int) -> bool:
    """Whether none of the cards holds as much as an article would."""
    cut = sum(card.cut for card in cards) * 2 > len(cards)
    limit = min(WORDS_OF_A_CUT_CARD if cut else WORDS_OF_A_CARD, said * SHARE_OF_ONE)
    return all(card.words < limit for card in cards)


def _is_one_card(cards: Sequence[Card], text: str) -> bool:
    """Whether one card of a list was taken for the article: its headline leads elsewhere."""
    words = len(text.split())
    whole = [card for card in cards if card.words * 10 >= words * 9]
    headed = [card for card in cards if card.label.count(" ") >= WORDS_OF_A_TITLE - 1]
    return (
        words < WORDS_OF_ONE_CARD
        and bool(whole)
        and text.startswith(whole[0].label)
        and whole[0] in headed
        and len({card.link for card in headed}) >= FEWEST_CARDS
    )


def _heading_links(pieces: Sequence[Piece], host: str) -> set[str]:
    """The own addresses of links that have the words of a headline or those of many others."""
    heading: set[str] = set()
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        if piece.link and _is_own(piece.link, host):
            alike[piece.label].add(piece.link)
            if piece.label.count(" ") >= WORDS_OF_A_TITLE - 1:
                heading.add(piece.link)
    return heading.union(*(links for links in alike.values() if len(links) >= FEWEST_CARDS))


def _is_own(link: str, host: str) -> bool:
    if not link.startswith(("http:", "https:", "//")):
        return not link.startswith(("mailto:", "tel:", "javascript:"))
    try:
        other = urlsplit(link).hostname or ""
    except ValueError:
        return False
    return other.removeprefix("www.") == host.removeprefix("www.")


def _cards(pieces: Sequence[Piece], links: set[str]) -> list[Card]:
    """The cards of a page; the first is what stands before any headline."""
    cards = [Card()]
    for piece in pieces:
        if piece.link in links and piece.link != cards[-1].link:
            cards.append(Card(piece.link, piece.label))
        cards[-1].words += len(piece.text.split())
        cards[-1].cut |= piece.text.rstrip("])").endswith(("\u2026", "..."))
    return cards
