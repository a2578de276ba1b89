"""How often Python looks for garbage in cycles, in processes that handle one page after another.

By default it looks through the newest objects at every 700, and through all of them again and
again: a sixth of the crawl process's CPU, and a tenth of what reading a page costs (2026-11-23).
Most of what there is are modules, which stay; what belongs to a page lives until it is done.
"""

from __future__ import annotations

import gc

_CRAWL = (10_000, 10, 10)
"""For `gc.set_threshold`. Low enough that answers with their bodies do not pile up in memory."""
_WORKER = (50_000, 10, 10)
"""One page's trees and lists at a time, and nothing that outlives them."""


def for_crawl() -> None:
    """Leave what is loaded by now alone, and look at the rest more rarely."""
    gc.freeze()
    gc.set_threshold(*_CRAWL)


def for_worker() -> None:
    """The same for a process that reads pages; what it shares with others stays shared."""
    gc.freeze()
    gc.set_threshold(*_WORKER)
