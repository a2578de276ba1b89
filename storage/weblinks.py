"""What may become a link on a page of ours."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_web(url: str) -> bool:
    """Whether an address leads to a host by http or https: nothing else is ever linked.

    >>> is_web("https://sahifa.test/1"), is_web("javascript:alert(1)"), is_web("https:///x")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
