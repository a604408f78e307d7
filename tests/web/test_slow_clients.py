"""Clients that send or read slowly, or only hold a connection, do not delay others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from loader.web.connections import CLIENT_LIMITS, BoundedProtocol, ClientLimits
from loader.web.server import OPTIONS, make_datasette
from tests.web.conftest import serving

QUICK = ClientLimits(
    request_seconds=0.4, reading_seconds=0.4, reading_bytes=32 * 1024, connections=40
)
LONG = "/archive/quote_history.json?_size=max"


@pytest.fixture
def address(sample_archive: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Yield host and port of a public server with short time limits."""
    monkeypatch.setattr(BoundedProtocol, "limits", QUICK)
    with serving(make_datasette(sample_archive, public=True)) as found:
        url = httpx.URL(found)
        yield url.host, url.port or 0


def _is_closed(client: socket.socket, sent: bytes = b"") -> bool:
    """Whether the server closes the connection, even if the client keeps sending a little."""
    client.settimeout(0.05)
    for _ in range(400):
        try:
            if sent:
                client.sendall(sent)
            if client.recv(65536) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-Slow: 1\r\n"),
        (b"GET /search?q=x HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n", b"x"),
        (b"POST /search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"GET /-/versions.json HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        (b"GET /-/versions.json HTTP/1.1\r\nHost: x\r\n\r\nGET", b" "),
    ],
)
def test_request_that_does_not_come_to_its_end_is_given_up(
    address: tuple[str, int], first: bytes, more: bytes
) -> None:
    with socket.create_connection(address) as client:
        client.sendall(first)
        assert _is_closed(client, more)
    assert _is_answered(address)


def test_reader_that_takes_nothing_is_given_up(address: tuple[str, int]) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(address)
        request = f"GET {LONG} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        client.sendall(request * 20)
        taken = 0
        with suppress(OSError):
            for _ in range(400):
                _wait(0.05)
                if not _sendable(client):
                    break
        client.settimeout(5)
        with suppress(OSError):
            while data := client.recv(65536):
                taken += len(data)
    whole = len(httpx.get(f"http://{address[0]}:{address[1]}{LONG}").content)
    assert taken < 20 * whole


def _sendable(client: socket.socket) -> bool:
    try:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        return True
    except OSError:
        return False


def _wait(seconds: float) -> None:
    asyncio.run(asyncio.sleep(seconds))


def _is_answered(address: tuple[str, int]) -> bool:
    return httpx.get(f"http://{address[0]}:{address[1]}/", timeout=60).status_code == 200


def test_more_connections_than_there_may_be_leave_room_for_the_next(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedProtocol, "limits", QUICK._replace(request_seconds=600))
    with ExitStack() as stack:
        held = []
        for number in range(QUICK.connections * 2):
            client = stack.enter_context(socket.create_connection(address))
            client.sendall(b"GET / HTTP/1.1\r\n")
            held.append(client)
            if number % 20 == 19:
                assert _is_answered(address)
        assert _is_closed(held[0]), "the oldest made room"


def test_an_idle_connection_outlives_the_five_seconds_of_clients() -> None:
    """If both sides closed it at the same moment, a request in transit would be lost."""
    assert min(OPTIONS["timeout_keep_alive"], CLIENT_LIMITS.request_seconds) > 10
