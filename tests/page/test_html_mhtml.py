"""Web archives saved by browsers: the page, its address and the time of saving."""

from __future__ import annotations

import codecs
from dataclasses import replace

import pytest

from loader.model import Capture
from loader.page import parse_capture
from tests.page.golden import CASES, capture_of

SAVED = capture_of(CASES / "saved.mhtml")


def test_the_archive_keeps_its_bytes_and_tells_address_and_time() -> None:
    snapshot = parse_capture(SAVED)
    assert snapshot.capture.data == SAVED.data
    assert snapshot.capture.media_type == "multipart/related"
    assert snapshot.news_id == 40344009
    assert snapshot.capture.captured_at == "2025-01-30T10:15:00Z"
    assert snapshot.capture.captured_basis == "MHTML Date"
    assert snapshot.article is not None and snapshot.board is not None
    assert snapshot.problems == ()


def test_what_the_user_says_comes_before_what_the_archive_says() -> None:
    url = "https://www.brecorder.com/news/40344009"
    told = replace(SAVED, url=url, captured_at="2025-02-01", captured_basis="option")
    snapshot = parse_capture(told)
    assert (snapshot.capture.url, snapshot.capture.captured_at) == (url, "2025-02-01")
    assert snapshot.capture.captured_basis == "option"


def test_the_part_that_start_names_is_the_page() -> None:
    frame = (
        b"------MultipartBoundary--invented----\r\nContent-Type: text/html\r\n"
        b"Content-ID: <frame-0@mhtml.blink>\r\n\r\n<p>A frame</p>\r\n\r\n"
    )
    first = b"------MultipartBoundary--invented----\r\nContent-Type: image/png"
    data = SAVED.data.replace(first, frame + first)
    # Without `start`, the page is the part with the address of the whole.
    assert parse_capture(replace(SAVED, data=data)).news_id == 40344009
    data = data.replace(
        b"\r\nContent-Location: https://www.brecorder.com/news", b"\r\nX-Location: "
    )
    assert parse_capture(replace(SAVED, data=data)).article is None
    data = data.replace(
        b'type="text/html";', b'type="text/html"; start="<frame-1@mhtml.blink>";', 1
    )
    assert parse_capture(replace(SAVED, data=data)).news_id == 40344009


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"Content-Type: multipart/related\r\n\r\n--x",
        b'Content-Type: multipart/related; boundary="\xff"\r\n\r\n--\xff\r\n\r\n',
        b"Content-Type: text/html; charset=nothing\r\nDate: 99 Foo\r\n\r\n<p>x</p>",
        b"Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--x--",
        SAVED.data[:400],
    ],
)
def test_an_archive_without_a_page_is_no_page(data: bytes) -> None:
    snapshot = parse_capture(Capture(data, "multipart/related", "x.mhtml"))
    assert snapshot.is_refused
    assert [problem.kind for problem in snapshot.problems] == ["not-a-page"]


def test_an_archive_that_is_cut_off_gives_what_there_is() -> None:
    data = SAVED.data[: SAVED.data.index(b"Soft coral")]
    snapshot = parse_capture(replace(SAVED, data=data))
    assert snapshot.article is not None
    assert [problem.kind for problem in snapshot.problems] == ["cut-off"]


@pytest.mark.parametrize("before", [codecs.BOM_UTF8, b"\r\n\r\n", codecs.BOM_UTF8 + b"\n"])
def test_bytes_before_the_first_header_do_not_hide_the_page(before: bytes) -> None:
    assert parse_capture(replace(SAVED, data=before + SAVED.data)).news_id == 40344009
