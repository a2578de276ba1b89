"""What a new version of an article says of its outlet: each change as an edit of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from storage.comparisons import Compared
from storage.edits import Edit, Kind
from storage.models import Mention, Reading
from storage.text import QUOTES, fold, words

SHORTER_BY = 1 / 3
"""Share of its words that a text has to lose to be told as shortened."""
_QUOTES = frozenset(QUOTES)


@dataclass(frozen=True, slots=True)
class Made:
    """A new version: an edit with its place and times, the two readings, and what differs.

    `judged` are the actors of whom a person said that the article names them.
    """

    edit: Edit  # the pattern of each: article, version, times and evidence
    compared: Compared
    after: Reading
    judged: Collection[str] = ()


def events(made: Made) -> Iterator[Edit]:
    """Everything that changed between the two readings."""
    before, after, told = made.compared.earlier, made.after, made.compared
    assert before is not None, "a version is made of two readings"
    if told.headline:
        yield _edit(made, "headline", before.headline, after.headline)
    if told.text:
        yield from _of_text(made, before, after)
    if told.actors:
        yield from _of_actors(made, before, after)


def _of_text(made: Made, before: Reading, after: Reading) -> Iterator[Edit]:
    yield _edit(made, "text")
    old, new = _length(before), _length(after)
    if before.text and old - new >= old * SHORTER_BY:
        yield _edit(made, "shortened", str(old), str(new))


def _of_actors(made: Made, before: Reading, after: Reading) -> Iterator[Edit]:
    """Who is named now and was not, who is no longer, and who is called something else."""
    old, new = (_by_actor(reading, made.judged) for reading in (before, after))
    for actor_id in sorted(new.keys() - old.keys()):
        yield _edit(made, "actor_added", "", _surfaces(new[actor_id]), actor_id)
    for actor_id in sorted(old.keys() - new.keys()):
        yield _edit(made, "actor_removed", _surfaces(old[actor_id]), "", actor_id)
    for actor_id in sorted(old.keys() & new.keys()):
        then, now = _labels(old[actor_id]), _labels(new[actor_id])
        if then.keys() != now.keys():
            called, calls = (" · ".join(labels.values()) for labels in (then, now))
            yield _edit(made, "label", called, calls, actor_id)


def _edit(
    made: Made, kind: Kind, before: str = "", after: str = "", actor_id: str | None = None
) -> Edit:
    return replace(made.edit, kind=kind, before=before, after=after, actor_id=actor_id)


def _by_actor(reading: Reading, judged: Collection[str]) -> Mapping[str, list[Mention]]:
    """What is counted of each actor. Whom a person ruled out is ruled out where edits are told."""
    found = defaultdict(list)
    for mention in reading.mentions:
        if not mention.ambiguous or mention.actor_id in judged:
            found[mention.actor_id].append(mention)
    return found


def _surfaces(mentions: Collection[Mention]) -> str:
    """The names as printed, each once."""
    return " · ".join(dict.fromkeys(" ".join(one.surface.split()) for one in mentions))


def _labels(mentions: Collection[Mention]) -> dict[tuple[str, bool], str]:
    """The labels as printed, by their words and whether they stand in quotation marks."""
    found: dict[tuple[str, bool], str] = {}
    for label in (" ".join(one.label.split()) for one in mentions if one.label):
        found.setdefault((fold(label), not _QUOTES.isdisjoint(label)), label)
    return found


def _length(reading: Reading) -> int:
    return reading.fingerprint.words if reading.fingerprint else len(words(fold(reading.text)))
