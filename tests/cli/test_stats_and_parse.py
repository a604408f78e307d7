"""The output of `loader stats` and `loader parse`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from loader.cli import main
from tests.conftest import ROOT, SAMPLES, Run
from tests.make_docs import commands

PAGE = SAMPLES / "2022-logo-print-edition.txt"


def test_stats_tell_counts_spans_and_problems(sample_archive: Path, run: Run) -> None:
    found = json.loads(run("stats", "--db", sample_archive, "--json").output)
    assert found["counts"]["snapshots"] >= 100
    assert found["counts"]["instruments"] >= 764
    assert found["problems"]["ticker-line"] == 1
    assert found["spans"]["captured_at"][0].startswith("2024-03-04T")
    assert found["size"] == sample_archive.stat().st_size
    output = run("stats", "--db", sample_archive).output
    assert "ticker-line" in output
    assert "2024-03-04T" in output


def test_parse_prints_one_object_a_capture_and_touches_no_database(
    tmp_path: Path, run: Run
) -> None:
    output = run("parse", PAGE, SAMPLES / "2024-one-share-line.txt").output
    first, second = map(json.loads, output.splitlines())
    assert (
        first["article"]["headline"] == "Exports of home textiles grow by a tenth in seven months"
    )
    assert first["article"]["published_at"] == "2022-03-03"
    assert first["masthead_date"] == "2022-03-03"
    assert len(first["board"]["quotes"]) == 34
    assert second["board"]["is_single_quote"] is True
    assert list(tmp_path.iterdir()) == []


def test_parse_tells_problems_and_exits_with_1_for_a_missing_file(tmp_path: Path, run: Run) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    output = run("parse", empty, tmp_path / "missing.txt", code=1).output
    assert '"kind": "empty"' in output
    assert '"kind": "unreadable"' in output
    assert "no such file" in output


def test_parse_gives_the_digest_that_load_stores(tmp_path: Path, run: Run, connect) -> None:
    db = tmp_path / "archive.db"
    run("load", PAGE, "--db", db)
    record = json.loads(run("parse", PAGE).output)
    row = connect(db).execute(
        "select snapshots.digest, boards.digest, articles.digest from snapshots"
        " join boards on boards.id = board_id join articles on articles.id = article_id"
    )
    assert tuple(row.fetchone()) == (
        record["digest"],
        record["board"]["digest"],
        record["article"]["digest"],
    )


def test_help_lists_every_command_in_its_own_words() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    for name, command in commands():
        assert f"  {name:<8} {command.get_short_help_str(100)}" in listed
        assert command.name == name


def test_help_and_stats_import_neither_readers_nor_server(tmp_path: Path) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from loader.cli import main;"
        "CliRunner().invoke(main, sys.argv[1:]);"
        "late = {'loader.sources', 'loader.page.text', 'loader.ingest', 'datasette', 'fastwarc'};"
        "assert not late & set(sys.modules), late & set(sys.modules)"
    )
    for arguments in (["--help"], ["stats", "--db", str(tmp_path / "none.db")], ["serve", "-h"]):
        subprocess.run([sys.executable, "-c", code, *arguments], check=True)


def test_every_command_of_the_package_is_listed() -> None:
    modules = (ROOT / "loader" / "cli").glob("*.py")
    found = {path.stem for path in modules if "@click.command(" in path.read_text(encoding="utf-8")}
    assert found == {name for name, _ in commands()}
