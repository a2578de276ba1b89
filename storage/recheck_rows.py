"""Between the rows of articles that are looked at again and the records that are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from sqlite3 import Row

from storage.connection import Connection
from storage.deletions import Looked, Site, site_of
from storage.models import STORED, Outcome
from storage.recheck_plan import DEFAULT_PLAN, Plan, Sight, Wanted, Watch, born, sight
from storage.rows import dump
from storage.times import decode_optional, decode_time, encode_optional, encode_time

_KNOWN = """
SELECT a.id, a.outlet_id, a.url, a.keep_rule, a.first_seen_at, a.appeared_at, a.fetched_at,
       r.article_id AS looked_at, r.checked_at, r.next_at, r.same, r.failures, r.missing,
       r.missing_since, r.vouched_since, r.gone_at,
       CASE WHEN r.article_id IS NULL THEN t.fetch_id ELSE r.fetch_id END AS fetch_id
"""
_OF = "(:all OR a.outlet_id IN (SELECT value FROM json_each(:outlets)))"
_DUE = f"""
{_KNOWN} FROM rechecks r CROSS JOIN articles a ON a.id = r.article_id
LEFT JOIN article_texts t ON t.article_id = a.id
WHERE r.next_at <= :by AND NOT a.withdrawn AND {_OF}
"""
# What was never looked at again, of articles that are young enough; archives from before as well.
_NEW = f"""
{_KNOWN} FROM articles a LEFT JOIN rechecks r ON r.article_id = a.id
LEFT JOIN article_texts t ON t.article_id = a.id
WHERE a.appeared_at >= :young AND r.article_id IS NULL AND NOT a.withdrawn AND {_OF}
"""
_ANY = f"""
{_KNOWN} FROM articles a LEFT JOIN rechecks r ON r.article_id = a.id
LEFT JOIN article_texts t ON t.article_id = a.id
WHERE NOT a.withdrawn AND {_OF}
"""
_NAMED = f"{_ANY} AND a.id IN (SELECT value FROM json_each(:articles))"  # noqa: S608  # literals
# By number, the newest first: the outlet's index would sort all its articles for a few.
_THERE = f"""
{_KNOWN} FROM articles a LEFT JOIN rechecks r ON r.article_id = a.id
LEFT JOIN article_texts t ON t.article_id = a.id
WHERE +a.outlet_id = ? AND NOT a.withdrawn AND coalesce(r.missing, 0) = 0
ORDER BY a.id DESC
"""
# The status by a query of its own: a join scans the fetches where statistics are of a young file.
_LOOKED = f"""
{_KNOWN}, a.headline, a.version, o.at, o.outcome, o.reason, o.fetch_id AS look_fetch,
       (SELECT status FROM fetches WHERE id = o.fetch_id) AS status
FROM outcomes o
JOIN candidates c ON c.id = o.candidate_id
JOIN articles a ON a.id = c.article_id
LEFT JOIN rechecks r ON r.article_id = a.id
LEFT JOIN article_texts t ON t.article_id = a.id
WHERE o.run_id = ? ORDER BY a.id
"""  # noqa: S608  # both parts are literals of this module
_LAST_SEEN = """
SELECT max(at) FROM outcomes WHERE article_id = :article AND run_id != :run
  AND outcome IN (SELECT value FROM json_each(:seen))
"""
_SEEN = dump(sorted({*STORED, Outcome.UNCHANGED}))


@dataclass(frozen=True, slots=True)
class Known:
    """An article that may be looked at, and what is known of it."""

    article_id: int
    outlet_id: str
    site: Site
    names_actors: bool
    first_seen_at: datetime
    watch: Watch

    @property
    def urgency(self) -> tuple[bool, bool, float, int]:
        """Sorts what may be gone first, then articles that name actors, then the newest."""
        age = -self.watch.born.timestamp()
        return not self.watch.suspect, not self.names_actors, age, -self.article_id


def due(db: Connection, wanted: Wanted, now: datetime) -> Iterator[Known]:
    """The articles to look at, in no order."""
    by = min(wanted.due_by or now, now)
    parameters = {
        "all": wanted.outlets is None,
        "outlets": dump(list(wanted.outlets or ())),
        "articles": dump(list(wanted.articles)),
        "by": encode_time(by),
        "young": encode_time(by - wanted.plan.ages[-1] - timedelta(days=1)),
    }
    queries = (_ANY,) if wanted.anyway else (_DUE, _NEW)
    for sql in (_NAMED,) if wanted.articles else queries:
        for row in db.execute(sql, parameters):
            known = _known_from(row, wanted.plan)
            next_at = known.watch.next_at
            if wanted.anyway or (next_at is not None and next_at <= by):
                yield known


def believed_there(db: Connection, site: Site) -> Iterator[Known]:
    """Articles of a site that were there when last looked at, the newest first."""
    for row in db.execute(_THERE, (site[0],)):
        if site_of(row["outlet_id"], row["url"]) == site:
            yield _known_from(row, DEFAULT_PLAN)


def looked(db: Connection, run_id: int) -> Iterator[Looked]:
    """A run's looks, but for those that it never came to make."""
    for row in db.all(_LOOKED, (run_id,)):
        seen = sight(Outcome(row["outcome"]), row["reason"], row["status"])
        if seen is not Sight.NOT_TRIED:
            yield _looked_from(db, run_id, row, seen)


def keep(db: Connection, article_id: int, watch: Watch) -> None:
    """Write down what is known of an article after a look."""
    values = {
        "article_id": article_id,
        "checked_at": encode_time(watch.checked_at),
        "next_at": encode_optional(watch.next_at),
        "fetch_id": watch.fetch_id,
        "same": watch.same,
        "failures": watch.failures,
        "missing": watch.missing,
        "missing_since": encode_optional(watch.missing_since),
        "vouched_since": encode_optional(watch.vouched_since),
        "gone_at": encode_optional(watch.gone_at),
    }
    db.upsert("rechecks", ("article_id",), values)


def _known_from(row: Row, plan: Plan) -> Known:
    return Known(
        article_id=row["id"],
        outlet_id=row["outlet_id"],
        site=site_of(row["outlet_id"], row["url"]),
        names_actors=row["keep_rule"] == "actor",
        first_seen_at=decode_time(row["first_seen_at"]),
        watch=_watch_from(row, plan),
    )


def _watch_from(row: Row, plan: Plan) -> Watch:
    since = born(decode_time(row["first_seen_at"]), decode_time(row["appeared_at"]))
    if row["looked_at"] is None:
        read_at = decode_time(row["fetched_at"])
        return Watch(since, read_at, plan.next_look(since, read_at), row["fetch_id"])
    return Watch(
        born=since,
        checked_at=decode_time(row["checked_at"]),
        next_at=decode_optional(row["next_at"]),
        fetch_id=row["fetch_id"],
        same=row["same"],
        failures=row["failures"],
        missing=row["missing"],
        missing_since=decode_optional(row["missing_since"]),
        vouched_since=decode_optional(row["vouched_since"]),
        gone_at=decode_optional(row["gone_at"]),
    )


def _looked_from(db: Connection, run_id: int, row: Row, seen: Sight) -> Looked:
    watch = _watch_from(row, DEFAULT_PLAN)
    if seen is Sight.MISSING:
        watch = _seen_elsewhere(db, run_id, row["id"], watch)
    return Looked(
        article_id=row["id"],
        outlet_id=row["outlet_id"],
        url=row["url"],
        headline=row["headline"],
        version=row["version"],
        first_seen_at=decode_time(row["first_seen_at"]),
        at=decode_time(row["at"]),
        sight=seen,
        fetch_id=row["look_fetch"],
        watch=watch,
    )


def _seen_elsewhere(db: Connection, run_id: int, article_id: int, watch: Watch) -> Watch:
    """The same with what crawls saw meanwhile: an article that was there is missed anew."""
    parameters = {"article": article_id, "run": run_id, "seen": _SEEN}
    last = decode_optional(db.value(_LAST_SEEN, parameters))
    if last is None or last <= watch.checked_at:
        return watch
    if watch.gone_at is not None or watch.missing_since is None or last <= watch.missing_since:
        return replace(watch, checked_at=last)
    return Watch(watch.born, last, watch.next_at, watch.fetch_id)
