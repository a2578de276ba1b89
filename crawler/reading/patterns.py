"""Patterns that people write, matched in linear time on whatever the web brings."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

_PATTERN_BYTES = 1 << 20  # memory that one compiled pattern may take


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Any:
    """A pattern compiled by google-re2; raises re2.error for what is no pattern."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_BYTES
    return re2.compile(pattern, options)
