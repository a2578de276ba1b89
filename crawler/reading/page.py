"""From one page to what is stored of it; the whole of reading, top to bottom.

`read_page` unpacks and decodes the bytes and takes the article where the outlet's template says
that it stands, or else works out where; it tells the language, finds the actors named in it and
the agency that it credits, and fingerprints it. It never raises for bad input: what cannot be read
is a Reading with an outcome and a reason.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

from crawler.reading import metadata
from crawler.reading.bylines import byline
from crawler.reading.careful import Body, careful_text
from crawler.reading.completeness import missing
from crawler.reading.decode import Decoded, Failure, clean_text, decode, unpack
from crawler.reading.findings import mentions_in
from crawler.reading.fingerprints import fingerprint
from crawler.reading.headlines import headline
from crawler.reading.heads import Head, head_of, read_head
from crawler.reading.languages import identify
from crawler.reading.markup import Markup, open_markup
from crawler.reading.notes import SILENT, Notes
from crawler.reading.page_kinds import instead, no_article
from crawler.reading.page_pieces import pieces_in, pieces_of
from crawler.reading.published import modified, published
from crawler.reading.selected import without_dropped, written_over
from crawler.reading.template_audit import audit
from crawler.reading.template_facts import day_shown
from crawler.reading.template_reading import Refused, apply_template
from crawler.reading.text_ends import without_ends
from crawler.reading.titles import Site, squeezed
from crawler.reading.unshown import open_rest
from crawler.reading.voices import Moment
from storage.models import (
    Credit,
    Mention,
    Outcome,
    Page,
    Precision,
    Reading,
    ReadingContext,
    keep_rule,
)
from storage.text import FOLD_VERSION

READER_VERSION = "5"
"""Stored with each reading; raised whenever the same page may read differently."""

MAX_BYTES = 8_000_000
"""Unpacked. The same limit as on the wire, so that packing gains a hostile page nothing."""

_LONGEST_HEADING = 2_000
"""Characters of a text's first line that may repeat a heading."""
_STATUS = {401: Outcome.BLOCKED, 403: Outcome.BLOCKED, 451: Outcome.BLOCKED}
_STATUS |= {404: Outcome.GONE, 410: Outcome.GONE}
_NOT_PAGES = re.compile(r"(?:image|audio|video|font)/|application/(?:pdf|zip|json|octet-stream|ms)")


def read_page(page: Page, context: ReadingContext, notes: Notes = SILENT) -> Reading:
    """What would be stored of a page, or why nothing would be; `notes` gather the decisions."""
    text = _text_of(page, min(MAX_BYTES, context.max_bytes))
    if isinstance(text, Failure):
        return _ended(page, text)
    markup = open_markup(text.text, text.sent)
    if not isinstance(markup, Failure):
        markup = without_dropped(markup, context.selectors)
    if isinstance(markup, Failure):
        return replace(_ended(page, markup), charset=text.charset)
    return _read(markup, _begun(page, text), context, notes)


def _read(markup: Markup, begun: Reading, context: ReadingContext, notes: Notes) -> Reading:
    """The article by the outlet's template if that keeps its promises, else the careful way."""
    if context.template is None or not context.template.usable:
        return _carefully(markup, begun, context, notes)
    taken = _by_template(markup, begun, context, notes)
    if isinstance(taken, Reading):
        return _audited(taken, markup, begun, context) if context.audit else taken
    begun = replace(begun, methods=(*begun.methods, ("fallback", taken)))
    return _carefully(markup, begun, context, notes)


def _carefully(markup: Markup, begun: Reading, context: ReadingContext, notes: Notes) -> Reading:
    """The article of a page whose layout nothing is known of."""
    reading, head = _worked_out(markup, begun, context, notes)
    return _with_findings(reading, head, context) if head else reading


def _worked_out(
    markup: Markup, begun: Reading, context: ReadingContext, notes: Notes
) -> tuple[Reading, Head | None]:
    """Text and facts of such an article, and the page's head; no head where it is no article."""
    document = markup.document
    if isinstance(document, Failure):
        return replace(begun, outcome=document.outcome, reason=document.reason, methods=()), None
    open_rest(document.tree)
    head = read_head(document)
    body = careful_text(document, head, notes)
    if isinstance(body, Failure):
        return replace(begun, outcome=body.outcome, reason=body.reason, methods=()), None
    reading = _with_facts(begun, head, markup, context, notes)
    reading = _with_text(reading, head, body, markup, notes)
    reading = written_over(reading, markup, context, notes)
    if failure := no_article(reading, head, markup, lambda: pieces_of(document), notes):
        return replace(reading, outcome=failure.outcome, reason=failure.reason, text=""), None
    return reading, head


def _by_template(
    markup: Markup, begun: Reading, context: ReadingContext, notes: Notes
) -> Reading | str:
    """The article where the template says that it stands, or why that is not to be believed."""
    template = context.template
    if template is None:
        return "no template"
    head, rules = head_of(markup.tree), template.rules
    trusted = day_shown(markup.tree, rules, context) or rules.source("published_at")
    decided = Notes(wanted=notes.wanted)
    reading = _with_facts(begun, head, markup, context, decided, trusted)
    taken = apply_template(markup, template, head, reading.headline, notes)
    if isinstance(taken, Refused):
        return taken.reason
    notes.taken.extend(decided.taken)
    reading = replace(
        reading,
        text=taken.text,
        text_complete=_is_whole(head, taken.text, markup, notes),
        template_id=template.id,
        methods=(*reading.methods, ("text", f"template@{template.id}")),
    )
    reading = written_over(reading, markup, context, notes)
    if failure := instead(reading, head, lambda: pieces_in(markup.tree), notes):
        return failure.reason
    return _with_findings(reading, head, context)


def _audited(taken: Reading, markup: Markup, begun: Reading, context: ReadingContext) -> Reading:
    """What a template took, if the careful way took much the same; else what that took."""
    careful, head = _worked_out(markup, begun, context, SILENT)
    differs = audit(taken, careful)
    if not differs:
        return replace(taken, methods=(*taken.methods, ("audit", "agrees")))
    careful = replace(careful, methods=(*careful.methods, ("audit", f"differs: {differs}")))
    return _with_findings(careful, head, context) if head else careful


# ---------------------------------------------------------------- bytes


def _text_of(page: Page, limit: int) -> Decoded | Failure:
    """The page's markup, or why it has none."""
    if page.status >= 400:
        outcome = _STATUS.get(page.status, Outcome.HTTP_ERROR)
        return Failure(outcome, f"status {page.status}")
    content_type = page.header("content-type") or ""
    if _NOT_PAGES.match(content_type.strip().lower()):
        return Failure(Outcome.NOT_ARTICLE, f"content type {content_type[:60]}")
    body = unpack(page, limit)
    if isinstance(body, Failure):
        return body
    if not body.strip():
        return Failure(Outcome.NO_TEXT, "empty page")
    return decode(body, content_type)


def _begun(page: Page, text: Decoded) -> Reading:
    methods: tuple[tuple[str, str], ...] = (("charset", text.method),)
    if text.replaced:
        methods = (*methods, ("replaced_characters", str(text.replaced)))
    if page.rendered:
        methods = (("page", f"rendered by {page.rendered}"), *methods)
    return Reading(
        url=page.url,
        final_url=page.final_url,
        outcome=None,
        charset=text.charset,
        methods=methods,
        reader_version=READER_VERSION,
        fold_version=FOLD_VERSION,
    )


def _ended(page: Page, failure: Failure) -> Reading:
    return Reading(
        url=page.url,
        final_url=page.final_url,
        outcome=failure.outcome,
        reason=failure.reason,
        reader_version=READER_VERSION,
        fold_version=FOLD_VERSION,
    )


# ---------------------------------------------------------------- facts and text


def _with_facts(
    reading: Reading,
    head: Head,
    markup: Markup,
    context: ReadingContext,
    notes: Notes,
    trusted: Moment | str | None = None,
) -> Reading:
    """The reading with headline, byline, section, addresses and dates, and where each is from."""
    base, hints = reading.final_url, context.hints
    site = Site(head, base)
    found = {
        "headline": headline(site, hints.headline, notes),
        "byline": byline(site, hints.byline, lambda: markup.tree, notes),
        "section": metadata.section(head, hints.section, notes),
        "image_url": metadata.image_url(head, base, notes),
        "canonical_url": metadata.canonical_url(head, base, context),
    }
    at = published(head, markup, base, context, trusted, notes)
    changed = modified(head, context, at.at if at else None)
    methods = [(name, method) for name, (_, method) in found.items() if method]
    methods += [("published_at", at.method)] if at else []
    methods += [("modified_at", changed.method)] if changed else []
    values = {name: clean_text(value) for name, (value, _) in found.items()}
    return replace(
        reading,
        headline=values["headline"],
        byline=values["byline"] or None,
        section=values["section"] or None,
        image_url=values["image_url"] or None,
        canonical_url=values["canonical_url"] or None,
        alternates=metadata.alternates(head, base, context),
        published_at=at.at if at else None,
        published_precision=at.precision if at else Precision.UNKNOWN,
        published_raw=clean_text(at.raw) if at else None,
        modified_at=changed.at if changed else None,
        methods=(*reading.methods, *methods),
    )


def _with_text(reading: Reading, head: Head, body: Body, markup: Markup, notes: Notes) -> Reading:
    """The reading with the text, without what stands behind it and the headline before it."""
    text, stated = body.text, body.method == "jsonld"
    if not stated:
        text = _without_headline(without_ends(text, notes), reading.headline, head)
    return replace(
        reading,
        text=text,
        text_complete=stated or _is_whole(head, text, markup, notes),
        methods=(*reading.methods, ("text", body.method)),
    )


def _is_whole(head: Head, text: str, markup: Markup, notes: Notes) -> bool:
    """Whether a text seems to be the whole article and not what a paywall leaves of it."""
    if why := missing(head, text, markup.utf8):
        notes.rejected("text_complete", "page", "whole", why)
    return not why


def _without_headline(text: str, headline: str, head: Head) -> str:
    """The text without a first line that only says the headline: it is kept in its own field.

    So does the heading that has a kicker, or a name, around what is taken for the headline.
    """
    first, _, rest = text.partition("\n")
    said, key = squeezed(first[:_LONGEST_HEADING]), squeezed(headline)
    is_heading = key in said and said in map(squeezed, head.headings)
    return rest.lstrip("\n") if key and (said == key or is_heading) else text


# ---------------------------------------------------------------- findings


def _with_findings(reading: Reading, head: Head, context: ReadingContext) -> Reading:
    """The reading with language, mentions, credit, fingerprint and hash."""
    prior = head.language.partition("-")[0]
    prior = prior if prior in context.languages else next(iter(context.languages), "")
    whole = f"{reading.headline}\n{reading.text}"
    language = identify(whole, prior=prior or None, expected=context.languages)
    mentions = _mentions(reading, context)
    return replace(
        reading,
        language=language.code,
        language_score=round(language.score, 4),
        mentions=mentions,
        keep_rule=keep_rule(mentions),
        fingerprint=fingerprint(reading.text),
        credit=_credit(reading, context),
        content_hash=sha256(whole.encode()).hexdigest(),
    )


def _mentions(reading: Reading, context: ReadingContext) -> tuple[Mention, ...]:
    """The actors named in headline and text, each with the field and offsets in it."""
    if context.matcher is None:
        return ()
    return mentions_in(context.matcher, reading.headline, reading.text)


def _credit(reading: Reading, context: ReadingContext) -> Credit | None:
    """The agency whose text it is, as far as the article says so."""
    if context.credits is None:
        return None
    return context.credits.find(reading.text, reading.byline, context.outlet_id)
