"""Outlet files written for people: what a probe proposes, and whole files of new outlets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from crawler.outlets import Outlet
from crawler.probes import NAMED_BY, ProbeResult

_TABLES = {"feed": "feeds", "sitemap": "sitemaps", "listing": "listings"}
_OFFERS = {
    "feed": ("entry", "entries"),
    "sitemap": ("page", "pages"),
    "listing": ("link to an article", "links to articles"),
}


def quoted(value: str | Sequence[str]) -> str:
    """A text or a list of texts as TOML.

    >>> quoted(["ar", "fr"]), quoted('a "b"')
    ('["ar", "fr"]', '"a \\\\"b\\\\""')
    """
    if not isinstance(value, str):
        return f"[{', '.join(map(quoted, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def pattern(value: str) -> str:
    """A regular expression as TOML: in single quotes, in which nothing is escaped."""
    return quoted(value) if "'" in value or not value.isprintable() else f"'{value}'"


def proposed(results: Iterable[ProbeResult], written: Iterable[str]) -> list[ProbeResult]:
    """The results that are worth a line in an outlet's file, of which it has `written` already."""
    known = set(written)
    new = {
        (result.kind, result.url): result
        for result in results
        if result.adds and result.url not in known
    }
    order = list(_TABLES)
    return sorted(new.values(), key=lambda result: order.index(result.kind))


def tables_of(results: Iterable[ProbeResult]) -> str:
    """The tables of ways that a probe saw working, as they stand in an outlet's file."""
    return "".join(_table(result) for result in results)


def evidence_of(result: ProbeResult) -> str:
    """Where and when a probe saw a way working, and what it offered.

    >>> evidence_of(ProbeResult("https://x.ma/f", "feed", True, "", "2026-03-01T02:00:00+00:00", 9))
    "in the outlet's file, seen working 2026-03-01 by probe: 9 entries"
    """
    said = f"{NAMED_BY[result.found_in]}, seen working {result.seen_at[:10]} by probe: "
    newest = f", the newest of {result.newest_at[:10]}" if result.newest_at else ""
    return f"{said}{offer(result)}{newest}"


def offer(result: ProbeResult) -> str:
    """How much a way offers, in words."""
    one, many = _OFFERS[result.kind]
    return f"{result.entries} {one if result.entries == 1 else many}"


def remarks(
    outlet: Outlet, results: Iterable[ProbeResult], earlier: Iterable[ProbeResult] = ()
) -> list[str]:
    """What a person should decide: nobody follows an address to another host, or goes through
    another egress, unasked. `earlier` are the records of former probes, which tell since when.

    A feed service may serve an outlet's feed, so only what lost its articles is remarked upon.
    """
    results = list(results)
    said = [
        f"{result.url} answers from {host} since {_since(result, earlier)}; if that is the "
        f"outlet, let its file say so: domains = {quoted([*outlet.domains, host])}"
        for result in results
        if (host := _new_host(result)) and (result.kind == "site" or not result.works)
    ]
    others = {result.egress for result in results if result.adds} - {outlet.egress}
    said += [
        f"seen through another egress than the outlet's: egress = {quoted(name)} in its file"
        for name in sorted(others)
    ]
    return list(dict.fromkeys(said))


def _new_host(result: ProbeResult) -> str:
    return (urlsplit(result.moved_to or "").hostname or "").removeprefix("www.")


def _since(result: ProbeResult, earlier: Iterable[ProbeResult]) -> str:
    """The day on which an address was first seen to answer from where it answers now."""
    same = [one for one in earlier if (one.kind, one.url) == (result.kind, result.url)]
    first = result.seen_at
    for one in sorted(same, key=lambda one: one.seen_at, reverse=True):
        if _new_host(one) != _new_host(result):
            break
        first = min(first, one.seen_at)
    return first[:10]


def outlet_toml(said: Mapping[str, str | Sequence[str]], name: Mapping[str, str]) -> str:
    """The head of a new outlet's file: its plain values in order, its names, no alignment yet."""
    lines = [f"{key} = {quoted(value)}" for key, value in said.items() if value]
    names = [f"{language} = {quoted(text)}" for language, text in name.items()]
    unknown = ["[alignment]", 'label = "unknown"']
    return "\n".join([*lines, "[name]", *names, *unknown]) + "\n"


def _table(result: ProbeResult) -> str:
    article = f"article = {pattern(result.article)}\n" if result.article else ""
    return (
        f"[[{_TABLES[result.kind]}]]\n"
        f"url = {quoted(result.url)}\n"
        f'{article}grade = "A"\n'
        f"evidence = {quoted(evidence_of(result))}\n"
    )
