"""Watchlists: the actors that are watched for, and the generic terms of civil society.

A file is a list of `[[actors]]`, each with its written forms. The shipped ones lie in
`crawler/data/watchlists/`; a workspace adds its own and changes shipped ones by id.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crawler.fields import Country, Identifier, LanguageCode, List, Record, Some, Text
from storage.models import Actor, Alias
from storage.text import fold

Kind = Literal[
    "person", "cso", "media", "network", "state_body", "pro_government", "political", "term"
]
Theme = Literal[
    "rights",
    "press",
    "women",
    "environment",
    "education",
    "minorities",
    "governance",
    "information",
    "labour",
    "justice",
    "prisoners",
    "protest",
    "peace",
    "health",
    "culture",
    "youth",
    "development",
]
Mode = Literal["auto", "acronym", "exact", "context"]


class Form(Record):
    """One written form of an actor, as it stands in a text.

    mode: auto (two words or more match freely) | acronym (capitals as written) | exact (as
    written) | context (counts only near one of the actor's context words).
    """

    text: Text
    language: LanguageCode | None = None
    mode: Mode = "auto"
    verified: bool = False
    suppress: bool = False

    @model_validator(mode="after")
    def _fits_its_mode(self) -> Self:
        if not fold(self.text):
            raise ValueError(f'the form "{self.text}" has no letter')
        if self.mode == "acronym" and self.text != self.text.upper():
            raise ValueError(f'"{self.text}" is no acronym: it has small letters')
        return self

    def alias(self) -> Alias:
        """The form as the matcher takes it."""
        return Alias(self.text, self.language, self.mode, self.verified)


class WatchedActor(Record):
    """A person or organisation that is watched, or (kind term) a set of generic words.

    `name` is for display; what is looked for in a text are the `forms`, names among them.
    `verified` on a form: a page in that language which names the actor was read. `anti_aliases`
    are longer phrases inside which a form means something else.
    """

    id: Identifier
    kind: Kind
    name: Annotated[dict[LanguageCode, Text], Field(min_length=1)]
    forms: Some[Form]
    countries: List[Country] = ()
    themes: List[Theme] = ()
    context: List[Text] = ()
    anti_aliases: List[Text] = ()
    evidence: List[Text] = ()
    note: str = ""
    suppress: bool = False

    @property
    def display_name(self) -> str:
        """The English name, else the first."""
        return self.name.get("en") or next(iter(self.name.values()))

    @property
    def can_count(self) -> bool:
        """Whether any form counts alone, or near a context word.

        A single word of an actor counts like one of mode context; one of a set of terms does not.
        """
        return bool(self.context) or any(
            form.mode in ("acronym", "exact")
            or (form.mode == "auto" and (self.kind == "term" or " " in fold(form.text)))
            for form in self.forms
        )

    def actor(self) -> Actor:
        """The record that the matcher and the database take."""
        return Actor(
            id=self.id,
            kind=self.kind,
            countries=self.countries,
            themes=self.themes,
            name=self.display_name,
            aliases=tuple(form.alias() for form in self.forms),
            anti_aliases=self.anti_aliases,
            context=self.context,
            suppress=self.suppress,
        )
