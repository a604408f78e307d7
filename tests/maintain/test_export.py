"""Exports contain every row, and read back as the archive's content."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Run, count_in

Connect = Callable[[Path], sqlite3.Connection]


def _records(folder: Path, table: str, form: str) -> Iterator[dict[str, object]]:
    for path in sorted((folder / table).rglob(f"*.{form}")):
        if form == "jsonl":
            yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
        elif form == "csv":
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)
        else:
            parquet = pytest.importorskip("pyarrow.parquet")
            yield from parquet.ParquetFile(path).read().to_pylist()


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_all_forms_hold_all_rows(
    form: str, tmp_path: Path, run: Run, sample_archive: Path, connect: Connect
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    run("export", tmp_path / "out", "--format", form, "--db", sample_archive)
    articles = {row["digest"]: row for row in _records(tmp_path / "out", "articles", form)}
    quotes = list(_records(tmp_path / "out", "quotes", form))
    conn = connect(sample_archive)
    stored = {row["digest"]: row for row in conn.execute("select * from articles")}
    assert articles.keys() == stored.keys()
    for digest, row in articles.items():
        assert row["text"] == stored[digest]["body"]
        assert (row["headline"] or None) == stored[digest]["headline"]
    assert len(quotes) == conn.execute("select count(*) from quotes").fetchone()[0]
    (total,) = conn.execute("select round(sum(price), 2) from quotes").fetchone()
    assert round(sum(float(str(row["price"])) for row in quotes), 2) == total


def test_files_are_partitioned_by_year_and_dates_have_their_basis(
    tmp_path: Path, run: Run, sample_archive: Path
) -> None:
    run("export", tmp_path / "out", "--format", "jsonl", "--db", sample_archive)
    for path in (tmp_path / "out" / "articles").rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            year = row["date"][:4] if row["date"] else "unknown"
            assert path.parent.name == f"year={year}"
            assert (row["date"] is None) == (row["date_basis"] is None)
            assert "Increased By" not in row["text"]
    assert not list((tmp_path / "out").rglob("*.part"))


def test_parquet_folder_reads_as_one_data_set(
    tmp_path: Path, run: Run, sample_archive: Path
) -> None:
    dataset = pytest.importorskip("pyarrow.dataset")
    run("export", tmp_path / "out", "--table", "quotes", "--db", sample_archive)
    table = dataset.dataset(tmp_path / "out" / "quotes", partitioning="hive").to_table()
    assert table.num_rows == count_in(sample_archive, "quotes")
    assert "year" in table.column_names
    assert not (tmp_path / "out" / "articles").exists()


def test_what_is_there_is_not_overwritten(tmp_path: Path, run: Run, sample_archive: Path) -> None:
    run("export", tmp_path / "out", "--format", "csv", "--db", sample_archive)
    output = run("export", tmp_path / "out", "--db", sample_archive, code=1).output
    assert "exists already" in output


def test_folder_that_cannot_be_made_is_told(tmp_path: Path, run: Run, sample_archive: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    output = run(
        "export", tmp_path / "file" / "out", "--format", "csv", "--db", sample_archive, code=1
    ).output
    assert output.startswith("Error: ")
