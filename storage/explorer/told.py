"""What the pages of articles, stories and judgements say alike: when something was published."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from storage.explorer.rendering import Speaker
from storage.models import Precision
from storage.times import local_day, local_time

_UNSURE = {Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


def published(
    speaker: Speaker, at: datetime | None, precision: Precision | str, zone: str
) -> Markup:
    """When something was published, no more exactly than that is known."""
    precision = Precision(precision)
    if at is None or precision is Precision.UNKNOWN:
        return speaker.t("article.undated")
    if precision in _UNSURE:
        shown = f"{local_time(at, zone):{_UNSURE[precision]}}"
        return speaker.t("article.in_month", month=Markup('<bdi dir="ltr">{}</bdi>').format(shown))
    if precision is Precision.DAY:
        return speaker.day(local_day(at, zone))
    return speaker.moment(at, zone)
