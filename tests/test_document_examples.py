"""Every command, query and program in README.md and docs works, with the output shown there.

Blocks of one page run in order, in a folder like the reader's. Lines after a command in a `console`
block are its output, in which `...` matches anything.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.conftest import ROOT, SAMPLES
from tools import answers, notebook

# Beginnings of commands that are not run here, with the reason: another test runs it, or it needs
# what a test has not.
NOT_RUN: Final = {
    r"make (serve|test)": "tests/test_readme.py holds that the targets exist",
    r"loader serve": "runs until it is stopped; tests/test_readme.py asks it",
    r"litestream ": "tests/faults/test_litestream.py",
    r"loader verify --all --db restored.db": "after a restore by litestream",
    r"sqlite3 archive.db 'pragma journal_mode": "for litestream, tests/faults/test_litestream.py",
    r"loader load --index captures.parquet": "tests/sources/test_index_over_http.py",
    r"loader load --list wet.paths.gz": "needs a cluster; tests/ingest/test_cluster.py",
    r"dask ": "runs until it is stopped; tests/ingest/test_cluster.py",
}
PROGRAMS_NOT_RUN: Final = {
    r"from dask_\w+": "needs an account with a provider of machines",
}
# A block of text right below a program is its output.
_BLOCK: Final = re.compile(
    r"^```(?P<language>sh|console|python)\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```)?",
    re.M | re.S,
)
_MATCH: Final = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Command(NamedTuple):
    """A shell command, and its output if the page shows it."""

    line: str
    output: str | None


def commands(language: str, code: str) -> Iterator[Command]:
    """Yield the commands of a block; a backslash at the end of a line continues it."""
    code = code.replace("\\\n", "")
    if language == "sh":
        for line in code.splitlines():
            if line.strip() and not line.startswith("#"):
                yield Command(line.strip(), None)
        return
    for part in re.split(r"^\$ ", code, flags=re.M)[1:]:
        line, _, output = part.partition("\n")
        yield Command(line, output)


def not_run(text: str, reasons: dict[str, str]) -> bool:
    return any(re.match(pattern, text) for pattern in reasons)


def pages() -> list[Path]:
    return [page for page in answers.pages() if _BLOCK.search(page.read_text(encoding="utf-8"))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder like the reader's: an archive, a few pages, metadata.yml."""
    shutil.copy(ROOT / "archive.db", tmp_path)
    shutil.copy(ROOT / "archive.db", tmp_path / "from-a-friend.db")
    shutil.copy(ROOT / "metadata.yml", tmp_path)
    (tmp_path / "pages").mkdir()
    shutil.copy(SAMPLES / "2024-seed-layout-teaser.txt", tmp_path / "pages" / "page.txt")
    return tmp_path


def run_shell(command: Command, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", command.line], cwd=folder, env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, f"{command.line}\n{result.stderr}"
    if command.output:
        # The page may omit further output.
        wanted, given = f"{command.output.rstrip()} ...", f"{result.stdout} (end)"
        found = doctest.OutputChecker().check_output(wanted, given, _MATCH)
        assert found, f"{command.line}\n{result.stdout}"


def run_program(code: str, output: str | None, folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert result.returncode == 0, f"{code}\n{result.stderr}"
    if output is not None:
        found = doctest.OutputChecker().check_output(output, result.stdout, _MATCH)
        assert found, f"{code}\n{result.stdout}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_commands_and_programs_work(page: Path, folder: Path) -> None:
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["language"] == "python":
            # Sessions are run by tests/library/test_examples.py.
            if not block["code"].startswith(">>>") and not not_run(block["code"], PROGRAMS_NOT_RUN):
                run_program(block["code"], block["output"], folder)
            continue
        for command in commands(block["language"], block["code"]):
            program = command.line.split()[0]
            if not_run(command.line, NOT_RUN):
                continue
            if program == "sqlite3" and shutil.which(program) is None:
                print("not run, since sqlite3 is not installed:", command.line)
                continue
            run_shell(command, folder)


def test_what_is_not_run_still_stands_somewhere() -> None:
    blocks = [
        (block["language"], block["code"])
        for page in pages()
        for block in _BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]
    programs = [code for language, code in blocks if language == "python"]
    lines = [
        command.line
        for language, code in blocks
        if language != "python"
        for command in commands(language, code)
    ]
    assert len(lines) >= 15
    for pattern in NOT_RUN:
        assert any(re.match(pattern, line) for line in lines), pattern
    for pattern in PROGRAMS_NOT_RUN:
        assert any(re.match(pattern, code) for code in programs), pattern


@pytest.mark.parametrize("page", answers.pages(), ids=lambda page: page.name)
def test_answers_below_queries_are_those_of_the_archive(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert answers.answered(text, ROOT / "archive.db") == text, "run `make docs`"


def test_notebook_is_the_page() -> None:
    page = notebook.PAGE.read_text(encoding="utf-8")
    assert notebook.NOTEBOOK.read_text(encoding="utf-8") == notebook.notebook(page), "`make docs`"
    cells = json.loads(notebook.NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert [cell["cell_type"] for cell in cells].count("code") == page.count("```python")
