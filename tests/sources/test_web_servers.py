"""Real web servers: without ranges or lengths, with unexpected encodings and pauses, or down."""

from __future__ import annotations

import gzip
import http.server
import io
import socket
import threading
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from loader.errors import SourceError
from loader.model import Capture
from loader.sources import Source, fingerprint, read_captures
from loader.sources.transport import http_file, patience
from loader.sources.transport.network_faults import retry_after
from loader.sources.transport.remote import open_remote, read_range
from tests.sources.warc_files import HTML, URL, conversion, response, warc_bytes

PLAIN = warc_bytes([response(HTML, f"{URL}-{number}") for number in range(20)])
PACKED = warc_bytes([response(HTML, f"{URL}-{number}") for number in range(20)], compress=True)


@dataclass
class Site:
    """What a test's server has and how it answers; `asked` are the methods it was asked by."""

    address: str = ""
    body: bytes = b""
    pieces: Callable[[], Iterator[bytes]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    has_ranges: bool = False
    tells_length: bool = True
    is_chunked: bool = False
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    cuts: int = 0
    asked: list[str] = field(default_factory=list)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        site = self.site
        site.asked.append(self.command)
        self.close_connection = True
        if site.refusals:
            status, headers = site.refusals.pop(0)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body, wanted = site.body, self.headers.get("Range", "")
        if site.has_ranges and wanted:
            first, last = (int(number) for number in wanted.removeprefix("bytes=").split("-"))
            if first >= len(body):
                self.send_error(416)
                return
            body = body[first : last + 1]
            self.send_response(206)
            total = len(site.body) if site.tells_length else "*"
            self.send_header("Content-Range", f"bytes {first}-{first + len(body) - 1}/{total}")
        else:
            self.send_response(200)
        for name, value in site.headers.items():
            self.send_header(name, value)
        if site.is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif site.tells_length and site.pieces is None:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if with_body:
            with suppress(ConnectionError):
                self._send(body)

    def _send(self, body: bytes) -> None:
        site = self.site
        if site.cuts:
            site.cuts -= 1
            self.wfile.write(body[: len(body) // 2])
            return
        for piece in site.pieces() if site.pieces else [body]:
            if site.is_chunked:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            else:
                self.wfile.write(piece)
        if site.is_chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        site.address = f"http://127.0.0.1:{httpd.server_address[1]}"
        yield site
        httpd.shutdown()
        thread.join()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses made between attempts, none of them waited for."""
    made: list[float] = []
    monkeypatch.setattr(patience, "sleep", made.append)
    return made


def _captures(location: str, kind: str = "warc") -> list[Capture]:
    items = list(read_captures(Source(location, kind)))  # type: ignore[arg-type]
    assert all(isinstance(item, Capture) for item in items), items
    return items  # type: ignore[return-value]


# -- encodings -----------------------------------------------------------------------------


@pytest.mark.parametrize("has_ranges", [True, False])
@pytest.mark.parametrize(
    ("name", "body", "encoding"),
    [
        # Sent as it is, its own compression called an encoding: Apache with `AddEncoding`.
        ("a.warc.gz", PACKED, "gzip"),
        ("a.warc.gz?signed=yes", PACKED, "x-gzip"),
        # Compressed once more on the way.
        ("a.warc.gz", gzip.compress(PACKED), "gzip"),
        ("a.warc.gz", gzip.compress(gzip.compress(PACKED)), "gzip, GZIP"),
        ("a.warc", gzip.compress(PLAIN), "gzip"),
        # Called compressed, and not so.
        ("a.warc", PLAIN, "gzip"),
        ("a.warc.gz", PACKED, "identity"),
        ("a.warc", PLAIN, ""),
    ],
)
def test_encoding_that_nobody_asked_for_is_taken_off(
    site: Site, name: str, body: bytes, encoding: str, has_ranges: bool
) -> None:
    site.body, site.has_ranges = body, has_ranges
    site.headers = {"Content-Encoding": encoding}
    captures = _captures(f"{site.address}/{name}")
    assert [capture.data for capture in captures] == [HTML] * 20


def test_text_in_an_encoding_is_read(site: Site) -> None:
    site.body, site.headers = gzip.compress(b"A text."), {"Content-Encoding": "gzip"}
    (capture,) = _captures(f"{site.address}/a.txt", "text")
    assert capture.data == b"A text."


def test_zip_in_an_encoding_is_read_from_its_end(site: Site) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "A text.")
    site.body, site.headers = gzip.compress(packed.getvalue()), {"Content-Encoding": "gzip"}
    (capture,) = _captures(f"{site.address}/a.zip", "zip")
    assert capture.data == b"A text."


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, br", "\x7f" * 100])
def test_encoding_that_is_not_read_is_named(site: Site, encoding: str) -> None:
    site.body, site.headers = zlib.compress(PLAIN), {"Content-Encoding": encoding}
    with pytest.raises(SourceError, match="which was not asked for") as caught:
        _captures(f"{site.address}/a.warc")
    assert "download the file" in caught.value.remedy


@pytest.mark.parametrize("part", [2, 3])
def test_encoding_that_ends_early_gives_all_before_that(site: Site, part: int) -> None:
    packed = gzip.compress(PLAIN, 0)
    site.body, site.headers = (
        packed[: len(packed) * (part - 1) // part],
        {"Content-Encoding": "gzip"},
    )
    items = []
    with pytest.raises(SourceError, match="ends in the middle"):
        for item in read_captures(Source(f"{site.address}/a.warc", "warc")):
            items.append(item)
    assert len([item for item in items if isinstance(item, Capture)]) >= 20 * (part - 1) // part - 1


# -- lengths and ranges --------------------------------------------------------------------


@pytest.mark.parametrize("has_ranges", [True, False])
@pytest.mark.parametrize("is_chunked", [True, False])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_file_of_unknown_length_is_read(
    site: Site, name: str, is_chunked: bool, has_ranges: bool
) -> None:
    site.body = PACKED if name.endswith("gz") else PLAIN
    site.tells_length, site.is_chunked, site.has_ranges = False, is_chunked, has_ranges
    assert len(_captures(f"{site.address}/{name}")) == 20


@pytest.mark.parametrize("has_ranges", [True, False])
def test_empty_file_is_told_as_such(site: Site, has_ranges: bool) -> None:
    site.has_ranges = has_ranges
    with open_remote(f"{site.address}/a.txt") as file:
        assert file.read() == b""


def _large() -> bytes:
    return warc_bytes([conversion(bytes([65 + n]) * 300_000, f"{URL}-{n}") for n in range(20)])


@pytest.mark.parametrize("has_ranges", [True, False])
@pytest.mark.parametrize("tells_length", [True, False])
def test_large_file_is_read_to_its_end(site: Site, has_ranges: bool, tells_length: bool) -> None:
    site.body, site.has_ranges, site.tells_length = _large(), has_ranges, tells_length
    assert len(site.body) > http_file.BLOCK_BYTES
    captures = _captures(f"{site.address}/a.warc")
    assert [capture.data[:1] for capture in captures] == [bytes([65 + n]) for n in range(20)]
    # Without ranges it came once, and whole.
    assert len(site.asked) == (1 if not has_ranges else 2)


def test_large_file_without_ranges_can_seek(site: Site) -> None:
    site.body = bytes(range(256)) * 4096 * 6
    with open_remote(f"{site.address}/a.bin") as file:
        assert file.seek(-3, io.SEEK_END) == len(site.body) - 3
        assert file.read() == b"\xfd\xfe\xff"
        assert file.seek(256 * 5) == 256 * 5
        assert file.read(3) == b"\0\1\2"


def test_memory_for_a_file_without_ranges_is_flat(site: Site) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(1024):
            yield b"x" * 65536

    site.pieces = pieces
    tracemalloc.start()
    try:
        with open_remote(f"{site.address}/a.bin") as file:
            count = 0
            while data := file.read(65536):
                count += len(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 64 * 1024 * 1024
    assert peak < 16 * 1024 * 1024


def test_download_that_breaks_off_begins_anew(site: Site, pauses: list[float]) -> None:
    site.body, site.cuts = _large(), 2
    assert len(_captures(f"{site.address}/a.warc")) == 20
    assert len(pauses) == 2


def test_range_that_breaks_off_costs_only_itself(site: Site, pauses: list[float]) -> None:
    site.body, site.has_ranges, site.cuts = _large(), True, 1
    assert len(_captures(f"{site.address}/a.warc")) == 20
    assert len(site.asked) == 3


def test_file_that_becomes_another_is_told(site: Site) -> None:
    site.body, site.has_ranges = b"x" * http_file.BLOCK_BYTES * 2, True
    with open_remote(f"{site.address}/a.bin") as file:
        file.read(10)
        site.body = site.body[:-1]
        with pytest.raises(SourceError, match="was changed while it was read"):
            file.read()


def test_no_room_for_a_file_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(http_file, "_new_file", Full)
    site.body = PLAIN
    with pytest.raises(SourceError, match="No space left on device") as caught:
        _captures(f"{site.address}/a.warc")
    assert "TMPDIR" in caught.value.remedy


def test_server_that_sends_a_byte_now_and_then_is_given_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_file, "_WATCHED_SECONDS", -1.0)
    site.body = PLAIN
    with pytest.raises(SourceError, match="is sent too slowly"):
        _captures(f"{site.address}/a.warc")


# -- pauses --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_server_is_asked_again_when_it_wants_to_be(
    site: Site, pauses: list[float], status: int
) -> None:
    site.body = PACKED
    in_half_a_minute = datetime.now(timezone.utc) + timedelta(seconds=30)
    site.refusals = [
        (status, {"Retry-After": "7"}),
        (status, {"Retry-After": format_datetime(in_half_a_minute, usegmt=True)}),
        (status, {"Retry-After": "soon"}),
    ]
    assert len(_captures(f"{site.address}/a.warc.gz")) == 20
    assert pauses[0] == 7
    assert 7 < pauses[1] <= 30
    assert pauses[2] == patience.BACKOFF_SECONDS[2]


def test_range_of_a_server_that_wants_a_pause(site: Site, pauses: list[float]) -> None:
    site.body, site.has_ranges = PLAIN, True
    site.refusals = [(503, {"Retry-After": "3"})]
    assert read_range(f"{site.address}/a.warc", 5, 10) == PLAIN[5:15]
    assert pauses == [3]


def test_server_that_wants_a_long_pause_is_given_up_with_its_words(
    site: Site, pauses: list[float]
) -> None:
    site.refusals = [(503, {"Retry-After": "3600"})] * 10
    with pytest.raises(SourceError, match="503") as caught:
        _captures(f"{site.address}/a.warc")
    assert caught.value.remedy == "tried once; load it again in 3,600 seconds, as the server asks"
    assert (pauses, site.asked) == ([], ["GET"])


NOW = datetime(2026, 11, 26, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0), ("120", 120), (" 120 ", 120), ("-5", 0), ("1.5", 0), ("9" * 5000, 0), ("", 0),
        ("²", 0), ("nan", 0), ("Thu, 26 Nov 2026 12:01:00 GMT", 60),
        ("Thursday, 26-Nov-26 12:01:00 GMT", 60), ("Thu Nov 26 12:01:00 2026", 60),
        ("Thu, 26 Nov 2026 11:59:00 GMT", 0), ("Thu, 99 Nov 99999 11:59:00 GMT", 0),
        ("Thu, 26 Nov 2026 12:01:00 -0000", 60),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(asked: str, seconds: float) -> None:
    answer = SimpleNamespace(status=503, headers={"Retry-After": asked})
    assert retry_after(answer, NOW) == seconds  # type: ignore[arg-type]


# -- hosts that are gone -------------------------------------------------------------------


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address where no server listens, and none will: the port is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_host_that_cannot_be_reached_is_not_asked_for_each_of_its_files(
    nowhere: str, pauses: list[float]
) -> None:
    with pytest.raises(SourceError, match="cannot be reached"):
        _captures(f"{nowhere}/0.warc")
    assert pauses == list(patience.BACKOFF_SECONDS)
    for number in range(1, 1000):
        with pytest.raises(SourceError, match="cannot be reached") as caught:
            _captures(f"{nowhere}/{number}.warc")
        assert caught.value.subject == f"{nowhere}/{number}.warc"
    with pytest.raises(SourceError, match="cannot be reached"):
        read_range(f"{nowhere}/0.warc", 0, 5)
    assert len(pauses) == len(patience.BACKOFF_SECONDS)


def test_look_at_a_host_that_is_down_does_not_give_it_up(nowhere: str, pauses: list[float]) -> None:
    """A look at the state of a file has little patience; the reading after it has more."""
    with pytest.raises(SourceError):
        fingerprint(Source(f"{nowhere}/a.warc", "warc"))
    with pytest.raises(SourceError, match="tried 5 times"):
        _captures(f"{nowhere}/a.warc")


def test_host_is_asked_again_after_a_while(
    site: Site, nowhere: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.body = PLAIN
    with pytest.raises(SourceError):
        _captures(f"{nowhere}/a.warc")
    assert len(_captures(f"{site.address}/a.warc")) == 20, "another host goes on"
    now = patience.monotonic()
    monkeypatch.setattr(patience, "monotonic", lambda: now + 3600)
    with pytest.raises(SourceError, match="tried 5 times"):
        _captures(f"{nowhere}/a.warc")


@pytest.mark.parametrize("status", [404, 403, 400, 500, 503])
def test_host_that_answers_is_no_host_that_is_gone(
    site: Site, pauses: list[float], status: int
) -> None:
    site.body = PLAIN
    site.refusals = [(status, {})] * 5
    with pytest.raises(SourceError):
        _captures(f"{site.address}/a.warc")
    site.refusals.clear()
    assert len(_captures(f"{site.address}/a.warc")) == 20


def test_hosts_that_are_remembered_are_bounded() -> None:
    hosts = patience.UnreachableHosts()
    for number in range(1000):
        hosts.add(f"http://127.0.0.1:{number}/a")
        assert hosts.has(f"HTTP://127.0.0.1:{number}/b")
    assert len(hosts._until) <= 256
