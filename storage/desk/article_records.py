"""What is told of one article: records for its page, made by `storage.desk.articles`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.desk.passages import Named, Paragraph, Standing
from storage.desk.provenance import Provenance
from storage.edits import ToldEdit
from storage.judgement_rows import Judgement
from storage.models import Credit, Precision


@dataclass(frozen=True, slots=True)
class Publication:
    """When something was published, as exactly as that is known; `day` on the outlet's clocks."""

    at: datetime | None
    precision: Precision
    day: str | None
    method: str | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """Another article of the same story; `same_text` where it is so word for word."""

    article_id: int
    outlet_id: str
    outlet: str
    timezone: str
    headline: str
    language: str
    appeared_at: datetime
    published_at: datetime | None
    published_precision: Precision
    withdrawn: bool
    same_text: bool


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor and the places where an article names it; `standing` is one for all but names
    that are ambiguous in some places only."""

    actor_id: str
    name: str
    kind: str
    places: tuple[Named, ...]

    @property
    def counted(self) -> int:
        """In how many of them it is counted."""
        return sum(one.standing in ("counted", "confirmed") for one in self.places)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How its places stand, each kind once, in reading order."""
        return tuple(dict.fromkeys(one.standing for one in self.places))

    @property
    def labels(self) -> tuple[str, ...]:
        """What is printed beside it, each once."""
        return tuple(dict.fromkeys(one.label for one in self.places if one.label))


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version; `reader` is who read it last: texts of one reader compare."""

    version: int
    seen_at: datetime
    headline: str
    text_kept: bool
    reader: tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Overruled:
    """What the reader says of a field where people judged otherwise, and where it read that."""

    field: str  # published or language
    published: Publication | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleTold:
    """An article as it is shown."""

    id: int
    outlet_id: str
    outlet: str
    country: str
    alignment: str
    timezone: str
    url: str
    headline: tuple[Paragraph, ...]
    plain_headline: str
    text: tuple[Paragraph, ...]
    text_kept: bool
    text_complete: bool
    language: str
    words: int
    byline: str | None
    section: str | None
    image_url: str | None
    credit: Credit | None
    credit_name: str | None
    published: Publication
    published_raw: str | None
    modified_at: datetime | None
    first_seen_at: datetime
    fetched_at: datetime
    version: int
    story_id: int
    withdrawn: bool
    named: tuple[NamedActor, ...]
    carriers: tuple[Carrier, ...]
    others: int  # articles of its story but itself, also those that are not among `carriers`
    versions: tuple[VersionLine, ...]
    edits: tuple[ToldEdit, ...]
    judgements: tuple[Judgement, ...]
    overruled: tuple[Overruled, ...]
    provenance: Provenance
    names: Mapping[str, str] = field(default_factory=dict)  # of actors that judgements are about

    @property
    def left_out_by(self) -> Judgement | None:
        """The judgement by which it is none of the study."""
        said = (one for one in self.judgements if one.kind == "leave_out" and one.active)
        return next(said, None)
