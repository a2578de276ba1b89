"""How well texts are read: names, dates, languages and search, each beside the plain way.

Each area is a module of its own that prints its tables. With `--json` each gives its figures in
one line, the plain alternatives among them, and the last line holds those that the others are
judged by. What only the saved texts beside the checkout can show is null where they are missing.
"""

from __future__ import annotations

from bench import dates, languages, mentions, precision, search, variants
from bench.areas import tell

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
    tell(__doc__, AREAS, LAST_LINE)


if __name__ == "__main__":
    main()
