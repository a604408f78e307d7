"""Raise the garbage collector's threshold while millions of acyclic rows are allocated."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Allocations before a collection: a few hundred pages. Python's default, 700, is less than one
# page needs, and collections took 5 % of the time.
_OBJECTS: Final = 50_000


@contextmanager
def few_collections() -> Iterator[None]:
    """Collect garbage less often in this context; memory stays bounded."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
