"""Keys of addresses made anew, where the way in which they are made has changed.

A stored `url_key` is only found again by addresses that are keyed as it was. So when the recipe,
an outlet's domains or its own rules change, all keys of the outlet are made again from the stored
addresses: otherwise every article that a feed still lists would be fetched and stored twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Row

from storage.connection import Connection

KeyOf = Callable[[str], str]
_DIGEST = "SELECT key_digest FROM outlets WHERE id = ?"
_ADDRESSES = (
    "SELECT url_key, url, article_id FROM article_urls WHERE outlet_id = ? "
    "ORDER BY proven DESC, article_id, url"
)


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """How many rows got another key, and how many articles fell together with an earlier one.

    These keep their old key and their text; their story joins them.
    """

    candidates: int = 0
    articles: int = 0
    addresses: int = 0
    fell_together: int = 0

    def __add__(self, other: Rekeyed) -> Rekeyed:
        return Rekeyed(
            self.candidates + other.candidates,
            self.articles + other.articles,
            self.addresses + other.addresses,
            self.fell_together + other.fell_together,
        )


def is_due(db: Connection, outlet_id: str, digest: str) -> bool:
    """Whether an outlet's keys were made in another way than `digest` names."""
    stored = db.value(_DIGEST, (outlet_id,))
    return stored is not None and stored != digest


def rekey(db: Connection, outlet_id: str, digest: str, key_of: KeyOf) -> Rekeyed:
    """Make all keys of an outlet anew, in one transaction, and note how they are made now.

    Where two rows fall together the earlier one has the key, and the later keeps its old one.
    """
    with db.write():
        candidates, _ = _rekey_table(db, "candidates", outlet_id, key_of)
        articles, fell_together = _rekey_table(db, "articles", outlet_id, key_of)
        addresses = _rekey_addresses(db, outlet_id, key_of)
        db.execute("UPDATE outlets SET key_digest = ? WHERE id = ?", (digest, outlet_id))
    return Rekeyed(candidates, articles, addresses, fell_together)


def _rekey_table(db: Connection, table: str, outlet_id: str, key_of: KeyOf) -> tuple[int, int]:
    """Rows of a table with unique keys: how many got another key, how many fell together."""
    sql = f"SELECT id, url, url_key FROM {table} WHERE outlet_id = ?"  # noqa: S608  # two literals
    rows = db.all(f"{sql} ORDER BY id", (outlet_id,))
    wanted = [(row["id"], key_of(row["url"])) for row in rows]
    keys, later = _settled(wanted, [row["url_key"] for row in rows])
    changed = [
        (key, row["id"]) for row, key in zip(rows, keys, strict=True) if key != row["url_key"]
    ]
    update = f"UPDATE {table} SET url_key = ? WHERE id = ?"  # noqa: S608  # as above
    # A key may be handed on from one row to another: all of them step aside first.
    db.executemany(update, ((f"\x01{row_id}", row_id) for _, row_id in changed))
    db.executemany(update, changed)
    return len(changed), later


def _settled(wanted: Iterable[tuple[int, str]], old: Sequence[str]) -> tuple[list[str], int]:
    """The key of each row, and how many rows fell together with an earlier one.

    A later row keeps its old key, marked by its number where another row needs that.
    """
    rows = list(wanted)
    holders: dict[str, int] = {}
    for row_id, key in rows:
        holders.setdefault(key, row_id)
    keys = [
        key if holders[key] == row_id else _spare(held, row_id, holders)
        for (row_id, key), held in zip(rows, old, strict=True)
    ]
    return keys, sum(holders[key] != row_id for row_id, key in rows)


def _spare(old: str, row_id: int, holders: dict[str, int]) -> str:
    return f"{old}#{row_id}" if old in holders else old


def _rekey_addresses(db: Connection, outlet_id: str, key_of: KeyOf) -> int:
    """Addresses of articles: a key belongs to one article, that whose page was seen there."""
    wanted = [(row, key_of(row["url"])) for row in db.all(_ADDRESSES, (outlet_id,))]
    holders: dict[str, int] = {}
    for row, key in wanted:
        holders.setdefault(key, row["article_id"])
    return sum(_rekey_address(db, outlet_id, row, key, holders) for row, key in wanted)


def _rekey_address(
    db: Connection, outlet_id: str, row: Row, key: str, holders: dict[str, int]
) -> bool:
    """Whether one address got another key."""
    if holders[key] != row["article_id"]:
        key = _spare(row["url_key"], row["article_id"], holders)
    if key == row["url_key"]:
        return False
    db.execute(
        "UPDATE OR REPLACE article_urls SET url_key = ? "
        "WHERE url_key = ? AND outlet_id = ? AND url = ?",
        (key, row["url_key"], outlet_id, row["url"]),
    )
    return True
