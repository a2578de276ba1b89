"""What each outlet made of a text that it took over: sentences, actors and labels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.story_view import Member, StoryTold, ToldMention

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
    """One article held against the story's reference text; None where a text was not kept."""

    differences: tuple[Difference, ...]
    share_kept: float  # of the reference's words, 0 to 1
    no_longer_named: tuple[str, ...]
    named_besides: tuple[str, ...]
    labels: tuple[LabelChange, ...]


def retellings(told: "StoryTold") -> dict[int, Retelling | None]:
    """For each article of a story but the reference itself, what it did to the text."""
    reference = next(one for one in told.members if one.article_id == told.reference)
    others = (one for one in told.members if one is not reference)
    return {one.article_id: _retelling(reference, one) for one in others}


def _retelling(reference: "Member", member: "Member") -> Retelling | None:
    from crawler.reading.changes import compare

    if reference.text is None or member.text is None:
        return None
    changes = compare(reference.text, member.text)
    return Retelling(
        differences=tuple(
            Difference(
                part.kind,
                *part.wording(reference.text, member.text),
                _actors((reference, part.before), (member, part.after)),
            )
            for part in changes.parts
            if part.kind in SHOWN
        ),
        share_kept=changes.share_kept,
        no_longer_named=_besides(reference, member),
        named_besides=_besides(member, reference),
        labels=tuple(_label_changes(reference, member)),
    )


def _actors(*places: "tuple[Member, tuple[int, int] | None]") -> tuple[str, ...]:
    """The names of those who are counted within these pieces of texts."""
    names = {
        mention.name: None
        for member, span in places
        if span is not None
        for mention in _counted(member)
        if mention.field == "text" and span[0] <= mention.start < span[1]
    }
    return tuple(names)


def _counted(member: "Member") -> "list[ToldMention]":
    return [mention for mention in member.mentions if mention.counted]


def _besides(one: "Member", other: "Member") -> tuple[str, ...]:
    """Whom the one names, and the other not.

    Names that are printed in the other and not counted there, since a person left it out or judged
    them, were not dropped by its outlet.
    """
    printed = {mention.actor_id for mention in other.mentions}
    return tuple(name for actor_id, name in _named(one).items() if actor_id not in printed)


def _named(member: "Member") -> dict[str, str]:
    return {mention.actor_id: mention.name for mention in _counted(member)}


def _label_changes(reference: "Member", member: "Member") -> list[LabelChange]:
    """Actors named in both texts, whose labels in print are not the same."""
    both = sorted(_named(reference).keys() & _named(member).keys())
    changed = [(key, _labels(reference, key), _labels(member, key)) for key in both]
    names = _named(member)
    return [
        LabelChange(names[key], before, after)
        for key, before, after in changed
        if set(before) != set(after)
    ]


def _labels(member: "Member", actor_id: str) -> tuple[str, ...]:
    found = {one.label: None for one in _counted(member) if one.actor_id == actor_id and one.label}
    return tuple(found)
