"""What a site's page tells about the ways into the site, as a record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doors:
    """What one page tells; addresses are absolute and in its order.

    `feeds` stand in link tags, `feed_links` in the text of the page; `sections` are pages of the
    site that its menus lead to. `names` are what it calls the site, the surest first, `language`
    is the one that it names itself. `wall` says that a page keeps machines out, `reason` why
    nothing could be read.
    """

    feeds: tuple[str, ...] = ()
    feed_links: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    language: str = ""
    wall: str = ""
    reason: str = ""
