"""From a query to SQL: one match that drives through the index, and conditions beside it.

Words that must all occur become one FTS5 match. Fields beside them are conditions on the
articles that it finds. What FTS5 cannot say (words OR fields) becomes sets of article ids, joined
by UNION, INTERSECT and EXCEPT, so that any tree is answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.query_fields import Field
from storage.query_terms import Group, Node, is_textual, joined
from storage.rows import dump

_ARTICLE = {
    "outlet": "a.outlet_id IN (SELECT value FROM json_each({values}))",
    "country": (
        "a.outlet_id IN (SELECT o.id FROM outlets o WHERE EXISTS ("
        "SELECT 1 FROM json_each(CASE o.covers WHEN '[]' THEN json_array(o.country) "
        "ELSE o.covers END) c WHERE c.value IN (SELECT value FROM json_each({values}))))"
    ),
    "alignment": (
        "a.outlet_id IN (SELECT o.id FROM outlets o "
        "WHERE o.alignment IN (SELECT value FROM json_each({values})))"
    ),
    "language": "a.language IN (SELECT value FROM json_each({values}))",
    "credit": (
        "a.id IN (SELECT c.id FROM articles c "
        "WHERE c.credit IN (SELECT value FROM json_each({values})))"
    ),
    "story": (
        "a.story_id IN (SELECT s.story_id FROM articles s "
        "WHERE s.id IN (SELECT CAST(value AS INTEGER) FROM json_each({values})))"
    ),
}
_DAYS = {
    "after": "a.published_day >= {}",
    "before": "a.published_day < {}",
    "date": "(a.published_day >= {} AND a.published_day < {})",
}
_COLUMNS = {"outlet": "a.outlet_id", "language": "a.language"}
"""Fields that one value makes a plain comparison, which is faster than looking into a list."""
_NAMED = {
    "actor": "w.kind != 'term' AND w.id IN (SELECT value FROM json_each({values}))",
    "term": "w.kind = 'term' AND w.id IN (SELECT value FROM json_each({values}))",
    "theme": (
        "w.kind != 'term' AND EXISTS (SELECT 1 FROM json_each(w.themes) t "
        "WHERE t.value IN (SELECT value FROM json_each({values})))"
    ),
    "kind": "w.kind IN (SELECT value FROM json_each({values}))",
    "named": "w.id IN (SELECT value FROM json_each({values}))",  # whoever it is, a term too
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Query and filters as SQL over `articles a`: the match, and conditions, each with its AND."""

    match: str
    words: tuple[Node, ...]  # those that must all occur
    conditions: str
    parameters: dict[str, object]


@dataclass(slots=True)
class _Compiler:
    """Collects the parameters of one statement while its parts are written."""

    parameters: dict[str, object] = field(default_factory=dict)

    def condition(self, node: Node) -> str:
        """A node as a condition on `a`."""
        if isinstance(node, Field) and node.name not in _NAMED:
            return self._comparison(node)
        # Named one after the other: deep nesting overflows the parser of SQLite.
        tables: list[str] = []
        ids = self._ids(node, tables)
        return f"a.id IN ({'WITH ' if tables else ''}{', '.join(tables)} {ids})"

    def _comparison(self, facet: Field) -> str:
        if facet.name in _DAYS:
            return _DAYS[facet.name].format(*map(self._bound, facet.values))
        if facet.name in _COLUMNS and len(facet.values) == 1:
            return f"{_COLUMNS[facet.name]} = {self._bound(facet.values[0])}"
        return _ARTICLE[facet.name].format(values=self._bound(dump(list(facet.values))))

    def _ids(self, node: Node, tables: list[str]) -> str:
        """A node as a SELECT of article ids, from tables that are added to those before."""
        if is_textual(node):
            return self._found(joined("AND", (node,)))
        if isinstance(node, Group):
            inside = self._set(node, tables)
            tables.append(f"s{len(tables)} (id) AS ({inside})")
            return f"SELECT id FROM s{len(tables) - 1}"  # noqa: S608  # as below
        if isinstance(node, Field) and node.name in _NAMED:
            return self._naming(node)
        return f"SELECT a.id FROM articles a WHERE {self.condition(node)}"  # noqa: S608  # as below

    def _set(self, group: Group, tables: list[str]) -> str:
        """Its parts as sets; the words among them as one, for the index is best at that."""
        words = tuple(part for part in group.parts if is_textual(part))
        sets = [self._found(joined(group.operator, words))] if words else []
        sets += [self._ids(part, tables) for part in group.parts if not is_textual(part)]
        wanted = (" INTERSECT " if group.operator == "AND" else " UNION ").join(sets)
        # These operators bind alike, from left to right.
        return " EXCEPT ".join([wanted, *(self._ids(part, tables) for part in group.excluded)])

    def _found(self, match: str) -> str:
        # S608: constants only; all that a person typed is bound.
        return f"SELECT rowid FROM article_fts WHERE article_fts MATCH {self._bound(match)}"  # noqa: S608  # constants only; the words are bound

    def _naming(self, named: Field) -> str:
        """The articles that name an actor; the few actors drive, by the key of the mentions."""
        which = _NAMED[named.name].format(values=self._bound(dump(list(named.values))))
        where = " AND m.field = 'headline'" if named.in_headline else ""
        return (
            "SELECT m.article_id FROM actors w CROSS JOIN mentions m ON m.actor_id = w.id "  # noqa: S608  # as above
            f"WHERE {which} AND NOT w.suppress AND m.counted{where}"
        )

    def _bound(self, value: str) -> str:
        name = f"q{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


def plan(node: Node | None, filters: Iterable[Field] = ()) -> Plan:
    """The query as SQL: what the index can say goes into the match. None: all articles."""
    wanted, unwanted = ([], []) if node is None else conjunction(node)
    words = tuple(part for part in wanted if is_textual(part))
    match = joined("AND", words) if words else ""
    drops = tuple(part for part in unwanted if words and is_textual(part))
    if drops:
        match = f"({match} NOT {joined('OR', drops)})"
    compiler = _Compiler()
    conditions = [compiler.condition(part) for part in (*wanted, *filters) if part not in words]
    # What has no day is neither before nor after one: IS NOT TRUE, where NOT would leave it out.
    conditions += [f"({compiler.condition(p)}) IS NOT TRUE" for p in unwanted if p not in drops]
    clauses = "".join(f" AND {sql}" for sql in conditions)
    return Plan(match, words, clauses, compiler.parameters | ({"match": match} if match else {}))


def conjunction(node: Node) -> tuple[list[Node], list[Node]]:
    """What must hold and what must not, of a node and of the conjunctions within it."""
    if not isinstance(node, Group) or node.operator == "OR":
        return [node], []
    wanted: list[Node] = []
    unwanted = list(node.excluded)
    for part in node.parts:
        more, less = conjunction(part)
        wanted += more
        unwanted += less
    return wanted, unwanted
