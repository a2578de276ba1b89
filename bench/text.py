"""How well texts are read: names, dates, languages and search, each beside the plain way.

Each area is a module of its own that prints its tables. With `--json` each gives its figures in
one line, the plain alternatives among them, and the last line holds those that the others are
judged by. What only the saved texts beside the checkout can show is null where they are missing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import dates, languages, mentions, precision, search, variants
from bench.pages import SHARED

AREAS = {
    "mentions": mentions,
    "precision": precision,
    "variants": variants,
    "dates": dates,
    "languages": languages,
    "search": search,
}
LAST_LINE = (
    *("mention_recall_min", "mention_recall_clitic_min", "mention_cases", "mention_precision"),
    *("false_hits_ratio", "mention_ms_10k", "dates_right", "dates_wrong", "language_min"),
    *("arcd_misses_removed", "xquad_misses_removed", "same_title", "hard_negatives_joined"),
)


def main() -> None:
    """Print the tables of every area, or with --json their figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one line for each area, and one last")
    if parser.parse_args().json:
        _print_figures(SHARED if SHARED.is_dir() else None)
        return
    for area in AREAS:
        print(f"\n# {area}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{area}"], check=True)


def _print_figures(data: Path | None) -> None:
    found: dict[str, Any] = {}
    for area, module in AREAS.items():
        figures = module.figures(data)
        print(json.dumps({"area": area, **figures}, ensure_ascii=False), flush=True)
        found |= figures
    print(json.dumps({name: found.get(name) for name in LAST_LINE}))


if __name__ == "__main__":
    main()
