"""Wire credits as they are stored: the agency, and where the article names it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from storage.models import Credit, Reading
from storage.rows import clean, dump


def moved(reading: Reading) -> Credit | None:
    """A reading's credit, with offsets in the text as it is stored."""
    credit = reading.credit
    if credit is None:
        return None
    said = reading.text if credit.field == "text" else reading.byline or ""
    start = len(clean(said[: credit.start]))
    surface = clean(said[credit.start : credit.end])
    return replace(credit, start=start, end=start + len(surface), surface=surface)


def evidence(reading: Reading) -> str | None:
    """Where an article names its agency, as JSON; None where it names none."""
    return dump(asdict(reading.credit)) if reading.credit else None


def credit_from(evidence: str | None) -> Credit | None:
    """The credit of a stored article."""
    return Credit(**json.loads(evidence)) if evidence else None


def of_byline(evidence: str | None) -> Credit | None:
    """The credit of a stored article, where its byline says it."""
    credit = credit_from(evidence)
    return credit if credit and credit.field == "byline" else None
