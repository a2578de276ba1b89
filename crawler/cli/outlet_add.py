"""`marsad outlets add`: a new outlet from its address, tried before it is saved."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.markup import escape

from crawler.cli.actor_files import DryRunOption, YesOption
from crawler.cli.common import (
    FAILED,
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.cli.outlet_samples import sample_json, show_samples
from crawler.cli.probe import run_order
from crawler.cli.probe_view import show_ways
from crawler.countries import country_of_host, zones_of
from crawler.newcomers import (
    UNKNOWN_LANGUAGE,
    NotAnOutlet,
    Said,
    address,
    draft,
    file_of,
    file_text,
    host_of,
    refuse_known,
)
from crawler.outlets import Outlet, ProbeResult, record_probe
from crawler.outlettoml import proposed, remarks
from crawler.workspace import Workspace, add_outlets, load_config
from storage.times import utc_now

if TYPE_CHECKING:  # the engine takes a second to import
    from crawler.engine.probe_notes import Probed
    from crawler.engine.probe_samples import Samples

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="The address of the site.")]
IdOption = Annotated[
    str | None, typer.Option("--id", help="Its id, as ma_example; else made of its host.")
]
CountryOption = Annotated[
    str | None, typer.Option("--country", help="Its seat, two letters such as ma.")
]
CoversOption = Annotated[
    list[str] | None, typer.Option("--covers", help="Whose news it is read for; else its seat's.")
]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option("--language", help="A language it publishes in; else as its articles say."),
]
ZoneOption = Annotated[
    str | None, typer.Option("--timezone", help="Its time zone, where the country has several.")
]
KindOption = Annotated[str, typer.Option("--kind", help="agency, daily, portal, broadcaster …")]
NameOption = Annotated[str | None, typer.Option("--name", help="Its name; else as its page says.")]


def add(
    url: UrlArgument,
    outlet_id: IdOption = None,
    country: CountryOption = None,
    covers: CoversOption = None,
    language: LanguageOption = None,
    timezone: ZoneOption = None,
    kind: KindOption = "portal",
    name: NameOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an outlet to the workspace: probe its site, read five articles, show the new file.

    Only then asks whether to save. Name and languages come from the site's own pages; the country
    is asked for where it is not told. Without a terminal to ask on, saves only with --yes, and
    ends with 3 otherwise.

    Examples:

      marsad outlets add https://example.ma --country ma

      marsad outlets add example.iq --country iq --language ckb --yes --json
    """
    place = open_workspace(workspace)
    with human_errors():
        outlets = load_config(place).outlets
    try:
        site = address(url)
        refuse_known(outlets, site)
        said = Said(
            site,
            (country or _asked_country(site)).lower(),
            outlet_id,
            timezone,
            tuple(language or ()),
            tuple(code.lower() for code in covers or ()),
            kind,
            name,
        )
        new = draft(said, outlets)
    except NotAnOutlet as wrong:
        fail(str(wrong))
    probed, samples = _probe(place, new)
    known = _known(new, probed, samples, said)
    _settle(place, known, (probed, samples), yes=yes, dry_run=dry_run, as_json=as_json)


def _asked_country(url: str) -> str:
    """The country as a person says it; ends where nobody can be asked."""
    guess = country_of_host(host_of(url))
    if not sys.stdin.isatty():
        fail("--country is missing: the seat of the outlet, two letters such as ma")
    while True:
        answer: str = typer.prompt("Country of the outlet (two letters)", default=guess, err=True)
        if zones_of(answer.lower()):
            return answer
        err.print(f'"{escape(answer)}" is no country')


def _probe(place: Workspace, new: Outlet) -> "tuple[Probed, Samples]":
    """What a probe of the site saw, and articles of it; ends where it has no way in."""
    from crawler.engine.crawl import Order

    order = Order("probe", draft=new, argv=("outlets", "add"))
    spider = run_order(place, order, f"Asking {host_of(new.homepage or '')} …")
    probed = spider.found.get(new.id)
    if probed is None:
        fail("the probe was cut short", FAILED)
    if not any(one.adds for one in probed.results):
        _refuse(new, probed.results)
    return probed, spider.samples


def _refuse(new: Outlet, results: list[ProbeResult]) -> NoReturn:
    """End with why a site has no way in."""
    show_ways(results, console=err)
    for remark in remarks(new, results):
        err.print(escape(remark))
    site = next((one for one in results if one.kind == "site"), None)
    reason = site.reason if site and not site.works else "no feed, sitemap or list of articles"
    where = site.url if site else new.homepage
    fail(f"no way into {where} was found: {reason}; nothing was saved", FAILED)


def _known(new: Outlet, probed: "Probed", samples: "Samples", said: Said) -> Outlet:
    """The draft with the languages and the name that its pages tell, where a person did not."""
    read = Counter(one.language for one in samples.read if one.language != UNKNOWN_LANGUAGE)
    told = [probed.doors.language] if probed.doors.language else []
    languages = said.languages or tuple(
        dict.fromkeys([*(code for code, _ in read.most_common()), *told])
    )
    if not languages:
        fail("its pages do not tell their language: say --language; nothing was saved")
    name = said.name or next(iter(probed.doors.names), None) or new.domains[0]
    key = "en" if name.isascii() else languages[0]
    try:
        return Outlet.model_validate(
            {**dict(new), "languages": languages, "name": {key: _clean(name)}}
        )
    except ValueError:
        return Outlet.model_validate(
            {**dict(new), "languages": languages, "name": {"en": new.domains[0]}}
        )


def _clean(name: str) -> str:
    """A name from a page without marks that nobody sees."""
    from crawler.actorcells import plain

    return plain(name)


def _settle(
    place: Workspace,
    new: Outlet,
    found: "tuple[Probed, Samples]",
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show the file and the articles, ask, save, and end with the exit code that says so."""
    probed, samples = found
    text = file_text(new, proposed(probed.results, ()), utc_now().date())
    path = file_of(place.outlets_dir, new.id)
    if not as_json:
        _show(path, text, probed.results, samples)
    person = sys.stdin.isatty()
    saves = not dry_run and (yes or (person and typer.confirm("Save?", default=False, err=True)))
    if saves:
        with human_errors():
            add_outlets(place, {path: text})
        record_probe(place, new.id, probed.results)
        err.print(escape(f"saved in {path}; next: marsad crawl {new.id}"))
    else:
        err.print("nothing was saved" + ("" if dry_run or person else "; --yes saves unasked"))
    if as_json:
        print_json(_document(new, path if saves else None, text, found))
    if not (saves or dry_run or person):
        raise typer.Exit(NEEDS_A_PERSON)


def _show(path: Path, text: str, results: list[ProbeResult], samples: "Samples") -> None:
    show_ways(results)
    out.print(f"\n[bold]{escape(path.name)}[/bold]")
    out.print(escape(text), end="")
    show_samples(samples)


def _document(
    new: Outlet, path: Path | None, text: str, found: "tuple[Probed, Samples]"
) -> dict[str, Any]:
    """What came of it, for machines."""
    probed, samples = found
    return {
        "id": new.id,
        "saved": str(path) if path else None,
        "toml": text,
        "ways": [one for one in probed.results if one.kind != "site"],
        "site": next((one for one in probed.results if one.kind == "site"), None),
        "samples": [sample_json(one) for one in samples.read],
        "failed": [{"url": url, "reason": reason} for url, reason in samples.failed],
    }
