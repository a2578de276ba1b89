"""Where an outlet's pages state an article's day: learned by what careful reading believed.

Careful reading weighs all that a page says of its day, which is slow. Where on nearly all pages of
an outlet one method or one place gave the day that it believed, that is looked at first, and taken
where nothing else that the page states disagrees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.reading.decode import clean_text
from crawler.reading.published import moment_of
from crawler.reading.template_views import View, selectors_of
from crawler.reading.voices import Moment
from storage.models import ReadingContext
from storage.template_records import Rules

FIELD = "published_at"
_STATED = ("jsonld", "meta", "url")
_SHOWN = ("time", "visible")
_MAY_SHOW = (
    "time, [datetime], [itemprop='datePublished'], [class*='date' i], [class*='time' i],"
    " [class*='publi' i], [class*='posted' i], [class*='meta' i], [id*='date' i],"
    " [class*='tarikh' i], [class*='tarih' i], [class*='fecha' i], [class*='datum' i]"
)
"""What outlets call the place of the day: also in Arabic, Kurdish, Turkish, Spanish and German."""
_MOST_PLACES = 200
_LONGEST = 160
"""Characters of a text that may be a date with a few words beside it."""
_ENOUGH, _NEARLY_ALL = 2, 0.9


def sources_of(views: Sequence[View]) -> tuple[tuple[str, str], ...]:
    """The method that gave the day on nearly all pages, if it is not read off what is shown."""
    method, sure = _usual(views)
    return ((FIELD, method),) if sure and method in _STATED else ()


def places_of(views: Sequence[View], context: ReadingContext) -> tuple[tuple[str, str], ...]:
    """CSS of the element that shows the day on nearly all pages, if it is read off there."""
    method, _ = _usual(views)
    if method not in _SHOWN:
        return ()
    days, moments = Counter[str](), Counter[str]()
    for view in views:
        for css, exact in _shows(view, method, context):
            days[css] += 1
            moments[css] += exact
    best = min(days, key=lambda css: (-moments[css], -days[css], len(css), css), default="")
    if days[best] < max(_ENOUGH, _NEARLY_ALL * len(views)):
        return ()
    return ((FIELD, best), (f"{FIELD} as", method))


def day_shown(tree: LexborHTMLParser, rules: Rules, context: ReadingContext) -> Moment | None:
    """The day that stands where the outlet shows it, or None."""
    css = rules.place(FIELD)
    if not css:
        return None
    try:
        node = tree.css_first(css)
    except SelectolaxError:
        return None
    return _read(node, rules.place(f"{FIELD} as"), context) if node is not None else None


def _usual(views: Sequence[View]) -> tuple[str, bool]:
    """The method by which the day was found most often, and whether on nearly all pages."""
    methods = Counter(dict(view.reading.methods).get(FIELD, "") for view in views)
    method, count = methods.most_common(1)[0]
    return method, count >= max(_ENOUGH, _NEARLY_ALL * len(views))


def _shows(view: View, method: str, context: ReadingContext) -> Iterator[tuple[str, bool]]:
    """CSS whose first element on a page states the day that was believed; and whether also the
    time, which on some pages was found in another place.
    """
    believed = view.reading.published_at
    tried: set[str] = set()
    for node in view.tree.css(_MAY_SHOW)[:_MOST_PLACES]:
        for css in _names(node):
            if css not in tried:
                tried.add(css)
                first = view.tree.css_first(css)
                moment = _read(first, method, context) if first is not None else None
                if moment and believed and moment.at.date() == believed.date():
                    yield css, moment.at == believed


def _names(node: LexborNode) -> Iterator[str]:
    yield from selectors_of(node)
    if node.tag == "time":
        yield "time"


def _read(node: LexborNode, method: str, context: ReadingContext) -> Moment | None:
    """The time that an element states: in an attribute, else in its text."""
    attributes = node.attributes
    raw = attributes.get("datetime") or attributes.get("content") or ""
    if method == "visible" or not raw:
        raw = " ".join(node.text().split())
    return moment_of(clean_text(raw), method, context) if 0 < len(raw) <= _LONGEST else None
