"""The order by date, in stretches of an index: the dated, then the undated, from any place on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in the order by date; without a time it is behind all others."""

    published_at: str | None
    article_id: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the order by date as a condition on `articles a`, and how to walk along it.

    `before_edge` narrows it to what comes before the value :edge of `column`.
    """

    sql: str
    order: str
    column: str
    before_edge: str
    parameters: dict[str, object] = field(default_factory=dict)


def stretches(beyond: Place | None, *, oldest: bool) -> list[Stretch]:
    """What follows a place (None: everything), newest or oldest first, the undated last."""
    back, on = (">", "<") if oldest else ("<", ">")
    turn = "" if oldest else " DESC"
    dated_order, undated_order = f"a.published_at{turn}, a.id{turn}", f"a.id{turn}"
    dated, undated = " AND a.published_at IS NOT NULL", " AND a.published_at IS NULL"
    at: dict[str, object] = {}
    if beyond is not None and beyond.published_at is not None:
        dated = _behind(back)
        at = {"place_at": beyond.published_at, "place_id": beyond.article_id}
    first = Stretch(dated, dated_order, "a.published_at", f" AND a.published_at {on} :edge", at)
    at = {}
    if beyond is not None and beyond.published_at is None:
        undated += f" AND a.id {back} :place_id"
        at = {"place_id": beyond.article_id}
    last = Stretch(undated, undated_order, "a.id", f" AND a.id {on} :edge", at)
    return [last] if at else [first, last]


def until(place: Place, *, oldest: bool) -> Stretch:
    """Everything up to a place, itself included."""
    on = "<" if oldest else ">"
    at: dict[str, object] = {"place_id": place.article_id}
    if place.published_at is None:
        sql = f" AND (a.published_at IS NOT NULL OR a.id {on}= :place_id)"
        return Stretch(sql, "", "", "", at)
    sql = (
        f" AND (a.published_at {on} :place_at "
        f"OR (a.published_at = :place_at AND a.id {on}= :place_id))"
    )
    return Stretch(sql, "", "", "", at | {"place_at": place.published_at})


def _behind(back: str) -> str:
    """Behind a dated place: the first comparison is for the index, the second one for ties."""
    return (
        f" AND a.published_at {back}= :place_at "
        f"AND (a.published_at {back} :place_at OR a.id {back} :place_id)"
    )
