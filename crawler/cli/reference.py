"""The reference page of the command line, made from the commands' own help."""

import inspect
from collections.abc import Iterator

import typer
from typer.main import get_command


def reference() -> str:
    """Markdown: what there is, then each command with its help, arguments and options."""
    from crawler.cli.main import app

    every = sorted(commands(app), key=lambda named: named[0])
    lines = [*_index(every), *(line for name, command in every for line in _page(command, name))]
    return "\n".join(lines)


def commands(app: typer.Typer) -> Iterator[tuple[str, object]]:
    """Every command of an app with its full name, also a group that does something by itself."""

    def down(command: object, name: str) -> Iterator[tuple[str, object]]:
        children = getattr(command, "commands", {})
        if not children or getattr(command, "invoke_without_command", False):
            yield name, command
        for child, inner in children.items():
            yield from down(inner, f"{name} {child}")

    yield from down(get_command(app), "marsad")


def _index(every: list[tuple[str, object]]) -> Iterator[str]:
    yield "| command | what it does |\n|---|---|"
    for name, command in every:
        anchor = name.replace(" ", "-")
        yield f"| [`{name}`](#{anchor}) | {_help(command)[0].replace('|', chr(92) + '|')} |"


def _page(command: object, name: str) -> Iterator[str]:
    yield f"\n## {name}\n"
    examples = []
    for paragraph in _help(command):
        if paragraph.startswith("marsad "):
            examples.append(f"$ {paragraph}")
        elif paragraph not in {"Example:", "Examples:"}:
            yield f"{paragraph}\n"
    yield from ["```console", *examples, "```"]
    rows = [_row(parameter) for parameter in getattr(command, "params", [])]
    visible = [row for row in rows if row]
    if visible:
        yield "\n| argument or option | meaning |\n|---|---|"
        yield from visible


def _help(command: object) -> list[str]:
    """The paragraphs of a command's help, each in one line."""
    text = inspect.cleandoc(getattr(command, "help", None) or "")
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def _row(parameter: object) -> str:
    if getattr(parameter, "hidden", False):
        return ""
    help_text = (getattr(parameter, "help", None) or "").replace("|", "\\|").replace("\n", " ")
    if getattr(parameter, "param_type_name", "") == "argument":
        name = getattr(parameter, "metavar", None) or str(parameter.name).upper()  # type: ignore[attr-defined]  # click's
        return f"| `{name}` | {help_text}{_default(parameter)} |"
    flags = [*parameter.opts, *parameter.secondary_opts]  # type: ignore[attr-defined]  # click's
    return f"| `{'`, `'.join(flags)}` | {help_text}{_default(parameter)} |"


def _default(parameter: object) -> str:
    """The default where it says something that the help does not."""
    value = getattr(parameter, "default", None)
    told = getattr(parameter, "show_default", True) and not isinstance(value, bool)
    return f" Default: `{getattr(value, 'value', value)}`." if told and value else ""
