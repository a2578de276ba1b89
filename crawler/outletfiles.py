"""From outlet files to outlets: the shipped ones, with what a workspace adds, changes, removes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

from crawler.datafiles import (
    DataFile,
    Leaf,
    Place,
    Problem,
    Rows,
    Table,
    changes_nothing,
    checked,
    identity,
    overlaid,
    read_toml,
    repeated_rows,
    rows_of,
    tree,
    without_suppressed,
)
from crawler.fields import identifier
from crawler.outlets import SHIPPED, WAYS, Blind, Outlet, Outlets
from crawler.private import write_file
from crawler.probes import NAMED_BY, ProbeResult, newest_by_address
from crawler.sentences import did_you_mean
from crawler.tomllines import key_lines

Probes = Mapping[str, Iterable[ProbeResult]]

_MAKES_AN_OUTLET = frozenset({"name", "country", "covers", "timezone", "kind", "domains"})
"""A file with none of these can only be meant to change an outlet that exists."""

_WAYS = {f"{kind}s": kind.value for kind in WAYS}
_COUNTRY = re.compile(r"[a-z]{2}")


@dataclass
class OutletTrees:
    """The trees of one folder of outlet files by id, and what is wrong with the files."""

    trees: dict[str, Table] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def shipped_outlets() -> Path:
    """The outlet files that come with the project."""
    return Path(str(files("spiders"))) / "outlets"


def load_outlets(
    shipped: Path | None, own: Path | None, probes: Probes
) -> tuple[Outlets, list[Problem]]:
    """All outlets of two folders, the second laid over the first, and every problem."""
    base = read_folder(shipped, SHIPPED) if shipped else OutletTrees()
    over = read_folder(own, Path("outlets")) if own else OutletTrees()
    problems = [*base.problems, *over.problems]
    for outlet_id in [name for name in over.trees if name not in base.trees]:
        if not _MAKES_AN_OUTLET & over.trees[outlet_id].entries.keys():
            problems.append(_changes_no_outlet(over.trees.pop(outlet_id), outlet_id, base.trees))
    outlets, trees = [], {}
    for outlet_id in sorted({*base.trees, *over.trees}):
        results = tuple(probes.get(outlet_id, ()))
        known, change = base.trees.get(outlet_id), over.trees.get(outlet_id)
        table, wrong = _effective(outlet_id, known, change, results)
        outlet, more = _outlet(table, results)
        problems += wrong + more
        if outlet is not None and not outlet.suppress:
            outlets.append(outlet)
            trees[outlet_id] = without_suppressed(table)
    return Outlets(outlets, trees), problems


def read_folder(folder: Path, shown: Path) -> OutletTrees:
    """The trees of all TOML files of a folder; an id that two files have is a problem."""
    found = OutletTrees()
    for path in sorted(folder.rglob("*.toml")):
        way = path.relative_to(folder)
        file = read_toml(path, shown / way)
        if isinstance(file, Problem):
            found.problems.append(file)
            continue
        table = tree(file)
        outlet_id = _id_of(table, way)
        if isinstance(outlet_id, Problem):
            found.problems.append(outlet_id)
        elif outlet_id in found.trees:
            first = found.trees[outlet_id].place.file.path
            said = f'the id "{outlet_id}" belongs to {first} already'
            found.problems.append(table.place_of("id").problem(said))
        else:
            found.trees[outlet_id], found.paths[outlet_id] = table, path
            found.problems += repeated_rows(table)
    return found


def override_file(outlets_dir: Path, outlet_id: str) -> Path:
    """The workspace's file for an outlet, be it there or not."""
    known = read_folder(outlets_dir, outlets_dir).paths.get(outlet_id)
    country, _, slug = outlet_id.partition("_")
    return known or outlets_dir / country / f"{slug}.toml"


def set_enabled(path: Path, enabled: bool, reason: str, today: date) -> None:
    """Write into an outlet's file in the workspace that it is enabled or not, and why.

    The rest of the file stays as it is. The reason becomes the outlet's notes; where the file has
    notes of its own, it becomes a comment.
    """
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    known = key_lines(text)
    said = "enabled" if enabled else "disabled"
    line = f"enabled = {str(enabled).lower()}  # {said} on {today}"
    lines = text.splitlines()
    if ("enabled",) in known:
        lines[known["enabled",] - 1] = line
    else:
        lines.insert(0, line)
    if reason and ("notes",) in known:
        lines.insert(0, f"# {said} on {today}: {' '.join(reason.split())}")
    elif reason:
        lines.insert(0, f"notes = {json.dumps(reason, ensure_ascii=False)}")
    write_file(path, "\n".join(lines) + "\n")


def set_blind(path: Path, blind: Blind | None) -> None:
    """Write into an outlet's file in the workspace since when it is declared blind, and why.

    What the file said of that before goes; without `blind` nothing of it is left.
    """
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    lines = _without_table(text, "blind")
    if blind is not None:
        lines += ["", "[blind]", f"since = {blind.since}"]
        lines += [f"until = {blind.until}"] if blind.until else []
        lines += [f"reason = {json.dumps(blind.reason, ensure_ascii=False)}"]
    write_file(path, "\n".join(lines).strip("\n") + "\n")


def _without_table(text: str, name: str) -> list[str]:
    """The lines of a TOML text without one of its tables; comments before the next one stay."""
    lines, known = text.splitlines(), key_lines(text)
    own = [line for key, line in known.items() if key[0] == name]
    if not own:
        return lines
    after = [line for key, line in known.items() if key[0] != name and line > min(own)]
    end = min(after, default=len(lines) + 1) - 1
    while after and end > max(own) and not lines[end - 1].split("#")[0].strip():
        end -= 1
    before, left = lines[: min(own) - 1], lines[end:]
    while before and not before[-1].strip() and not (left and left[0].strip()):
        before.pop()
    return before + left


def _id_of(table: Table, way: Path) -> str | Problem:
    """The id by a file's place, `<cc>/<slug>.toml`; a file beside the folders says its own."""
    try:
        return _checked_id(table, way)
    except ValueError as error:
        return table.place_of("id").problem(str(error))


def _checked_id(table: Table, way: Path) -> str:
    folders, said = way.parts[:-1], table.value("id")
    if "id" in table.entries and not isinstance(said, str):
        raise ValueError("must be text in quotes")
    if not folders and said is None:
        raise ValueError("is missing, and the file does not lie in outlets/<cc>/ to give it one")
    if folders and (len(folders) > 1 or not _COUNTRY.fullmatch(folders[0])):
        raise ValueError("comes from the place outlets/<cc>/<slug>.toml, <cc> being two letters")
    outlet_id = f"{folders[0]}_{way.stem}" if folders else str(said)
    if said is not None and said != outlet_id:
        raise ValueError(f'is "{said}", but a file in this place has the id "{outlet_id}"')
    if not _COUNTRY.fullmatch(outlet_id.partition("_")[0]):
        raise ValueError(f'"{outlet_id}" must begin with a country and _, as in ma_example')
    return identifier(outlet_id)


def _changes_no_outlet(change: Table, outlet_id: str, known: Iterable[str]) -> Problem:
    """A problem for a file that can only be meant to change an outlet, and changes none."""
    place = change.place_of(next((key for key in change.entries if key != "id"), "id"))
    hint = did_you_mean(outlet_id, known)
    return place.problem(f'changes the outlet "{outlet_id}", which does not exist{hint}')


def _effective(
    outlet_id: str, known: Table | None, change: Table | None, results: Iterable[ProbeResult]
) -> tuple[Table, list[Problem]]:
    """One outlet's tree with its id, the feeds that probes found, and the workspace's changes."""
    place = known.place if known else change.place if change else Place(DataFile(Path(), "", {}))
    table = known or Table(place)
    for key, kind in _WAYS.items():
        written = [row for layer in (known, change) for row in rows_of(layer, key)]
        graded = {identity(row) for row in written if "grade" in row.entries}
        if found := _found_rows(outlet_id, results, kind, graded):
            rows = Rows([*rows_of(table, key), *found], found[0].place)
            table = Table(place, {**table.entries, key: rows})
    problems: list[Problem] = []
    if change:
        change, problems = changes_nothing(table, change, _WAYS)
        table = overlaid(table, change)
    return Table(place, {**table.entries, "id": Leaf(outlet_id, place.below("id"))}), problems


def _found_rows(
    outlet_id: str, results: Iterable[ProbeResult], kind: str, written: set[str | None]
) -> list[Table]:
    """A row of grade P for each way of a kind that a probe found and saw working."""
    place = Place(DataFile(Path("probes") / f"{outlet_id}.json", "", {}))
    seen = {
        result.url: result
        for result in results
        if result.kind == kind and result.adds and result.found_in != "file"
    }
    return [
        Table(place, {key: Leaf(value, place) for key, value in _found_row(result).items()})
        for url, result in seen.items()
        if url not in written
    ]


def _found_row(result: ProbeResult) -> dict[str, str]:
    evidence = f"{NAMED_BY[result.found_in]}, seen working {result.seen_at[:10]}"
    row = {"url": result.url, "grade": "P", "evidence": evidence}
    return row if result.article is None else {**row, "article": result.article}


def _outlet(table: Table, results: Iterable[ProbeResult]) -> tuple[Outlet | None, list[Problem]]:
    """The outlet of a tree, its suppressed addresses left out and its probes looked up.

    What a probe saw through another egress says nothing of what the outlet shows its own.
    """
    outlet, problems = checked(Outlet, table)
    if outlet is None:
        return None, problems
    kept = {key: tuple(w for w in getattr(outlet, key) if not w.suppress) for key in _WAYS}
    newest = newest_by_address(one for one in results if one.egress == outlet.egress)
    seen = {
        key: tuple(way.seen(newest.get((kind, way.url))) for way in kept[key])
        for key, kind in _WAYS.items()
    }
    return outlet.model_copy(update=seen), []
