"""How well a month of re-checks tells the edits of outlets from the noise of their pages.

Made-up sites in five languages and five layouts are looked at for a month by a clock of our own.
Every look brings another clock, other counters, boxes, advertising and tokens; some looks bring an
edit that was planted, some articles go and come back, and every site is broken twice. The month is
played again with other layouts, noise and edits, and with some that nothing was made with. A better
reader and another template look at an archive in which nothing changed. Real pages get the same
noise, where the data is there.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import (
    recheck_edits,
    recheck_held_out,
    recheck_pages,
    recheck_real,
    recheck_second,
    recheck_third,
    recheck_upgrade,
)
from bench.areas import tell_figures
from bench.recheck_month import Here, Month, Told
from bench.recheck_sites import Edit, Layout, sites
from bench.recheck_texts import TONGUES
from storage.connection import Connection
from storage.database import open_database

EACH, EACH_OTHER = 12, 5
"""Articles of each of the 25 sites, and of the 25 others and 10 held out."""
UPGRADED = 10_000
"""Stored articles that a better reader looks at."""


def figures(data: Path | None) -> dict[str, Any]:
    """The figures of the area; those of real pages are null without the data."""
    started = time.process_time()
    found = month(recheck_pages.LAYOUTS, recheck_edits.EDITS, EACH).figures()
    seen = (*recheck_second.LAYOUTS, *recheck_third.LAYOUTS)
    others = (("other", seen), ("held_out", recheck_held_out.LAYOUTS))
    for name, layouts in others:
        told = month(layouts, recheck_second.EDITS, EACH_OTHER, seed=5).figures()
        found |= {f"{name}_{figure}": value for figure, value in told.items()}
    with _archive() as (db, warc):
        found |= recheck_upgrade.figures(db, warc, UPGRADED)
    names = ("real_pages", "real_false_versions", "real_edits_planted", "real_edits_kept")
    found |= recheck_real.figures(data) if data else dict.fromkeys(names)
    return {**found, "rechecks_cpu_s": round(time.process_time() - started, 1)}


def month(layouts: Sequence[Layout], edits: Sequence[Edit], each: int, seed: int = 11) -> Told:
    """A month of sites with so many articles each."""
    with _archive() as (db, warc):
        return Month(db, warc, sites(TONGUES, layouts, edits, each, seed), Here()).play()


@contextmanager
def _archive() -> Iterator[tuple[Connection, Path]]:
    """An empty database, and a folder for captures."""
    with tempfile.TemporaryDirectory() as folder, open_database(Path(folder) / "m.db") as db:
        yield db, Path(folder) / "warc"


def main() -> None:
    """Print what was found, or with --json the figures in one line."""
    tell_figures(__doc__, figures)


if __name__ == "__main__":
    main()
