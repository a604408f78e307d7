"""Indexes of WARC files on web servers, including servers with unexpected responses."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import ReadOptions, Source, read_captures
from loader.sources.transport import patience
from tests.sources.warc_files import HTML, URL, members, response

RECORDS = [response(HTML + str(number).encode(), f"{URL}-{number}") for number in range(6)]
MEMBERS = members(RECORDS)
DATA = b"".join(MEMBERS)
STARTS = [sum(map(len, MEMBERS[:number])) for number in range(len(MEMBERS))]
_BLOCK = b"\0" * 64 * 1024
_PLENTY = 1024**3


class _Server(http.server.BaseHTTPRequestHandler):
    """One WARC file, sent in the `way` that the test chose."""

    way = "ranges"
    busy = 0
    sent = 0

    def do_GET(self) -> None:
        first, last = map(int, re.findall(r"\d+", self.headers["Range"]))
        if type(self).busy > 0:
            type(self).busy -= 1
            self.send_error(503)
        elif self.way == "ranges" and first >= len(DATA):
            self.send_error(416)
        elif self.way == "ranges":
            self._send(DATA[first : last + 1], first)
        elif self.way == "ranges of its own encoding":
            self._send(DATA[first : last + 1], first, {"Content-Encoding": "gzip"})
        elif self.way == "whole file":
            self._send(DATA, None)
        elif self.way == "whole file as a range":
            self._send(DATA, 0)
        elif self.way == "another range":
            self._send(DATA[: last + 1 - first], 0)
        elif self.way == "a range that does not say which":
            self._send(DATA[first : last + 1], -1)
        elif self.way == "more than the range":
            self._send(DATA[first:], first)
        else:
            self._send(DATA[first : last + 1], first if "range" in self.way else None, more=True)

    def _send(
        self,
        data: bytes,
        first: int | None,
        headers: dict[str, str] | None = None,
        *,
        more: bool = False,
    ) -> None:
        self.send_response(200 if first is None else 206)
        if first is not None and first >= 0:
            self.send_header("Content-Range", f"bytes {first}-{first + len(data) - 1}/{len(DATA)}")
        self.send_header("Content-Length", str(len(data) + (_PLENTY if more else 0)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(data)
            while more and type(self).sent < _PLENTY:
                self.wfile.write(_BLOCK)
                type(self).sent += len(_BLOCK)
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server of the WARC file; its address."""
    monkeypatch.setattr(patience, "BACKOFF_SECONDS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(_Server, "busy", 0)
    monkeypatch.setattr(_Server, "sent", 0)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}/a.warc.gz"
        httpd.shutdown()
        thread.join()


def _index(tmp_path: Path, address: str, *ranges: tuple[int, int]) -> Source:
    rows = [{"filename": address, "offset": start, "length": length} for start, length in ranges]
    path = tmp_path / "index.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Source(str(path), "index")


def _record(number: int) -> tuple[int, int]:
    return STARTS[number], len(MEMBERS[number])


@pytest.mark.parametrize("way", ["ranges", "ranges of its own encoding"])
def test_ranges_of_a_web_server_are_read(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(_Server, "way", way)
    monkeypatch.setattr(_Server, "busy", 2)
    items = list(read_captures(_index(tmp_path, server, _record(2), _record(4)), ReadOptions()))
    found = [(item.url, item.offset) for item in items if isinstance(item, Capture)]
    assert found == [(RECORDS[2][1], STARTS[2]), (RECORDS[4][1], STARTS[4])]


def test_range_behind_the_end_of_the_file_is_a_problem(tmp_path: Path, server: str) -> None:
    (problem,) = read_captures(_index(tmp_path, server, (len(DATA), 100)))
    assert isinstance(problem, Problem)
    assert problem.kind == "damaged-record"
    assert "the file ends before it" in problem.detail


@pytest.mark.parametrize(
    "way",
    [
        "whole file",
        "whole file as a range",
        "another range",
        "a range that does not say which",
        "more than the range",
        "no end of the file",
        "no end of the range",
    ],
)
def test_server_that_does_not_give_ranges_is_a_fault_and_nothing_is_read(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(_Server, "way", way)
    items = []
    with pytest.raises(SourceError) as caught:
        for item in read_captures(_index(tmp_path, server, _record(3))):
            items.append(item)
    (problem,) = items
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.source, problem.offset) == ("unreadable", server, STARTS[3])
    assert problem.detail == "the server does not give byte ranges"
    assert "the server does not give byte ranges" in caught.value.fault
    assert "download the file" in caught.value.remedy
    # What the client does not take, the server cannot send: some of it waits in buffers.
    assert _Server.sent < _PLENTY // 16


def test_web_server_that_stays_busy_is_told_as_that(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Server, "busy", 1000)
    with pytest.raises(SourceError, match="503 Service Unavailable") as caught:
        list(read_captures(_index(tmp_path, server, _record(0))))
    assert "tried 4 times" in caught.value.remedy
