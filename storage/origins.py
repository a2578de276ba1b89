"""Who said each story first: worked out after settling, kept with its evidence, told in words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from storage.connection import Connection
from storage.models import Precision
from storage.origin_rules import Appearance, Origin, decide
from storage.rows import dump
from storage.times import decode_optional, decode_time, encode_optional

_BATCH = 500
# The rule of a credit is all that is asked of its evidence.
_APPEARANCES = """
SELECT a.story_id, a.id, a.outlet_id, a.first_seen_at, a.published_at, a.published_precision,
       a.published_day, a.credit, coalesce(json_extract(t.credit_evidence, '$.rule'), '') AS rule,
       s.agency AS speaks_for
FROM json_each(?) wanted
JOIN articles a ON a.story_id = wanted.value
JOIN article_texts t ON t.article_id = a.id
LEFT JOIN agency_outlets s ON s.outlet_id = a.outlet_id
WHERE NOT a.withdrawn
"""
_NAMES = "SELECT id, name FROM outlets UNION ALL SELECT id, name FROM agencies"
_UNNAMED = "SELECT id FROM agencies WHERE unnamed"


@dataclass(frozen=True, slots=True)
class OriginTold:
    """Who said a story first: an agency or outlet, '' where that is not known; and how we know."""

    id: str
    name: str
    article: int | None  # the origin's own, where we hold it
    evidence: Mapping[str, Any]
    sentence: str


def refresh(db: Connection, story_ids: Collection[int]) -> None:
    """Work out anew who said these stories first; those of one article are not kept."""
    ids = sorted(story_ids)
    with db.write():
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            for story_id, origin in _decided(db, batch):
                values = (origin.origin, origin.article, dump(evidence_of(origin)), story_id)
                db.execute(
                    "UPDATE stories SET origin = ?, origin_article = ?, origin_evidence = ? "
                    "WHERE id = ?",
                    values,
                )


def origin_of(db: Connection, story_id: int) -> OriginTold:
    """Who said a story first, with a sentence for people; also of an article that stands alone."""
    ((_, origin),) = _decided(db, [story_id])
    evidence = evidence_of(origin)
    known = names(db)
    name = known.get(origin.origin, origin.origin)
    return OriginTold(origin.origin, name, origin.article, evidence, sentence(evidence, known))


def names(db: Connection) -> dict[str, str]:
    """What the outlets and agencies are called, by id."""
    return {row["id"]: row["name"] for row in db.all(_NAMES)}


def sentence(evidence: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """How we know who said it first, or why we do not, in one or two sentences."""
    told = _Told(evidence, known)
    return getattr(told, evidence["kind"])() if evidence else told.unknown()


def _decided(db: Connection, story_ids: Collection[int]) -> Iterator[tuple[int, Origin]]:
    unnamed = [row["id"] for row in db.all(_UNNAMED)]
    articles: dict[int, list[Appearance]] = defaultdict(list)
    for row in db.all(_APPEARANCES, (json.dumps(list(story_ids)),)):
        articles[row["story_id"]].append(_appearance(row))
    for story_id in story_ids:
        yield story_id, decide(articles[story_id], unnamed)


def _appearance(row: Row) -> Appearance:
    return Appearance(
        article_id=row["id"],
        outlet_id=row["outlet_id"],
        first_seen_at=decode_time(row["first_seen_at"]),
        published_at=decode_optional(row["published_at"]),
        precision=Precision(row["published_precision"]),
        credit=row["credit"],
        rule=row["rule"],
        speaks_for=row["speaks_for"],
        day=row["published_day"],
    )


def evidence_of(origin: Origin) -> dict[str, object]:
    """The evidence as it is stored: what does not apply is left out."""
    found: dict[str, object] = {
        "kind": origin.kind,
        "origin": origin.origin,
        "article": origin.article,
        "credits": {agency: list(ids) for agency, ids in origin.credits.items()},
        "candidates": list(origin.candidates),
        "undated": list(origin.undated),
        "at": encode_optional(origin.at),
        "precision": str(origin.precision) if origin.at else None,
        "day": origin.day,
    }
    return {key: value for key, value in found.items() if value not in (None, [], {})}


class _Told:
    """The sentences, one for each kind of evidence."""

    def __init__(self, evidence: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self.evidence, self.names = evidence, names
        self.credits: dict[str, list[int]] = evidence.get("credits", {})

    def credited(self) -> str:
        """An agency that articles name."""
        agency = self.evidence["origin"]
        count = len(self.credits.get(agency, ()))
        why = f"which {_articles(count)} as the source" if count else "which published it itself"
        said = f"{self._name(agency)}, {why}"
        others = {name: ids for name, ids in self.credits.items() if name != agency}
        held = (
            ""
            if "article" in self.evidence
            else "; its own text is not among the articles that count"
        )
        return f"{said}{held}.{self._others(others)}"

    def disputed(self) -> str:
        """Several agencies with as many voices."""
        return f"Not known: the articles name different agencies.{self._others(self.credits)}"

    def unnamed(self) -> str:
        """Agencies without a name."""
        count = sum(map(len, self.credits.values()))
        return f"Not known: {_articles(count)} agencies as the source, without a name or several."

    def earliest(self) -> str:
        """The first by the clock."""
        said = f"{self._name(self.evidence['origin'])}, {_when(self.evidence)}"
        others = [one for one in self.evidence.get("undated", ()) if one not in self._could]
        if not others:
            return f"{said}."
        return f"{said}; nobody knows when {self._list(others)} published it."

    def undecided(self) -> str:
        """Several that could have been first."""
        undated = set(self.evidence.get("undated", ()))
        why = "no date tells" if undated >= set(self._could) else "their times do not tell"
        return f"Not known: {why} which was first of {self._list(self._could)}."

    def unknown(self) -> str:
        """Nothing to go by."""
        return "Not known: no article of it is left."

    @property
    def _could(self) -> list[str]:
        return list(self.evidence.get("candidates", ()))

    def _others(self, credits: Mapping[str, list[int]]) -> str:
        said = [
            f"{self._name(agency)} is named by {len(ids)}"
            for agency, ids in sorted(credits.items())
        ]
        return f" {'; '.join(said)}." if said else ""

    def _list(self, ids: Collection[str]) -> str:
        return ", ".join(map(self._name, ids))

    def _name(self, id_: str) -> str:
        return self.names.get(id_, id_)


def _articles(count: int) -> str:
    return "1 article names" if count == 1 else f"{count} articles name"


def _when(evidence: Mapping[str, Any]) -> str:
    precision, at = Precision(evidence["precision"]), decode_time(evidence["at"])
    if precision is Precision.DAY:
        return f"published first, on {evidence['day']}"
    said = "seen" if precision is Precision.UNKNOWN else "published"
    return f"{said} first, at {at:%Y-%m-%d %H:%M} UTC"
