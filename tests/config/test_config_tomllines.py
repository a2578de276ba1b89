from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.tomllines import KeyPath, key_lines

SCALARS = st.one_of(
    st.integers(-99, 99),
    st.booleans(),
    st.sampled_from(["", "a # b", "[x]", "يوم", "k = 1", 'q"u', "it's", "\\", "{", "two\nlines"]),
)
KEYS = st.sampled_from(["a", "b-c", "d_1", "7", "e f", "g.h", "اسم", '"', "#", "[i]", "="])


def _tables(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(KEYS, values, max_size=4)


TREES = _tables(
    st.recursive(
        st.one_of(SCALARS, st.lists(SCALARS, max_size=3)),
        lambda inner: st.one_of(
            _tables(inner),
            st.lists(_tables(inner), min_size=1, max_size=3),
        ),
        max_leaves=12,
    )
)


@dataclass
class Writer:
    """Writes a tree as TOML in styles drawn at random, and notes on which line each key lands."""

    draw: st.DataObject
    text: str = ""
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def table(self, path: KeyPath, data: dict[str, Any]) -> None:
        inline = {key for key, value in data.items() if not self.has_headers(value)}
        for key, value in data.items():
            if key in inline:
                self.noise()
                self.note((*path, key))
                self.put(f"{self.key(key)}{self.pick(' = ', '=', '  =   ')}")
                self.value((*path, key), value)
                self.put(self.pick("", "  # [no.table] x = 1") + "\n")
        for key, value in data.items():
            if key not in inline:
                self.below((*path, key), value)

    def below(self, path: KeyPath, value: Any) -> None:
        for number, row in enumerate(value if isinstance(value, list) else [value]):
            self.noise()
            way = (*path, number) if isinstance(value, list) else path
            self.note(path)
            self.note(way)
            header = self.pick(".", " . ").join(
                self.key(part) for part in path if isinstance(part, str)
            )
            self.put(f"[[{header}]]\n" if isinstance(value, list) else f"[ {header}]\n")
            self.table(way, row)

    def value(self, path: KeyPath, value: Any) -> None:
        if isinstance(value, dict):
            self.put("{")
            for number, (key, inner) in enumerate(value.items()):
                self.put(", " if number else " ")
                self.note((*path, key))
                self.put(f"{self.key(key)} = ")
                self.value((*path, key), inner)
            self.put(" }")
        elif isinstance(value, list):
            self.put("[")
            for number, inner in enumerate(value):
                self.put(self.pick("", "\n  ", "  # ] no end\n"))
                self.note((*path, number))
                self.value((*path, number), inner)
                self.put(
                    self.pick(",", "\n ,") if number < len(value) - 1 else self.pick("", ",\n")
                )
            self.put("]")
        else:
            self.put(self.scalar(value))

    def scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return str(value).lower()
        quoted = json.dumps(value, ensure_ascii=False)
        styles = [quoted, '"""\n' + quoted[1:-1] + '"""']
        if "'" not in value:
            styles.append(f"'''\n{value}'''")
        return self.pick(*styles)

    def has_headers(self, value: Any) -> bool:
        rows = isinstance(value, list) and value and all(isinstance(row, dict) for row in value)
        return bool(isinstance(value, dict) or rows) and self.draw.draw(st.booleans())

    def key(self, key: str) -> str:
        bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
        return (
            key if bare and self.draw.draw(st.booleans()) else json.dumps(key, ensure_ascii=False)
        )

    def noise(self) -> None:
        self.put(self.pick("", "\n", "# [a]\n", "\t \n"))

    def note(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def put(self, text: str) -> None:
        self.text += text

    def pick(self, *choices: str) -> str:
        return self.draw.draw(st.sampled_from(choices))


@given(tree=TREES, draw=st.data())
def test_each_key_has_the_line_on_which_it_was_written(
    tree: dict[str, Any], draw: st.DataObject
) -> None:
    writer = Writer(draw)
    writer.table((), tree)

    assert tomllib.loads(writer.text) == tree
    assert key_lines(writer.text) == writer.lines


@given(tree=TREES, draw=st.data())
def test_windows_line_ends_change_no_line(tree: dict[str, Any], draw: st.DataObject) -> None:
    writer = Writer(draw)
    writer.table((), tree)

    assert key_lines(writer.text.replace("\n", "\r\n")) == writer.lines


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a.b.c = 1\na.b.d = 2", ("a", "b", "d"), 2),
        ("a.b.c = 1\na.b.d = 2", ("a", "b"), 1),
        ("[[x]]\n[[x]]\n[x.y]\nz = 1", ("x", 1, "y", "z"), 4),
        ("[[x]]\n[[x.y]]\n[[x]]\n[[x.y]]\nz = 1", ("x", 1, "y", 0, "z"), 5),
        ('s = """\nb = 1\n"""\nb = 2', ("b",), 4),
        ("s = '''\nb = 1'''''\nb = 2", ("b",), 3),
        ('s = """a\\""""\nb = 2', ("b",), 2),
        ("when = 1979-05-27 07:32:00 # b = 1\nb = 2", ("b",), 2),
        ("[a]\n[a.b]\n[c]\nd = [[1, 2], [ # x\n 3]]", ("c", "d", 1, 0), 5),
    ],
)
def test_special_spellings_have_their_lines(text: str, path: KeyPath, line: int) -> None:
    tomllib.loads(text)

    assert key_lines(text)[path] == line
