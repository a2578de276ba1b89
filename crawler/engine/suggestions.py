"""New spellings of persons, seen in the archive where it speaks of them; never attributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crawler.reading.findings import mentions_in
from crawler.reading.mentions import Matcher
from crawler.reading.skeletons import Names, SoundsLike
from crawler.reading.variants import squeezed
from crawler.vocabulary import is_ordinary
from storage.articles import StoredText
from storage.models import Actor
from storage.surroundings import around

EXAMPLES = 2
WIDTH = 40
"""Characters on either side of an example."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One place of a new spelling, in reading order."""

    article_id: int
    outlet_id: str
    before: str
    match: str
    after: str


@dataclass
class Suggestion:
    """A spelling that sounds like an actor's, and where it stands."""

    actor_id: str
    spelling: str
    like: str
    articles: int = 0
    outlets: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    examples: list[Seen] = field(default_factory=list)
    last_article: int = 0

    @property
    def language(self) -> str:
        """The language of most of its articles."""
        return self.languages.most_common(1)[0][0]


def suggest(
    actors: Sequence[Actor],
    texts: Iterable[StoredText],
    only: str | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Suggestion]:
    """New spellings of all persons, or of one, in these texts: the most frequent first."""
    matcher = Matcher(actors)
    names = Names(actor for actor in actors if only is None or actor.id == only)
    found: dict[tuple[str, str], Suggestion] = {}
    for number, article in enumerate(texts, start=1):
        mentions = mentions_in(matcher, article.headline, article.text)
        for field_name, text in (("headline", article.headline), ("text", article.text)):
            here = [mention for mention in mentions if mention.field == field_name]
            for new in names.new_spellings(text, here):
                _note(found, article, text, new)
        progress(number)
    return sorted(found.values(), key=lambda one: (-one.articles, one.actor_id, one.spelling))


def _note(
    found: dict[tuple[str, str], Suggestion], article: StoredText, text: str, new: SoundsLike
) -> None:
    """Count one place; an article counts once. Ordinary words are nobody's new spelling."""
    spelling = " ".join(text[new.start : new.end].split())
    if is_ordinary(spelling, person=True):
        return
    key = (new.actor_id, squeezed(spelling))
    one = found.setdefault(key, Suggestion(new.actor_id, spelling, new.form))
    if one.last_article == article.article_id:
        return
    one.last_article = article.article_id
    one.articles += 1
    one.outlets.add(article.outlet_id)
    one.languages[article.language] += 1
    if len(one.examples) < EXAMPLES:
        before, after = around(text, new.start, new.end, WIDTH)
        one.examples.append(Seen(article.article_id, article.outlet_id, before, spelling, after))
