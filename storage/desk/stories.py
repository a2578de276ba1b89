"""What each outlet made of a text that it took over: sentences, actors and labels.

A story itself is told by `storage.story_view`; here its articles are held against the one that the
others are compared with. How texts are compared is handed in, as in `storage.desk.changes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from storage.connection import Connection
from storage.desk.changes import Block, Compare, Part, Place, blocks
from storage.models import Precision
from storage.origins import names
from storage.story_view import Member, StoryTold, ToldMention
from storage.times import decode_time

SHOWN = ("cut", "changed", "added")
"""Kinds of differences that are told; what was moved or kept is the same text."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence that was cut, changed or added, and the actors named in it on either side."""

    kind: str
    before: str
    after: str
    actors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelChange:
    """An actor that is called something else than in the text that was taken over."""

    actor: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retelling:
    """One article held against the story's reference text."""

    differences: tuple[Difference, ...]
    share_kept: float  # of the reference's words, 0 to 1
    no_longer_named: tuple[str, ...]
    named_besides: tuple[str, ...]
    labels: tuple[LabelChange, ...]


@dataclass(frozen=True, slots=True)
class OriginSaid:
    """Who said a story first and how we know, in pieces that a page puts into words.

    `kind` as in `storage.origin_rules.Kind`; "" where no article is left to ask. `credits` are the
    agencies that articles name, with how many do.
    """

    kind: str
    name: str
    held: bool  # whether the origin's own article is among those that count
    credits: tuple[tuple[str, int], ...] = ()
    candidates: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    day: str | None = None


def retellings(told: StoryTold, compare: Compare) -> dict[int, Retelling | None]:
    """For each article of a story but the reference itself, what it did to the text.

    None where a text was not kept.
    """
    reference = reference_of(told)
    others = (one for one in told.members if one is not reference)
    return {one.article_id: retelling(reference, one, compare) for one in others}


def renamed(told: StoryTold, called: Mapping[str, str]) -> StoryTold:
    """The same story with its actors called as in the reader's language, where that is known."""
    return replace(told, members=tuple(_renamed(member, called) for member in told.members))


def _renamed(member: Member, called: Mapping[str, str]) -> Member:
    mentions = (replace(one, name=called.get(one.actor_id, one.name)) for one in member.mentions)
    return replace(member, mentions=tuple(mentions))


def reference_of(told: StoryTold) -> Member:
    """The article that the others are held against."""
    return next(one for one in told.members if one.article_id == told.reference)


def side_by_side(reference: Member, member: Member, compare: Compare) -> tuple[Block, ...]:
    """The reference text and what an article made of it, line by line; nothing without a text."""
    if reference.text is None or member.text is None:
        return ()
    return blocks(compare, reference.text, member.text)


def origin_said(db: Connection, told: StoryTold, called: Mapping[str, str]) -> OriginSaid:
    """Who said a story first, in pieces; `called`: names of outlets and agencies that go first."""
    evidence, known = told.origin.evidence, names(db) | dict(called)
    if not evidence:
        return OriginSaid("", "", False)
    credits = evidence.get("credits", {})
    at = evidence.get("at")
    return OriginSaid(
        kind=evidence["kind"],
        name=known.get(told.origin.id, told.origin.name),
        held="article" in evidence,
        credits=tuple((known.get(one, one), len(ids)) for one, ids in sorted(credits.items())),
        candidates=tuple(known.get(one, one) for one in evidence.get("candidates", ())),
        undated=tuple(known.get(one, one) for one in evidence.get("undated", ())),
        at=decode_time(at) if at else None,
        precision=Precision(evidence.get("precision") or "unknown"),
        day=evidence.get("day"),
    )


def retelling(reference: Member, member: Member, compare: Compare) -> Retelling | None:
    """What one article did to the reference text; None where a text was not kept."""
    if reference.text is None or member.text is None:
        return None
    changes = compare(reference.text, member.text)
    told = (part for part in changes.parts if part.kind in SHOWN)
    return Retelling(
        differences=tuple(_difference(reference, member, part) for part in told),
        share_kept=changes.share_kept,
        no_longer_named=_besides(reference, member),
        named_besides=_besides(member, reference),
        labels=tuple(_label_changes(reference, member)),
    )


def _difference(reference: Member, member: Member, part: Part) -> Difference:
    named = _actors((reference, part.before), (member, part.after))
    before, after = _wording(reference, part.before), _wording(member, part.after)
    return Difference(str(part.kind), before, after, named)


def _wording(member: Member, place: Place | None) -> str:
    return (member.text or "")[place.start : place.end] if place is not None else ""


def _actors(*places: tuple[Member, Place | None]) -> tuple[str, ...]:
    """The names of those who are counted within these pieces of texts."""
    names = {
        mention.name: None
        for member, span in places
        if span is not None
        for mention in _counted(member)
        if mention.field == "text" and span.start <= mention.start < span.end
    }
    return tuple(names)


def _counted(member: Member) -> list[ToldMention]:
    return [mention for mention in member.mentions if mention.counted]


def _besides(one: Member, other: Member) -> tuple[str, ...]:
    """Whom the one names, and the other not.

    Names that are printed in the other and not counted there, since a person left it out or judged
    them, were not dropped by its outlet.
    """
    printed = {mention.actor_id for mention in other.mentions}
    return tuple(name for actor_id, name in _named(one).items() if actor_id not in printed)


def _named(member: Member) -> dict[str, str]:
    return {mention.actor_id: mention.name for mention in _counted(member)}


def _label_changes(reference: Member, member: Member) -> list[LabelChange]:
    """Actors named in both texts, whose labels in print are not the same."""
    both = sorted(_named(reference).keys() & _named(member).keys())
    changed = [(key, _labels(reference, key), _labels(member, key)) for key in both]
    called = _named(member)
    return [
        LabelChange(called[key], before, after)
        for key, before, after in changed
        if set(before) != set(after)
    ]


def _labels(member: Member, actor_id: str) -> tuple[str, ...]:
    found = {one.label: None for one in _counted(member) if one.actor_id == actor_id and one.label}
    return tuple(found)
