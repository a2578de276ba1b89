"""One article: what it says, who is named in it, and everything that this rests on."""

from __future__ import annotations

from functools import partial

from datasette.utils.asgi import Response

from storage.bidi import harmless
from storage.desk import addresses, articles
from storage.desk.article_records import ArticleTold
from storage.explorer import methods
from storage.explorer.asking import Ask
from storage.explorer.rendering import link
from storage.explorer.routing import Route
from storage.explorer.told import published
from storage.judgement_rows import Judgement

_LONGEST_TITLE = 120


async def article_page(ask: Ask) -> Response:
    """An article by its number."""
    number = int(ask.path["number"])
    told = await ask.read(lambda db: articles.article(db, number))
    if told is None:
        return await ask.missing(ask.speaker.t("article.no_such", number=number))
    return await ask.page(
        "article.html",
        title=_title(ask, told),
        article=told,
        judged=_just_judged(ask, told),
        unsettled=bool(ask.args.get("unsettled")),
        published=partial(published, ask.speaker),
        from_where=partial(methods.told, ask.speaker),
    )


async def find_page(ask: Ask) -> Response:
    """The article of an address as a person has it; without one, a form that asks for it."""
    typed = (ask.args.get("url") or "").strip()
    if typed:
        keys_of = ask.given.url_keys
        number = await ask.read(lambda db: addresses.find(db, typed, keys_of))
        if number is not None:
            return ask.redirect(link("article", number))
    title = ask.speaker.t("article.find_title")
    status = 404 if typed else 200
    return await ask.page("article_find.html", status=status, title=title, typed=typed)


def _title(ask: Ask, told: ArticleTold) -> str:
    headline = harmless(told.plain_headline).strip()
    if not headline:
        return str(ask.speaker.t("article.number", number=told.id))
    cut = headline[:_LONGEST_TITLE]
    return cut if cut == headline else f"{cut}…"


def _just_judged(ask: Ask, told: ArticleTold) -> Judgement | None:
    """The judgement that the form has just recorded, to be told at the head of the page."""
    number = ask.args.get("judged") or ""
    return next((one for one in told.judgements if str(one.id) == number), None)


ROUTES = (
    Route(r"/articles", find_page),
    Route(r"/articles/(?P<number>\d{1,18})", article_page),
)
