"""A made-up outlet that lays its pages out anew: the same articles, in several layouts.

Around each text stand a menu, teasers, a box of what is read most and comments, in which a person
is named who stands in no article.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

CHROME_NAME = "Basma Sideboard"
"""Named in every page's chrome, and in no article."""
_WORDS = (
    "council water school river union women volunteers report court market garden bridge teachers "
    "clinic harvest library fishermen students archive museum cooperative engineers families road "
    "harbour orchard neighbours winter budget letter meeting children nurses drivers bakers roof"
).split()


def headline_of(seed: int) -> str:
    """The headline of an article."""
    dice = random.Random(seed)
    return f"The {dice.choice(_WORDS)} of Sedra and its {dice.choice(_WORDS)}, part {seed}"


def text_of(seed: int) -> list[str]:
    """Its paragraphs, which no other article has."""
    dice = random.Random(1000 + seed)
    return [_paragraph(dice, seed, number) for number in range(4 + seed % 4)]


def _paragraph(dice: random.Random, seed: int, number: int) -> str:
    names = [_name(dice) for _ in range(12)]
    return (
        f"On day {number + 1} {names[0]} {names[1]} told the {dice.choice(_WORDS)} how "
        f"{', '.join(names[2:7])} had been {dice.choice(_WORDS)} keepers. {names[7]} and "
        f"{names[8]} asked {dice.randrange(20, 900)} of them about the {dice.choice(_WORDS)} "
        f"near {names[9]}, where {names[10]} lives, and about {names[11]} in matter {seed}."
    )


def _name(dice: random.Random) -> str:
    """A word that nobody has used before."""
    return "".join(dice.choice("bdfgklmnrstz") + dice.choice("aeiou") for _ in range(4)).title()


def _teasers(seed: int) -> list[str]:
    dice = random.Random(seed // 3)
    return [f"{headline_of(dice.randrange(900, 999))}, says {CHROME_NAME}" for _ in range(6)]


def _head(seed: int) -> str:
    day = f"2026-03-{1 + seed % 28:02}T08:{seed % 60:02}:00+03:00"
    return (
        f"<title>{headline_of(seed)} - Sedra Daily</title>"
        f'<meta property="og:title" content="{headline_of(seed)}">'
        f'<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{day}">'
    )


def _links(name: str, lines: list[str]) -> str:
    items = "".join(
        f'<li><a href="/t/{number}">{line}</a></li>' for number, line in enumerate(lines)
    )
    return f'<div class="{name}"><h3>Most read</h3><ul>{items}</ul></div>'


_MENU = "<nav><ul>" + "".join(
    f'<li><a href="/{word}">{word.title()}</a></li>' for word in _WORDS[:12]
) + "</ul></nav>"  # fmt: skip
_FOOT = (
    "<footer><p>All rights of the Sedra Daily are kept. Write to the desk on any day of the week, "
    f"or to {CHROME_NAME}, who keeps the register of readers and of their letters.</p></footer>"
)


def _first(seed: int) -> str:
    """Paragraphs in a column, as the outlet has had them for years."""
    body = "".join(f'<p class="par">{line}</p>' for line in text_of(seed))
    return (
        f'<div id="wrap">{_MENU}<div class="col-main"><h1 class="story-title">{headline_of(seed)}'
        f'</h1><div class="story-meta">Sedra Daily</div><div class="story-body">{body}</div>'
        f'<div class="comments"><p>{CHROME_NAME}: I was there too, and it was not at all like that '
        f"on the day of which you tell us here.</p></div></div>{_links('side', _teasers(seed))}"
        f"{_FOOT}</div>"
    )


def _second(seed: int) -> str:
    """Everything has another name and stands in another place."""
    body = "".join(f"<p>{line}</p>" for line in text_of(seed))
    return (
        f"<header>{_MENU}</header>{_links('rail x1', _teasers(seed))}<main><article "
        f'class="entry x7"><div class="top"><h1>{headline_of(seed)}</h1></div><section '
        f'class="entry-text x9">{body}</section></article></main>{_FOOT}'
    )


def _sly(seed: int) -> str:
    """The old names are still there, around teasers and a lead; the text stands elsewhere."""
    lines = text_of(seed)
    rest = "".join(f"<p>{line}</p>" for line in lines)
    teasers = "".join(f'<p class="par">{line}</p>' for line in _teasers(seed))
    return (
        f'<div id="wrap">{_MENU}<main><article><h1>{headline_of(seed)}</h1><div class="full-text">'
        f'{rest}</div></article></main><div class="col-main"><h2 class="story-title">Read also</h2>'
        f'<div class="story-body">{teasers}</div></div>{_FOOT}</div>'
    )


LAYOUTS: Mapping[str, Callable[[int], str]] = {"first": _first, "second": _second, "sly": _sly}


def page(seed: int, layout: str = "first", views: int = 0) -> bytes:
    """An article's page; `views` changes its bytes and nothing of the article."""
    body = LAYOUTS[layout](seed)
    counter = f'<div class="count">Seen {views} times</div>' if views else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{_head(seed)}</head>'
        f"<body>{body}{counter}</body></html>"
    ).encode()
