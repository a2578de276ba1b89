"""Who said a story first: credits before clocks, and no answer where nobody can know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storage import agencies, origins
from storage.models import Agency, Precision
from storage.origin_rules import Appearance, Origin, decide
from storage.rows import dump

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
SEEN = NOON + timedelta(hours=12)
NAMES = {
    "map": "Maghreb Arabe Presse",
    "afp": "AFP",
    "ma_one": "One",
    "ma_two": "Two",
    "ma_three": "Three",
}


def told(number: int, outlet: str, **changes: Any) -> Appearance:
    values: dict[str, Any] = {
        "article_id": number,
        "outlet_id": outlet,
        "first_seen_at": SEEN,
        "published_at": NOON + timedelta(minutes=number),
        "precision": Precision.MINUTE,
        "day": "2026-03-03",
    }
    return Appearance(**values | changes)


def day(number: int, outlet: str, **changes: Any) -> Appearance:
    at = NOON.replace(hour=0)
    return told(number, outlet, **{"published_at": at, "precision": Precision.DAY} | changes)


def undated(number: int, outlet: str, **changes: Any) -> Appearance:
    nothing = {"published_at": None, "precision": Precision.UNKNOWN, "day": None}
    return told(number, outlet, **nothing | changes)


def sentence(origin: Origin) -> str:
    return origins.sentence(origins.evidence_of(origin), NAMES)


def test_the_credited_agency_outweighs_the_earliest_outlet() -> None:
    found = decide([told(1, "ma_one"), told(2, "ma_two", credit="map", rule="dateline")])

    assert (found.origin, found.article, found.kind) == ("map", None, "credited")
    assert found.credits == {"map": [2]}
    assert sentence(found) == (
        "Maghreb Arabe Presse, which 1 article names as the source; its own text is not among the "
        "articles that count."
    )


def test_the_agencys_own_article_is_the_origin_where_we_hold_it() -> None:
    found = decide(
        [told(1, "ma_one", credit="map", rule="byline"), told(2, "ma_map", speaks_for="map")]
    )

    assert (found.origin, found.article) == ("map", 2)


def test_an_agency_that_credits_another_one_is_not_the_origin() -> None:
    found = decide(
        [
            told(1, "ma_map", speaks_for="map", credit="afp", rule="closing"),
            told(2, "ma_one", credit="afp", rule="byline"),
        ]
    )

    assert (found.origin, found.article) == ("afp", None)


def test_the_agency_that_most_outlets_name_wins_and_the_others_are_told() -> None:
    found = decide(
        [
            told(1, "ma_one", credit="afp", rule="byline"),
            told(2, "ma_two", credit="map", rule="byline"),
            told(3, "ma_three", credit="map", rule="closing"),
        ]
    )

    assert found.origin == "map"
    assert "AFP is named by 1" in sentence(found)


def test_an_outlet_has_one_voice_however_often_it_printed_the_text() -> None:
    found = decide(
        [
            told(1, "ma_one", credit="afp", rule="byline"),
            told(2, "ma_one", credit="afp", rule="byline"),
            told(3, "ma_two", credit="map", rule="byline"),
        ]
    )

    assert (found.origin, found.kind) == ("", "disputed")
    assert sentence(found).startswith("Not known: the articles name different agencies.")


def test_what_a_first_sentence_says_counts_only_where_nothing_else_does() -> None:
    lead = told(1, "ma_one", credit="afp", rule="lead")

    assert decide([lead, told(2, "ma_two", credit="map", rule="dateline")]).origin == "map"
    assert decide([lead, told(2, "ma_two")]).origin == "afp"


def test_an_agency_that_passes_on_another_ones_text_speaks_for_that_one() -> None:
    found = decide(
        [
            told(1, "iq_passer", speaks_for="passer", credit="map", rule="dateline"),
            told(2, "ma_one", credit="passer", rule="closing"),
            told(3, "ma_two", credit="passer", rule="closing"),
        ]
    )

    assert (found.origin, found.article) == ("map", None)


def test_agencies_that_credit_each_other_are_disputed() -> None:
    found = decide(
        [
            told(1, "ma_map", speaks_for="map", credit="afp", rule="dateline"),
            told(2, "fr_afp", speaks_for="afp", credit="map", rule="dateline"),
        ]
    )

    assert (found.origin, found.kind) == ("", "disputed")


def test_an_agency_that_publishes_the_text_as_its_own_has_a_voice() -> None:
    own = told(1, "ma_map", speaks_for="map")
    one = told(2, "ma_one", credit="afp", rule="closing")
    two = told(3, "ma_two", credit="afp", rule="closing")

    found = decide([own, one])

    assert (found.origin, found.article) == ("map", 1)
    assert sentence(found) == (
        "Maghreb Arabe Presse, which published it itself. AFP is named by 1."
    )
    assert decide([own, one, two]).origin == "afp"


def test_agencies_without_a_name_leave_the_word_to_a_first_sentence_and_to_an_agency() -> None:
    unnamed = told(1, "ma_one", credit="agencies", rule="byline")
    lead = told(2, "ma_two", credit="afp", rule="lead")
    own = told(3, "ma_map", speaks_for="map")
    other = told(4, "fr_afp", speaks_for="afp")

    assert decide([unnamed, lead], ["agencies"]).origin == "afp"
    assert decide([unnamed, own], ["agencies"]).origin == "map"
    assert decide([unnamed, own, other], ["agencies"]).kind == "unnamed"


def test_the_agencys_text_is_held_even_where_it_adds_that_it_used_others() -> None:
    own = told(1, "ma_map", speaks_for="map", credit="agencies", rule="closing")

    found = decide([own, told(2, "ma_one", credit="map", rule="byline")], ["agencies"])

    assert (found.origin, found.article) == ("map", 1)


def test_agencies_without_a_name_are_no_origin() -> None:
    found = decide([told(1, "ma_one"), told(2, "ma_two", credit="agencies")], ["agencies"])

    assert (found.origin, found.kind) == ("", "unnamed")


def test_the_earliest_publication_is_the_origin() -> None:
    found = decide([told(2, "ma_two"), told(1, "ma_one")])

    assert (found.origin, found.article, found.precision) == ("ma_one", 1, Precision.MINUTE)
    assert sentence(found) == "One, published first, at 2026-03-03 12:01 UTC."


def test_an_agency_that_published_first_is_named_as_such() -> None:
    found = decide([told(1, "ma_map", speaks_for="map"), told(2, "ma_one")])

    assert (found.origin, found.article) == ("map", 1)


def test_a_day_alone_does_not_order_within_the_day() -> None:
    found = decide([day(1, "ma_one"), told(2, "ma_two")])

    assert (found.origin, found.article, found.kind) == ("", None, "undecided")
    assert found.candidates == ["ma_one", "ma_two"]
    assert sentence(found) == "Not known: their times do not tell which was first of One, Two."


def test_a_day_orders_against_another_day() -> None:
    found = decide([day(1, "ma_one"), told(2, "ma_two", published_at=NOON + timedelta(hours=12))])

    assert found.origin == "ma_one"
    assert sentence(found) == "One, published first, on 2026-03-03."


def test_one_minute_is_no_order_either() -> None:
    at = {"published_at": NOON}

    assert decide([told(1, "ma_one", **at), told(2, "ma_two", **at)]).origin == ""


def test_what_we_saw_cannot_have_been_published_later() -> None:
    """A day's article that was seen at one o'clock was out before that of two o'clock."""
    seen = NOON.replace(hour=1)

    found = decide([day(1, "ma_one", first_seen_at=seen), told(2, "ma_two")])

    assert found.origin == "ma_one"


def test_a_date_of_the_future_is_not_believed() -> None:
    early = told(1, "ma_one", published_at=SEEN + timedelta(days=1))

    assert decide([early, told(2, "ma_two")]).origin == "ma_two"


def test_an_article_without_date_leaves_a_doubt_that_is_told() -> None:
    found = decide([told(1, "ma_one"), undated(2, "ma_two")])

    assert (found.origin, found.undated) == ("ma_one", ["ma_two"])
    assert sentence(found).endswith("; nobody knows when Two published it.")


def test_the_order_in_which_a_run_saw_undated_articles_is_no_evidence() -> None:
    found = decide(
        [undated(1, "ma_one"), undated(2, "ma_two", first_seen_at=SEEN + timedelta(minutes=2))]
    )

    assert (found.origin, found.kind) == ("", "undecided")


def test_what_we_held_before_anybody_dated_it_was_first() -> None:
    found = decide([undated(1, "ma_one", first_seen_at=NOON), told(2, "ma_two")])

    assert found.origin == "ma_one"
    assert sentence(found) == "One, seen first, at 2026-03-03 12:00 UTC."


def test_without_articles_nothing_is_known() -> None:
    assert decide([]).kind == "unknown"
    assert sentence(decide([])) == "Not known: no article of it is left."


@given(
    st.lists(
        st.builds(
            told,
            st.integers(1, 5),
            st.sampled_from(["ma_one", "ma_two", "ma_three"]),
            credit=st.sampled_from([None, None, "map", "afp", "agencies"]),
            rule=st.sampled_from(["byline", "lead"]),
            speaks_for=st.sampled_from([None, None, "map"]),
            precision=st.sampled_from(list(Precision)),
        ),
        max_size=4,
        unique_by=lambda one: one.article_id,
    )
)
def test_the_origin_does_not_depend_on_the_order_of_the_articles(
    articles: list[Appearance],
) -> None:
    found = {
        dump(origins.evidence_of(decide(order, ["agencies"]))) for order in permutations(articles)
    }

    assert len(found) == 1


def test_the_origin_is_kept_with_its_evidence(desk: Any) -> None:
    desk.now = SEEN
    first = desk.store("a", outlet="ma_sahifa", published_at=NOON, published_precision="minute")
    desk.store("b", outlet="bh_marsa")
    _join(desk, first.article_id)
    agencies.register(desk.db, [Agency("map", "MAP", outlets=("ma_sahifa",))])

    origins.refresh(desk.db, [first.article_id])

    row = desk.db.one("SELECT * FROM stories")
    assert (row["origin"], row["origin_article"]) == ("map", first.article_id)
    assert '"kind": "earliest"' in row["origin_evidence"]


def test_articles_that_a_person_left_out_have_no_say(desk: Any) -> None:
    desk.now = SEEN
    first = desk.store("a", published_at=NOON, published_precision="minute")
    desk.store("b", outlet="bh_marsa", published_at=SEEN, published_precision="minute")
    _join(desk, first.article_id)
    desk.db.execute("UPDATE articles SET withdrawn = 1 WHERE id = ?", (first.article_id,))

    assert origins.origin_of(desk.db, first.article_id).id == "bh_marsa"


def test_agencies_are_those_of_the_last_run(desk: Any) -> None:
    agencies.register(desk.db, [Agency("old", "Old", outlets=("ma_sahifa",))])
    agencies.register(desk.db, [Agency("new", "New", outlets=("ma_sahifa",))])

    assert [row["id"] for row in desk.db.all("SELECT id FROM agencies")] == ["new"]
    assert desk.db.value("SELECT agency FROM agency_outlets") == "new"


def _join(desk: Any, story_id: int) -> None:
    desk.db.execute("UPDATE articles SET story_id = ?", (story_id,))
    values = (story_id, 2, 2, "", "", "", "")
    desk.db.execute(
        "INSERT INTO stories (id, articles, outlets, first_at, last_at, origin, origin_evidence) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        values,
    )
