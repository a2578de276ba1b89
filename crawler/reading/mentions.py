"""Finds the actors of a watchlist in a text, through Arabic clitics and spelling variants.

The text is folded and its spaces are taken out; an Aho-Corasick automaton finds every form of
every actor in it; then each hit is checked for word edges, clitics, spacing, and what its mode
asks for. Offsets into the stored text are worked out only for texts that have a hit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

import ahocorasick

from crawler.reading.contexts import SEAM, Contexts
from crawler.reading.forms import Form, context_pattern, forms_of
from crawler.reading.hits import Hit, Source, checked
from crawler.reading.labels import label_of
from storage.models import Actor, Alias, Mention

LABELLED = 1000
"""Places in a text at which a label is looked for; a text that names more is no article."""


class Matcher:
    """Finds the actors of a watchlist; built once, used for any number of texts."""

    def __init__(self, actors: Sequence[Actor], *, names_only: bool = False) -> None:
        """Build the automaton. `names_only`: one-word forms need no context either."""
        watched = [actor for actor in actors if not actor.suppress]
        self._contexts = {actor.id: context_pattern(actor.context) for actor in watched}
        self._automaton = ahocorasick.Automaton()
        by_key: dict[str, list[Form]] = defaultdict(list)
        for actor in watched:
            for form in forms_of(actor, names_only=names_only):
                by_key[form.key].append(form)
        for key, forms in by_key.items():
            self._automaton.add_word(key, (len(key), tuple(forms)))
        self._automaton.make_automaton()
        self._empty = not by_key

    @classmethod
    def for_names(cls, names: Mapping[str, Iterable[str]]) -> Matcher:
        """A matcher for names alone: {actor id: [name, ...]}, every mode automatic.

        >>> [m.surface for m in Matcher.for_names({"x": ["AMDH"]}).find("l’AMDH, amdh, AMDHR")]
        ['AMDH']
        """
        actors = [
            Actor(actor_id, "", aliases=tuple(Alias(name) for name in forms))
            for actor_id, forms in names.items()
        ]
        return cls(actors, names_only=True)

    def find(self, text: str) -> list[Mention]:
        """Every mention in reading order; the longest form wins, and mentions do not overlap.

        Where one and the same place names two actors, and nothing near tells which, both are
        given and marked `ambiguous`.
        """
        if self._empty or not text:
            return []
        source = Source(text)
        found = list(self._automaton.iter(source.squeezed))
        if not found:
            return []
        hits = list(checked(found, source))
        return list(_mentions(hits, source, Contexts(source, self._contexts)))

    def find_in(self, headline: str, text: str) -> list[Mention]:
        """Every mention in an article, each with its field; the headline's come first.

        The two are read as one: a short form counts where the other field has the full name, and
        the headline is the paragraph before the first.
        """
        begin = len(headline) + len(SEAM)
        return [
            replace(mention, field="headline") if mention.start < begin else _moved(mention, -begin)
            for mention in self.find(f"{headline}{SEAM}{text}")
        ]


def _moved(mention: Mention, by: int) -> Mention:
    label_start = None if mention.label_start is None else mention.label_start + by
    return replace(mention, start=mention.start + by, end=mention.end + by, label_start=label_start)


# ---------------------------------------------------------------- which hits count


def _mentions(hits: Sequence[Hit], source: Source, contexts: Contexts) -> Iterator[Mention]:
    """The hits that hold, as mentions: not spoiled by an anti-alias, with context, longest."""
    hits = list(_unspoiled(hits))
    free = [hit for hit in hits if hit.form.mode != "context"]
    groups = list(_longest(free))
    sure = _sure(groups, contexts)
    if len(free) < len(hits):
        groups = list(_longest(hit for hit in hits if _holds(hit, sure, contexts)))
    for number, group in enumerate(groups):
        named = _told_apart(group, sure, contexts)
        for hit in named:
            mention = _mention(hit, source, ambiguous=len(named) > 1)
            yield mention if number >= LABELLED else _labelled(mention, hit.form.kind, source.text)


def _sure(groups: Iterable[list[Hit]], contexts: Contexts) -> set[str]:
    """The actors named by a form that needs no context, at a place that names no other actor.

    A set of terms is nobody: that one of its words stands there says nothing of the others.
    """
    named = (_told_apart(group, set(), contexts) for group in groups)
    return {found[0].form.actor_id for found in named if len(found) == 1 and not found[0].form.term}


def _holds(hit: Hit, sure: set[str], contexts: Contexts) -> bool:
    """Whether a hit that may need context has it."""
    return hit.form.mode != "context" or hit.form.actor_id in sure or contexts.near(hit)


def _told_apart(group: list[Hit], sure: set[str], contexts: Contexts) -> list[Hit]:
    """One hit for each actor whom the place names; of several, the only one with a context."""
    if len(group) == 1:
        return group
    actors = {hit.form.actor_id: hit for hit in reversed(group)}
    named = sorted(actors.values(), key=lambda hit: hit.form.actor_id)
    if len(named) == 1:
        return named
    backed = [hit for hit in named if hit.form.actor_id in sure or contexts.near(hit)]
    return backed if len(backed) == 1 else named


def _unspoiled(hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits that no anti-alias of their actor touches; a name longer than that one stands."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for hit in hits:
        if hit.form.mode == "anti":
            spans[hit.form.actor_id].append((hit.start, hit.end))
    antis = {actor: _Antis(found) for actor, found in spans.items()}
    for hit in hits:
        anti = antis.get(hit.form.actor_id)
        if hit.form.mode != "anti" and (anti is None or not anti.spoil(hit)):
            yield hit


class _Antis:
    """The places in a text where an actor's anti-aliases stand."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._reach = list(accumulate((end for _, end in self._spans), max))

    def spoil(self, hit: Hit) -> bool:
        """Whether one of them overlaps the hit without lying in a part of it."""
        first = bisect_left(self._spans, (hit.start, 0))
        if first and self._reach[first - 1] > hit.start:
            return True
        for start, end in map(self._spans.__getitem__, range(first, len(self._spans))):
            if start >= hit.end:
                return False
            if end > hit.end or (start, end) == (hit.start, hit.end):
                return True
        return False


def _longest(hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Groups of hits of one place, in reading order: of overlapping places the longest stands.

    Of two as long as each other it is the first. A place that is already taken is at least as
    long as the one asked for, so that it covers one of its ends if the two overlap at all.
    """
    groups: dict[tuple[int, int], list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[hit.start, hit.end].append(hit)
    taken = bytearray(max((end for _, end in groups), default=0))
    chosen = []
    for start, end in sorted(groups, key=lambda place: (place[0] - place[1], place[0])):
        if not taken[start] and not taken[end - 1]:
            taken[start:end] = bytes([1]) * (end - start)
            chosen.append((start, end))
    return (groups[place] for place in sorted(chosen))


def _mention(hit: Hit, source: Source, *, ambiguous: bool) -> Mention:
    """The hit as a mention."""
    start, end = source.span(hit.start, hit.end)
    form = hit.form
    surface = source.text[start:end]
    rule = "term" if form.term else form.mode
    return Mention(form.actor_id, start, end, surface, form.alias, rule, ambiguous=ambiguous)


def _labelled(mention: Mention, kind: str, text: str) -> Mention:
    """The mention with the label that stands beside it; generic words have none."""
    span = None if kind == "term" else label_of(text, mention.start, mention.end, kind=kind)
    if span is None:
        return mention
    return replace(mention, label=text[span[0] : span[1]], label_start=span[0])
