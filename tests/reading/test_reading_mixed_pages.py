"""Something beside the article that looks like it, in its place, or named in a class."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from reading import template_outlets as made

from crawler.reading.page import read_page
from crawler.reading.templates import learn_template
from storage.models import Outcome, Page, Reading
from storage.reasons import CONSENT
from storage.template_records import Template

REQUEST = {
    "en": "We and our partners store and access personal data, such as unique identifiers, on this"
    " device. With accept all you agree to personalised ads.",
    "fr": "Nous et nos partenaires stockons des informations sur un terminal et traitons des"
    " données personnelles. Vous pouvez tout accepter ou retirer votre consentement.",
    "ar": "نحن وشركاؤنا نخزن معلومات على الجهاز ونعالج البيانات الشخصية لعرض إعلانات مخصصة، ويمكنك"
    " سحب موافقتك في أي وقت أو قبول الكل.",
}
TAGGED = "post-17 type-post tag-basma-example author-basma-example category-rights"


@cache
def learned(language: str) -> Template:
    return learn_template(made.pages(language, range(6)), context=made.context(language))


def both_ways(page: Page, language: str) -> list[Reading]:
    context = made.context(language)
    return [read_page(page, replace(context, template=one)) for one in (learned(language), None)]


@pytest.mark.parametrize("language", REQUEST)
def test_a_request_for_consent_above_the_text_is_none_of_it(language: str) -> None:
    one = made.article(language, 90)
    shown = replace(one, paragraphs=(REQUEST[language], *one.paragraphs))

    for reading in both_ways(made.page(shown), language):
        assert reading.text == one.text


@pytest.mark.parametrize("language", REQUEST)
def test_a_request_for_consent_in_the_place_of_the_text_is_no_article(language: str) -> None:
    shown = replace(made.article(language, 91), paragraphs=(REQUEST[language],) * 2)

    for reading in both_ways(made.page(shown), language):
        assert (reading.outcome, reading.reason) == (Outcome.NOT_ARTICLE, CONSENT)


def test_the_next_article_under_one_is_not_part_of_it() -> None:
    def shown(number: int, *others: int) -> str:
        articles = [made.article("en", each) for each in (number, *others)]
        units = [
            f"<article class='unit'><h1>{one.headline}</h1><div class='story'>"
            f"{''.join(f'<p>{line}</p>' for line in one.paragraphs)}</div></article>"
            for one in articles
        ]
        head = f"<title>{articles[0].headline} | Example</title>"
        return f"<html><head>{head}</head><body>{''.join(units)}</body></html>"

    context = made.context("en")
    template = learn_template([made.page_of(shown(number)) for number in range(6)], context=context)
    assert template.usable

    for way in (template, None):
        reading = read_page(made.page_of(shown(92, 93, 94)), replace(context, template=way))
        assert reading.text == made.article("en", 92).text, way and way.rules


def test_no_name_of_a_person_in_a_class_is_kept_in_a_template() -> None:
    markups = [made.markup(made.article("en", number)) for number in range(6)]
    pages = [made.page_of(one.replace('class="main"', f'class="main {TAGGED}"')) for one in markups]

    template = learn_template(pages, context=made.context("en"))

    assert template.usable
    assert "basma" not in template.to_json()
    assert "rights" not in template.to_json()
