"""Whatever happens in whatever order, the books balance and nothing is lost or stored twice."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from storage import coverage
from storage.finding import VisitOutcome
from storage.models import FAILED, Candidate, Fingerprint, FoundBy, Outcome

OUTLETS = ["ma_sahifa", "iq_rojname"]
SLUGS = st.sampled_from([f"{outlet} {number}" for outlet in OUTLETS for number in range(4)])
ENDS = st.sampled_from(
    sorted(FAILED | {Outcome.POSTPONED, Outcome.INTERRUPTED} - {Outcome.UNCHANGED})
)


class Nights(RuleBasedStateMachine):
    """Visits, saves, failures, kills and retries by two runs at once, in any order."""

    desk_type: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.desk = type(self).desk_type(Path(self.folder.name) / "marsad.db")
        self.held: dict[int, list[Candidate]] = {}
        self.found: set[tuple[str, str]] = set()

    def _run(self, second: bool) -> int:
        while len(self.held) < 2:
            self.held[self.desk.run()] = []
        return sorted(self.held)[second]

    def _take(self, second: bool, pick: int) -> tuple[int, Candidate | None]:
        run_id = self._run(second)
        held = self.held[run_id]
        return run_id, held.pop(pick % len(held)) if held else None

    @rule(
        second=st.booleans(),
        slugs=st.lists(SLUGS, max_size=6),
        wording=st.integers(0, 1),
        outcome=st.sampled_from([VisitOutcome.READ, VisitOutcome.MOVED]),
        ignored=st.integers(0, 2),
    )
    def visit(
        self, second: bool, slugs: list[str], wording: int, outcome: Any, ignored: int
    ) -> None:
        run_id = self._run(second)
        for outlet in OUTLETS:
            candidates = [
                self.desk.candidate(slug.split()[1], outlet, entry_hash=f"{slug} {wording}")
                for slug in slugs
                if slug.startswith(outlet)
            ]
            self.found |= {(c.outlet_id, c.url_key) for c in candidates}
            result = self.desk.visit(
                run_id, candidates, outlet_id=outlet, outcome=outcome, ignored=ignored
            )
            self.held[run_id] += result.fresh

    @rule(second=st.booleans(), limit=st.none() | st.integers(0, 2))
    def carry_on(self, second: bool, limit: int | None) -> None:
        run_id = self._run(second)
        self.held[run_id] += self.desk.candidates.claim_pending(run_id, OUTLETS, limit)

    @rule(second=st.booleans(), slug=SLUGS)
    def ask_for(self, second: bool, slug: str) -> None:
        run_id = self._run(second)
        outlet, number = slug.split()
        wanted = self.desk.candidate(number, outlet, found_by=FoundBy.MANUAL, found_in=None)
        self.found.add((outlet, wanted.url_key))
        self.held[run_id] += self.desk.candidates.add(run_id, [wanted])

    @rule(
        second=st.booleans(),
        pick=st.integers(0, 9),
        text=st.sampled_from(["نص", "نص آخر", "نص ثالث"]),
        reader=st.sampled_from(["reader-1", "reader-2"]),
        canonical=st.none() | st.integers(0, 3),
    )
    def save(self, second: bool, pick: int, text: str, reader: str, canonical: int | None) -> None:
        run_id, candidate = self._take(second, pick)
        if candidate is None:
            return
        host = candidate.url_key.partition("/")[0]
        key = f"{host}/{canonical}"
        aliases = [] if canonical is None else [(key, f"https://{key}", "canonical")]
        digest = sha256(text.encode()).hexdigest()
        print_ = Fingerprint(1, (1,), digest, 30)
        self.desk.save(
            run_id, candidate, text, reader_version=reader, aliases=aliases, fingerprint=print_
        )

    @rule(second=st.booleans(), pick=st.integers(0, 9), outcome=ENDS)
    def fail(self, second: bool, pick: int, outcome: Outcome) -> None:
        run_id, candidate = self._take(second, pick)
        if candidate is not None:
            self.desk.candidates.finish(run_id, candidate, outcome, "no luck")

    @rule(second=st.booleans(), status=st.sampled_from(["done", "interrupted", "failed"]))
    def end_run(self, second: bool, status: str) -> None:
        run_id = self._run(second)
        assert self.desk.runs.close(run_id, status).balanced
        del self.held[run_id]

    @rule(second=st.booleans())
    def kill(self, second: bool) -> None:
        run_id = self._run(second)
        self.desk.runs._locks.pop(run_id).remove()  # as the kernel does
        self.desk.db.execute("UPDATE runs SET process = 'gone' WHERE id = ?", (run_id,))
        assert self.desk.runs.recover() == [run_id]
        del self.held[run_id]

    @rule(outcomes=st.sets(ENDS))
    def retry(self, outcomes: set[Outcome]) -> None:
        self.desk.candidates.retry(outcomes)

    @rule()
    def tick(self) -> None:
        self.desk.later(minutes=7)

    @invariant()
    def the_books_of_every_run_balance(self) -> None:
        for row in self.desk.db.all("SELECT id FROM runs"):
            assert self.desk.runs.imbalance(row["id"]) == ""

    @invariant()
    def every_url_is_kept_once(self) -> None:
        rows = self.desk.db.all(
            "SELECT outlet_id, url_key FROM candidates UNION ALL "
            "SELECT u.outlet_id, u.url_key FROM article_urls u LEFT JOIN candidates c "
            "ON c.url_key = u.url_key AND c.outlet_id = u.outlet_id WHERE c.id IS NULL"
        )
        kept = [(row["outlet_id"], row["url_key"]) for row in rows]
        assert len(kept) == len(set(kept))
        assert self.found <= set(kept)

    @invariant()
    def an_address_belongs_to_one_article(self) -> None:
        twice = self.desk.db.all(
            "SELECT url_key FROM article_urls GROUP BY url_key, outlet_id "
            "HAVING count(DISTINCT article_id) > 1"
        )
        assert twice == []

    @invariant()
    def copies_point_at_the_earliest_of_their_text(self) -> None:
        rows = self.desk.db.all(
            "SELECT a.id, a.copy_of, first_value(a.id) OVER "
            "(PARTITION BY f.exact ORDER BY a.first_seen_at, a.id) AS earliest "
            "FROM articles a JOIN fingerprints f ON f.article_id = a.id"
        )
        for row in rows:
            assert row["copy_of"] == (None if row["id"] == row["earliest"] else row["earliest"])

    @invariant()
    def every_article_is_searchable_and_has_its_versions(self) -> None:
        counts = self.desk.db.one(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM article_index), "
            "(SELECT count(*) FROM article_texts), "
            "(SELECT count(*) FROM article_versions WHERE text IS NULL)"
        )
        assert counts is not None
        assert len(set(counts)) == 1
        self.desk.db.execute(
            "INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)"
        )

    def teardown(self) -> None:
        self._coverage_is_what_a_full_count_says()
        self.desk.db.close()
        self.folder.cleanup()

    def _coverage_is_what_a_full_count_says(self) -> None:
        db = self.desk.db
        coverage.refresh(db)
        incremental = coverage.rows(db)
        db.execute("DELETE FROM coverage")
        db.execute(
            "INSERT OR IGNORE INTO coverage_dirty SELECT outlet_id, day FROM candidates "
            "UNION SELECT outlet_id, day FROM visits"
        )
        coverage.refresh(db)
        assert coverage.rows(db) == incremental
        assert sum(row.seen for row in incremental) == db.value("SELECT count(*) FROM candidates")


def test_any_sequence_of_nights_keeps_the_books(desk_type: Any) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    Nights.desk_type = desk_type
    run_state_machine_as_test(
        Nights, settings=settings(max_examples=30, stateful_step_count=40, deadline=None)
    )
