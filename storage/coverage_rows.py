"""Coverage as plain rows, one for each outlet and day: for exports and notebooks."""

from __future__ import annotations

from dataclasses import asdict

from storage.coverage_records import CoverageDay

COLUMNS = (
    "outlet_id",
    "outlet",
    "country",
    "alignment",
    "day",
    "completeness",
    "share_seen",
    "minutes",
    "minutes_watched",
    "minutes_partly",
    "minutes_blind",
    "minutes_not_watched",
    "minutes_declared_blind",
    "seen",
    "stored",
    "failed",
    "waiting",
    "failed_by",
    "blind_visits",
)
"""The columns of coverage, one row for each outlet and day."""


def coverage_row(day: CoverageDay) -> dict[str, object]:
    """One outlet's day in the words of the export: what was offered, and how it was watched.

    `failed_by` counts outcomes. `day` is None for what has no known day: it has no minutes, since
    it may belong to any day.
    """
    counts, dated = day.counts, day.counts.day is not None
    minutes = {
        "minutes": day.minutes,
        "minutes_watched": day.watched,
        "minutes_partly": day.partly,
        "minutes_blind": day.blind,
        "minutes_not_watched": day.unwatched,
        "minutes_declared_blind": day.declared,
    }
    row = {
        **asdict(counts),
        **(minutes if dated else dict.fromkeys(minutes)),
        "outlet": day.outlet,
        "country": day.country,
        "alignment": day.alignment,
        "day": counts.day.isoformat() if counts.day else None,
        "completeness": day.completeness if dated else None,
        "share_seen": None if day.share is None else round(day.share, 4),
    }
    return {name: row[name] for name in COLUMNS}
