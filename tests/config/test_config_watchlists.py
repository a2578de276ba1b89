from __future__ import annotations

from pathlib import Path

import pytest
from config.config_files import ACTOR, load, problems

from storage.models import Alias

OTHER = ACTOR.replace("ma_waha", "ma_nakhla").replace("Oasis", "Palm")
TWIN = OTHER.replace("أصدقاء الواحة", "النخلة").replace("AWQ", "ANQ")


def test_an_actor_becomes_the_record_that_the_matcher_takes(tmp_path: Path) -> None:
    (actor,) = load(tmp_path, {"watchlists/own.toml": ACTOR}).actors

    assert (actor.id, actor.kind, actor.name) == ("ma_waha", "cso", "Oasis Friends")
    assert actor.context == ("واحة",)
    assert actor.aliases == (
        Alias("جمعية أصدقاء الواحة", "ar", "auto", True),
        Alias("AWQ", None, "acronym", False),
    )


def test_a_workspace_changes_a_shipped_actor_by_id(tmp_path: Path) -> None:
    change = """\
[[actors]]
id = "ma_amdh"
themes = ["rights", "prisoners"]
[[actors.forms]]
text = "AMDH"
suppress = true
[[actors.forms]]
text = "AMDH-Nord"
"""
    actors = {a.id: a for a in load(tmp_path, {"watchlists/x.toml": change}, shipped=True).actors}
    forms = [alias.text for alias in actors["ma_amdh"].aliases]

    assert actors["ma_amdh"].themes == ("rights", "prisoners")
    assert "AMDH" not in forms
    assert forms[-1] == "AMDH-Nord"
    assert "الجمعية المغربية لحقوق الإنسان" in forms


def test_suppress_removes_an_actor(tmp_path: Path) -> None:
    change = '[[actors]]\nid = "bh_rajab"\nsuppress = true\n'

    actors = load(tmp_path, {"watchlists/x.toml": change}, shipped=True).actors

    assert "bh_rajab" not in {actor.id for actor in actors}
    assert "bh_bchr" in {actor.id for actor in actors}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[actor]]\nid = 'x'", ":1: actor: is not a known key; did you mean actors?"),
        ("actors = 5", ":1: actors: must be a list of tables, [[actors]]"),
        ("[[actors]]\nkind = 'cso'", ":1: actors.0.id: has no id"),
        ("[[actors]]\nid = 5", ":2: actors.0.id: must be text in quotes"),
        ("[[actors]]\nid = 'ma_nobody'\nsuppress = true", ":3: actors.0.suppress: changes the"),
        (ACTOR.replace('"cso"', '"csos"'), ":3: actors.0.kind: must be one of person, cso"),
        (ACTOR.replace("id =", 'theme = "x"\nid ='), "theme: is not a known key; did you mean"),
        (ACTOR.replace('"ar"', '"ku"'), ':8: actors.0.forms.0.language: is "ku"'),
        (ACTOR.replace("AWQ", "Awq"), ':10: actors.0.forms.1: "Awq" is no acronym'),
        (ACTOR.replace("جمعية أصدقاء الواحة", "ـــ"), "has no letter"),
        (ACTOR.replace("جمعية أصدقاء", "جمعية\u202e أصدقاء"), ":7: actors.0.forms.0.text: holds"),
        (ACTOR.replace("{ en", "{ en = ' ', fr"), ":4: actors.0.name.en: is empty"),
        (ACTOR.replace('{ en = "Oasis Friends" }', "{}"), ":4: actors.0.name: is empty"),
        (
            ACTOR + '[[actors.forms]]\ntext = "AWQ"\n',
            ":13: actors.0.forms.2: AWQ stands here twice",
        ),
        (
            "[[actors]]\nid = 'ma_x'\nkind = 'cso'\nname = { en = 'X' }\nforms = []\n",
            ":5: actors.0.forms: is empty",
        ),
    ],
)
def test_what_is_wrong_names_file_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    (found,) = problems(tmp_path, {"watchlists/own.toml": text})

    assert found.startswith("watchlists/own.toml:")
    assert said in found


def test_an_id_that_two_files_have_names_both(tmp_path: Path) -> None:
    files = {"watchlists/a.toml": ACTOR, "watchlists/b.toml": "\n" + ACTOR}

    (found,) = problems(tmp_path, files)

    assert found == (
        'watchlists/b.toml:3: actors.0.id: the id "ma_waha" belongs to the actor at '
        "watchlists/a.toml:1 already"
    )


def test_a_form_of_two_actors_is_a_problem_in_whatever_spelling(tmp_path: Path) -> None:
    other = OTHER.replace("أصدقاء", "اصدقاء").replace("AWQ", "ANQ")

    (found,) = problems(tmp_path, {"watchlists/own.toml": ACTOR + other})

    assert "is also a form of ma_nakhla (watchlists/own.toml:" in found
    assert found.endswith('give both mode = "context"')


def test_two_actors_may_share_a_form_that_needs_context(tmp_path: Path) -> None:
    shared = ACTOR.replace('mode = "acronym"', 'mode = "context"')
    twin = TWIN.replace("ANQ", "AWQ").replace('mode = "acronym"', 'mode = "context"')

    assert problems(tmp_path, {"watchlists/own.toml": shared + twin}) == []


def test_an_actor_that_could_never_count_is_a_problem(tmp_path: Path) -> None:
    text = ACTOR.replace('context = ["واحة"]\n', "").replace('"acronym"', '"context"')
    alone = text.replace("جمعية أصدقاء الواحة", "الواحة")

    (found,) = problems(tmp_path, {"watchlists/own.toml": alone})

    assert "nothing would count" in found


def test_a_single_word_of_a_set_of_terms_counts_by_itself(tmp_path: Path) -> None:
    text = """\
[[actors]]
id = "term_x"
kind = "term"
name = { en = "Words" }
forms = [{ text = "ناشط", language = "ar" }]
"""

    assert problems(tmp_path, {"watchlists/own.toml": text}) == []


def test_a_change_of_a_form_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    change = '[[actors]]\nid = "ma_amdh"\nforms = [{ text = "AMHD", suppress = true }]\n'

    (found,) = problems(tmp_path, {"watchlists/x.toml": change}, shipped=True)

    assert found == (
        "watchlists/x.toml:3: actors.0.forms.0.suppress: changes something that does not exist here"
    )
