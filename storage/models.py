"""The records that the rooms hand each other: frozen, and made of the standard library only.

Reading order is the order of the work: an outlet's `Way` is visited, `Candidate`s are found,
each is fetched as a `Page`, read into a `Reading`, and saved with its `Mention`s and `Outcome`.
Times are aware and in UTC unless a name says otherwise. Offsets are code points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from storage.template_records import Selectors, Template

DIRECT = "direct"
"""The egress of this machine's own address."""


class Outcome(StrEnum):
    """What became of one candidate. The set is closed: every candidate ends in exactly one."""

    STORED_NEW = "stored_new"  # an article that was not in the database
    STORED_CHANGED = "stored_changed"  # a known article whose text or headline is now another
    UNCHANGED = "unchanged"  # read again, the same as before
    COPY = "copy"  # stored, and its text is word for word that of an earlier article
    KNOWN = "known"  # found again and not fetched; kept as a tally per visit, never as a row
    NO_TEXT = "no_text"  # a page was read and held no article text
    NOT_ARTICLE = "not_article"  # an index, gallery, consent or error page
    ROBOTS = "robots"  # robots.txt forbids it (one that cannot be read: its own failure)
    BLOCKED = "blocked"  # the site answered with a wall: 401, 403, 451, a challenge page
    GONE = "gone"  # 404 or 410
    HTTP_ERROR = "http_error"  # any other status that is no page
    NETWORK_ERROR = "network_error"  # no whole answer: DNS, refused, reset, cut short, TLS
    TOO_LARGE = "too_large"  # over the limit, on the wire or unpacked
    TIMEOUT = "timeout"  # no whole answer within the limit
    UNSAFE_ADDRESS = "unsafe_address"  # led to an address or scheme that we never visit
    UNREADABLE = "unreadable"  # bytes that no charset or packing makes sense of
    FOREIGN = "foreign"  # led to a host that is not the outlet's
    READER_FAILED = "reader_failed"  # the worker that read it died, hung or ran out of memory
    POSTPONED = "postponed"  # not tried in this run: a limit, or the host asked us to wait
    INTERRUPTED = "interrupted"  # the run ended first; pending again for the next one


STORED = frozenset({Outcome.STORED_NEW, Outcome.STORED_CHANGED, Outcome.COPY})
PENDING = frozenset({Outcome.POSTPONED, Outcome.INTERRUPTED})
"""Outcomes after which the candidate waits for the next run."""
FAILED = frozenset(Outcome) - STORED - PENDING - {Outcome.UNCHANGED, Outcome.KNOWN}


class FoundBy(StrEnum):
    """The way in which a candidate was found."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    ARCHIVE = "archive"
    MANUAL = "manual"


class Precision(StrEnum):
    """How much of a published time is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hints:
    """What the finder knows about a candidate before it is fetched; all as found."""

    headline: str | None = None
    published_raw: str | None = None
    published_at: datetime | None = None  # aware UTC, only where the finder was sure of the day
    modified_raw: str | None = None
    summary: str | None = None
    byline: str | None = None
    section: str | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL somebody found, with hints and how it was found.

    `entry_hash` is a digest of what the finder saw (headline and times); a known candidate that
    is found again with another one has been edited and is read again. `id` is None before saving.
    """

    url: str
    url_key: str
    outlet_id: str
    found_by: FoundBy
    found_in: str | None = None
    hints: Hints = Hints()
    entry_hash: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What one retrieval brought: the body as it came over the wire, before decompression."""

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]  # as received, in order, latin-1 decoded
    body: bytes
    fetched_at: datetime
    elapsed: float = 0.0  # seconds
    redirects: tuple[str, ...] = ()  # URLs passed through, the first is `url`
    ip: str | None = None
    tls_verified: bool | None = None  # None: plain http
    request_headers: tuple[tuple[str, str], ...] = ()
    egress: str = DIRECT  # whose address asked
    rendered: str = ""  # the browser that made `body` by running the page's scripts; "": the wire's

    def header(self, name: str) -> str | None:
        """The last value of a header, case-insensitively, or None."""
        wanted = name.lower()
        found = [value for key, value in self.headers if key.lower() == wanted]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class CapturePlace:
    """Where a page's evidence lies: `file` is relative to the workspace's warc folder."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, organisation or set of generic terms that is watched for."""

    id: str
    kind: str  # person, cso, media, network, state_body, pro_government, political, term
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    name: str = ""  # for display
    aliases: tuple[Alias, ...] = ()
    anti_aliases: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    suppress: bool = False
    names: tuple[tuple[str, str], ...] = ()  # language and name, for readers of that language


@dataclass(frozen=True, slots=True)
class Alias:
    """One written form of an actor.

    mode: auto (two words or more match freely, one word needs context) | acronym (upper case as
    written) | exact (as written, no folding beyond marks) | context (needs a context word near).
    """

    text: str
    language: str | None = None
    mode: str = "auto"
    verified: bool = False
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named in a text: `text[start:end] == surface` in the field's stored text.

    `label` is what the outlet prints beside the name to say what the actor is («الناشط الحقوقي»,
    "so-called activist"), quotation marks and all, as found: `text[label_start:][:len(label)]`.
    """

    actor_id: str
    start: int
    end: int
    surface: str
    alias: str
    rule: str
    field: str = "text"  # headline or text
    ambiguous: bool = False  # kept, and not counted
    label: str = ""
    label_start: int | None = None


_LOUD_TERMS = frozenset(("term_hrd", "term_cso", "term_activist"))


def keep_rule(mentions: Iterable[Mention]) -> str:
    """Why the study wants an article: `actor`, `terms`, or "" if it only counts as background."""
    return keep_rule_of({mention.actor_id for mention in mentions if not mention.ambiguous})


def keep_rule_of(actor_ids: Collection[str]) -> str:
    """The same from the ids of all that is counted in it.

    A journalist alone is no sign: journalists count beside a word of repression.

    >>> keep_rule_of(["ma_example"]), keep_rule_of(["term_activist"])
    ('actor', 'terms')
    >>> keep_rule_of(["term_journalist"])
    ''
    """
    named = set(actor_ids)
    if any(not actor_id.startswith("term_") for actor_id in named):
        return "actor"
    if named & _LOUD_TERMS or {"term_journalist", "term_repression"} <= named:
        return "terms"
    return ""


class MentionFinder(Protocol):
    """Finds actors in a text; `crawler.reading.mentions.Matcher` is one."""

    def find(self, text: str) -> list[Mention]:
        """Every mention in reading order, offsets in code points of `text`."""
        ...

    def find_in(self, headline: str, text: str) -> list[Mention]:
        """Every mention in an article, each with its field and offsets in it."""
        ...


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date as read. `value` is naive and local to the outlet unless `utc_offset` is known."""

    value: datetime
    precision: Precision
    method: str
    raw: str
    utc_offset: int | None = None  # minutes


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP 47 code (ar, fr, en, ckb, kmr, others their own; und when unsure) and its score."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Winnowed 48-bit fingerprints of a text's words, sorted; `version` names the recipe.

    `slots` tell two fillings of one form apart: each is a number or day of the text, in 16 bits,
    below 16 bits of the words before it. Two texts with the same words before another number
    contradict each other.
    """

    version: int
    values: tuple[int, ...]
    exact: str  # hex digest over the folded words: equal means word for word the same text
    words: int
    slots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyForm:
    """A written form of an agency's name.

    name: however it is spelled · short: an abbreviation, as written · word: one that is an ordinary
    word too (MAP, بنا), so it does not count at the very head of a text, with no place before it.
    """

    text: str
    mode: str = "name"


@dataclass(frozen=True, slots=True)
class Agency:
    """A news agency as credits name it; `unnamed` stands for "agencies" without a name.

    `outlets` are those through which it speaks itself. `signatures` are words that stand in this
    order in the last lines of its texts and of no other's.
    """

    id: str
    name: str = ""  # for display
    forms: tuple[AgencyForm, ...] = ()
    outlets: tuple[str, ...] = ()
    signatures: tuple[tuple[str, ...], ...] = ()
    unnamed: bool = False
    names: tuple[tuple[str, str], ...] = ()  # for display, by language


@dataclass(frozen=True, slots=True)
class Credit:
    """An agency that an article names as its source: `field[start:end] == surface`.

    rule: byline | dateline (at the head of the text) | closing (at its end) | lead (the first
    sentence says whose news it is).
    """

    agency: str
    field: str  # byline or text
    start: int
    end: int
    surface: str
    rule: str


class CreditFinder(Protocol):
    """Finds whom an article credits; `crawler.reading.credits.Credits` is one."""

    def find(self, text: str, byline: str | None, outlet_id: str = "") -> Credit | None:
        """The agency whose text this is, as far as the article says so; never the outlet itself."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read off a page. `outcome` is None for an article, else why there is none."""

    url: str
    final_url: str
    outcome: Outcome | None
    reason: str = ""
    canonical_url: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()  # (kind, URL): its amp, mobile or print page
    headline: str = ""
    text: str = ""
    language: str = "und"
    language_score: float = 0.0
    byline: str | None = None
    section: str | None = None
    image_url: str | None = None
    published_at: datetime | None = None
    published_precision: Precision = Precision.UNKNOWN
    published_raw: str | None = None
    modified_at: datetime | None = None
    text_complete: bool = True
    charset: str = ""
    methods: tuple[tuple[str, str], ...] = ()  # (field, where it came from)
    mentions: tuple[Mention, ...] = ()
    keep_rule: str = ""  # actor, terms or "" (DESIGN: every article is kept all the same)
    fingerprint: Fingerprint | None = None
    credit: Credit | None = None
    content_hash: str = ""  # hex sha-256 over headline and text as stored
    reader_version: str = ""
    fold_version: int = 0
    template_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """All that reading a page may know besides the page: no clock, settings or database."""

    outlet_id: str
    country: str  # the seat, two letters, lower case
    languages: tuple[str, ...]
    timezone: str
    domains: tuple[str, ...] = ()
    hints: Hints = Hints()
    now: datetime | None = None  # the fetch time; no published date may lie after it
    max_bytes: int = 8_000_000  # of a body once unpacked
    matcher: MentionFinder | None = None  # set inside the worker, never pickled per page
    credits: CreditFinder | None = None  # set inside the worker as well
    template: Template | None = None  # learned from the outlet's captures
    selectors: Selectors | None = None  # of the outlet's file
    audit: bool = False  # whether a page read by template is read the careful way as well


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """One retrieval as it is stored, whatever came of it."""

    url: str
    fetched_at: datetime
    outcome: Outcome | None = None  # None for a visit to a way
    reason: str = ""
    final_url: str | None = None
    status: int | None = None
    elapsed: float | None = None  # seconds
    wire_bytes: int | None = None
    payload_sha256: str | None = None
    redirects: tuple[str, ...] = ()
    ip: str | None = None
    tls_verified: bool | None = None
    capture: CapturePlace | None = None
    etag: str | None = None
    last_modified: str | None = None
    egress: str = "direct"  # whose address asked


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving one candidate's end did."""

    outcome: Outcome
    article_id: int | None = None
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class OutletRecord:
    """What the database keeps of an outlet's file, so that SQL and exports can say it."""

    id: str
    name: str
    country: str
    covers: tuple[str, ...]
    kind: str
    alignment: str
    languages: tuple[str, ...]
    timezone: str
    domains: tuple[str, ...] = ()
    blind_since: date | None = None  # declared blind by a person from this day on
    blind_until: date | None = None  # up to and with this day; None: until further notice
    blind_reason: str | None = None
    names: tuple[tuple[str, str], ...] = ()  # language and name, for readers of that language
