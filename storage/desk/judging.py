"""What a judgement that somebody is about to make would be about, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.connection import Connection
from storage.desk.article_records import ArticleTold, Carrier, NamedActor
from storage.desk.articles import article
from storage.judgement_rows import Judgement, Kind
from storage.judgements import Judged, JudgementStore


@dataclass(frozen=True, slots=True)
class Proposal:
    """A judgement not made yet: the article it is of, and what it names beside that.

    `named` is the actor of not_this and is_this, `other` the article of same_story and
    other_story, `taken` the judgement to withdraw; `held` is what counts now on the same matter.
    """

    kind: Kind
    article: ArticleTold
    named: NamedActor | None = None
    other: Carrier | None = None
    taken: Judgement | None = None
    held: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says in a judgement; `value` is the date, language code or other article."""

    who: str
    why: str
    actor_id: str = ""
    number: int = 0
    value: str = ""
    other: int = 0


def propose(
    db: Connection, article_id: int, kind: Kind, named: Mapping[str, str]
) -> Proposal | None:
    """A proposal for a judgement; None where there is no such article, actor in it or judgement.

    `named` may hold `actor` (an id), `other` (an article's number) and `number` (of a judgement).
    """
    told = article(db, article_id)
    if told is None:
        return None
    if kind in (Kind.NOT_THIS, Kind.IS_THIS):
        actor = next((one for one in told.named if one.actor_id == named.get("actor")), None)
        held = _held(told, f"actor {named.get('actor')}")
        return None if actor is None else Proposal(kind, told, named=actor, held=held)
    if kind is Kind.WITHDRAW:
        number = named.get("number")
        taken = next((one for one in told.judgements if str(one.id) == number), None)
        return None if taken is None else Proposal(kind, told, taken=taken)
    other = next((one for one in told.carriers if str(one.article_id) == named.get("other")), None)
    return Proposal(kind, told, other=other, held=_held(told, str(kind)))


def make(store: JudgementStore, article_id: int, kind: Kind, said: Said) -> Judged:
    """Record a judgement; raises CannotJudge and UnknownArticle."""
    made = {"who": said.who, "why": said.why}
    acts = {
        Kind.NOT_THIS: lambda: store.not_this(article_id, said.actor_id, **made),
        Kind.IS_THIS: lambda: store.is_this(article_id, said.actor_id, **made),
        Kind.DATE: lambda: store.date(article_id, said.value, **made),
        Kind.LANGUAGE: lambda: store.language(article_id, said.value, **made),
        Kind.LEAVE_OUT: lambda: store.leave_out(article_id, **made),
        Kind.SAME_STORY: lambda: store.same_story(article_id, said.other, **made),
        Kind.OTHER_STORY: lambda: store.other_story(article_id, said.other, **made),
        Kind.WITHDRAW: lambda: store.withdraw(said.number, **made),
    }
    return acts[kind]()


def _held(told: ArticleTold, matter: str) -> Judgement | None:
    """The judgement that counts now on a matter."""
    return next((one for one in told.judgements if one.active and one.matter == matter), None)
