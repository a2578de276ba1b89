"""What a report is made of, whatever it is shown on: headings, paragraphs, tables, items, folds.

Words of the outlets and names of actors are `Foreign`: each page and terminal isolates them in its
own way. In other words, what stands between backticks is a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.night_records import CountryDay


@dataclass(frozen=True, slots=True)
class Foreign:
    """Words that are not ours: a headline, a name; `url` where they lead somewhere."""

    text: str
    language: str = ""
    url: str = ""


Words = tuple["str | Foreign", ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `mild` is for what is read last."""

    words: Words
    mild: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list, with what to do about it."""

    words: Words
    steps: tuple[Words, ...] = ()
    kind: str = ""  # wrong, began, ended, goes_on, story
    head: str = ""  # whom or what it is about


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things."""

    items: tuple[Item, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; `right` names the columns of figures, names come last."""

    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    right: frozenset[str] = frozenset()
    marked: frozenset[int] = frozenset()  # rows that stand out


@dataclass(frozen=True, slots=True)
class Pictures:
    """The last days of each country in bars; by the country's name, with what they show."""

    days: Mapping[str, tuple[CountryDay, ...]]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fold:
    """What only those see who want to: on paper of the terminal, only how much there is."""

    summary: str
    blocks: tuple[Block, ...]
    elsewhere: str = ""  # the command that shows it


Block = Paragraph | Items | Table | Pictures | Fold


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under its heading."""

    name: str  # for links within the page
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report: its verdict in one sentence, what it is about, and its parts."""

    verdict: str
    about: str
    sections: tuple[Section, ...]
    bad: bool = False
    coming: str = ""  # what is next
