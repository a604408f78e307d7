"""Record figures of a test run: each promise, the test that proves it, and its counts.

Tests call `note`; `python -m tests.make_reliability` writes docs/reliability.md from the notes.
Each promise has a file of its own, so that tests may run in parallel.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

FIGURES = Path(__file__).parent.parent / "build" / "reliability"


def setting(name: str, default: int) -> int:
    """Return a test's repetition count, raised by an environment variable (`make reliability`)."""
    return int(os.environ.get(name, default))


def is_at_length() -> bool:
    """Return whether tests try every combination (`make reliability`), or one of each kind."""
    return bool(setting("LOADER_AT_LENGTH", 0))


def some(items: Sequence[T], count: int) -> Sequence[T]:
    """Return `count` items from the last to the first, evenly spaced; all of them at length."""
    if is_at_length() or count >= len(items):
        return items
    step = (len(items) - 1) / max(1, count - 1)
    return [items[-1 - round(place * step)] for place in range(count)]


def note(promise: str, **counts: int | float | str) -> None:
    """Record the counts of the running test for a promise."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").split(" ")[0].split("[")[0]
    name = "".join(char if char.isalnum() else "-" for char in promise.lower())
    record = {"promise": promise, "test": test, "counts": counts}
    (FIGURES / f"{name}.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
