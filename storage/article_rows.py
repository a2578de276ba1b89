"""How a reading becomes rows: article, text, versions, mentions, fingerprint, search."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row

from storage import article_mentions, books, credits, indexing
from storage.connection import Connection
from storage.copies import exact_digest, relink_copies, write_fingerprint
from storage.models import Mention, Precision, Reading
from storage.rows import clean, dump
from storage.times import decode_time, encode_optional, encode_time, publication_day

_CURRENT = """
SELECT a.*, t.*, x.fold_version AS index_fold_version, p.exact
FROM articles a
JOIN article_texts t ON t.article_id = a.id
LEFT JOIN article_words x ON x.id = a.id
LEFT JOIN fingerprints p ON p.article_id = a.id
WHERE a.id = ?
"""
_READER_FIELDS = (
    "headline",
    "text",
    "language",
    "byline",
    "section",
    "image_url",
    "published_at",
    "published_precision",
    "published_raw",
    "modified_at",
    "canonical_url",
    "text_complete",
    "credit",
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an article was found first. `first_seen_at` is written as the database writes it."""

    outlet_id: str
    url_key: str
    url: str
    first_seen_at: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """A reading, the fetch whose capture it was read from, and how it is kept.

    `matched_at` is the start of the run or job whose watchlists it was matched with, as the
    database writes it. Without `text_kept` (keep = "mentions") the text stays out: headline,
    counts, hash and fingerprint are stored as of any other.
    """

    reading: Reading
    fetch_id: int | None
    fetched_at: datetime
    matched_at: str
    text_kept: bool = True

    @property
    def kept(self) -> Reading:
        """The reading with the text that is kept of it."""
        return self.reading if self.text_kept else replace(self.reading, text="")


def storable(reading: Reading) -> Reading:
    """The reading without NUL and lone surrogates in its texts, mentions moved accordingly."""
    headline, text = clean(reading.headline), clean(reading.text)
    if (headline, text) == (reading.headline, reading.text):
        return reading
    originals = {"headline": reading.headline, "text": reading.text}
    mentions = tuple(_moved(mention, originals[mention.field]) for mention in reading.mentions)
    credit = credits.moved(reading)
    return replace(reading, headline=headline, text=text, mentions=mentions, credit=credit)


def _moved(mention: Mention, original: str) -> Mention:
    start = len(clean(original[: mention.start]))
    surface = clean(original[mention.start : mention.end])
    moved = replace(mention, start=start, end=start + len(surface), surface=surface)
    if mention.label_start is None:
        return moved
    label_start = len(clean(original[: mention.label_start]))
    return replace(moved, label=clean(mention.label), label_start=label_start)


def content_hash(reading: Reading) -> str:
    """The reader's digest over headline and text, or our own where it made none."""
    if reading.content_hash:
        return reading.content_hash
    return hashlib.sha256(f"{reading.headline}\n{reading.text}".encode()).hexdigest()


def current(db: Connection, article_id: int) -> Row:
    """An article with its text, as it stands. Raises KeyError when there is none."""
    row = db.one(_CURRENT, (article_id,))
    if row is None:
        raise KeyError(article_id)
    return row


def differences(db: Connection, before: Row, read_as: ReadAs) -> tuple[str, ...]:
    """The names of the fields that a reading would change."""
    zone_name = books.timezone_of(db, before["outlet_id"])
    after = _article_columns(read_as, zone_name) | _text_columns(read_as)
    changed = [name for name in _READER_FIELDS if before[name] != after[name]]
    if not article_mentions.are(db, before["id"], read_as.reading.mentions):
        changed.append("mentions")
    return tuple(changed)


def insert_article(db: Connection, address: Address, read_as: ReadAs) -> int:
    """Store a new article with everything that hangs on it, and give its id."""
    zone_name = books.timezone_of(db, address.outlet_id)
    article_id = db.insert(
        "articles",
        {
            "outlet_id": address.outlet_id,
            "url_key": address.url_key,
            "url": address.url,
            "first_seen_at": address.first_seen_at,
            "fetched_at": encode_time(read_as.fetched_at),
            "version": 1,
            **_article_columns(read_as, zone_name),
        },
    )
    text_columns = {"article_id": article_id, "fetch_id": read_as.fetch_id}
    db.insert("article_texts", {**text_columns, **_text_columns(read_as)})
    _insert_version(db, (article_id, 1), read_as)
    article_mentions.write(db, article_id, read_as.reading.mentions)
    indexing.index(db, article_id, _words(read_as.kept))
    write_fingerprint(db, article_id, read_as.reading.fingerprint)
    relink_copies(db, article_id, {exact_digest(read_as.reading.fingerprint)})
    db.update("articles", article_id, {"story_id": article_id})  # until stories are settled
    return article_id


def add_version(db: Connection, before: Row, read_as: ReadAs, earlier: Reading) -> None:
    """Store an edit by the outlet: the earlier text becomes history, the new one current.

    `earlier` is the stored version as the new one's reader reads it, so that both compare.
    """
    article_id, version = before["id"], before["version"] + 1
    text = earlier.text if read_as.text_kept else ""
    set_version(db, (article_id, before["version"]), earlier, text)
    _insert_version(db, (article_id, version), read_as)
    db.update("articles", article_id, {"version": version})
    _overwrite(db, before, read_as)


def replace_reading(db: Connection, before: Row, read_as: ReadAs) -> None:
    """Put a reading in the place of the current one, within the same version."""
    set_version(db, (before["id"], before["version"]), read_as.reading, None)
    _overwrite(db, before, read_as)


def set_version(
    db: Connection, version: tuple[int, int], reading: Reading, text: str | None
) -> None:
    """Have a version say what a reading says; the current one's text stands with the article."""
    values = (reading.headline, content_hash(reading), reading.reader_version, reading.template_id)
    db.execute(
        "UPDATE article_versions SET headline = ?, content_hash = ?, reader_version = ?, "
        "template_id = ?, text = ? WHERE article_id = ? AND version = ?",
        (*values, text, *version),
    )


def with_date_of(reading: Reading, before: Row) -> Reading:
    """The reading with the stored date of publication and the method by which it was found."""
    method = json.loads(before["methods"]).get("published_at")
    known = (("published_at", method),) if method else ()
    methods = tuple(pair for pair in reading.methods if pair[0] != "published_at")
    return replace(
        reading,
        published_at=decode_time(before["published_at"]),
        published_precision=Precision(before["published_precision"]),
        published_raw=before["published_raw"],
        methods=methods + known,
    )


def refresh_index(db: Connection, before: Row) -> None:
    """Have an article found by today's folding, where its index row is of an earlier one."""
    indexing.refresh(db, before, indexing.Words.of(before))


def _words(reading: Reading) -> indexing.Words:
    return indexing.Words(reading.headline, reading.text, reading.language)


def _overwrite(db: Connection, before: Row, read_as: ReadAs) -> None:
    article_id, mark = before["id"], read_as.reading.fingerprint
    zone_name = books.timezone_of(db, before["outlet_id"])
    columns = _article_columns(read_as, zone_name)
    db.update("articles", article_id, {"fetched_at": encode_time(read_as.fetched_at), **columns})
    text_columns = {"article_id": article_id, "fetch_id": read_as.fetch_id}
    db.upsert("article_texts", ("article_id",), {**text_columns, **_text_columns(read_as)})
    article_mentions.write(db, article_id, read_as.reading.mentions)
    indexing.refresh(db, before, _words(read_as.kept))
    write_fingerprint(db, article_id, mark)
    if before["exact"] != exact_digest(mark):
        relink_copies(db, article_id, {before["exact"], exact_digest(mark)})


def _article_columns(read_as: ReadAs, zone_name: str) -> dict[str, object]:
    reading = read_as.reading
    print_ = reading.fingerprint
    return {
        "headline": reading.headline,
        "language": reading.language,
        "published_at": encode_optional(reading.published_at),
        "published_precision": reading.published_precision,
        "published_day": publication_day(
            reading.published_at, reading.published_precision, zone_name
        ),
        "words": print_.words if print_ else len(reading.text.split()),
        "keep_rule": reading.keep_rule,
        "text_kept": read_as.text_kept,
        "matched_at": read_as.matched_at,
        "credit": reading.credit.agency if reading.credit else None,
    }


def _text_columns(read_as: ReadAs) -> dict[str, object]:
    reading = read_as.reading
    return {
        "byline": reading.byline,
        "section": reading.section,
        "image_url": reading.image_url,
        "published_raw": reading.published_raw,
        "modified_at": encode_optional(reading.modified_at),
        "final_url": reading.final_url,
        "canonical_url": reading.canonical_url,
        "text_complete": reading.text_complete,
        "charset": reading.charset,
        "language_score": float(reading.language_score),
        "methods": dump(dict(reading.methods)),
        "content_hash": content_hash(reading),
        "reader_version": reading.reader_version,
        "fold_version": reading.fold_version,
        "template_id": reading.template_id,
        "text": read_as.kept.text,
        "credit_evidence": credits.evidence(reading),
    }


def _insert_version(db: Connection, version: tuple[int, int], read_as: ReadAs) -> None:
    article_id, number = version
    db.insert(
        "article_versions",
        {
            "article_id": article_id,
            "version": number,
            "seen_at": encode_time(read_as.fetched_at),
            "headline": read_as.reading.headline,
            "content_hash": content_hash(read_as.reading),
            "reader_version": read_as.reading.reader_version,
            "template_id": read_as.reading.template_id,
            "fetch_id": read_as.fetch_id,
        },
    )
