from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from config.config_files import ACTOR, load, problems

from crawler.reading.variants import squeezed
from crawler.workspace import Config, load_config
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


PERSON = """\
[[actors]]
id = "iq_{id}"
kind = "person"
name = {{ en = "{name}" }}
{more}forms = [{{ text = "{name}", language = "en"{form} }}]
"""


def person(name: str, *, form: str = "", more: str = "", id: str = "sanabli") -> str:
    return PERSON.format(id=id, name=name, form=form, more=more)


def generated(config: Config, actor_id: str) -> set[str]:
    return {alias.text for alias in config.generated(actor_id)}


def test_a_person_is_looked_for_in_generated_spellings_too(tmp_path: Path) -> None:
    text = person("Hicham Sanabli", form=', mode = "context"', more='context = ["harbour"]\n')
    config = load(tmp_path, {"watchlists/own.toml": text})

    made = next(a for a in config.generated("iq_sanabli") if a.text == "Hisham Sanabli")

    assert made == Alias("Hisham Sanabli", "en", "context", generated=True)
    assert config.actors[0].aliases[0].generated is False


def test_no_form_of_an_actor_is_generated_again(tmp_path: Path) -> None:
    forms = """\
[[actors.forms]]
text = "Hisham Sanabli"
[[actors.forms]]
text = "Hicham Sanabli"
"""
    text = person("Hesham Sanabli").replace("forms = [{", "note = '' # [{") + forms
    config = load(tmp_path, {"watchlists/own.toml": text})

    (actor,) = config.actors
    keys = [squeezed(alias.text) for alias in actor.aliases]

    assert len(keys) > 5
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("form", [", variants = false", ', mode = "exact"'])
def test_a_form_can_be_kept_as_it_is_written(tmp_path: Path, form: str) -> None:
    text = person("Hicham Sanabli", form=form)
    config = load(tmp_path, {"watchlists/own.toml": text})

    assert config.generated("iq_sanabli") == []


def test_a_workspace_switches_off_the_variants_of_a_shipped_form(tmp_path: Path) -> None:
    change = '[[actors]]\nid = "bh_rajab"\nforms = [{ text = "Nabil Rajab", variants = false }]\n'

    config = load(tmp_path, {"watchlists/x.toml": change}, shipped=True)
    actor = next(actor for actor in config.watched if actor.id == "bh_rajab")

    assert {made.form.text for made in actor.generated} == {"Nabeel Rajab"}


def test_a_variant_that_is_a_form_of_another_actor_is_refused(tmp_path: Path) -> None:
    two = person("Hicham Sanabli", id="one") + person("Hisham Sanabli", id="two")
    config = load(tmp_path, {"watchlists/own.toml": two})

    refused = {(one.actor_id, one.variant): one.reason for one in config.refused}

    assert refused["iq_one", "Hisham Sanabli"] == "is a form of iq_two"
    assert refused["iq_two", "Hicham Sanabli"] == "is a form of iq_one"
    assert "Hisham Sanabli" not in generated(config, "iq_one")


def test_a_variant_that_two_actors_share_is_refused_to_both(tmp_path: Path) -> None:
    two = person("Hicham Sanabli", id="one") + person("Husham Sanabli", id="two")
    config = load(tmp_path, {"watchlists/own.toml": two})

    refused = {(one.actor_id, one.variant): one.reason for one in config.refused}

    assert refused["iq_one", "Hesham Sanabli"] == "could be iq_two as well"
    assert refused["iq_two", "Hesham Sanabli"] == "could be iq_one as well"
    assert not generated(config, "iq_one") & generated(config, "iq_two")


def test_a_variant_of_ordinary_words_is_refused(tmp_path: Path) -> None:
    text = person("علي المدني", id="madani").replace('"en"', '"ar"', 1)
    config = load(tmp_path, {"watchlists/own.toml": text.replace("{ en =", "{ ar =")})

    refused = {one.variant: one.reason for one in config.refused}

    assert refused["علي مدني"] == "is made of ordinary words"
    assert "علي مدني" not in generated(config, "iq_madani")


def test_a_form_of_two_actors_that_differs_by_a_space_is_a_problem(tmp_path: Path) -> None:
    two = person("Nour Khair Allah", id="one") + person("Nour Khairallah", id="two")

    (found,) = problems(tmp_path, {"watchlists/own.toml": two})

    assert "is also a form of iq_one" in found


def test_no_shipped_variant_is_another_actors_form_or_variant() -> None:
    owners: dict[tuple[str, bool], set[str]] = defaultdict(set)
    config = load_config(None)
    for actor in config.actors:
        for alias in actor.aliases:
            owners[squeezed(alias.text), alias.generated].add(actor.id)

    made = {key: ids for (key, is_made), ids in owners.items() if is_made}

    assert len(made) > 1000
    assert all(len(ids | owners.get((key, False), set())) == 1 for key, ids in made.items())
