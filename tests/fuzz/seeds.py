"""Seeds for fuzzing: the samples, in every kind of file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache

import zstandard

from loader.model import Capture
from loader.sources import ReadOptions, Source
from loader.sources.readers.feed import feed_bytes_items
from tests.conftest import ROOT, SAMPLES
from tests.sources.feeds import RDF, atom, entry, item, rss

_HTML = ROOT / "tests" / "html_cases"


@cache
def _texts() -> list[bytes]:
    return [path.read_bytes() for path in sorted(SAMPLES.glob("*.txt"))]


@cache
def _pages() -> list[bytes]:
    return [path.read_bytes() for path in sorted(_HTML.glob("*.html"))][:30]


def _mhtml() -> list[bytes]:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    part = b"Content-Type: text/html; charset=utf-8\r\nContent-Location: https://www.brecorder.com/news/40123456\r\n\r\n"
    found = [path.read_bytes() for path in sorted(_HTML.glob("*.mht*"))]
    return [*found, *(head + part + page + b"\r\n--b--\r\n" for page in _pages()[:5])]


@cache
def _jsonl() -> list[bytes]:
    lines = [
        json.dumps({"text": text.decode("utf-8", "replace"), "url": "https://www.brecorder.com/news/4012345"
                    f"{number}", "timestamp": "2024-05-03T10:15:00Z"}).encode()
        for number, text in enumerate(_texts()[:6])
    ]  # fmt: skip
    return [lines[0], b"\n".join(lines), b"[1]\n{}\n" + lines[1], b'{"text": "\\ud800"}']


def _warc() -> list[bytes]:
    found = []
    for page in _pages()[:4]:
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
        found.append(_record(b"response", b"application/http; msgtype=response", http))
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    found.append(_record(b"response", b"application/http", http + gzip.compress(_pages()[0])))
    found.append(found[0] + found[-1])
    return found


def _wet() -> list[bytes]:
    return [_record(b"conversion", b"text/plain", text) for text in _texts()[:6]]


def _record(kind: bytes, media_type: bytes, block: bytes) -> bytes:
    return (
        b"WARC/1.0\r\nWARC-Type: " + kind + b"\r\nWARC-Date: 2024-05-03T10:15:00Z\r\n"
        b"WARC-Target-URI: https://www.brecorder.com/news/40123456/slug\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        b"Content-Type: " + media_type + b"\r\nContent-Length: "
        + str(len(block)).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
    )  # fmt: skip


def _parquet() -> list[bytes]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        return [b"PAR1"]
    file = io.BytesIO()
    texts = [text.decode("utf-8", "replace") for text in _texts()[:3]]
    urls = ["https://www.brecorder.com/news/40123456"] * 3
    parquet.write_table(pyarrow.table({"text": texts, "url": urls}), file)
    return [file.getvalue()]


def _words() -> list[bytes]:
    return [
        b"https://www.brecorder.com/news/amp/40123456/slug?x=1#y", b"2024-05-03T15:15:00+05:00",
        b"Fri, 03 May 2024 10:15:00 GMT", b"20240503101500", b"1714731300",
        b"date,close\n2024-05-03,71234.50\n", b"Date;Symbol;Close\n03/05/2024;KSE100;71,234.5\n",
        b"date,open\n2024-05-03,no\n",
    ]  # fmt: skip


def _gzipped(make: Callable[[], list[bytes]]) -> Callable[[], list[bytes]]:
    return lambda: [gzip.compress(data) for data in make()]


def _feeds() -> list[bytes]:
    items = [
        item(40300001),
        item(40300002, more="<content:encoded>Text &amp; more</content:encoded>"),
    ]
    return [
        rss(*items).encode(),
        atom(entry()).encode(),
        RDF.encode(),
        rss(*items).encode("utf-16"),
    ]


def _feed_items() -> list[bytes]:
    found = []
    for feed in _feeds():
        for each in feed_bytes_items(feed, Source("a.xml", "feed"), ReadOptions()):
            assert isinstance(each, Capture)
            found.append(each.data)
    return found


def _csv() -> list[bytes]:
    file = io.StringIO()
    texts = [text.decode("utf-8", "replace") for text in _texts()[:4]]
    rows = [["https://www.brecorder.com/news/40123456", "2024-05-03", text] for text in texts]
    csv.writer(file).writerows([["url", "date", "text"], *rows])
    table = file.getvalue()
    broken = b'url,text\nu,"a\nv,"b"\n'
    return [table.encode(), table.replace(",", ";").encode(), broken, table.encode("utf-16")]


def _zip() -> list[bytes]:
    members = {
        "a.txt": _texts()[0], "b.jsonl": _jsonl()[1], "c.csv": _csv()[0], "d.xml": _feeds()[0],
        "archive/e.warc.gz": gzip.compress(_warc()[0]), "../f.txt": b"x", "g.zip": b"PK",
        "datapackage.json": b"{}",
    }  # fmt: skip
    found = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        found += [file.getvalue(), file.getvalue()[: len(file.getvalue()) * 2 // 3]]
    return found


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "text": _texts,
    "html": _pages,
    "mhtml": _mhtml,
    "feed-item": _feed_items,
    "feed": _feeds,
    "csv": _csv,
    "zip": _zip,
    "jsonl": _jsonl,
    "jsonl-gz": _gzipped(_jsonl),
    "jsonl-zst": lambda: [zstandard.compress(data) for data in _jsonl()],
    "warc": _warc,
    "warc-gz": _gzipped(_warc),
    "wet": _wet,
    "parquet": _parquet,
    "words": _words,
}
