"""How a template has fared on an outlet's pages, and when that tells of a new layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from storage.models import Reading

WINDOW = 5
"""Pages after which a new layout has been noticed."""
_LIMITS = ((0.1, 3), (0.3, 4), (1.0, WINDOW))
"""Failures of the last pages that tell of a new layout, by the share of pages that failed before:
an outlet with several layouts has pages every day that fit no template."""
_FEW = 20
"""Pages below which a share tells nothing of what is usual."""


class Verdict(StrEnum):
    """What one page says of the template that was tried on it."""

    HELD = "held"  # it was read by it, and what it promises was there
    PROVEN = "proven"  # … and the careful way agreed
    FAILED = "failed"  # what it promises was not there, or the careful way said otherwise


def verdict_of(reading: Reading) -> Verdict | None:
    """What a reading says of the template in its context; None: nothing.

    A page without an article (a gallery, a video) may well not fit, but a template must not have
    read one there.
    """
    if is_denied(reading):
        return Verdict.FAILED
    if reading.outcome is not None:
        return None
    methods: Mapping[str, str] = dict(reading.methods)
    if "fallback" in methods:
        return Verdict.FAILED
    if reading.template_id is None:
        return None
    return Verdict.PROVEN if "audit" in methods else Verdict.HELD


def is_denied(reading: Reading) -> bool:
    """Whether the careful way said otherwise of a page that kept all that a template promises.

    So do few pages of a right template; of a new layout that looks like the old one, all.
    """
    return dict(reading.methods).get("audit", "").startswith("differs")


def reason_of(reading: Reading) -> str:
    """Why the template was not to be believed, without the page's own figures; "" where it was."""
    methods = dict(reading.methods)
    audit = methods.get("audit", "")
    reason = methods.get("fallback") or (audit if is_denied(reading) else "")
    return reason.partition(":")[0] if "fallback" in methods else reason


@dataclass(frozen=True, slots=True)
class Standing:
    """How often a template was tried and failed; `recent` are the last times, oldest first."""

    uses: int = 0
    failures: int = 0
    recent: tuple[tuple[datetime, bool], ...] = ()  # when the page was fetched, whether it held
    proven_at: datetime | None = None

    def after(self, verdict: Verdict, at: datetime) -> Standing:
        """The standing after one more page, fetched at a time."""
        held = verdict is not Verdict.FAILED
        return replace(
            self,
            uses=self.uses + 1,
            failures=self.failures + (not held),
            recent=(*self.recent, (at, held))[-WINDOW:],
            proven_at=at if verdict is Verdict.PROVEN else self.proven_at,
        )

    @property
    def failed_lately(self) -> int:
        """How many of the last pages it failed on."""
        return sum(not held for _, held in self.recent)

    @property
    def is_outdated(self) -> bool:
        """Whether the outlet's pages are laid out anew.

        >>> first = Standing()
        >>> now = datetime(2026, 11, 23)
        >>> for verdict in (Verdict.HELD, Verdict.FAILED, Verdict.FAILED):
        ...     first = first.after(verdict, now)
        >>> first.is_outdated, first.after(Verdict.FAILED, now).is_outdated
        (False, True)
        """
        return self.failed_lately >= self._limit

    @property
    def _limit(self) -> int:
        before, failed = self.uses - len(self.recent), self.failures - self.failed_lately
        usual = failed / before if before >= _FEW else 0.0
        return next(limit for share, limit in _LIMITS if usual <= share)

    @property
    def changed_at(self) -> datetime | None:
        """When the first of the last failing pages was fetched."""
        return min((at for at, held in self.recent if not held), default=None)
