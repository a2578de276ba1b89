"""Looks at articles again: which are due, handed to a run as candidates, and judged at its end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice

from storage import books, deletions, recheck_rows
from storage.connection import Connection
from storage.deletions import Looked, Site
from storage.models import Candidate
from storage.recheck_plan import MISSING_EVERY, Plan, Sight, Wanted
from storage.recheck_rows import Known
from storage.rows import candidate_from
from storage.times import encode_time, utc_now

JUDGED = "looks_judged"
"""The note of a run whose looks were judged: how many they were."""
_WHOLE = 5
"""So many of a site's articles that are due are asked for whole: "not modified" vouches for
nothing, and one or two of them may be the very ones that are missing."""
_VALIDATORS = "SELECT etag, last_modified, final_url, payload_sha256 FROM fetches WHERE id = ?"
# The candidate under the article's own address first; one that another run holds is not to be had.
_CANDIDATE = """
SELECT c.* FROM candidates c JOIN articles a ON a.id = c.article_id
LEFT JOIN runs r ON r.id = c.claimed_by AND r.status = 'running'
WHERE c.article_id = ? AND r.id IS NULL
ORDER BY c.url_key = a.url_key DESC, c.id LIMIT 1
"""
_UNJUDGED = """
SELECT id FROM runs r WHERE kind = ? AND status != 'running' AND NOT EXISTS (
  SELECT 1 FROM run_notes WHERE run_id = r.id AND key = ?) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Look:
    """An article to look at: its candidate, and what the last page that we read came with."""

    article_id: int
    candidate: Candidate
    etag: str | None = None
    last_modified: str | None = None
    final_url: str | None = None
    payload_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a run would look at: what is due, whose page is asked for whole, and what is left."""

    due: tuple[Known, ...]
    witnesses: tuple[Known, ...]  # not due: they show whether their sites are well
    whole: frozenset[int]  # article ids: asked for without validators
    left: int  # due, and over the bounds


class RecheckStore:
    """The articles that are looked at again."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def choose(self, wanted: Wanted) -> Chosen:
        """What a run would look at now."""
        due = list(recheck_rows.due(self._db, wanted, self._clock()))
        kept = list(_bounded(due, wanted.plan))
        by_site: defaultdict[Site, list[Known]] = defaultdict(list)
        for known in kept:
            by_site[known.site].append(known)
        witnesses, whole = [], set()
        for site, here in by_site.items():
            called, honest = self._witnesses(site, here)
            witnesses += called
            whole |= {known.article_id for known in honest}
        return Chosen(tuple(kept), tuple(witnesses), frozenset(whole), len(due) - len(kept))

    def claim(self, run_id: int, wanted: Wanted) -> tuple[Look, ...]:
        """Hand the run what is due, as candidates that it ends like any others.

        Their state is left alone: a look that ends badly, or a run that is killed, leaves the
        article stored and the look due.
        """
        with self._db.write():
            chosen = self.choose(wanted)
            looks = [self._look(known, chosen) for known in (*chosen.due, *chosen.witnesses)]
            taken = tuple(look for look in looks if look is not None)
            for look in taken:
                books.claim(self._db, run_id, look.candidate, self._clock())
            sql = "UPDATE runs SET carried = carried + ? WHERE id = ?"
            self._db.execute(sql, (len(taken), run_id))
            self._note(run_id, "looks_left", chosen.left)
        return taken

    def settle_broken(self, plan: Plan) -> list[int]:
        """Judge the looks of runs that were killed before they could; gives their ids."""
        runs = [row["id"] for row in self._db.all(_UNJUDGED, (books.RECHECK, JUDGED))]
        for run_id in runs:
            self.settle(run_id, plan)
        return runs

    def settle(self, run_id: int, plan: Plan) -> None:
        """Judge a run's looks: what is gone, what is back, and when each is due again.

        One transaction, once per run; of a run that is killed before, the next one does it.
        """
        with self._db.write():
            if self._is_judged(run_id):
                return
            looks = list(recheck_rows.looked(self._db, run_id))
            counts: Counter[str] = Counter()
            for site, here in _by_site(looks).items():
                counts += self._settle_site(run_id, site, here, plan)
            for kind in ("gone", "back", "missing", "moved"):
                self._note(run_id, f"looks_{kind}", counts[kind])
            self._note(run_id, JUDGED, len(looks))
            self._give_up(plan)

    def _settle_site(
        self, run_id: int, site: Site, looks: Sequence[Looked], plan: Plan
    ) -> Counter[str]:
        judged = deletions.judge(looks, plan)
        counts: Counter[str] = Counter()
        for look, now in judged:
            recheck_rows.keep(self._db, look.article_id, now)
            kind = deletions.tell_change(self._db, run_id, look, now)
            counts.update([kind] if kind else [])
            counts["missing"] += now.suspect and look.sight is Sight.MISSING
        counts["moved"] += deletions.tell_moved(self._db, site, judged)
        return counts

    def _witnesses(self, site: Site, here: Sequence[Known]) -> tuple[list[Known], list[Known]]:
        """Articles of a site to look at besides, and all that are asked for whole.

        Those due may serve where nothing is suspected; one alone could be the very one to go.
        """
        suspects = [known.watch.checked_at for known in here if known.watch.suspect]
        hopeful = [known for known in here if not known.watch.missing]
        hopeful.sort(key=lambda known: known.first_seen_at, reverse=True)
        if not suspects and len(hopeful) > 1:
            return [], hopeful[:_WHOLE]
        witnesses = self._called(site, suspects, {known.article_id for known in here})
        return witnesses, [*hopeful[:_WHOLE], *witnesses]

    def _called(self, site: Site, suspects: Sequence[datetime], busy: set[int]) -> list[Known]:
        """As many as the suspects need: of each, the newest that was known when it was seen."""
        wanted = max(deletions.witnesses_wanted(len(suspects)), 1)
        before = sorted(islice(cycle(suspects or [self._clock()]), wanted), reverse=True)
        called: list[Known] = []
        for known in recheck_rows.believed_there(self._db, site):
            if known.article_id not in busy and known.first_seen_at <= before[len(called)]:
                called.append(known)
                if len(called) == wanted:
                    break
        return called

    def _look(self, known: Known, chosen: Chosen) -> Look | None:
        row = self._db.one(_CANDIDATE, (known.article_id,))
        if row is None:
            return None
        candidate, watch = candidate_from(row), known.watch
        if watch.fetch_id is None:
            return Look(known.article_id, candidate)
        before = self._db.one(_VALIDATORS, (watch.fetch_id,))
        assert before is not None, "fetches are never deleted"
        etag, last_modified, final_url, payload = before
        if known.article_id in chosen.whole or not watch.may_be_conditional:
            etag = last_modified = None
        return Look(known.article_id, candidate, etag, last_modified, final_url, payload)

    def _is_judged(self, run_id: int) -> bool:
        sql = "SELECT 1 FROM run_notes WHERE run_id = ? AND key = ?"
        return self._db.value(sql, (run_id, JUDGED)) is not None

    def _note(self, run_id: int, key: str, value: int) -> None:
        values = {"run_id": run_id, "key": key, "value": value}
        self._db.upsert("run_notes", ("run_id", "key"), values)

    def _give_up(self, plan: Plan) -> None:
        """End the plans of what has waited for a look longer than a whole plan lasts."""
        long_ago = self._clock() - plan.ages[-1] - MISSING_EVERY
        sql = "UPDATE rechecks SET next_at = NULL WHERE next_at < ?"
        self._db.execute(sql, (encode_time(long_ago),))


def _bounded(due: Sequence[Known], plan: Plan) -> Iterator[Known]:
    """What a run may look at: the most urgent first, so many per host and in all.

    First what may be gone, then articles that name actors, then the newest.
    """
    per_host: Counter[str] = Counter()
    taken = 0
    for known in sorted(due, key=lambda one: one.urgency):
        if taken >= plan.most_per_run:
            return
        _, host = known.site
        if per_host[host] < plan.most_per_host:
            per_host[host] += 1
            taken += 1
            yield known


def _by_site(looks: Sequence[Looked]) -> dict[Site, list[Looked]]:
    grouped: defaultdict[Site, list[Looked]] = defaultdict(list)
    for look in looks:
        grouped[look.site].append(look)
    return grouped
