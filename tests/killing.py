"""Work killed at each of its steps: kill -9 in a child, right before it changes the disk."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

STEPS = (
    (os, "fsync"),
    (os, "link"),
    (os, "truncate"),
    (shutil, "rmtree"),
    (Path, "mkdir"),
    (Path, "rename"),
    (Path, "replace"),
    (Path, "unlink"),
)
"""Calls before which the child may die."""


def killed_before_step(
    number: int, work: Callable[[], object], others: Sequence[tuple[Any, str]] = ()
) -> bool:
    """Do the work in a child that dies before its nth step; False where it came to its end.

    `others` are calls that count as steps as well.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _die_before(number, (*STEPS, *others))
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return os.WIFSIGNALED(status)


def _die_before(number: int, steps: Sequence[tuple[Any, str]]) -> None:
    left = iter(range(number - 1))

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **named)

        return step

    for owner, name in steps:
        setattr(owner, name, counted(getattr(owner, name)))


def every_step(work: Callable[[int], bool], stride: int = 1) -> Iterator[int]:
    """The numbers of steps before which the work was killed, up to its end."""
    number = 1
    while work(number):
        yield number
        number += stride
