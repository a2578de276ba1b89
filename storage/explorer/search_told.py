"""Attention and coverage of a search, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from storage.coverage_records import CoverageSummary, DeclaredBlind, Spell
from storage.coverage_words import MOST_OUTLETS, MOST_SPELLS
from storage.desk.answers import Rest
from storage.desk.questions import Question
from storage.explorer.charts import Chart, Line, Series, Span, shown
from storage.explorer.rendering import Speaker, foreign
from storage.watching import Sight

_KINDS = (Sight.BLIND, Sight.UNWATCHED, Sight.DECLARED, Sight.PARTLY)


@dataclass(frozen=True, slots=True)
class CoverageTold:
    """How complete an answer can be: one sentence, and what is behind it."""

    completeness: str
    sentence: Markup
    details: tuple[Markup, ...]
    nothing: Markup
    """What it means that nothing was found."""


def chart(speaker: Speaker, question: Question, rest: Rest) -> Chart | None:
    """The share of all articles over time; None where there is not a single day to show.

    Where everything is found, a share says nothing: then it is the number of articles.
    """
    found, t = rest.attention, speaker.t
    if not found.points:
        return None
    unit = "stories" if question.per == "story" else "articles"
    is_all = all(point.count == point.total for point in found.points)
    counts = Series(t("search.chart_number"), [point.count for point in found.points])
    shares = [point.share for point in found.points]
    return Chart(
        title=t(f"search.chart_count_{unit}" if is_all else f"search.chart_{unit}"),
        x=[point.first.isoformat() for point in found.points],
        series=[counts if is_all else Series(t("search.chart_share"), shares, "share")],
        step=found.step,
        blind=[
            Span(first.isoformat(), last.isoformat(), t("search.chart_dark"))
            for first, last in found.dark
        ],
        since=Line(rest.since.isoformat(), t("search.chart_since")) if rest.since else None,
        note="" if is_all else t(f"search.chart_note_{unit}", outlets=found.outlets),
        bars=is_all,
    )


def coverage(speaker: Speaker, found: CoverageSummary, names: dict[str, str]) -> CoverageTold:
    """A summary of coverage in the language of the page; `names` are those of the outlets."""
    details = (
        *_never(speaker, found, names),
        *_spells(speaker, found, names),
        *(_declared(speaker, one, names) for one in found.declared[:MOST_SPELLS]),
        *_items(speaker, found),
    )
    return CoverageTold(
        found.completeness, _sentence(speaker, found), details, _nothing(speaker, found)
    )


def _sentence(speaker: Speaker, found: CoverageSummary) -> Markup:
    t, number = speaker.t, len(found.outlets)
    if not number:
        return t("search.coverage_nobody")
    asked = t("search.outlets_asked", count=number)
    if found.first is None or found.last is None:
        return Markup("{} {}").format(asked, t("search.coverage_no_day"))
    period = t(
        "search.coverage_period", first=speaker.day(found.first), last=speaker.day(found.last)
    )
    seen = t(
        "search.coverage_seen",
        whole=len(found.throughout),
        share=shown(found.share or 0, "share", speaker.language),
    )
    return Markup("{} {} {}").format(asked, period, seen)


def _nothing(speaker: Speaker, found: CoverageSummary) -> Markup:
    if found.first is None:
        return speaker.t("search.nothing_no_day")
    return speaker.t(f"search.nothing_{found.completeness}")


def _never(speaker: Speaker, found: CoverageSummary, names: dict[str, str]) -> Iterator[Markup]:
    if found.never_visited:
        yield speaker.t("search.never_visited", outlets=_named(found.never_visited, names))


def _spells(speaker: Speaker, found: CoverageSummary, names: dict[str, str]) -> Iterator[Markup]:
    """The longest spells of each kind; what "never visited" tells is not told again."""
    never = set(found.never_visited)
    for kind in _KINDS[:2] + _KINDS[3:]:
        told = [one for one in found.of(kind) if not set(one.outlets) <= never]
        longest = sorted(told, key=lambda one: -one.minutes * len(one.outlets))[:MOST_SPELLS]
        if told:
            spells = [_spell(speaker, one, names) for one in told if one in longest]
            more = len(told) - len(longest)
            spells += [speaker.t("search.more_spells", count=more)] if more else []
            yield Markup("{} {}").format(
                speaker.t(f"search.sight_{kind}"), _comma(speaker).join(spells)
            )


def _spell(speaker: Speaker, one: Spell, names: dict[str, str]) -> Markup:
    days = speaker.day(one.first)
    if one.last != one.first:
        days = Markup('<bdi dir="ltr">{} – {}</bdi>').format(
            speaker.day(one.first), speaker.day(one.last)
        )
    return Markup("{} ({})").format(days, _named(one.outlets, names))


def _declared(speaker: Speaker, one: DeclaredBlind, names: dict[str, str]) -> Markup:
    return speaker.t(
        "search.declared",
        outlet=_named([one.outlet_id], names),
        since=speaker.day(one.since),
        until=speaker.day(one.until) if one.until else "…",
        reason=foreign(one.reason),
    )


def _items(speaker: Speaker, found: CoverageSummary) -> Iterator[Markup]:
    for key, items in (("items", found.items), ("items_undated", found.undated)):
        if items.seen:
            yield speaker.t(
                f"search.{key}",
                seen=items.seen,
                stored=items.stored,
                failed=items.failed,
                waiting=items.waiting,
            )


def _named(outlets: tuple[str, ...] | list[str], names: dict[str, str]) -> Markup:
    """Some outlets by name, and how many more there are."""
    some = Markup(" · ").join(foreign(names.get(one, one)) for one in outlets[:MOST_OUTLETS])
    more = len(outlets) - MOST_OUTLETS
    return Markup("{} +{}").format(some, more) if more > 0 else some


def _comma(speaker: Speaker) -> Markup:
    return escape("، " if speaker.language == "ar" else ", ")
