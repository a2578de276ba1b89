"""What every template may use: words, numbers, times, links, and text of others made harmless.

Everything is escaped. What outlets wrote is isolated in its direction, says its language, and has
no control characters that would turn its neighbours around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from storage.bidi import harmless
from storage.explorer.charts import Chart
from storage.explorer.charts import rendered as drawn
from storage.explorer.wording import LANGUAGES, NAMES, Language, number, say
from storage.times import local_time
from storage.weblinks import is_web

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
STATIC = _HERE / "static"
_LANGUAGE = re.compile("[a-z]{2,3}")
_PLACES = {
    "overview": "/",
    "search": "/search",
    "find": "/articles",
    "article": "/articles/{}",
    "judge": "/articles/{}/judge",
    "versions": "/articles/{}/versions",
    "story": "/stories/{}",
    "actors": "/actors",
    "actor": "/actors/{}",
    "concordance": "/actors/{}/concordance",
    "forms": "/actors/{}/forms",
    "outlets": "/outlets",
    "outlet": "/outlets/{}",
    "coverage": "/coverage",
    "status": "/status",
    "saved": "/saved",
    "feed": "/saved/{}.atom",
    "snapshots": "/snapshots",
    "snapshot": "/snapshots/{}",
    "exports": "/export",
    "export": "/export/{}",
    "sql": "/sql",
    "help": "/help",
}
Mark = tuple[int, int]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of our pages; a name that a page did not give is an error, not nothing."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "foreign": foreign,
        "plain": plain,
        "marked": marked,
        "number": number,
        "link": link,
        "outside": outside,
        "languages": NAMES,
    }
    return found


@dataclass(frozen=True, slots=True)
class Speaker:
    """What a template says in one language."""

    language: Language

    @property
    def direction(self) -> str:
        """Of the page: rtl or ltr."""
        return "rtl" if self.language == "ar" else "ltr"

    def names(self) -> dict[str, Callable[..., Any] | str]:
        """For the context of a template."""
        from storage.explorer.terms import listed, term  # which speaks as we do

        return {
            "t": self.t,
            "day": self.day,
            "moment": self.moment,
            "chart": self.chart,
            "day_field": self.day_field,
            "term": partial(term, self),
            "listed": partial(listed, self),
            "language": self.language,
            "direction": self.direction,
        }

    def t(self, key: str, *, count: int | None = None, **values: object) -> Markup:
        """The words of a key, as `wording.say`."""
        return say(self.language, key, count=count, **values)

    def day(self, value: date | str | None) -> Markup:
        """A calendar day, the same in every language: 2026-11-22; where not known, so in words."""
        if value is None or value == "":
            return Markup('<span class="unknown">{}</span>').format(self.t("site.no_day"))
        text = value if isinstance(value, str) else value.isoformat()[:10]
        return Markup('<time datetime="{0}"><bdi dir="ltr">{0}</bdi></time>').format(text)

    def moment(self, value: datetime | None, zone: str | None = None) -> Markup:
        """An instant: on the clocks of a zone, with its distance from UTC, or in UTC."""
        if value is None:
            return self.day(None)
        shown = local_time(value, zone) if zone else value
        text = f"{shown:%Y-%m-%d %H:%M} " + (f"UTC{shown:%z}"[:6] if zone else "UTC")
        iso = value.isoformat()
        return Markup('<time datetime="{}"><bdi dir="ltr">{}</bdi></time>').format(iso, text)

    def day_field(self, name: str, value: object) -> Markup:
        """Where a day is typed, its id the name: as it stands everywhere else, 2026-11-22.

        A browser's own field for days shows them in the order of its own language, which need not
        be the reader's: is 03/04/2026 in March or in April?
        """
        return Markup(
            '<input id="{0}" name="{0}" value="{1}" dir="ltr" size="10" maxlength="10" '
            'inputmode="numeric" autocomplete="off" placeholder="2026-03-01" '
            r'pattern="\d{{4}}-\d{{2}}-\d{{2}}" title="{2}">'
        ).format(name, value or "", self.t("site.day_form"))

    def chart(self, chart: Chart) -> Markup:
        """A chart over time as a figure, with its figures as a table."""
        return drawn(chart, self.language)


def foreign(text: object, language: str | None = None) -> Markup:
    """Words of others: escaped, isolated, without marks that turn others around."""
    shown = harmless("" if text is None else str(text))
    return Markup('<bdi dir="auto"{}>{}</bdi>').format(_said(language), shown)


def plain(text: object) -> str:
    """Words of others without marks that turn others around; where they stand is isolated."""
    return harmless("" if text is None else str(text))


def marked(text: str, marks: Iterable[Mark], language: str | None = None) -> Markup:
    """The same with pieces of it marked; marks are (start, end) in code points, sorted, disjoint.

    Each piece is made harmless by itself, so that the marks stay where they belong.
    """
    parts, at = [], 0
    for start, end in marks:
        parts += [escape(harmless(text[at:start])), _mark(harmless(text[start:end]))]
        at = end
    parts.append(escape(harmless(text[at:])))
    return Markup('<bdi dir="auto"{}>{}</bdi>').format(_said(language), Markup().join(parts))


def link(name: str, /, *parts: object, **parameters: object) -> str:
    """The path of one of our pages; parameters of no value are left out, several repeat a name."""
    path = _PLACES[name].format(*(quote(str(part), safe="") for part in parts))
    pairs = [(key, value) for key, value in parameters.items() if value not in (None, "", ())]
    query = urlencode(pairs, doseq=True)
    return f"{path}?{query}" if query else path


def outside(url: str, label: object = None) -> Markup:
    """A link that leaves this machine, without telling where it came from; http and https only."""
    shown = label if label is not None else foreign(url)
    if not is_web(url):
        return Markup("{}").format(shown)
    return Markup(
        '<a class="outside" href="{}" rel="noreferrer noopener external" target="_blank">{}</a>'
    ).format(url, shown)


def rendered(name: str, language: Language, context: Mapping[str, object]) -> str:
    """A template with its words."""
    names = Speaker(language).names()
    return environment().get_template(name).render({**names, **context})


def chosen(wanted: Iterable[str], otherwise: Language) -> Language:
    """The first language of a wish list that we speak."""
    for name in wanted:
        for language in LANGUAGES:
            if name.split("-")[0].strip().lower() == language:
                return language
    return otherwise


def _mark(text: str) -> Markup:
    return Markup("<mark>{}</mark>").format(text)


def _said(language: str | None) -> Markup:
    known = language and _LANGUAGE.fullmatch(language) and language != "und"
    return Markup(' lang="{}"').format(language) if known else Markup()
