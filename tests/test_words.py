"""Numbers with their nouns, and the messages that use them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loader.words import counted
from tests.conftest import ROOT, SAMPLES, Run

_OF_ONE = re.compile(r"(?<![\d,.])1 (?:other |new |more )?(?:days|boards|captures|articles|files|"
                     r"snapshots|sources|problems|quotes|closes|records|rows)\b")  # fmt: skip


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (0, "day", "0 days"), (1, "day", "1 day"), (2, "day", "2 days"),
        (1234567, "new snapshot", "1,234,567 new snapshots"), (1, "story", "1 story"),
        (3, "story", "3 stories"), (-1, "point", "-1 points"),
    ],
)  # fmt: skip
def test_a_noun_is_in_the_plural_unless_there_is_one(count: int, noun: str, words: str) -> None:
    assert counted(count, noun) == words


def test_commands_on_one_page_do_not_say_1_snapshots(tmp_path: Path, run: Run) -> None:
    one, both = tmp_path / "one.db", tmp_path / "both.db"
    outputs = [
        run("load", SAMPLES / "2024-seed-layout-teaser.txt", "--db", one).output,
        run("merge", both, one).output,
        run("share", tmp_path / "copy.db", "--db", one).output,
        run("verify", "--db", one).output,
        run("date", "--explain", 1, "--db", one).output,
    ]
    assert "1 new snapshot, " in outputs[1]
    assert not [output for output in outputs if _OF_ONE.search(output)]


def test_make_says_what_takes_a_minute() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rule = makefile.partition("$(VENV)/installed:")[2].splitlines()
    assert rule[1].startswith('\t@echo "Installing')
