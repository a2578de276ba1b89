"""What is doubtful about watchlists that are sound: forms that find too much, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crawler.reading.mentions import Matcher
from crawler.reading.variants import squeezed
from crawler.vocabulary import is_given_name, is_ordinary
from crawler.watchlists import Form, WatchedActor
from crawler.watchlistvariants import Refused
from storage.alias_counts import AliasCount
from storage.models import Actor, Alias
from storage.text import fold, words

LEAST_LETTERS = 4
"""Letters below which a single word that needs no capitals is found by chance."""
LONGEST = 300
"""Letters; no text prints a name that is longer."""
_PHRASE = 2  # words up to which an organisation's name may be a phrase of everyday


class Doubt(StrEnum):
    """What may be wrong with a form."""

    TOO_SHORT = "too_short"  # a word of so few letters stands in texts for other reasons
    ORDINARY = "ordinary"  # it counts by itself and is made of ordinary words
    NEVER = "never"  # no text can name the actor by it
    TWIN = "twin"  # another form of the actor finds everything that it finds
    FLOOD = "flood"  # it names its actor in very many articles
    REFUSED = "refused"  # a generated spelling that is not looked for
    UNMATCHED = "unmatched"  # no stored article has it


NOTES = frozenset({Doubt.TWIN, Doubt.REFUSED, Doubt.UNMATCHED})
"""Good to know; nothing that a person must mend."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A form and what is doubtful about it; `articles` where the archive told."""

    actor_id: str
    form: str
    doubt: Doubt
    reason: str
    articles: int | None = None


def check_forms(watched: Iterable[WatchedActor]) -> Iterator[Finding]:
    """Everything doubtful that can be told from the watchlists alone, actor by actor."""
    for actor in watched:
        for form in actor.forms:
            if doubt := _doubt(actor, form):
                yield Finding(actor.id, form.text, *doubt)
        for form, twin in _twins(actor):
            reason = f"{twin.text} finds all that it finds"
            yield Finding(actor.id, form.text, Doubt.TWIN, reason)


def _doubt(actor: WatchedActor, form: Form) -> tuple[Doubt, str] | None:
    """The first thing that is doubtful about a form by itself."""
    if reason := _why_never(actor, form):
        return Doubt.NEVER, reason
    if _is_too_short(form):
        return Doubt.TOO_SHORT, f"is a word of fewer than {LEAST_LETTERS} letters"
    if _is_ordinary_and_free(actor, form):
        return Doubt.ORDINARY, 'counts by itself and is an ordinary phrase; mode = "context"?'
    return None


def _why_never(actor: WatchedActor, form: Form) -> str:
    """Why no text can name the actor by this form; nothing where one can."""
    if len(form.text) > LONGEST:
        return f"is longer than {LONGEST} letters"
    if _needs_context(actor, form) and not actor.context:
        return "needs context words, and the actor has none"
    if _finds(actor, [form], form.text, actor.anti_aliases):
        return ""
    if actor.anti_aliases and _finds(actor, [form], form.text):
        return "stands only inside an anti-alias"
    return "is not found even in a text that consists of it"


def _needs_context(actor: WatchedActor, form: Form) -> bool:
    if form.mode == "context":
        return True
    one_word = len(words(fold(form.text))) < 2
    return form.mode == "auto" and one_word and actor.kind != "term"


def _finds(
    actor: WatchedActor, forms: Sequence[Form], text: str, antis: tuple[str, ...] = ()
) -> bool:
    """Whether forms of an actor alone would find the whole of a text, context being there."""
    aliases = tuple(Alias(form.text, form.language, form.mode) for form in forms)
    alone = Actor(actor.id, actor.kind, aliases=aliases, anti_aliases=antis, context=("context",))
    found = Matcher([alone]).find(f"{text} . context")
    return any(mention.start == 0 and mention.end >= len(text.rstrip(" .")) for mention in found)


def _is_too_short(form: Form) -> bool:
    letters = squeezed(form.text)
    capitals = form.text.isascii() and form.text.isupper()
    one_word = len(words(fold(form.text))) == 1
    return form.mode == "auto" and one_word and not capitals and len(letters) < LEAST_LETTERS


def _is_ordinary_and_free(actor: WatchedActor, form: Form) -> bool:
    """Whether it needs neither capitals nor context, and any text may hold it."""
    if actor.kind == "term" or form.mode == "acronym" or _needs_context(actor, form):
        return False
    person = actor.kind == "person"
    if not person and len(fold(form.text).split()) > _PHRASE:
        return False
    return is_ordinary(form.text, person=person) or is_given_name(form.text)


def _twins(actor: WatchedActor) -> Iterator[tuple[Form, Form]]:
    """Forms that an earlier one of the same mode makes useless, with that one."""
    groups: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in actor.forms:
        earlier = groups[squeezed(form.text), form.mode]
        twin = next((one for one in earlier if _finds(actor, [one], form.text)), None)
        if twin:
            yield form, twin
        else:
            earlier.append(form)


def refusals(refused: Iterable[Refused]) -> Iterator[Finding]:
    """The generated spellings that are not looked for, as findings."""
    for one in refused:
        reason = f"generated from {one.form}, is not looked for: it {one.reason}"
        yield Finding(one.actor_id, one.variant, Doubt.REFUSED, reason)


@dataclass(frozen=True, slots=True)
class Archive:
    """How many articles are stored, and in how many each form was found."""

    articles: int
    counts: tuple[AliasCount, ...]


def check_archive(
    watched: Sequence[WatchedActor], archive: Archive, *, share: float, fewest: int
) -> Iterator[Finding]:
    """Forms that name their actor in very many of the stored articles, and forms in none."""
    actors = {actor.id: actor for actor in watched}
    least = max(fewest, share * archive.articles)
    for count in sorted(archive.counts, key=lambda count: -count.counted):
        actor = actors.get(count.actor_id)
        if actor is None or actor.kind == "term" or count.counted < least:
            continue
        percent = 100 * count.counted / archive.articles
        reason = f"names its actor in {count.counted} of {archive.articles} articles"
        reason = f"{reason} ({percent:.1f} %); is it a name in all of them?"
        yield Finding(actor.id, count.alias, Doubt.FLOOD, reason, count.counted)
    found = {(count.actor_id, count.alias) for count in archive.counts}
    for actor in watched if archive.articles else ():
        for form in actor.forms:
            if (actor.id, form.text) not in found:
                reason = f"is in none of {archive.articles} stored articles"
                yield Finding(actor.id, form.text, Doubt.UNMATCHED, reason, 0)
