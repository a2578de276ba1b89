"""One text's way through the outlets: who carried it when, and what each of them made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from datasette.utils.asgi import Response

from storage import names, story_view
from storage.connection import Connection
from storage.desk import stories
from storage.desk.changes import Block, Compare
from storage.desk.stories import OriginSaid, Retelling
from storage.explorer.asking import Ask
from storage.explorer.rendering import link
from storage.explorer.routing import Route
from storage.explorer.told import published
from storage.explorer.wording import Language
from storage.story_view import Member, StoryTold

MEMBERS = 25
"""Articles of one page: each of them is compared sentence by sentence."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A story with what a page of it shows: some of its members, each with its retelling."""

    story: StoryTold
    reference: Member
    origin: OriginSaid
    members: Sequence[tuple[int, Member]]
    retold: Mapping[int, Retelling | None]
    held: Member | None  # the one that is shown line by line against the reference
    lines: tuple[Block, ...]


async def story_page(ask: Ask) -> Response:
    """A story by the number of any of its articles; its own address is that of its first."""
    number, compare = int(ask.path["number"]), ask.given.compare
    assert compare is not None, "the command line hands it in"
    page, held = _number(ask, "page") or 1, _number(ask, "with")
    told = await ask.read(lambda db: story_view.story(db, number))
    if told is None:
        return await ask.missing(ask.speaker.t("story.no_such", number=number))
    if told.id != number:
        return ask.redirect(link("story", told.id))
    shown = await ask.read(lambda db: _shown(db, ask.language, told, compare, (page, held)))
    return await ask.page(
        "story.html",
        title=ask.speaker.t("story.title", number=told.id),
        shown=shown,
        page=page,
        pages=-(-len(told.members) // MEMBERS),
        published=partial(published, ask.speaker),
    )


def _shown(
    db: Connection,
    language: Language,
    told: StoryTold,
    compare: Compare,
    asked: tuple[int, int | None],
) -> Shown:
    page, wanted = asked
    origin = stories.origin_said(db, told, names.of(db, "outlet", language))
    told = stories.renamed(told, names.of(db, "actor", language))
    reference = stories.reference_of(told)
    first = (page - 1) * MEMBERS
    numbered = list(enumerate(told.members, start=1))[first : first + MEMBERS]
    retold = {
        one.article_id: stories.retelling(reference, one, compare)
        for _, one in numbered
        if one is not reference
    }
    held = next((one for one in told.members if one.article_id == wanted), None)
    lines = stories.side_by_side(reference, held, compare) if held else ()
    return Shown(told, reference, origin, numbered, retold, held, lines)


def _number(ask: Ask, name: str) -> int | None:
    """A number of the address; None where it is none."""
    text = ask.args.get(name) or ""
    return int(text) if text.isdecimal() and len(text) <= 18 and int(text) else None


ROUTES = (Route(r"/stories/(?P<number>\d{1,18})", story_page),)
