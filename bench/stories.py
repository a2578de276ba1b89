"""How well stories, versions and addresses are told apart, each part beside its material.

Each area is a module of its own that prints its tables. With `--json` each gives its figures in
one line, and the last line holds those that the others are judged by.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import (
    credits,
    rechecks,
    story_edits,
    story_peers,
    story_sample,
    story_scale,
    story_templates,
    url_variants,
)
from bench.pages import SHARED

AREAS = {
    "story_edits": story_edits,
    "story_templates": story_templates,
    "story_sample": story_sample,
    "story_scale": story_scale,
    "url_variants": url_variants,
    "rechecks": rechecks,
    "credits": credits,
    "story_peers": story_peers,
}
LAST_LINE = (
    *("recall_min_edits", "template_pairs_joined", "lookup_ms_1m", "window_mb_100k"),
    *("db_mb_per_1m", "night_10k_cpu_s", "url_variants", "lookalikes_joined"),
    *("edits_kept", "false_versions"),
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
