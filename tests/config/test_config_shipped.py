from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.outletfiles import shipped_outlets
from crawler.outlets import Outlet
from crawler.watchlistfiles import shipped_watchlists
from crawler.workspace import Config, load_config
from storage.models import FoundBy

KEEPING = {"term_hrd", "term_activist", "term_cso", "term_journalist", "term_repression"}
SAYING = {
    *("term_smear", "term_service", "term_volunteering", "term_reports", "term_awards"),
    *("term_universities", "term_associations"),
}


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(None)


def test_the_shipped_files_load_without_a_problem(config: Config) -> None:
    assert len(config.outlets) > 200
    assert len(config.actors) > 200


def test_every_outlet_and_address_has_evidence(config: Config) -> None:
    for outlet in config.outlets.values():
        assert outlet.evidence, outlet.id
        assert all(way.evidence for _, way in outlet.endpoints), outlet.id


def test_only_published_evidence_gives_an_alignment(config: Config) -> None:
    labelled = [o.alignment for o in config.outlets.values() if o.alignment.label != "unknown"]

    assert labelled
    for alignment in labelled:
        assert not any("general knowledge" in line for line in alignment.evidence)


def test_only_grade_a_is_on_without_a_probe(config: Config) -> None:
    ways = [way for outlet in config.outlets.values() for _, way in outlet.endpoints]

    assert {way.grade for way in ways} == {"A", "B", "C"}
    assert all(way.on == (way.grade == "A") for way in ways if way.enabled)


def test_the_disabled_outlets_say_why(config: Config) -> None:
    disabled = [outlet for outlet in config.outlets.values() if not outlet.enabled]

    assert {"bh_alwasat", "iq_iraqhurr", "xx_radiosawa"} <= {outlet.id for outlet in disabled}
    assert all(outlet.notes for outlet in disabled)


@pytest.mark.parametrize(
    ("outlet_id", "hosts"),
    [
        ("iq_shafaq", {"shafaq.com", "shafaaq.com"}),
        ("iq_almaalomah", {"almaalomah.me", "almaalomah.com"}),
        ("iq_nrt", {"nrttv.com", "nrt-news.com", "nrtnews.net"}),
        ("iq_rudaw", {"rudaw.net", "rudawarabia.net"}),
        ("ma_lakome2", {"lakome2.com", "lakome.com"}),
        ("xx_raseef22", {"raseef22.net", "raseef22.com"}),
        ("bh_bahrainmirror", {"bahrainmirror.com", "bh-mirror.ufcfan.org", "mirrorbah.hopto.me"}),
    ],
)
def test_an_outlet_that_moved_keeps_all_its_hosts(
    config: Config, outlet_id: str, hosts: set[str]
) -> None:
    assert hosts <= set(config.outlets[outlet_id].domains)


def test_exile_press_and_pan_arab_desks_are_found_by_whose_news_they_tell(config: Config) -> None:
    chosen = {outlet.id: outlet for outlet in config.outlets.select(country="bh")}

    assert chosen["bh_lualua"].country == "gb"
    assert {"bh_bahrainmirror", "xx_aljazeera-net", "xx_alaraby"} <= set(chosen)
    assert all(
        {"iq", "ma", "bh"} & set(outlet.covers)
        for outlet in config.outlets.values()
        if outlet.id.startswith("xx_")
    )


def test_the_outlets_of_the_three_countries_have_their_zones(config: Config) -> None:
    zones = {"iq": "Asia/Baghdad", "ma": "Africa/Casablanca", "bh": "Asia/Bahrain"}

    for outlet in config.outlets.values():
        assert zones.get(outlet.country, outlet.timezone) == outlet.timezone


@pytest.mark.parametrize(
    ("outlet_id", "listing", "article", "other"),
    [
        (
            "bh_albilad",
            "https://www.albiladpress.com/latest-news",
            "/news/2026/6612/bahrain/912345.html",
            "/latest-news?page=2",
        ),
        (
            "bh_bahrainmirror",
            "https://mirrorbah.hopto.me/category/74.html",
            "/en/news/59842.html",
            "/category/74-120.html",
        ),
        (
            "iq_awene",
            "https://www.awene.com/part?section=2",
            "/detail?article=17",
            "/part?section=3",
        ),
        (
            "iq_rudaw",
            "https://www.rudaw.net/sorani",
            "/sorani/sports/260620241",
            "/sorani/sports",
        ),
        (
            "iq_basnews",
            "https://www.basnews.com/so/babat",
            "/en/babat/919719",
            "/so/babat",
        ),
        (
            "iq_kurdistan24",
            "https://www.kurdistan24.net/ckb/latest",
            "/ckb/story/873072/some-words",
            "/ckb/list/category/9",
        ),
        (
            "iq_pukmedia",
            "https://www.pukmedia.com/EN/Home",
            "/KK/Details/60541",
            "/EN/Home",
        ),
        ("iq_hawlati", "https://hawlati.co/news", "/page_detail?smart-id=9865", "/news?page=2188"),
        (
            "iq_ina",
            "https://ina.iq/en/latest/",
            "/en/local/43822-planning-minister-announces-final-results.html",
            "/en/latest/",
        ),
    ],
)
def test_article_patterns_fit_the_addresses_they_were_made_for(
    config: Config, outlet_id: str, listing: str, article: str, other: str
) -> None:
    (way,) = [way for way in config.outlets[outlet_id].listings if way.url == listing]

    assert way.is_article(article)
    assert not way.is_article(other)


def test_a_feed_of_another_host_makes_that_host_no_article_host(config: Config) -> None:
    assert "feeds.feedburner.com" not in config.outlets["bh_alayam"].domains
    assert any("feedburner" in way.url for way in config.outlets["bh_alayam"].ways(FoundBy.FEED))


def test_actors_have_evidence_and_the_terms_their_sets(config: Config) -> None:
    assert all(actor.evidence for actor in config.watched)
    assert {actor.id for actor in config.watched if actor.kind == "term"} == KEEPING | SAYING


@pytest.mark.parametrize("language", ["ar", "fr", "en", "ckb", "kmr"])
def test_every_set_of_terms_speaks_every_language(config: Config, language: str) -> None:
    for actor in config.watched:
        if actor.kind == "term":
            assert language in {form.language for form in actor.forms}, actor.id


def test_words_that_mean_something_else_never_trigger_alone(config: Config) -> None:
    modes = {form.text: form.mode for actor in config.watched for form in actor.forms}

    for word in ("صحفي", "إعلامي", "عملاء", "militant", "BIRD", "MALI", "همم", "راصد", "وعد"):
        assert modes.get(word, "context") == "context", word


def test_kurdish_terms_of_our_own_await_a_speaker(config: Config) -> None:
    for actor in config.watched:
        if actor.id in SAYING - {"term_smear"}:
            assert not any(f.verified for f in actor.forms if f.language in ("ckb", "kmr"))


def test_no_evidence_is_left_abbreviated() -> None:
    folders = (shipped_outlets(), shipped_watchlists())
    files = [path for folder in folders for path in folder.rglob("*.toml")]

    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\b(?:AUDIT|HARCH|THEATER|WARTRACK)\d|BISMAYAH|CITLAB|\bGK\b", text
        ), path


def test_file_names_are_the_ids(config: Config) -> None:
    stems = {f"{path.parent.name}_{path.stem}" for path in Path(shipped_outlets()).rglob("*.toml")}

    assert stems == set(config.outlets)


def test_a_shipped_outlet_names_itself_in_a_language_it_is_known_by(config: Config) -> None:
    def named(outlet: Outlet) -> bool:
        return "en" in outlet.name or bool(set(outlet.languages) & set(outlet.name))

    assert all(named(outlet) for outlet in config.outlets.values())
