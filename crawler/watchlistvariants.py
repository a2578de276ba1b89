"""Which generated spellings of all actors are refused, and why.

A generated spelling is a guess. Where it could as well be another actor, or plain words, it is
not looked for; nobody is certain, so where two guesses meet both are refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.reading.variants import squeezed
from crawler.vocabulary import is_ordinary
from crawler.watchlists import Generated, WatchedActor
from storage.models import Actor


@dataclass(frozen=True, slots=True)
class Refused:
    """A generated spelling that is not looked for."""

    actor_id: str
    form: str
    variant: str
    reason: str


def refused_variants(watched: Sequence[WatchedActor]) -> tuple[Refused, ...]:
    """Every refused spelling, in the order of the actors and their forms."""
    written = _owners((squeezed(form.text), actor.id) for actor in watched for form in actor.forms)
    generated = _owners((made.key, actor.id) for actor in watched for made in actor.generated)
    return tuple(
        Refused(actor.id, made.form.text, made.text, reason)
        for actor in watched
        for made in actor.generated
        if (reason := _reason(made, actor, written, generated))
    )


def actors_of(
    watched: Sequence[WatchedActor], refused: Iterable[Refused] | None = None
) -> tuple[Actor, ...]:
    """The actors as the matcher takes them, with every generated spelling that is not refused."""
    without: dict[str, set[str]] = defaultdict(set)
    for one in refused_variants(watched) if refused is None else refused:
        without[one.actor_id].add(one.variant)
    return tuple(actor.actor(without[actor.id]) for actor in watched)


def _owners(keys: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The actors of each spelling, told by the letters that the matcher compares."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, actor_id in keys:
        found[key].add(actor_id)
    return found


def _reason(
    made: Generated,
    actor: WatchedActor,
    written: dict[str, set[str]],
    generated: dict[str, set[str]],
) -> str:
    """Why a spelling is refused; nothing where it is not."""
    key = made.key
    if others := written.get(key, set()) - {actor.id}:
        return f"is a form of {_listed(others)}"
    if others := generated[key] - {actor.id}:
        return f"could be {_listed(others)} as well"
    if any(key == squeezed(anti) for anti in actor.anti_aliases):
        return "is one of the actor's anti-aliases"
    person = actor.kind == "person"
    if is_ordinary(made.text, person=person) and (
        person or not is_ordinary(made.form.text, person=False)
    ):
        return "is made of ordinary words"
    return ""


def _listed(actor_ids: Iterable[str]) -> str:
    return " and ".join(sorted(actor_ids))
