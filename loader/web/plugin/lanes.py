"""Limit costly requests of a public server, and run them in a thread of their own.

Rendering a table of 5,000 rows as HTML takes seconds and blocks the event loop. So costly requests
run in a thread with an event loop of its own, the lane, and other requests are not delayed. The
queue is limited in number and in time; requests beyond that are asked to retry later.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from loader.web.data.sites import Site

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Limits(NamedTuple):
    """Numbers of running and waiting requests, and their time limits in seconds."""

    at_once: int
    waiting: int
    patience: float  # maximum seconds in the queue
    seconds: float | None  # from the start until the last byte is sent


# The reasons are in docs/serving.md. Three of eight threads for SQL remain for other pages.
PAGES: Final = Limits(at_once=3, waiting=100, patience=20.0, seconds=60.0)
STREAMS: Final = Limits(at_once=2, waiting=20, patience=20.0, seconds=300.0)
# On a private server streams have no time limit; they end if the client disconnects.
DESK_STREAMS: Final = Limits(at_once=4, waiting=100, patience=60.0, seconds=None)
ALL_LIMITS: Final = (PAGES, STREAMS, DESK_STREAMS)

_STREAM = re.compile(r"\.(csv|xlsx)$")
_COSTLY_PAGE = re.compile(r"/(search(\.json)?|symbol(/[^/]*)?|(chart|embed|sector)/.*)$")


def limits_for(path: str, site: Site, is_public: bool = True) -> Limits | None:
    """Return the limits for a path of an archive; None for cheap ones.

    Searches, symbols, sectors, charts, tables, queries and streams are costly. Days, boards,
    articles, other single rows, captures and the front page are not. On a private server only
    streams have limits.
    """
    if _STREAM.search(path):
        return STREAMS if is_public else DESK_STREAMS
    if not is_public:
        return None
    rest = site.table_path(path)
    if rest is None:
        return PAGES if _COSTLY_PAGE.match(path[len(site.prefix) :]) else None
    return PAGES if rest.count("/") <= 1 else None


class CrowdedError(Exception):
    """Raised before anything is sent, if too many requests wait or this one waited too long."""


class _ClientLeftError(asyncio.CancelledError):
    """Raised if the client disconnected; like a cancellation, it bypasses error handlers."""


class _Place:
    """A place in the queue or among the running requests, released once by either thread."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = [leave]

    def end(self) -> None:
        """Release the place; further calls have no effect."""
        with suppress(IndexError):
            self._leave.pop()()


@dataclass
class _Progress:
    """Progress of a request, written by one thread and read by the other."""

    has_turn: bool = False
    has_started: bool = False
    client_left: bool = False


class Lane:
    """A thread in which an application handles a limited number of requests at once."""

    def __init__(self, app: Application, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._present = 0
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns = asyncio.Semaphore(limits.at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, ignoring its body. Raises CrowdedError if it has to wait too long.

        Handling is cancelled if the client disconnects.
        """
        await _read_body(receive)  # before taking a place, since a client may send slowly
        self._enter()
        place, progress = _Place(self._leave), _Progress()
        answer = self._answer(scope, send, asyncio.get_running_loop(), place, progress)
        work = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(answer, self._running_loop()))
        gone = asyncio.ensure_future(receive())
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            progress.client_left = not work.done()
            if not progress.has_turn:
                work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        finally:
            place.end()
            gone.cancel()

    async def _answer(
        self, scope: Scope, send: Send, here: asyncio.AbstractEventLoop, place: _Place,
        progress: _Progress,
    ) -> None:  # fmt: skip
        """Wait for a turn in the lane's thread, then respond through the server's event loop."""
        try:
            await asyncio.wait_for(self._turns.acquire(), self._limits.patience)
        except asyncio.TimeoutError:
            raise CrowdedError from None
        turn = _Place(self._turns.release)
        progress.has_turn = True

        async def receive_once() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send_across(message: Message) -> None:
            if progress.client_left:
                raise _ClientLeftError
            progress.has_started = True
            if message["type"] == "http.response.body" and not message.get("more_body"):
                # The response is complete: a slow reader does not keep others waiting.
                turn.end()
                place.end()
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(send(message), here))

        try:
            answer = self._app(scope, receive_once, send_across)
            await asyncio.wait_for(answer, self._limits.seconds)
        except asyncio.TimeoutError:
            if not progress.has_started:
                raise CrowdedError from None
        finally:
            turn.end()

    def _enter(self) -> None:
        with self._lock:
            if self._present >= self._limits.at_once + self._limits.waiting:
                raise CrowdedError
            self._present += 1

    def _leave(self) -> None:
        with self._lock:
            self._present -= 1

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._loop.run_forever, name="costly requests", daemon=True
                ).start()
            return self._loop


async def _read_body(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass
