"""Two readings of one article: which differences are versions, and how they are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from storage.comparisons import Compared, EarlierLook
from storage.edits import EditStore
from storage.errors import SeenMeanwhile
from storage.models import Candidate, CapturePlace, FetchRecord, Mention, Outcome, Reading

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

PLACE = CapturePlace("run.warc.gz", 0, 90)


def seen(desk: Desk, text: str, **changes: Any) -> tuple[int, Candidate, Reading, FetchRecord]:
    """What a look at the article's page brings, an hour later."""
    desk.later(hours=1)
    run_id, candidate = desk.again("1")
    fetch = desk.fetch(candidate, capture=PLACE, final_url=candidate.url)
    return run_id, candidate, desk.reading(candidate, text, **changes), fetch


def look_before(desk: Desk, look: tuple[int, Candidate, Reading, FetchRecord]) -> EarlierLook:
    found = desk.articles.earlier_capture(*look)
    assert found is not None
    return found


def versions(desk: Desk) -> list[dict[str, Any]]:
    found: Any = desk.articles.get(1)
    return list(found["versions"])


def kinds(desk: Desk) -> list[str]:
    return sorted(one.edit.kind for one in EditStore(desk.db).list())


def test_a_page_of_no_known_article_has_no_earlier_capture(desk: Desk) -> None:
    assert desk.articles.earlier_capture(*seen(desk, "نص")) is None


def test_a_page_that_is_no_article_is_compared_with_nothing(desk: Desk) -> None:
    desk.store("1")

    look = seen(desk, "", outcome=Outcome.NO_TEXT)

    assert desk.articles.earlier_capture(*look) is None


def test_the_earlier_capture_says_where_it_is_and_what_is_held(desk: Desk) -> None:
    mention = Mention("ma_jamiya", 0, 2, "نص", "نص", "auto", label="x", label_start=0)
    desk.articles.save(*seen(desk, "نص", mentions=(mention,)))
    first = desk.now

    found = look_before(desk, seen(desk, "نص آخر"))

    assert (found.place, found.fetched_at, found.held_at) == (PLACE, first, first)
    assert (found.article_id, found.version, found.fetch_id, found.compared_id) == (1, 1, 1, 1)
    assert (found.stored.text, found.stored.mentions) == ("نص", (mention,))
    assert found.same_address and found.same_watchlists and found.text_kept


def test_other_watchlists_are_noticed(desk: Desk) -> None:
    desk.store("1", "نص")
    desk.later(hours=1)
    desk.run(actors=[])

    assert not look_before(desk, seen(desk, "نص آخر")).same_watchlists


def test_the_earlier_reading_stands_beside_the_new_one(desk: Desk) -> None:
    desk.articles.save(*seen(desk, "قديم"))
    look = seen(desk, "جديد", reader_version="reader-2", template_id="t2")
    before = look_before(desk, look)
    earlier = replace(look[2], text="قديم أفضل", content_hash="")

    saved = desk.articles.save(*look, (), Compared(before, earlier, text=True))

    old, new = versions(desk)
    assert saved.outcome is Outcome.STORED_CHANGED
    assert (old["text"], new["text"]) == ("قديم أفضل", "جديد")
    assert {(one["reader_version"], one["template_id"]) for one in (old, new)} == {
        ("reader-2", "t2")
    }
    assert old["content_hash"] != new["content_hash"]
    assert [hit.article_id for hit in desk.db.search("جديد")] == [1]
    assert desk.db.search("قديم") == []


def test_noise_leaves_one_version_with_the_newest_text(desk: Desk) -> None:
    desk.articles.save(*seen(desk, "نص 1"))
    look = seen(desk, "نص 2", mentions=(Mention("ma_jamiya", 0, 2, "نص", "نص", "auto"),))
    before = look_before(desk, look)

    saved = desk.articles.save(*look, (), Compared(before, before.stored))

    found: Any = desk.articles.get(1)
    assert (saved.outcome, len(versions(desk)), kinds(desk)) == (Outcome.UNCHANGED, 1, [])
    assert found["text"] == "نص 2"
    assert [found["text"][one["start"] : one["end"]] for one in found["mentions"]] == ["نص"]
    assert versions(desk)[0]["seen_at"] < found["fetched_at"]


def test_what_is_to_be_kept_stays_with_its_reason(desk: Desk) -> None:
    desk.articles.save(*seen(desk, "نص"))
    look = seen(desk, "إعلان")
    before = look_before(desk, look)

    saved = desk.articles.save(*look, (), Compared(before, keep=True, reason="a wall"))

    assert (saved.outcome, saved.article_id) == (Outcome.UNCHANGED, 1)
    assert versions(desk)[0]["text"] == "نص"
    sql = "SELECT reason FROM outcomes WHERE run_id = ?"
    assert desk.db.value(sql, (look[0],)) == "a wall"


def test_a_comparison_that_was_overtaken_is_refused_whole(desk: Desk) -> None:
    desk.articles.save(*seen(desk, "نص"))
    look = seen(desk, "نص آخر")
    before = look_before(desk, look)
    desk.articles.save(*seen(desk, "نص ثالث"))
    fetches = desk.db.value("SELECT count(*) FROM fetches")

    with pytest.raises(SeenMeanwhile):
        desk.articles.save(*look, (), Compared(before, before.stored, text=True))

    assert desk.db.value("SELECT count(*) FROM fetches") == fetches
    assert [one["text"] for one in versions(desk)] == ["نص", "نص ثالث"]


def test_an_article_that_was_stored_meanwhile_is_compared_first(desk: Desk) -> None:
    look = seen(desk, "نص")
    assert desk.articles.earlier_capture(*look) is None
    desk.articles.save(*seen(desk, "نص آخر"))

    with pytest.raises(SeenMeanwhile):
        desk.articles.save(*look, (), Compared(None))


def test_an_edit_began_after_the_last_answer_that_nothing_was_modified(desk: Desk) -> None:
    desk.articles.save(*seen(desk, "نص"))
    run_id, candidate, _, fetch = seen(desk, "")
    same = replace(fetch, status=304, capture=None)
    desk.candidates.finish(run_id, candidate, Outcome.UNCHANGED, "not modified", same)
    not_modified = desk.now
    look = seen(desk, "نص آخر")
    before = look_before(desk, look)

    desk.articles.save(*look, (), Compared(before, before.stored, text=True))

    (told,) = EditStore(desk.db).list()
    assert (told.edit.since, told.edit.at) == (not_modified, desk.now)


def test_an_earlier_version_is_read_again_from_its_capture(desk: Desk) -> None:
    desk.articles.save(*seen(desk, "قديم"))
    desk.articles.save(*seen(desk, "جديد"))
    (capture,) = desk.articles.history([1])

    better = desk.reading(desk.candidate("1"), "قديم أفضل", reader_version="reader-2")
    desk.articles.reread_version(capture, better)
    desk.articles.reread_version(capture, replace(better, text="قديم", text_complete=False))
    desk.articles.reread_version(capture, replace(better, outcome=Outcome.NO_TEXT, text=""))

    assert [one["text"] for one in versions(desk)] == ["قديم أفضل", "جديد"]
    assert [one["reader_version"] for one in versions(desk)] == ["reader-2", "reader-1"]
    assert (capture.version, capture.fetched_at) == (1, desk.now.replace(hour=22))
