"""What a watchlist file has to say so that an actor is in use as it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from crawler.actorcells import ACTOR_FIELDS, FORM_FIELDS, Field, cells_of
from crawler.actorrows import rows_of
from crawler.watchlists import Form, WatchedActor

TAKEN_AWAY = {"text", "suppress"}
"""The keys of a row that takes a form away, and says no more: the form is in no sheet."""


def same(one: WatchedActor, other: WatchedActor, *, in_order: bool) -> bool:
    """Whether two say the same; the forms of a shipped actor keep the order of its file."""
    if not in_order:
        one, other = _sorted(one), _sorted(other)
    return one == other and rows_of([one]) == rows_of([other])


def _sorted(actor: WatchedActor) -> WatchedActor:
    forms = tuple(sorted(actor.forms, key=lambda form: form.text))
    return actor.model_copy(update={"forms": forms})


def whole(actor: WatchedActor) -> dict[str, Any]:
    """All that a file has to say of a new actor."""
    said = _said(ACTOR_FIELDS, actor)
    kind = said.pop("kind")
    forms = [_whole_form(form) for form in actor.forms]
    return {"id": actor.id, "kind": kind, "name": actor.name, **said, "forms": forms}


def _whole_form(form: Form) -> dict[str, Any]:
    return {"text": form.text, **_said(FORM_FIELDS, form)}


def _said(fields: Mapping[str, Field], record: BaseModel) -> dict[str, Any]:
    """The values that fill a cell."""
    return {name: getattr(record, name) for name in cells_of(fields, record)}


def differences(base: WatchedActor, wanted: WatchedActor) -> dict[str, Any]:
    """What laid over the shipped actor makes the one that is wanted."""
    entry: dict[str, Any] = {"id": base.id}
    names = {key: text for key, text in wanted.name.items() if base.name.get(key) != text}
    gone = {key: False for key in base.name if key not in wanted.name}
    if names or gone:
        entry["name"] = names | gone
    entry |= _changed_values(ACTOR_FIELDS, base, wanted)
    if forms := _form_differences(base, wanted):
        entry["forms"] = forms
    return entry


def _form_differences(base: WatchedActor, wanted: WatchedActor) -> list[dict[str, Any]]:
    """The rows for the forms that differ; for all of them where they stand in another order."""
    known = {form.text: form for form in base.forms}
    order = [form.text for form in wanted.forms]
    rows = [_row(known.get(form.text), form) for form in wanted.forms]
    gone = [{"text": text, "suppress": True} for text in known if text not in order]
    usual = [text for text in known if text in order]
    in_order = order == [*usual, *(text for text in order if text not in known)]
    said = (row for row in rows if not in_order or len(row) > 1 or row["text"] not in known)
    return [*gone, *said]


def _row(known: Form | None, wanted: Form) -> dict[str, Any]:
    """What the file says of one form: all of a new one, of another what differs."""
    if known is None:
        return _whole_form(wanted)
    row = {"text": wanted.text, **_changed_values(FORM_FIELDS, known, wanted)}
    if set(row) == TAKEN_AWAY and wanted.suppress:
        # So that it is told apart from a form that is gone; the mode stays what it is.
        row["mode"] = _said(FORM_FIELDS, wanted).get("mode", "")
    return row


def _changed_values(
    fields: Mapping[str, Field], base: BaseModel, wanted: BaseModel
) -> dict[str, Any]:
    """The fields that differ; an empty text takes away what the base says."""
    before, after = cells_of(fields, base), cells_of(fields, wanted)
    return {
        name: getattr(wanted, name) if name in after else ""
        for name in fields
        if before.get(name) != after.get(name) or getattr(base, name) != getattr(wanted, name)
    }
