"""Actors as rows of a spreadsheet, one row for each written form.

`id` stands in every row, so that rows can be sorted and filtered; what is said of the actor
itself stands in its first row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.actorcells import ACTOR_FIELDS, FORM_FIELDS, LANGUAGES, cells_of
from crawler.watchlists import Form, WatchedActor

TITLE = "actors"
NAME, FORM = "name_", "form_"
"""What the columns of names and of forms' fields begin with."""


def header(actors: Iterable[WatchedActor]) -> list[str]:
    """The columns of a sheet of these actors; the usual languages always have theirs."""
    spoken = {language for actor in actors for language in actor.name}
    others = sorted(spoken.difference(LANGUAGES))
    names = [NAME + language for language in (*LANGUAGES, *others)]
    forms = ["form", *(FORM + name for name in FORM_FIELDS)]
    rest = [name for name in ACTOR_FIELDS if name != "kind"]
    return ["id", "kind", *names, *forms, *rest]


def rows_of(actors: Sequence[WatchedActor]) -> list[list[str]]:
    """The header, and one row for each form; an actor's own values stand in its first row."""
    columns = header(actors)
    rows = [columns]
    for actor in actors:
        of_actor = {"id": actor.id, **_actor_cells(actor)}
        for form in actor.forms:
            cells = of_actor | _form_cells(form)
            rows.append([cells.get(column, "") for column in columns])
            of_actor = {"id": actor.id}
    return rows


def _actor_cells(actor: WatchedActor) -> dict[str, str]:
    names = {NAME + language: text for language, text in actor.name.items()}
    return names | cells_of(ACTOR_FIELDS, actor)


def _form_cells(form: Form) -> dict[str, str]:
    cells = cells_of(FORM_FIELDS, form)
    return {"form": form.text, **{FORM + name: cell for name, cell in cells.items()}}
