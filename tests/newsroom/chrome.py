"""Article pages of made-up outlets with names planted around the article, never in it.

Three ways of laying out, as sites do: with elements that say what they are, with nothing but
`div` and names that mean nothing, and with tables. Four languages.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PLANTED = "planted"
"""The id of the actor who is named around the articles."""


@dataclass(frozen=True)
class Tongue:
    """What an outlet of one language prints: around its articles, and as their text."""

    lang: str
    name: str  # of the planted actor
    site: str
    sections: tuple[str, ...]
    most_read: str
    related: str
    comments: str
    tags: str
    footer: str
    headlines: tuple[str, ...]  # of other articles: {name}, {n}
    comment: str  # {name}, {n}
    caption: str  # of another article's picture: {name}, {n}
    headline: str  # {n}, {place}
    sentences: tuple[str, ...]  # {n}, {place}
    places: tuple[str, ...]
    named: str  # a sentence with twelve made-up words {w[0]} … {w[11]}
    syllables: tuple[str, ...]


TONGUES: Mapping[str, Tongue] = {
    "en": Tongue(
        lang="en",
        name="Basma Sideboard",
        site="Sedra Daily",
        sections=("Society", "Economy", "Culture", "Districts"),
        most_read="Most read",
        related="Read also",
        comments="Readers' comments",
        tags="Tags",
        footer="All rights reserved. {name} keeps the register of our readers and their letters.",
        headlines=(
            "{name} wins the prize of the river towns, part {n}",
            "A talk with {name} about the archive of year {n}",
            "Why {name} left the council after {n} days",
        ),
        comment="I was there with {name} on day {n} and it was not at all like that, I must say.",
        caption="{name} at the opening of hall {n}",
        headline="Residents of {place} wait for water pipe number {n}",
        sentences=(
            "People who live near {place} said on Tuesday that work on pipe {n} had begun without"
            " a word to them, and that nobody from the council has come to see the street since.",
            "The engineer who had promised to repair the pumps of {place} by week {n} did not come,"
            " and the families still carry water from the well behind the old school every day.",
            "A letter with {n} signatures was handed to the clerk, who stamped it and said that it"
            " would be read in {place} before the summer, when the new budget has been agreed.",
            "Teachers of {place} have moved their lessons to the morning, because after {n} in the"
            " afternoon the taps run dry and the children are sent home with empty bottles.",
        ),
        places=("the harbour", "Willow Street", "the mill", "the lower bridge", "the depot"),
        named=(
            "{w[0]} {w[1]} told {w[2]} that {w[3]}, {w[4]} and {w[5]} had come from {w[6]}, while"
            " {w[7]} {w[8]} asked for the papers of {w[9]} and {w[10]} waited at {w[11]}."
        ),
        syllables=tuple("bar del fin gor hal kem lis mon nar pol ras tev".split()),
    ),
    "fr": Tongue(
        lang="fr",
        name="Basma Buffet",
        site="Le Quotidien de Sedra",
        sections=("Société", "Économie", "Culture", "Régions"),
        most_read="Les plus lus",
        related="À lire aussi",
        comments="Commentaires",
        tags="Mots-clés",
        footer="Tous droits réservés. {name} tient le registre de nos lecteurs et des lettres.",
        headlines=(
            "{name} reçoit le prix des villes du fleuve, épisode {n}",
            "Entretien avec {name} sur les archives de l'année {n}",
            "Pourquoi {name} a quitté le conseil après {n} jours",
        ),
        comment="J'y étais avec {name} le jour {n} et ce n'était pas du tout ça, croyez-moi.",
        caption="{name} à l'ouverture de la salle {n}",
        headline="Les habitants de {place} attendent la conduite numéro {n}",
        sentences=(
            "Les habitants de {place} ont dit mardi que les travaux de la conduite {n} avaient"
            " commencé sans un mot pour eux et que personne n'est venu voir la rue depuis.",
            "L'ingénieur qui avait promis de réparer les pompes de {place} avant la semaine {n}"
            " n'est pas venu, et les familles portent toujours l'eau du puits derrière l'école.",
            "Une lettre de {n} signatures a été remise au greffier, qui l'a tamponnée et a dit"
            " qu'elle serait lue à {place} avant l'été, quand le budget aura été adopté.",
            "Les enseignants de {place} ont déplacé leurs cours au matin, car après {n} heures les"
            " robinets sont à sec et les enfants rentrent chez eux avec des bouteilles vides.",
        ),
        places=("la Digue", "la rue des Saules", "la Minoterie", "le Pont-Bas", "le Dépôt"),
        named=(
            "{w[0]} {w[1]} a dit à {w[2]} que {w[3]}, {w[4]} et {w[5]} venaient de {w[6]}, tandis"
            " que {w[7]} {w[8]} demandait les papiers de {w[9]} et que {w[10]} attendait à {w[11]}."
        ),
        syllables=tuple("bar del fin gor hal kem lis mon nar pol ras tev".split()),
    ),
    "ar": Tongue(
        lang="ar",
        name="بسمة الرفوف",
        site="يومية السدرة",
        sections=("مجتمع", "اقتصاد", "ثقافة", "محليات"),
        most_read="الأكثر قراءة",
        related="اقرأ أيضا",
        comments="تعليقات القراء",
        tags="الكلمات المفتاحية",
        footer="جميع الحقوق محفوظة. تتولى {name} سجل قرائنا ورسائلهم منذ تأسيس الصحيفة.",
        headlines=(
            "{name} تفوز بجائزة مدن النهر في دورتها رقم {n}",
            "حوار مع {name} عن أرشيف المدينة وسنة {n}",
            "لماذا غادرت {name} المجلس بعد {n} يوما",
        ),
        comment="كنت هناك مع {name} في اليوم {n} ولم يكن الأمر كما تقولون أبدا، وأشكركم على النشر.",
        caption="{name} في افتتاح القاعة رقم {n}",
        headline="سكان {place} ينتظرون أنبوب المياه رقم {n}",
        sentences=(
            "قال سكان {place} يوم الثلاثاء إن أشغال الأنبوب رقم {n} بدأت من دون أن يخبرهم أحد، وإن"
            " أحدا من البلدية لم يأت لمعاينة الشارع منذ ذلك الحين رغم الوعود المتكررة.",
            "ولم يأت المهندس الذي وعد بإصلاح مضخات {place} قبل الأسبوع {n}، وما زالت الأسر تحمل"
            " الماء كل يوم من البئر الواقعة خلف المدرسة القديمة على طرف الحي.",
            "وسلم الأهالي رسالة تحمل {n} توقيعا إلى كاتب البلدية، فختمها وقال إنها ستقرأ في {place}"
            " قبل الصيف بعد المصادقة على الميزانية الجديدة في جلسة علنية.",
            "ونقل معلمو {place} دروسهم إلى الصباح، لأن الصنابير تجف بعد الساعة {n} ويعود الأطفال"
            " إلى بيوتهم بقوارير فارغة، كما قالت مديرة المدرسة في حديثها إلينا.",
        ),
        places=("الميناء", "شارع الصفصاف", "الطاحونة", "الجسر الأسفل", "المستودع"),
        named=(
            "وقال {w[0]} {w[1]} لزميله {w[2]} إن {w[3]} و{w[4]} و{w[5]} قدموا من {w[6]}، بينما طلب"
            " {w[7]} {w[8]} أوراق {w[9]} وانتظر {w[10]} عند {w[11]}."
        ),
        syllables=tuple("بار دال فين غور هال كام ليس مون نار بول راس تاف".split()),
    ),
    "ckb": Tongue(
        lang="ckb",
        name="بەسمە ڕەفەکان",
        site="ڕۆژانەی سدرە",
        sections=("کۆمەڵگە", "ئابووری", "کولتوور", "ناوچەکان"),
        most_read="زۆرترین خوێندنەوە",
        related="بابەتی پەیوەندیدار",
        comments="بۆچوونی خوێنەران",
        tags="تاگەکان",
        footer="هەموو مافەکان پارێزراون. {name} تۆماری خوێنەران و نامەکانیان دەپارێزێت.",
        headlines=(
            "{name} خەڵاتی شارەکانی ڕووباری بردەوە، بەشی {n}",
            "گفتوگۆ لەگەڵ {name} دەربارەی ئەرشیفی ساڵی {n}",
            "بۆچی {name} دوای {n} ڕۆژ ئەنجوومەنی بەجێهێشت",
        ),
        comment="من لەوێ بووم لەگەڵ {name} لە ڕۆژی {n} و بە هیچ شێوەیەک وانەبوو کە ئێوە دەیڵێن.",
        caption="{name} لە کردنەوەی هۆڵی ژمارە {n}",
        headline="دانیشتووانی {place} چاوەڕێی بۆری ئاوی ژمارە {n} دەکەن",
        sentences=(
            "دانیشتووانی {place} ڕۆژی سێشەممە گوتیان کاری بۆری ژمارە {n} بەبێ ئاگاداری ئەوان دەستی"
            " پێکردووە و لەو کاتەوە کەس لە شارەوانییەوە نەهاتووە سەیری شەقامەکە بکات.",
            "ئەو ئەندازیارەی بەڵێنی دابوو پەمپەکانی {place} پێش هەفتەی {n} چاک بکاتەوە نەهات، و"
            " خێزانەکان هێشتا هەموو ڕۆژێک ئاو لە بیری پشت قوتابخانە کۆنەکە دەهێنن.",
            "نامەیەک بە {n} واژۆوە درایە نووسەری شارەوانی، ئەویش مۆری کرد و گوتی پێش هاوین لە"
            " {place} دەخوێندرێتەوە، کاتێک بودجەی نوێ لە دانیشتنێکی ئاشکرادا پەسەند دەکرێت.",
            "مامۆستایانی {place} وانەکانیان گواستووەتەوە بۆ بەیانی، چونکە دوای کاتژمێر {n} ئاو"
            " دەبڕدرێت و منداڵەکان بە بوتڵی بەتاڵەوە دەگەڕێنەوە ماڵەوە، بەڕێوەبەرەکە وای گوت.",
        ),
        places=("بەندەر", "شەقامی بی", "ئاش", "پردی خوارەوە", "کۆگا"),
        named=(
            "{w[0]} {w[1]} بە {w[2]} ی گوت کە {w[3]} و {w[4]} و {w[5]} لە {w[6]} هاتوون، لە کاتێکدا"
            " {w[7]} {w[8]} داوای کاغەزەکانی {w[9]} ی کرد و {w[10]} لە {w[11]} چاوەڕێ بوو."
        ),
        syllables=tuple("بار دێل فین گۆر هاڵ کێم لیس مۆن نار پۆل ڕاس تێڤ".split()),
    ),
}


def text_of(tongue: Tongue, seed: int) -> list[str]:
    """An article's paragraphs; no two articles have one in common."""
    dice = random.Random(seed)
    return [_paragraph(tongue, dice, seed * 7 + part) for part in range(4 + seed % 3)]


def _paragraph(tongue: Tongue, dice: random.Random, number: int) -> str:
    said = dice.choice(tongue.sentences).format(n=number, place=dice.choice(tongue.places))
    words = [["".join(dice.choices(tongue.syllables, k=3)) for _ in range(12)] for _ in range(2)]
    return " ".join([said, *(tongue.named.format(w=some) for some in words)])


def headline_of(tongue: Tongue, seed: int) -> str:
    """An article's headline."""
    return tongue.headline.format(n=seed * 7 + 3, place=tongue.places[seed % 5])


def others(tongue: Tongue, seed: int, count: int = 6) -> list[str]:
    """Headlines of other articles, which name the planted actor."""
    forms = tongue.headlines
    return [forms[n % len(forms)].format(name=tongue.name, n=seed + 11 * n) for n in range(count)]


def comments(tongue: Tongue, seed: int) -> list[str]:
    """What readers wrote under an article."""
    return [tongue.comment.format(name=tongue.name, n=seed + n) for n in range(3)]


def _items(lines: list[str], wrap: str) -> str:
    return "".join(wrap.format(n=n, line=line) for n, line in enumerate(lines))


def _paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


_ITEM = '<li><a href="/a/{n}">{line}</a></li>'
_FIGURE = (
    '<figure><a href="/p/{n}"><img src="/{n}.jpg"></a><figcaption>{line}</figcaption></figure>'
)


def _semantic(tongue: Tongue, seed: int, paragraphs: list[str]) -> str:
    """Elements that say what they are."""
    around, name = others(tongue, seed), tongue.name
    captions = [tongue.caption.format(name=name, n=seed + n) for n in range(3)]
    menu = _items([*tongue.sections, name], '<li><a href="/s/{n}">{line}</a></li>')
    return (
        f'<header><a href="/">{tongue.site}</a><div class="ticker">{_items(around[:2], _ITEM)}'
        f"</div></header><nav><ul>{menu}</ul></nav><main><article><h1>{headline_of(tongue, seed)}"
        f"</h1>{_paragraphs(paragraphs)}</article>"
        f'<div class="related"><h3>{tongue.related}</h3><ul>{_items(around[2:5], _ITEM)}</ul></div>'
        f'<div class="tags">{tongue.tags}: <a rel="tag" href="/t/1">{name}</a></div>'
        f'<section id="comments" class="comments"><h3>{tongue.comments}</h3>'
        f"{_paragraphs(comments(tongue, seed))}</section></main><aside><h3>{tongue.most_read}</h3>"
        f"<ol>{_items(around, _ITEM)}</ol>{_items(captions, _FIGURE)}</aside>"
        f"<footer><p>{tongue.footer.format(name=name)}</p></footer>"
    )


def _soup(tongue: Tongue, seed: int, paragraphs: list[str]) -> str:
    """Nothing but div and span, and names that mean nothing."""
    around, name = others(tongue, seed), tongue.name
    captions = [tongue.caption.format(name=name, n=seed + n) for n in range(3)]
    row = '<div class="r7"><a href="/a/{n}">{line}</a></div>'
    shot = '<div class="p2"><a href="/p/{n}"><img src="/{n}.jpg"></a><div>{line}</div></div>'
    menu = _items([*tongue.sections, name], '<span class="m1"><a href="/s/{n}">{line}</a></span>')
    body = "".join(f'<div class="z">{line}</div>' for line in paragraphs)
    said = "".join(f'<div class="q">{line}</div>' for line in comments(tongue, seed))
    return (
        f'<div class="a1"><div class="a2">{menu}</div><div class="a3">{_items(around[:2], row)}'
        f'</div></div><div class="b1"><div class="b2"><h1>{headline_of(tongue, seed)}</h1>'
        f'<div class="b3">{body}</div><div class="b4"><div>{tongue.related}</div>'
        f'{_items(around[2:5], row)}</div><div class="b5">{tongue.tags}: <a href="/t/1">{name}</a>'
        f'</div><div class="b6"><h3>{tongue.comments}</h3>{said}</div></div><div class="c1"><h3>'
        f"{tongue.most_read}</h3>{_items(around, row)}{_items(captions, shot)}</div></div>"
        f'<div class="d1">{tongue.footer.format(name=name)}</div>'
    )


def _tables(tongue: Tongue, seed: int, paragraphs: list[str]) -> str:
    """Tables in tables, as sites of 2005 still are."""
    around, name = others(tongue, seed), tongue.name
    row = '<tr><td><a href="/a/{n}"><font size="2">{line}</font></a></td></tr>'
    menu = _items([*tongue.sections, name], '<td><a href="/s/{n}">{line}</a></td>')
    said = "".join(f"<tr><td>{line}</td></tr>" for line in comments(tongue, seed))
    body = "<br><br>".join(paragraphs)
    return (
        f'<table width="900"><tr><td colspan="2"><table><tr>{menu}</tr></table></td></tr><tr>'
        f'<td width="640"><font size="5"><b>{headline_of(tongue, seed)}</b></font><br><br>'
        f"<table><tr><td>{body}</td></tr></table><table><tr><td><b>{tongue.related}</b></td></tr>"
        f"{_items(around[2:5], row)}</table><table><tr><td><b>{tongue.comments}</b></td></tr>{said}"
        f'</table></td><td width="220"><table><tr><td><b>{tongue.most_read}</b></td></tr>'
        f'{_items(around, row)}</table></td></tr><tr><td colspan="2">'
        f"{tongue.footer.format(name=name)}</td></tr></table>"
    )


LAYOUTS: Mapping[str, Callable[[Tongue, int, list[str]], str]] = {
    "semantic": _semantic,
    "div soup": _soup,
    "tables": _tables,
}


def page_of(language: str, layout: str, seed: int, *, named: bool = False) -> str:
    """An article's page; `named`: the actor also stands in the third paragraph."""
    tongue = TONGUES[language]
    paragraphs = text_of(tongue, seed)
    if named:
        paragraphs[2] += " " + tongue.comment.format(name=tongue.name, n=seed)
    body = LAYOUTS[layout](tongue, seed, paragraphs)
    direction = "rtl" if language in ("ar", "ckb") else "ltr"
    return (
        f'<!DOCTYPE html><html lang="{tongue.lang}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{headline_of(tongue, seed)} - {tongue.site}</title></head><body>{body}</body>"
        "</html>"
    )
