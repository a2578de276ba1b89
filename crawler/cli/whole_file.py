"""Files that take their place only when they are complete."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from crawler.cli.common import FAILED, fail, out


@contextmanager
def whole(path: Path | None) -> Iterator[TextIO]:
    """A file to write a table to, or standard output; half an export misleads."""
    if path is None:
        yield out.file  # type: ignore[misc]  # rich calls a stream of text IO[str]
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    except OSError as wrong:
        fail(f"{path} cannot be written: {wrong.strerror}", code=FAILED)
    finally:
        part.unlink(missing_ok=True)
