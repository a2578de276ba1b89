"""The written forms of actors: whom somebody means who types one, and where each was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import NamedTuple

from storage.connection import Connection
from storage.desk.typed_names import EXACT, Fit, TypedName
from storage.search import SearchFilters, matching
from storage.text import fold

_FORMS = """
SELECT f.actor_id, f.form, f.folded, f.generated, w.name, w.kind
FROM actor_forms f CROSS JOIN actors w ON w.id = f.actor_id WHERE NOT w.suppress
"""
_NAMES = "SELECT id, name, kind FROM actors WHERE NOT suppress"
_PLACES = """
SELECT m.alias, m.surface, m.article_id FROM mentions m {articles}
WHERE m.actor_id = :mentioned AND m.counted {condition} ORDER BY m.article_id
"""
_ARTICLES = "CROSS JOIN articles a ON a.id = m.article_id"
_HIDDEN = "SELECT suppress FROM actors WHERE id = ?"
_KNOWN = "SELECT form, language, generated FROM actor_forms WHERE actor_id = ?"


@dataclass(frozen=True, slots=True)
class Offered:
    """An actor whom somebody may mean, and the written form by which it was found.

    `exact`: the whole form was typed, however it is spelled; otherwise the beginning of a word of
    it, or it stands among other words. `generated`: made by rule from another form.
    """

    actor_id: str
    name: str
    kind: str
    form: str
    generated: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Surface:
    """A form as outlets printed it."""

    text: str
    places: int
    articles: int


@dataclass(frozen=True, slots=True)
class FormCount:
    """How often an actor was found by one written form: at `places` in so many `articles`.

    `generated`: made by rule from another form. `watched`: the watchlists have it still.
    """

    form: str
    language: str | None
    generated: bool
    watched: bool
    places: int = 0
    articles: int = 0
    surfaces: tuple[Surface, ...] = ()


@dataclass(frozen=True, slots=True)
class Forms:
    """Every written form of an actor, the most found first, those found nowhere last.

    `articles` is the union: an article that has two of the forms is one, as in a search.
    """

    actor_id: str
    articles: int
    places: int
    forms: tuple[FormCount, ...]


class _Known(NamedTuple):
    actor_id: str
    form: str
    folded: str
    generated: int
    name: str
    kind: str


def offered(db: Connection, text: str, limit: int = 8) -> tuple[Offered, ...]:
    """The actors of whom somebody types a written form or the beginning of one, best first.

    Forms are compared folded, in either script, with or without article and clitics. Actors that
    are hidden are never offered; each one is offered once, with the form that fits best.
    """
    typed = TypedName.of(text)
    if not typed.keys:
        return ()
    best: dict[str, tuple[Fit, _Known]] = {}
    for known in _known(db, typed):
        fit = typed.fit(known.folded)
        earlier = best.get(known.actor_id)
        if fit is not None and (earlier is None or _order(fit, known) < _order(*earlier)):
            best[known.actor_id] = fit, known
    found = sorted(best.values(), key=lambda one: _order(*one))
    return tuple(_offered(*one) for one in found[:limit])


def forms_found(
    db: Connection, actor_id: str, filters: SearchFilters | None = None, query: str = ""
) -> Forms:
    """How often each written form of an actor stands in the articles of a question.

    Counted is what is counted everywhere: nothing ambiguous, nothing that a person rejected,
    nothing of an actor that is hidden. Raises SearchError.
    """
    if db.value(_HIDDEN, (actor_id,)) != 0:
        return Forms(actor_id, 0, 0, ())
    all_of_them, by_form = _Count(), dict[str, _Count]()
    for form, surface, article in _places(db, actor_id, filters, query):
        all_of_them.add(article)
        by_form.setdefault(form, _Count()).add(article, surface)
    watched = {row["form"]: row for row in db.all(_KNOWN, (actor_id,))}
    forms = [
        _form(form, by_form.get(form, _Count()), watched.get(form))
        for form in dict.fromkeys((*by_form, *watched))
    ]
    forms.sort(key=lambda one: (-one.articles, -one.places, one.generated, one.form))
    return Forms(actor_id, all_of_them.articles, all_of_them.places, tuple(forms))


def _known(db: Connection, typed: TypedName) -> Iterator[_Known]:
    """Forms that may fit what was typed; names and ids are forms too."""
    for row in db.execute(_FORMS):
        if typed.may_fit(row["folded"]):  # quick, for there are thousands of forms
            yield _Known(*row)
    for actor_id, name, kind in db.execute(_NAMES):
        yield _Known(actor_id, name, fold(name), 0, name, kind)
        yield _Known(actor_id, actor_id, actor_id.replace("_", " "), 0, name, kind)


def _order(fit: Fit, known: _Known) -> tuple[int, int, int, str, str]:
    kind, length = fit
    return kind, known.generated, length, known.form, known.actor_id


def _offered(fit: Fit, known: _Known) -> Offered:
    exact = fit[0] < EXACT
    of_form = (known.form, bool(known.generated), exact)
    return Offered(known.actor_id, known.name, known.kind, *of_form)


def _places(
    db: Connection, actor_id: str, filters: SearchFilters | None, query: str
) -> Iterator[tuple[str, str, int]]:
    """Form, surface and article of each place that counts, by article."""
    # What is counted is of no article that was left out: without a question, none is looked at.
    asks = bool(query.strip()) or filters not in (None, SearchFilters())
    wanted = matching(db, query, filters) if asks else None
    sql = _PLACES.format(
        articles=_ARTICLES if wanted else "", condition=wanted.sql if wanted else ""
    )
    bound = {**(wanted.parameters if wanted else {}), "mentioned": actor_id}
    return ((row[0], row[1], row[2]) for row in db.execute(sql, bound))


@dataclass(slots=True)
class _Count:
    """Places and articles, of places that come by article."""

    articles: int = 0
    places: int = 0
    surfaces: dict[str, _Count] = field(default_factory=dict)
    last: int = 0

    def add(self, article: int, surface: str | None = None) -> None:
        """Count one place, and its surface where there is one."""
        self.places += 1
        if article != self.last:
            self.last, self.articles = article, self.articles + 1
        if surface is not None:
            self.surfaces.setdefault(surface, _Count()).add(article)


def _form(form: str, count: _Count, watched: Row | None) -> FormCount:
    """The counts of a form; `watched` is its row of the watchlists."""
    surfaces = [Surface(text, one.places, one.articles) for text, one in count.surfaces.items()]
    surfaces.sort(key=lambda one: (-one.articles, -one.places, one.text))
    return FormCount(
        form=form,
        language=watched["language"] if watched else None,
        generated=bool(watched and watched["generated"]),
        watched=watched is not None,
        places=count.places,
        articles=count.articles,
        surfaces=tuple(surfaces),
    )
