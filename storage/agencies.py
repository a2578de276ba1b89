"""The news agencies that credits name, as a run's data files have them."""

from __future__ import annotations

from collections.abc import Sequence

from storage import names
from storage.connection import Connection
from storage.models import Agency


def register(db: Connection, agencies: Sequence[Agency]) -> None:
    """Write down the agencies and the outlets through which each speaks; the others are dropped."""
    wanted = [(one.id, one.name or one.id, int(one.unnamed)) for one in agencies]
    outlets = [(outlet, one.id) for one in agencies for outlet in one.outlets]
    with db.write():
        db.execute("DELETE FROM agency_outlets")
        db.execute("DELETE FROM agencies")
        db.executemany("INSERT INTO agencies (id, name, unnamed) VALUES (?, ?, ?)", wanted)
        db.executemany("INSERT INTO agency_outlets (outlet_id, agency) VALUES (?, ?)", outlets)
        # An origin is an outlet or an agency by one id: names are asked for in the same way.
        names.write(db, "outlet", {one.id: one.names for one in agencies})
