"""Spare tests that verify hundreds of archives the making of an empty one for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from loader.archive.schema import fresh_archive


@pytest.fixture(scope="module")
def one_fresh_archive() -> Iterator[None]:
    """Let every `verify` of a module compare the schema with the same empty archive."""
    with fresh_archive() as fresh, pytest.MonkeyPatch.context() as patch:

        @contextmanager
        def the_same() -> Iterator[sqlite3.Connection]:
            yield fresh

        patch.setattr("loader.maintain.verify.schema.fresh_archive", the_same)
        yield
