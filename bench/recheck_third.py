"""A third set of layouts and noise; its first figure widened what counts as a short line.

So it is no longer held out.
"""

from __future__ import annotations

from html import escape

from bench.recheck_pages import Look
from bench.recheck_texts import Written

ELSE = {
    "ar": ("خبر آخر", "ملفات مثيرة", "تصفح النسخة الورقية", "يهمنا رأيك في الخبر", "الخط الساخن"),
    "fr": (
        "En rapport",
        "Nos dossiers",
        "Feuilletez le journal",
        "Votre avis compte",
        "Le kiosque",
    ),
    "en": (
        "Go deeper",
        "From the archive",
        "See today's front page",
        "Rate this story",
        "Live now",
    ),
    "ckb": ("هەواڵێکی تر", "دۆسیەکان", "ژمارەی ئەمڕۆ ببینە", "ڕای تۆ گرنگە", "ڕاستەوخۆ"),
    "kmr": ("Nûçeyeke din", "Dosye", "Hejmara îro bibîne", "Raya te girîng e", "Zindî"),
}
HERE = {"ar": "حاضرون", "fr": "en ligne", "en": "reading now", "ckb": "لێرەن", "kmr": "li vir in"}


def _top(article: Written, look: Look) -> str:
    title, words = escape(article.headline), ELSE[look.tongue.code]
    return (
        f"<html lang={look.tongue.code}><head><meta charset=utf-8>"
        f"<title>{title} | The paper</title>"
        f"<link rel=preload href=/a.{look.number()}.js></head><body><header><em>{words[4]}</em>"
        f"<time>{look.said('{day} {clock}')}</time></header>"
    )


def _between(look: Look, place: int) -> str:
    """What stands behind a paragraph at this look."""
    first, second, paper, opinion, _ = ELSE[look.tongue.code]
    boxes = (
        f"<figure><a href=/x>{first}</a><figcaption>{look.titles(1)[0]}</figcaption></figure>",
        f"<blockquote><p>{first} - {look.titles(1)[0]}</p></blockquote>",
        f"<p>{opinion} ({look.number(200)})</p>",
        f"<p><a href=/p>{paper}</a></p>",
        f"<h3>{second}</h3><p>{look.titles(1)[0]}</p><p>{look.titles(1)[0]}</p>",
    )
    return look.maybe(look.dice.choice(boxes), 0.7) if place % 3 == 1 else ""


def _text(article: Written, look: Look) -> str:
    return "".join(
        f"<p>{escape(' '.join(lines), quote=False)}</p>{_between(look, place)}"
        for place, lines in enumerate(article.paragraphs)
    )


def daily(article: Written, look: Look) -> str:
    """A daily: who reads now, boxes within the text, dossiers behind it."""
    _, second, _, opinion, _ = ELSE[look.tongue.code]
    return (
        f"{_top(article, look)}<article><h1>{escape(article.headline)}</h1>"
        f"<p>{look.number(900)} {HERE[look.tongue.code]}</p>{_text(article, look)}"
        f"<p>{opinion}: {look.number(5)}/5</p></article><section><h2>{second}</h2>"
        f"{look.links(4)}</section></body></html>"
    )


def radio(article: Written, look: Look) -> str:
    """A broadcaster: the programme beside the text, clips behind it with their lengths."""
    first, _, paper, _, live = ELSE[look.tongue.code]
    clips = "".join(
        f"<div><b>{title}</b> <i>{look.number(9)}:{look.number(59)}</i></div>"
        for title in look.titles(3)
    )
    return (
        f"{_top(article, look)}<div class=page><div class=prog><b>{live}</b> {look.titles(1)[0]}"
        f"</div><div class=main><h1>{escape(article.headline)}</h1>{_text(article, look)}"
        f"<h4>{first}</h4>{clips}<p>{paper}</p></div></div></body></html>"
    )


LAYOUTS = (daily, radio)
