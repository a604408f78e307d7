"""Figures of a test run: each promise, the test that proves it, and what it counted.

Tests call `note`; `python -m tests.make_reliability` makes docs/reliability.md of the notes.
One file a promise, so that tests may run side by side.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

FIGURES = Path(__file__).parent.parent / "build" / "reliability"


def setting(name: str, default: int) -> int:
    """How much of something a run does: more by an environment variable (`make reliability`)."""
    return int(os.environ.get(name, default))


def note(promise: str, **counts: int | float | str) -> None:
    """Keep what the running test counted for a promise."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").split(" ")[0].split("[")[0]
    name = "".join(char if char.isalnum() else "-" for char in promise.lower())
    record = {"promise": promise, "test": test, "counts": counts}
    (FIGURES / f"{name}.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
