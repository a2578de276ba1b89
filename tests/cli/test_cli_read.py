"""`marsad read`: what would be stored of one page, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import captured
import pytest
from typer.testing import CliRunner, Result

from crawler.cli.main import app
from crawler.cli.read_view import FIELDS
from crawler.engine.single import one_page
from crawler.workspace import Workspace, load_config
from storage.models import Hints

PAGE = """<html lang="ar"><head><title>افتتاح مدرسة صيفية | المرآة</title>
<meta property="article:published_time" content="2026-03-01T08:00:00Z"></head><body>
<nav class="menu"><a href="/">الرئيسية</a></nav><article><h1>افتتاح مدرسة صيفية</h1><div class="t">
<p>أعلنت جمعية الساحل الأخضر أمس افتتاح مدرسة صيفية لأطفال القرى القريبة من المرفأ القديم.</p>
<p>وقال متطوعون إن الشبكة تبرعت بالكتب وإن السقف والنوافذ أصلحت قبل بداية الدروس بأسبوع.</p>
<p>وتستمر الدروس ستة أسابيع، وتختم بمعرض لرسوم التلاميذ في ساحة البلدية وبأمسية موسيقية.</p>
</div></article><aside class="more"><p>اقرأ أيضا: خبر لا علاقة له</p></aside></body></html>"""
URL = "https://mirat.test/2026/03/01/a"
OUTLET = """country = "ma"
covers = ["ma"]
timezone = "Africa/Casablanca"
languages = ["ar"]
kind = "portal"
domains = ["mirat.test"]
[name]
ar = "المرآة"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An archive with captures of one site."""
    return captured.newsroom(tmp_path_factory.mktemp("read") / "w", "sauterelle")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A page that a person saved."""
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def run(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["read", *arguments, "--workspace", str(place.root)])


def explained(place: Workspace, *arguments: str) -> dict[str, Any]:
    result = run(place, *arguments, "--explain", "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_each_line_of_the_page_is_told_as_kept_or_left_out(place: Workspace, saved: Path) -> None:
    result = run(place, str(saved), "--url", URL, "--explain")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert any("+" in line and "أعلنت جمعية الساحل" in line and "div.t p" in line for line in lines)
    assert any("- " in line and "اقرأ أيضا" in line and "aside.more p" in line for line in lines)
    assert "read carefully: no template is known of its outlet" in result.stdout
    for name in FIELDS.values():
        assert any(line.startswith(name) for line in lines), name


def test_a_value_that_was_rejected_is_told_with_the_reason(place: Workspace, saved: Path) -> None:
    told = explained(place, str(saved), "--url", URL)

    rejected = [one for one in told["explained"]["decisions"] if one["why"]]
    assert any(one["field"] == "headline" and "المرآة" in one["value"] for one in rejected)
    assert told["headline"] == "افتتاح مدرسة صيفية"


def test_what_the_outlets_file_selects_is_taken_and_told(place: Workspace, saved: Path) -> None:
    file = place.outlets_dir / "ma" / "mirat.toml"
    rules = '[selectors]\ntext = "div.t p:not(:first-child)"\nbyline = ".gone"\ndrop = [".more"]\n'
    file.write_text(OUTLET + rules, encoding="utf-8")

    told = explained(place, str(saved), "--url", URL)
    other = explained(place, str(saved), "--url", URL, "--outlet", "ma_sauterelle")
    shown = run(place, str(saved), "--url", URL, "--explain").stdout
    file.unlink()

    assert told["text"].startswith("وقال") and "أعلنت" not in told["text"]
    assert dict(told["methods"])["text"] == "file"
    dropped = [line for line in told["explained"]["lines"] if line["where"] == "aside.more p"]
    assert [line["why"] for line in dropped] == ["the outlet's file drops it"]
    assert "fit nothing on this page: byline" in shown
    assert dict(other["methods"])["text"] != "file"


def test_the_capture_of_an_article_is_read_with_what_was_known_then(place: Workspace) -> None:
    told = explained(place, "--article", "1")
    by_address = explained(place, "--article", told["url"])

    assert told["headline"] and told["text"]
    assert by_address["url"] == told["url"]
    assert any(line["kept"] for line in told["explained"]["lines"])
    assert any(not line["kept"] for line in told["explained"]["lines"])


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        ((), "either a FILE", 2),
        (("x.html", "--article", "1"), "either a FILE", 2),
        (("no-such.html", "--url", URL), "no such file", 2),
        ((URL, "--explain"), f"--article {URL}", 2),
        (("--article", "999"), "no article 999", 1),
    ],
)
def test_what_cannot_be_read_is_said(
    place: Workspace, arguments: tuple[str, ...], said: str, code: int
) -> None:
    result = run(place, *arguments)

    assert (result.exit_code, said in result.output) == (code, True)


def test_a_saved_page_needs_its_address(place: Workspace, saved: Path) -> None:
    result = run(place, str(saved))

    assert result.exit_code == 2
    assert "--url is missing" in result.output


def test_an_address_must_be_one_of_the_web(place: Workspace, saved: Path) -> None:
    result = run(place, str(saved), "--url", "javascript:alert(1)")

    assert result.exit_code == 2
    assert "--url is no address of a web page" in result.output


def test_of_a_file_of_gigabytes_only_the_beginning_is_read(
    place: Workspace, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.html"
    with huge.open("wb") as file:
        file.truncate(2**36)  # takes no room on the disk, and too much in memory

    result = run(place, str(huge), "--url", URL)

    assert result.exit_code == 1
    assert "too_large" in result.output


def test_every_field_of_a_page_of_each_outlet_has_its_method(place: Workspace) -> None:
    config = load_config(place)

    one_of_each = dict(captured.demo_pages())
    for outlet_id, page in one_of_each.items():
        told = one_page(page, config, outlet_id, Hints()).explain()
        reading, methods = told.reading, dict(told.reading.methods)
        found = {name for name in FIELDS if getattr(reading, name) not in (None, "")}
        assert reading.outcome is None, page.url
        assert found <= methods.keys(), (page.url, found - methods.keys())
        assert all(methods[name] for name in found)
        assert (
            reading == one_page(page, config, outlet_id, Hints()).read()
        )  # asking changes nothing
