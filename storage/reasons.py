"""Reasons of outcomes that others go by: whoever writes one and whoever understands it use these.

A reason is a text for people; one of these begins it, and what was seen on the page may follow.
"""

from __future__ import annotations

FRONT_PAGE = "led to the front page"
SOFT_404 = "soft 404"
CHALLENGE = "challenge page"
CONSENT = "consent page"
ERROR_PAGE = "error page"
LOGIN = "login page"
LIVE_BLOG = "live blog"
GALLERY = "gallery"
INDEX = "index page"
VIDEO = "video without a text"
NEEDS_SCRIPT = "the page needs JavaScript"
REFRESHED = "meta refresh instead of a text"
TOO_FEW_WORDS = "too few words"
"""What a page is that is no article, or why it has no text (crawler/reading/page_kinds.py)."""

NOT_THERE = (FRONT_PAGE, SOFT_404)
"""The reader says so of a page that is not the article's any more."""

OTHER_PAGE = "nothing of headline and text is the article's"
OTHER_EDITION = "reads as another language edition"
ANOTHER_PAGE = (OTHER_PAGE, OTHER_EDITION)
"""What we hold is kept, since the page shows something else: not a word about the article."""
