"""WARC and WET files: records that become captures, with their fields."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from loader.errors import SourceError
from loader.model import Capture, Problem, Revisit
from loader.sources.source import MAX_CAPTURE_BYTES, PassedOver
from tests.sources.warc_files import (
    DATE,
    HTML,
    URL,
    brotli,
    conversion,
    raw_deflate,
    response,
    revisit,
    warc_bytes,
    write,
    zstd_warc,
    zstd_warc_with_dictionary,
)


def test_response_is_a_capture_of_its_html(tmp_path: Path, read) -> None:
    location = write(tmp_path / "a.warc", warc_bytes([response(HTML)]))
    assert read(location) == [
        Capture(
            data=HTML,
            media_type="text/html",
            source=location,
            offset=0,
            url=URL,
            captured_at=DATE,
            captured_basis="WARC-Date",
            charset="utf-8",
        )
    ]


def test_conversion_is_a_capture_of_its_text(tmp_path: Path, read) -> None:
    location = write(tmp_path / "a.warc.wet.gz", warc_bytes([conversion(b"Text.")], compress=True))
    (capture,) = read(location)
    assert (capture.data, capture.media_type, capture.charset) == (b"Text.", "text/plain", None)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst", "a.wet", "a.wet.gz"])
def test_offset_is_where_a_ranged_read_of_the_file_finds_the_record(
    tmp_path: Path, read, name: str
) -> None:
    records = [response(HTML, f"{URL}{number}") for number in range(5)]
    data = (
        zstd_warc(records)
        if name.endswith("zst")
        else warc_bytes(records, compress=name.endswith("gz"))
    )
    captures = read(write(tmp_path / name, data))
    assert [capture.url for capture in captures] == [record[1] for record in records]
    unpack = {"gz": gzip.decompress, "st": zstandard.decompress}.get(name[-2:], bytes)
    ends = [capture.offset for capture in captures[1:]] + [len(data)]
    for capture, end in zip(captures, ends, strict=True):
        assert str(capture.url).encode() in unpack(data[capture.offset : end])


@pytest.mark.parametrize("compress", [False, True])
def test_records_compressed_with_a_dictionary_are_read(
    tmp_path: Path, read, compress: bool
) -> None:
    records = [response(HTML, f"{URL}{number}") for number in range(5)]
    data = zstd_warc_with_dictionary(records, compress=compress)
    captures = read(write(tmp_path / "a.warc.zst", data))
    assert [capture.url for capture in captures] == [record[1] for record in records]


def test_records_before_a_cut_are_kept_with_a_dictionary(tmp_path: Path, read_to_fault) -> None:
    records = [response(HTML, f"{URL}{number}") for number in range(5)]
    data = zstd_warc_with_dictionary(records, compress=False)
    last = data.rindex(b"\x28\xb5\x2f\xfd")
    items, fault = read_to_fault(write(tmp_path / "a.warc.zst", data[: last + 10]))
    assert [item.url for item in items] == [record[1] for record in records[:4]]
    assert f"ends in the middle of a record at byte {last:,}" in str(fault)


def test_compression_is_told_by_the_bytes_not_by_the_name(tmp_path: Path, read) -> None:
    (capture,) = read(write(tmp_path / "a.warc", warc_bytes([response(HTML)], compress=True)))
    assert capture.data == HTML


def test_only_wanted_hosts_are_read(tmp_path: Path, read) -> None:
    urls = [
        "https://www.brecorder.com/news/1234567",
        "http://BRECORDER.com/news/1234567",
        "https://epaper.brecorder.com/2020/1/1",
        "https://example.com/?from=brecorder.com",
        "https://notbrecorder.com/news/1234567",
        "https://brecorder.com.example.net/",
        "dns:brecorder.com",
    ]
    location = write(tmp_path / "a.warc", warc_bytes([response(HTML, url) for url in urls]))
    assert [capture.url for capture in read(location)] == urls[:3]
    more = read(location, hosts=("example.com",))
    assert [capture.url for capture in more] == urls[:4]
    assert len(read(location, hosts=("*",))) == len(urls)


def test_other_records_and_other_media_are_passed_over(tmp_path: Path, read) -> None:
    records = [
        ("request", URL, b"GET / HTTP/1.1\r\n\r\n", {}, "application/http; msgtype=request"),
        ("metadata", URL, b"a: b\r\n", {}, "application/warc-fields"),
        response(b"\x89PNG", Content_Type="image/png"),
        ("resource", URL, HTML, {"WARC-Date": DATE}, "text/html"),
    ]
    location = write(tmp_path / "a.warc", warc_bytes(records))
    capture, *passed = read(location)
    assert capture.data == HTML
    assert passed == [
        PassedOver(location, "image/png", 1),
        PassedOver(location, "metadata record", 1),
        PassedOver(location, "request record", 1),
    ]


def _chunked(body: bytes, size: int = 30) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"Transfer_Encoding": "chunked"}, _chunked(HTML)),
        ({"Transfer_Encoding": "chunked"}, _chunked(HTML)[:-7]),
        ({"Transfer_Encoding": "chunked"}, HTML),
        ({"Content_Encoding": "gzip"}, gzip.compress(HTML)),
        ({"Content_Encoding": "gzip"}, HTML),
        ({"Content_Encoding": "deflate"}, zlib.compress(HTML)),
        ({"Content_Encoding": "deflate"}, raw_deflate(HTML)),
        ({"Content_Encoding": "deflate"}, HTML),
        ({"Content_Encoding": "br"}, brotli(HTML)),
        ({"Content_Encoding": "br"}, HTML),
        ({"Content_Encoding": "zstd"}, zstandard.compress(HTML)),
        (
            {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"},
            _chunked(gzip.compress(HTML)),
        ),
        ({"Content_Encoding": "identity"}, HTML),
    ],
)
def test_chunks_and_content_encodings_are_undone_where_they_are_there(
    tmp_path: Path, read, fields: dict[str, str], body: bytes
) -> None:
    (capture,) = read(write(tmp_path / "a.warc", warc_bytes([response(body, **fields)])))
    assert capture.data == HTML


def test_charset_claim_is_handed_on_even_when_it_is_a_lie(tmp_path: Path, read) -> None:
    record = response("کراچی".encode(), Content_Type="text/html; charset=ISO-8859-1")
    (capture,) = read(write(tmp_path / "a.warc", warc_bytes([record])))
    assert (capture.charset, capture.data) == ("ISO-8859-1", "کراچی".encode())


def test_http_header_line_without_a_colon_is_passed_over(tmp_path: Path, read) -> None:
    kind, url, payload, headers, media = response(HTML)
    payload = payload.replace(b"\r\n", b"\r\nno colon here\r\n", 1)
    (capture,) = read(
        write(tmp_path / "a.warc", warc_bytes([(kind, url, payload, headers, media)]))
    )
    assert capture.data == HTML


def test_revisit_links_to_the_capture_it_repeats(tmp_path: Path, read) -> None:
    record = revisit(WARC_Refers_To_Target_URI=URL, WARC_Refers_To_Date="2024-05-03T10:15:00Z")
    location = write(tmp_path / "a.warc", warc_bytes([response(HTML), record]))
    capture, found = read(location)
    assert found == Revisit(
        source=location,
        offset=found.offset,
        url=URL,
        captured_at="2024-05-04T10:15:00Z",
        refers_to_url=URL,
        refers_to_at=capture.captured_at,
    )


def test_revisit_that_names_no_date_is_kept_without(tmp_path: Path, read) -> None:
    (found,) = read(write(tmp_path / "a.warc", warc_bytes([revisit()])))
    assert (found.refers_to_url, found.refers_to_at) == (URL, None)


def _problem(items: list[object]) -> Problem:
    (problem,) = items
    assert isinstance(problem, Problem)
    return problem


def test_answer_that_is_no_page_is_a_problem(tmp_path: Path, read) -> None:
    location = write(tmp_path / "a.warc", warc_bytes([response(HTML, status="404 Not Found")]))
    problem = _problem(read(location))
    assert (problem.kind, problem.offset, problem.excerpt) == ("http-status", 0, URL)
    assert "404" in problem.detail


def test_fraction_of_a_second_is_cut_off_a_date(tmp_path: Path, read) -> None:
    record = response(HTML, date="2024-05-03T10:15:00.123456Z")
    (capture,) = read(write(tmp_path / "a.warc", warc_bytes([record])))
    assert capture.captured_at == DATE


def test_date_that_is_none_leaves_a_capture_without_time_and_a_problem(
    tmp_path: Path, read
) -> None:
    location = write(tmp_path / "a.warc", warc_bytes([response(HTML, date="yesterday")]))
    capture, problem = read(location, captured_at="2024-01-01")
    assert (capture.captured_at, capture.captured_basis) == (None, None)
    assert (problem.kind, problem.excerpt) == ("bad-date", "yesterday")


def test_page_that_the_crawler_cut_off_is_kept_and_told(tmp_path: Path, read) -> None:
    kind, url, payload, headers, media = response(HTML)
    cut = (kind, url, payload, {**headers, "WARC-Truncated": "length"}, media)
    capture, problem = read(write(tmp_path / "a.warc", warc_bytes([cut])))
    assert (capture.data, problem.kind) == (HTML, "truncated-page")


@pytest.mark.parametrize(
    ("coding", "compress", "megabytes"),
    [
        ("gzip", lambda data: gzip.compress(data, 1), 300),
        ("zstd", zstandard.compress, 300),
        ("deflate", lambda data: zlib.compress(data, 1), 300),
        ("br", brotli, 40),
    ],
)
def test_body_that_expands_without_measure_is_refused_and_the_next_one_read(
    tmp_path: Path, read, coding: str, compress: Callable[[bytes], bytes], megabytes: int
) -> None:
    swells = response(compress(b"a" * (megabytes * 1024 * 1024)), Content_Encoding=coding)
    location = write(tmp_path / "a.warc", warc_bytes([swells, response(HTML)]))
    problem, capture = read(location)
    assert problem.kind == "too-large"
    assert f"{MAX_CAPTURE_BYTES:,}" in problem.detail
    assert capture.data == HTML


def test_damaged_content_encoding_is_a_problem(tmp_path: Path, read) -> None:
    body = gzip.compress(HTML)[:20] + b"damaged beyond repair"
    location = write(tmp_path / "a.warc", warc_bytes([response(body, Content_Encoding="gzip")]))
    assert _problem(read(location)).kind == "bad-http"


@pytest.mark.parametrize(
    "name", ["A.WARC.GZ", "a.WARC.gz", "a.warc.GZ", "b\udcffad.warc.gz", "none"]
)
def test_file_is_read_whatever_its_name(tmp_path: Path, read, name: str) -> None:
    """FastWARC alone goes by the name, and ends the process at one that is not UTF-8."""
    records = [response(HTML, f"{URL}-{number}") for number in range(3)]
    path = tmp_path / name
    path.write_bytes(warc_bytes(records, compress=True))
    assert [item.url for item in read(str(path))] == [f"{URL}-{number}" for number in range(3)]


def test_pipe_under_the_name_of_a_warc_file_is_told(tmp_path: Path, read) -> None:
    path = tmp_path / "pipe.warc.gz"
    os.mkfifo(path)
    # Open at both ends, so that nobody waits for the other.
    pipe = os.open(path, os.O_RDWR)
    with pytest.raises(SourceError, match="is a stream, and WARC is read from files"):
        read(str(path))
    os.close(pipe)
