"""The actors as the watchlists have them, and since when an answer about one is comparable.

An article is matched with the watchlists of one moment (`articles.matched_at`). An actor's forms
are in use since another (`actors.watched_since`). Articles that were matched before it may name
the actor without our knowing: counts compare from the last of these articles on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage import names
from storage.connection import Connection
from storage.models import Actor
from storage.rows import dump
from storage.text import fold
from storage.times import decode_optional, encode_time

# What an older version watched last has no moment yet: it is known to be dropped since now.
_DROPPED = """
UPDATE actors SET forms_digest = '',
  watched_since = CASE watched_since WHEN '' THEN :now ELSE watched_since END
WHERE (forms_digest != '' OR watched_since = '')
  AND id NOT IN (SELECT value FROM json_each(:watched))
"""
_WATCHED = "SELECT id, watched_since, forms_digest FROM actors"
# From one run to the next along the index, as a million articles are of a few thousand runs.
_LAST_BEFORE = """
WITH RECURSIVE moments (at) AS (
  SELECT min(matched_at) FROM articles WHERE matched_at < :until
  UNION ALL
  SELECT (SELECT min(matched_at) FROM articles WHERE matched_at > m.at AND matched_at < :until)
  FROM moments m WHERE m.at IS NOT NULL
)
SELECT max((SELECT max(first_seen_at) FROM articles WHERE matched_at = m.at))
FROM moments m WHERE m.at IS NOT NULL
"""
_UNKEPT_BEFORE = "SELECT 1 FROM articles WHERE matched_at < ? AND NOT text_kept LIMIT 1"
_FOR_EVER = "9999"


@dataclass(frozen=True, slots=True)
class Gap:
    """Why counts of an actor do not compare over the whole archive.

    `since` is when the last article was first seen that was not matched with the actor's present
    forms; of one that was dropped, when the last of all was. `texts_missing`: some of these
    articles have no text (keep = "mentions"), so only reading their captures again can tell.
    `dropped`: no watchlist names the actor any more.
    """

    actor_id: str
    since: datetime
    texts_missing: bool = False
    dropped: bool = False


def forms_digest(actor: Actor) -> str:
    """A digest of all that decides where an actor is found; the order of forms does not matter.

    >>> forms_digest(Actor("a", "cso")) == forms_digest(Actor("a", "cso", name="Other name"))
    True
    """
    forms = sorted({(alias.text, alias.language or "", alias.mode) for alias in actor.aliases})
    matched = [actor.kind, actor.suppress, sorted(actor.anti_aliases), forms]
    return hashlib.sha256(dump([*matched, sorted(actor.context)]).encode()).hexdigest()


def watchlist_digest(actors: Sequence[Actor]) -> str:
    """A digest of all that decides where any of the actors is found, whatever their order."""
    forms = sorted(f"{actor.id} {forms_digest(actor)}" for actor in actors)
    return hashlib.sha256("\n".join(forms).encode()).hexdigest()[:32]


def register(db: Connection, actors: Sequence[Actor], now: datetime) -> None:
    """Write down the actors of the watchlists, all of them: the others are watched no more.

    Where the forms are new, the actor is watched with them since `now`, which has to be the
    `matched_at` of whatever is matched with them: the start of the run or job.
    """
    with db.write():
        for actor in actors:
            _register(db, actor, encode_time(now))
        write_forms(db, actors)
        names.write(db, "actor", {actor.id: actor.names for actor in actors})
        # One that comes back later has missed what was stored in between.
        watched = dump([actor.id for actor in actors])
        db.execute(_DROPPED, {"watched": watched, "now": encode_time(now)})


def write_forms(db: Connection, actors: Sequence[Actor]) -> None:
    """Write down the written forms of these actors, in the place of all earlier ones.

    Searches offer an actor to who types one of them; nothing is matched by what stands here.
    """
    rows = [
        (actor.id, alias.text, fold(alias.text), alias.language, alias.mode, alias.generated)
        for actor in actors
        if not actor.suppress
        for alias in actor.aliases
    ]
    with db.write():
        db.execute("DELETE FROM actor_forms")
        db.executemany("INSERT OR IGNORE INTO actor_forms VALUES (?, ?, ?, ?, ?, ?)", rows)


def comparable_since(db: Connection, actor_id: str) -> datetime | None:
    """From when on counts of an actor compare; None: over the whole archive, or never heard of."""
    found = gaps(db, [actor_id])
    return found[actor_id].since if found else None


def gaps(db: Connection, actor_ids: Collection[str] | None = None) -> dict[str, Gap]:
    """The actors (of these, or of all) whose counts do not compare over the whole archive."""
    wanted = None if actor_ids is None else frozenset(actor_ids)
    rows = [row for row in db.all(_WATCHED) if wanted is None or row["id"] in wanted]
    last = {until: _last_before(db, until) for until in set(map(_unmatched_until, rows))}
    return {
        row["id"]: Gap(row["id"], *before, dropped=_is_dropped(row))
        for row in rows
        if (before := last[_unmatched_until(row)]) is not None
    }


def _is_dropped(row: Row) -> bool:
    """Before the first run of this version nothing is known of forms: that is not dropped."""
    return bool(row["watched_since"]) and not row["forms_digest"]


def _unmatched_until(row: Row) -> str:
    """Articles matched before this time were not matched with the actor's present forms."""
    return _FOR_EVER if _is_dropped(row) else str(row["watched_since"])


def _last_before(db: Connection, until: str) -> tuple[datetime, bool] | None:
    last = decode_optional(db.value(_LAST_BEFORE, {"until": until}))
    if last is None:
        return None
    return last, db.value(_UNKEPT_BEFORE, (until,)) is not None


def _register(db: Connection, actor: Actor, now: str) -> None:
    digest = forms_digest(actor)
    sql = "SELECT watched_since FROM actors WHERE id = ? AND forms_digest = ?"
    db.upsert(
        "actors",
        ("id",),
        {
            "id": actor.id,
            "name": actor.name or actor.id,
            "kind": actor.kind,
            "countries": dump(actor.countries),
            "themes": dump(actor.themes),
            "suppress": actor.suppress,
            "forms_digest": digest,
            "watched_since": db.value(sql, (actor.id, digest)) or now,
        },
    )
