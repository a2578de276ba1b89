"""Asking a crawled workspace: search, show, export, runs, reread; and one saved page."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import ASSOCIATION, ask, said
from harness import crawl, page, publish, rows, workspace
from newsroom.hostile import Entry, HostileNewsroom, article_html
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import VARIABLE, Workspace
from storage.formulas import restore

ARABIC = (
    "الإنسان والماء في قرية السدرة",
    [
        "اجتمع أهل قرية السدرة يوم الخميس للحديث عن حق الإنسان في الماء النظيف بعد شهور من العطش.",
        "وقالت جمعية المثال إن البئر القديمة جفت، وإن المتطوعين يحملون الماء كل صباح إلى المدرسة.",
        "ووعد رئيس المجلس بإصلاح المضخة قبل نهاية الشهر، ولم يذكر من أين يأتي المال لذلك.",
    ],
)
NOTHING = (
    "nothing found; this is no evidence that nothing was published: no whole day was watched yet\n"
)
FORMULA = '=HYPERLINK("http://one.test","Open")'


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace after one crawl, for tests that only ask."""
    with HostileNewsroom() as newsroom:
        yield crawled(tmp_path_factory.mktemp("archive") / "w", newsroom)


def crawled(root: Path, newsroom: HostileNewsroom) -> Workspace:
    publish(newsroom, "one.test", [1, 2])
    newsroom.article("two.test", "/maa", article_html(*ARABIC, language="ar"))
    newsroom.article("two.test", "/formula", page(3, FORMULA))
    newsroom.feed("two.test", "/feed", [Entry("/maa", ARABIC[0]), Entry("/formula", FORMULA)])
    place = workspace(root, newsroom.port, ["one.test", "two.test"])
    (place.watchlists_dir / "own.toml").write_text(ASSOCIATION, encoding="utf-8")
    report = crawl(place)
    assert report.code == 0, report.stdout
    return place


@pytest.mark.parametrize("word", ["الإنسان", "الانسان", "الأنسان", "الإنســان", "الإِنْسَان"])
def test_a_word_is_found_in_any_spelling_and_its_place_is_marked(
    archive: Workspace, word: str
) -> None:
    result = ask(archive, "search", word)

    headline, facts, snippet = result.stdout.splitlines()[:3]
    assert result.exit_code == 0
    assert headline == ARABIC[0]
    assert facts.startswith("article ")
    assert facts.endswith(" · ar · two.test")
    assert "[الإنسان]" in snippet
    assert said(result) == "1 article in 1 story\n"


def test_json_says_the_same_as_what_is_printed(archive: Workspace) -> None:
    printed = ask(archive, "search", "report").stdout
    data = json.loads(ask(archive, "search", "report", "--json").stdout)

    assert data["total"] == 3
    blocks = printed.strip().split("\n\n")
    for hit, block in zip(data["hits"], blocks, strict=True):
        headline, facts, snippet = block.splitlines()
        start, end = hit["marks"][0]
        assert headline == hit["headline"]
        assert f"article {hit['article_id']} ·" in facts
        assert f"[{hit['snippet'][start:end]}]" in snippet


def test_a_limit_says_how_many_more_there_are(archive: Workspace) -> None:
    told = said(ask(archive, "search", "report", "--limit", "2"))

    assert told.startswith("3 articles in ")
    assert told.endswith(", 2 shown\n")


def test_filters_narrow_a_search(archive: Workspace) -> None:
    by_actor = ask(archive, "search", "الماء", "--actor", "iq_example_association")
    elsewhere = ask(archive, "search", "الماء", "--outlet", "iq_one")

    assert ARABIC[0] in by_actor.stdout
    assert (elsewhere.stdout, said(elsewhere)) == ("", NOTHING)


def test_outlets_and_countries_may_be_given_again(archive: Workspace) -> None:
    one, two = "iq_one", "iq_two"
    every = json.loads(ask(archive, "search", "", "--json").stdout)["total"]
    each = [json.loads(ask(archive, "search", "", "--outlet", o, "--json").stdout)["total"]
            for o in (one, two)]  # fmt: skip
    both = ask(archive, "search", "", "--outlet", one, "--outlet", two, "--json")
    assert json.loads(both.stdout)["total"] == sum(each) == every
    assert all(each)


@pytest.mark.parametrize(
    "asked",
    [
        ("", "--after", "2026-05-01", "--before", "2026-03-01"),
        ("after:2026-05 before:2026-03",),
        ("after:2026-05", "--before", "2026-05-01"),
    ],
)
def test_days_that_exclude_each_other_are_no_finding(
    archive: Workspace, asked: tuple[str, ...]
) -> None:
    result = ask(archive, "search", *asked)
    assert result.exit_code == 2
    assert "no day is both from 2026-05-01 on and before 2026-0" in said(result)


def test_the_alignment_of_outlets_and_the_kind_of_actors_narrow(archive: Workspace) -> None:
    every = json.loads(ask(archive, "search", "", "--json").stdout)["total"]
    unknown = ask(archive, "search", "alignment:unknown", "--json")
    named = ask(archive, "search", "kind:cso", "--json")
    assert json.loads(unknown.stdout)["total"] == every
    assert 0 < json.loads(named.stdout)["total"] < every
    slip = ask(archive, "search", "alignment:unknwn")
    assert (slip.exit_code, "did you mean unknown?" in said(slip)) == (2, True)


def test_nothing_found_is_no_failure(archive: Workspace) -> None:
    result = ask(archive, "search", "zzyzx")

    assert (result.exit_code, result.stdout, said(result)) == (0, "", NOTHING)


@pytest.mark.parametrize("query", ['"never closed', "OR", "NOT report"])
def test_a_question_that_cannot_be_understood_is_answered_in_words(
    archive: Workspace, query: str
) -> None:
    result = ask(archive, "search", query)

    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "fts" not in result.stderr.lower()
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("الماء aktor:x", "aktor:"),
        ("actor:iq_example_asociation", "iq_example_association"),
        ("after:yesterday", "2026-03-01"),
    ],
)
def test_a_mistake_in_a_field_is_told_with_its_place_and_what_was_meant(
    archive: Workspace, query: str, says: str
) -> None:
    result = ask(archive, "search", query, "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert says in result.stderr
    assert "at character" in result.stderr


def test_fields_narrow_like_options_and_actors_are_marked(archive: Workspace) -> None:
    found = ask(archive, "search", "actor:iq_example_association", "الماء", "in:headline", "--json")
    data = json.loads(found.stdout)
    named = json.loads(ask(archive, "search", "actor:iq_example_association", "--json").stdout)

    assert data["total"] == 0  # the association is named in the text only
    assert [hit["headline"] for hit in named["hits"]] == [ARABIC[0]]
    ((start, end),) = named["hits"][0]["marks"]
    assert named["hits"][0]["snippet"][start:end] == "جمعية المثال"


def test_in_headline_shows_the_headline(archive: Workspace) -> None:
    result = ask(archive, "search", "in:headline السدرة")

    assert result.stdout.splitlines()[2].strip() == ARABIC[0].replace("السدرة", "[السدرة]")


def test_a_question_may_be_asked_with_any_of_its_words(archive: Workspace) -> None:
    question = "من وعد بإصلاح السفينة؟"

    whole = ask(archive, "search", question)
    some = ask(archive, "search", question, "--any")

    assert whole.stdout == ""
    assert said(whole) == (
        "no article has all of these words; 1 article has some of them: --any shows those\n"
    )
    assert "[بإصلاح]" in some.stdout
    assert said(some) == "1 article in 1 story with some of the words\n"


def test_show_gives_an_article_by_number_and_by_address(archive: Workspace) -> None:
    hit = json.loads(ask(archive, "search", "السدرة", "--json").stdout)["hits"][0]

    by_number = ask(archive, "show", str(hit["article_id"]))
    by_address = ask(archive, "show", hit["url"])

    assert by_number.stdout == by_address.stdout
    lines = by_number.stdout.splitlines()
    assert lines[0] == ARABIC[0]
    assert all(paragraph in lines for paragraph in ARABIC[1])
    assert "iq_example_association · Example Association · text" in by_number.stdout
    assert "by feed: http://two.test" in by_number.stdout
    assert "kept in warc/run-000001.warc.gz" in by_number.stdout


def test_show_json_points_at_each_mention_in_the_text(archive: Workspace) -> None:
    hit = json.loads(ask(archive, "search", "السدرة", "--json").stdout)["hits"][0]
    shown = json.loads(ask(archive, "show", str(hit["article_id"]), "--json").stdout)

    mention = shown["mentions"][0]

    assert shown["text"][mention["start"] : mention["end"]] == mention["surface"]
    assert mention["surface"] == "جمعية المثال"


def test_an_article_that_is_not_there_is_a_failure(archive: Workspace) -> None:
    result = ask(archive, "show", "4711")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "no article 4711" in result.stderr


def exported(archive: Workspace, *arguments: str) -> list[dict[str, str]]:
    result = ask(archive, "export", *arguments, "--format", "csv")
    assert result.exit_code == 0
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_a_formula_does_not_run_in_a_spreadsheet_and_comes_back_whole(
    archive: Workspace,
) -> None:
    headlines = [row["headline"] for row in exported(archive, "articles")]

    assert not [headline for headline in headlines if headline.startswith("=")]
    assert FORMULA in map(restore, headlines)


def test_csv_and_json_lines_hold_the_same_articles(archive: Workspace) -> None:
    lines = ask(archive, "export", "articles", "--format", "jsonl").stdout.splitlines()

    articles = [json.loads(line) for line in lines]
    table = exported(archive, "articles")
    assert [article["article_id"] for article in articles] == [row["article_id"] for row in table]
    assert [article["headline"] for article in articles] == [
        restore(row["headline"]) for row in table
    ]


def test_full_text_leaves_only_when_it_is_asked_for(archive: Workspace) -> None:
    without = exported(archive, "articles")
    whole = exported(archive, "articles", "--with-text")

    assert len(whole) == len(without) == 4
    assert "text" not in without[0]
    assert not [value for row in without for value in row.values() if ARABIC[1][0] in value]
    assert [row for row in whole if ARABIC[1][0] in row["text"]]


def test_an_export_may_be_of_what_a_search_finds(archive: Workspace) -> None:
    assert len(exported(archive, "articles", "--search", "الماء")) == 1


def test_mentions_are_one_row_for_each_article_and_actor(archive: Workspace) -> None:
    table = exported(archive, "mentions")

    assert [(row["actor_id"], row["mentions"], row["surfaces"]) for row in table] == [
        ("iq_example_association", "1", "جمعية المثال")
    ]
    assert restore(table[0]["headline"]) == ARABIC[0]


def test_an_export_that_fails_leaves_the_earlier_file_alone(
    archive: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("kept")

    result = ask(archive, "export", "articles", "--search", '"open', "-o", str(file))

    assert result.exit_code == 2
    assert file.read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["articles.csv"]


def test_an_export_to_a_file_says_how_much_it_wrote(archive: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"

    result = ask(archive, "export", "articles", "-o", str(file))

    assert result.stdout == ""
    hidden, written = said(result).splitlines()
    assert "--with-persons" in hidden  # or a researcher wonders whose names person-… are
    assert written == f"4 rows written to {file}"
    with file.open(encoding="utf-8", newline="") as table:
        assert len(list(csv.DictReader(table))) == 4


def test_runs_lists_the_runs_and_shows_one(archive: Workspace) -> None:
    listed = ask(archive, "runs").stdout.splitlines()
    shown = ask(archive, "runs", "1")

    assert listed[0].split() == "run kind started (UTC) seen new changed failed status".split()
    assert listed[-1].split()[:2] == ["1", "crawl"]
    assert listed[-1].split()[-5:] == ["4", "4", "0", "0", "done"]
    assert "Actors most named in this run" in shown.stdout
    assert ["1", "1", "Example", "Association"] in [
        line.split() for line in shown.stdout.splitlines()
    ]


def test_a_run_that_never_was_is_wrong_use(archive: Workspace) -> None:
    result = ask(archive, "runs", "99")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no run 99" in result.stderr


def test_reread_says_what_changed_and_takes_up_where_it_was_stopped(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom:
        place = crawled(tmp_path / "w", newsroom)
    versions = rows(place, "SELECT count(*) FROM article_versions")
    write(place, "UPDATE articles SET headline = 'Misread' WHERE id = 2")

    first = ask(place, "reread")
    second = ask(place, "reread", "--json")
    write(place, "UPDATE jobs SET finished_at = NULL, position = 3")
    third = ask(place, "reread", "--json")

    assert first.exit_code == 0, first.stderr
    assert first.stdout.splitlines() == [
        "4 captures read again, 3 of them as before.",
        "  headline: changed in 1",
        "  article 2: headline",
    ]
    assert (json.loads(second.stdout)["read"], json.loads(second.stdout)["same"]) == (4, 4)
    assert (json.loads(third.stdout)["read"], json.loads(third.stdout)["same"]) == (1, 1)
    assert rows(place, "SELECT count(*) FROM article_versions") == versions
    assert rows(place, "SELECT headline FROM articles WHERE headline = 'Misread'") == []


def write(place: Workspace, sql: str) -> None:
    """Change the database behind its back."""
    with sqlite3.connect(place.database) as connection:
        connection.execute(sql)
    connection.close()


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A saved page in a folder without a workspace."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "page.html"
    file.write_bytes(article_html(*ARABIC, language="ar"))
    return file


def test_a_saved_page_is_read_without_a_workspace(saved: Path) -> None:
    command = ["read", str(saved), "--url", "https://example.org/a"]

    printed = CliRunner().invoke(app, command)
    data = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)

    assert printed.exit_code == 0
    assert f"headline (h1): \u2068{ARABIC[0]}\u2069" in printed.stdout
    assert "published_at: not found" in printed.stdout
    assert (data["headline"], data["language"]) == (ARABIC[0], "ar")
    assert "\n".join(ARABIC[1]) in data["text"]


def test_a_saved_page_without_an_article_says_so_and_ends_with_1(saved: Path) -> None:
    saved.write_text("<html><body><nav>Home</nav></body></html>")

    result = CliRunner().invoke(app, ["read", str(saved), "--url", "https://example.org/a"])

    assert result.exit_code == 1
    assert result.stdout.startswith("not stored: ")


def test_a_page_that_is_not_there_is_wrong_use(saved: Path) -> None:
    result = CliRunner().invoke(app, ["read", "nowhere.html", "--url", "https://example.org/a"])

    assert result.exit_code == 2
    assert "no such file: nowhere.html" in result.stderr
