"""What a changed watchlist would find in the archive, before it is saved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from crawler.reading.findings import mentions_in
from crawler.reading.mentions import Matcher
from crawler.watchlists import WatchedActor
from storage import corpus
from storage.articles import StoredText
from storage.connection import Connection
from storage.surroundings import around
from storage.models import Mention
from storage.text import fold

SAMPLE = 5_000
"""Articles that are looked at, at most: a quarter of a minute."""
EXAMPLES = 12
WIDTH = 40
"""Characters of the text on either side of an example."""
FLOOD = 0.02
"""A form in a larger part of all articles than this is more likely a word than a name."""
FEWEST = 3
"""Articles with a form below which it cannot be said to flood anything."""


@dataclass(frozen=True, slots=True)
class Example:
    """A place that an actor would be found at; the three pieces are in reading order."""

    actor_id: str
    article_id: int
    before: str
    match: str
    after: str


@dataclass(frozen=True, slots=True)
class Flood:
    """A form that very many articles hold."""

    actor_id: str
    form: str
    articles: int


@dataclass(frozen=True, slots=True)
class Collision:
    """A form that other actors have as well: it counts for neither without more around it."""

    form: str
    actor_ids: tuple[str, ...]


@dataclass
class Preview:
    """What would be found of each changed actor: articles that count, and doubtful ones."""

    archive: int = 0
    looked_at: int = 0
    articles: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    floods: list[Flood] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)


def preview(
    db: Connection | None,
    watched: Sequence[WatchedActor],
    touched: Collection[str],
    progress: Callable[[int], None] = lambda done: None,
) -> Preview:
    """Look for the touched actors in the archive, beside all others: the longest name wins.

    A large archive is sampled evenly. Without a database only collisions are told.
    """
    found = Preview(collisions=collisions(watched, touched))
    if db is None:
        return found
    found.archive = corpus.size(db)
    look = _Look(Matcher([actor.actor() for actor in watched]), frozenset(touched))
    for text in corpus.sample(db, SAMPLE):
        look.at(text)
        progress(look.number)
    found.looked_at = look.number
    found.articles = {actor: look.articles[actor] for actor in sorted(touched)}
    found.doubtful = {actor: look.doubtful[actor] for actor in sorted(touched)}
    found.examples, found.floods = look.examples(), look.floods()
    return found


def collisions(watched: Sequence[WatchedActor], touched: Collection[str]) -> list[Collision]:
    """Forms of the touched actors that are forms of others too, however they are spelled."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for actor in watched:
        for form in actor.forms:
            owners[fold(form.text)].setdefault(actor.id, form.text)
    return [
        Collision(next(text for actor, text in forms.items() if actor in touched), tuple(forms))
        for forms in owners.values()
        if len(forms) > 1 and not forms.keys().isdisjoint(touched)
    ]


class _Look:
    """Counts and examples of one pass over the texts."""

    def __init__(self, matcher: Matcher, touched: frozenset[str]) -> None:
        self.matcher, self.touched = matcher, touched
        self.number = 0
        self.articles: Counter[str] = Counter()
        self.doubtful: Counter[str] = Counter()
        self.forms: Counter[tuple[str, str]] = Counter()
        self.seen: dict[tuple[str, str], list[Example]] = defaultdict(list)

    def at(self, text: StoredText) -> None:
        """Look at one article."""
        self.number += 1
        mentions = [
            mention
            for mention in mentions_in(self.matcher, text.headline, text.text)
            if mention.actor_id in self.touched
        ]
        counted = {mention.actor_id for mention in mentions if not mention.ambiguous}
        self.articles.update(counted)
        self.doubtful.update({mention.actor_id for mention in mentions} - counted)
        sure = [mention for mention in mentions if not mention.ambiguous]
        self.forms.update({(mention.actor_id, mention.alias) for mention in sure})
        for mention in sure:
            self._keep(text, mention)

    def _keep(self, text: StoredText, mention: Mention) -> None:
        kept = self.seen[mention.actor_id, mention.alias]
        if len(kept) < EXAMPLES and (not kept or kept[-1].article_id != text.article_id):
            whole = text.headline if mention.field == "headline" else text.text
            before, after = around(whole, mention.start, mention.end, WIDTH)
            kept.append(Example(mention.actor_id, text.article_id, before, mention.surface, after))

    def examples(self) -> list[Example]:
        """Some of every form of every actor, in turns."""
        in_turns = chain.from_iterable(zip_longest(*self.seen.values()))
        return [example for example in in_turns if example is not None][:EXAMPLES]

    def floods(self) -> list[Flood]:
        """The forms that very many articles hold, the worst first."""
        return [
            Flood(*form, number)
            for form, number in self.forms.most_common()
            if number >= FEWEST and number > FLOOD * self.number
        ]
