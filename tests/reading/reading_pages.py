"""Pages and contexts that the reading tests share; outlets and people are made up."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.models import Hints, MentionFinder, Page, ReadingContext

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://almithal.test/2026/11/20/a1"

ARABIC = (
    "قالت جمعية الضفة للحقوق والتنمية في بيان صدر مساء أمس إن السلطات المحلية منعت وقفة سلمية"
    " كانت مقررة أمام مقر الولاية، ودعت إلى احترام حرية التجمع والتعبير التي يكفلها الدستور."
)
SORANI = (
    "ڕێکخراوی ژینگەپارێزانی چیا ڕایگەیاند کە چالاکوانەکان لە شاری هەڵەبجە کۆبوونەوەیەکی"
    " گەورەیان ئەنجام داوە و داوایان لە حکوومەت کردووە بڕیارەکە هەڵبوەشێنێتەوە."
)
KURMANJI = (
    "Komeleya Jîngehê ya Çiya ragihand ku çalakvan li navenda bajêr civiyan û ji şaredariyê"
    " xwestin ku biryara xwe ya li ser daristanê paşve bikişîne û bi gel re biaxive."
)
FRENCH = (
    "L'association Rive pour les droits a indiqué mardi que le rassemblement prévu devant la"
    " préfecture avait été interdit, et elle appelle au respect de la liberté de réunion."
)
ENGLISH = (
    "The Riverbank Rights Association said on Tuesday that its peaceful gathering outside the"
    " governor's office had been banned, and it called for freedom of assembly to be respected."
)


def article(text: str = ARABIC, *, head: str = "", body: str = "", lang: str = "ar") -> str:
    """A web page with one article of four paragraphs."""
    paragraphs = "".join(f"<p>{number}. {text}</p>" for number in range(1, 5))
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>'
        '<nav><a href="/">الرئيسية</a> <a href="/s">مجتمع</a></nav>'
        f"<main><article>{body}<div>{paragraphs}</div></article></main>"
        "<footer>جميع الحقوق محفوظة</footer></body></html>"
    )


def page(
    markup: str | bytes,
    *,
    url: str = URL,
    content_type: str = "text/html; charset=utf-8",
    status: int = 200,
) -> Page:
    """A page as it was fetched."""
    body = markup.encode() if isinstance(markup, str) else markup
    return Page(url, url, status, (("Content-Type", content_type),), body, NOW)


def context(
    *,
    languages: tuple[str, ...] = ("ar", "fr"),
    hints: Hints | None = None,
    matcher: MentionFinder | None = None,
) -> ReadingContext:
    """What is known of a made-up outlet in Morocco."""
    return ReadingContext(
        outlet_id="ma_almithal",
        country="ma",
        languages=languages,
        timezone="Africa/Casablanca",
        domains=("almithal.test",),
        hints=hints or Hints(),
        now=NOW,
        matcher=matcher,
    )
