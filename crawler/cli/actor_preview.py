"""What changed actors would find, shown to the person who is to say whether to save them."""

from rich.markup import escape
from rich.text import Text

from crawler.actorfiles import Plan
from crawler.cli.common import out
from crawler.cli.tables import print_rows
from crawler.engine.preview import Example, Preview
from crawler.phrases import counted
from storage.bidi import isolated


def show_preview(made: Plan, found: Preview) -> None:
    """Counts, examples, collisions and floods."""
    same = f", {made.unchanged} as they were" if made.unchanged else ""
    out.print(f"{len(made.new)} new, {len(made.changed)} changed{same}")
    if not found.looked_at:
        out.print("no article is stored yet: there is nothing to compare with")
        _show_actors(made, None)
    else:
        out.print(f"in {_extent(found)}:")
        _show_actors(made, found)
    if found.examples:
        out.print("\nfor example (before, \\[match], after):")
        for example in found.examples:
            _show_example(example)
    _show_doubts(found)


def _extent(found: Preview) -> str:
    if found.looked_at < found.archive:
        return (
            f"{found.looked_at:,} of {counted(found.archive, 'stored article')}, "
            "a sample spread evenly over the archive"
        )
    return f"all of {counted(found.archive, 'stored article')}"


def _show_actors(made: Plan, found: Preview | None) -> None:
    names = {actor.id: actor.display_name for actor in made.actors}
    rows = [
        (
            actor_id,
            "new" if actor_id in made.new else "changed",
            *(_figures(found, actor_id) if found else ("", "", "")),
            isolated(names.get(actor_id, "no longer watched")),
        )
        for actor_id in made.touched
    ]
    header = ("actor", "is", "so far", "articles", "doubtful", "name")
    print_rows(header, rows, right=header[2:5])


def _figures(found: Preview, actor_id: str) -> tuple[str, ...]:
    by_column = (found.so_far, found.articles, found.doubtful)
    return tuple(str(column.get(actor_id, "")) for column in by_column)


def _show_example(example: Example) -> None:
    pieces = [isolated(piece) for piece in (example.before, f"[{example.match}]", example.after)]
    out.print(Text(f"  {example.actor_id} · article {example.article_id}", style="dim"))
    out.print(Text("    " + "".join(pieces)))


def _show_doubts(found: Preview) -> None:
    for collision in found.collisions:
        owners = " and ".join(collision.actor_ids)
        out.print(f"[yellow]collision[/yellow]: {_quoted(collision.form)} is a form of {owners}")
    for loss in found.losses:
        out.print(
            f"[yellow]loss[/yellow]: {loss.actor_id} would not count any more in "
            f"{counted(loss.articles, 'article')}: a form here takes its place in the text"
        )
    for flood in found.floods:
        part = flood.articles / found.looked_at
        out.print(
            f"[yellow]flood[/yellow]: {_quoted(flood.form)} of {flood.actor_id} stands in "
            f"{flood.articles} articles ({part:.1%}); a longer form, or one that needs a context "
            "word (form_mode context), is safer"
        )


def _quoted(form: str) -> str:
    return f'"{escape(isolated(form))}"'
