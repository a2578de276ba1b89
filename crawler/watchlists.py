"""Watchlists: the actors that are watched for, and the generic terms of civil society.

A file is a list of `[[actors]]`, each with its written forms. The shipped ones lie in
`crawler/data/watchlists/`; a workspace adds its own and changes shipped ones by id.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from crawler.fields import Country, Identifier, LanguageCode, List, Record, Some, Text
from crawler.reading.variants import squeezed, variants
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


def _none_for_false(value: Any) -> Any:
    """`language = false` takes away the language that a shipped file gives a form."""
    return None if value is False else value


def _without_empty(model: type[BaseModel], values: Any) -> Any:
    """`mode = ""` takes away what another file says: the usual value is meant, and not said."""
    if not isinstance(values, dict):
        return values
    optional = {name for name, info in model.model_fields.items() if not info.is_required()}
    return {name: value for name, value in values.items() if value != "" or name not in optional}


def _without_false(names: Any) -> Any:
    """`name = { fr = false }` takes away a name that a shipped file gives an actor."""
    if not isinstance(names, dict):
        return names
    return {language: text for language, text in names.items() if text is not False}


class Form(Record):
    """One written form of an actor, as it stands in a text.

    mode: auto (two words or more match freely) | acronym (capitals as written) | exact (as
    written) | context (counts only near one of the actor's context words).
    variants: whether other spellings of it are generated and looked for as well.
    """

    text: Text
    language: Annotated[LanguageCode | None, BeforeValidator(_none_for_false)] = None
    mode: Mode = "auto"
    verified: bool = False
    variants: bool = True
    suppress: bool = False

    @model_validator(mode="before")
    @classmethod
    def _said(cls, values: Any) -> Any:
        return _without_empty(cls, values)

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

    def respelled(self, kind: str) -> tuple[str, ...]:
        """The spellings that are generated from it; none where it must be as written."""
        if not self.variants or self.mode in ("acronym", "exact"):
            return ()
        return variants(self.text, kind=kind, language=self.language)


@dataclass(frozen=True, slots=True)
class Generated:
    """A spelling made from a form by rule."""

    text: str
    form: Form
    key: str  # the letters that the matcher compares

    def alias(self) -> Alias:
        """The spelling as the matcher takes it: it counts when its form would."""
        return Alias(self.text, self.form.language, self.form.mode, generated=True)


class WatchedActor(Record):
    """A person or organisation that is watched, or (kind term) a set of generic words.

    `name` is for display; what is looked for in a text are the `forms`, names among them.
    `verified` on a form: a page in that language which names the actor was read. `anti_aliases`
    are longer phrases inside which a form means something else.
    """

    id: Identifier
    kind: Kind
    name: Annotated[dict[LanguageCode, Text], BeforeValidator(_without_false), Field(min_length=1)]
    forms: Some[Form]
    countries: List[Country] = ()
    themes: List[Theme] = ()
    context: List[Text] = ()
    anti_aliases: List[Text] = ()
    evidence: List[Text] = ()
    note: str = ""
    suppress: bool = False

    @model_validator(mode="before")
    @classmethod
    def _said(cls, values: Any) -> Any:
        return _without_empty(cls, values)

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

    @cached_property
    def generated(self) -> tuple[Generated, ...]:
        """Spellings generated from the forms: each once, and none that a form has already."""
        return tuple(self._generated())

    def _generated(self) -> Iterator[Generated]:
        seen = {squeezed(form.text) for form in self.forms}
        for form in self.forms:
            for text in form.respelled(self.kind):
                key = squeezed(text)
                if key not in seen:
                    seen.add(key)
                    yield Generated(text, form, key)

    def actor(self, refused: Collection[str] = ()) -> Actor:
        """The record that the matcher and the database take, without the refused spellings."""
        made = (one.alias() for one in self.generated if one.text not in refused)
        return Actor(
            id=self.id,
            kind=self.kind,
            countries=self.countries,
            themes=self.themes,
            name=self.display_name,
            names=tuple(sorted(self.name.items())),
            aliases=(*(form.alias() for form in self.forms), *made),
            anti_aliases=self.anti_aliases,
            context=self.context,
            suppress=self.suppress,
        )
