"""How long whoever guesses passwords has to wait, while nobody else is shut out.

Each wrong guess makes the next answer to its address come later, and to its account a little.
Nothing is ever locked: who knows the password waits a few seconds at most, from wherever no wrong
guesses come.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 3
"""Slips that cost nothing."""
MOST_SECONDS = 30.0
"""For an address from which wrong guesses come."""
MOST_SECONDS_OF_ACCOUNT = 4.0
"""For an account that others guess at: the rightful one waits so long too."""
FORGOTTEN_AFTER = 900.0
"""Seconds without a wrong guess."""
_KEPT = 10_000


class Guesses:
    """Wrong passwords of late, by address and by account; in memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """With the clock that tests may turn."""
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def seconds(self, address: str, name: str) -> float:
        """How long the answer to the next try waits."""
        of_address = _growing(self._count(_from(address)), MOST_SECONDS)
        return max(of_address, _growing(self._count(f"name {name}"), MOST_SECONDS_OF_ACCOUNT))

    def wrong(self, address: str, name: str) -> None:
        """A password was wrong."""
        for key in (_from(address), f"name {name}"):
            self._wrong[key] = (self._count(key) + 1, self._clock())
            self._wrong.move_to_end(key)
        while len(self._wrong) > _KEPT:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """A password was right: its account was not guessed at by this one, and neither others."""
        self._wrong.pop(_from(address), None)

    def _count(self, key: str) -> int:
        count, at = self._wrong.get(key, (0, 0.0))
        return 0 if self._clock() - at > FORGOTTEN_AFTER else count


def _growing(wrong: int, most: float) -> float:
    """Half a second after the first slips, then twice as long each time."""
    return 0.0 if wrong < FREE else min(most, 0.5 * 2.0 ** min(wrong - FREE, 10))


def _from(address: str) -> str:
    """An address as a guesser holds it: with IPv6, a whole network of them."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "from elsewhere"
    if ip.version == 4:
        return f"from {ip}"
    return f"from {ipaddress.ip_network((ip, 64), strict=False)}"
