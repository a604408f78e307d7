"""The same pages in any format give the same archive, except for their places."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loader.maintain.dump import dump
from loader.sources import ReadOptions, Source, listed_locations
from tests.ingest.conftest import differing
from tests.ingest.corpus import some_pages, write_folder, write_lines, write_wet
from tests.reliability import some
from tests.sources.warc_files import DATE, conversion, members, response, warc_bytes

PAGES = some_pages(25)
# Where a page was found, and what the transport said of it, is what must differ.
_FORGET = """
update snapshots set captured_basis = null, source_offset = null,
    source_id = (select min(id) from sources);
update problems set source_id = (select min(id) from sources), source_offset = null;
update raw_captures set charset = null;
delete from sources where id > (select min(id) from sources);
update sources set location = 'x', kind = 'x';
"""
Way = Callable[[Path], list[str | Source]]


def _jsonl(folder: Path) -> list[str | Source]:
    return [str(write_lines(folder / "a.jsonl", PAGES))]


def _jsonl_gz(folder: Path) -> list[str | Source]:
    data = write_lines(folder / "a.jsonl", PAGES).read_bytes()
    (folder / "a.jsonl").unlink()
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(data))
    return [str(folder / "b.jsonl.gz")]


def _wet(folder: Path) -> list[str | Source]:
    return [str(write_wet(folder / "a.warc.wet.gz", PAGES))]


def _warc_of_texts(folder: Path) -> list[str | Source]:
    records = [
        response(text.encode(), url, date=time, Content_Type="text/plain")
        for text, url, time in ((page["text"], page["url"], page["timestamp"]) for page in PAGES)
    ]
    (folder / "a.warc.gz").write_bytes(warc_bytes(records, compress=True))
    return [str(folder / "a.warc.gz")]


def _parquet(folder: Path) -> list[str | Source]:
    pq.write_table(pa.Table.from_pylist(PAGES), folder / "a.parquet", row_group_size=7)
    return [str(folder / "a.parquet")]


def _list(folder: Path) -> list[str | Source]:
    write_folder(folder / "wet", PAGES, 4, form="wet")
    names = "\n".join(path.name for path in sorted((folder / "wet").iterdir()))
    (folder / "wet.paths.gz").write_bytes(gzip.compress(names.encode()))
    return [
        location
        for location in listed_locations(str(folder / "wet.paths.gz"), str(folder / "wet"))
        if isinstance(location, str)
    ]


def _index(folder: Path) -> list[str | Source]:
    records = [conversion(page["text"].encode(), page["url"], page["timestamp"]) for page in PAGES]
    parts = members(records)
    (folder / "a.warc.gz").write_bytes(b"".join(parts))
    offset = 0
    with (folder / "index.jsonl").open("w") as file:
        for part in parts:
            row = {"filename": str(folder / "a.warc.gz"), "offset": offset, "length": len(part)}
            file.write(json.dumps(row) + "\n")
            offset += len(part)
    return [Source(str(folder / "index.jsonl"), "index")]


def _content(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(_FORGET)
        return dump(conn)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    from loader.archive.archive import Archive
    from loader.ingest.load import load_sources

    folder = tmp_path_factory.mktemp("texts")
    for number, page in enumerate(PAGES):
        location = folder / f"{number}.txt"
        location.write_text(page["text"], encoding="utf-8")
        options = ReadOptions(url=page["url"], captured_at=page["timestamp"])
        with Archive.open(folder / "a.db") as archive:
            load_sources(archive, [str(location)], options)
    return _content(folder / "a.db")


WAYS: tuple[Way, ...] = (_jsonl, _jsonl_gz, _wet, _warc_of_texts, _parquet, _list, _index)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("way", "workers"), [*((way, 1) for way in WAYS), *((way, 2) for way in some(WAYS, 2))]
)
def test_every_way_in_gives_the_archive_of_the_texts(
    tmp_path: Path, wanted, monkeypatch, way: Way, workers: int
) -> None:
    from loader.archive.archive import Archive
    from loader.ingest import load as load_module

    monkeypatch.setattr(load_module, "_WORTH_A_POOL_BYTES", 0)
    locations = way(tmp_path)
    with Archive.open(tmp_path / "a.db") as archive:
        result = load_module.load_sources(
            archive, locations, ReadOptions(), plan=load_module.LoadPlan(workers=workers)
        )
    assert result.failures == []
    assert result.counts.snapshots == len(PAGES)
    assert differing(wanted, _content(tmp_path / "a.db")) == []


HTML_CASES = sorted((Path(__file__).parents[1] / "html_cases").glob("*.html"))


def _html_in_warc(folder: Path) -> list[str | Source]:
    """Chunked and compressed, one after the other, without any charset in the header."""
    records = []
    for number, path in enumerate(HTML_CASES):
        body, fields = path.read_bytes(), {"Content_Type": "text/html"}
        if number % 2:
            body, fields = gzip.compress(body), {**fields, "Content_Encoding": "gzip"}
        if number % 3:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            fields = {**fields, "Transfer_Encoding": "chunked"}
        records.append(response(body, "https://www.brecorder.com/news/40301234", **fields))
    (folder / "pages.warc.gz").write_bytes(warc_bytes(records, compress=True))
    return [str(folder / "pages.warc.gz")]


@pytest.mark.parametrize("workers", some([1, 2], 1))
def test_html_in_warc_gives_the_archive_of_the_files(
    tmp_path: Path, load, monkeypatch, workers: int
) -> None:
    from loader.ingest import load as load_module

    monkeypatch.setattr(load_module, "_WORTH_A_POOL_BYTES", 0)
    assert HTML_CASES
    known = {"url": "https://www.brecorder.com/news/40301234", "captured_at": DATE}
    load("files.db", *HTML_CASES, **known)
    load("warc.db", *map(str, _html_in_warc(tmp_path)), workers=workers)
    files, warc = _content(tmp_path / "files.db"), _content(tmp_path / "warc.db")
    assert len(files["snapshots"]) > 5
    assert differing(files, warc) == []
