"""A saved search as an Atom feed: what is new to us, for any feed reader."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from storage.bidi import harmless
from storage.desk.saved import Saved
from storage.reported import SearchHit

# RFC 4151 wants a name in a tag; one that never resolves says nothing of this machine.
_TAG = "tag:marsad.invalid,2026:{feed}{what}"
# XML 1.0 has no place for these, whatever they are escaped as.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(saved: Saved, hits: Sequence[SearchHit], language: str) -> bytes:
    """The feed as XML; the same hits give the same bytes.

    An entry says no more of an article than a line of search results does.
    """
    from feedgen.feed import FeedGenerator

    of_feed = hashlib.sha256(saved.feed_key.encode()).hexdigest()[:20]
    feed = FeedGenerator()
    feed.id(_TAG.format(feed=of_feed, what=""))
    feed.title(_shown(saved.name))
    feed.author(name="Marsad")
    feed.generator("Marsad")
    feed.language(language)
    feed.updated(max((hit.first_seen_at for hit in hits), default=saved.made_at))
    for hit in hits:
        entry = feed.add_entry(order="append")
        entry.id(_TAG.format(feed=of_feed, what=f":article:{hit.article_id}"))
        entry.title(_shown(hit.headline) or "–")
        entry.author(name=_shown(hit.outlet))
        entry.updated(hit.first_seen_at)
        if hit.published_at is not None:
            entry.published(hit.published_at)
        if hit.url.startswith(("http://", "https://")):
            entry.link(href=_NOT_IN_XML.sub("", hit.url), rel="alternate")
            entry.summary(_shown(hit.snippet))
        else:  # Atom wants one of both, a link or something to read
            entry.content(_shown(hit.snippet) or "–", type="text")
    found: bytes = feed.atom_str(pretty=True)
    return found


def _shown(text: str) -> str:
    """Words of others on one line, without what XML cannot hold; escaping is the writer's."""
    return _NOT_IN_XML.sub("", harmless(text)).strip()
