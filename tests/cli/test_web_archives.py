"""Pages of the site in a web archive, in every kind of source: page, time and basis."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.page.golden import CASES
from tests.sources.warc_files import conversion, response, warc_bytes

Connect = Callable[[Path], sqlite3.Connection]
Write = Callable[[Path, str], Path]

PAGE = "https://www.brecorder.com/news/40290001"
TEXT = "KARACHI: A road is mended.\n\nIt was closed for a week, the mayor said."
HTML = (CASES / "2022-article.html").read_bytes().replace(b"40201234", b"40290001")
PREFIXES = {
    "https://web.archive.org/web/20170119050000/": "2017-01-19T05:00:00Z",
    "http://web.archive.org/web/20170119050000id_/": "2017-01-19T05:00:00Z",
    "https://web.archive.org:443/web/20170119050000if_/": "2017-01-19T05:00:00Z",
    "https://archive.ph/20170119050000/": "2017-01-19T05:00:00Z",
    "https://web.archive.org/web/20170119/": "2017-01-19",
}
LATER = "2024-05-03T10:15:00Z"


def _jsonl(folder: Path, url: str) -> Path:
    path = folder / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT, "url": url, "timestamp": LATER}) + "\n")
    return path


def _csv(folder: Path, url: str) -> Path:
    path = folder / "a.csv"
    path.write_text(f'url,date,text\n{url},{LATER},"{TEXT}"\n')
    return path


def _warc(folder: Path, url: str) -> Path:
    path = folder / "a.warc.gz"
    other = response(b"<p>Not wanted.</p>", "https://web.archive.org/web/2017/http://example.com/")
    path.write_bytes(warc_bytes([other, response(HTML, url, date=LATER)], compress=True))
    return path


def _wet(folder: Path, url: str) -> Path:
    path = folder / "a.warc.wet"
    path.write_bytes(warc_bytes([conversion(TEXT.encode(), url, date=LATER)]))
    return path


def _wacz(folder: Path, url: str) -> Path:
    path = folder / "a.wacz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("datapackage.json", "{}")
        file.writestr("archive/data.warc.gz", _warc(folder, url).read_bytes())
    return path


def _parquet(folder: Path, url: str) -> Path:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    path = folder / "a.parquet"
    columns = {
        "text": [TEXT, "Not wanted."],
        "url": [url, "https://web.archive.org/web/2017/http://example.com/"],
        "timestamp": [LATER, LATER],
    }
    pq.write_table(pa.table(columns), path)
    return path


KINDS: list[Write] = [_jsonl, _csv, _warc, _wet, _wacz, _parquet]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("write", KINDS, ids=lambda kind: kind.__name__.strip("_"))
def test_page_in_a_web_archive_is_the_page_as_it_was_then(
    run: Run, connect: Connect, tmp_path: Path, write: Write, prefix: str
) -> None:
    source = write(tmp_path, f"{prefix}{PAGE}/a-slug")
    run("load", source, "--db", tmp_path / "a.db", "-q")
    (row,) = connect(tmp_path / "a.db").execute(
        "select url, captured_at, captured_basis, reported_url from snapshots"
        " join pages on pages.id = page_id"
    )
    assert tuple(row) == (PAGE, PREFIXES[prefix], "web archive address", f"{prefix}{PAGE}/a-slug")


@pytest.mark.parametrize(
    ("url", "captured_at", "basis"),
    [
        # A year alone is no time, a time on the day of the source less sure than its own.
        (f"https://web.archive.org/web/2017/{PAGE}", LATER, "column timestamp"),
        (f"https://web.archive.org/web/20240503/{PAGE}", LATER, "column timestamp"),
        (f"https://web.archive.org/web/20250101000000/{PAGE}", LATER, "column timestamp"),
        (f"https://web.archive.org/web/20240502235959/{PAGE}", "2024-05-02T23:59:59Z",
         "web archive address"),
    ],
)  # fmt: skip
def test_time_of_the_source_stays_where_the_archive_is_not_a_day_older(
    run: Run, connect: Connect, tmp_path: Path, url: str, captured_at: str, basis: str
) -> None:
    run("load", _jsonl(tmp_path, url), "--db", tmp_path / "a.db", "-q")
    (row,) = connect(tmp_path / "a.db").execute("select captured_at, captured_basis from snapshots")
    assert tuple(row) == (captured_at, basis)


def test_what_the_user_says_of_the_time_holds(run: Run, connect: Connect, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    url = f"https://web.archive.org/web/20170119050000/{PAGE}"
    run("load", path, "--db", tmp_path / "a.db", "--url", url, "--captured-at", "2024-05-03")
    (row,) = connect(tmp_path / "a.db").execute("select captured_at, captured_basis from snapshots")
    assert tuple(row) == ("2024-05-03", "option")
