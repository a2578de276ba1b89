"""Articles as a search shows them: a piece of the text with what was asked for marked in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from sqlite3 import Row

from storage import snippets
from storage.connection import Connection
from storage.models import Precision
from storage.query_terms import Term
from storage.reported import SearchHit
from storage.rows import dump
from storage.times import decode_optional, decode_time

_NAMED_AT = """
SELECT m.field, m.start, m."end" FROM mentions m
WHERE m.article_id = :article AND m.counted
  AND m.actor_id IN (SELECT value FROM json_each(:actors)) ORDER BY m.start
"""
_STORY = """
SELECT o.name, count(*) AS articles FROM articles a JOIN outlets o ON o.id = a.outlet_id
WHERE a.story_id = ? AND a.id != ? AND NOT a.withdrawn
GROUP BY a.outlet_id ORDER BY min(a.appeared_at), a.outlet_id
"""


def hits(
    db: Connection, terms: Sequence[Term], actors: Collection[str], rows: Sequence[Row]
) -> list[SearchHit]:
    """The articles of rows with an `id` and a `rank`; words and these actors are marked."""
    markers = _Markers(
        snippets.Marker([term for term in terms if not term.in_headline]),
        snippets.Marker(terms),
        dump(sorted(actors)),
    )
    return [_hit(db, row, markers) for row in rows]


@dataclass(frozen=True, slots=True)
class _Markers:
    """What to mark: words, in texts and in headlines, and where actors (a JSON list) are named."""

    text: snippets.Marker
    headline: snippets.Marker
    actors: str

    def marks(self, db: Connection, row: Row) -> tuple[list[snippets.Mark], list[snippets.Mark]]:
        """In the text of an article, and in its headline."""
        in_text, in_headline = self.text.hits(row["text"]), self.headline.hits(row["headline"])
        asked = {"article": row["id"], "actors": self.actors}
        for field, start, end in db.all(_NAMED_AT, asked) if self.actors != "[]" else ():
            whole, marks = (
                (row["text"], in_text) if field == "text" else (row["headline"], in_headline)
            )
            if end <= len(whole):  # a text that is not kept has no places
                marks.append((start, end))
        return snippets.joined(in_text), snippets.joined(in_headline)


def _hit(db: Connection, found: Row, markers: _Markers) -> SearchHit:
    row = db.one(
        "SELECT a.*, o.name AS outlet, o.timezone, t.text FROM articles a "
        "JOIN outlets o ON o.id = a.outlet_id JOIN article_texts t ON t.article_id = a.id "
        "WHERE a.id = ?",
        (found["id"],),
    )
    if row is None:  # impossible while the foreign keys hold
        raise LookupError(found["id"])
    others = db.all(_STORY, (row["story_id"], row["id"]))
    piece = _snippet(row, *markers.marks(db, row))
    return SearchHit(
        article_id=row["id"],
        headline=row["headline"],
        outlet_id=row["outlet_id"],
        outlet=row["outlet"],
        timezone=row["timezone"],
        language=row["language"],
        published_at=decode_optional(row["published_at"]),
        published_precision=Precision(row["published_precision"]),
        first_seen_at=decode_time(row["first_seen_at"]),
        url=row["url"],
        snippet=piece.text,
        marks=piece.marks,
        rank=found["rank"],
        story_id=row["story_id"],
        story_articles=1 + sum(other["articles"] for other in others),
        also_in=tuple(other["name"] for other in others),
    )


def _snippet(
    row: Row, in_text: list[snippets.Mark], in_headline: list[snippets.Mark]
) -> snippets.Snippet:
    """The hits in the text; when only the headline has them, the headline."""
    if in_headline and not in_text:
        return snippets.snippet(row["headline"], in_headline)
    return snippets.snippet(row["text"], in_text)
