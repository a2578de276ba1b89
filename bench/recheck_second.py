"""A second set of layouts, noise and edits.

The first figure that it gave showed that lists of words cannot hold what every site prints; short
lines that are no sentences are passed over since. So it is no longer held out.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from html import escape

from bench.recheck_pages import Look
from bench.recheck_texts import Written, sentence


@dataclass(frozen=True)
class Around:
    """What these sites print around their articles."""

    read: str
    box: str
    most: str
    ad: str
    prompt: str
    views: str
    comments: str
    updated: str
    ago: str
    length: str


AROUND = {
    "ar": Around(
        "تفاصيل أكثر في:", "من أخبارنا", "الأكثر متابعة", "إعلان تجاري",
        "لمتابعة أحدث الأخبار حملوا تطبيق الجريدة من هنا", "عدد المشاهدات: {n}", "({n}) تعليق",
        "حُدّث في {clock}", "قبل {n} دقيقة", "مدة القراءة {n} دقائق",
    ),
    "fr": Around(
        "Lire notre article :", "Vous pourriez aimer", "Top articles", "- Publicité -",
        "Recevez chaque matin l'essentiel de l'actualité par mail", "Lu {n} fois",
        "Commentaires ({n})", "Modifié le {day} à {clock}", "Il y a {n} min", "{n} min de lecture",
    ),
    "en": Around(
        "READ:", "More in Politics", "Popular this week", "ADVERTISEMENT",
        "Follow our WhatsApp channel for updates", "Views: {n}", "Join {n} others in the comments",
        "Updated: {day} {clock}", "{n}m ago", "{n} min read",
    ),
    "ckb": Around(
        "هەواڵی پەیوەست:", "بابەتی زیاتر", "پڕبینەرترین", "ڕێکلام",
        "بۆ هەواڵی زیاتر سەردانی فەیسبووکەکەمان بکە", "بینەر: {n}", "لێدوان ({n})",
        "کاتی نوێکردنەوە: {clock}", "{n} خولەک لەمەوبەر", "{n} خولەک خوێندنەوە",
    ),
    "kmr": Around(
        "Bixwîne:", "Nûçeyên din", "Pir têne xwendin", "REKLAM", "Me li Facebookê bişopînin",
        "Dîtin: {n}", "Şîrove ({n})", "Dema nûkirinê: {clock}", "{n} deqe berê",
        "{n} deqe xwendin",
    ),
}  # fmt: skip


def _start(article: Written, look: Look) -> str:
    title = escape(article.headline)
    return (
        f"<html lang='{look.tongue.code}'><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta name='nonce' content='{look.dice.random()}'></head><body class='v{look.number(3)}'>"
    )


def _body(article: Written, look: Look, tag: str) -> str:
    """The paragraphs, with links, advertising and a prompt where this look has them."""
    say = AROUND[look.tongue.code]
    made = []
    for place, lines in enumerate(article.paragraphs):
        made.append(f"<{tag}>{escape(' '.join(lines), quote=False)}</{tag}>")
        if place == 1:
            made.append(f"<p><b>{say.read}</b> <a href='/n'>{look.titles(1)[0]}</a></p>")
        if place == 3:
            made.append(look.maybe(f"<div class='adv'>{say.ad}</div>"))
            made.append(look.maybe(f"<p>{escape(say.prompt)}</p>"))
    return "".join(made)


def portal(article: Written, look: Look) -> str:
    """A portal: counters under the headline, cards of other articles behind the text."""
    say = AROUND[look.tongue.code]
    cards = "".join(
        f"<div class='card'><h4>{title}</h4><span>{look.said(say.ago, 59)}</span></div>"
        for title in look.titles(4)
    )
    return (
        f"{_start(article, look)}<h1>{escape(article.headline)}</h1><ul class='info'>"
        f"<li>{look.said(say.updated)}</li><li>{look.said(say.views)}</li>"
        f"<li>{look.said(say.length, 9)}</li></ul><div class='story'>{_body(article, look, 'p')}"
        f"</div><h3>{say.box}</h3>{cards}<h3>{look.said(say.comments, 90)}</h3></body></html>"
    )


def agency(article: Written, look: Look) -> str:
    """An agency: divisions for paragraphs, times beside the text, the day's list at the side."""
    say = AROUND[look.tongue.code]
    return (
        f"{_start(article, look)}<table><tr><td class='side'><b>{say.most}</b><ol>{look.links(6)}"
        f"</ol></td><td><h1>{escape(article.headline)}</h1><small>{look.said(say.updated)}</small>"
        f"<div id='text'>{_body(article, look, 'div')}</div><p>{look.said(say.views)}</p></td></tr>"
        f"</table><p>{look.said('{day} {clock}')}</p></body></html>"
    )


def weekly(article: Written, look: Look) -> str:
    """A magazine: sections in a main part, a box in the middle, a list of readers' favourites."""
    say = AROUND[look.tongue.code]
    half = len(article.paragraphs) // 2
    parts = [
        article.of(list(some)) for some in (article.paragraphs[:half], article.paragraphs[half:])
    ]
    first, second = (_body(part, look, "p") for part in parts)
    middle = f"<aside><h4>{say.box}</h4><ul>{look.links(3)}</ul></aside>"
    return (
        f"{_start(article, look)}<main><h1>{escape(article.headline)}</h1>"
        f"<p>{look.said(say.ago, 59)}"
        f" • {look.said(say.length, 9)}</p><section>{first}{middle}{second}</section>"
        f"<section><h4>{say.most}</h4>{look.links(5)}</section></main></body></html>"
    )


LAYOUTS = (portal, agency, weekly)
_NUMBER = re.compile(r"\d{2,}")
_WORD = re.compile(r"[^\W\d_]{4,}")


def _at(article: Written, dice: random.Random, pattern: re.Pattern[str], new: str) -> Written:
    """The article with one match in one sentence exchanged; `new` may hold the old as {}."""
    places = [place for place in article.sentences if pattern.search(article.at(place))]
    if not places:
        return article
    place = dice.choice(places)
    matches = list(pattern.finditer(article.at(place)))
    found, text = dice.choice(matches), article.at(place)
    changed = f"{text[: found.start()]}{new.format(found[0])}{text[found.end() :]}"
    return article.put(place, changed)


def denied(article: Written, dice: random.Random) -> Written:
    """A small word turns a sentence round."""
    words = {"ar": "لم {}", "fr": "pas {}", "en": "not {}", "ckb": "نە {}", "kmr": "ne {}"}
    return _at(article, dice, _WORD, words[article.tongue.code])


def doubted(article: Written, dice: random.Random) -> Written:
    """A word of doubt stands before another word."""
    words = {"ar": "ما يسمى {}", "fr": "prétendu {}", "en": "so-called {}", "ckb": "بەناو {}"}
    return _at(article, dice, _WORD, words.get(article.tongue.code, "bi navê {}"))


def one_letter(article: Written, dice: random.Random) -> Written:
    """A name's spelling is corrected by one letter, in one place."""
    name = dice.choice(article.names).split()[-1]
    letter = "ن" if article.tongue.code in ("ar", "ckb") else "t"
    return _at(article, dice, re.compile(re.escape(name)), f"{{}}{letter}")


def another_number(article: Written, dice: random.Random) -> Written:
    """A number becomes ten times as large."""
    return _at(article, dice, _NUMBER, "{}0")


def day_moved(article: Written, dice: random.Random) -> Written:
    """A weekday becomes another."""
    old, new = dice.sample(article.tongue.words["day"], 2)
    return _at(article, dice, re.compile(re.escape(old)), new)


def unquoted(article: Written, dice: random.Random) -> Written:
    """What was quoted is said by the outlet itself."""
    places = [place for place in article.sentences if re.search('[«"]', article.at(place))]
    if not places:
        return article
    place = dice.choice(places)
    return article.put(place, re.sub('[«»"]', "", article.at(place)))


def group_doubted(article: Written, dice: random.Random) -> Written:
    """Quotation marks around the name of a group."""
    group = dice.choice(article.tongue.words["group"])
    return _at(article, dice, re.compile(f"(?<![«“]){re.escape(group)}"), "“{}”")


def lead_rewritten(article: Written, dice: random.Random) -> Written:
    """The first sentence is another one."""
    return article.put((0, 0), sentence(article.tongue, dice, list(article.names)))


def turned(article: Written, _: random.Random) -> Written:
    """The second paragraph comes first."""
    first, second, *rest = article.paragraphs
    return article.of([second, first, *rest])


def middle_cut(article: Written, _: random.Random) -> Written:
    """A paragraph from the middle goes."""
    middle = len(article.paragraphs) // 2
    return article.of([*article.paragraphs[:middle], *article.paragraphs[middle + 1 :]])


def correction_added(article: Written, dice: random.Random) -> Written:
    """A paragraph is added at the end."""
    return article.of([*article.paragraphs, (sentence(article.tongue, dice, [*article.names]),)])


def headline_shortened(article: Written, _: random.Random) -> Written:
    """The headline loses its last words."""
    return replace(article, headline=" ".join(article.headline.split()[:-2]))


def headline_shouts(article: Written, _: random.Random) -> Written:
    """The headline gets an exclamation mark."""
    return replace(article, headline=f"{article.headline.rstrip('!؟?')}!")


EDITS = (
    *(denied, doubted, one_letter, another_number, day_moved, unquoted, group_doubted),
    *(lead_rewritten, turned, middle_cut, correction_added, headline_shortened, headline_shouts),
)
