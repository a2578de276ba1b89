"""Keys made anew after a change of rules: nothing is fetched twice, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import rekeying
from storage.models import Outcome
from storage.rekeying import Rekeyed

if TYPE_CHECKING:
    from tests.storage.conftest import Desk


def lower(url: str) -> str:
    """A way of making keys by which addresses in other cases fall together."""
    return url.partition("://")[2].lower()


def plain(url: str) -> str:
    return url.partition("://")[2]


def keys(desk: Desk, table: str) -> list[str]:
    order = "url" if table == "article_urls" else "id"
    rows = desk.db.all(f"SELECT url_key FROM {table} ORDER BY {order}")
    return [str(row["url_key"]) for row in rows]


def test_keys_are_due_when_they_are_made_in_another_way(desk: Desk) -> None:
    desk.run()

    assert rekeying.is_due(desk.db, "ma_sahifa", "way 1")
    rekeying.rekey(desk.db, "ma_sahifa", "way 1", plain)
    assert not rekeying.is_due(desk.db, "ma_sahifa", "way 1")
    assert rekeying.is_due(desk.db, "ma_sahifa", "way 2")
    assert not rekeying.is_due(desk.db, "xx_unknown", "way 1")


def test_registering_an_outlet_again_forgets_no_digest(desk: Desk) -> None:
    desk.run()
    rekeying.rekey(desk.db, "ma_sahifa", "way 1", plain)
    desk.run()

    assert not rekeying.is_due(desk.db, "ma_sahifa", "way 1")


def test_an_address_is_known_under_its_new_key(desk: Desk) -> None:
    saved = desk.store("A/One")

    done = rekeying.rekey(desk.db, "ma_sahifa", "lower", lower)

    assert done == Rekeyed(candidates=1, articles=1, addresses=1)
    again = desk.candidate("a/one", entry_hash="hash of A/One")
    assert desk.visit(desk.run(), [again]).known == 1
    assert keys(desk, "articles") == ["sahifa.test/a/one"]
    found = desk.articles.find("sahifa.test/a/one")
    assert found is not None and found["id"] == saved.article_id


def test_where_two_fall_together_the_earlier_has_the_key(desk: Desk) -> None:
    first, second = desk.store("a"), desk.store("A", "نص آخر")

    done = rekeying.rekey(desk.db, "ma_sahifa", "lower", lower)

    assert (done.articles, done.fell_together) == (0, 1)
    assert keys(desk, "articles") == ["sahifa.test/a", "sahifa.test/A"]
    run_id, candidate = desk.again("a")
    assert desk.save(run_id, candidate).article_id == first.article_id
    assert desk.articles.get(second.article_id or 0) is not None


def test_a_key_may_pass_from_one_article_to_another(desk: Desk) -> None:
    desk.store("one")
    desk.store("two", "نص آخر")
    swapped = {"one": "sahifa.test/two", "two": "sahifa.test/one"}

    rekeying.rekey(desk.db, "ma_sahifa", "swap", lambda url: swapped[url.rpartition("/")[2]])

    assert keys(desk, "articles") == ["sahifa.test/two", "sahifa.test/one"]
    assert keys(desk, "candidates") == ["sahifa.test/two", "sahifa.test/one"]


def test_an_old_key_that_another_row_needs_is_marked(desk: Desk) -> None:
    for number, slug in enumerate(("one", "two", "three")):
        desk.store(slug, f"نص {number}")
    wanted = {"one": "k", "two": "k", "three": "sahifa.test/two"}

    rekeying.rekey(desk.db, "ma_sahifa", "way", lambda url: wanted[url.rpartition("/")[2]])

    assert keys(desk, "articles") == ["k", "sahifa.test/two#2", "sahifa.test/two"]


def test_other_outlets_keep_their_keys(desk: Desk) -> None:
    desk.store("A")
    desk.store("A", outlet="bh_marsa")

    rekeying.rekey(desk.db, "ma_sahifa", "lower", lower)

    assert sorted(keys(desk, "articles")) == ["marsa.test/A", "sahifa.test/a"]


@settings(max_examples=25, deadline=None)
@given(
    slugs=st.lists(st.sampled_from("a A b B c/d C/d C/D".split()), unique=True, max_size=6),
    ways=st.lists(st.booleans(), min_size=1, max_size=4),
)
def test_making_keys_anew_loses_nothing_and_can_be_taken_back(
    slugs: list[str], ways: list[bool], desk_type: type[Desk], tmp_path_factory: Any
) -> None:
    desk = desk_type(tmp_path_factory.mktemp("rekey") / "marsad.db")
    for number, slug in enumerate(slugs):
        assert desk.store(slug, f"نص {number}").outcome is Outcome.STORED_NEW
    before = [keys(desk, table) for table in ("articles", "candidates", "article_urls")]

    desk.run()
    for way in ways:
        rekeying.rekey(desk.db, "ma_sahifa", "x", lower if way else plain)
        assert len(keys(desk, "articles")) == len(set(keys(desk, "articles"))) == len(slugs)
        assert rekeying.rekey(desk.db, "ma_sahifa", "x", lower if way else plain).articles == 0
    rekeying.rekey(desk.db, "ma_sahifa", "x", plain)

    after = [keys(desk, table) for table in ("articles", "candidates", "article_urls")]
    assert [sorted(one) for one in after] == [sorted(one) for one in before]
    desk.db.close()
