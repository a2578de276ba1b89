"""Runs the command line and writes down every name that is looked up and place connected to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def note(event: str, details: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        told = details[1]
        line = f"connect {told[0]}:{told[1]}" if isinstance(told, tuple) else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        line = f"look up {details[0]}"
    else:
        return
    if line:
        with SEEN.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


if __name__ == "__main__":
    SEEN = Path(sys.argv.pop(1))
    sys.addaudithook(note)

    from crawler.cli.main import main

    main()
