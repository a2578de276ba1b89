from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.articles import StoredCapture
from storage.errors import NotClaimed
from storage.models import (
    CapturePlace,
    Fingerprint,
    Hints,
    Mention,
    Outcome,
    Precision,
    Reading,
)
from storage.rows import clean
from storage.text import FOLD_VERSION

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

FingerprintOf = Callable[..., Fingerprint]
PUBLISHED = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)


def _got(desk: Desk, article_id: int | None) -> dict[str, Any]:
    found = desk.articles.get(article_id or 0)
    assert found is not None
    return found


def _rows(desk: Desk, table: str) -> int:
    return int(desk.db.tables.table(table).count)


def test_a_first_reading_is_version_one_with_all_that_belongs_to_it(
    desk: Desk, fingerprint_of: FingerprintOf
) -> None:
    mention = Mention("ma_jamiya", 5, 9, "جمعي", "جمعية", "auto")
    saved = desk.store(
        "1",
        "قالت جمعية الأمل",
        byline="كاتب",
        published_at=PUBLISHED,
        published_precision=Precision.MINUTE,
        methods=(("published_at", "json-ld"), ("text", "trafilatura")),
        mentions=(mention,),
        fingerprint=fingerprint_of("x"),
    )

    found = _got(desk, saved.article_id)
    assert saved.outcome is Outcome.STORED_NEW
    assert (found["text"], found["byline"], found["version"]) == ("قالت جمعية الأمل", "كاتب", 1)
    assert found["published_at"] == "2026-11-22T22:30:00Z"
    assert found["methods"] == {"published_at": "json-ld", "text": "trafilatura"}
    assert [m["surface"] for m in found["mentions"]] == ["جمعي"]
    assert [v["text"] for v in found["versions"]] == ["قالت جمعية الأمل"]
    assert found["urls"][0]["kind"] == "found"
    assert found["provenance"]["found"][0]["found_in"] == "https://sahifa.test/rss"
    assert found["provenance"]["fetches"][0]["became"] == "stored_new"
    assert desk.db.value("SELECT hashes FROM fingerprints") == bytes([0] * 5 + [7]) + b"\xff" * 6


@pytest.mark.parametrize(
    ("outlet", "day"),
    [("ma_sahifa", "2026-11-22"), ("iq_rojname", "2026-11-23"), ("bh_marsa", "2026-11-23")],
)
def test_the_publication_day_is_that_of_the_outlets_zone(desk: Desk, outlet: str, day: str) -> None:
    saved = desk.store(
        "1", outlet=outlet, published_at=PUBLISHED, published_precision=Precision.MINUTE
    )

    assert _got(desk, saved.article_id)["published_day"] == day


def test_an_article_known_only_by_month_has_no_day(desk: Desk) -> None:
    saved = desk.store("1", published_at=PUBLISHED, published_precision=Precision.MONTH)

    found = _got(desk, saved.article_id)
    assert (found["published_day"], found["published_precision"]) == (None, "month")


def test_the_same_text_read_again_is_unchanged(desk: Desk) -> None:
    first = desk.store("1", "نص")
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate, "نص")

    assert (saved.outcome, saved.article_id) == (Outcome.UNCHANGED, first.article_id)
    assert len(_got(desk, first.article_id)["versions"]) == 1


def test_an_edited_text_is_a_new_version_and_the_old_one_stays(desk: Desk) -> None:
    first = desk.store("1", "الناشط")
    desk.later(days=1)
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate, "المشتبه به")

    found = _got(desk, first.article_id)
    assert saved.outcome is Outcome.STORED_CHANGED
    assert [version["text"] for version in found["versions"]] == ["الناشط", "المشتبه به"]
    assert [version["seen_at"][:10] for version in found["versions"]] == [
        "2026-11-22",
        "2026-11-23",
    ]
    assert (found["text"], found["version"]) == ("المشتبه به", 2)


def test_an_edited_headline_is_a_new_version(desk: Desk) -> None:
    desk.store("1")
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate, headline="عنوان معدل")

    assert saved.outcome is Outcome.STORED_CHANGED


def test_another_reader_version_alone_never_makes_a_version(desk: Desk) -> None:
    first = desk.store("1", "نص ناقص")
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate, "نص كامل", reader_version="reader-2")

    found = _got(desk, first.article_id)
    assert saved.outcome is Outcome.UNCHANGED
    assert (found["text"], found["reader_version"]) == ("نص كامل", "reader-2")
    assert [version["text"] for version in found["versions"]] == ["نص كامل"]


def test_after_a_better_reader_an_edit_is_seen_against_its_reading(desk: Desk) -> None:
    first = desk.store("1", "قديم")
    for text, reader in (("أفضل", "reader-2"), ("معدل", "reader-2")):
        run_id, candidate = desk.again("1")
        saved = desk.save(run_id, candidate, text, reader_version=reader)

    versions = _got(desk, first.article_id)["versions"]
    assert saved.outcome is Outcome.STORED_CHANGED
    assert [version["text"] for version in versions] == ["أفضل", "معدل"]


def test_a_page_without_text_leaves_the_stored_article_as_it_was(desk: Desk) -> None:
    first = desk.store("1", "نص")
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate, "", outcome=Outcome.NO_TEXT, reason="empty body")

    assert saved.outcome is Outcome.NO_TEXT
    assert _got(desk, first.article_id)["text"] == "نص"
    assert desk.db.value("SELECT reason FROM outcomes WHERE run_id = ?", (run_id,)) == "empty body"


def test_a_page_without_text_is_no_article(desk: Desk) -> None:
    saved = desk.store("1", "", outcome=Outcome.NOT_ARTICLE)

    assert saved.article_id is None
    assert (_rows(desk, "articles"), _rows(desk, "fetches")) == (0, 1)


def test_a_partial_reading_does_not_replace_the_whole_text(desk: Desk) -> None:
    first = desk.store("1", "النص كله")
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate, "النص", text_complete=False)

    assert saved.outcome is Outcome.UNCHANGED
    assert _got(desk, first.article_id)["text"] == "النص كله"
    reason = desk.db.value("SELECT reason FROM outcomes WHERE run_id = ?", (run_id,))
    assert "only a part" in reason


def test_a_date_known_from_the_feed_survives_a_fetch_that_knows_none(desk: Desk) -> None:
    first = desk.store(
        "1",
        byline="كاتب",
        published_at=PUBLISHED,
        published_precision=Precision.SECOND,
        methods=(("published_at", "feed"),),
    )
    run_id, candidate = desk.again("1")

    desk.save(run_id, candidate, methods=(("text", "trafilatura"),))

    found = _got(desk, first.article_id)
    assert (found["published_at"], found["byline"]) == ("2026-11-22T22:30:00Z", "كاتب")
    assert found["methods"] == {"published_at": "feed", "text": "trafilatura"}


def test_a_second_url_of_the_outlet_leads_to_the_same_article(desk: Desk) -> None:
    canonical = ("sahifa.test/1", "https://sahifa.test/1", "canonical")
    first = desk.store("1")

    second = desk.store("amp/1", aliases=[canonical])

    assert (second.outcome, second.article_id) == (Outcome.UNCHANGED, first.article_id)
    assert _rows(desk, "articles") == 1
    urls = _got(desk, first.article_id)["urls"]
    assert {url["url"] for url in urls} == {"https://sahifa.test/1", "https://sahifa.test/amp/1"}


def test_the_canonical_page_found_after_its_variant_is_the_same_article(desk: Desk) -> None:
    first = desk.store("amp/1", aliases=[("sahifa.test/1", "https://sahifa.test/1", "canonical")])
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate)

    assert (saved.outcome, saved.article_id) == (Outcome.UNCHANGED, first.article_id)


def test_the_same_address_at_another_outlet_is_another_article(desk: Desk) -> None:
    desk.store("1")
    run_id = desk.run()
    wanted = replace(desk.candidate("1"), outlet_id="bh_marsa")
    (candidate,) = desk.visit(run_id, [wanted], outlet_id="bh_marsa").fresh

    assert desk.save(run_id, candidate).outcome is Outcome.STORED_NEW


def test_an_address_that_belongs_to_an_article_is_not_given_to_another(desk: Desk) -> None:
    first, second = desk.store("1"), desk.store("2", "آخر")
    run_id, candidate = desk.again("2")

    saved = desk.save(
        run_id, candidate, "آخر", aliases=[("sahifa.test/1", "https://sahifa.test/1", "canonical")]
    )

    assert saved.article_id == second.article_id
    assert _got(desk, first.article_id)["urls"][0]["kind"] == "found"
    assert len(_got(desk, second.article_id)["urls"]) == 1


def test_the_same_words_at_another_outlet_are_a_copy(
    desk: Desk, fingerprint_of: FingerprintOf
) -> None:
    first = desk.store("1", fingerprint=fingerprint_of("x"))
    desk.later(minutes=5)

    copy = desk.store("9", outlet="bh_marsa", fingerprint=fingerprint_of("x"))

    assert (copy.outcome, copy.copy_of) == (Outcome.COPY, first.article_id)
    assert _got(desk, copy.article_id)["text"] == "نص الخبر"
    assert _got(desk, first.article_id)["copies"] == [copy.article_id]
    assert _got(desk, copy.article_id)["copies"] == [first.article_id]


def test_a_short_text_is_no_evidence_of_copying(desk: Desk, fingerprint_of: FingerprintOf) -> None:
    desk.store("1", fingerprint=fingerprint_of("x", words=19))

    second = desk.store("2", fingerprint=fingerprint_of("x", words=19))

    assert second.outcome is Outcome.STORED_NEW


def test_the_earliest_seen_is_the_original_whenever_it_is_stored(
    desk: Desk, fingerprint_of: FingerprintOf
) -> None:
    run_id = desk.run()
    (early,) = desk.find(run_id, "early")
    desk.later(hours=1)
    (late,) = desk.find(run_id, "late")
    stored_first = desk.save(run_id, late, fingerprint=fingerprint_of("x"))

    stored_second = desk.save(run_id, early, fingerprint=fingerprint_of("x"))

    assert stored_second.outcome is Outcome.STORED_NEW
    assert _got(desk, stored_first.article_id)["copy_of"] == stored_second.article_id


def test_an_edit_of_the_original_frees_its_copies(
    desk: Desk, fingerprint_of: FingerprintOf
) -> None:
    first = desk.store("1", fingerprint=fingerprint_of("x"))
    desk.later(minutes=1)
    second = desk.store("2", fingerprint=fingerprint_of("x"))
    third = desk.store("3", fingerprint=fingerprint_of("x"))
    run_id, candidate = desk.again("1")

    desk.save(run_id, candidate, "نص معدل", fingerprint=fingerprint_of("y"))

    copies = [_got(desk, saved.article_id)["copy_of"] for saved in (first, second, third)]
    assert copies == [None, None, second.article_id]


def test_rereading_changes_the_article_and_makes_no_version(desk: Desk) -> None:
    first = desk.store("1", "قديم", published_at=PUBLISHED, published_precision=Precision.DAY)
    better = desk.reading(
        desk.candidate("1"),
        "جديد",
        reader_version="reader-2",
        mentions=(Mention("ma_jamiya", 0, 4, "جديد", "جديد", "exact"),),
    )

    changed = desk.articles.reread(first.article_id or 0, better)

    found = _got(desk, first.article_id)
    assert changed == ("text", "published_at", "published_precision", "mentions")
    assert (found["version"], len(found["versions"])) == (1, 1)
    assert (found["text"], found["published_at"], found["reader_version"]) == (
        "جديد",
        None,
        "reader-2",
    )
    assert [hit.article_id for hit in desk.db.search("جديد")] == [first.article_id]
    assert desk.db.search("قديم") == []
    assert desk.articles.reread(first.article_id or 0, better) == ()


def test_rereading_without_success_keeps_the_last_good_text(desk: Desk) -> None:
    first = desk.store("1", "نص")
    failed = desk.reading(desk.candidate("1"), "", outcome=Outcome.NO_TEXT)

    assert desk.articles.reread(first.article_id or 0, failed) == ()
    assert _got(desk, first.article_id)["text"] == "نص"


def test_rereading_what_is_not_there_is_an_error(desk: Desk) -> None:
    with pytest.raises(KeyError):
        desk.articles.reread(7, desk.reading(desk.candidate("1")))


def test_captures_lead_from_articles_to_their_evidence(desk: Desk) -> None:
    run_id = desk.run()
    wanted = [desk.candidate(s, hints=Hints(headline=s)) for s in ("1", "2", "3")]
    for index, candidate in enumerate(desk.visit(run_id, wanted).fresh):
        place = CapturePlace("run.warc.gz", 100 * index, 90) if index != 1 else None
        desk.save(run_id, candidate, f"نص {index}", fetch=desk.fetch(candidate, capture=place))

    first, third = desk.articles.captures()

    assert first == StoredCapture(
        article_id=1,
        url="https://sahifa.test/1",
        final_url="https://sahifa.test/1",
        outlet_id="ma_sahifa",
        hints=Hints(headline="1"),
        fetched_at=desk.now,
        place=CapturePlace("run.warc.gz", 0, 90),
        reader_version="reader-1",
        fetch_id=1,
        version=1,
        template_id=None,
    )
    assert third.place.offset == 200
    assert list(desk.articles.captures(after_id=1)) == [third]
    assert list(desk.articles.captures(["bh_marsa"])) == []
    assert list(desk.articles.captures(since=PUBLISHED)) == []


def test_captures_may_be_reread_while_they_are_listed(desk: Desk) -> None:
    run_id = desk.run()
    for candidate in desk.find(run_id, *map(str, range(450))):
        place = CapturePlace("run.warc.gz", 0, 90)
        desk.save(run_id, candidate, fetch=desk.fetch(candidate, capture=place))

    seen = []
    for capture in desk.articles.captures():
        reading = desk.reading(desk.candidate("x"), "آخر", reader_version="reader-2")
        desk.articles.reread(capture.article_id, reading)
        seen.append(capture.article_id)

    assert seen == list(range(1, 451))


def test_an_article_is_found_by_id_url_variant_and_key(desk: Desk) -> None:
    alias = ("sahifa.test/amp/1", "https://m.sahifa.test/amp/1?x=1", "amp")
    saved = desk.store("1", aliases=[alias])

    ways = ["1", "https://sahifa.test/1", alias[1], alias[0], " 1 "]
    found = [desk.articles.find(way) for way in ways]

    assert [article and article["id"] for article in found] == [saved.article_id] * 5
    assert desk.articles.find("https://sahifa.test/2") is None
    assert desk.articles.find("9" * 30) is None


def test_a_candidate_must_be_handed_out_before_it_is_saved(desk: Desk) -> None:
    (candidate,) = desk.find(desk.run(), "1")

    with pytest.raises(NotClaimed):
        desk.save(desk.run(), candidate)

    assert (_rows(desk, "articles"), _rows(desk, "fetches")) == (0, 0)


def test_saving_twice_is_harmless(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")

    first, second = desk.save(run_id, candidate), desk.save(run_id, candidate)

    assert (first.outcome, second.outcome) == (Outcome.STORED_NEW, Outcome.UNCHANGED)
    assert desk.db.value("SELECT outcome FROM outcomes") == "stored_new"
    assert desk.runs.imbalance(run_id) == ""


def test_nul_and_lone_surrogates_are_taken_out_and_mentions_moved(desk: Desk) -> None:
    text = "a\x00\ud800 جمعية\x00 الأمل"
    start = text.index("جمعية")
    mention = Mention("ma_jamiya", start, len(text), text[start:], "جمعية الأمل", "auto")

    saved = desk.store("1", text, headline="\udfffعنوان", mentions=(mention,))

    found = _got(desk, saved.article_id)
    (stored,) = found["mentions"]
    assert (found["text"], found["headline"]) == ("a جمعية الأمل", "عنوان")
    assert found["text"][stored["start"] : stored["end"]] == stored["surface"] == "جمعية الأمل"


@settings(max_examples=60, deadline=None)
@given(
    headline=st.text(st.characters(codec=None), max_size=40),
    text=st.text(st.characters(codec=None), max_size=400),
)
def test_any_text_survives_the_round_trip(desk_type: Any, headline: str, text: str) -> None:
    with TemporaryDirectory() as folder:
        desk = desk_type(Path(folder) / "marsad.db")
        saved = desk.store("1", text, headline=headline)
        found = _got(desk, saved.article_id)
        same = desk.articles.reread(
            saved.article_id, desk.reading(desk.candidate("1"), text, headline=headline)
        )
        desk.db.close()

    assert (found["headline"], found["text"]) == (clean(headline), clean(text))
    assert same == ()


def test_zwnj_and_bidi_controls_stay(desk: Desk) -> None:
    text = "می\u200cخواهم \u2067RTL\u2069 \u200f\u061c"

    assert _got(desk, desk.store("1", text).article_id)["text"] == text


def test_the_search_forgets_the_words_of_old_versions(desk: Desk) -> None:
    desk.store("1", "كلمة قديمة")
    for text in ("كلمة جديدة", "كلمة أخيرة"):
        run_id, candidate = desk.again("1")
        desk.save(run_id, candidate, text)

    assert [desk.db.count(word) for word in ("قديمه", "جديده", "أخيرة", "كلمة")] == [0, 0, 1, 1]
    desk.db.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)")


def test_an_index_of_an_older_fold_is_made_anew_when_the_article_is_read(desk: Desk) -> None:
    saved = desk.store("1", "نص")
    desk.db.execute("UPDATE article_words SET fold_version = -1")

    desk.articles.reread(saved.article_id or 0, desk.reading(desk.candidate("1"), "نص"))

    assert desk.db.value("SELECT fold_version FROM article_index") == FOLD_VERSION


def test_a_reading_of_an_unknown_actor_is_refused_whole(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")
    reading: Reading = desk.reading(candidate, mentions=(Mention("nobody", 0, 1, "ن", "ن", "x"),))

    with pytest.raises(Exception, match="FOREIGN KEY"):
        desk.articles.save(run_id, candidate, reading, desk.fetch(candidate))

    assert _rows(desk, "articles") == 0
