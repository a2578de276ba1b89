"""`marsad story`: one text's way through the outlets, and what each of them made of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import stored
from click.testing import Result
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import WorkspaceSettings, create_workspace
from storage.articles import Keep
from storage.database import open_database
from storage.judgements import JudgementStore
from storage.models import Actor, Alias
from storage.stories import settle

ACTORS = (
    Actor("ma_sahil", "cso", name="Coast Society", aliases=(Alias("جمعية الساحل الأخضر", "ar"),)),
    Actor("ma_lamia", "person", name="Lamia Example", aliases=(Alias("لمياء المثال", "ar"),)),
    Actor(
        "ma_hidden",
        "cso",
        name="Hidden",
        aliases=(
            Alias(
                "شبكة الظل",
            ),
        ),
        suppress=True,
    ),
)
OPENING = "أعلنت جمعية الساحل الأخضر أمس افتتاح مدرسة صيفية لأطفال القرى القريبة من المرفأ القديم."
CALLED = "وقالت الناشطة لمياء المثال إن شبكة الظل تبرعت بالكتب وإن المتطوعين أصلحوا السقف والنوافذ."
CLOSING = (
    "وتستمر الدروس ستة أسابيع، وتختم بمعرض لرسوم التلاميذ في ساحة البلدية وبأمسية موسيقية. "
    "وسيحمل المتطوعون الكراسي من المسرح الصغير، ويقدم الخبازون كعكا للزوار في آخر المساء."
)
RENAMED = CALLED.replace("الناشطة", "المشتبه بها")


def archive(root: Path, *stories: stored.Story, keep: Keep = "all") -> Path:
    """A workspace that holds these articles, its stories settled."""
    settings = WorkspaceSettings(contact="desk@example.org", newsroom="127.0.0.1:1", shipped=False)
    place = create_workspace(root, settings)
    stored.fill(place.database, stories, ACTORS, keep)
    with open_database(place.database) as database:
        settle(database)
    return root


def told(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["story", *arguments, "--workspace", str(root)])


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A text at four outlets: whole, cut, with another label, and with a sentence more."""
    whole = f"{OPENING}\n{CALLED}\n{CLOSING}"
    return archive(
        tmp_path / "w",
        stored.Story(whole, "مدرسة صيفية", "ma_asl", "ar", days=3, byline="مكتب المرفأ"),
        stored.Story(f"{OPENING}\n{CLOSING}", "دروس ومعرض", "ma_qass", "ar", days=2),
        stored.Story(f"{OPENING}\n{RENAMED}\n{CLOSING}", "توضيح", "bh_laqab", "ar", days=1),
        stored.Story(f"{whole}\nوسيحضر وفد من الجزيرة.", "من الجزيرة", "bh_wafd", "ar", days=1),
        stored.Story("نص آخر لا علاقة له بالمدرسة ولا بالمرفأ. " * 6, "آخر", "bh_wafd", "ar"),
    )


def test_the_way_of_a_text_is_told_in_order_with_bylines_and_the_cut_sentence(school: Path) -> None:
    result = told(school, "2")

    assert result.exit_code == 0
    headlines = ["مدرسة صيفية", "دروس ومعرض", "توضيح", "من الجزيرة"]
    places = [result.stdout.index(headline) for headline in headlines]
    assert "4 articles in 4 outlets" in result.stdout
    assert "مكتب المرفأ" in result.stdout
    assert places[0] < places[1] < min(places[2:])
    cut = next(line for line in result.stdout.splitlines() if line.strip().startswith("cut"))
    assert "Lamia Example" in cut
    assert "وإن المتطوعين أصلحوا السقف" in cut
    assert "نص آخر" not in result.stdout


def test_any_article_of_a_story_tells_the_same_one(school: Path) -> None:
    stories = {told(school, str(number), "--json").stdout for number in (1, 2, 3, 4)}

    assert len(stories) == 1


def test_what_each_outlet_did_to_the_text_is_there_for_machines(school: Path) -> None:
    story = json.loads(told(school, "1", "--json").stdout)

    first, *others = story["members"]
    by_outlet = {member["outlet_id"]: member["retelling"] for member in others}
    assert (story["outlets"], first["retelling"]) == (4, None)
    assert by_outlet["ma_qass"]["no_longer_named"] == ["Lamia Example"]
    assert [one["kind"] for one in by_outlet["ma_qass"]["differences"]] == ["cut"]
    assert [one["after"] for one in by_outlet["bh_wafd"]["differences"]] == [
        "وسيحضر وفد من الجزيرة."
    ]
    assert by_outlet["bh_wafd"]["share_kept"] == 1.0


def test_another_label_for_a_person_is_told(school: Path) -> None:
    story = json.loads(told(school, "1", "--json").stdout)
    relabelled = next(one for one in story["members"] if one["outlet_id"] == "bh_laqab")

    (changed,) = relabelled["retelling"]["labels"]
    assert changed["actor"] == "Lamia Example"
    assert changed["before"] == ["الناشطة"]
    assert "الناشطة" not in changed["after"]
    assert "is called" in told(school, "1").stdout


def test_what_people_judged_accuses_no_outlet_of_dropping_a_name(school: Path) -> None:
    made = {"who": "desk", "why": "a test"}
    with open_database(school / "marsad.db") as database:
        judgements = JudgementStore(database)
        judgements.leave_out(4, **made)
        judgements.not_this(3, "ma_lamia", **made)

    story = json.loads(told(school, "1", "--json").stdout)
    left_out, namesake = (
        next(one["retelling"] for one in story["members"] if one["article_id"] == number)
        for number in (4, 3)
    )

    assert (left_out["no_longer_named"], left_out["named_besides"]) == ([], [])
    assert (namesake["no_longer_named"], namesake["named_besides"]) == ([], [])


def test_a_hidden_actor_is_named_nowhere(school: Path) -> None:
    shown = told(school, "1").stdout + told(school, "1", "--json").stdout

    assert "Hidden" not in shown
    assert "ma_hidden" not in shown


def test_an_article_alone_is_a_story_of_one(school: Path) -> None:
    result = told(school, "5")

    assert result.exit_code == 0
    assert "1 article in 1 outlet" in result.stdout


def test_texts_that_were_not_kept_are_not_compared(tmp_path: Path) -> None:
    plain = "خبر طويل عن سوق السمك وعن أسعار الخضار في المدينة البعيدة قبل العيد بأسبوع. " * 4
    stories = [stored.Story(plain, "سوق", outlet, "ar") for outlet in ("ma_one", "ma_two")]
    result = told(archive(tmp_path / "w", *stories, keep="mentions"), "1")

    assert result.exit_code == 0
    assert "2 articles in 2 outlets" in result.stdout
    assert "not compared" in result.stdout


def test_an_unknown_article_is_said_to_be_unknown(school: Path) -> None:
    result = told(school, "99")

    assert result.exit_code == 1
    assert "no article 99" in result.stderr
