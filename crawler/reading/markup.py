"""One decoded page, parsed at most once by each parser, and only by those that are needed.

Templates are applied with lexbor, which is fast; the careful way takes lxml's tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from crawler.reading.body import Document, parse_checked, refused
from crawler.reading.decode import Failure


@dataclass
class Markup:
    """The markup of a page that is within the limits of `crawler.reading.body`."""

    text: str
    sent: bytes = b""  # the text in UTF-8, if it came so

    @cached_property
    def utf8(self) -> bytes:
        """The text in UTF-8, which is quicker than itself to search and to parse."""
        return self.sent or self.text.encode("utf-8", "ignore")

    @cached_property
    def document(self) -> Document | Failure:
        """The page as lxml reads it, marks disguised, or why it could not be parsed whole."""
        return parse_checked(self.text)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as lexbor reads it; for reading only, since others look at it too."""
        return LexborHTMLParser(self.utf8)


def open_markup(text: str, sent: bytes = b"") -> Markup | Failure:
    """The page, or why nothing should parse it; `sent` is its text in UTF-8 where that is known."""
    return refused(text) or Markup(text, sent)
