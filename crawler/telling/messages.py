"""The message that a target gets: the night's digest, what began and what is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from storage.alerts import Alert, Told

MOST_ALERTS: Final = 20
"""Alerts told in full in one message; a bad night is one mail that can be read."""


class Report(Protocol):
    """What is read of a morning report."""

    @property
    def subject(self) -> str:
        """One line of counts."""

    @property
    def digest(self) -> str:
        """The night in counts and states of outlets, without any actor."""

    @property
    def names_text(self) -> str:
        """Which actors were in the news, for those who are to have their names."""


@dataclass(frozen=True, slots=True)
class Message:
    """A subject, which holds counts only, and a text."""

    subject: str
    text: str


def compose(
    report: Report | None, told: Sequence[tuple[Alert, Told]], *, names: bool
) -> Message | None:
    """One message for all there is to tell; None for nothing.

    With `names`, the actors who were in the news are in its text, never in its subject.
    """
    began = [alert for alert, what in told if what == "began"]
    ended = [alert for alert, what in told if what == "ended"]
    if report is None and not told:
        return None
    parts = [_began(began), _ended(ended)]
    if report is not None:
        parts = [report.digest.strip(), *parts, report.names_text.strip() if names else ""]
    counts = _counts(len(began), len(ended))
    subject = "; ".join(filter(None, (report.subject if report else "Marsad", counts)))
    return Message(subject, "\n\n".join(filter(None, parts)) + "\n")


def _counts(began: int, ended: int) -> str:
    """How many alerts began and ended.

    >>> _counts(2, 1), _counts(0, 0)
    ('2 new alerts, 1 over', '')
    """
    new = f"{began} new alert{'s' * (began != 1)}" if began else ""
    return ", ".join(filter(None, (new, f"{ended} over" if ended else "")))


def _began(alerts: Sequence[Alert]) -> str:
    """What began; what needs the same step stands together."""
    by_step: defaultdict[str, list[str]] = defaultdict(list)
    for alert in alerts[:MOST_ALERTS]:
        by_step[alert.step].append(f"- {alert.said}, since {_moment(alert.opened_at)}.")
    lines = [line for step, said in by_step.items() for line in (*said, f"  What to do: {step}")]
    return _listed("Needs a person:", lines, len(alerts))


def _ended(alerts: Sequence[Alert]) -> str:
    lines = [
        f"- {alert.said}: from {_moment(alert.opened_at)} to {_moment(alert.closed_at)}."
        for alert in alerts[:MOST_ALERTS]
    ]
    return _listed("Over:", lines, len(alerts))


def _listed(title: str, lines: list[str], number: int) -> str:
    """Lines under their title; `number` is how many alerts there are in all."""
    more = [f"- and {number - MOST_ALERTS} more: `marsad status`"] if number > MOST_ALERTS else []
    return "\n".join([title, *lines, *more]) if lines else ""


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "?"
