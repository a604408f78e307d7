"""Limit connections of slow clients, in time and in number.

uvicorn waits without limit for the rest of a request, and for the client to read a response. A few
hundred such clients would take all file descriptors of the server.
"""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

from uvicorn.protocols.http.h11_impl import H11Protocol


class ClientLimits(NamedTuple):
    """Time limits for slow clients, and the maximum number of connections."""

    request_seconds: float  # from the connection, or the last response, to the end of a request
    reading_seconds: float  # in which a reader takes at least `reading_bytes`
    reading_bytes: int
    connections: int  # beyond it, the connection that the server has waited for longest is closed


# The reasons are in docs/serving.md. Linux allows a process 1,024 open files by default.
CLIENT_LIMITS: Final = ClientLimits(
    request_seconds=20.0, reading_seconds=30.0, reading_bytes=32 * 1024, connections=500
)


class BoundedProtocol(H11Protocol):
    """uvicorn's HTTP protocol with time limits for slow clients."""

    limits = CLIENT_LIMITS
    _since = 0.0  # time of the client's last known progress
    _unread = 0  # bytes of responses that the client had not read then
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = self.loop.time()
        self._watch()
        if len(self.connections) > self.limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        self._since = self.loop.time()
        self._unread = self.transport.get_write_buffer_size()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._since, self._unread = self.loop.time(), 0
        super().resume_writing()

    @property
    def is_reading(self) -> bool:
        """Whether the client has to read more than the system buffers for it."""
        return self.flow.write_paused

    @property
    def is_asking(self) -> bool:
        """Whether the request is still incomplete, so that the server has nothing to do."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete or cycle.more_body

    @property
    def waited_since(self) -> float | None:
        """Time since when the server waits for this client; None while the client waits."""
        return self._since if self.is_reading or self.is_asking else None

    def _watch(self) -> None:
        wait = min(self.limits.request_seconds, self.limits.reading_seconds) / 4
        self._timer = self.loop.call_later(wait, self._check)

    def _check(self) -> None:
        now = self.loop.time()
        if self.is_reading:
            if now - self._since >= self.limits.reading_seconds:
                unread = self.transport.get_write_buffer_size()
                if self._unread - unread < self.limits.reading_bytes:
                    self.transport.abort()
                    return
                self._since, self._unread = now, unread
        elif self.is_asking:
            if now - self._since >= self.limits.request_seconds:
                self.transport.abort()
                return
        else:
            self._since = now  # the server is at work
        self._watch()

    def _make_room(self) -> None:
        """Close the connection that the server has waited for longest."""
        waiting = [
            (since, connection)
            for connection in self.connections
            if isinstance(connection, BoundedProtocol)
            and connection is not self
            and not connection.transport.is_closing()
            and (since := connection.waited_since) is not None
        ]
        if waiting:
            _, longest = min(waiting, key=lambda pair: pair[0])
            longest.transport.abort()
