"""Charts over time: a drawing for the eye, and always the same figures as a table.

A page makes a `Chart`; `rendered` turns it into a figure of HTML that holds everything. The table
is open until static/charts.js has drawn the picture from the data in the figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from markupsafe import Markup

from storage.bidi import END_OF_ISOLATE, ISOLATE, harmless
from storage.explorer.wording import Language, number, say

Unit = Literal["share", "count"]
"""share: a part of 1, shown as per cent · count: a number of things."""
Step = Literal["day", "week", "month"]
_COMMA = {"en": Markup(", "), "fr": Markup(", "), "ar": Markup("، ")}


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: a value for each point in time; None where there is none."""

    name: str  # shown as text of others: an actor, an outlet
    values: Sequence[float | None]
    unit: Unit = "count"


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are hatched, from the first to the last one, and a word for why."""

    first: str
    last: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """A day at which a vertical line stands, and what it means ("comparable since")."""

    day: str
    word: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows; all words in it are in the language of the page already.

    Words that come from `t()` are handed on as they are: `str()` of them would show entities. `x`
    are ISO days in order, without holes: each day, or the first day of each week or month.
    """

    title: str
    x: Sequence[str]
    series: Sequence[Series]
    step: Step = "day"
    blind: Sequence[Span] = ()
    since: Line | None = None
    note: str = ""  # under the chart: what is above and below the line of a share
    bars: bool = False  # bars for counts, else lines


def rendered(chart: Chart, language: Language) -> Markup:
    """The figure of a chart as HTML: a place to draw in, the caption, the figures as a table.

    Raises ValueError where a series has not one value for each point in time.
    """
    if any(len(one.values) != len(chart.x) for one in chart.series):
        raise ValueError(f"a series of {chart.title!r} has not one value for each point in time")
    return Markup(
        '<figure class="chart" data-chart="{data}">\n'
        '<figcaption><span class="chart-title">{title}</span></figcaption>\n'
        '<div class="chart-drawing" role="img" aria-label="{label}" hidden></div>\n'
        "{notes}"
        '<details class="chart-figures" open><summary>{figures}</summary>\n{table}</details>\n'
        "</figure>\n"
    ).format(
        data=json.dumps(_told(chart, language), ensure_ascii=False, separators=(",", ":")),
        title=chart.title,
        label=_label(chart, language),
        notes=_notes(chart, language),
        figures=say(language, "charts.figures"),
        table=_table(chart, language),
    )


def shown(value: float | None, unit: Unit, language: Language = "en") -> str:
    """A value as a person reads it, in Latin digits; in French with a comma before decimals.

    What is less than all of it is never told as 100%, nor what is more than nothing as 0%.

    >>> shown(0.0342, "share"), shown(12, "count"), shown(None, "count"), shown(0.9999, "share")
    ('3.42%', '12', '–', '99.9%')
    >>> shown(0.0342, "share", "fr")
    '3,42\\xa0%'
    """
    told = _shown(value, unit)
    return told.replace(".", ",").replace("%", "\u00a0%") if language == "fr" else told


def _shown(value: float | None, unit: Unit) -> str:
    if value is None:
        return "\u2013"
    if unit == "count":
        return number(round(value, 2) if value % 1 else int(value))
    if value in (0, 1):
        return f"{100 * value:.0f}%"
    per_cent = 100 * value
    told = f"{per_cent:.{2 if per_cent < 10 else 1}f}%"
    return {"100.0%": "99.9%", "0.00%": "<0.01%"}.get(told, told) if value < 1 else told


def period(day: str, step: Step) -> str:
    """How a point in time is called: a day or the first day of a week as such, a month by itself.

    >>> period("2026-11-01", "month"), period("2026-11-02", "week")
    ('2026-11', '2026-11-02')
    """
    return day[:7] if step == "month" else day


def _told(chart: Chart, language: Language) -> dict[str, object]:
    """What the script draws from. Names keep their direction to themselves."""
    since = chart.since
    return {
        "step": chart.step,
        "bars": chart.bars,
        "x": list(chart.x),
        "names": [period(day, chart.step) for day in chart.x],
        "ends": [_end(day, chart.step).isoformat() for day in chart.x],
        "series": [
            {
                "name": f"{ISOLATE}{harmless(_plain(one.name))}{END_OF_ISOLATE}",
                "unit": one.unit,
                "values": list(one.values),
                "shown": [shown(value, one.unit, language) for value in one.values],
            }
            for one in chart.series
        ],
        "blind": [[span.first, _after(span.last), _plain(span.word)] for span in chart.blind],
        "since": None if since is None else [since.day, _plain(since.word)],
    }


def _plain(words: str) -> str:
    """Words as text: what comes from `t()` is HTML."""
    return words.striptags() if isinstance(words, Markup) else words


def _label(chart: Chart, language: Language) -> Markup:
    """What a screen reader says of the drawing: that it is one, and where the figures are."""
    names = str(_COMMA[language]).join(harmless(_plain(one.name)) for one in chart.series)
    first, last = (chart.x[0], chart.x[-1]) if chart.x else ("\u2013", "\u2013")
    return say(language, "charts.label", title=chart.title, names=names, first=first, last=last)


def _notes(chart: Chart, language: Language) -> Markup:
    """What the line and the hatching mean, in words, for everybody."""
    told = [Markup("{}").format(chart.note)] if chart.note else []
    if chart.since is not None:
        told.append(_key(language, "line", chart.since.word, chart.since.day))
    for word in dict.fromkeys(span.word for span in chart.blind):
        days = [_days(span) for span in chart.blind if span.word == word]
        told.append(_key(language, "hatched", word, *days))
    lines = Markup().join(Markup("<li>{}</li>\n").format(one) for one in told)
    return Markup('<ul class="chart-notes">\n{}</ul>\n').format(lines) if told else lines


def _key(language: Language, kind: str, word: str, *days: str) -> Markup:
    """A sign of the drawing and what it means; of many spans the first ones, and how many more."""
    most = 6
    first = [Markup('<bdi dir="ltr">{}</bdi>').format(day) for day in days[:most]]
    some = _COMMA[language].join(first)
    more = f" +{len(days) - most}" if len(days) > most else ""
    sign = Markup('<span class="chart-sign chart-{}" aria-hidden="true"></span>').format(kind)
    colon = say(language, "site.colon")
    return Markup("{}{}{}{}{}").format(sign, word, colon, some, more)


def _days(span: Span) -> str:
    return span.first if span.first == span.last else f"{span.first} \u2013 {span.last}"


def _table(chart: Chart, language: Language) -> Markup:
    """The figures, newest last; a column of words where days are hatched."""
    heads = [say(language, f"charts.{chart.step}")]
    heads += [
        Markup('<bdi dir="auto">{}</bdi>').format(harmless(_plain(s.name))) for s in chart.series
    ]
    if chart.blind:
        heads.append(say(language, "charts.remarks"))
    head = Markup().join(Markup('<th scope="col">{}</th>').format(one) for one in heads)
    rows = Markup().join(_rows(chart, language))
    return Markup(
        '<div class="chart-table" tabindex="0" role="region" aria-label="{}"><table>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n"
    ).format(chart.title, head, rows)


def _rows(chart: Chart, language: Language) -> Iterator[Markup]:
    for number_of, day in enumerate(chart.x):
        cells = [shown(one.values[number_of], one.unit, language) for one in chart.series]
        told = Markup().join(Markup('<td class="figure">{}</td>').format(cell) for cell in cells)
        if chart.blind:
            words = _COMMA[language].join(_words_at(chart, day))
            told += Markup("<td>{}</td>").format(words)
        head = Markup('<th scope="row"><bdi dir="ltr">{}</bdi></th>').format(
            period(day, chart.step)
        )
        yield Markup("<tr>{}{}</tr>\n").format(head, told)


def _words_at(chart: Chart, day: str) -> list[str]:
    """Why a point in time is hatched, wholly or in part."""
    end = _end(day, chart.step).isoformat()
    touching = (span.word for span in chart.blind if span.first < end and span.last >= day)
    return list(dict.fromkeys(touching))


def _end(day: str, step: Step) -> date:
    """The day after the last one of a point in time."""
    first = date.fromisoformat(day)
    if step == "month":
        return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=7 if step == "week" else 1)


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
