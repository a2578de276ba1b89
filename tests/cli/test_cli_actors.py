"""Watchlists beside the archive: what is doubtful about them, and spellings that they lack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from harness import crawl, paragraphs, workspace
from newsroom.hostile import Entry, HostileNewsroom, article_html
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.engine.suggestions import suggest
from crawler.workspace import Workspace
from storage.articles import StoredText
from storage.models import Actor, Alias

ACTORS = """
[[actors]]
id = "iq_sanabli"
kind = "person"
name = { en = "Hicham Sanabli" }
context = ["fishermen", "الصيادين"]
[[actors.forms]]
text = "Hicham Sanabli"
language = "en"
[[actors.forms]]
text = "هشام السنابلي"
language = "ar"
[[actors.forms]]
text = "سنبل"
language = "ar"

[[actors]]
id = "iq_reeds"
kind = "cso"
name = { en = "Reed Women" }
[[actors.forms]]
text = "Reed Women Association"
language = "en"
"""
SPEECHES = (
    "Hicham Sanabli spoke for the fishermen of the lower river on Monday at the town hall.",
    "The fishermen were led by Heecham Sanaably this year, and the council heard them at last.",
    "Old fishermen remember Heecham Sanaably, who mended nets beside the bridge as a boy.",
    "A man called Heecham Sanaably sells tea at the station, where nobody asks about rivers.",
)
ARABIC = "قال هيشام الصنابلي باسم الصيادين إن النهر ضاق، وطلب من البلدية أن تنظف المجرى القديم."
LINE = "The Reed Women Association wove mats for the school of district number {}."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace of thirty articles: six about a man by many names, the rest about one group."""
    with HostileNewsroom() as newsroom:
        place = workspace(
            tmp_path_factory.mktemp("archive") / "w", newsroom.port, ["one.test", "two.test"]
        )
        (place.watchlists_dir / "own.toml").write_text(ACTORS, encoding="utf-8")
        fill(newsroom)
        report = crawl(place)
        assert report.code == 0, report.stdout
        yield place


def fill(newsroom: HostileNewsroom) -> None:
    entries: dict[str, list[Entry]] = {"one.test": [], "two.test": []}
    texts = [*SPEECHES, ARABIC, *(LINE.format(number) for number in range(24))]
    for number, text in enumerate(texts):
        host = "two.test" if number == 2 else "one.test"
        more = [ARABIC.replace("هيشام", "سمير")] * 3 if text == ARABIC else paragraphs(number)
        language = "ar" if text == ARABIC else "en"
        page = article_html(f"Report number {number}", [text, *more], language=language)
        newsroom.article(host, f"/a/{number}", page)
        entries[host].append(Entry(f"/a/{number}", f"Report number {number}"))
    for host, listed in entries.items():
        newsroom.feed(host, "/feed", listed)


def ask(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["actors", *arguments, "--workspace", str(place.root)])


def with_actors(root: Path, text: str) -> Workspace:
    place = workspace(root, 9, ["one.test"])
    (place.watchlists_dir / "own.toml").write_text(text, encoding="utf-8")
    return place


def findings(result: Result) -> dict[str, str]:
    """What was said of each form."""
    return {one["form"]: one["doubt"] for one in json.loads(result.stdout)}


# ---------------------------------------------------------------- check


def test_a_form_that_floods_the_archive_needs_a_person(archive: Workspace) -> None:
    result = ask(archive, "check")

    assert result.exit_code == 3
    assert "iq_reeds: Reed Women Association: names its actor in 24 of 29 articles" in result.stdout
    assert "82.8 %" in result.stdout


def test_a_flood_is_what_the_person_says_it_is(archive: Workspace) -> None:
    result = ask(archive, "check", "--flood", "90")

    assert result.exit_code == 0
    assert "no problem" in result.stdout


def test_forms_that_no_article_has_are_only_good_to_know(archive: Workspace) -> None:
    counted = ask(archive, "check", "--flood", "90")
    listed = ask(archive, "check", "--flood", "90", "--notes")

    assert "2 that no stored article has" in counted.stderr
    assert "iq_sanabli: \u2068سنبل\u2069: is in none of 29 stored articles" in listed.stdout
    assert listed.exit_code == 0


def test_the_findings_are_there_for_machines_too(archive: Workspace) -> None:
    result = ask(archive, "check", "--json")
    flood = next(one for one in json.loads(result.stdout) if one["doubt"] == "flood")

    assert result.exit_code == 3
    assert flood["actor_id"] == "iq_reeds"
    assert flood["articles"] == 24


DOUBTFUL = """
[[actors]]
id = "iq_many"
kind = "cso"
name = {{ en = "Many Forms" }}
anti_aliases = ["Reed Women Association of Elsewhere", "Harbour Union"]
{context}
[[actors.forms]]
text = "Reed Women Association"
{form}
"""


@pytest.mark.parametrize(
    ("form", "doubt"),
    [
        ('text = "سند"\nlanguage = "ar"', "too_short"),
        ('text = "Ree"', "too_short"),
        ('text = "Free Press"', "ordinary"),
        ('text = "Hope"\nmode = "exact"', "ordinary"),
        ('text = "Fatima"\nmode = "exact"', "ordinary"),
        ('text = "Harbour Union"', "never"),
        ('text = "Reed-Women association"', "twin"),
        ('text = "REE"\nmode = "acronym"', None),
        ('text = "Reed Women"', None),
        ('text = "Free Press"\nmode = "context"', None),
        ('text = "Free Press of the Reeds"', None),
        ('text = "Union of Harbour Women"', None),
    ],
)
def test_a_doubtful_form_is_told_and_used_all_the_same(
    tmp_path: Path, form: str, doubt: str | None
) -> None:
    text = DOUBTFUL.format(form=f"[[actors.forms]]\n{form}", context='context = ["river"]')
    place = with_actors(tmp_path / "w", text)
    name = form.split('"')[1]

    result = ask(place, "check", "--json")

    assert findings(result).get(name) == doubt
    assert result.exit_code == (0 if doubt in (None, "twin") else 3)
    assert name in ask(place, "show", "iq_many").stdout


@pytest.mark.parametrize("mode", ["context", "auto"])
def test_a_form_that_needs_context_and_has_none_never_counts(tmp_path: Path, mode: str) -> None:
    form = f'[[actors.forms]]\ntext = "Reedling"\nmode = "{mode}"'
    place = with_actors(tmp_path / "w", DOUBTFUL.format(form=form, context=""))

    result = ask(place, "check")

    assert result.exit_code == 3
    assert "iq_many: Reedling: needs context words, and the actor has none" in result.stdout
    assert "1 doubtful form" in result.stderr


def test_refused_variants_are_told(tmp_path: Path) -> None:
    twin = ACTORS.partition("[[actors.forms]]")[0].replace("iq_sanabli", "iq_other")
    twin += '[[actors.forms]]\ntext = "Hisham Sanabli"\n'
    place = with_actors(tmp_path / "w", ACTORS + twin)

    result = ask(place, "check", "--notes")

    said = "iq_sanabli: Hisham Sanabli: generated from Hicham Sanabli, is not looked for: it is a"
    assert f"{said} form of iq_other" in result.stdout


def test_files_with_problems_are_told_first(tmp_path: Path) -> None:
    place = with_actors(tmp_path / "w", ACTORS.replace('"cso"', '"csos"'))

    result = ask(place, "check", "--json")

    assert result.exit_code == 2
    assert "watchlists/own.toml" in result.stderr
    assert result.stdout == ""


# ---------------------------------------------------------------- show


def test_generated_spellings_are_shown_on_request(archive: Workspace) -> None:
    plain = ask(archive, "show", "iq_sanabli")
    more = ask(archive, "show", "iq_sanabli", "--variants")
    machine = ask(archive, "show", "iq_sanabli", "--variants", "--json")

    assert "Hisham Sanabli" not in plain.stdout
    assert "generated                Hisham Sanabli" in more.stdout
    assert "Hisham Sanabli" in json.loads(machine.stdout)["generated"]


# ---------------------------------------------------------------- suggest


def test_a_new_spelling_near_context_is_suggested_with_examples(archive: Workspace) -> None:
    result = ask(archive, "suggest", "--json")
    found = {one["spelling"]: one for one in json.loads(result.stdout)}

    assert result.exit_code == 0
    assert set(found) == {"Heecham Sanaably", "هيشام الصنابلي"}
    english = found["Heecham Sanaably"]
    assert (english["actor_id"], english["articles"], english["outlets"]) == ("iq_sanabli", 2, 2)
    assert english["language"] == "en"
    assert [one["match"] for one in english["examples"]] == ["Heecham Sanaably"] * 2
    assert {one["before"].split()[-1] for one in english["examples"]} == {"by", "remember"}


def test_a_suggestion_says_how_to_add_it_and_is_safe_from_right_to_left(
    archive: Workspace,
) -> None:
    result = ask(archive, "suggest", "iq_sanabli")
    lines = result.stdout.splitlines()

    assert lines[0] == "iq_sanabli  Hicham Sanabli"
    assert lines[1] == "  Heecham Sanaably  2 articles, 2 outlets, en, like Hicham Sanabli"
    arabic = next(line for line in lines if "1 article," in line)
    assert arabic.startswith("  \u2068هيشام الصنابلي\u2069  1 article, 1 outlet, ar")
    example = next(line for line in lines if "[هيشام الصنابلي]" in line)
    assert example.startswith("    \u2068")
    assert example.endswith("\u2069")
    assert "2 new spellings" in result.stderr
    assert 'text = "Heecham Sanaably"' in result.stderr


def test_what_is_suggested_can_be_added_and_is_suggested_no_more(
    archive: Workspace, tmp_path: Path
) -> None:
    told = ask(archive, "suggest").stderr
    extra = archive.watchlists_dir / "own.toml"
    before = extra.read_text(encoding="utf-8")
    form = told[told.index("[[actors.forms]]") :]
    try:
        extra.write_text(
            before.replace("[[actors.forms]]", f"{form}\n[[actors.forms]]", 1), "utf-8"
        )
        result = ask(archive, "suggest", "--json")
    finally:
        extra.write_text(before, encoding="utf-8")

    assert [one["spelling"] for one in json.loads(result.stdout)] == ["هيشام الصنابلي"]


def test_suggestions_can_be_limited(archive: Workspace) -> None:
    often = ask(archive, "suggest", "--least", "2", "--json")
    none = ask(archive, "suggest", "--least", "3")

    assert [one["spelling"] for one in json.loads(often.stdout)] == ["Heecham Sanaably"]
    assert none.stdout == ""
    assert none.stderr.endswith("no new spelling\n")


@pytest.mark.parametrize(
    ("actor_id", "said"),
    [
        ("iq_sanable", 'there is no actor "iq_sanable"; did you mean iq_sanabli?'),
        ("iq_reeds", "iq_reeds is of kind cso; spellings are suggested for persons only"),
    ],
)
def test_suggesting_for_no_person_is_wrong_use(
    archive: Workspace, actor_id: str, said: str
) -> None:
    result = ask(archive, "suggest", actor_id)

    assert result.exit_code == 2
    assert said in result.stderr


def test_ordinary_words_that_sound_like_a_name_are_not_suggested(tmp_path: Path) -> None:
    actor = Actor("x", "person", aliases=(Alias("علي المدني"),), context=("النهر",))
    other = "وصل عليا المدنيي إلى النهر"
    texts = [
        StoredText(number, "iq_one", "ar", "", text, text_kept=True)
        for number, text in enumerate(["وصل إلى المدينة عند النهر", other], start=1)
    ]

    found = suggest([actor], texts)

    assert [(one.spelling, one.articles) for one in found] == [("عليا المدنيي", 1)]


def test_suggesting_changes_nothing(archive: Workspace) -> None:
    before = {path: path.read_bytes() for path in archive.root.rglob("*.toml")}
    mentions = json.loads(ask(archive, "check", "--json").stdout)

    ask(archive, "suggest")

    assert {path: path.read_bytes() for path in archive.root.rglob("*.toml")} == before
    assert json.loads(ask(archive, "check", "--json").stdout) == mentions
