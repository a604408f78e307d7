"""Sources that were read to their end are not read again unless they changed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conftest import Run
from tests.ingest.conftest import count
from tests.ingest.corpus import some_pages, write_folder, write_lines, write_wet


def test_second_run_passes_over_what_was_read_and_again_does_not(tmp_path: Path, load) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(30), 3)
    assert load("a.db", folder).read_before == 0
    second = load("a.db", folder)
    assert (second.read_before, second.counts.captures) == (3, 0)
    again = load("a.db", folder, reread=True)
    assert (again.read_before, again.counts.duplicates) == (0, 30)


def test_source_without_a_wanted_record_is_remembered_too(tmp_path: Path, load) -> None:
    pages = [{**page, "url": "https://example.com/"} for page in some_pages(5)]
    wet = write_wet(tmp_path / "a.warc.wet.gz", pages)
    assert load("a.db", wet).counts.captures == 0
    assert load("a.db", wet).read_before == 1


def test_changed_file_is_read_again(tmp_path: Path, load) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(3))
    load("a.db", lines)
    write_lines(lines, some_pages(5))
    assert load("a.db", lines).counts.snapshots == 2


def test_file_of_another_time_with_the_same_bytes_is_passed_over_and_nothing_written(
    tmp_path: Path, load
) -> None:
    """As after a fresh clone or a copy: the digest tells."""
    lines = write_lines(tmp_path / "a.jsonl", some_pages(3))
    load("a.db", lines)
    before = (tmp_path / "a.db").read_bytes()
    os.utime(lines, (1, 1))
    assert load("a.db", lines).read_before == 1
    load("a.db", lines, reread=True)
    assert (tmp_path / "a.db").read_bytes() == before


def test_file_of_the_same_size_with_other_bytes_is_read(tmp_path: Path, load) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(3))
    load("a.db", lines)
    os.utime(lines, (1, 1))
    data = lines.read_bytes()
    lines.write_bytes(data.replace(b"KARACHI:", b"QUETTAS:", 1))
    assert load("a.db", lines).read_before == 0


def test_other_options_read_a_source_again(tmp_path: Path, load) -> None:
    page = tmp_path / "page.txt"
    page.write_text("KARACHI: A text of one paragraph.")
    load("a.db", page)
    assert load("a.db", page, captured_at="2024-05-03").counts.snapshots == 1
    assert load("a.db", page, captured_at="2024-05-03").read_before == 1


def test_source_that_an_earlier_parser_read_is_read_again_and_counted(tmp_path: Path, load) -> None:
    """It may have refused captures that today's parser understands."""
    lines = write_lines(tmp_path / "a.jsonl", some_pages(3))
    load("a.db", lines)
    with closing(sqlite3.connect(tmp_path / "a.db")) as conn, conn:
        conn.execute("update read_sources set parser_version = 0")
    again = load("a.db", lines)
    assert (again.outdated, again.counts.duplicates, again.read_before) == (1, 3, 0)
    assert load("a.db", lines).read_before == 1


def test_source_that_was_cut_off_is_read_again(tmp_path: Path, load) -> None:
    wet = write_wet(tmp_path / "a.warc.wet.gz", some_pages(4))
    whole = wet.read_bytes()
    wet.write_bytes(whole[:-10])
    assert load("a.db", wet).counts.snapshots == 3
    assert load("a.db", wet).read_before == 0
    wet.write_bytes(whole)
    assert load("a.db", wet).counts.snapshots == 1
    assert load("a.db", wet).read_before == 1
    assert count(tmp_path / "a.db", "select count(*) from snapshots") == 4


def test_load_tells_what_it_passed_over(tmp_path: Path, run: Run) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(3))
    run("load", lines, "--db", tmp_path / "a.db")
    output = run("load", lines, "--db", tmp_path / "a.db").output
    assert "sources read before" in output
