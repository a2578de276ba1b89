"""Dates that a page states in one odd place only: believed where no other contradicts them."""

from __future__ import annotations

import json

import pytest
from reading.reading_pages import ARABIC, FRENCH, context, page

from crawler.reading.page import read_page
from storage.models import Reading

H1 = "<h1>Le marché du port rouvre ce samedi</h1>"
HEAD = "<title>Le marché du port rouvre ce samedi</title>"
TEXT = "".join(f"<p>{number}. {FRENCH}</p>" for number in range(1, 5))
GERMAN = "Der Markt am alten Hafen öffnet wieder, sagte die Gemeinde am Dienstag vor den Händlern. "


def read(
    body: str, *, head: str = HEAD, url: str = "https://almithal.test/n/7", lang: str = "fr"
) -> Reading:
    """A page of an outlet, read."""
    markup = f"<html lang={lang}><head>{head}</head><body><article>{body}</article></body></html>"
    return read_page(page(markup, url=url), context(languages=(lang,)))


def day(reading: Reading) -> tuple[str, str]:
    """The local day of publication, and where it stood."""
    at = reading.published_at
    return (f"{at:%Y-%m-%d}" if at else "", dict(reading.methods).get("published_at", ""))


@pytest.mark.parametrize(
    ("body", "method"),
    [
        # right under the lead
        (f"{H1}<p>{FRENCH}</p><div>5 mars 2026 · 4 min</div>{TEXT}", "visible"),
        # a dateline
        (f"{H1}<p>Rabat, (05.03.2026). {FRENCH}</p>{TEXT}", "visible"),
        (f"{H1}<p>5 mars 2026 – {FRENCH}</p>{TEXT}", "visible"),
        # microdata in what is called a footer
        (f"{H1}{TEXT}<div class=footer><time itemprop=datePublished datetime=2026-03-05>"
         "</time></div>", "visible"),
        # the only date of publication in a program's data
        (f'{H1}{TEXT}<script>x={{"publishedAt":"2026-03-05T09:00:00Z","n":1}}</script>',
         "jsonld:script"),
        (f"{H1}{TEXT}<div data-x='{{&quot;datePublished&quot;:&quot;2026-03-05&quot;}}'></div>",
         "jsonld:script"),
        # a paragraph that begins with what is called a date
        (f"{H1}<p><span class=date>5 mars 2026</span> {FRENCH} {FRENCH}</p>{TEXT}", "visible"),
        # what content systems write under an article
        (f"{H1}{TEXT}<div class=info>Gespeichert von Salma am 05.03.2026</div>", "visible"),
        # right above the headline, in a small part of the page that links to what it is about
        (f"<div><p>5 mars 2026 10:16 - Ville</p>{H1}<a href=/p>La page du vieux port de la ville"
         f"</a></div>{TEXT}", "visible"),
        # beside the headline of a page that lists others with their dates
        (f"{H1}<div>5 mars 2026</div>{TEXT}" + "".join(
            f"<div><p>{day} mars 2026</p></div>" for day in range(6, 11)), "visible"),
        # the head of the article, which is not that of the page
        (f"<header><div>5 mars 2026</div></header>{H1}{TEXT}", "visible"),
    ],
)  # fmt: skip
def test_a_date_alone_is_believed(body: str, method: str) -> None:
    assert day(read(body)) == ("2026-03-05", method)


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<p>{FRENCH}</p><div>5 mars 2026</div><p>{FRENCH}</p><div>9 mars 2026</div>{TEXT}",
        f"{H1}<p>{FRENCH}</p><h3>5 mars 2026</h3>{TEXT}",  # a chronicle
        f"{H1}<p>{FRENCH}</p><div>Mis à jour le 5 mars 2026</div>{TEXT}",
        f"{H1}<p>Le 5 mars 2026, {FRENCH}</p>{TEXT}",  # what is told
        f'{H1}{TEXT}<script>[{{"publishedAt":"2026-03-05"}},{{"publishedAt":"2026-03-06"}}]</script>',
        f"{H1}{TEXT}<time itemprop=datePublished datetime=2026-03-05></time>"
        "<time itemprop=datePublished datetime=2026-03-09></time>",
        f"{H1}<p>22 novembre 2026 – {FRENCH}</p>{TEXT}",  # the day of the visit
    ],
)
def test_in_doubt_there_is_no_date(body: str) -> None:
    assert day(read(body)) == ("", "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://almithal.test/2026/mar/05/a", "2026-03-05"),
        ("https://almithal.test/2026-03/05/a", "2026-03-05"),
        ("https://almithal.test/2026/abc/05/a", ""),
    ],
)
def test_addresses_name_days_in_several_ways(url: str, expected: str) -> None:
    assert day(read(H1 + TEXT, url=url))[0] == expected


def test_a_date_in_another_language_is_read_where_nothing_else_is_found() -> None:
    body = f"<h1>Markt am Hafen öffnet</h1><div class=date>5. März 2026</div><p>{GERMAN * 8}</p>"

    found = read(body, head="<title>Markt am Hafen öffnet</title>", lang="de")

    assert day(found) == ("2026-03-05", "visible:dateparser")


def test_the_description_of_a_page_dates_its_article() -> None:
    node = {"@type": "WebPage", "name": "x", "datePublished": "2026-03-05T10:00:00+00:00"}
    head = f'{HEAD}<script type="application/ld+json">{json.dumps({"@graph": [node]})}</script>'

    found = read(H1 + TEXT, head=head)

    assert day(found) == ("2026-03-05", "jsonld")
    assert found.headline == "Le marché du port rouvre ce samedi"  # a page's name is no headline


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"Le marché "du port"","datePublished":"2026-03-05"}',
        '{"@type":"NewsArticle","datePublished":"2026-03-05"}} trailing',
        '{"@type":"NewsArticle","image":"<img src="a">","datePublished":"2026-03-05",}',
    ],
)
def test_a_broken_description_still_tells_its_plain_facts(script: str) -> None:
    head = f'{HEAD}<script type="application/ld+json">{script}</script>'

    assert day(read(H1 + TEXT, head=head)) == ("2026-03-05", "jsonld")


def test_the_headline_is_not_the_link_to_it_in_a_list_below() -> None:
    title = "سكان الحي يطالبون بمدرسة جديدة"
    text = "".join(f"<p>{number}. {ARABIC}</p>" for number in range(1, 6))
    body = f"<div>{title}</div><span class=date>5 آذار 2026</span>{text}<h3>{title}</h3>"

    found = read(body, head=f"<title>{title}</title>", lang="ar")

    assert day(found) == ("2026-03-05", "visible")


@pytest.mark.parametrize(
    "text", ["2026年3月5日 12時00分", "2026년 3월 5일 오전", "2026年03月05日(木)"]
)
def test_dates_whose_parts_are_named_in_chinese_or_korean_need_no_guess(text: str) -> None:
    assert day(read(f"{H1}<p class=date>{text}</p>{TEXT}")) == ("2026-03-05", "visible")


def test_a_day_of_the_visit_right_above_the_headline_dates_nothing() -> None:
    listed = "".join(f"<div><p>{day} mars 2026</p></div>" for day in range(6, 11))

    assert day(read(f"<p>22 novembre 2026</p>{H1}{TEXT}{listed}")) == ("", "")
