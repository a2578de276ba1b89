"""Outlets: who publishes, whose news it is, and by which ways its articles are found.

One TOML file per outlet, shipped in `spiders/outlets/<cc>/<slug>.toml`; a workspace adds its own
and changes shipped ones. The id is `<cc>_<slug>`.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from crawler.datafiles import Place, Table, dotted, leaves
from crawler.egresses import DIRECT
from crawler.fields import (
    Country,
    Css,
    Host,
    Identifier,
    Label,
    LanguageCode,
    List,
    Parameter,
    Pattern,
    Record,
    Rewrite,
    Some,
    Text,
    Url,
    Zone,
)
from crawler.probes import ProbeResult, read_probes, record_probe
from crawler.reading.patterns import compile_pattern
from crawler.reading.url_rules import UrlRules
from crawler.reading.urls import clean_url, key_digest, lies_on, url_key
from crawler.sentences import did_you_mean
from storage.models import FoundBy, OutletRecord
from storage.template_records import Selectors

__all__ = [
    "WAYS",
    "Endpoint",
    "Listing",
    "Outlet",
    "Outlets",
    "ProbeResult",
    "UnknownOutlet",
    "read_probes",
    "record_probe",
]

Kind = Literal["agency", "daily", "weekly", "magazine", "portal", "broadcaster", "aggregator"]
Stance = Literal[
    "state", "pro_government", "party", "independent", "opposition", "exile", "unknown"
]
Grade = Literal["A", "B", "C", "P"]
"""A seen working · B curated · C one unproven list · P found by a probe."""


WAYS = (FoundBy.FEED, FoundBy.SITEMAP, FoundBy.LISTING)
"""The ways of finding that stand in outlet files, each under its name and an s."""


SHIPPED = Path("spiders/outlets")
"""Where the shipped outlet files stand, as messages name them."""


class UnknownOutlet(Exception):
    """No outlet has the id, or covers the country, that was asked for."""


def _articles_per_day(range_: tuple[int, ...]) -> tuple[int, ...]:
    if len(range_) != 2 or not 0 <= range_[0] <= range_[1]:
        raise ValueError("must be two whole numbers, the least and the most, such as [5, 400]")
    return range_


class Endpoint(Record):
    """An address at which articles of an outlet are found."""

    url: Url
    grade: Grade
    evidence: str = ""
    note: str = ""
    enabled: bool = True
    suppress: bool = False
    _probe: ProbeResult | None = PrivateAttr(default=None)

    @property
    def on(self) -> bool:
        """Whether a crawl uses it: proven (grade A, or by the newest probe) and not disabled."""
        proven = self.grade == "A" or (self._probe is not None and self._probe.works)
        return self.enabled and proven

    @property
    def probe(self) -> ProbeResult | None:
        """The newest probe of this address in the workspace."""
        return self._probe

    def seen(self, probe: ProbeResult | None) -> Self:
        """The same address with the newest probe of it."""
        copy = self.model_copy()
        copy._probe = probe
        return copy


class Feed(Endpoint):
    """An RSS, Atom or JSON feed."""


class Sitemap(Endpoint):
    """An XML sitemap, or an index of such."""


class Listing(Endpoint):
    """A web page that lists articles; `article` tells which of its links are articles."""

    article: Pattern | None = None

    def is_article(self, path: str) -> bool:
        """Whether path and query of a link are those of an article; True without a pattern."""
        return self.article is None or bool(compile_pattern(self.article).search(path))


class Alignment(Record):
    """Where an outlet stands, as somebody has published; `unknown` needs no evidence."""

    label: Stance
    evidence: List[Text] = ()
    judged_by: Text | None = None
    date: dt.date | None = None

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if self.label != "unknown" and not (self.evidence and self.judged_by and self.date):
            raise ValueError(f'"{self.label}" needs evidence, judged_by and date beside it')
        return self


class Ownership(Record):
    """Who owns or pays for an outlet, as somebody has published."""

    text: Text
    evidence: Some[Text]


class Expect(Record):
    """What is usual; a run says so when it finds something else."""

    articles_per_day: Annotated[List[int], AfterValidator(_articles_per_day)] | None = None


class Urls(Record):
    """What tells this outlet's addresses apart, beside the rules for all outlets.

    `keep`: parameters that choose a document here, whatever they choose elsewhere. `drop`: those
    that never do. `mirrors`: subdomains that show the same site. `same`: pairs of a pattern and
    what it is replaced by, in path and query, so that addresses of one article become one.
    `apart`: those of its domains on which a path is another article than on the others; without
    it, a path is one article on all domains of an outlet, as on the mirrors of a blocked site.
    """

    keep: List[Parameter] = ()
    drop: List[Parameter] = ()
    mirrors: List[Label] = ()
    same: List[Rewrite] = ()
    apart: List[Host] = ()

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if both := sorted({*self.keep} & {*self.drop}):
            raise ValueError(f'keep and drop both name "{both[0]}"')
        return self

    @cached_property
    def rules(self) -> UrlRules:
        """The same for `url_key`, its patterns compiled."""
        return UrlRules(
            keep=frozenset(self.keep),
            drop=frozenset(self.drop),
            mirrors=frozenset(self.mirrors),
            same=tuple((compile_pattern(pattern), text) for pattern, text in self.same),
            apart=frozenset(self.apart),
        )


class Blind(Record):
    """A time for which a person has declared that we do not see this outlet; it is not visited.

    `until` is the last such day; without it, it goes on.
    """

    since: dt.date
    until: dt.date | None = None
    reason: Text

    @model_validator(mode="after")
    def _has_an_order(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("until lies before since")
        return self

    def covers(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class Places(Record):
    """Where the parts of an article stand on this outlet's pages: CSS selectors.

    They win over what is learned and guessed. `text` may fit several elements, which follow each
    other; of all others the first counts, and of a meta tag its content. `drop` takes elements away
    before anything is read.
    """

    headline: Css | None = None
    text: Css | None = None
    byline: Css | None = None
    published: Css | None = None
    section: Css | None = None
    image: Css | None = None
    drop: List[Css] = ()

    @property
    def record(self) -> Selectors | None:
        """The same for reading; None where nothing is said."""
        said = self.model_dump(exclude_defaults=True)
        return Selectors(**said) if said else None


class Outlet(Record):
    """An organisation that publishes.

    `country` is its seat (`xx` where that is not published), `covers` are the countries whose news
    it is read for, `domains` the hosts on which a path is an article of this outlet.
    """

    id: Identifier
    name: Annotated[dict[LanguageCode, Text], Field(min_length=1)]
    country: Country
    covers: Some[Country]
    timezone: Zone
    languages: Some[LanguageCode]
    kind: Kind
    domains: List[Host]
    homepage: Url | None = None
    alignment: Alignment = Alignment(label="unknown")
    ownership: Ownership | None = None
    feeds: List[Feed] = ()
    sitemaps: List[Sitemap] = ()
    listings: List[Listing] = ()
    urls: Urls = Urls()
    selectors: Places = Places()
    expect: Expect = Expect()
    blind: Blind | None = None
    render: bool = False
    """Whether its pages need a browser: they are loaded in Chromium, scripts and all."""
    egress: Identifier = DIRECT
    """Whose address asks it: the name of an egress in marsad.toml, or this machine's own."""
    evidence: List[Text] = ()
    notes: str = ""
    enabled: bool = True
    suppress: bool = False

    @model_validator(mode="after")
    def _has_hosts(self) -> Self:
        if self.enabled and not self.domains:
            raise ValueError("domains is empty, which only a disabled outlet may be")
        if strange := [host for host in self.urls.apart if host not in self.domains]:
            raise ValueError(f'urls.apart names "{strange[0]}", which is not among its domains')
        return self

    @property
    def display_name(self) -> str:
        """The English name, else the first."""
        return self.name.get("en") or next(iter(self.name.values()))

    @property
    def endpoints(self) -> tuple[tuple[FoundBy, Endpoint], ...]:
        """Every way of finding, with its kind."""
        return tuple((kind, way) for kind in WAYS for way in self.ways(kind))

    def ways(self, kind: FoundBy) -> tuple[Endpoint, ...]:
        """Its feeds, sitemaps or listings, on or off; none for a kind that is in no file."""
        ways = {
            FoundBy.FEED: self.feeds,
            FoundBy.SITEMAP: self.sitemaps,
            FoundBy.LISTING: self.listings,
        }
        return ways.get(kind, ())

    def front_page(self) -> str | None:
        """The page whose link tags may name feeds; None for an outlet without a site."""
        if self.homepage is None and self.domains:
            return f"https://{self.domains[0]}/"
        return self.homepage

    def owns(self, url: str) -> bool:
        """Whether an address lies on its hosts or their subdomains; all do where it names none."""
        host = (urlsplit(url).hostname or "").lower()
        return not self.domains or any(map(partial(lies_on, host), self.domains))

    def is_blind(self, day: dt.date) -> bool:
        """Whether a person has declared that we do not see it on a day."""
        return self.blind is not None and self.blind.covers(day)

    def url_key(self, url: str) -> str:
        """The key of one of its addresses."""
        return url_key(url, self.id, self.domains, self.urls.rules)

    @cached_property
    def key_digest(self) -> str:
        """Changes when any of its addresses may get another key."""
        unset = None if self.urls.apart else {"apart"}  # the keys of most outlets stay as they are
        return key_digest(self.domains, self.urls.model_dump_json(exclude=unset))

    def record(self) -> OutletRecord:
        """What the database keeps of it."""
        return OutletRecord(
            id=self.id,
            name=self.display_name,
            country=self.country,
            covers=self.covers,
            kind=self.kind,
            alignment=self.alignment.label,
            languages=self.languages,
            timezone=self.timezone,
            domains=self.domains,
            blind_since=self.blind.since if self.blind else None,
            blind_until=self.blind.until if self.blind else None,
            blind_reason=self.blind.reason if self.blind else None,
            names=tuple(sorted(self.name.items())),
        )

    def as_json(self) -> dict[str, Any]:
        """Everything that its files say, and which ways are on."""
        document = self.model_dump(mode="json", exclude={"suppress"})
        for kind in WAYS:
            for row, way in zip(document[f"{kind}s"], self.ways(kind), strict=True):
                del row["suppress"]
                row["on"] = way.on
        return document


class Outlets(Mapping[str, Outlet]):
    """All outlets by id, shipped and of the workspace, without suppressed ones."""

    def __init__(self, outlets: Iterable[Outlet], trees: Mapping[str, Table]) -> None:
        """Keep `outlets`, and for each id the tree that its values came from."""
        self._outlets = {outlet.id: outlet for outlet in outlets}
        self._trees = dict(trees)

    def __getitem__(self, outlet_id: str) -> Outlet:
        return self._outlets[outlet_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outlets)

    def __len__(self) -> int:
        return len(self._outlets)

    def select(
        self, ids: Iterable[str] = (), country: str | None = None, everything: bool = False
    ) -> list[Outlet]:
        """The outlets of these ids, and the enabled ones that cover a country, or all enabled.

        Raises UnknownOutlet for an id that no outlet has and a country that none covers.
        """
        chosen = {outlet_id: self.named(outlet_id) for outlet_id in ids}
        if country is not None:
            chosen |= {outlet.id: outlet for outlet in self._covering(country.lower())}
        if everything:
            chosen |= {outlet.id: outlet for outlet in self.values() if outlet.enabled}
        return list(chosen.values())

    def followed(self, countries: Iterable[str], languages: Iterable[str]) -> list[Outlet]:
        """The enabled outlets that a workspace follows: all of its own, and of the shipped ones
        those that cover one of its countries in one of its languages."""
        places, tongues = set(countries), set(languages)
        return [
            outlet
            for outlet in self.values()
            if outlet.enabled
            and (
                self._is_own(outlet.id)
                or (places & set(outlet.covers) and tongues & set(outlet.languages))
            )
        ]

    def _is_own(self, outlet_id: str) -> bool:
        return SHIPPED not in self._trees[outlet_id].place_of("country").file.path.parents

    def named(self, outlet_id: str) -> Outlet:
        """One outlet, or UnknownOutlet with the ids that come near."""
        if outlet_id not in self._outlets:
            hint = did_you_mean(outlet_id, self._outlets)
            raise UnknownOutlet(f'there is no outlet "{outlet_id}"{hint}')
        return self._outlets[outlet_id]

    def of_url(self, url: str) -> Outlet | None:
        """The outlet on whose hosts (or their subdomains) a URL lies; the longest host wins."""
        host = (urlsplit(url).hostname or "").lower()
        fits = [
            (len(domain), outlet)
            for outlet in self.values()
            for domain in outlet.domains
            if lies_on(host, domain)
        ]
        return max(fits, key=lambda fit: fit[0])[1] if fits else None

    def url_key(self, url: str, outlet_id: str) -> str:
        """The key of an address under an outlet, also under one whose file is gone."""
        outlet = self.get(outlet_id)
        return outlet.url_key(url) if outlet else url_key(url, outlet_id)

    def keys_of(self, address: str) -> tuple[str, ...]:
        """The keys under which an address as a person has it may be stored; none if it is none."""
        url = clean_url(address)
        if url is None:
            return ()
        outlet = self.of_url(url)
        own = (outlet.url_key(url),) if outlet else ()
        return (*own, url_key(url))

    def key_digest(self, outlet_id: str) -> str:
        """Changes when any address under an outlet may get another key."""
        outlet = self.get(outlet_id)
        return outlet.key_digest if outlet else key_digest((), "")

    def provenance(self, outlet_id: str) -> dict[str, str]:
        """For each value of an outlet, by dotted key, the file and line that it came from."""
        return {key: place for key, _, place in self.effective(outlet_id)}

    def place_of(self, outlet_id: str, key: str) -> Place:
        """Where the value of a key of an outlet was written down."""
        return self._trees[outlet_id].place_of(key)

    def effective(self, outlet_id: str) -> list[tuple[str, Any, str]]:
        """Each value of an outlet as (dotted key, value, file and line that it came from)."""
        self.named(outlet_id)
        found = leaves(self._trees[outlet_id])
        return [(dotted(path), leaf.value, str(leaf.place)) for path, leaf in found]

    def _covering(self, country: str) -> list[Outlet]:
        covering = [outlet for outlet in self.values() if country in outlet.covers]
        if not covering:
            known = sorted({code for outlet in self.values() for code in outlet.covers})
            raise UnknownOutlet(f'no outlet covers "{country}"; covered are {", ".join(known)}')
        return [outlet for outlet in covering if outlet.enabled]
