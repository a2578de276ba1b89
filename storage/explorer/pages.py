"""All pages of the site."""

from __future__ import annotations

from importlib import import_module

from storage.explorer.routing import Route

MODULES = (
    "overview_page",
    "search_page",
    "article_page",
    "versions_page",
    "judge_page",
    "story_page",
    "actor_page",
    "outlet_page",
    "coverage_page",
    "status_page",
    "saved_page",
    "snapshot_page",
    "export_page",
    "sql_page",
    "help_page",
    "login_page",
)


def routes() -> list[Route]:
    """Every route, in the order in which they are tried."""
    found = (import_module(f"storage.explorer.{name}") for name in MODULES)
    return [route for module in found for route in module.ROUTES]
