"""Content encodings that are truncated, in several parts, or declared wrongly."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from loader.model import Capture
from loader.sources.source import MAX_CAPTURE_BYTES
from tests.sources.warc_files import HTML, brotli, raw_deflate, response, warc_bytes, write

_WORDS = random.Random(7).choices(
    "bank cement sugar power textile share profit dividend".split(), k=9
)
TEXT = " ".join(random.Random(8).choices(_WORDS, k=40_000)).encode()
PAGE = b"<!DOCTYPE html><html><body><p>" + TEXT + b"</p></body></html>"


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "deflate": ("deflate", raw_deflate),
    "zstd": ("zstd", zstandard.compress),
    "br": ("br", brotli),
}
each_encoding = pytest.mark.parametrize(("coding", "pack"), PACKERS.values(), ids=PACKERS)
each_media_type = pytest.mark.parametrize(
    ("media_type", "body"), [("text/plain", TEXT), ("text/html", PAGE)], ids=["text", "html"]
)


@pytest.fixture
def read_body(tmp_path: Path, read) -> Callable[..., list[object]]:
    """The items of a WARC file with one response."""

    def read_body(body: bytes, coding: str, media_type: str = "text/html") -> list[object]:
        record = response(body, Content_Encoding=coding, Content_Type=media_type)
        return read(write(tmp_path / "a.warc", warc_bytes([record])))

    return read_body


@each_media_type
@each_encoding
@pytest.mark.parametrize("lost", [1, 500])
def test_encoded_body_that_is_cut_off_is_kept_as_far_as_it_goes_and_told(
    read_body, coding: str, pack: Callable[[bytes], bytes], media_type: str, body: bytes, lost: int
) -> None:
    capture, problem = read_body(pack(body)[:-lost], coding, media_type)
    assert body.startswith(capture.data)
    # zstd gives whole blocks only, and of these there are few.
    assert len(capture.data) > (0 if coding == "zstd" else len(body) * 3 // 4)
    assert (problem.kind, problem.offset) == ("truncated-page", 0)
    assert "ends within its" in problem.detail


def test_brotli_gives_its_text_to_the_last_byte_before_the_cut(read_body) -> None:
    lengths = {len(read_body(brotli(TEXT)[:-lost], "br", "text/plain")[0].data) for lost in (1, 9)}
    # Not in steps of a buffer.
    assert all(0 <= len(TEXT) - length < 1_000 for length in lengths)


@each_encoding
def test_encoded_body_that_is_cut_off_before_any_text_is_refused(
    read_body, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    (problem,) = read_body(pack(PAGE)[:6], coding)
    assert problem.kind == "bad-http"
    assert "ends within its" in problem.detail


def test_chunked_body_that_is_cut_off_is_told(tmp_path: Path, read) -> None:
    body = b"%x\r\n%s" % (len(PAGE), PAGE[:-100])
    location = write(tmp_path / "a.warc", warc_bytes([response(body, Transfer_Encoding="chunked")]))
    capture, problem = read(location)
    assert (capture.data, problem.kind) == (PAGE[:-100], "truncated-page")
    assert problem.detail == "The body of the page ends within a chunk."


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@each_media_type
def test_all_members_of_an_encoded_body_are_read(
    read_body, coding: str, media_type: str, body: bytes
) -> None:
    _, pack = PACKERS[coding]
    packed = pack(body[:100]) + pack(b"") + pack(body[100:5_000]) + pack(body[5_000:])
    (capture,) = read_body(packed, coding, media_type)
    assert capture.data == body


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("kept", [1, 3, 12])
def test_second_member_that_is_cut_off_is_told(read_body, coding: str, kept: int) -> None:
    _, pack = PACKERS[coding]
    capture, problem = read_body(pack(HTML) + pack(HTML)[:kept], coding)
    assert (capture.data[: len(HTML)], problem.kind) == (HTML, "truncated-page")


@pytest.mark.parametrize("padding", [b"\r\n", b"\0" * 600])
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_padding_behind_an_encoded_body_is_no_member(
    read_body, coding: str, padding: bytes
) -> None:
    _, pack = PACKERS[coding]
    (capture,) = read_body(pack(HTML) + padding, coding)
    assert capture.data == HTML


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_members_are_counted_together_against_the_limit(read_body, coding: str) -> None:
    _, pack = PACKERS[coding]
    (problem,) = read_body(pack(b"a" * (MAX_CAPTURE_BYTES - 100)) + pack(b"b" * 101), coding)
    assert problem.kind == "too-large"
    (capture,) = read_body(pack(b"a" * (MAX_CAPTURE_BYTES - 100)) + pack(b"b" * 100), coding)
    assert len(capture.data) == MAX_CAPTURE_BYTES


def test_a_great_many_members_are_read_in_linear_time(read_body) -> None:
    body = gzip.compress(HTML) + gzip.compress(b"") * 100_000
    (capture,) = read_body(body, "gzip")
    assert capture.data == HTML


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "br"])
@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/html", b"\xef\xbb\xbf" + HTML),
        ("text/html", b"\xef\xbb\xbf\r\n" + HTML),
        ("text/html", b"\xef\xbb\xbf<p>A stray \x01 character</p>"),
        ("text/html", "<p>کراچی</p>".encode()),
        ("text/plain", b"\xef\xbb\xbfKarachi."),
        ("text/plain", "KSE-100 at 40,000.\r\n\tکراچی\n".encode()),
        ("text/plain", b"Karachi\x92s market. " * 20),
        ("text/plain", b"K"),
        ("text/plain", b"A page.\x0cAnother.\x1b"),
        ("text/plain", TEXT),
    ],
)
def test_page_that_was_stored_decoded_is_kept_as_it_is(
    read_body, coding: str, media_type: str, body: bytes
) -> None:
    (capture,) = read_body(body, coding, media_type)
    assert isinstance(capture, Capture)
    assert capture.data == body


@pytest.mark.parametrize("coding", ["deflate", "br"])
def test_body_that_is_neither_encoded_nor_text_is_refused(read_body, coding: str) -> None:
    (problem,) = read_body(b"\xff\x00" * 100, coding)
    assert problem.kind == "bad-http"
