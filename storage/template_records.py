"""What is known of the layout of an outlet's pages: learned from captures, or written by a person.

Read by `crawler.reading`, kept by `storage`; standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """Where the parts of an article stand on an outlet's pages, learned from some of them.

    It holds names of elements and what all pages repeat, never an article's text.
    """

    id: str  # digest of its rules: what reads alike has one id
    made_by: str = ""  # version of the learner
    pages: int = 0  # learned from
    usable: bool = False  # False: nothing was agreed, and every page is read the careful way
    evidence: tuple[tuple[str, str], ...] = ()  # what was seen while learning, for people

    def to_json(self) -> str:
        """The template as it is kept in a database."""
        raise NotImplementedError

    @staticmethod
    def from_json(text: str) -> Template:
        """A kept template; raises ValueError, in words, where the text is damaged."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where the parts of an article stand as somebody wrote into the outlet's file: CSS.

    They win over what is learned and guessed; of `drop`, nothing becomes text.
    """

    headline: str | None = None
    text: str | None = None
    byline: str | None = None
    published: str | None = None
    section: str | None = None
    image: str | None = None
    drop: tuple[str, ...] = ()
