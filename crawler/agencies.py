"""News agencies as credits name them: `crawler/data/agencies.toml`, and a workspace's own file.

A workspace's `agencies.toml` adds agencies, or changes shipped ones by id: tables merge by key,
lists are replaced, `suppress = true` takes an agency away.
"""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field

from crawler.datafiles import (
    ConfigErrors,
    DataFile,
    Place,
    Problem,
    Table,
    checked,
    overlaid,
    read_toml,
    repeated_rows,
    rows_of,
    tree,
)
from crawler.fields import Country, Identifier, LanguageCode, List, Record, Some, Text
from crawler.reading.agencynames import key
from crawler.sentences import did_you_mean
from storage.models import Agency, AgencyForm

FILE = "agencies.toml"
Spellings = dict[LanguageCode, Some[Text]]


class WireAgency(Record):
    """A news agency; what the keys mean stands at the head of the shipped file."""

    id: Identifier
    name: Annotated[dict[LanguageCode, Text], Field(min_length=1)]
    country: Country | None = None
    names: Spellings = Field(default_factory=dict)
    short: Spellings = Field(default_factory=dict)
    words: Spellings = Field(default_factory=dict)
    outlets: List[Identifier] = ()
    signatures: List[Some[Text]] = ()
    unnamed: bool = False
    evidence: List[Text] = ()
    suppress: bool = False

    @property
    def display_name(self) -> str:
        """The English name, else the first."""
        return self.name.get("en") or next(iter(self.name.values()))

    @property
    def forms(self) -> tuple[AgencyForm, ...]:
        """All written forms, the displayed names among them."""
        spelled = [AgencyForm(text) for text in self.name.values()]
        for mode, lists in (("name", self.names), ("short", self.short), ("word", self.words)):
            spelled += [AgencyForm(text, mode) for forms in lists.values() for text in forms]
        return tuple(dict.fromkeys(spelled))

    def agency(self) -> Agency:
        """The record that reading and the database take."""
        return Agency(
            id=self.id,
            name=self.display_name,
            forms=self.forms,
            outlets=self.outlets,
            signatures=self.signatures,
            unnamed=self.unnamed,
            names=tuple(sorted(self.name.items())),
        )


def load_agencies(own: Path | None = None) -> tuple[Agency, ...]:
    """The shipped agencies, with a file of one's own laid over them.

    Raises ConfigErrors with everything that is wrong.
    """
    agencies, problems = read_agencies(own)
    if problems:
        raise ConfigErrors(problems)
    return agencies


def read_agencies(own: Path | None = None) -> tuple[tuple[Agency, ...], list[Problem]]:
    """The same, and every problem."""
    shipped = Path(str(files("crawler"))) / "data" / FILE
    base, problems = _rows(shipped, Path("crawler/data") / FILE)
    if own is not None and own.exists():
        changes, wrong = _rows(own, Path(FILE))
        base, more = _laid_over(base, changes)
        problems += [*wrong, *more]
    agencies = []
    for table in base.values():
        agency, wrong = checked(WireAgency, table)
        problems += wrong
        if agency is not None and not agency.suppress:
            agencies.append(agency)
    problems += _clashes(agencies, base)
    return tuple(agency.agency() for agency in agencies), problems


def _rows(path: Path, shown: Path) -> tuple[dict[str, Table], list[Problem]]:
    """The tables of a file by id, and what is wrong with the file."""
    file = read_toml(path, shown)
    if not isinstance(file, DataFile):
        return {}, [file]
    table = tree(file)
    problems = [
        entry.place.problem(f"is not a known key{did_you_mean(name, ['agencies'])}")
        for name, entry in table.entries.items()
        if name != "agencies" or not rows_of(table, name)
    ]
    problems += repeated_rows(table)
    found = {}
    for row in rows_of(table, "agencies"):
        if isinstance(row.value("id"), str):
            found[row.value("id")] = row
        else:
            problems.append(row.place_of("id").problem("is missing or no text in quotes"))
    return found, problems


def _laid_over(
    base: Mapping[str, Table], changes: Mapping[str, Table]
) -> tuple[dict[str, Table], list[Problem]]:
    """A layer with the changes of another; one that changes no agency is most likely a slip."""
    laid, problems = dict(base), []
    for agency_id, change in changes.items():
        if agency_id in base:
            laid[agency_id] = overlaid(base[agency_id], change)
        elif "name" in change.entries:
            laid[agency_id] = change
        else:
            said = f'changes the agency "{agency_id}", which does not exist'
            hint = did_you_mean(agency_id, base)
            problems.append(change.place_of("id").problem(said + hint))
    return laid, problems


def _clashes(agencies: Iterable[WireAgency], tables: Mapping[str, Table]) -> list[Problem]:
    """Forms and outlets that belong to two agencies: nobody could tell which is meant."""
    problems = []
    seen: dict[tuple[str, str], tuple[str, Place]] = {}
    for agency in agencies:
        place = tables[agency.id].place
        spelled = {("form", key(form.text)): form.text for form in agency.forms}
        spelled |= {("outlet", outlet): outlet for outlet in agency.outlets}
        for what, text in spelled.items():
            other, there = seen.setdefault(what, (agency.id, place))
            if other != agency.id:
                problems.append(place.problem(f'"{text}" also belongs to {other} ({there})'))
    return problems
