"""One article for its reader: the text in paragraphs, who is named where, what it rests on.

A hidden actor is in none of it. An article that people left out of the study is told as well, and
says so; of a text that was not kept, everything else is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage import article_view, judgement_rows
from storage.connection import Connection
from storage.credits import credit_from
from storage.desk.article_records import (
    ArticleTold,
    Carrier,
    NamedActor,
    Overruled,
    Publication,
    VersionLine,
)
from storage.desk.passages import Named, Standing, paragraphs
from storage.desk.provenance import provenance
from storage.edits import EditFilters, EditStore, ToldEdit
from storage.judgement_rows import Judgement
from storage.models import Precision
from storage.rows import dump
from storage.times import decode_optional, decode_time

COPIES = 50
"""Other articles of the story that the page of one article names."""
_CARRIERS = """
SELECT a.id, a.outlet_id, o.name AS outlet, o.timezone, a.headline, a.language, a.appeared_at,
       a.published_at, a.published_precision, a.withdrawn
FROM articles a JOIN outlets o ON o.id = a.outlet_id
WHERE a.story_id = :story AND a.id != :own
ORDER BY a.appeared_at, a.outlet_id, a.url_key LIMIT :limit
"""
_OTHERS = "SELECT count(*) FROM articles WHERE story_id = ? AND id != ?"
_AGENCY = "SELECT name FROM agencies WHERE id = ?"
_NAMES = "SELECT id, name FROM actors WHERE id IN (SELECT value FROM json_each(?))"


def article(db: Connection, article_id: int) -> ArticleTold | None:
    """One article by its number; None where there is none."""
    found = article_view.article(db, article_id)
    return None if found is None else _told(db, found)


def _told(db: Connection, found: Mapping[str, Any]) -> ArticleTold:
    named = tuple(map(_named, found["mentions"]))
    judged = tuple(judgement_rows.select(db, article=found["id"]))
    same = {name: found[name] for name in _AS_STORED}
    return ArticleTold(
        **same,
        **_times(found),
        headline=paragraphs(found["headline"], _of_field(named, "headline")),
        plain_headline=found["headline"],
        text=paragraphs(found["text"] if found["text_kept"] else "", _of_field(named, "text")),
        text_kept=bool(found["text_kept"]),
        text_complete=bool(found["text_complete"]),
        withdrawn=bool(found["withdrawn"]),
        credit=credit_from(found["credit_evidence"]),
        credit_name=db.value(_AGENCY, (found["credit"],)) or found["credit"],
        named=_by_actor(named),
        carriers=_carriers(db, found),
        others=db.value(_OTHERS, (found["story_id"], found["id"])),
        versions=tuple(map(_version, found["versions"])),
        edits=_edits(db, found["id"]),
        judgements=judged,
        overruled=tuple(_overruled(found["overruled"])),
        provenance=provenance(found),
        names=_names(db, judged),
    )


_AS_STORED = (
    *("id", "outlet_id", "outlet", "country", "alignment", "timezone", "url", "language", "words"),
    *("byline", "section", "image_url", "published_raw", "version", "story_id"),
)


def _times(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "published": _publication(found, found["published_day"], found["methods"]),
        "modified_at": decode_optional(found["modified_at"]),
        "first_seen_at": decode_time(found["first_seen_at"]),
        "fetched_at": decode_time(found["fetched_at"]),
    }


def _publication(
    said: Mapping[str, Any], day: str | None, methods: Mapping[str, str]
) -> Publication:
    at, precision = decode_optional(said["published_at"]), Precision(said["published_precision"])
    return Publication(at, precision, day, methods.get("published_at"))


def _named(row: Mapping[str, Any]) -> Named:
    same = ("actor_id", "name", "field", "start", "end", "surface", "alias", "rule", "label")
    return Named(
        **{name: row[name] for name in same}, kind=row["kind"] or "", standing=_standing(row)
    )


def _standing(row: Mapping[str, Any]) -> Standing:
    if row["verdict"]:
        return "confirmed" if row["verdict"] == "is_this" else "rejected"
    return "ambiguous" if row["ambiguous"] else "counted"


def _of_field(named: tuple[Named, ...], wanted: str) -> list[Named]:
    return [one for one in named if one.field == wanted]


def _by_actor(named: tuple[Named, ...]) -> tuple[NamedActor, ...]:
    """The actors in the order in which they are named; generic words after all of them."""
    places: dict[str, list[Named]] = {}
    for one in sorted(named, key=lambda one: (one.field != "headline", one.start)):
        places.setdefault(one.actor_id, []).append(one)
    found = [
        NamedActor(actor_id, of[0].name, of[0].kind, tuple(of)) for actor_id, of in places.items()
    ]
    return tuple(sorted(found, key=lambda one: one.kind == "term"))


def _carriers(db: Connection, found: Mapping[str, Any]) -> tuple[Carrier, ...]:
    wanted = {"story": found["story_id"], "own": found["id"], "limit": COPIES}
    word_for_word = frozenset(found["copies"])
    same = ("outlet_id", "outlet", "timezone", "headline", "language")
    return tuple(
        Carrier(
            **{name: row[name] for name in same},
            article_id=row["id"],
            appeared_at=decode_time(row["appeared_at"]),
            published_at=decode_optional(row["published_at"]),
            published_precision=Precision(row["published_precision"]),
            withdrawn=bool(row["withdrawn"]),
            same_text=row["id"] in word_for_word,
        )
        for row in db.all(_CARRIERS, wanted)
    )


def _version(row: Mapping[str, Any]) -> VersionLine:
    return VersionLine(
        version=row["version"],
        seen_at=decode_time(row["seen_at"]),
        headline=row["headline"],
        text_kept=bool(row["text_kept"]),
        reader=(row["reader_version"], row["template_id"]),
    )


def _edits(db: Connection, article_id: int) -> tuple[ToldEdit, ...]:
    """What the outlet changed in it, oldest first."""
    told = EditStore(db).list(EditFilters(article=article_id))
    return tuple(sorted(told, key=lambda one: (one.edit.at, one.id)))


def _overruled(values: Mapping[str, Any]) -> list[Overruled]:
    told = []
    if (said := values.get("published")) is not None:
        methods = {"published_at": said["method"]} if said["method"] else {}
        told.append(Overruled("published", published=_publication(said, None, methods)))
    if (said := values.get("language")) is not None:
        told.append(Overruled("language", language=said["language"]))
    return told


def _names(db: Connection, judged: tuple[Judgement, ...]) -> dict[str, str]:
    ids = sorted({one.actor_id for one in judged if one.actor_id is not None})
    return {row["id"]: row["name"] for row in db.all(_NAMES, (dump(ids),))}
