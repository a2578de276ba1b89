"""Who said it first, as an article itself says: wire credits in byline, dateline and last lines.

A credit is only believed where credits stand: as (a part of) the byline, between the marks of a
dateline at the head of the text, alone or behind "Source:" in its last lines. An agency that a
text speaks of, that somebody talked to, or whose picture is shown, is no credit. Only the two
ends of a text are looked at, so its length does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.reading.agencynames import AgencyNames, Named
from crawler.reading.closings import TAIL, closing, labelled
from crawler.reading.datelines import SHORT_LINE, dateline, first_lines, shows_picture
from crawler.reading.leads import lead
from storage.models import Agency, Credit

BYLINE = 300
"""Characters; a longer byline is none."""


class Credits:
    """Finds whom an article credits, by the names and abbreviations of these agencies."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        known = tuple(agencies)
        self._names = AgencyNames(known)
        self._of_outlet = {outlet: one.id for one in known for outlet in one.outlets}
        self._signatures = [
            (one.id, [word.casefold() for word in signature], _in_order(signature))
            for one in known
            for signature in one.signatures
        ]

    def find(self, text: str, byline: str | None, outlet_id: str = "") -> Credit | None:
        """The agency whose text this is, as far as the article says so; never the outlet itself.

        A name outweighs "agencies", and every other place what the first sentence says.
        """
        own = self._of_outlet.get(outlet_id)
        found = [one for one in self._all(text, byline or "") if one.agency != own]
        named = [one for one in found if not self._names.is_unnamed(one.agency)]
        return next(iter(named or found), None)

    def _all(self, text: str, byline: str) -> Iterator[Credit]:
        """Whatever is credited, the surest place first."""
        for start, end in first_lines(text):
            yield from _credit(text, dateline(self._names, text, start, end), "dateline")
            if end - start <= SHORT_LINE and not shows_picture(text[start:end]):
                yield from _credit(text, labelled(self._names, text, start, end), "dateline")
        yield from self._byline(byline)
        yield from _credit(text, closing(self._names, text), "closing")
        yield from self._signed(text)
        yield from _credit(text, lead(self._names, text), "lead")

    def _byline(self, byline: str) -> Iterator[Credit]:
        if not byline or len(byline) > BYLINE or shows_picture(byline):
            return
        yield from _credit(byline, self._names.among(byline, 0, len(byline)), "byline")

    def _signed(self, text: str) -> Iterator[Credit]:
        """An agency whose texts end in words of its own, such as who reported and who edited."""
        begin = max(0, len(text) - TAIL)
        end = text[begin:].casefold()
        for agency, words, signature in self._signatures:
            match = signature.search(text, begin) if all(word in end for word in words) else None
            if match is not None:
                named = Named(agency, *match.span(), "name")
                yield from _credit(text, named, "closing")


def _credit(said: str, named: Named | None, rule: str) -> Iterator[Credit]:
    if named is not None:
        field = "byline" if rule == "byline" else "text"
        surface = said[named.start : named.end]
        yield Credit(named.agency, field, named.start, named.end, surface, rule)


def _in_order(words: Iterable[str]) -> re.Pattern[str]:
    """Whole words that follow each other in one line, with little between them."""
    bounded = (rf"(?:(?<!\w)|(?!\w)){re.escape(word)}(?:(?!\w)|(?<!\w))" for word in words)
    return re.compile(r"[^\n]{0,200}?".join(bounded), re.IGNORECASE)
