"""Remote sources: memory, a local HTTP server, and S3 by moto."""

from __future__ import annotations

import asyncio
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import fsspec
import pytest

from loader.errors import SourceError
from loader.model import Capture
from loader.sources import ReadOptions, Skipped, Source, find_sources, fingerprint, read_captures
from loader.sources.transport import patience
from tests.s3 import s3_store
from tests.sources.warc_files import HTML, URL, conversion, response, warc_bytes

RECORDS = [response(HTML, f"{URL}-{number}") for number in range(20)]


@pytest.fixture
def memory() -> Iterator[str]:
    """A folder in fsspec's memory; its address."""
    fs = fsspec.filesystem("memory")
    fs.mkdir("/crawl")
    yield "memory://crawl"
    fs.rm("/crawl", recursive=True)


def _put(address: str, data: bytes) -> str:
    with fsspec.open(address, "wb") as file:
        file.write(data)
    return address


def _captures(location: str) -> list[Capture]:
    found = []
    for source in find_sources([location]):
        assert isinstance(source, Source), source
        found += [item for item in read_captures(source) if isinstance(item, Capture)]
    return found


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_warc_behind_an_address_gives_what_the_file_gives(memory: str, name: str) -> None:
    data = warc_bytes(RECORDS, compress=name.endswith("gz"))
    captures = _captures(_put(f"{memory}/{name}", data))
    assert [capture.url for capture in captures] == [record[1] for record in RECORDS]
    assert captures[0].source == f"{memory}/{name}"


def test_text_and_lines_behind_an_address_are_read(memory: str) -> None:
    (capture,) = _captures(_put(f"{memory}/a.txt", b"A text."))
    assert capture.data == b"A text."
    (capture,) = _captures(_put(f"{memory}/a.jsonl", b'{"text": "A line."}\n'))
    assert capture.data == b"A line."


def test_folder_and_pattern_name_all_files_there(memory: str) -> None:
    for name in ("b.txt", "deep/a.txt", "c.unknown"):
        _put(f"{memory}/{name}", b"A text.")
    found = list(find_sources([memory]))
    assert [item.location for item in found if isinstance(item, Source)] == [
        "memory:///crawl/b.txt",
        "memory:///crawl/deep/a.txt",
    ]
    assert [item.reason for item in found if isinstance(item, Skipped)] == ["unknown extension"]
    (found_by_pattern,) = find_sources([f"{memory}/*.txt"])
    assert isinstance(found_by_pattern, Source)


def test_missing_address_is_an_error(memory: str) -> None:
    (fault,) = find_sources([f"{memory}/*.warc.gz"])
    assert isinstance(fault, SourceError)
    with pytest.raises(SourceError, match="no such file"):
        list(read_captures(Source(f"{memory}/none.txt", "text")))


def test_unknown_scheme_is_an_error() -> None:
    (fault,) = find_sources(["nosuch://bucket/a.txt"])
    assert isinstance(fault, SourceError)
    assert "no address that fsspec opens" in fault.fault


def test_file_address_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc_bytes(RECORDS, compress=True))
    assert len(_captures(f"file://{tmp_path}/a.warc.gz")) == 20


# -- networks that fail --------------------------------------------------------------------


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "BACKOFF_SECONDS", (0.0, 0.0, 0.0))


class FailingFile:
    """A file whose reads fail when the plan says so: one entry a read, True fails."""

    def __init__(self, file, plan: list[bool]) -> None:
        self._file = file
        self._plan = plan

    def __getattr__(self, name: str):
        return getattr(self._file, name)

    def read(self, count: int = -1) -> bytes:
        if self._plan and self._plan.pop(0):
            raise ConnectionResetError("connection reset by peer")
        return self._file.read(count)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, no_pauses: None):
    """Make the reads of files in memory fail by a plan."""
    filesystem = type(fsspec.filesystem("memory"))
    opened = filesystem.open

    def fail(plan: list[bool]) -> None:
        monkeypatch.setattr(
            filesystem,
            "open",
            lambda self, *args, **kw: FailingFile(opened(self, *args, **kw), plan),
        )

    return fail


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.jsonl"])
def test_passing_failure_midway_costs_nothing(memory: str, failing, name: str) -> None:
    if name.endswith("jsonl"):
        data = b'{"text": "' + b"x" * 900_000 + b'"}\n{"text": "y"}\n'
        wanted = 2
    else:
        big = conversion(bytes(range(33, 120)) * 4000, f"{URL}-big")
        data = warc_bytes([*RECORDS, big, *RECORDS], compress=name.endswith("gz"))
        wanted = 41
    _put(f"{memory}/{name}", data)
    failing([False, True, False, True, True, False] * 3)
    assert len(_captures(f"{memory}/{name}")) == wanted


def test_lasting_failure_midway_is_an_error_after_all_that_came_before(
    memory: str, failing
) -> None:
    big = [conversion(b"x" * 300_000, f"{URL}-{number}") for number in range(5)]
    _put(f"{memory}/a.warc", warc_bytes(big))
    failing([False] * 16 + [True] * 1000)
    captures = []
    with pytest.raises(SourceError, match="connection reset by peer") as caught:
        for item in read_captures(Source(f"{memory}/a.warc", "warc")):
            captures.append(item)
    assert "tried 4 times" in caught.value.remedy
    assert 1 <= len(captures) < 5


# -- HTTP ----------------------------------------------------------------------------------


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """Static files with ranges, as object stores serve them; fails as often as told.

    `refusals` are the statuses of the next answers to whatever is asked; None hangs up.
    """

    failures = 0
    ranges = True
    refusals: ClassVar[list[int | None]] = []
    asked = 0

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        type(self).asked += 1
        if self.refusals:
            status = self.refusals.pop(0)
            if status is None:
                self.close_connection = True
            else:
                self.send_error(status)
            return
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        if with_body and type(self).failures > 0:
            type(self).failures -= 1
            self.send_error(503)
            return
        data = path.read_bytes()
        start, end = 0, len(data)
        wanted = self.headers.get("Range", "")
        if self.ranges and wanted.startswith("bytes="):
            first, _, last = wanted[6:].partition("-")
            start, end = int(first), min(int(last or end) + 1, end)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(end - start))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", '"tag-1"')
        self.end_headers()
        if with_body:
            self.wfile.write(data[start:end])

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A server of tmp_path; its address."""

    _Ranges.asked = 0

    def handler(*args, **options):
        return _Ranges(*args, directory=str(tmp_path), **options)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}"
        httpd.shutdown()
        thread.join()


def test_http_source_is_read_and_told_by_its_etag(tmp_path: Path, server: str) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc_bytes(RECORDS, compress=True))
    assert len(_captures(f"{server}/a.warc.gz")) == 20
    state = fingerprint(Source(f"{server}/a.warc.gz", "warc"))
    assert state is not None
    assert state.size == (tmp_path / "a.warc.gz").stat().st_size
    assert state.etag == "tag-1"


def test_http_server_that_is_busy_for_a_moment_is_asked_again(
    tmp_path: Path, server: str, no_pauses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc_bytes(RECORDS, compress=True))
    monkeypatch.setattr(_Ranges, "failures", 2)
    assert len(_captures(f"{server}/a.warc.gz")) == 20


def test_missing_http_source_is_an_error(server: str, no_pauses: None) -> None:
    with pytest.raises(SourceError, match="no such file"):
        list(read_captures(Source(f"{server}/none.warc.gz", "warc"), ReadOptions()))


@pytest.mark.parametrize("status", [503, 429, 500, 408, None])
def test_http_server_that_refuses_all_for_a_moment_is_asked_again(
    tmp_path: Path, server: str, no_pauses: None, monkeypatch, status: int | None
) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc_bytes(RECORDS, compress=True))
    monkeypatch.setattr(_Ranges, "refusals", [status] * 3)
    assert len(_captures(f"{server}/a.warc.gz")) == 20


@pytest.mark.parametrize(
    ("status", "fault", "tries"),
    [
        (503, "the server answers 503 Service Unavailable", 4),
        (429, "the server answers 429 Too Many Requests", 4),
        (None, "cannot be read: Server disconnected", 4),
        (400, "the server answers 400 Bad Request", 1),
        (403, "access is refused", 1),
        (404, "no such file", 1),
        (410, "no such file", 1),
    ],
)
def test_what_an_http_server_goes_on_answering_is_told(
    server: str, no_pauses: None, monkeypatch, status: int | None, fault: str, tries: int
) -> None:
    monkeypatch.setattr(_Ranges, "refusals", [status] * 1000)
    with pytest.raises(SourceError) as caught:
        list(read_captures(Source(f"{server}/a.warc.gz", "warc")))
    assert caught.value.fault.startswith(fault)
    assert ("tried 4 times" in caught.value.remedy) == (tries == 4)
    # Hung up on, aiohttp itself asks once more.
    assert _Ranges.asked == tries if status else _Ranges.asked >= tries


def _nowhere() -> str:
    """An address where no server listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_http_server_that_cannot_be_reached_is_told_as_that(no_pauses: None) -> None:
    with pytest.raises(SourceError, match="cannot be reached") as caught:
        list(read_captures(Source(f"{_nowhere()}/a.warc.gz", "warc")))
    assert "tried 4 times" in caught.value.remedy


def test_http_server_that_does_not_answer_in_time_is_told_as_that(
    server: str, no_pauses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*args: object) -> None:
        raise FileNotFoundError("a.warc.gz") from asyncio.TimeoutError()

    monkeypatch.setattr("loader.sources.transport.remote.open_http", too_late)
    with pytest.raises(SourceError, match="does not answer in time"):
        list(read_captures(Source(f"{server}/a.warc.gz", "warc")))


def test_file_system_that_connects_at_once_costs_only_its_own_source(
    memory: str, no_pauses: None
) -> None:
    page = _put(f"{memory}/a.txt", b"A text.")
    fault, source = find_sources([_nowhere().replace("http", "ftp") + "/a.txt", page])
    assert isinstance(fault, SourceError) and "cannot be reached" in fault.fault
    assert isinstance(source, Source) and source.location == page


def test_state_of_a_server_that_is_down_is_soon_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # It is asked for before each reading, which has patience of its own.
    monkeypatch.setattr(patience, "BACKOFF_SECONDS", (0.0, 0.0, 60.0))
    with pytest.raises(SourceError, match="tried 3 times"):
        fingerprint(Source(f"{_nowhere()}/a.warc.gz", "warc"))


def test_pattern_on_an_http_server_that_cannot_be_reached_is_told_as_that(
    no_pauses: None,
) -> None:
    (fault,) = find_sources([f"{_nowhere()}/crawl/*.warc.gz"])
    assert isinstance(fault, SourceError)
    assert fault.fault.startswith("cannot be reached")


# -- S3 ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A bucket of a moto server; its address."""
    with s3_store() as client:
        client.create_bucket(Bucket="remote")
        archive = warc_bytes(RECORDS, compress=True)
        client.put_object(Bucket="remote", Key="one/a.warc.gz", Body=archive)
        client.put_object(Bucket="remote", Key="one/b.txt", Body=b"A text.")
        yield "s3://remote"


@pytest.mark.filterwarnings("default")
def test_s3_folder_is_read(s3: str) -> None:
    captures = _captures(f"{s3}/one/")
    assert len(captures) == 21
    assert {capture.source for capture in captures} == {
        "s3://remote/one/a.warc.gz",
        "s3://remote/one/b.txt",
    }
    state = fingerprint(Source(f"{s3}/one/b.txt", "text"))
    assert state is not None
    assert (state.size, bool(state.etag), bool(state.modified_at)) == (7, True, True)


@pytest.mark.filterwarnings("default")
def test_missing_s3_file_is_an_error(s3: str, no_pauses: None) -> None:
    with pytest.raises(SourceError, match="no such file"):
        list(read_captures(Source(f"{s3}/none.txt", "text")))
