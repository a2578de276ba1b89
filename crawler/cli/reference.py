"""The reference page of the command line, made from the commands' own help."""

import inspect
from collections.abc import Iterator

import typer
from typer.main import get_command


def reference() -> str:
    """Markdown: each command with its help, arguments and options."""
    from crawler.cli.main import app

    pages = (_page(command, name) for name, command in sorted(commands(app), key=lambda c: c[0]))
    return "\n".join(line for page in pages for line in page)


def _page(command: object, name: str) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield inspect.cleandoc(getattr(command, "help", None) or "")
    rows = [_row(parameter) for parameter in getattr(command, "params", [])]
    visible = [row for row in rows if row]
    if visible:
        yield "\n| | |\n|---|---|"
        yield from visible


def _row(parameter: object) -> str:
    if getattr(parameter, "hidden", False):
        return ""
    help_text = (getattr(parameter, "help", None) or "").replace("|", "\\|").replace("\n", " ")
    if getattr(parameter, "param_type_name", "") == "argument":
        name = getattr(parameter, "metavar", None) or str(parameter.human_readable_name)  # type: ignore[attr-defined]  # click's
        return f"| `{name}` | {help_text} |"
    flags = [*parameter.opts, *parameter.secondary_opts]  # type: ignore[attr-defined]  # click's
    return f"| `{'`, `'.join(flags)}` | {help_text} |"


def commands(app: typer.Typer) -> Iterator[tuple[str, object]]:
    """Every command of an app with its full name."""

    def down(command: object, name: str) -> Iterator[tuple[str, object]]:
        children = getattr(command, "commands", {})
        if not children:
            yield name, command
        for child, inner in children.items():
            yield from down(inner, f"{name} {child}")

    yield from down(get_command(app), "marsad")
