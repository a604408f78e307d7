"""A worker starts soon: what few loads need is imported when it is needed."""

from __future__ import annotations

import subprocess
import sys

# Of the network, of HTML pages, and of dating, which the process that writes does.
_LATE = (
    "asyncio",
    "email",
    "fsspec",
    "ssl",
    "loader.page.html",
    "loader.archive",
    "loader.market.values",
    "pandas",
)


def test_a_worker_imports_neither_network_nor_html_nor_archive() -> None:
    code = (
        "import sys, loader.ingest.worker;"
        "late = set(sys.argv[1:]) & set(sys.modules);"
        "assert not late, late"
    )
    subprocess.run([sys.executable, "-c", code, *_LATE], check=True)
