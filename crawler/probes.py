"""Dated records of whether an outlet's addresses work, one JSON file per outlet.

An address of grade A is used from the start. All others wait until a probe has seen them work,
and rest again when the newest probe failed: an address in a list proves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from crawler.datafiles import Problem
from crawler.private import write_file

KEPT_PER_ADDRESS = 10
"""Older records of an address say nothing about what it does today."""

Kind = Literal["feed", "sitemap", "listing", "site"]
"""What was looked at; `site` is the front page, which is no way of finding."""
FoundIn = Literal["file", "link tag", "front page", "common path", "robots"]
"""Who said that there is something: an outlet file, the front page (in a tag for machines, or to
its readers), nobody (a common path), robots.txt."""

NAMED_BY = {
    "file": "in the outlet's file",
    "link tag": "named by the front page",
    "front page": "found on the front page",
    "common path": "found at a common path",
    "robots": "named by robots.txt",
}
"""The same for people."""


class HasProbes(Protocol):
    """A workspace, as far as this module needs one."""

    @property
    def probes_dir(self) -> Path:
        """The folder of the probe records."""
        ...


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one visit to one address of an outlet showed."""

    url: str
    kind: Kind
    works: bool
    reason: str
    seen_at: str  # ISO 8601 with an offset
    entries: int = 0
    newest: str | None = None  # the date of the newest entry, as found
    found_in: FoundIn = "file"
    newest_at: str | None = None  # the same in ISO 8601, where it is sure
    own_share: float | None = None  # how many of the entries lie on the outlet's hosts, 0 to 1
    same_as: str | None = None  # the address that offers the same entries
    article: str | None = None  # of a listing: the pattern of its articles' links, as learned
    moved_to: str | None = None  # where redirects led, if to another host
    egress: str = "direct"  # whose address asked: walls stand before some visitors only

    @property
    def adds(self) -> bool:
        """Whether this is one more way of finding that works."""
        return self.works and self.kind != "site" and self.same_as is None


def record_probe(workspace: HasProbes, outlet_id: str, results: Sequence[ProbeResult]) -> None:
    """Add results to an outlet's record in the workspace; the newest ones of each address stay."""
    path = workspace.probes_dir / f"{outlet_id}.json"
    known = _read(path)
    earlier = known if isinstance(known, list) else []  # an unreadable record is written anew
    kept = [asdict(result) for result in _newest_few([*earlier, *results])]
    document = {"outlet": outlet_id, "results": kept}
    write_file(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def read_probes(workspace: HasProbes) -> dict[str, tuple[ProbeResult, ...]]:
    """The records of a workspace by outlet, oldest first; unreadable ones are left out."""
    return probes_in(workspace.probes_dir)[0]


def probes_in(folder: Path) -> tuple[dict[str, tuple[ProbeResult, ...]], list[Problem]]:
    """The records of a folder by outlet, and a problem for each file that holds none."""
    found: dict[str, tuple[ProbeResult, ...]] = {}
    problems = []
    for path in sorted(folder.glob("*.json")):
        results = _read(path)
        if isinstance(results, str):
            shown = Path(folder.name) / path.name
            hint = "remove it and run `marsad outlets probe` again"
            problems.append(Problem(shown, None, "", f"{results}; {hint}"))
        else:
            found[path.stem] = tuple(results)
    return found, problems


def newest_by_address(results: Iterable[ProbeResult]) -> Mapping[tuple[str, str], ProbeResult]:
    """The last word on each (kind, address)."""
    ordered = sorted(results, key=lambda result: datetime.fromisoformat(result.seen_at))
    return {(result.kind, result.url): result for result in ordered}


def _newest_few(results: Iterable[ProbeResult]) -> list[ProbeResult]:
    by_address: dict[tuple[str, str], list[ProbeResult]] = {}
    for result in sorted(results, key=lambda result: datetime.fromisoformat(result.seen_at)):
        by_address.setdefault((result.kind, result.url), []).append(result)
    return [result for kept in by_address.values() for result in kept[-KEPT_PER_ADDRESS:]]


def _read(path: Path) -> list[ProbeResult] | str:
    """The results in a file (none where there is no file), or what is wrong with it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return [_result(row) for row in document["results"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        return f"is not a probe record ({type(error).__name__}: {error})"


def _result(row: Mapping[str, Any]) -> ProbeResult:
    """One result; raises TypeError or ValueError for anything else."""
    if not isinstance(row, dict):
        raise TypeError("a result is no table")
    names = {field.name for field in fields(ProbeResult)}
    result = ProbeResult(**{key: value for key, value in row.items() if key in names})
    seen = datetime.fromisoformat(result.seen_at)
    known = result.kind in get_args(Kind) and result.found_in in get_args(FoundIn)
    if seen.tzinfo is None or not known or not isinstance(result.works, bool):
        raise ValueError(f"a result of {result.url} is not one")
    return result
