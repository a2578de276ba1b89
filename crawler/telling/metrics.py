"""Figures for a monitoring system: a file in the text format of Prometheus.

Counts, times and states only. Labels hold ids of outlets, names of schedules and words of ours,
never the name of anybody who is watched. The file is 0644, unlike all of ours: the collector that
reads it (node_exporter's textfile collector) is another user, and the folder is the operator's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from crawler.telling.status import status
from crawler.telling.status_records import Status
from crawler.workspace import Workspace
from storage.slots import Coming

PUBLIC_MODE = 0o644
Labels = Mapping[str, str]
Value = int | float | datetime | None


@dataclass(frozen=True, slots=True)
class Metric:
    """A family of figures; those whose value is None are left out: unknown is not nought."""

    name: str
    help: str
    samples: Sequence[tuple[Labels, Value]]


def write(workspace: Workspace, coming: Sequence[Coming] = ()) -> None:
    """Write the file that `[metrics]` names, whole or not at all; nothing where it names none.

    Raises OSError where its folder is missing or closed to us.
    """
    settings = workspace.settings.metrics
    if settings is not None:
        _replace(Path(settings.textfile), rendered(metrics(status(workspace, coming))))


def rendered(found: Iterable[Metric]) -> str:
    """The metrics in the text format (version 0.0.4)."""
    return "".join(f"{line}\n" for metric in found for line in _lines(metric))


def metrics(known: Status) -> list[Metric]:
    """All figures of a state."""
    return [
        _one("info", "The software and the schema of its database.", 1, _software(known)),
        _one("written_timestamp_seconds", "When this file was written.", known.at),
        _one("status_code", "0 all well, 1 not running, 3 somebody is needed.", known.code),
        _one("articles", "Articles in the database.", known.articles),
        *_schedules(known),
        *_outlets(known),
        *_queues(known),
        *_disk(known),
        *_care(known),
    ]


def _schedules(known: Status) -> Iterator[Metric]:
    named = [({"schedule": one.name}, one) for one in known.schedules]
    yield Metric(
        "schedule_last_success_timestamp_seconds",
        "When a schedule's work was last done.",
        [(label, one.done_at) for label, one in named],
    )
    yield Metric(
        "schedule_next_timestamp_seconds",
        "When a schedule is due next.",
        [(label, one.next_at) for label, one in named],
    )


def _outlets(known: Status) -> Iterator[Metric]:
    counts = [({"state": state}, count) for state, count in known.outlets.items()]
    yield Metric("outlets", "Outlets by state.", counts)
    told = [({"outlet": one.outlet_id, "state": one.state}, 1) for one in known.outlets_to_see]
    yield Metric("outlet_state", "1 for the state of an outlet that is not well.", told)


def _queues(known: Status) -> Iterator[Metric]:
    queue = known.waiting
    yield _one("pending", "Addresses that wait to be read.", queue.pending)
    yield _one("pending_retried", "Of these, those that failed before.", queue.tried)
    yield _one("pending_oldest_timestamp_seconds", "When the oldest was found.", queue.since)
    yield _one("follows", "Visits that earlier visits asked for.", queue.follows)


def _disk(known: Status) -> Iterator[Metric]:
    room, foretold = known.disk.room, known.disk.growth
    parts = [({"part": part}, size) for part, size in asdict(known.disk.sizes).items()]
    day = foretold.full_on
    full_on = datetime.combine(day, time(), tzinfo=UTC) if day else None
    yield Metric("workspace_bytes", "What the workspace takes, by part.", parts)
    yield _one("disk_free_bytes", "What is left on its disk.", room.free)
    yield _one("disk_reserve_bytes", "Below which runs end.", room.reserve)
    yield _one("growth_bytes_per_day", "How fast the workspace grows.", foretold.per_day)
    yield _one("disk_full_timestamp_seconds", "When it will be full, at this rate.", full_on)


def _care(known: Status) -> Iterator[Metric]:
    backup, captures = known.backup, known.captures
    at, size = (backup.at, backup.bytes) if backup else (None, None)
    yield _one("backup_timestamp_seconds", "When the last good backup was made.", at)
    yield _one("backup_bytes", "Its size.", size)
    yield _one("capture_files", "Files of captures.", captures.files)
    yield _one("capture_files_unverified", "Of these, those never verified.", captures.never)
    yield _one("captures_wrong", "Captures that are not what was written.", captures.wrong)
    yield _one(
        "captures_verified_timestamp_seconds",
        "When the file that was verified longest ago was.",
        captures.oldest,
    )


def _software(known: Status) -> Labels:
    return {"version": known.version, "schema": known.schema}


def _one(name: str, told: str, value: Value, labels: Labels | None = None) -> Metric:
    return Metric(name, told, [(labels or {}, value)])


def _lines(metric: Metric) -> Iterator[str]:
    samples = [(labels, value) for labels, value in metric.samples if value is not None]
    if not samples:
        return
    name = f"marsad_{metric.name}"
    yield f"# HELP {name} {metric.help}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{told}}} {_number(value)}" if told else f"{name} {_number(value)}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: int | float | datetime) -> str:
    return str(int(value.timestamp()) if isinstance(value, datetime) else value)


def _replace(path: Path, text: str) -> None:
    """The collector never meets a half; it reads files that end with .prom only."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.chmod(PUBLIC_MODE)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
