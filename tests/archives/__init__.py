"""Archives of released schemas (README.md), unpacked for a test."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

# In the order of their release, each named by the migration that came with it. Branches met
# in that order, so a later one may be of a lower number.
RELEASED: Final = (
    "002_instruments",
    "005_web",
    "004_dating",
    "006_crawls",
    "003_listings",
    "007_reliability",
    "008_faster_loads",
    "009_exact_rows",
    "013_names_and_values",
    "015_article_links",
    "016_credits",
)
_TEXTS: Final = (
    "tests/samples/2024-seed-layout-teaser.txt",
    "tests/samples/2021-06-covid-counter.txt",
    "tests/samples/2022-summary-bullets.txt",
    "tests/samples/2024-index-change-over-1000.txt",
    "tests/samples/2023-doubled-board.txt",
    "tests/samples/2018-epaper-capitals-byline.txt",
    "tests/archives/pages.jsonl",
)
_CRAWLED: Final = ("006_crawls", "003_listings", "007_reliability", "008_faster_loads",
                   "009_exact_rows", "013_names_and_values", "015_article_links",
                   "016_credits")  # fmt: skip


def unpack(name: str, path: Path) -> Path:
    """Write the archive of that schema to `path`."""
    path.write_bytes(gzip.decompress((_HERE / f"{name}.db.gz").read_bytes()))
    return path


def sources_of(name: str) -> tuple[str, ...]:
    """What was loaded into it, as named from the root of the repository."""
    crawl = ("tests/archives/crawl.warc.gz",) if name in _CRAWLED else ()
    return (*_TEXTS, *crawl, "/dev/null")
