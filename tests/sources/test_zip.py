"""ZIP and WACZ: members are read in place, each fault is one line, nothing is written."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import zstandard

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import Source, find_sources, read_captures
from loader.sources.source import PassedOver
from tests.sources.warc_files import HTML, URL, response, revisit, warc_bytes

FEED = (
    b'<rss version="2.0"><channel><item><title>A</title><link>https://www.brecorder.com/news/'
    b"40301234/a</link></item></channel></rss>"
)
WARC = warc_bytes([response(HTML, f"{URL}{n}") for n in range(3)], compress=True)


def zipped(
    members: dict[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    file = io.BytesIO()
    pairs = members.items() if isinstance(members, dict) else members
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in pairs:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def streamed(members: dict[str, bytes]) -> bytes:
    """As a program writes that cannot go back: sizes stand behind each member."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:  # type: ignore[no-untyped-def,override]
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in members.items():
            with archive.open(name, "w") as member:
                member.write(data)
    return bytes(pipe.data)


def load(
    tmp_path: Path, data: bytes, name: str = "a.zip"
) -> tuple[list[object], SourceError | None]:
    path = tmp_path / name
    for other in tmp_path.iterdir():
        other.unlink()
    path.write_bytes(data)
    # Items before a fault are yielded one by one.
    (source,) = find_sources([str(path)])
    assert isinstance(source, Source), source
    items: list[object] = []
    fault = None
    try:
        for item in read_captures(source):
            items.append(item)
    except SourceError as error:
        fault = error
    assert [path.name for path in tmp_path.iterdir()] == [name], "something was written"
    return items, fault


def texts(items: list[object]) -> list[bytes]:
    return [item.data for item in items if isinstance(item, Capture)]


def problems(items: list[object]) -> list[tuple[str, str]]:
    return [
        (item.kind, item.source.rpartition(".zip/")[2])
        for item in items
        if isinstance(item, Problem)
    ]


ALL_KINDS = {
    "a.txt": b"A text.",
    "deep/er/b.html": HTML,
    "c.jsonl": b'{"text": "One"}\n{"text": "Two"}\n',
    "d.csv": b"url,text\nu,Three\n",
    "e.xml": FEED,
    "f.warc.gz": WARC,
    "g.warc": gzip.decompress(WARC),
    "h.txt.gz": gzip.compress(b"Packed."),
    "i.jsonl.zst": zstandard.compress(b'{"text": "Four"}\n'),
    "j.mhtml": b"Content-Type: text/html\n\n" + HTML,
}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_each_member_is_read_by_its_kind(tmp_path: Path, method: int) -> None:
    items, fault = load(tmp_path, zipped(ALL_KINDS, method))
    assert fault is None and problems(items) == []
    assert len(texts(items)) == 1 + 1 + 2 + 1 + 1 + 3 + 3 + 1 + 1 + 1
    first = next(item for item in items if isinstance(item, Capture))
    assert first == Capture(
        data=b"A text.", media_type="text/plain", source=str(tmp_path / "a.zip") + "/a.txt"
    )


def test_an_archive_that_was_streamed_is_read(tmp_path: Path) -> None:
    items, fault = load(tmp_path, streamed(ALL_KINDS))
    assert (fault, problems(items), len(texts(items))) == (None, [], 15)


def test_parquet_is_read_where_the_archive_does_not_compress_it(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()
    pq.write_table(pa.table({"text": ["A text."]}), file)
    data = zipped({"a.parquet": file.getvalue()}, zipfile.ZIP_STORED)
    assert texts(load(tmp_path, data)[0]) == [b"A text."]
    items, fault = load(tmp_path, zipped({"a.parquet": file.getvalue(), "b.txt": b"B"}))
    assert texts(items) == [b"B"] and problems(items) == [("unreadable", "a.parquet")]
    assert fault is not None and "unpack" in fault.remedy


def test_a_table_without_texts_is_of_no_kind_whatever_its_format(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()
    pq.write_table(pa.table({"price": [1]}), file)
    members = {"a.parquet": file.getvalue(), "b.csv": b"price\n1\n", "c.txt": b"C"}
    items, fault = load(tmp_path, zipped(members, zipfile.ZIP_STORED))
    assert fault is None and texts(items) == [b"C"]
    assert problems(items) == [("unsupported", "a.parquet"), ("unsupported", "b.csv")]


def test_a_wacz_gives_its_crawls_alone(tmp_path: Path) -> None:
    members = {
        "datapackage.json": b"{}",
        "datapackage-digest.json": b"{}",
        "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n{"url": "u", "text": "no page"}\n',
        "indexes/index.cdx.gz": gzip.compress(b"cdx"),
        "logs/crawl.log": b"log",
        "archive/data.warc.gz": WARC,
        "archive/more.warc": warc_bytes([revisit()]),
    }
    items, fault = load(tmp_path, zipped(members, zipfile.ZIP_STORED), "a.wacz")
    assert fault is None
    assert texts(items) == [HTML] * 3
    assert [item for item in items if isinstance(item, PassedOver)] == [
        PassedOver(str(tmp_path / "a.wacz"), "index of the collection", 5)
    ]
    assert not [item for item in items if isinstance(item, Problem)]
    places = [item.offset for item in items if isinstance(item, Capture)]
    assert places[0] == 0 and places == sorted(set(places))  # type: ignore[type-var]


BAD_NAMES = [
    "../evil.txt",
    "a/../../evil.txt",
    "/etc/evil.txt",
    "..\\evil.txt",
    "C:\\evil.txt",
    "C:/evil.txt",
    "\\\\server\\evil.txt",
    "a/..",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    items, fault = load(tmp_path, zipped({name: b"Evil.", "good.txt": b"Good."}))
    assert (fault, texts(items)) == (None, [b"Good."])
    assert [kind for kind, _ in problems(items)] == ["bad-name"]


def test_members_of_other_kinds_are_a_line_each(tmp_path: Path) -> None:
    members = {
        "photo.jpg": b"\xff\xd8\xff",
        "notes": b"Notes.",
        "a.pdf": b"%PDF-1.4",
        "inner.zip": zipped({"a.txt": b"A"}),
        "inner.wacz": b"PK",
        "prices.csv": b"symbol,close\nA,1\n",
        "sitemap.xml": b"<?xml version='1.0'?><urlset/>",
        "login.rss": b"<!DOCTYPE html><html>Log in</html>",
        "word.docx": zipped({"[Content_Types].xml": b""}),
        "good.txt": b"Good.",
    }
    items, fault = load(tmp_path, zipped(members))
    assert (fault, texts(items)) == (None, [b"Good."])
    assert problems(items) == [("unsupported", name) for name in members if name != "good.txt"]


def test_hidden_members_and_folders_are_counted(tmp_path: Path) -> None:
    members = {"pages/": b"", "__MACOSX/._a.txt": b"x", ".DS_Store": b"x", "a/.b.txt": b"x"}
    items, _ = load(tmp_path, zipped({**members, "pages/a.txt": b"A."}))
    counts = {item.reason: item.count for item in items if isinstance(item, PassedOver)}
    assert counts == {"folder": 1, "hidden": 3}
    assert texts(items) == [b"A."]


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"Secret.", "b.txt": b"Open."}))
    # The flag in the header of the member, and in the table of contents.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    items, fault = load(tmp_path, bytes(data))
    assert (texts(items), problems(items)) == ([b"Open."], [("encrypted", "a.txt")])
    assert fault is not None and "encrypted" in fault.fault


def test_a_bomb_is_refused_unread(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("bomb.jsonl", "w") as member:
            for _ in range(70):
                member.write(bytes(1024 * 1024))
        archive.writestr("good.txt", "Good.")
    data = bytearray(file.getvalue())
    entry = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 0xFFFF0000)  # claims 4 GB of 70 kB
    items, fault = load(tmp_path, bytes(data))
    assert (texts(items), problems(items)) == ([b"Good."], [("bomb", "bomb.jsonl")])
    assert fault is not None


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"A" * 100, "b.txt": b"B" * 100}))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    struct.pack_into("<I", data, second + 42, 0)  # the second lies where the first does
    items, _ = load(tmp_path, bytes(data))
    assert texts(items) == [b"A" * 100]
    assert [kind for kind, _ in problems(items)] == ["bomb"]


def test_a_page_that_is_too_large_is_told_unread(tmp_path: Path) -> None:
    big = os.urandom(1024) * (17 * 1024)
    items, fault = load(tmp_path, zipped({"big.html": big, "good.txt": b"Good."}))
    assert (fault, texts(items), problems(items)) == (None, [b"Good."], [("too-large", "big.html")])


def test_a_damaged_member_costs_no_other(tmp_path: Path) -> None:
    first = os.urandom(3000).hex().encode()
    data = bytearray(zipped({"a.txt": first, "b.txt": b"Good."}))
    data[500:600] = bytes(100)
    items, fault = load(tmp_path, bytes(data))
    assert (texts(items), problems(items)) == ([b"Good."], [("unreadable", "a.txt")])
    assert fault is not None and "1 of its members" in fault.fault


@pytest.mark.parametrize("make", [zipped, streamed])
def test_a_truncated_archive_gives_what_is_whole(tmp_path: Path, make) -> None:
    members = {f"{n}.txt": os.urandom(2000).hex().encode() for n in range(10)}
    data = make(members)
    whole = list(members.values())
    for end in (len(data) * 55 // 100, data.index(b"PK\x01\x02") + 30, len(data) - 1):
        items, fault = load(tmp_path, data[:end])
        assert fault is not None
        found = texts(items)
        assert found == whole[: len(found)]
        assert len(found) >= (5 if end < data.index(b"PK\x01\x02") else 10)
        assert len(problems(items)) <= 1


def test_lines_before_the_cut_are_kept(tmp_path: Path) -> None:
    lines = b"".join(b'{"text": "%s"}\n' % os.urandom(40).hex().encode() for _ in range(5000))
    data = zipped({"a.jsonl": lines})
    items, fault = load(tmp_path, data[: len(data) // 2])
    assert 2000 < len(texts(items)) < 3000
    assert fault is not None and problems(items)[-1] == ("unreadable", "a.jsonl")


@pytest.mark.parametrize(
    "data", [b"", b"No archive.", b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02" + bytes(60)]
)
def test_what_is_no_archive_is_a_fault(tmp_path: Path, data: bytes) -> None:
    items, fault = load(tmp_path, data)
    assert fault is not None and items == []


def test_an_empty_archive_is_told(tmp_path: Path) -> None:
    items, fault = load(tmp_path, zipped({}))
    assert (fault, [item.kind for item in items]) == (None, ["empty"])  # type: ignore[attr-defined]


def test_names_are_safe_to_store_and_print(tmp_path: Path) -> None:
    names = ["\x1b[31mred.txt", "new\nline.txt", "کراچی.txt", "x" * 1500 + ".txt", "dup.txt"]
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([*((name, b"A.") for name in names), ("dup.txt", b"B.")])
    items, _ = load(tmp_path, data)
    assert len(texts(items)) == 5
    assert problems(items)[0][0] == "bad-name"
    for item in items:
        assert item.source.isprintable()  # type: ignore[attr-defined]


def test_an_archive_without_a_name_for_it_is_sniffed(tmp_path: Path) -> None:
    assert texts(load(tmp_path, zipped({"a.txt": b"A."}), "download")[0]) == [b"A."]
    assert texts(load(tmp_path, b"#!/bin/sh\n" + zipped({"a.txt": b"A."}))[0]) == [b"A."]


def test_memory_is_flat_over_thousands_of_members(tmp_path: Path) -> None:
    page = os.urandom(5000).hex().encode()
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(2000):
            archive.writestr(f"{number}.txt", page + b"%d" % number)
    (source,) = find_sources([str(path)])
    assert isinstance(source, Source)
    tracemalloc.start()
    count = sum(isinstance(item, Capture) for item in read_captures(source))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2000
    assert peak < 16 * 1024 * 1024  # the table of contents and a member


def test_standard_input_says_that_files_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({"a.txt": b"A."})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    with pytest.raises(SourceError, match="zip, which is read from files"):
        list(read_captures(Source("-", "stdin")))
