"""Schedule files: those that ship with Marsad, and what a workspace changes in them or adds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.datafiles import (
    ConfigErrors,
    Problem,
    Table,
    checked,
    overlaid,
    plain,
    read_toml,
    tree,
)
from crawler.sentences import did_you_mean
from schedules.records import READING, Schedule

SHIPPED = Path(__file__).parent
"""The folder of the shipped files."""
OWN = Path("schedules")
"""The folder of a workspace's own, as people are shown it."""

TIMES = ("at", "cron", "every")
"""Keys that say when: naming one replaces the others."""
WHOM = ("everything", "outlets", "country")
"""Keys that say which outlets, likewise."""


@dataclass(frozen=True)
class Schedules:
    """The schedules whose files are right, and everything that is wrong with the others."""

    by_name: dict[str, Schedule]
    trees: dict[str, Table]
    problems: tuple[Problem, ...] = ()
    broken: frozenset[str] = frozenset()
    """Names of schedules that cannot be told because their files are wrong."""


@dataclass(frozen=True)
class _File:
    """A file of a schedule, or what keeps it from being read."""

    name: str
    found: Table | Problem


def load_schedules(root: Path, *, shipped: bool = True) -> Schedules:
    """All schedules of a workspace; a file that is wrong hides no other."""
    base = _folder(SHIPPED, Path("marsad/schedules")) if shipped else {}
    over = _folder(root / OWN, OWN)
    read = {name: _read(name, base, over) for name in sorted({*base, *over})}
    return Schedules(
        {name: one for name, (one, _, _) in read.items() if one is not None},
        {name: table for name, (one, table, _) in read.items() if one and table},
        tuple(problem for _, _, problems in read.values() for problem in problems),
        frozenset(name for name, (one, _, _) in read.items() if one is None),
    )


def load_schedule(name: str, root: Path) -> Schedule:
    """The schedule of a name; raises ConfigErrors where its files are wrong or it has none."""
    base, over = _folder(SHIPPED, Path("marsad/schedules")), _folder(root / OWN, OWN)
    if name not in {*base, *over}:
        known = sorted({*base, *over})
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        message = f'there is no schedule "{name}"{hint}'
        raise ConfigErrors([Problem(OWN / f"{name}.toml", None, "", message)])
    schedule, _, problems = _read(name, base, over)
    if schedule is None:
        raise ConfigErrors(problems)
    return schedule


def name_problems(
    schedules: Schedules,
    outlets: Collection[str],
    countries: Collection[str],
    targets: Collection[str],
) -> list[Problem]:
    """A problem for each outlet, country and target of notifications that does not exist."""
    return [
        schedules.trees[name].place_of(key).problem(f'there is no {what} "{word}"{hint}')
        for name, schedule in schedules.by_name.items()
        for key, what, words, known in (
            ("outlets", "outlet", schedule.outlets, outlets),
            ("country", "outlet of", _some(schedule.country), countries),
            ("notify", "[[notify]] in marsad.toml named", schedule.notify or (), targets),
        )
        for word in words
        if word not in known
        for hint in (did_you_mean(word, known),)
    ]


def _some(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _folder(folder: Path, shown: Path) -> dict[str, _File]:
    """The files of a folder by the names of their schedules; hidden ones are those of editors."""
    paths = sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))
    return {path.stem: _file(path, shown / path.name) for path in paths}


def _file(path: Path, shown: Path) -> _File:
    file = read_toml(path, shown)
    return _File(path.stem, file if isinstance(file, Problem) else tree(file))


def _read(
    name: str, base: dict[str, _File], over: dict[str, _File]
) -> tuple[Schedule | None, Table | None, list[Problem]]:
    """One schedule: its record and tree, or everything that is wrong with its files."""
    files = [folder[name].found for folder in (base, over) if name in folder]
    if problems := [found for found in files if isinstance(found, Problem)]:
        return None, None, problems
    tables = [found for found in files if isinstance(found, Table)]
    problems = [problem for table in tables for problem in _disagreements(table)]
    table = _laid_over(*tables)
    schedule, wrong = checked(Schedule, table)
    problems += [*wrong, *_wrong_name(name, table), *_unsaid(table)]
    return (None if problems else schedule), table, problems


def _laid_over(base: Table, over: Table | None = None) -> Table:
    """The shipped file's tree under the workspace's."""
    if over is None:
        return base
    replaced = {key for keys in (TIMES, WHOM) if over.entries.keys() & {*keys} for key in keys}
    kept = {key: entry for key, entry in base.entries.items() if key not in replaced}
    merged = overlaid(Table(base.place, kept), over)
    return Table(over.place, merged.entries)


def _disagreements(table: Table) -> Iterator[Problem]:
    """What one file says twice in different ways."""
    times = [key for key in TIMES if key in table.entries]
    for key in times[1:]:
        yield table.place_of(key).problem(f"says when, as {times[0]} does; keep one of them")
    if table.value("everything") is True:
        for key in {"outlets", "country"} & table.entries.keys():
            message = "says which outlets, and everything = true means all; keep one of them"
            yield table.place_of(key).problem(message)


def _unsaid(table: Table) -> Iterator[Problem]:
    """What no file of a schedule says, and one of them has to."""
    if not any(key in table.entries for key in TIMES):
        yield table.place.problem(
            'does not say when: at = "04:30", cron = "0 10,14 * * *" or every = "2h"'
        )
    tasks = plain(table).get("do", ["crawl"])
    reads = isinstance(tasks, list) and any(task in READING for task in tasks)
    if reads and not any(table.value(key) for key in WHOM):
        yield table.place.problem(
            'does not say which outlets: everything = true, country = "ma" or outlets = [...]'
        )


def _wrong_name(name: str, table: Table) -> Iterable[Problem]:
    said = table.value("name")
    if said is None or said == name:
        return ()
    message = f'must be "{name}", as the file is called {name}.toml, but is "{said}"'
    return (table.place_of("name").problem(message),)
