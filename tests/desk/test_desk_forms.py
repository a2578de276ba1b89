"""Whoever types a form of a name is offered the actor; each form is counted, the union once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage.actors import write_forms
from storage.database import Database, open_database
from storage.desk.forms import forms_found, offered
from storage.desk.near_forms import near_forms
from storage.judgements import JudgementStore
from storage.models import Actor, Alias
from storage.search import SearchFilters
from tests.stored import NIGHT, Story, fill

RIMAL = Actor(
    "ma_rimal",
    "cso",
    ("ma",),
    ("rights",),
    "Association Rimal des droits",
    (
        Alias("جمعية رمال للحقوق", "ar"),
        Alias("Association Rimal des droits", "fr"),
        Alias("Rimal Rights Association", "en"),
        Alias("RRA", "en", "acronym"),
        Alias("جمعیة رمال الحقوقیة", "ar", generated=True),
    ),
)
SALWA = Actor(
    "bh_salwa",
    "person",
    ("bh",),
    ("press",),
    "Salwa Naddafi",
    (Alias("سلوى النداف المحمري", "ar"), Alias("Salwa Naddafi", "en"),
     Alias("Selwa Nadafi", "en", generated=True)),
)  # fmt: skip
HIDDEN = Actor(
    "ma_hidden", "person", name="Rimal Hidden", suppress=True, aliases=(Alias("Rimal Hidden"),)
)
ACTORS = (RIMAL, SALWA, HIDDEN)
ARCHIVE = [
    Story("قالت جمعية رمال للحقوق إن الوضع صعب. وأكدت لجمعيّه رمال للحقوق رأيها.", language="ar"),
    Story(
        "Association Rimal des droits, جمعية رمال للحقوق and the RRA met.", language="fr", days=3
    ),
    Story("The Rimal Rights Association said so.", outlet="iq_sada", days=40),
    Story("Nobody is named here.", days=1),
    Story("Rimal Rights Association again.", dated=False),
]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Database]:
    fill(tmp_path / "a.db", ARCHIVE, ACTORS)
    with open_database(tmp_path / "a.db") as db:
        yield db


def _ids(db: Database, text: str) -> list[str]:
    return [one.actor_id for one in offered(db, text)]


@pytest.mark.parametrize(
    "typed",
    [
        "جمعية رمال للحقوق",
        "جمعيه رمـال لِلحقوق",  # another heh, tatweel and a vowel sign
        "وجمعية رمال للحقوق",
        "بجمعية رمال للحقوق",
        "لجمعية رمال",  # a clitic, and only the beginning
        "الجمعية رمال",
        "جمعيّة رم",
        "ASSOCIATION RIMAL DES DROITS",
        "l’Association Rimal",
        "associâtion-rimal",
        "AssociationRimal",
        "rra",
        "rim",
        "ma_rimal",
        "جمعية رمال الحقوقية",  # made by rule
        '"Rimal Rights Association" country:ma',
        "قال وجمعية رمال للحقوق أمس",
    ],
)
def test_any_form_of_a_name_offers_its_actor(archive: Database, typed: str) -> None:
    assert _ids(archive, typed)[:1] == ["ma_rimal"]


@pytest.mark.parametrize("typed", ["", "  ", "ri", "ال", "imal", "mal rights", "(", "\x00", '"'])
def test_what_is_no_beginning_of_a_name_offers_nobody(archive: Database, typed: str) -> None:
    assert _ids(archive, typed) == []


def test_the_whole_form_comes_before_a_beginning_and_says_which_form_it_was(
    archive: Database,
) -> None:
    more = [
        *ACTORS,
        Actor("ma_other", "cso", name="RRA Tomorrow", aliases=(Alias("RRA Tomorrow"),)),
    ]
    with archive.write():
        for actor in more[3:]:
            named = {"id": actor.id, "name": actor.name, "kind": actor.kind}
            none = {"countries": "[]", "themes": "[]", "suppress": 0}
            archive.insert("actors", named | none)
        write_forms(archive, more)
    first, second = offered(archive, "rra")
    assert (first.actor_id, first.form, first.exact) == ("ma_rimal", "RRA", True)
    assert (second.actor_id, second.exact) == ("ma_other", False)
    assert len(offered(archive, "rra", limit=1)) == 1


def test_a_family_name_alone_and_a_generated_spelling_find_a_person(archive: Database) -> None:
    assert _ids(archive, "المحمري") == _ids(archive, "محمري") == ["bh_salwa"]
    (found,) = offered(archive, "selwa nad")
    assert (found.form, found.generated) == ("Selwa Nadafi", True)


def test_a_hidden_actor_is_never_offered(archive: Database) -> None:
    with archive.write():  # as after a watchlist was changed and nothing written anew
        write_forms(archive, [replace(HIDDEN, suppress=False), RIMAL])
    assert "ma_hidden" not in [*_ids(archive, "rimal hidden"), *_ids(archive, "ma_hidden")]
    assert forms_found(archive, "ma_hidden").forms == ()


def _count(db: Database, *, filters: SearchFilters | None = None, query: str = "") -> int:
    return db.count(f"actor:ma_rimal {query}", filters=filters)


def test_each_form_has_its_places_and_articles_and_the_total_is_the_union(
    archive: Database,
) -> None:
    found = forms_found(archive, "ma_rimal")
    counts = {one.form: (one.places, one.articles) for one in found.forms}
    assert counts == {
        "جمعية رمال للحقوق": (3, 2),
        "Association Rimal des droits": (1, 1),
        "Rimal Rights Association": (2, 2),
        "RRA": (1, 1),
        "جمعیة رمال الحقوقیة": (0, 0),
    }
    assert found.articles == 4 == _count(archive)
    assert found.places == 7
    arabic = next(one for one in found.forms if one.articles == 2 and one.language == "ar")
    assert {one.text for one in arabic.surfaces} == {"جمعية رمال للحقوق", "جمعيّه رمال للحقوق"}


@pytest.mark.parametrize(
    "filters",
    [
        SearchFilters(outlet="iq_sada"),
        SearchFilters(language=("fr", "en")),
        SearchFilters(after=(NIGHT - timedelta(days=5)).date()),
        SearchFilters(after=date(2020, 1, 1), before=(NIGHT - timedelta(days=2)).date()),
    ],
)
@pytest.mark.parametrize("query", ["", "said OR met"])
def test_the_union_is_what_the_search_counts_whatever_is_asked(
    archive: Database, filters: SearchFilters, query: str
) -> None:
    found = forms_found(archive, "ma_rimal", filters, query)
    assert found.articles == _count(archive, filters=filters, query=query and f"({query})")
    assert sum(one.places for one in found.forms) == found.places


def test_a_rejected_mention_and_an_article_left_out_are_in_no_count(archive: Database) -> None:
    store = JudgementStore(archive)
    store.not_this(1, "ma_rimal", who="N", why="another one")
    store.leave_out(3, who="N", why="no article")
    found = forms_found(archive, "ma_rimal")
    assert (found.articles, found.places) == (2, 4)
    assert found.articles == _count(archive)


def test_a_form_that_left_the_watchlist_is_told_as_such(archive: Database) -> None:
    with archive.write():
        write_forms(archive, [replace(RIMAL, aliases=RIMAL.aliases[:2])])
    found = {one.form: one for one in forms_found(archive, "ma_rimal").forms}
    assert not found["RRA"].watched and found["RRA"].articles == 1
    assert found["جمعية رمال للحقوق"].watched


NEARLY = [
    Story("قال سلوى النداف المحمري شيئا", language="ar"),  # the form itself
    Story("قالت سلوي النداف المحمره أمس", language="ar"),  # a letter
    Story("قال سلوى نداف المحمري أمس", language="ar"),  # an article less
    Story("وقالت المذيعة سلوى المحمري أمس", language="ar"),  # a word less
    Story("وقالت المذيعة وسلوى المحمري أمس", language="ar"),
    Story("Yesterday Salwa Nadafi and Salwa Naddaffy came.", headline="Salwa Nadafi"),
    Story("Samira Naddafi is somebody else, as is Salwa Benali."),
    Story("هذه سلوى. المحمري تكلم", language="ar"),  # two sentences
]


def _near(db: Database, actor: str = "bh_salwa", **more: object) -> dict[str, tuple[str, int]]:
    found = near_forms(db, actor, **more)  # type: ignore[arg-type]
    return {one.surface: (one.why, one.articles) for one in found.forms}


def _filled(path: Path, stories: Sequence[Story]) -> Database:
    fill(path, stories, (replace(SALWA, aliases=SALWA.aliases[:2]), RIMAL))
    return open_database(path)


def test_spellings_near_a_name_are_shown_with_their_articles(tmp_path: Path) -> None:
    with _filled(tmp_path / "a.db", NEARLY) as db:
        found = near_forms(db, "bh_salwa")
        assert _near(db) == {
            "سلوي النداف المحمره": ("letter", 1),
            "سلوى نداف المحمري": ("article", 1),
            "سلوى المحمري": ("word", 2),
            "Salwa Nadafi": ("letter", 1),
            "Salwa Naddaffy": ("sound", 1),
        }
        nadafi = next(one for one in found.forms if one.surface == "Salwa Nadafi")
        assert (nadafi.places, nadafi.examples, nadafi.form) == (2, (6,), "Salwa Naddafi")
        assert found.complete and 1 not in {n for one in found.forms for n in one.examples}
        assert db.count("actor:bh_salwa") == 1, "a suggestion is no mention"


def test_a_known_spelling_and_another_actor_are_no_suggestions(tmp_path: Path) -> None:
    other = Actor("bh_other", "person", name="O", aliases=(Alias("Salwa Nadafi"),))
    stories = [Story("Salwa Nadafi spoke."), Story("Selwa Naddafi spoke.")]
    fill(tmp_path / "a.db", stories, (SALWA, other))
    with open_database(tmp_path / "a.db") as db:
        assert list(_near(db)) == ["Selwa Naddafi"]


def test_filters_narrow_what_is_looked_at_and_a_limit_is_told(tmp_path: Path) -> None:
    stories = [
        Story(f"Salwa Nadafi, number {n}.", outlet="bh_x" if n else "ma_y") for n in range(9)
    ]
    with _filled(tmp_path / "a.db", stories) as db:
        assert _near(db, filters=SearchFilters(outlet="ma_y", actor="bh_salwa")) == {
            "Salwa Nadafi": ("letter", 1)
        }
        some = near_forms(db, "bh_salwa", articles=4)
        assert (some.looked, some.complete) == (4, False)
        assert some.forms[0].articles == 4
        assert not near_forms(db, "bh_salwa", seconds=0).complete
        assert near_forms(db, "nobody").forms == ()


def test_an_organisation_of_another_name_is_not_near(tmp_path: Path) -> None:
    stories = [
        Story("Union Rimal des droits", language="fr"),
        Story("Association Rimal des femmes", language="fr"),
        Story("Association Rimal et droits", language="fr"),
        Story("l'Association Rimal des drots", language="fr"),
    ]
    with _filled(tmp_path / "a.db", stories) as db:
        assert list(_near(db, "ma_rimal")) == ["Association Rimal des drots"]
