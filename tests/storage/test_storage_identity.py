"""Which article a page is of: addresses that were seen, that are claimed, and the words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.reading.fingerprints import fingerprint
from storage.models import Hints, Outcome, Precision, Saved

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

DAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WORDS = [f"كلمة{n}" for n in range(120)]
TEXT = " ".join(WORDS)
TITLE = "منع وقفة سلمية أمام الولاية"


def said(text: str = TEXT, headline: str = TITLE, **changes: Any) -> dict[str, Any]:
    """What a reader finds on a page of that day."""
    found = {"headline": headline, "fingerprint": fingerprint(text), "published_at": DAY}
    return found | {"published_precision": Precision.MINUTE} | changes


def store(desk: Desk, slug: str, text: str = TEXT, **changes: Any) -> Saved:
    aliases = changes.pop("aliases", ())
    outlet = changes.pop("outlet", "ma_sahifa")
    return desk.store(slug, text, aliases=aliases, outlet=outlet, **said(text, **changes))


def claims(slug: str, kind: str = "canonical") -> list[tuple[str, str, str]]:
    return [(f"sahifa.test/{slug}", f"https://sahifa.test/{slug}", kind)]


def kinds(desk: Desk, article_id: int | None) -> dict[str, tuple[str, bool]]:
    rows = desk.db.all("SELECT * FROM article_urls WHERE article_id = ?", (article_id,))
    return {row["url_key"].partition("/")[2]: (row["kind"], bool(row["proven"])) for row in rows}


# ---------------------------------------------------------------- claims


def test_a_claim_of_another_articles_address_does_not_hide_that_article(desk: Desk) -> None:
    first = store(desk, "1", aliases=claims("2"))

    (found,) = desk.find(desk.run(), "2")
    second = desk.save(2, found, "نص آخر", **said("نص آخر", headline="عنوان آخر"))

    assert second.outcome is Outcome.STORED_NEW
    assert kinds(desk, second.article_id) == {"2": ("found", True)}
    assert kinds(desk, first.article_id) == {"1": ("found", True)}


def test_a_claimed_address_need_not_be_fetched_where_the_feed_tells_the_same_headline(
    desk: Desk,
) -> None:
    store(desk, "short/1", aliases=claims("1"))
    hints = Hints(headline="منـــع وقفة سلميّة أمام الولاية")

    found = desk.visit(desk.run(), [desk.candidate("1", hints=hints)])

    assert (found.fresh, found.known) == ((), 1)


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (" ".join(f"أخرى{n}" for n in range(120)), TITLE),  # page 2, or yesterday's column
        (" ".join(f"mot{n}" for n in range(120)), TITLE),  # another language's version
        (TEXT.replace("5", "٥") + " ذيل", "عنوان آخر"),
    ],
)
def test_a_claim_is_nothing_where_the_words_are_others(
    desk: Desk, text: str, headline: str
) -> None:
    first = store(desk, "1")

    second = store(desk, "1?page=2", text, headline=headline, aliases=claims("1"))

    assert second.outcome is Outcome.STORED_NEW
    assert second.article_id != first.article_id


def test_a_claim_is_believed_where_the_text_was_edited(desk: Desk) -> None:
    first = store(desk, "1")
    edited = " ".join(["بداية", "أخرى", *WORDS[:70], "وخاتمة"])

    second = store(desk, "node/1", edited, aliases=claims("1"))

    assert second.article_id == first.article_id


def test_a_page_seen_at_a_claimed_address_proves_it(desk: Desk) -> None:
    first = store(desk, "1", aliases=claims("2"))

    second = store(desk, "2")

    assert second.article_id == first.article_id
    assert kinds(desk, first.article_id) == {"1": ("found", True), "2": ("canonical", True)}


def test_addresses_are_kept_with_what_they_show(desk: Desk) -> None:
    aliases = [*claims("1/amp", "amp"), *claims("1/print", "print"), *claims("m/1", "mobile")]

    saved = store(desk, "1", aliases=aliases)

    assert kinds(desk, saved.article_id) == {
        "1": ("found", True),
        "1/amp": ("amp", False),
        "1/print": ("print", False),
        "m/1": ("mobile", False),
    }


# ---------------------------------------------------------------- the same text


def test_one_headline_day_and_beginning_is_one_article_under_two_addresses(desk: Desk) -> None:
    first = store(desk, "1")

    second = store(desk, "slug-of-it", headline="مَنع وقفة «سلمية» أمام الولايـة")

    assert (second.outcome, second.article_id) == (Outcome.UNCHANGED, first.article_id)
    assert kinds(desk, first.article_id)["slug-of-it"] == ("same_text", False)
    assert desk.db.value("SELECT count(*) FROM articles") == 1
    assert desk.db.value("SELECT version FROM articles") == 1


@pytest.mark.parametrize(
    "text",
    [
        " ".join(WORDS[:60]),
        " ".join([*WORDS, "وتحديث", "لاحق", "من", "المراسل"]),
        " ".join([*WORDS[:80], "زيادة", "هنا", *WORDS[80:]]),
        " ".join(word if n % 12 or n < 40 else "بديل" for n, word in enumerate(WORDS)),
    ],
    ids=["cut", "a live page grows", "a sentence more", "a word in twelve replaced"],
)
def test_an_edit_under_another_address_is_the_same_article(desk: Desk, text: str) -> None:
    plain = [word.replace("كلمة", "") for word in text.split()]
    named = " ".join(_letters(word) for word in plain)
    first = store(desk, "1", " ".join(_letters(word.replace("كلمة", "")) for word in WORDS))

    assert store(desk, "slug", named).article_id == first.article_id


def _letters(word: str) -> str:
    """Invented words without digits: numbers have a rule of their own."""
    return "كلمة" + word.translate(str.maketrans("0123456789", "ابتثجحخدذر"))


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "عنوان آخر"},
        {"published_at": datetime(2026, 11, 19, 9, 30, tzinfo=UTC)},
        {"text": " ".join(["مقدمة", *WORDS])},
        {"text": " ".join(WORDS[:40] + [f"أخرى{n}" for n in range(80)])},
        {"text": " ".join([*WORDS[:100], "سعر", "3150", *WORDS[101:]])},
        {"outlet": "bh_marsa"},
    ],
    ids=["headline", "day", "beginning", "the rest", "a number", "outlet"],
)
def test_what_differs_in_more_is_another_article(desk: Desk, changes: dict[str, Any]) -> None:
    store(desk, "1")

    second = store(desk, "2", **changes)

    assert second.outcome in (Outcome.STORED_NEW, Outcome.COPY)


def test_short_texts_are_never_joined(desk: Desk) -> None:
    brief = " ".join(WORDS[:39])
    store(desk, "1", brief)

    assert store(desk, "2", brief).outcome is Outcome.COPY


def test_a_column_under_one_headline_is_never_joined(desk: Desk) -> None:
    store(desk, "1", published_at=datetime(2026, 11, 13, 9, 30, tzinfo=UTC))
    store(desk, "2")

    assert store(desk, "3").outcome is Outcome.COPY


def test_undated_articles_are_compared_with_those_of_the_day(desk: Desk) -> None:
    undated: dict[str, Any] = {"published_at": None, "published_precision": Precision.UNKNOWN}
    first = store(desk, "1", **undated)
    desk.later(days=1)
    other = store(desk, "2", " ".join(WORDS[:90]), **undated)
    again = store(desk, "3", " ".join(WORDS[:90]), headline="عنوان آخر", **undated)

    assert len({first.article_id, other.article_id, again.article_id}) == 3
    assert store(desk, "4", " ".join(WORDS[:90]), headline="عنوان آخر", **undated).article_id == (
        again.article_id
    )


def test_an_address_told_by_its_words_is_another_article_once_it_says_something_else(
    desk: Desk,
) -> None:
    first = store(desk, "1")
    store(desk, "2")

    run_id, candidate = desk.again("2")
    other = desk.save(run_id, candidate, "نص آخر", **said("نص آخر", headline="عنوان آخر"))

    assert other.outcome is Outcome.STORED_NEW
    assert other.article_id != first.article_id
    assert kinds(desk, other.article_id) == {"2": ("found", True)}


def test_an_address_told_by_its_words_stays_one_of_the_article(desk: Desk) -> None:
    first = store(desk, "1")
    store(desk, "2")

    run_id, candidate = desk.again("2")
    again = desk.save(run_id, candidate, TEXT, **said())

    assert (again.outcome, again.article_id) == (Outcome.UNCHANGED, first.article_id)
    assert desk.visit(desk.run(), [desk.candidate("2")]).known == 1


def test_looking_for_the_same_text_asks_an_index(desk: Desk) -> None:
    from storage import same_text

    indices = {
        same_text._OF_DAY: "articles_outlet_day",
        same_text._WITHOUT_DAY: "articles_undated",
        same_text._AROUND: "articles_outlet_day",
    }
    for sql, index in indices.items():
        marks = ["ma_sahifa", "2026-11-20", "2026-11-21", "2026-11-20"][: sql.count("?")]
        plan = " ".join(row["detail"] for row in desk.db.all(f"EXPLAIN QUERY PLAN {sql}", marks))
        assert index in plan
        assert "SCAN" not in plan
    newest = desk.db.all(f"EXPLAIN QUERY PLAN {same_text._WITHOUT_DAY}", ["ma_sahifa", 1])
    assert len(newest) == 1, "an outlet's undated articles are not sorted for the newest of them"
