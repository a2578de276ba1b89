"""Layouts and noise that the telling of edits was not made with, measured as they came out.

What fails here is reported, never tuned to.
"""

from __future__ import annotations

from html import escape

from bench.recheck_pages import Look
from bench.recheck_texts import Written

SAID = {
    "ar": ("زوارنا يقرؤون الآن", "لا تفوتكم", "اختبر معلوماتك", "أعجبني", "بلغ عن خطأ", "دقائق"),
    "fr": (
        "Au fil des pages",
        "À suivre",
        "Testez-vous",
        "J'apprécie",
        "Signaler une erreur",
        "mn",
    ),
    "en": (
        "People also opened",
        "Next in news",
        "Take the quiz",
        "Clap",
        "Report an error",
        "mins",
    ),
    "ckb": ("ئەوانیتر", "لەدەستی مەدە", "خۆت تاقی بکەرەوە", "بەدڵمە", "هەڵە ڕاپۆرت بکە", "خولەک"),
    "kmr": ("Yên din", "Ji dest nede", "Xwe biceribîne", "Min eciband", "Şaşiyê ragihîne", "deqe"),
}


def _open(article: Written, look: Look) -> str:
    title = escape(article.headline)
    return (
        f"<!doctype html><html lang={look.tongue.code}><meta charset=utf-8><title>{title}</title>"
        f"<body data-session='{look.dice.random()}'><div id=now>{look.said('{clock} {day}')}</div>"
    )


def _lines(article: Written, look: Look, every: int) -> str:
    _, follow, quiz, _, _, _ = SAID[look.tongue.code]
    made = []
    for place, lines in enumerate(article.paragraphs):
        made.append(f"<p>{escape(' '.join(lines), quote=False)}</p>")
        if place % every == every - 1:
            link = f"<p><em>{follow}</em>: <a href=/{look.number()}>{look.titles(1)[0]}</a></p>"
            made.append(look.dice.choice((link, f"<p>{quiz}</p>", "")))
    return "".join(made)


def evening(article: Written, look: Look) -> str:
    """A page of an evening paper."""
    readers, _, _, likes, wrong, minutes = SAID[look.tongue.code]
    return (
        f"{_open(article, look)}<div class=w><h1>{escape(article.headline)}</h1>"
        f"<p>{look.number(12)} {minutes}</p>{_lines(article, look, 2)}"
        f"<p>{likes} {look.number()}</p><p>{wrong}</p><div><b>{readers}</b>"
        + "".join(f"<p><a href=/n>{title}</a></p>" for title in look.titles(3))
        + "</div></div></body></html>"
    )


def morning(article: Written, look: Look) -> str:
    """A page of a morning paper."""
    readers, _, _, likes, wrong, _ = SAID[look.tongue.code]
    return (
        f"{_open(article, look)}<main><article><h1>{escape(article.headline)}</h1>"
        f"{_lines(article, look, 3)}<footer>{likes} ({look.number()}) {wrong}</footer></article>"
        f"<nav><h2>{readers}</h2><ul>{look.links(5)}</ul></nav></main></body></html>"
    )


LAYOUTS = (evening, morning)
