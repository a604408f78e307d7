"""The README: its length, its make targets, and its addresses on a real server.

tests/test_document_examples.py runs its commands and queries.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES
from tests.servers import loader_server

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def lines(language: str) -> list[str]:
    return [line for block in blocks(language) for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like the reader's: an archive, a few pages, metadata.yml."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copy(ROOT / "archive.db", folder)
    shutil.copy(ROOT / "metadata.yml", folder)
    (folder / "pages").mkdir()
    shutil.copy(SAMPLES / "2024-seed-layout-teaser.txt", folder / "pages" / "page.txt")
    return folder


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path}


def test_it_can_be_read_at_one_sitting() -> None:
    assert len(README.splitlines()) < 150
    assert len(blocks("sql")) == 5


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\$ make (\w+)", "\n".join(blocks("console")), re.M)
    assert targets == ["serve", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M)


@pytest.fixture(scope="module")
def host(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    with loader_server(Path("archive.db"), cwd=folder, environment=environment) as server:
        yield server.host


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_commands_give_rows(host: str) -> None:
    commands = lines("curl")
    assert len(commands) >= 2
    for command in commands:
        result = subprocess.run(
            ["bash", "-c", command.replace("127.0.0.1:8001", host)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert json.loads(result.stdout), command
