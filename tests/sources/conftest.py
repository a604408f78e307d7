"""Write sources and read them back."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import ReadOptions, Source, find_sources, read_captures

Items = list[Capture | Problem]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], str]:
    """Write bytes to a file under tmp_path, compressed as by its name; return its location."""

    def write(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".gz"):
            data = gzip.compress(data)
        elif name.endswith(".zst"):
            data = zstandard.compress(data)
        path.write_bytes(data)
        return str(path)

    return write


@pytest.fixture
def read() -> Callable[..., Items]:
    """Return all items of one location, which must be a readable source."""

    def read(location: str, **options: Any) -> Items:
        (source,) = find_sources([location])
        assert isinstance(source, Source), source
        return list(read_captures(source, ReadOptions(**options)))

    return read


@pytest.fixture
def read_to_fault() -> Callable[[str], tuple[Items, SourceError]]:
    """Return the items of a location before its SourceError, and that error."""

    def read_to_fault(location: str) -> tuple[Items, SourceError]:
        (source,) = find_sources([location])
        assert isinstance(source, Source), source
        items: Items = []
        with pytest.raises(SourceError) as caught:
            for item in read_captures(source):
                items.append(item)
        return items, caught.value

    return read_to_fault
