"""Lists of sources, and indexes of single records."""

from __future__ import annotations

import csv
import gzip
import json
import random
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import ReadOptions, Source, listed_locations, read_captures
from loader.sources.transport.locations import resolved
from tests.sources.warc_files import HTML, URL, members, response, revisit

RECORDS = [response(HTML + str(number).encode(), f"{URL}-{number}") for number in range(6)]
Row = dict[str, object]


@pytest.fixture
def crawl(tmp_path: Path) -> tuple[Path, list[Row]]:
    """A WARC file and the index rows of its records."""
    path = tmp_path / "crawl.warc.gz"
    rows: list[Row] = []
    offset = 0
    parts = members(RECORDS)
    for member in parts:
        rows.append({"filename": str(path), "offset": offset, "length": len(member)})
        offset += len(member)
    path.write_bytes(b"".join(parts))
    return path, rows


def _parquet(path: Path, rows: list[Row]) -> str:
    names = {"filename": "warc_filename", "offset": "warc_record_offset",
             "length": "warc_record_length"}  # fmt: skip
    renamed = [{names[name]: value for name, value in row.items()} for row in rows]
    pq.write_table(pa.Table.from_pylist(renamed), path.with_suffix(".parquet"))
    return str(path.with_suffix(".parquet"))


def _csv(path: Path, rows: list[Row]) -> str:
    with path.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file.name


def _cdx(path: Path, rows: list[Row]) -> str:
    """As the CDX server answers: all values are text."""
    lines = [json.dumps({name: str(value) for name, value in row.items()}) for row in rows]
    path.with_suffix(".jsonl").write_text("\n".join(lines) + "\n")
    return str(path.with_suffix(".jsonl"))


def _read(location: str, **options: str):
    return list(read_captures(Source(location, "index"), ReadOptions(**options)))


@pytest.mark.parametrize("write", [_parquet, _csv, _cdx])
def test_record_comes_out_as_from_its_whole_file(tmp_path: Path, crawl, write) -> None:
    path, rows = crawl
    whole = list(read_captures(Source(str(path), "warc")))
    assert _read(write(tmp_path / "index", rows[1:3])) == whole[1:3]


def test_only_the_ranges_are_read(tmp_path: Path, crawl) -> None:
    path, rows = crawl
    data = path.read_bytes()
    start = int(str(rows[2]["offset"]))
    # All the rest is damaged.
    path.write_bytes(b"\xff" * start + data[start : start + int(str(rows[2]["length"]))])
    (capture,) = _read(_cdx(tmp_path / "index", rows[2:3]))
    assert capture.url == RECORDS[2][1]


def test_names_are_looked_up_below_the_base(tmp_path: Path, crawl) -> None:
    path, rows = crawl
    fsspec.filesystem("memory").pipe("/cc/crawl.warc.gz", path.read_bytes())
    row = {**rows[0], "filename": "crawl.warc.gz"}
    (capture,) = _read(_cdx(tmp_path / "index", [row]), base="memory://cc")
    assert (capture.source, capture.offset) == ("memory://cc/crawl.warc.gz", 0)


def test_revisit_in_an_index_is_linked(tmp_path: Path) -> None:
    (member,) = members([revisit()])
    path = tmp_path / "r.warc.gz"
    path.write_bytes(member)
    row: Row = {"filename": str(path), "offset": 0, "length": len(member)}
    (found,) = _read(_cdx(tmp_path / "index", [row]))
    assert found.refers_to_url == URL


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"offset": 5}, "damaged-record"),
        ({"offset": 10**9}, "damaged-record"),
        ({"length": 40}, "damaged-record"),
        ({"offset": -1}, "bad-range"),
        ({"length": 0}, "bad-range"),
        ({"length": 10**9}, "bad-range"),
        ({"offset": "x"}, "bad-range"),
        ({"filename": ""}, "bad-range"),
        ({"filename": "a\0b"}, "bad-range"),
        ({"filename": "\ud800"}, "bad-range"),
    ],
)
def test_row_that_leads_nowhere_is_a_problem_and_the_others_are_read(
    tmp_path: Path, crawl, change: Row, kind: str
) -> None:
    _, rows = crawl
    items = _read(_cdx(tmp_path / "index", [{**rows[0], **change}, rows[1]]))
    assert [item.kind for item in items if isinstance(item, Problem)] == [kind]
    assert [item.url for item in items if isinstance(item, Capture)] == [RECORDS[1][1]]


def test_row_of_parquet_that_python_cannot_hold_is_a_problem_and_the_others_are_read(
    tmp_path: Path, crawl
) -> None:
    path, (row, *_) = crawl
    name = str(path).encode()
    columns = {
        "filename": pa.array([b"\xff", name, name], pa.binary()).view(pa.string()),
        "offset": pa.array([row["offset"]] * 3),
        "length": pa.array([row["length"]] * 3),
    }
    location = str(tmp_path / "index.parquet")
    pq.write_table(pa.table(columns), location)
    problem, *captures = _read(location)
    assert (problem.kind, problem.offset) == ("bad-range", 0)
    assert [capture.url for capture in captures] == [RECORDS[0][1]] * 2
    columns["offset"] = pa.array([2**62] * 3, pa.timestamp("us"))
    pq.write_table(pa.table(columns), location)
    assert [item.kind for item in _read(location)] == ["bad-range"] * 3


def test_two_columns_of_one_name_in_a_parquet_index_are_an_error(tmp_path: Path) -> None:
    location = str(tmp_path / "index.parquet")
    names = ["filename", "filename", "offset", "length"]
    pq.write_table(pa.Table.from_arrays([pa.array([1])] * 4, names), location)
    with pytest.raises(SourceError, match="more than one column filename"):
        _read(location)


def test_missing_file_is_a_problem_and_an_error_last_of_all(tmp_path: Path, crawl) -> None:
    _, rows = crawl
    location = _cdx(tmp_path / "index", [{**rows[0], "filename": "/none.warc.gz"}, rows[1]])
    items = []
    with pytest.raises(SourceError, match="1 of its records could not be read"):
        for item in read_captures(Source(location, "index")):
            items.append(item)
    assert [type(item) for item in items] == [Problem, Capture]


# -- lists ---------------------------------------------------------------------------------


def test_list_names_sources_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "wet.paths.gz"
    path.write_bytes(gzip.compress(b"# a comment\n/data/a.warc.wet.gz\n\n s3://b/c.wet.gz \r\n"))
    assert list(listed_locations(str(path))) == ["/data/a.warc.wet.gz", "s3://b/c.wet.gz"]


@pytest.mark.parametrize(
    ("name", "base", "wanted"),
    [
        ("crawl-data/CC-MAIN/a.gz", None, "https://data.commoncrawl.org/crawl-data/CC-MAIN/a.gz"),
        ("crawl-data/a.gz", "/mnt/cc", "/mnt/cc/crawl-data/a.gz"),
        ("crawl-data/a.gz", "s3://commoncrawl/", "s3://commoncrawl/crawl-data/a.gz"),
        ("a.gz", None, "a.gz"),
        ("/a.gz", "s3://x", "/a.gz"),
        ("https://y/a.gz", "s3://x", "https://y/a.gz"),
    ],
)
def test_relative_names_stand_below_the_base(name: str, base: str | None, wanted: str) -> None:
    assert resolved(name, base) == wanted


def test_list_that_is_cut_off_gives_whole_lines_only(tmp_path: Path) -> None:
    path = tmp_path / "wet.paths.gz"
    # Not compressible, so that the cut falls into a name and not into the header.
    names = [f"/data/{random.Random(number).randbytes(40).hex()}" for number in range(400)]
    path.write_bytes(gzip.compress("\n".join(names).encode())[:-6_000])
    *found, fault = listed_locations(str(path))
    assert 0 < len(found) < 400
    assert found == names[: len(found)]
    assert isinstance(fault, SourceError)


def test_missing_list_is_an_error_among_the_locations(tmp_path: Path) -> None:
    (fault,) = listed_locations(str(tmp_path / "none"))
    assert isinstance(fault, SourceError)
    assert "a list that cannot be read" in fault.fault


def test_range_that_is_too_long_gives_the_record_it_names(tmp_path: Path, crawl) -> None:
    path, rows = crawl
    whole = list(read_captures(Source(str(path), "warc")))
    longer = [{**rows[1], "length": int(str(rows[1]["length"])) + 50}]
    assert _read(_cdx(tmp_path / "index", longer)) == whole[1:2]
    both = int(str(rows[1]["length"])) + int(str(rows[2]["length"]))
    assert _read(_cdx(tmp_path / "index", [{**rows[1], "length": both}])) == whole[1:2]


def test_numbers_may_be_written_as_floats(tmp_path: Path, crawl) -> None:
    """As pandas writes a column that had gaps."""
    path, rows = crawl
    whole = list(read_captures(Source(str(path), "warc")))
    floats = [{**row, "offset": float(str(row["offset"]))} for row in rows[1:3]]
    for write in (_csv, _parquet):
        assert _read(write(tmp_path / "index", floats)) == whole[1:3]


@pytest.mark.parametrize(
    "offset", ["Infinity", "NaN", "1e26", "1e999999999", "-1", "2.5", "true", "null", '"x"', "[1]"]
)
def test_offset_that_no_file_has_is_a_problem(tmp_path: Path, crawl, offset: str) -> None:
    path, _ = crawl
    index = tmp_path / "index.jsonl"
    index.write_text(f'{{"filename": "{path}", "offset": {offset}, "length": 100}}\n')
    (problem,) = _read(str(index))
    assert problem.kind == "bad-range"


@pytest.mark.parametrize("write", [_parquet, _csv])
def test_table_without_the_columns_of_an_index_is_told_as_a_whole(tmp_path: Path, write) -> None:
    location = write(tmp_path / "index", [{"filename": "a", "offset": 1}])
    with pytest.raises(SourceError, match="no column warc_record_length or length"):
        _read(location)
