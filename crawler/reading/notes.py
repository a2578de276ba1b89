"""What was decided while a page was read, for those who ask why; reading is the same without."""

from __future__ import annotations

from dataclasses import dataclass, field

SHOWN = 300
"""Characters of a value that a note keeps: enough to know it again."""


@dataclass(frozen=True, slots=True)
class Note:
    """One decision: of a field, what a method gave, and why it was rejected ("" if chosen)."""

    field: str  # headline, text, published_at, page …
    method: str
    value: str
    why: str = ""


@dataclass(slots=True)
class Notes:
    """The decisions of one reading, in their order."""

    taken: list[Note] = field(default_factory=list)
    wanted: bool = True  # False: nobody asks, and nothing has to be worked out for it

    def chose(self, field_name: str, method: str, value: object) -> None:
        """A value became the field's."""
        self.rejected(field_name, method, value, "")

    def rejected(self, field_name: str, method: str, value: object, why: str) -> None:
        """A value was there and not taken; `why` in a few words."""
        if self.wanted:
            self.taken.append(Note(field_name, method, str(value)[:SHOWN], why))


SILENT = Notes(wanted=False)
"""For reading without questions."""
