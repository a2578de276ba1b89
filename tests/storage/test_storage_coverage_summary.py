"""What is told of coverage with an answer: whom we asked, and when nobody was looking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from watched import Archive, Night, feed, item, record

from storage import coverage
from storage.asked_period import asked
from storage.coverage_days import days
from storage.coverage_records import CoverageDay, CoverageSummary, Items, Spell
from storage.coverage_summary import summary, summary_of
from storage.coverage_words import MOST_SPELLS, header, nothing_found
from storage.errors import SearchError
from storage.finding import VisitOutcome
from storage.search import SearchFilters
from storage.times import encode_time
from storage.watching import Sight

MA, IQ, BH = "ma_sahifa", "iq_rojname", "bh_marsa"
NIGHTS = date(2026, 3, 1), date(2026, 3, 28)


def day(number: int) -> date:
    return date(2026, 3, number)


def spells(found: CoverageSummary, sight: Sight) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(one.first.day, one.last.day, one.outlets) for one in found.of(sight)]


def table(archive: Archive, outlet: str, query: str = "") -> dict[date | None, CoverageDay]:
    question = asked(archive.db, query, SearchFilters(outlet=outlet), now=archive.now, edges=True)
    return {one.counts.day: one for one in days(archive.db, question)}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Three outlets; the feed of one shows a week, of the others two days."""
    archive = Archive(tmp_path / "marsad.db", [MA, IQ, BH], shown_by={IQ: 60})
    yield archive
    archive.db.close()


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A month with a power cut of five days, an outlet added late, and a wall of five nights."""
    archive = Archive(tmp_path_factory.mktemp("month") / "marsad.db", [MA, IQ, BH])
    archive.shown_by[IQ] = 60
    archive.nights(day(1), day(7), left_out=[BH])
    archive.nights(day(13), day(20))
    archive.nights(day(21), day(25), turned_away=[BH])
    archive.nights(day(26), day(28))
    yield archive
    archive.db.close()


# ---------------------------------------------------------------- a month with holes


def test_a_power_cut_is_blind_where_the_feed_had_moved_on_and_only_there(month: Archive) -> None:
    found = summary(month.db, now=month.now)

    assert (found.first, found.last) == (day(1), day(27))
    assert spells(found, Sight.BLIND) == [(7, 11, (MA,)), (20, 24, (BH,))]
    assert found.throughout == (IQ,)  # its feed reached back over the cut
    assert found.blind_days == 10
    assert (found.completeness, found.items.waiting) == ("partial", 0)
    assert found.items.seen == found.items.stored + found.items.failed


def test_an_outlet_added_later_was_not_watched_before(month: Archive) -> None:
    found = summary(month.db, "country:bh,iq after:2026-03-01", now=month.now)

    # Its first look showed the two days before it.
    assert spells(found, Sight.UNWATCHED) == [(1, 11, (BH,))]
    assert found.unwatched_days == 11


def test_nobody_reads_no_coverage_where_we_did_not_look(month: Archive) -> None:
    blind = summary(month.db, "after:2026-03-08 before:2026-03-11", now=month.now)
    words = header(blind)

    assert nothing_found(blind) == (
        "nothing found; this is no evidence that nothing was published: "
        "we were not looking everywhere all the time"
    )
    assert words == [
        "Coverage 8–10 March 2026: partial. 3 outlets asked, 1 watched throughout; "
        "33% of the time seen.",
        "  blind: 8–10 March: ma_sahifa",
        "  not watched: 8–10 March: bh_marsa",
        "  24 items seen, 22 stored, 2 failed",
    ]
    assert str(blind) == "\n".join(words)


def test_a_question_to_blind_outlets_only_is_unknown(month: Archive) -> None:
    found = summary(month.db, "outlet:ma_sahifa date:2026-03-09", now=month.now)

    assert (found.completeness, found.share) == ("unknown", 0)
    assert header(found)[0] == (
        "Coverage 9 March 2026: unknown. 1 outlet asked, and at no time watched."
    )
    assert nothing_found(found).endswith("nothing was published: nobody was looking")


def test_where_all_was_watched_an_empty_answer_is_a_finding(month: Archive) -> None:
    found = summary(month.db, "country:iq,ma date:2026-03-06", now=month.now)

    assert (found.completeness, found.share) == ("complete", 1)
    assert nothing_found(found) == "nothing found, and all that was asked was watched throughout"


def test_pages_that_failed_are_no_finding_either(month: Archive) -> None:
    found = summary(month.db, "outlet:ma_sahifa date:2026-03-05", now=month.now)

    assert (found.items, found.completeness) == (Items(8, 7, 1, 0), "partial")
    assert nothing_found(found).endswith("some pages could not be read, or wait to be")


@pytest.mark.parametrize(
    ("query", "filters", "outlets", "first", "last"),
    [
        ("water outlet:ma_sahifa", SearchFilters(), (MA,), 1, 27),
        ("water", SearchFilters(country=["bh"]), (BH,), 13, 27),
        ("country:ma,iq", SearchFilters(outlet=IQ), (IQ,), 1, 27),
        ("country:ma OR country:iq", SearchFilters(), (BH, IQ, MA), 1, 27),
        ("water NOT outlet:ma_sahifa", SearchFilters(), (BH, IQ, MA), 1, 27),
        ("after:2026-03-10", SearchFilters(before=day(20)), (BH, IQ, MA), 10, 19),
        ("date:2026-03", SearchFilters(after=day(20)), (BH, IQ, MA), 20, 28),
        ("actor:nobody language:fr", SearchFilters(), (BH, IQ, MA), 1, 27),
    ],
)
def test_a_question_says_whom_and_when_it_asks(
    month: Archive,
    query: str,
    filters: SearchFilters,
    outlets: tuple[str, ...],
    first: int,
    last: int,
) -> None:
    found = summary(month.db, query, filters, now=month.now)

    assert found.outlets == outlets
    assert found.first == day(first)
    # A month that is not over ends today; one day ahead is today already, somewhere.
    assert found.last == day(last) or (last == 28 and found.last == day(29))


def test_questions_beyond_what_was_watched_are_unknown(month: Archive) -> None:
    later = month.now + timedelta(days=30)

    before = summary(month.db, "before:2026-02-01", now=later)
    after = summary(month.db, "after:2026-04-10", now=later)
    since = summary(month.db, "after:1800-01-01 before:2026-03-02", now=later)
    never = summary(month.db, "after:2026-03-10 before:2026-03-05", now=later)
    elsewhere = summary(month.db, "outlet:xx_nobody", now=later)

    assert [one.completeness for one in (before, after, never, elsewhere)] == ["unknown"] * 4
    assert (after.first, after.last) == (date(2026, 4, 10), later.date())
    assert since.unwatched_days > 10_000
    assert elsewhere.outlets == ()
    assert header(elsewhere)[0].startswith("Coverage: unknown. No outlet was asked")
    with pytest.raises(SearchError):
        summary(month.db, '"open', now=later)


def test_an_outlet_that_fell_silent_is_told_to_the_end(archive: Archive) -> None:
    archive.nights(day(1), day(5))
    archive.nights(day(6), day(12), turned_away=[MA])

    found = summary(archive.db, "outlet:ma_sahifa", now=archive.now)

    assert (found.first, found.last) == (day(1), day(11))
    assert spells(found, Sight.BLIND) == [(5, 11, (MA,))]


def test_a_day_that_is_not_over_is_not_complete(month: Archive) -> None:
    filters = SearchFilters(outlet=IQ, after=day(28))
    question = asked(month.db, filters=filters, now=month.now, edges=True)
    found, told = summary_of(month.db, question), list(days(month.db, question))

    assert (found.throughout, found.share, found.completeness) == ((IQ,), 1, "partial")
    assert found.until is not None
    assert f"  28 March was not over: told up to {found.until:%H:%M} UTC" in header(found)
    assert nothing_found(found).endswith("nothing was published: the last day was not over")
    assert (told[0].share, told[0].completeness, told[0].over) == (1, "partial", False)


# ---------------------------------------------------------------- day by day


def test_days_tell_the_figures_and_the_minutes(month: Archive) -> None:
    told = table(month, MA)

    assert list(told) == [day(number) for number in range(1, 29)]
    assert told[day(6)].completeness == "complete"
    assert (told[day(7)].watched, told[day(7)].blind, told[day(7)].completeness) == (
        120,
        1320,
        "partial",
    )
    assert (told[day(9)].blind, told[day(9)].completeness, told[day(9)].share) == (
        1440,
        "unknown",
        0,
    )
    assert told[day(5)].counts.failed_by == {"gone": 1}
    assert told[day(28)].minutes == 180  # up to the latest look, at three o'clock there
    assert told[day(22)].minutes == 1380  # clocks went forward
    assert all(
        one.watched + one.partly + one.blind + one.unwatched + one.declared == one.minutes
        for one in told.values()
    )


def test_an_outlet_that_nobody_visited_has_days_too(archive: Archive) -> None:
    archive.nights(day(1), day(4))
    run_id = archive.runs.open("crawl", outlets=[record("ma_silent")])
    archive.runs.close(run_id, "done")

    found = summary(archive.db, now=archive.now)
    told = table(archive, "ma_silent", "after:2026-03-01 before:2026-03-03")

    assert found.never_visited == ("ma_silent",)
    assert header(found)[1] == "  never visited: ma_silent"
    assert [(one.unwatched, one.counts.seen) for one in told.values()] == [(1440, 0), (1440, 0)]


def test_a_gap_that_was_filled_is_none(month: Archive, tmp_path: Path) -> None:
    with month.db.write():
        month.db.execute(
            "UPDATE gaps SET repaired_at = ?, repaired_by = 'https://sahifa.test/sitemap.xml' "
            "WHERE outlet_id = ?",
            (encode_time(month.now), MA),
        )
    try:
        found = summary(month.db, "outlet:ma_sahifa", now=month.now)
        assert (spells(found, Sight.BLIND), found.throughout) == ([], (MA,))
    finally:
        with month.db.write():
            month.db.execute("UPDATE gaps SET repaired_at = NULL, repaired_by = NULL")


def test_a_way_that_fails_beside_one_that_works_is_told(archive: Archive) -> None:
    archive.nights(day(1), day(4))
    run_id = archive.runs.open("crawl", outlets=[record(MA)])
    other = archive.visit(run_id, MA, [item(MA, archive.now)], url="https://sahifa.test/arts")
    archive.runs.close(run_id, "done")
    archive.nights(day(5), day(8))

    found = summary(
        archive.db, "outlet:ma_sahifa after:2026-03-05 before:2026-03-08", now=archive.now
    )

    assert other.visit_id
    assert (found.completeness, found.share, found.throughout) == ("partial", 1, ())
    assert found.partly_days == 3
    assert "  watched by some of its ways only: 5–7 March: ma_sahifa" in header(found)


def test_what_a_person_declared_blind_is_told_with_its_reason(archive: Archive) -> None:
    archive.nights(day(1), day(8))
    with archive.db.write():
        archive.db.execute(
            "UPDATE outlets SET blind_since = '2026-03-04', blind_until = '2026-03-05', "
            "blind_reason = 'the site shows us an old page' WHERE id = ?",
            (MA,),
        )

    found = summary(archive.db, "outlet:ma_sahifa", now=archive.now)
    elsewhere = summary(archive.db, "outlet:ma_sahifa before:2026-03-04", now=archive.now)

    assert [(one.since, one.until) for one in found.declared] == [(day(4), day(5))]
    assert spells(found, Sight.DECLARED) == [(4, 5, (MA,))]
    assert (
        "  declared blind: ma_sahifa since 4 March 2026, until 5 March 2026: "
        "the site shows us an old page"
    ) in header(found)
    assert elsewhere.declared == ()
    assert table(archive, MA)[day(4)].completeness == "unknown"


# ---------------------------------------------------------------- figures that are not counted yet


def test_what_a_killed_run_left_waits_and_is_counted_before_any_refresh(archive: Archive) -> None:
    archive.nights(day(1), day(5))
    archive.now = datetime(2026, 3, 6, 2, tzinfo=UTC)
    killed = archive.runs.open("crawl", outlets=[record(MA)])
    fresh = archive.visit(killed, MA, archive.items(MA, archive.now)).fresh
    archive.runs.close(killed, "interrupted")

    found = summary(archive.db, "outlet:ma_sahifa date:2026-03-05", now=archive.now)
    before = coverage.rows(archive.db)
    coverage.refresh(archive.db)

    assert len(fresh) == 8
    assert (found.items.seen, found.items.waiting) == (8, 7)
    assert found.completeness == "partial"
    assert coverage.rows(archive.db) == before


def test_a_page_that_waits_for_another_try_counts_as_failed_and_not_twice(archive: Archive) -> None:
    archive.night(Night(day(1)))
    rows = coverage.rows(archive.db, [MA])

    assert rows
    assert all(row.seen == row.stored + row.failed + row.waiting for row in rows)
    assert all(sum(row.failed_by.values()) == row.failed for row in rows)


def test_before_the_first_whole_day_nothing_is_known(archive: Archive) -> None:
    empty = summary(archive.db, now=archive.now)
    archive.shown_by = dict.fromkeys((MA, IQ, BH), 1)
    archive.night(Night(day(1)))
    fresh = summary(archive.db, now=archive.now)

    assert (empty.outlets, empty.completeness) == ((), "unknown")
    assert header(fresh)[0] == ("Coverage: unknown. 3 outlets asked; no whole day was watched yet.")


def test_items_without_a_day_keep_an_answer_from_being_complete(archive: Archive) -> None:
    archive.nights(day(1), day(4))
    run_id = archive.runs.open("crawl", outlets=[record(IQ)])
    undated = item(IQ, archive.now)
    archive.visit(
        run_id,
        IQ,
        [
            undated.__class__(
                "https://rojname.test/x", "rojname.test/x", IQ, undated.found_by, feed(IQ)
            )
        ],
    )
    archive.runs.close(run_id, "interrupted")

    found = summary(archive.db, "outlet:iq_rojname date:2026-03-03", now=archive.now)

    assert found.undated == Items(1, 0, 0, 1)
    assert (found.throughout, found.completeness) == ((IQ,), "partial")
    assert header(found)[-1] == "  of no known day: 1 item seen, 0 stored, 1 waiting"


# ---------------------------------------------------------------- exports and words


def test_the_database_offers_the_same_to_notebooks(month: Archive) -> None:
    hits = month.db.search("council outlet:ma_sahifa", limit=3)
    rows = month.db.attention(country="iq")

    assert len(hits) == 3
    assert hits.coverage.outlets == (MA,)
    assert list(rows) == []
    assert rows.coverage.outlets == (IQ,)
    assert month.db.coverage("date:2026-03-09").first == day(9)
    told = list(month.db.coverage_days(outlet=MA, after=day(8), before=day(10)))
    assert [(row["day"], row["minutes_blind"]) for row in told] == [
        ("2026-03-08", 1440),
        ("2026-03-09", 1440),
    ]


def test_many_spells_are_cut_and_say_where_the_rest_is(month: Archive) -> None:
    found = summary(month.db, now=month.now)
    many = tuple(
        Spell(Sight.BLIND, day(n), day(n), (MA,), 100 + n, whole=False) for n in range(1, 20, 2)
    )
    words = header(CoverageSummary(**{**_fields(found), "spells": many}))

    blind = next(line for line in words if line.startswith("  blind"))
    assert blind.count("March") == MOST_SPELLS
    assert blind.endswith(f"; {len(many) - MOST_SPELLS} more, see `marsad coverage --json`")


def _fields(found: CoverageSummary) -> dict[str, object]:
    return {name: getattr(found, name) for name in CoverageSummary.__dataclass_fields__}


def test_ten_years_of_days_are_the_most(month: Archive) -> None:
    question = asked(month.db, "after:2001-01-01", now=month.now)

    with pytest.raises(ValueError, match="at most"):
        list(days(month.db, question))


def test_visits_that_failed_are_counted_on_their_day(month: Archive) -> None:
    told = table(month, BH)

    assert [
        number
        for number in range(1, 29)
        if (one := told.get(day(number))) and one.counts.blind_visits
    ] == [21, 22, 23, 24, 25]
    assert VisitOutcome.BLOCKED not in told[day(21)].counts.failed_by
