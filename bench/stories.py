"""How well stories, versions and addresses are told apart, each part beside its material.

Each area is a module of its own that prints its tables. With `--json` each gives its figures in
one line, and the last line holds those that the others are judged by.
"""

from __future__ import annotations

from bench import (
    credits,
    rechecks,
    story_copies,
    story_edits,
    story_peers,
    story_sample,
    story_scale,
    story_templates,
    url_variants,
)
from bench.areas import tell

AREAS = {
    "story_edits": story_edits,
    "story_templates": story_templates,
    "story_sample": story_sample,
    "story_copies": story_copies,
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
    tell(__doc__, AREAS, LAST_LINE)


if __name__ == "__main__":
    main()
