"""Who the persons were when a set was frozen: so exports hide the same ones for ever.

A watchlist that changes later changes no export of the set. Only hiding does: an actor that is
hidden by now is in no row any more, and its names are in no redacted text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from storage.connection import Connection
from storage.exporting import redaction
from storage.exporting.redaction import People
from storage.frozen import store
from storage.frozen.records import PERSONS, Snapshot

_SUPPRESSED = "SELECT id FROM actors WHERE kind = 'person' AND suppress"
Forms = dict[str, list[str]]


def rows(db: Connection) -> Iterator[dict[str, Any]]:
    """Every watched person with its written forms, hidden ones too: never a part of an export."""
    forms = _forms(db)
    return ({"actor_id": actor_id, "forms": forms[actor_id]} for actor_id in sorted(forms))


def people_of(db: Connection, snapshot: Snapshot) -> People:
    """The persons that exports of a set hide: those of its instant, and who is hidden by now."""
    forms = _people(db, snapshot)
    pairs = [(actor_id, one) for actor_id, some in forms.items() for one in some]
    return People(ids=list(forms), forms=pairs)


def _people(db: Connection, snapshot: Snapshot) -> Forms:
    hidden = {row["id"] for row in db.all(_SUPPRESSED)}
    now = _forms(db) if hidden else {}
    found = {actor_id: forms for actor_id, forms in now.items() if actor_id in hidden}
    for row in store.rows(db, snapshot, PERSONS):
        person = json.loads(row.text or "{}")
        if person:
            found[person["actor_id"]] = person["forms"]
    return found


def _forms(db: Connection) -> Forms:
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for actor_id, form in sorted(set(redaction.people_of(db).forms)):
        forms[actor_id].append(form)
    return forms
