"""HTML in a crawl is recognised by the body if header fields are missing or wrong."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest
import zstandard

from loader.model import Capture, Problem
from loader.sources.source import PassedOver
from tests.sources.warc_files import HTML, URL, brotli, conversion, response, warc_bytes, write

BOM = b"\xef\xbb\xbf"
FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><title>A</title>'
    b"<link>https://www.brecorder.com/news/40301234/a</link></item></channel></rss>"
)


def record(
    payload: bytes,
    content_type: str | None = "application/http; msgtype=response",
    kind: str = "response",
    **fields: str,
) -> bytes:
    """A record written by hand; `fields` are WARC fields, `_` for `-`."""
    header = [f"WARC-Type: {kind}", f"WARC-Target-URI: {URL}", "WARC-Date: 2024-05-03T10:15:00Z"]
    header += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    if content_type is not None:
        header.append(f"Content-Type: {content_type}")
    header.append(f"Content-Length: {len(payload)}")
    return b"WARC/1.0\r\n" + "\r\n".join(header).encode() + b"\r\n\r\n" + payload + b"\r\n\r\n"


def http(body: bytes, *fields: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, *fields]).encode() + b"\r\n\r\n" + body


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    "payload",
    [
        http(HTML),
        http(BOM + HTML),
        http(b"\r\n\t " + HTML),
        http(b"<!-- saved --><!-- twice -->\n" + HTML),
        http(b'<?xml version="1.0"?>\n' + HTML),
        http(chunked(HTML), "Transfer-Encoding: chunked"),
        http(gzip.compress(HTML), "Content-Encoding: gzip"),
        http(brotli(HTML), "Content-Encoding: br"),
        http(chunked(gzip.compress(HTML)), "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        http(HTML.decode().encode("utf-16"), "Content-Type:"),
        http(HTML, "Content-Type: ; charset=utf-8"),
        http(HTML, "Content-Type: text/html,charset=utf-8"),
        http(HTML, "Content-Type: text/html charset=utf-8"),
        http(HTML, "Content-Type: TEXT/HTML\tcharset=utf-8"),
        http(HTML, 'Content-Type: "text/html"; charset=utf-8'),
        http(HTML, "content-type:text/html ; charset=utf-8"),
        http(HTML, "Content-Type: unk"),
        http(HTML, "Content-Type: */*"),
        http(HTML, "Content-Type: application/octet-stream"),
        http(HTML, "Content-Type: application/x-unknown-content-type"),
        http(HTML, "Content-Type: text/plain"),
        http(HTML, "Content-Type: text/plain; charset=utf-8"),
        http(HTML, "Content-Type: image/png"),
        http(HTML, "Content-Type: application/xml"),
        http(b"<div><p>No head at all.</p></div>"),
        http(b"<p>A fragment.</p>", "Content-Type: unk"),
        http(BOM + BOM + HTML),
        http(HTML.decode().encode("utf-16-le")),
        http(HTML, "Content-Type:", "Content-Type: text/html"),
        http(chunked(HTML)),
        http(chunked(HTML), "Content-Type: text/html"),
        http(b"20\r\n%b\r\n%b" % (HTML[:32], chunked(HTML[32:]))),
        http(b"20\r\n%b\r\n%x\r\n%b" % (HTML[:32], len(HTML[32:]), HTML[32:])),
        http(gzip.compress(HTML)),
        http(gzip.compress(HTML), "Content-Type: text/html"),
        http(gzip.compress(HTML), "Content-Type: text/html", "Content-Encoding: br"),
        http(gzip.compress(HTML), "Content-Type: text/html", "Content-Encoding: deflate"),
        http(gzip.compress(gzip.compress(HTML)), "Content-Encoding: gzip"),
        http(chunked(gzip.compress(HTML)), "Transfer-Encoding: gzip, chunked"),
        http(zlib.compress(HTML), "Content-Encoding: gzip"),
        http(zstandard.compress(HTML)),
    ],
)
def test_html_is_told_by_its_body(tmp_path: Path, read, payload: bytes) -> None:
    (capture,) = read(write(tmp_path / "a.warc", record(payload)))
    assert isinstance(capture, Capture)
    assert (capture.media_type, capture.url) == ("text/html", URL)
    assert b"<" in capture.data and b"Content-Type" not in capture.data


@pytest.mark.parametrize("told", ["unk", "", "text/plain", "application/octet-stream"])
def test_html_is_told_by_what_the_crawler_identified(tmp_path: Path, read, told: str) -> None:
    body = b"<center>No tag that browsers look for.</center>"
    data = record(
        http(body, f"Content-Type: {told}"), WARC_Identified_Payload_Type="text/html; x=1"
    )
    (capture,) = read(write(tmp_path / "a.warc", data))
    assert (capture.media_type, capture.data) == ("text/html", body)


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        (None, "response"),
        ("text/html", "response"),
        ("application/http;msgtype=response", "response"),
        ("application/http, msgtype=response", "response"),
        ("application/octet-stream", "response"),
    ],
)
def test_a_response_is_one_whatever_the_type_of_its_record(
    tmp_path: Path, read, content_type: str | None, kind: str
) -> None:
    data = record(http(HTML, "Content-Type: text/html; charset=utf-8"), content_type, kind)
    (capture,) = read(write(tmp_path / "a.warc", data))
    assert (capture.data, capture.media_type, capture.charset) == (HTML, "text/html", "utf-8")


def test_a_body_without_its_http_header_is_a_page(tmp_path: Path, read) -> None:
    for content_type in (None, "application/http; msgtype=response", "text/html"):
        (capture,) = read(write(tmp_path / "a.warc", record(HTML, content_type)))
        assert (capture.data, capture.media_type) == (HTML, "text/html")


def test_a_resource_without_a_type_is_told_by_its_body(tmp_path: Path, read) -> None:
    (capture,) = read(write(tmp_path / "a.warc", record(HTML, None, "resource")))
    assert capture.media_type == "text/html"


@pytest.mark.parametrize(
    "status",
    [
        "http/1.1 200 OK",
        "Http/1.0 200",
        "HTTP/2 200",
        "\r\nHTTP/1.1 200 OK",
        "\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nhttp/1.1 200",
        "HTTP/1.1 100 Continue\r\nServer: x\r\n\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1\t200\tOK",
    ],
)
def test_status_lines_of_all_kinds(tmp_path: Path, read, status: str) -> None:
    payload = http(HTML, "Content-Type: text/html", status=status)
    (capture,) = read(write(tmp_path / "a.warc", record(payload)))
    assert capture.data == HTML


def test_an_interim_answer_alone_is_no_page(tmp_path: Path, read) -> None:
    (problem,) = read(write(tmp_path / "a.warc", record(http(b"", status="HTTP/1.1 100 Continue"))))
    assert (problem.kind, "100" in problem.detail) == ("http-status", True)


def test_a_text_stays_one(tmp_path: Path, read) -> None:
    text = b"A text about <html> tags."
    (capture,) = read(write(tmp_path / "a.warc", record(http(text, "Content-Type: text/plain"))))
    assert (capture.data, capture.media_type) == (text, "text/plain")
    quoting = b"<html> is how a page begins."
    (capture,) = read(write(tmp_path / "a.wet", warc_bytes([conversion(quoting)])))
    assert (capture.data, capture.media_type) == (quoting, "text/plain")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (http(b"\x89PNG\r\n", "Content-Type: image/png"), "image/png"),
        (http(b"body{}", "Content-Type: text/css; charset=utf-8"), "text/css"),
        (http(b"{}", "Content-Type: application/json"), "application/json"),
        (http(b"no gzip", "Content-Type: font/woff2", "Content-Encoding: zstd"), "font/woff2"),
        (http(b"<svg/>", "Content-Type: image/svg+xml"), "image/svg+xml"),
    ],
)
def test_other_things_of_a_wanted_host_are_counted(
    tmp_path: Path, read, payload: bytes, reason: str
) -> None:
    location = write(tmp_path / "a.warc", record(payload) * 3)
    assert read(location) == [PassedOver(location, reason, 3)]


@pytest.mark.parametrize(
    "payload", [http(b"who knows"), http(b"\x00\x01\x02", "Content-Type: unk"), http(b"{}")]
)
def test_what_nothing_tells_the_kind_of_is_a_problem(tmp_path: Path, read, payload: bytes) -> None:
    (problem,) = read(write(tmp_path / "a.warc", record(payload)))
    assert isinstance(problem, Problem)
    assert problem.kind == "unsupported"


def test_records_that_hold_no_capture_are_counted_by_type(tmp_path: Path, read) -> None:
    kinds = ["request", "metadata", "continuation", "made-up"]
    data = b"".join(record(b"a: b\r\n", "text/x", kind) for kind in kinds) + record(http(HTML))
    location = write(tmp_path / "a.warc", data)
    _, *passed = read(location)
    assert passed == [PassedOver(location, f"{kind} record", 1) for kind in sorted(kinds)]


def test_other_hosts_are_not_counted(tmp_path: Path, read) -> None:
    other = response(b"\x89PNG", "https://example.com/a.png", Content_Type="image/png")
    assert read(write(tmp_path / "a.warc", warc_bytes([other]))) == []


@pytest.mark.parametrize("pad", [b"\0", b"\0\0", b"\0\r\n", b"\n"])
@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_bytes_of_padding_behind_each_record_cost_none(
    tmp_path: Path, read, pad: bytes, pack
) -> None:
    name = "a.warc.gz" if pack is gzip.compress else "a.warc"
    data = b"".join(pack(record(http(HTML + b"%d" % n)) + pad) for n in range(5))
    items = read(write(tmp_path / name, data))
    assert [item.data for item in items] == [HTML + b"%d" % n for n in range(5)]


def test_a_crawled_feed_gives_its_items(tmp_path: Path, read) -> None:
    for told in ("application/rss+xml", "text/xml", "text/html", "application/octet-stream"):
        payload = http(FEED, f"Content-Type: {told}")
        (capture,) = read(write(tmp_path / "a.warc", record(payload)))
        assert (capture.media_type, capture.url) == ("application/rss+xml", None)
        assert (capture.captured_at, capture.captured_basis, capture.offset) == (
            "2024-05-03T10:15:00Z", "WARC-Date", 0,
        )  # fmt: skip


@pytest.mark.parametrize(
    "status",
    [
        "HTTP/1.1 200",
        "HTTP/2 200",
        "HTTP/2.0 200 OK",
        "http/1.0 200 ok",
        "HTTP/1.1\t200 OK",
        "HTTP/1,1 200 OK",
        "HTTP 200 OK",
        "HTTPS/1.1 200 OK",
        "HTTP/1.1:200 OK",
        "ICY 200 OK",
        "h2 200",
        "200 OK",
        "\ufeffHTTP/1.1 200 OK",
        "HTTP/1.1 203 Non-Authoritative Information",
    ],
)
def test_a_status_line_of_any_form_is_read(tmp_path: Path, read, status: str) -> None:
    data = record(http(HTML, "Content-Type: text/html", status=status))
    (capture,) = read(write(tmp_path / "a.warc", data))
    assert (capture.data, capture.media_type) == (HTML, "text/html")


@pytest.mark.parametrize(
    "before",
    [
        "HTTP/1.1 100 Continue\r\nServer: x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n" * 2,
        "HTTP/1.1 102 Processing\n\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",
        "HTTP/1.1 200 Connection established\r\n\r\n",
        "HTTP/1.1 301 Moved Permanently\r\nLocation: /a\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
    ],
)
def test_responses_without_a_body_are_skipped(tmp_path: Path, read, before: str) -> None:
    data = record(before.encode() + http(HTML, "Content-Type: text/html"))
    (capture,) = read(write(tmp_path / "a.warc", data))
    assert (capture.data, capture.media_type) == (HTML, "text/html")


@pytest.mark.parametrize("body", [b"20\r\nTwenty is a number.", b"5\r\nabcdefgh\r\n0\r\n\r\n"])
def test_a_text_that_begins_with_a_number_is_not_chunked(tmp_path: Path, read, body: bytes) -> None:
    (capture,) = read(write(tmp_path / "a.warc", record(http(body, "Content-Type: text/plain"))))
    assert capture.data == body


def test_a_record_without_an_address_is_not_dropped(tmp_path: Path, read) -> None:
    nameless = f"WARC-Target-URI: {URL}\r\n".encode()
    page = record(http(HTML, "Content-Type: text/html")).replace(nameless, b"")
    text = record(b"A text.", "text/plain", "conversion").replace(nameless, b"")
    capture, problem = read(write(tmp_path / "a.warc", page + text))
    assert (capture.data, capture.url) == (HTML, None)
    assert (problem.kind, problem.offset) == ("bad-url", len(page))
