"""What a watchlist file has to say so that an actor is in use as it is wanted."""

from __future__ import annotations

from typing import Any

from crawler.watchlists import Form, WatchedActor

TAKEN_AWAY = {"text", "suppress"}
"""The keys of a row that takes a form away, and says no more: the form is in no sheet."""


def same(one: WatchedActor, other: WatchedActor, *, in_order: bool) -> bool:
    """Whether two say the same; the forms of a shipped actor keep the order of its file."""
    if in_order:
        return one == other
    forms = [sorted(actor.forms, key=lambda form: form.text) for actor in (one, other)]
    return forms[0] == forms[1] and one == other.model_copy(update={"forms": one.forms})


def whole(actor: WatchedActor) -> dict[str, Any]:
    """All that a file has to say of a new actor."""
    entry: dict[str, Any] = {"id": actor.id}
    for name, info in WatchedActor.model_fields.items():
        value = getattr(actor, name)
        if name not in ("id", "forms") and (info.is_required() or value != info.default):
            entry[name] = value
    return entry | {"forms": [_whole_form(form) for form in actor.forms]}


def _whole_form(form: Form) -> dict[str, Any]:
    values = form.model_dump(exclude_defaults=True)
    return {"text": form.text, **values}


def differences(base: WatchedActor, wanted: WatchedActor) -> dict[str, Any]:
    """What laid over the shipped actor makes the one that is wanted."""
    entry: dict[str, Any] = {"id": base.id}
    names = {key: text for key, text in wanted.name.items() if base.name.get(key) != text}
    gone = {key: False for key in base.name if key not in wanted.name}
    if names or gone:
        entry["name"] = names | gone
    for name in WatchedActor.model_fields:
        if name not in ("id", "name", "forms") and getattr(base, name) != getattr(wanted, name):
            entry[name] = getattr(wanted, name)
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
    row = {"text": wanted.text, **_changed_values(known, wanted)}
    if set(row) == TAKEN_AWAY and wanted.suppress:
        row["mode"] = wanted.mode  # so that it is told apart from a form that is gone
    return row


def _changed_values(base: Form, wanted: Form) -> dict[str, Any]:
    """The fields that differ; false takes a language away."""
    found = {name: getattr(wanted, name) for name in type(base).model_fields}
    return {
        name: False if value is None else value
        for name, value in found.items()
        if value != getattr(base, name)
    }
