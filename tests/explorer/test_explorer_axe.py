"""No serious fault of accessibility on any kind of page, in light and dark, in Arabic and English.

axe-core looks at the pages as Chromium draws them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from deskkit import Site

PAGES = {
    "overview": "/",
    "search": "/search?q=ميراث",
    "nothing found": "/search?q=ززززخخخ",
    "a mistaken question": "/search?q=%22",
    "article": "/articles/50",
    "versions": "/articles/71/versions",
    "judge": "/articles/50/judge?kind=leave_out",
    "story": "/stories/50",
    "actors": "/actors",
    "actor": "/actors/ma_mirath?first=2025-12-01&last=2026-11-20",
    "concordance": "/actors/ma_mirath/concordance",
    "forms": "/actors/ma_mirath/forms",
    "outlets": "/outlets",
    "outlet": "/outlets/ma_depeche",
    "coverage": "/coverage?first=2026-04-01&last=2026-05-31",
    "status": "/status",
    "saved": "/saved?q=ميراث",
    "snapshots": "/snapshots?q=ميراث",
    "exports": "/export",
    "export": "/export/articles?q=ميراث",
    "sql": "/sql",
    "help": "/help",
    "missing": "/articles/999999",
}
KINDS = ("overview", "search", "article", "story", "actor", "outlet", "coverage", "status")
"""Pages of every kind; in the first look all others are gone through as well."""
LOOKS = (
    ("ar", "light", tuple(PAGES)),
    ("ar", "dark", (*KINDS, "versions")),
    ("en", "light", KINDS),
    ("en", "dark", (*KINDS, "sql")),
)


def _look(look: tuple[str, str, tuple[str, ...]]) -> Any:
    """Two looks have every language and colour; the others are guarded now and then."""
    marks = () if look[:2] in (("ar", "light"), ("en", "dark")) else pytest.mark.guard
    return pytest.param(*look, id="-".join(look[:2]), marks=marks)


@pytest.mark.parametrize(("language", "scheme", "names"), [*map(_look, LOOKS)])
def test_no_page_has_a_serious_fault(
    site: Site, new_page: Callable[..., Any], language: str, scheme: str, names: tuple[str, ...]
) -> None:
    page = new_page(locale=language, color_scheme=scheme)
    faults = []
    for name in names:
        page.goto(site.url + PAGES[name])
        page.wait_for_load_state("networkidle")
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                where = [node["html"][:160] for node in one["nodes"][:3]]
                faults.append((name, one["id"], where))

    assert faults == []


@pytest.mark.parametrize("name", PAGES)
def test_headings_follow_each_other_and_no_page_is_wider_than_a_phone(
    site: Site, new_page: Callable[..., Any], name: str
) -> None:
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto(site.url + PAGES[name])

    levels = [int(one.evaluate("e => e.tagName[1]")) for one in page.locator("h1,h2,h3,h4").all()]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert wide <= 1
