"""What is asked of the researchers' site in the bench: a fixed mix of searches, and other pages."""

from __future__ import annotations

from urllib.parse import urlencode

from bench import explorer_words as words
from bench.explorer_world import ACTORS, DAY_NAMES, watched


def searches() -> list[tuple[str, str]]:
    """Searches as addresses, each under a name; the newest first."""
    arabic, french = words.places("ar"), words.places("fr")
    kurdish = words.places("ckb")
    actors = [one.id for one in watched()[:ACTORS]]
    often, seldom = actors[0], actors[-1]
    asked: list[tuple[str, list[tuple[str, str]]]] = [
        ("rare word", [("q", arabic[700])]),
        ("rare word, French", [("q", french[650])]),
        ("rare word, Sorani", [("q", kurdish[500])]),
        ("a word that is nowhere", [("q", "ززززخخخ")]),
        ("middling word", [("q", arabic[30])]),
        ("two words", [("q", f"{arabic[3]} {arabic[9]}")]),
        ("three words", [("q", f"{arabic[1]} المكتبة {arabic[4]}")]),
        ("either of two", [("q", f"{arabic[50]} OR {french[50]}")]),
        ("two languages", [("q", "الصحافة OR presse")]),
        ("one but not the other", [("q", f"{arabic[12]} -المكتبة")]),
        ("common word", [("q", "في")]),
        ("two common words", [("q", "من على")]),
        ("common word, French", [("q", "les")]),
        ("common or common", [("q", "في OR the OR de")]),
        ("phrase", [("q", '"ترميم الجسر"')]),
        ("rare phrase", [("q", f'"مدينة {arabic[200]}"')]),
        ("phrase, French", [("q", '"loi sur les associations"')]),
        ("prefix", [("q", "مكتب*")]),
        ("short prefix", [("q", "جم*")]),
        ("headline", [("q", f"in:headline {arabic[20]}")]),
        ("country in the query", [("q", f"{arabic[5]} country:ma")]),
        ("outlet", [("q", "المكتبة"), ("outlet", "iq_o000")]),
        ("language", [("q", "projet"), ("language", "fr")]),
        ("actor, often named", [("actor", often)]),
        ("actor, seldom named", [("actor", seldom)]),
        ("actor and word", [("actor", often), ("q", "الماء")]),
        ("kind of actor", [("kind", "cso"), ("q", arabic[8])]),
        ("theme", [("theme", "press"), ("q", "حقوق")]),
        ("alignment", [("alignment", "state"), ("q", arabic[7])]),
        ("days", [("q", "في"), ("after", "2025-06-01"), ("before", "2025-07-01")]),
        ("month", [("q", "السوق"), ("month", "2024-03")]),
        ("year of one country", [("country", "bh"), ("after", "2023-01-01"),
                                 ("before", "2024-01-01")]),
        ("everything", []),
        ("a whole language", [("language", "ckb")]),
        ("copies as one", [("q", arabic[15]), ("fold", "1")]),
        ("common word, copies as one", [("q", "في"), ("fold", "1")]),
    ]  # fmt: skip
    return [(name, f"/search?{urlencode(pairs)}") for name, pairs in asked]


DEEP = ("common word", "everything", "actor, often named", "prefix")
"""Searches of which later pages are turned to as well."""
TURNS = 4


def attention() -> list[tuple[str, str]]:
    """Attention over five years: the chart beside a search, and that of an actor's page."""
    actors = [one.id for one in watched()]
    since = {"after": DAY_NAMES[1], "before": "2026-11-21"}
    found = []
    for number in (0, 5, 40, ACTORS - 1):
        name = f"actor {number}"
        found.append((f"chart of {name}", f"/search/rest?{urlencode({'actor': actors[number]})}"))
        found.append((f"page of {name}", f"/actors/{actors[number]}?{urlencode(since)}"))
    return found


def others() -> list[tuple[str, str]]:
    """Pages without a limit of their own: told, so that nobody is surprised."""
    actor = watched()[0].id
    return [
        ("overview", "/"),
        ("actors", "/actors"),
        ("outlets", "/outlets"),
        ("an outlet", "/outlets/iq_o000"),
        ("coverage", "/coverage"),
        ("status", "/status"),
        ("concordance", f"/actors/{actor}/concordance"),
        ("forms", f"/actors/{actor}/forms"),
        ("rest of a common word", f"/search/rest?{urlencode({'q': 'في'})}"),
        ("rest of a middling word", f"/search/rest?{urlencode({'q': 'المكتبة'})}"),
        ("names while typing", f"/search/offered?{urlencode({'q': 'جمعية'})}"),
    ]
