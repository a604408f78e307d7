"""The library's examples, in docstrings and docs/library.md, give the output shown there."""

from __future__ import annotations

import doctest
import importlib
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES

MODULES = ("loader.library.archive", "loader.library.reading")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an archive and a page, where the examples run."""
    shutil.copy(ROOT / "archive.db", tmp_path)
    (tmp_path / "pages").mkdir()
    shutil.copy(SAMPLES / "2024-seed-layout-teaser.txt", tmp_path / "pages" / "page.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings_give_what_they_say(name: str, folder: Path) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted >= 4
    assert not found.failed


def test_examples_of_the_page_give_what_they_say(folder: Path) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("duckdb", reason="duckdb is not installed")
    found = doctest.testfile(str(ROOT / "docs" / "library.md"), module_relative=False)
    assert found.attempted >= 15
    assert not found.failed
