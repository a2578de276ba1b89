"""Charts: the same figures drawn and as a table, in both directions, under the strict policy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from deskkit import Site
from policed import pages, policed

from storage.explorer.app import application
from storage.explorer.charts import Chart, Line, Series, Span, rendered, shown
from storage.explorer.given import Given
from storage.explorer.rendering import STATIC
from storage.explorer.wording import Language, say

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e\"'&"
DAYS = [f"2026-03-{day:02}" for day in range(1, 11)]
CHART = Chart(
    "Share of all articles",
    DAYS,
    [
        Series("جمعية النخيل (Nakhil)", [0.01 * n for n in range(10)], "share"),
        Series(HOSTILE, [None if n == 4 else 0.02 for n in range(10)], "share"),
    ],
    blind=[Span("2026-03-04", "2026-03-05", say("fr", "coverage.short_open"))],
    since=Line("2026-03-02", "comparable since"),
    note="of all articles of that day",
)
BARS = Chart("Articles", ["2026-01-01", "2026-02-01"], [Series("a", [3, 1200])], "month", bars=True)


def data_of(html: str) -> dict[str, Any]:
    """What the script is given."""
    found = re.search(r'data-chart="([^"]*)"', html)
    assert found is not None
    told: dict[str, Any] = json.loads(unescape(found[1]))
    return told


def test_the_table_has_every_figure_and_says_which_days_are_hatched() -> None:
    html = rendered(CHART, "fr")
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    cells = [re.sub(r"<[^>]+>", "|", row).replace("||", "|") for row in rows]

    assert len(rows) == 1 + len(DAYS)
    assert [unescape(part) for part in cells[5].split("|") if part] == [
        "2026-03-05", "4,00\xa0%", "–", "pas terminé",
    ]  # fmt: skip
    assert "pas terminé" not in cells[6]


def test_names_of_others_are_text_in_the_table_and_in_the_data() -> None:
    html = rendered(CHART, "en")

    assert "<img" not in html
    assert "\u202e" not in html
    assert data_of(html)["series"][1]["name"].strip("\u2068\u2069") == HOSTILE.replace("\u202e", "")


def test_words_from_our_files_are_not_escaped_twice() -> None:
    spans = [Span("2026-03-04", "2026-03-05", say("fr", "overview.no_nights"))]
    series = [Series(say("fr", "overview.title"), [1] * 10)]
    html = rendered(Chart(say("fr", "overview.title"), DAYS, series, blind=spans), "fr")

    assert "&amp;#39;" not in html
    assert "Vue d'ensemble" in data_of(html)["series"][0]["name"]
    assert data_of(html)["blind"][0][2] == "Aucune nuit n'a encore été suivie."


def test_a_week_is_hatched_where_one_of_its_days_is() -> None:
    weeks = ["2026-03-02", "2026-03-09", "2026-03-16"]
    spans = [Span("2026-03-15", "2026-03-15", "blind")]
    html = rendered(Chart("x", weeks, [Series("a", [1, 2, 3])], "week", blind=spans), "en")
    rows = re.findall(r"<tr>(.*?)</tr>", html)

    assert ["blind" in row for row in rows[1:]] == [False, True, False]
    assert data_of(html)["blind"] == [["2026-03-15", "2026-03-16", "blind"]]


def test_months_are_called_by_their_month_and_end_with_it() -> None:
    told = data_of(rendered(BARS, "en"))

    assert told["names"] == ["2026-01", "2026-02"]
    assert told["ends"] == ["2026-02-01", "2026-03-01"]


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="one value for each"):
        rendered(Chart("x", DAYS, [Series("a", [1])]), "en")


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0%"), (1, "100%"), (0.99999, "99.9%"), (0.000001, "<0.01%"), (0.01, "1.00%"),
     (0.345, "34.5%")],
)  # fmt: skip
def test_a_share_is_never_told_as_all_or_nothing_unless_it_is(value: float, told: str) -> None:
    assert shown(value, "share") == told


def test_the_library_is_the_file_that_its_note_describes() -> None:
    note = (STATIC / "vendor" / "README.md").read_text("utf-8")
    (name,) = {found for found in re.findall(r"echarts[\w.-]+\.js", note) if "6.1.0" in found}
    library = (STATIC / "vendor" / name).read_bytes()

    assert hashlib.sha256(library).hexdigest() in note
    assert name in (STATIC / "charts.js").read_text("utf-8")
    assert not re.search(rb"new Function|\beval\(|XMLHttpRequest|\bfetch\(", library)


@pytest.fixture(scope="module")
def charts(serve: Callable[..., Site], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Pages with charts in each language, under the policy of the doors."""
    path = tmp_path_factory.mktemp("charts") / "marsad.db"
    made = {f"/{language}": page_of(language) for language in ("en", "fr", "ar")}
    made["/none"] = page_of("en", [])
    both = [Series("share", [0.01, 0.02], "share"), Series("articles", [300, 400])]
    made["/both"] = page_of("en", [Chart("Both", ["2026-01-01", "2026-02-01"], both, "month")])
    return serve(path, app=policed(pages(made, application(Given(path, "charts", "s" * 40)))))


def page_of(language: Language, shown_: list[Chart] | None = None) -> str:
    """A page with some charts and nothing else."""
    figures = "".join(rendered(one, language) for one in (shown_ or [CHART, BARS]) if shown_ != [])
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>c'
        '</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/static/charts.css">'
        f'<script src="/static/charts.js" defer></script><body>{figures}</body>'
    )


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_charts_draw_under_the_policy_and_ask_for_nothing_else(
    charts: Site, page: Any, language: str
) -> None:
    page.goto(f"{charts.url}/{language}")
    page.locator(".chart.drawn svg").nth(1).wait_for()

    assert page.locator("details.chart-figures[open]").count() == 0
    files = {url.rpartition("/")[2].partition("-")[0] for url in page.seen if "data:" not in url}
    assert files == {language, "charts.css", "charts.js", "echarts.common"}


def test_the_drawing_has_a_hatched_span_a_line_and_both_names(charts: Site, page: Any) -> None:
    page.goto(f"{charts.url}/ar")
    figure = page.locator(".chart.drawn").first
    figure.locator("svg").wait_for()
    words = " ".join(figure.locator("svg text").all_text_contents())

    assert figure.locator("svg pattern").count() > 0
    assert figure.locator('svg path[fill^="url(#"]').count() > 0
    assert "جمعية النخيل" in words
    assert "<img src=x" in words


def test_time_runs_from_left_to_right_on_a_page_from_right_to_left(charts: Site, page: Any) -> None:
    page.goto(f"{charts.url}/ar")
    page.locator(".chart.drawn svg").first.wait_for()
    left = {
        label: page.locator(".chart svg").first.get_by_text(label, exact=True).bounding_box()["x"]
        for label in ("2026-03-03", "2026-03-09")
    }

    assert left["2026-03-03"] < left["2026-03-09"]


def test_pointing_at_a_day_tells_its_figures_as_text(charts: Site, page: Any) -> None:
    page.goto(f"{charts.url}/en")
    drawing = page.locator(".chart.drawn .chart-drawing").first
    drawing.locator("svg").wait_for()
    box = drawing.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    tip = page.locator(".chart-tip").first
    tip.wait_for()

    assert re.search(r"2026-03-0[456]", tip.inner_text())
    assert tip.locator("img").count() == 0


def test_lines_differ_by_more_than_colour(charts: Site, page: Any) -> None:
    page.goto(f"{charts.url}/en")
    figure = page.locator(".chart.drawn").first
    figure.locator("svg").wait_for()
    lines = figure.locator('svg path[fill="none"][stroke^="var(--chart-"][stroke-width="2"]')
    dashes = {lines.nth(n).get_attribute("stroke-dasharray") for n in range(lines.count())}

    assert len(dashes) >= 2


def test_shares_and_counts_have_a_scale_each(charts: Site, page: Any) -> None:
    page.goto(f"{charts.url}/both")
    page.locator(".chart.drawn svg").wait_for()
    words = page.locator(".chart svg text").all_text_contents()

    assert {"1%", "2%"} <= set(words)
    assert "400" in words
    assert not [word for word in words if word.endswith("%") and float(word[:-1]) > 10]


def test_without_scripts_the_table_is_open(charts: Site, new_page: Any) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{charts.url}/en")

    assert page.locator("table td", has_text="9.00%").is_visible()
    assert not page.locator(".chart-drawing").first.is_visible()


def test_a_page_without_a_chart_does_not_load_the_library(charts: Site, page: Any) -> None:
    page.goto(f"{charts.url}/none")
    page.wait_for_load_state("networkidle")

    assert [url for url in page.seen if "echarts" in url] == []


def test_a_chart_grows_with_its_page(charts: Site, page: Any) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{charts.url}/en")
    drawing = page.locator(".chart.drawn svg").first
    drawing.wait_for()
    narrow = drawing.bounding_box()["width"]
    page.set_viewport_size({"width": 1000, "height": 800})
    # The policy of the doors lets no test wait by a function of its own.
    waited = (page.wait_for_timeout(50) or drawing.bounding_box()["width"] for _ in range(99))

    assert narrow <= 400
    assert any(width > 800 for width in waited)
