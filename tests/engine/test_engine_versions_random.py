"""Any sequence of looks: as many versions as edits that could be told, and none invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from relooking import HEADLINE, OASIS, PALM, TEXT, Desk, Shown

from storage.models import Reading

ACTORS = ((OASIS,), (OASIS, PALM), (PALM,))
NOISE = ("Views: {}", "Updated {} minutes ago", "Comments ({})")
STEPS = st.one_of(
    st.tuples(st.just("look"), st.integers(0, 5)),
    st.tuples(st.just("edit"), st.integers(0, 3)),
    st.tuples(st.just("headline"), st.integers(0, 9)),
    st.tuples(st.just("reader"), st.integers(1, 3)),
    st.tuples(st.just("template"), st.integers(1, 3)),
    st.tuples(st.just("watch"), st.integers(0, 2)),
    st.tuples(st.sampled_from(["lose", "part", "reread", "strange", "uncaptured"]), st.just(0)),
)


class Month:
    """The outlet, the looks at its page, and what must have come of them."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.shown = Shown()
        self.reader, self.template = "r0", "t0"
        self.desk.better = self.read
        self.made = 0
        self.held: Shown | None = None  # what the look that we hold showed, and by whom it was read
        self.held_by = ("", "")
        self.captured = False
        self.versions: list[Shown] = []

    def read(self, reading: Reading) -> Reading:
        """Every reader and template takes another line of the page for text."""
        first = f"Line {self.reader} {self.template} of the site."
        moved = tuple(
            replace(one, start=one.start + len(first) + 1, end=one.end + len(first) + 1)
            if one.field == "text"
            else one
            for one in (replace(one, label="", label_start=None) for one in reading.mentions)
        )
        changes = {"reader_version": self.reader, "template_id": self.template}
        text = f"{first}\n{reading.text}"
        return replace(reading, text=text, mentions=moved, content_hash="", **changes)

    def step(self, what: str, number: int) -> None:
        act = getattr(self, what)
        act(number)

    def look(self, number: int) -> None:
        noise = tuple(line.format(number * 37 + 5) for line in NOISE[: number % 4])
        self.desk.look(replace(self.shown, noise=noise))
        self._expect(self.shown, captured=True)

    def uncaptured(self, number: int) -> None:
        self.desk.look(self.shown, captured=False)
        if not self._is_a_templates_word_alone(self.shown):
            self._expect(self.shown, captured=False)

    def _is_a_templates_word_alone(self, shown: Shown) -> bool:
        """Whether a template alone tells a change, of what nobody can read again: not believed.

        (Without a capture. A crawl stores no such page; a look of another make might.)
        """
        held = self.held
        if held is None:
            return False
        if not self.captured:
            return self.held_by[1] != self.template
        return held.whole and shown.whole and _said(held) != _said(shown)

    def part(self, number: int) -> None:
        partial = replace(self.shown, whole=False)
        self.desk.look(partial)
        self._expect(partial, captured=True)

    def strange(self, number: int) -> None:
        """A wall in the place of the page; were it the first thing we see, it would be stored."""
        lines = tuple(f"Subscribers pay {n} dinars less for each month now." for n in range(9))
        if self.held is not None:
            self.desk.look(Shown("Offers for members", lines))

    def edit(self, number: int) -> None:
        self.made += 1
        said = list(self.shown.paragraphs)
        said[number] = f"In edit number {self.made} the council denied what it had said before."
        self.shown = replace(self.shown, paragraphs=tuple(said))

    def headline(self, number: int) -> None:
        self.shown = replace(self.shown, headline=f"{HEADLINE}, says report {number}")

    def reader_(self, number: int) -> None:
        self.reader = f"r{number}"

    def template_(self, number: int) -> None:
        self.template = f"t{number}"

    def watch(self, number: int) -> None:
        self.desk.actors = ACTORS[number]

    def lose(self, number: int) -> None:
        self.desk.lose_captures()
        self.captured = False

    def reread(self, number: int) -> None:
        if self.captured and self._all_captures_are_there():
            self.desk.reread()
            self.held_by = (self.reader, self.template)

    def _all_captures_are_there(self) -> bool:
        sql = "SELECT DISTINCT capture_file FROM fetches WHERE capture_file IS NOT NULL"
        files = [row["capture_file"] for row in self.desk.db.all(sql)]
        return all((self.desk.folder / "warc" / name).exists() for name in files)

    def _expect(self, shown: Shown, *, captured: bool) -> None:
        """What a look must have done to the versions."""
        held, by = self.held, (self.reader, self.template)
        if held is not None and held.whole and not shown.whole:
            return  # what we hold is more
        if held is None:
            self.versions.append(shown)
        elif held.whole and shown.whole and (self.captured or self.held_by == by):
            if _said(held) != _said(shown):
                self.versions.append(shown)
        else:
            self.versions[-1] = shown
        self.held, self.held_by, self.captured = shown, by, captured

    def check(self) -> None:
        """The versions, what is told of them, and the mentions of the current one."""
        if not self.versions:
            return
        stored = self.desk.versions()
        assert [(one["headline"], _lines(one["text"])) for one in stored] == list(
            map(_said, self.versions)
        )
        told = {one.edit.version for one in self.desk.told()}
        assert told == set(range(2, len(stored) + 1))
        article = self.desk.articles.get(1)
        assert article is not None
        for one in article["mentions"]:  # type: ignore[attr-defined]  # a list of dictionaries
            said = str(article[one["field"]])
            assert said[one["start"] : one["end"]] == one["surface"]


def _said(shown: Shown) -> tuple[str, tuple[str, ...]]:
    return shown.headline, shown.paragraphs


def _lines(text: str) -> tuple[str, ...]:
    """The outlet's own paragraphs of a stored text."""
    return tuple(line for line in text.split("\n") if line in TEXT or "In edit number" in line)


@settings(max_examples=20, deadline=None)
@example(steps=[("reader", 1), ("lose", 0), ("strange", 0)])
@given(steps=st.lists(STEPS, min_size=2, max_size=14))
def test_there_are_as_many_versions_as_edits(steps: list[tuple[str, int]]) -> None:
    live_through(steps)


@pytest.mark.guard
@pytest.mark.timeout(600)
@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=14))
def test_there_are_as_many_versions_as_edits_in_many_more_months(
    steps: list[tuple[str, int]],
) -> None:
    live_through(steps)


def live_through(steps: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        month = Month(Path(folder))
        month.look(0)
        for what, number in steps:
            month.step({"reader": "reader_", "template": "template_"}.get(what, what), number)
        month.look(1)
        month.check()
        month.desk.db.close()
