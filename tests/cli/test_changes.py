"""`loader changes` lists pages that an editor changed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.articles.pages import CHANGING, FIRM, RISE, write_pages
from tests.conftest import Run


def test_changed_pages_on_the_terminal(tmp_path: Path, run: Run) -> None:
    run("load", write_pages(tmp_path / "a.jsonl"), "--db", tmp_path / "a.db", "-q")
    (line,) = run("changes", "--db", tmp_path / "a.db").output.splitlines()
    assert line.startswith("+1 -1 words  3 versions, 1 changed silently")
    assert RISE in line
    assert line.endswith("https://www.brecorder.com/news/40300001")


def test_changes_in_silence_as_json(tmp_path: Path, run: Run) -> None:
    run("load", write_pages(tmp_path / "a.jsonl"), "--db", tmp_path / "a.db", "-q")
    found = json.loads(run("changes", "--silent", "--json", "--db", tmp_path / "a.db").output)
    assert (found["version"], found["headline"]) == (2, FIRM)
    assert found["before_seen_until"] < found["first_seen_at"]


def test_an_archive_without_changes_says_so(tmp_path: Path, run: Run) -> None:
    run("load", write_pages(tmp_path / "a.jsonl", CHANGING[-1:]), "--db", tmp_path / "a.db", "-q")
    assert "No page was changed." in run("changes", "--db", tmp_path / "a.db").output
    output = run("changes", "--silent", "--db", tmp_path / "a.db").output
    assert "No page was changed silently." in output
