"""What the index learned of an article, packed: needed again only when it has to forget it."""

from __future__ import annotations

import zlib

COLUMNS = ("folded", "stemmed", "headline_folded", "headline_stemmed")
"""Of headline and text, then of the headline alone; in this order they are packed."""
_BETWEEN = "\0"  # stored texts never hold it


def pack(folded: str, stemmed: str, headline_folded: str, headline_stemmed: str) -> bytes:
    """The four as one zlib stream of UTF-8; a third of their size.

    >>> unpack(pack("حقوق", "حق", "", ""), 1)
    'حق'
    """
    columns = (folded, stemmed, headline_folded, headline_stemmed)
    return zlib.compress(_BETWEEN.join(columns).encode("utf-8"), 6)


def unpack(packed: bytes, column: int) -> str:
    """One of the four; the view `article_index` reads them by this."""
    return zlib.decompress(packed).decode("utf-8").split(_BETWEEN)[column]
