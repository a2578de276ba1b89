"""What a changed watchlist would find in the archive, before it is saved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from crawler.reading.findings import mentions_in
from crawler.reading.mentions import Matcher
from crawler.watchlists import WatchedActor
from crawler.watchlistvariants import actors_of
from storage import corpus
from storage.articles import StoredText
from storage.connection import Connection
from storage.models import Mention
from storage.surroundings import around
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


@dataclass(frozen=True, slots=True)
class Loss:
    """An untouched actor that would not count any more where a new form overlaps its own."""

    actor_id: str
    articles: int


@dataclass
class Preview:
    """What would be found of each changed actor: articles that count, and doubtful ones.

    `so_far` is how many count for it at present, where the whole archive was looked at.
    """

    archive: int = 0
    looked_at: int = 0
    so_far: dict[str, int] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    floods: list[Flood] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)


def preview(
    db: Connection | None,
    lists: tuple[Sequence[WatchedActor], Sequence[WatchedActor]],
    touched: Collection[str],
    progress: Callable[[int], None] = lambda done: None,
) -> Preview:
    """Look for the touched actors in the archive, beside all others: the longest name wins.

    `lists` are all actors before the change and after it. A large archive is sampled evenly;
    without a database only collisions are told.
    """
    before, after = lists
    found = Preview(collisions=collisions(after, touched))
    if db is None:
        return found
    found.archive = corpus.size(db)
    look = _Look(_matcher(before), _matcher(after), frozenset(touched))
    for text in corpus.sample(db, SAMPLE):
        look.at(text)
        progress(look.number)
    found.looked_at = look.number
    if found.looked_at == found.archive:
        found.so_far = corpus.naming(db, touched)
    found.articles = {actor: look.articles[actor] for actor in sorted(touched)}
    found.doubtful = {actor: look.doubtful[actor] for actor in sorted(touched)}
    found.examples, found.floods, found.losses = look.examples(), look.floods(), look.losses()
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


def _matcher(watched: Sequence[WatchedActor]) -> Matcher:
    return Matcher(actors_of(watched))


class _Look:
    """Counts and examples of one pass over the texts."""

    def __init__(self, before: Matcher, after: Matcher, touched: frozenset[str]) -> None:
        self.before, self.after, self.touched = before, after, touched
        self.number = 0
        self.articles: Counter[str] = Counter()
        self.doubtful: Counter[str] = Counter()
        self.forms: Counter[tuple[str, str]] = Counter()
        self.lost: Counter[str] = Counter()
        self.seen: dict[tuple[str, str], list[Example]] = defaultdict(list)

    def at(self, text: StoredText) -> None:
        """Look at one article."""
        self.number += 1
        everyone = mentions_in(self.after, text.headline, text.text)
        mentions = [mention for mention in everyone if mention.actor_id in self.touched]
        if mentions:
            self.lost.update(self._lost(text, everyone))
        counted = _counted(mentions)
        self.articles.update(counted)
        self.doubtful.update({mention.actor_id for mention in mentions} - counted)
        sure = [mention for mention in mentions if not mention.ambiguous]
        self.forms.update({(mention.actor_id, mention.alias) for mention in sure})
        for mention in sure:
            self._keep(text, mention)

    def _lost(self, text: StoredText, now: Sequence[Mention]) -> frozenset[str]:
        """The untouched actors that count in a text today and would not."""
        then = mentions_in(self.before, text.headline, text.text)
        return _counted(then) - _counted(now) - self.touched

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

    def losses(self) -> list[Loss]:
        """The actors that lose articles to the touched ones, the worst first."""
        return [Loss(*lost) for lost in self.lost.most_common()]


def _counted(mentions: Sequence[Mention]) -> frozenset[str]:
    return frozenset(mention.actor_id for mention in mentions if not mention.ambiguous)
