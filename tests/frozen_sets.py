"""An archive to freeze, and ways to look at what is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stored import Story, fill

from storage.database import Database
from storage.desk.questions import Question
from storage.frozen.creating import Freeze, create
from storage.frozen.records import Snapshot
from storage.models import Actor, Alias

AMAL = Actor(
    "ma_amal", "cso", name="Amal Association", aliases=(Alias("Amal Association", language="en"),)
)
PERSON = Actor(
    "ma_person", "person", name="Lina Nowhere", aliases=(Alias("Lina Nowhere", language="en"),)
)
TEXTS = (
    "The Amal Association opened a reading room in the old market on Thursday. " * 3,
    "Lina Nowhere of the Amal Association asked the council about the well. " * 3,
    "The football club of the harbour lost its third match in a row at home. " * 3,
)


def archive(
    path: Path, texts: Sequence[str] = TEXTS, actors: Sequence[Actor] = (AMAL, PERSON)
) -> None:
    """A database with an article of each text, of two outlets by turns."""
    outlets = ("ma_manara", "iq_rojname")
    stories = [
        Story(text, headline=f"Headline {n}", outlet=outlets[n % 2], days=n % 20)
        for n, text in enumerate(texts)
    ]
    fill(path, stories, actors)


def freeze(db: Database, name: str = "first", **asked: str | Sequence[str]) -> Snapshot:
    """Freeze what a question with these parameters finds."""
    args = {key: [said] if isinstance(said, str) else list(said) for key, said in asked.items()}
    return create(db, Freeze(name, Question.of(args), "A. Researcher", "a test"))
