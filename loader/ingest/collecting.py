"""The garbage collector, while millions of rows are made that never refer to themselves."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Objects made before cycles are looked for. Python's 700 is less than one page is, and looking
# took a twentieth of the time; as many as this are a few hundred pages.
_OBJECTS: Final = 50_000


@contextmanager
def few_collections() -> Iterator[None]:
    """Within it cycles are looked for less often; memory stays bounded."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
