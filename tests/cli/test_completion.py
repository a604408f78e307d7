"""The shell completes commands and options, as described in docs/install.md."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def completed(words: str) -> list[str]:
    """Return what bash would offer for the last of these words."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_LOADER_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    code = "from loader.cli import main; main(prog_name='loader')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("loader me", ["merge"]),
        ("loader load --capt", ["--captured-at"]),
        ("loader export --format p", ["parquet"]),
    ],
)
def test_last_word_is_completed(words: str, offered: list[str]) -> None:
    assert completed(words) == offered
