"""Costly requests of a public server: few at a time, in a thread of their own.

A table of 5,000 rows takes seconds to write as HTML, and an event loop does nothing else
meanwhile. So costly requests have a thread with an event loop of its own, the lane, and the
others go on. What waits for a turn is bounded, in number and in time; what is beyond is told to
come again.
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
    """How many requests run at once and how many wait, and for how many seconds they may."""

    at_once: int
    waiting: int
    patience: float  # seconds until a turn
    seconds: float | None  # from then on until the last byte is sent


# docs/serving.md has the reasons. Of eight threads for SQL three are left to the other pages.
PAGES: Final = Limits(at_once=3, waiting=100, patience=20.0, seconds=60.0)
STREAMS: Final = Limits(at_once=2, waiting=20, patience=20.0, seconds=300.0)
# At a desk as long as they take, and none for a client that has left.
DESK_STREAMS: Final = Limits(at_once=4, waiting=100, patience=60.0, seconds=None)
ALL_LIMITS: Final = (PAGES, STREAMS, DESK_STREAMS)

_STREAM = re.compile(r"\.(csv|xlsx)$")
_COSTLY_PAGE = re.compile(r"/(search(\.json)?|symbol(/[^/]*)?|(chart|embed|sector)/.*)$")


def limits_for(path: str, site: Site, is_public: bool = True) -> Limits | None:
    """Return the limits of an address of an archive; None for what costs little.

    Costly are searches, symbols, sectors, charts, tables, queries and what is sent row by row.
    Days, boards, articles, other single rows, captures and the front page are not. At a desk only
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
    """Too many requests wait, or this one has waited too long; nothing was sent."""


class _ClientLeftError(asyncio.CancelledError):
    """Nobody is there to be sent to; like a cancellation, no handler of errors sees it."""


class _Place:
    """A place among those that are present, or a turn: given back once, by whichever thread."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = [leave]

    def end(self) -> None:
        """Give it back; from the second time on nothing happens."""
        with suppress(IndexError):
            self._leave.pop()()


@dataclass
class _Progress:
    """How far a request has come; written by one thread, read by the other."""

    has_turn: bool = False
    has_started: bool = False
    client_left: bool = False


class Lane:
    """A thread in which an application answers, so many requests at once as the limits say."""

    def __init__(self, app: Application, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._present = 0
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns = asyncio.Semaphore(limits.at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whose body is not looked at; CrowdedError when it gets no turn in time.

        Ends early when the client leaves, so that nothing is made for nobody.
        """
        await _read_body(receive)  # before it takes a place: a client may send slowly
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
        """In the lane's thread: wait for a turn, then answer over the loop of the server."""
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
                # All is made: who reads slowly keeps nobody from a turn.
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
