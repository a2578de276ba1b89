"""Written forms that the watchlists lack: what is almost a name, where the actor is not found.

The rare words of a name, and each two that follow each other, find articles through the index;
those that mention the actor are passed by, and the others are read. It is a suggestion for a
person, bounded in time and in articles, and is counted nowhere as a mention.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from sqlite3 import Row

from storage.connection import Connection
from storage.desk.near_names import Name, NearNames, Place, Why, bare
from storage.desk.typed_names import with_clitics
from storage.search import SearchFilters, condition
from storage.stopwords import is_stopword
from storage.text import fold

MOST_ARTICLES = 400
MOST_SECONDS = 1.0
"""After which no further question is asked of the index."""
_OF_EACH = 80
"""Articles that are read for one question to the index, the newest ones."""
_IN_INDEX = 2_000
"""Articles that the index is asked for in one question, most of which mention the actor."""
_RARE_BELOW = 500
_RARE_SHARE = 200
"""A word is rare in fewer articles than that, or in fewer than one of so many."""
_EXAMPLES = 3
_BEGINNING = 3
_FORMS = """
SELECT f.form, f.generated, f.mode, w.kind
FROM actor_forms f CROSS JOIN actors w ON w.id = f.actor_id
WHERE f.actor_id = ? AND NOT w.suppress AND w.kind != 'term' ORDER BY f.form
"""
_FOUND = """
SELECT a.id, a.headline, t.text FROM (
  SELECT rowid FROM article_fts WHERE article_fts MATCH :near ORDER BY rowid DESC LIMIT :looked
) found CROSS JOIN articles a ON a.id = found.rowid
CROSS JOIN article_texts t ON t.article_id = a.id
WHERE NOT EXISTS (
  SELECT 1 FROM mentions m WHERE m.actor_id = :near_actor AND m.article_id = a.id)
"""
_TAKEN = """
SELECT m.field, m.start, m."end" FROM mentions m JOIN actors w ON w.id = m.actor_id
WHERE m.article_id = ? AND w.kind != 'term'
"""
_HOW_MANY = "SELECT count(*) FROM (SELECT 1 FROM article_fts WHERE article_fts MATCH ? LIMIT ?)"


@dataclass(frozen=True, slots=True)
class NearForm:
    """A spelling that may be the actor's, in what it differs from which form, and where it stands.

    `examples` are the newest articles that have it.
    """

    surface: str
    form: str
    why: Why
    places: int
    articles: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NearForms:
    """Spellings that the watchlist lacks, the most frequent first.

    `looked` is how many articles were read for them. `complete` is False where a limit ended the
    search: then more may be found in a shorter period or fewer outlets.
    """

    forms: tuple[NearForm, ...]
    looked: int
    complete: bool


def near_forms(
    db: Connection,
    actor_id: str,
    filters: SearchFilters | None = None,
    *,
    seconds: float = MOST_SECONDS,
    articles: int = MOST_ARTICLES,
) -> NearForms:
    """Spellings near those of an actor, in articles of these filters that do not mention it.

    The `actor` of the filters does not matter. None are looked for where every form is one word.
    """
    rows = db.all(_FORMS, (actor_id,))
    written = [name for row in rows if (name := _name(row)) is not None]
    rare = _rare_words(db, written)
    names = [_without_common_parts(name, rare) for name in written]
    near = NearNames(names, [row["form"] for row in rows])
    search = _Search(db, actor_id, filters, time.monotonic() + seconds, articles)
    found: dict[str, _Found] = {}
    for row in search.articles(_matches(names, rare)):
        for place, surface in _places(db, near, row):
            found.setdefault(fold(surface), _Found(place)).add(row["id"], surface)
    forms = sorted((one.told() for one in found.values()), key=_most)
    return NearForms(tuple(forms), len(search.looked), search.complete)


@dataclass(slots=True)
class _Search:
    """Articles that are worth reading, within the limits."""

    db: Connection
    actor_id: str
    filters: SearchFilters | None
    ends_at: float
    most: int
    looked: set[int] = field(default_factory=set)
    complete: bool = True

    def articles(self, matches: Iterable[str]) -> Iterator[Row]:
        """Each article once, of the first question to the index that finds it."""
        where = condition(replace(self.filters or SearchFilters(), actor=None))
        asked = {**where.parameters, "near_actor": self.actor_id}
        sql = f"{_FOUND}{where.sql} ORDER BY a.id DESC LIMIT :each"
        limits = {"looked": _IN_INDEX, "each": _OF_EACH + 1}
        for match in dict.fromkeys(matches):
            if time.monotonic() > self.ends_at or len(self.looked) >= self.most:
                self.complete = False
                return
            rows = self.db.all(sql, {**asked, **limits, "near": match})
            self.complete &= len(rows) <= _OF_EACH and not self._is_common(match)
            yield from self._new(rows[:_OF_EACH])

    def _new(self, rows: Sequence[Row]) -> Iterator[Row]:
        for row in rows:
            if row["id"] not in self.looked and len(self.looked) < self.most:
                self.looked.add(row["id"])
                yield row

    def _is_common(self, match: str) -> bool:
        return int(self.db.value(_HOW_MANY, (match, _IN_INDEX + 1))) > _IN_INDEX


@dataclass(slots=True)
class _Found:
    """A spelling and where it stands; articles come the newest question first."""

    place: Place
    surfaces: dict[str, int] = field(default_factory=dict)
    articles: set[int] = field(default_factory=set)

    def add(self, article: int, surface: str) -> None:
        self.surfaces[surface] = self.surfaces.get(surface, 0) + 1
        self.articles.add(article)

    def told(self) -> NearForm:
        """As it is printed most often."""
        surface = min(self.surfaces, key=lambda one: (-self.surfaces[one], one))
        examples = tuple(sorted(self.articles, reverse=True)[:_EXAMPLES])
        counts = sum(self.surfaces.values()), len(self.articles)
        return NearForm(surface, self.place.form, self.place.why, *counts, examples)


def _most(one: NearForm) -> tuple[int, int, str]:
    return -one.articles, -one.places, one.surface


def _places(db: Connection, near: NearNames, row: Row) -> Iterator[tuple[Place, str]]:
    """Places of an article that are almost a name, and in which nobody else is named."""
    taken: list[tuple[str, int, int]] | None = None
    for name in ("headline", "text"):
        for place in near.places(row[name]):
            if taken is None:  # most articles have no such place
                taken = [(one[0], one[1], one[2]) for one in db.all(_TAKEN, (row["id"],))]
            if not any(f == name and s < place.end and place.start < e for f, s, e in taken):
                yield place, " ".join(row[name][place.start : place.end].split())


def _name(row: Row) -> Name | None:
    written = not row["generated"] and row["mode"] not in ("exact", "acronym")
    return Name.of(row["form"], is_person=row["kind"] == "person") if written else None


def _rare_words(db: Connection, names: Sequence[Name]) -> list[str]:
    """Of all words of the names, those that stand in few articles, in their order."""
    below = max(_RARE_BELOW, int(db.value("SELECT max(id) FROM articles") or 0) // _RARE_SHARE)
    every = dict.fromkeys(word for name in names for word in name.bare if not is_stopword(word))
    return [word for word in every if db.value(_HOW_MANY, (_in_any_form(word), below)) < below]


def _without_common_parts(name: Name, rare: Sequence[str]) -> Name:
    """The name, of which no word is dropped that leaves only words of half a country."""
    kept = {
        at
        for at in name.drops
        if any(word in rare for place, word in enumerate(name.bare) if place != at)
    }
    return replace(name, drops=tuple(sorted(kept)))


def _matches(names: Sequence[Name], rare: Sequence[str]) -> Iterator[str]:
    """Questions to the index: rare words by themselves, and two words that follow each other.

    Of these, the second one only has to begin alike, so that a letter of it may differ.
    """
    yield from map(_in_any_form, rare)
    for name in names:
        for one, other in pairwise(name.folded):
            if not is_stopword(one) and len(other) >= _BEGINNING:
                yield f'folded : "{one} {other[: _BEGINNING + len(other) - len(bare(other))]}" *'


def _in_any_form(word: str) -> str:
    """A word with whatever Arabic writes before it."""
    either = " OR ".join(f'"{form}"' for form in with_clitics(word))
    return f"folded : ({either})"
