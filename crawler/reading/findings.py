"""Who is named in an article: the same for a page that is read and for a text that is stored."""

from __future__ import annotations

from storage.models import Mention, MentionFinder


def mentions_in(finder: MentionFinder, headline: str, text: str) -> tuple[Mention, ...]:
    """The actors named in headline and text, each with the field and the offsets in it."""
    return tuple(finder.find_in(headline, text))
