"""keep = "mentions": whose text is kept, what is known of all others, and how texts come back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from storage.articles import ArticleStore
from storage.judgements import JudgementStore
from storage.models import Mention, Outcome

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

TEXT = "نص الخبر عن الجمعية"
NAMED = Mention("ma_jamiya", 13, 19, "الجمعية", "الجمعية", "auto")
DOUBTFUL = Mention("ma_jamiya", 13, 19, "الجمعية", "الجمعية", "auto", ambiguous=True)
MADE = {"who": "coding desk", "why": "read by a person"}


@pytest.fixture
def thrifty(desk: Desk) -> Desk:
    """A desk that keeps the texts of matching articles only."""
    desk.articles = ArticleStore(desk.db, clock=desk.clock, keep="mentions")
    return desk


def held(desk: Desk, article_id: int = 1) -> tuple[int, str]:
    """Whether an article's text is kept, and the text."""
    found = desk.articles.get(article_id)
    assert found is not None
    return int(str(found["text_kept"])), str(found["text"])


def test_by_default_every_text_is_kept(desk: Desk) -> None:
    desk.store("1", TEXT)

    assert held(desk) == (1, TEXT)


def test_the_text_of_an_article_that_counts_for_nobody_is_not_kept(
    thrifty: Desk, fingerprint_of: Any
) -> None:
    thrifty.store("1", TEXT, fingerprint=fingerprint_of("one", words=4), mentions=(DOUBTFUL,))

    (row,) = thrifty.db.articles(with_text=True)
    stored = thrifty.db.one("SELECT * FROM article_versions")
    assert held(thrifty) == (0, "")
    assert (row["headline"], row["words"], row["text_kept"]) == ("عنوان الخبر", 4, False)
    assert row["url"] == "https://sahifa.test/1"
    assert (thrifty.db.count("الجمعية"), thrifty.db.count("عنوان")) == (0, 1)
    assert stored is not None and len(stored["content_hash"]) == 64
    assert "الجمعية" not in "".join(map(str, thrifty.db.all("SELECT * FROM article_index")[0]))


@pytest.mark.parametrize("rule", ["actor", "terms"])
def test_the_text_of_a_matching_article_is_kept(thrifty: Desk, rule: str) -> None:
    thrifty.store("1", TEXT, keep_rule=rule)

    assert held(thrifty) == (1, TEXT)
    assert thrifty.db.count("الجمعية") == 1


def test_words_are_counted_also_where_no_fingerprint_was_taken(thrifty: Desk) -> None:
    thrifty.store("1", TEXT)

    (row,) = thrifty.db.articles()
    assert row["words"] == 4


def test_edits_copies_and_known_articles_are_recognised_without_a_text(
    thrifty: Desk, fingerprint_of: Any
) -> None:
    mark = fingerprint_of("same")
    thrifty.store("1", TEXT, fingerprint=mark)
    copy = thrifty.store("2", TEXT, fingerprint=mark)
    run_id, candidate = thrifty.again("1")
    same = thrifty.save(run_id, candidate, TEXT, fingerprint=mark)
    run_id, candidate = thrifty.again("1")
    edited = thrifty.save(run_id, candidate, f"{TEXT} اليوم", fingerprint=fingerprint_of("other"))

    assert (copy.outcome, copy.copy_of) == (Outcome.COPY, 1)
    assert same.outcome is Outcome.UNCHANGED
    assert edited.outcome is Outcome.STORED_CHANGED
    found = thrifty.articles.get(1)
    assert found is not None
    versions: Any = found["versions"]
    assert [version["text"] for version in versions] == ["", ""]
    assert len({version["content_hash"] for version in versions}) == 2


def test_a_later_version_that_matches_is_kept_from_then_on(thrifty: Desk) -> None:
    thrifty.store("1", "نص الخبر")
    run_id, candidate = thrifty.again("1")

    thrifty.save(run_id, candidate, TEXT, mentions=(NAMED,), keep_rule="actor")

    found = thrifty.articles.get(1)
    assert found is not None
    versions: Any = found["versions"]
    assert held(thrifty) == (1, TEXT)
    assert [version["text"] for version in versions] == ["", TEXT]
    assert thrifty.db.count("الجمعية") == 1


def test_a_text_that_was_kept_once_is_not_given_up(thrifty: Desk) -> None:
    thrifty.store("1", TEXT, mentions=(NAMED,), keep_rule="actor")
    run_id, candidate = thrifty.again("1")

    thrifty.save(run_id, candidate, "نص آخر")

    found = thrifty.articles.get(1)
    assert found is not None
    versions: Any = found["versions"]
    assert [version["text"] for version in versions] == [TEXT, "نص آخر"]


def test_reading_the_capture_again_brings_a_text_back_when_somebody_is_named(
    thrifty: Desk,
) -> None:
    thrifty.store("1", TEXT)
    candidate = thrifty.candidate("1")

    unmatched = thrifty.articles.reread(1, thrifty.reading(candidate, TEXT))
    still = held(thrifty)
    matched = thrifty.articles.reread(
        1, thrifty.reading(candidate, TEXT, mentions=(NAMED,), keep_rule="actor")
    )

    assert (unmatched, still) == ((), (0, ""))
    assert (matched, held(thrifty)) == (("text", "mentions"), (1, TEXT))
    assert thrifty.db.count("الجمعية") == 1


def test_who_keeps_everything_again_gets_texts_back_as_they_are_read(thrifty: Desk) -> None:
    thrifty.store("1", TEXT)
    thrifty.store("2", TEXT)
    thrifty.articles = ArticleStore(thrifty.db, clock=thrifty.clock)
    run_id, candidate = thrifty.again("2")

    changed = thrifty.articles.reread(1, thrifty.reading(thrifty.candidate("1"), TEXT))
    saved = thrifty.save(run_id, candidate, TEXT)

    assert (changed, saved.outcome) == (("text",), Outcome.UNCHANGED)
    assert (held(thrifty, 1), held(thrifty, 2)) == ((1, TEXT), (1, TEXT))
    assert thrifty.db.count("الجمعية") == 2


def test_a_judgement_makes_the_next_reading_keep_the_text(thrifty: Desk) -> None:
    thrifty.store("1", TEXT, mentions=(DOUBTFUL,))
    judge = JudgementStore(thrifty.db, clock=thrifty.clock)

    judged = judge.is_this(1, "ma_jamiya", **MADE)
    before = held(thrifty)
    reading = thrifty.reading(thrifty.candidate("1"), TEXT, mentions=(DOUBTFUL,))
    thrifty.articles.reread(1, reading)

    assert (judged.after.keep_rule, judged.after.text_kept) == ("actor", False)
    assert (before, held(thrifty)) == ((0, ""), (1, TEXT))


def test_an_article_whose_only_name_was_judged_another_is_not_worth_its_text(
    thrifty: Desk,
) -> None:
    thrifty.store("1", TEXT, mentions=(DOUBTFUL,))
    JudgementStore(thrifty.db, clock=thrifty.clock).not_this(1, "ma_jamiya", **MADE)

    reading = thrifty.reading(thrifty.candidate("1"), TEXT, mentions=(NAMED,), keep_rule="actor")
    thrifty.articles.reread(1, reading)

    found = thrifty.articles.get(1)
    assert found is not None
    assert held(thrifty) == (0, "")
    assert found["keep_rule"] == ""


def test_without_a_text_only_the_headline_is_matched_again(thrifty: Desk) -> None:
    thrifty.store("1", TEXT, mentions=(DOUBTFUL,))
    before = thrifty.db.value("SELECT matched_at FROM articles")
    thrifty.later(days=1)
    in_headline = Mention("iq_person", 0, 5, "عنوان", "عنوان", "auto", field="headline")

    changed = thrifty.articles.rematch(1, [in_headline], thrifty.now)

    found: Any = thrifty.articles.get(1)
    assert changed.added == {"iq_person"}
    assert [one["actor_id"] for one in found["mentions"]] == ["iq_person", "ma_jamiya"]
    assert (found["keep_rule"], held(thrifty)) == ("actor", (0, ""))
    assert thrifty.db.value("SELECT matched_at FROM articles") == before


def test_texts_say_where_none_was_kept(thrifty: Desk) -> None:
    thrifty.store("1", TEXT)
    thrifty.store("2", TEXT, keep_rule="actor")

    first, second = thrifty.articles.texts()

    assert (first.article_id, first.text, first.text_kept) == (1, "", False)
    assert (second.text, second.text_kept, second.language) == (TEXT, True, "ar")
    assert [one.article_id for one in thrifty.articles.texts(after_id=1)] == [2]


def test_matched_at_is_the_start_of_the_run(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")
    desk.later(hours=2)
    desk.save(run_id, candidate)

    assert desk.db.value("SELECT matched_at FROM articles") == "2026-11-22T21:00:00Z"


def test_reading_again_matches_with_the_watchlists_of_the_job(desk: Desk) -> None:
    desk.store("1")
    started = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)

    desk.articles.reread(1, desk.reading(desk.candidate("1")), started)

    assert desk.db.value("SELECT matched_at FROM articles") == "2026-11-25T08:00:00Z"
