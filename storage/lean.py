"""Imports that leave aside what they would load only because it happens to be installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Inside, none of these modules can be imported, unless it is loaded already.

    sqlite-utils imports pandas where it finds it, to know its types: a third of a second and
    60 MB for every command and every worker of whoever installed the extra `frames`.
    """
    unloaded = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unloaded))  # type: ignore[arg-type]  # None: not importable
    try:
        yield
    finally:
        for name in unloaded:
            del sys.modules[name]
