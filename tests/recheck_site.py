"""A site whose stored articles answer as a test says, looked at night after night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from storage.models import FetchRecord, Outcome
from storage.reasons import FRONT_PAGE, SOFT_404
from storage.recheck_plan import Plan, Wanted
from storage.rechecks import Look, RecheckStore

FRONT = (Outcome.NOT_ARTICLE, FRONT_PAGE, 200)
SOFT = (Outcome.NOT_ARTICLE, f"{SOFT_404}: Page not found", 200)
GONE = (Outcome.GONE, "status 404", 404)
BLOCKED = (Outcome.BLOCKED, "status 403", 403)
BROKEN = (Outcome.HTTP_ERROR, "status 503", 503)
TIMEOUT = (Outcome.TIMEOUT, "no whole answer within the time limit", None)
SAME = (Outcome.UNCHANGED, "not modified", 304)
THERE = None

Answer = tuple[Outcome, str, int | None] | None


class Site:
    """An outlet's articles, stored on night 0, and how each answers from then on."""

    def __init__(self, desk: Any, number: int, **changes: Any) -> None:
        self.desk, self.start = desk, desk.now
        self.store = RecheckStore(desk.db, clock=desk.clock)
        self.answers: dict[str, Answer] = {}
        self.add(*(f"a{n}" for n in range(number)), **changes)

    def add(self, *slugs: str, **changes: Any) -> None:
        for slug in slugs:
            self.answers[slug] = THERE
            self.desk.store(slug, f"text of {slug}", headline=f"headline of {slug}", **changes)

    def go(self, days: float) -> None:
        self.desk.now = self.start + timedelta(days=days)

    def all(self, answer: Answer) -> None:
        self.answers = dict.fromkeys(self.answers, answer)

    def claim(self, **wanted: Any) -> tuple[int, tuple[Look, ...]]:
        run_id = self.desk.run("recheck")
        self.store.settle_broken(Plan())
        return run_id, self.store.claim(run_id, Wanted(**wanted))

    def end(self, run_id: int, look: Look) -> None:
        """One look, as the site answers."""
        answer = self.answers[look.candidate.url.rpartition("/")[2]]
        if answer is THERE:
            slug = look.candidate.url.rpartition("/")[2]
            said = {"headline": f"headline of {slug}"}
            self.desk.save(run_id, look.candidate, f"text of {slug}", **said)
            return
        outcome, reason, status = answer
        fetch = FetchRecord(look.candidate.url, self.desk.now, status=status)
        self.desk.candidates.finish(run_id, look.candidate, outcome, reason, fetch)

    def night(self, days: float, **wanted: Any) -> list[str]:
        """A whole run of re-checks; the slugs looked at."""
        self.go(days)
        run_id, looks = self.claim(**wanted)
        for look in looks:
            self.end(run_id, look)
        self.store.settle(run_id, wanted.get("plan", Plan()))
        report = self.desk.runs.close(run_id, "done")
        assert report.balanced, report.imbalance
        return [look.candidate.url.rpartition("/")[2] for look in looks]

    def told(self) -> list[tuple[str, str]]:
        sql = (
            "SELECT e.kind, a.url FROM edits e JOIN articles a ON a.id = e.article_id "
            "WHERE kind IN ('gone', 'back') ORDER BY e.id"
        )
        return [(row[0], row[1].rpartition("/")[2]) for row in self.desk.db.all(sql)]

    def events(self) -> list[tuple[str, bool]]:
        rows = self.desk.db.all("SELECT kind, closed_at FROM events ORDER BY id")
        return [(row[0], row[1] is None) for row in rows]

    def row(self, slug: str) -> dict[str, Any]:
        sql = "SELECT r.* FROM rechecks r JOIN articles a ON a.id = r.article_id WHERE a.url LIKE ?"
        return dict(self.desk.db.one(sql, (f"%/{slug}",)))
