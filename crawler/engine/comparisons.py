"""A page that was read again: whether the outlet edited it since the look before.

The capture of that look is read anew, by the reader, template and watchlists of today, and only
then the two are compared: a better reader never accuses an outlet of an edit. Nor does a template
that was learned anew, or that fits only one of the two: an edit is told from two captures that were
both read the careful way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, ParamSpec, Protocol, TypeVar

from crawler.engine.capture import read_capture
from crawler.engine.differences import Difference, Words
from crawler.engine.pool import Readers, WorkerFailed
from crawler.reading.warc import page_from_record
from storage.articles import ArticleStore
from storage.comparisons import Compared, EarlierLook
from storage.errors import SeenMeanwhile
from storage.identity import Alias
from storage.models import (
    Candidate,
    CapturePlace,
    FetchRecord,
    Reading,
    ReadingContext,
    Saved,
)
from storage.reasons import ANOTHER_PAGE, OTHER_EDITION, OTHER_PAGE

STRANGE, STRANGE_HEADLINE = 0.15, 0.34
"""Shares in common below which two texts (in sequences of three words) and two headlines (in words)
are not of one article: heavily rewritten, it shares more, and lines of the site are in any page."""

MOST_TRIES = 20
"""Times that a look is compared anew because other runs saved the article in between."""

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """What a run has read off a candidate's page."""

    run_id: int
    candidate: Candidate
    reading: Reading
    fetch: FetchRecord


class Call(Protocol):
    """A way to call the store."""

    async def __call__(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make the call and give its result."""
        ...


ContextAt = Callable[[datetime], ReadingContext]
"""What a reader may know about the page, had it just been fetched at a time; its template is the
one by which the page was read."""


async def read_again(
    readers: Readers, folder: Path, place: CapturePlace, context: ReadingContext
) -> Reading | str:
    """What today's reader reads off a stored capture, or why it cannot."""
    try:
        record = await asyncio.to_thread(read_capture, folder, place)
        return await readers.page(page_from_record(record), context)
    except (WorkerFailed, OSError, EOFError, ValueError) as wrong:
        return str(wrong)


class ComparedSaves:
    """Saves what was read off pages, each compared with the look before it."""

    def __init__(self, readers: Readers, folder: Path, articles: ArticleStore, call: Call) -> None:
        """`folder` has the captures; `call` makes a call of the store, on whatever thread."""
        self._readers, self._folder = readers, folder
        self._articles, self._call = articles, call

    async def save(self, seen: Seen, aliases: Sequence[Alias], context: ContextAt) -> Saved:
        """Save one reading; where another run has read the article meanwhile, compare again."""
        for _ in range(MOST_TRIES - 1):
            try:
                return await self._save(seen, aliases, context)
            except SeenMeanwhile as wrong:
                log.info("compared again article=%s", wrong.article_id)
        return await self._save(seen, aliases, context)

    async def _save(self, seen: Seen, aliases: Sequence[Alias], context: ContextAt) -> Saved:
        look = await self._call(self._save_if_new, seen, aliases)
        if isinstance(look, Saved):
            return look
        reading, earlier = await self._compared(look, seen, context)
        return await self._call(
            self._articles.save, *seen._replace(reading=reading), aliases, earlier
        )

    def _save_if_new(self, seen: Seen, aliases: Sequence[Alias]) -> Saved | EarlierLook:
        """Save what there is nothing to compare with; else the look before it. One call for most
        pages, on the store's own thread."""
        look = self._articles.earlier_capture(*seen, aliases)
        if look is not None:
            return look
        return self._articles.save(*seen, aliases, Compared(None))

    async def _compared(
        self, look: EarlierLook, seen: Seen, context: ContextAt
    ) -> tuple[Reading, Compared]:
        """What is to be saved of a page, and how that compares with the look before.

        A template may say that nothing changed. That something did is only believed where both
        captures were read the careful way: what a template takes for the text may have moved.
        """
        reading = seen.reading
        if look.same_address and look.is_same_reading(reading):
            return reading, Compared(look)
        if told := await self._told_by_template(look, reading, context):
            return reading, told
        if reading.template_id is not None:
            again = await self._read(seen.fetch.capture, seen.fetch.fetched_at, context)
            if isinstance(again, str) or again.outcome is not None:
                return reading, Compared(look, keep=True, reason=_ONLY_BY_TEMPLATE)
            reading = again
        before = await self._read(look.place, look.fetched_at, context)
        return reading, await compared(self._readers, look, reading, before)

    async def _told_by_template(
        self, look: EarlierLook, reading: Reading, context: ContextAt
    ) -> Compared | None:
        """How a reading by template compares, where that template has read the look before too."""
        if reading.template_id is None:
            return None
        again = await self._read(look.place, look.fetched_at, context, by_template=True)
        before = look.stored if isinstance(again, str) else again
        if before.template_id != reading.template_id:
            return None
        told = await compared(self._readers, look, reading, again)
        return told if isinstance(again, str) or not (told.changed or told.keep) else None

    async def _read(
        self,
        place: CapturePlace | None,
        at: datetime | None,
        context: ContextAt,
        *,
        by_template: bool = False,
    ) -> Reading | str:
        """What a capture says to today's reader: the careful way, or by the template in force."""
        if place is None or at is None:
            return "it was not kept"
        known = context(at) if by_template else replace(context(at), template=None)
        return await read_again(self._readers, self._folder, place, known)


async def compared(
    readers: Readers, look: EarlierLook, reading: Reading, again: Reading | str
) -> Compared:
    """How a reading compares with what the same page showed at the look before.

    `again` is the capture of that look as it is read now, or why it cannot be.
    """
    before = earlier_of(look, reading, again)
    if isinstance(before, Compared):
        return await _unless_strange(readers, look, reading, before)
    if _words(before) == _words(reading):
        return concluded(look, reading, before, Difference())
    try:
        difference = await readers.difference(_words(before), _words(reading))
    except WorkerFailed as wrong:
        reason = f"could not be compared with the look before ({wrong}); what we hold was kept"
        return Compared(look, keep=True, reason=reason)
    return concluded(look, reading, before, difference)


async def _unless_strange(
    readers: Readers, look: EarlierLook, reading: Reading, otherwise: Compared
) -> Compared:
    """Where no edit can be told, still keep what is held if the page is not the article's at all.

    Readers differ in where a text begins and ends, never in all of it: what is stored serves.
    """
    if otherwise.keep or not look.text_kept:
        return otherwise
    try:
        difference = await readers.difference(_words(look.stored), _words(reading))
    except WorkerFailed:
        return otherwise
    found = concluded(look, reading, look.stored, difference)
    return found if found.keep and found.reason.startswith(ANOTHER_PAGE) else otherwise


def earlier_of(look: EarlierLook, reading: Reading, again: Reading | str) -> Reading | Compared:
    """The earlier reading to compare with, or why there is none: then nothing is told of an edit.

    `again` is the earlier capture as it is read now. Where it cannot be, what is stored serves,
    if this very reader has read it.
    """
    if not isinstance(again, str) and again.outcome is None:
        if again.text_complete and reading.text_complete:
            return again
        # What is held whole, from another address, does not give way to what nobody can compare.
        keep = not look.same_address and look.stored.text_complete
        return Compared(look, keep=keep, reason=_ONLY_A_PART)
    if not look.same_address:
        return Compared(look, keep=True, reason=_OTHER_ADDRESS)
    why = again if isinstance(again, str) else again.reason
    if not look.text_kept:
        return Compared(look, reason=f"{_NO_CAPTURE} ({why}), and no text was kept")
    if not look.is_same_reader(reading):
        return Compared(look, reason=f"{_NO_CAPTURE} ({why}), and another reader had read it")
    if look.stored.text_complete and reading.text_complete:
        return look.stored
    return Compared(look, reason=_ONLY_A_PART)


def concluded(
    look: EarlierLook, reading: Reading, before: Reading, difference: Difference
) -> Compared:
    """What a difference means: an edit, nothing, or a page that is not the article's."""
    strange = difference.common < STRANGE
    if strange and _is_other_language(before, reading):
        reason = f"{OTHER_EDITION} ({reading.language}); what we hold was kept"
        return Compared(look, keep=True, reason=reason)
    if strange and difference.headline_common < STRANGE_HEADLINE:
        reason = f"{OTHER_PAGE}; what we hold was kept"
        return Compared(look, keep=True, reason=reason)
    told = difference.headline or difference.text
    if not told and not look.same_address:
        return Compared(look, keep=True, reason="the same as before at this address")
    return Compared(
        look,
        before,
        headline=difference.headline,
        text=difference.text,
        actors=before is not look.stored or look.same_watchlists,
    )


def _is_other_language(before: Reading, after: Reading) -> bool:
    return before.language != after.language and "und" not in (before.language, after.language)


def _words(reading: Reading) -> Words:
    return reading.headline, reading.text


_ONLY_BY_TEMPLATE = "read by template only, and so not compared; what we hold was kept"
_ONLY_A_PART = "only a part could be read at one of the two looks"
_NO_CAPTURE = "the look before cannot be read again"
_OTHER_ADDRESS = "seen at this address for the first time; what we hold from another one was kept"
