"""What an outlet changed: two versions of an article as one text, the changed words marked."""

from __future__ import annotations

from functools import partial

from datasette.utils.asgi import Response

from storage.desk import versions
from storage.desk.passages import paragraphs
from storage.explorer.asking import Ask
from storage.explorer.routing import Route


async def versions_page(ask: Ask) -> Response:
    """The versions of an article, and two of them compared."""
    number, compare = int(ask.path["number"]), ask.given.compare
    assert compare is not None, "the command line hands it in"
    try:
        pair = _pair(ask)
    except ValueError:
        return await ask.wrong(ask.speaker.t("versions.no_number"))
    told = await ask.read(lambda db: versions.versions(db, number, compare, pair))
    if told is None:
        return await ask.missing(ask.speaker.t("article.no_such", number=number))
    return await ask.page(
        "versions.html",
        title=ask.speaker.t("versions.title", number=number),
        told=told,
        paragraphs=partial(paragraphs, named=()),
    )


def _pair(ask: Ask) -> tuple[int, int] | None:
    """The two versions that the address names; raises ValueError for what is no number."""
    first, last = (ask.args.get(name) or "" for name in ("from", "to"))
    if not first and not last:
        return None
    if max(len(first), len(last)) > 9:
        raise ValueError("no version has so long a number")
    later = int(last) if last else int(first) + 1
    return (int(first) if first else later - 1), later


ROUTES = (Route(r"/articles/(?P<number>\d{1,18})/versions", versions_page),)
