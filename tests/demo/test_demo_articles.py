"""The newsroom's articles: enough of them, each its own, and true to what they declare."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator

from crawler.demo.articles import OUTLETS, WATCHLISTS, sites
from crawler.demo.newsroom import NIGHTS
from crawler.demo.records import Article, Site

ACTORS = [
    actor
    for actor in tomllib.loads((WATCHLISTS / "demo.toml").read_text(encoding="utf-8"))["actors"]
    if actor["kind"] != "term"
]
MARKS = re.compile("[\u0640\u064b-\u0652\u200c]")  # tatweel, vowel marks, ZWNJ


def every_article() -> Iterator[tuple[Site, Article]]:
    return ((site, article) for site in sites() for article in site.articles)


def plain(text: str) -> str:
    return MARKS.sub("", text).replace("’", "'").casefold()


def four_grams(article: Article) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", plain(article.text))
    return {tuple(words[start : start + 4]) for start in range(len(words) - 3)}


def origin(site: Site, article: Article) -> str:
    return article.copy_of or f"{site.slug}:{article.path}"


def named(text: str) -> set[str]:
    return {
        actor["id"]
        for actor in ACTORS
        for form in actor["forms"]
        if form.get("mode") != "context"
        and (
            form["text"] in text
            if form.get("mode") == "acronym"
            else plain(form["text"]) in plain(text)
        )
    }


def test_there_are_120_articles_that_a_correct_crawl_stores() -> None:
    readable = [article for site, article in every_article() if article.expect is None]

    assert len(readable) >= 120


def test_all_five_languages_have_their_articles() -> None:
    counts = Counter(article.language for _, article in every_article())

    assert counts["ar"] >= 50
    assert min(counts[code] for code in ("fr", "en", "ckb")) >= 15
    assert counts["kmr"] >= 10


def test_outlets_come_from_three_countries_and_a_pan_arab_desk() -> None:
    countries = Counter(folder.parent.name for folder in OUTLETS.glob("*/*.toml"))

    assert set(countries) == {"iq", "ma", "bh", "gb"}
    assert countries.total() == len(sites()) >= 10


def test_no_two_articles_share_text_but_the_planted_copies() -> None:
    told = [(origin(*each), four_grams(each[1])) for each in every_article()]

    for (first, grams), (second, others) in itertools.combinations(told, 2):
        shared = len(grams & others) / min(len(grams), len(others))
        assert (first == second) == (shared > 0.3), (first, second, shared)


def test_the_agency_text_has_four_reprints_of_four_kinds() -> None:
    texts = {site.slug: article for site, article in every_article() if article.copy_of}
    source = next(a for s, a in every_article() if f"{s.slug}:{a.path}" == texts["ufuq"].copy_of)
    agency = source.paragraphs

    assert set(texts) == {"nakhla", "zaafaran", "lulua", "ufuq"}
    assert texts["nakhla"].paragraphs == agency
    assert texts["zaafaran"].paragraphs == agency[:2] + agency[3:]
    assert texts["lulua"].paragraphs[1:-1] == agency
    assert texts["ufuq"].paragraphs == agency[:2]


def test_each_article_names_exactly_the_actors_it_declares() -> None:
    for site, article in every_article():
        for at in (article.published, NIGHTS[1]):
            said = article.as_of(at)
            text = said.headline + "\n" + "\n".join(said.paragraphs)
            assert named(text) == set(said.names), (site.slug, article.path)


def test_boxes_and_comments_name_actors_that_their_articles_do_not() -> None:
    assert all(named(line) for site in sites() for box in site.boxes for line in box.lines)
    strangers = [
        named(comment) - set(article.names)
        for _, article in every_article()
        for comment in article.comments
    ]
    assert sum(map(bool, strangers)) >= 5


def test_every_actor_is_named_somewhere() -> None:
    assert {name for _, article in every_article() for name in article.names} == {
        actor["id"] for actor in ACTORS
    }


def test_paths_are_unique_and_every_article_is_published_before_the_last_night() -> None:
    paths = Counter((site.slug, article.path) for site, article in every_article())

    assert max(paths.values()) == 1
    assert all(article.published <= NIGHTS[1] for _, article in every_article())


def test_sorani_articles_hold_zwnj_or_are_served_in_old_letters() -> None:
    heftchya = next(site for site in sites() if site.slug == "heftchya")
    zerdelu = next(site for site in sites() if site.slug == "zerdelu")

    assert all("\u200c" in article.text for article in heftchya.articles[:4])
    assert zerdelu.spell("دەنگی کوردی") == "ده\u200cنگي كوردي"
