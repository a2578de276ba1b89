from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bench.extraction_known import batch, halves, newest, one_left_out
from bench.extraction_readers import Taken, marsad
from bench.extraction_scores import judged, summary
from bench.extraction_sets import GoldPage, NoPages, by_outlet, pages

TEXT = "The council of Elmton met on Monday and voted for the new bridge over the river. " * 4
PAGE = GoldPage(
    id="1",
    set="made",
    url="https://elmton.test/2024/03/05/bridge",
    language="en",
    outlet="Elmton Herald",
    text=TEXT,
    headline="Elmton’s bridge – at last",
    day=date(2024, 3, 5),
    markup=f"<html><body><h1>x</h1><p>{TEXT}</p></body></html>".encode(),
)


def _page(number: int, outlet: str = "a") -> GoldPage:
    at = datetime(2024, 1, number, tzinfo=UTC)
    return GoldPage(str(number), "made", f"https://{outlet}.test/{number}", "en", outlet,
                    fetched_at=at)  # fmt: skip


def test_a_headline_may_differ_in_case_quotes_and_dashes() -> None:
    right = judged(PAGE, Taken(headline="ELMTON'S  bridge - at last"))
    loose = judged(PAGE, Taken(headline="Elmton s bridge: at last"))
    wrong = judged(PAGE, Taken(headline="Elmton’s bridge – at last | Elmton Herald"))

    assert [one.headline for one in (right, loose, wrong)] == [True, False, False]
    assert [one.headline_loose for one in (right, loose, wrong)] == [True, True, False]


def test_a_day_that_stands_nowhere_is_counted_as_invented() -> None:
    right = judged(PAGE, Taken(days=(date(2024, 3, 5),)))
    made_up = judged(PAGE, Taken(days=(date(2024, 1, 1),)))

    assert (right.day(), right.invented) == (True, False)
    assert (made_up.day(), made_up.invented) == (False, True)
    assert summary([right, made_up])["invented"] == 1


def test_a_day_off_is_wrong_and_told_apart() -> None:
    late = judged(PAGE, Taken(days=(date(2024, 3, 6), date(2024, 3, 5))))
    of_utc = judged(replace(PAGE, set="postlight"), late.taken)
    none = judged(PAGE, Taken())

    assert (late.day(), late.day(1), of_utc.day(), none.day(1)) == (False, True, True, False)


def test_our_own_reader_is_judged_with_its_methods_and_its_cost() -> None:
    taken = marsad(PAGE)

    assert judged(PAGE, taken).overlap == judged(PAGE, Taken(text=TEXT)).overlap
    assert taken.day == date(2024, 3, 5)
    assert taken.cpu > 0
    assert dict(taken.methods)["published_at"] == "url"


def test_without_the_shared_data_the_bench_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(NoPages, match="needs the shared data, or --gold FILE"):
        pages(data=tmp_path)


def test_no_lesson_but_the_batch_is_tested_on_what_it_learned_from() -> None:
    outlets = by_outlet([*(_page(number) for number in (3, 1, 4, 2)), _page(5, "alone")])

    whole = list(batch(outlets))
    apart = [*one_left_out(outlets), *halves(outlets), *newest(outlets)]

    assert [(len(one.learned), len(one.tested)) for one in whole] == [(4, 4), (1, 1)]
    assert all(not set(one.learned) & set(one.tested) for one in apart)
    assert len(list(one_left_out(outlets))) == 4
    assert len(list(halves(outlets))) == 6
    assert [page.id for page in next(newest(outlets)).tested] == ["4"]
