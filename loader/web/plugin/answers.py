"""Whole answers of a public server, kept for the others who ask for the same.

Many visitors look at few pages: the front page, the latest day, a share in the news. Each is
made once for a state of the archive, and while a load goes on, once in the seconds that any
proxy may keep it (`default_cache_ttl`). Those who ask while it is made wait for that one.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]

MOST_BYTES: Final = 16 * 1024 * 1024  # of all bodies
_LARGEST: Final = 256 * 1024  # of one, compressed: a page of 500 rows has 60 KB
# Sent row by row, or downloads: neither is small.
_NOT_KEPT = re.compile(r"\.(csv|xlsx|db)$|/raw/")
# What makes an answer one visitor's own.
_OWN_HEADERS: Final = frozenset({b"cookie", b"authorization", b"if-none-match", b"range"})
_OWN_ANSWER: Final = frozenset({b"set-cookie"})

Key = tuple[bytes, ...]


def key_of(scope: Scope) -> Key | None:
    """Return by what a request's answer is kept; None for one that is not kept."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if scope["method"] != "GET" or _NOT_KEPT.search(scope["path"]) or _OWN_HEADERS & headers.keys():
        return None
    return (
        scope.get("raw_path") or scope["path"].encode(), scope["query_string"],
        scope.get("scheme", "").encode(), headers.get(b"host", b""), headers.get(b"accept", b""),
        b"gzip" if b"gzip" in headers.get(b"accept-encoding", b"") else b"",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The messages of an answer, the state of the archive before it was made, and when that was."""

    start: Message
    body: bytes
    state: str
    made_at: float  # time.monotonic()

    async def send(self, send: Send) -> None:
        """Answer once more."""
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


class Answers:
    """The answers asked for last; used by the event loop of the server alone."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds  # that one may be older than the archive
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0
        self._made: dict[Key, asyncio.Event] = {}

    async def find(self, key: Key, state: str) -> Answer | None:
        """Return the answer under a key, that which is being made included; None where none is."""
        if (found := self._fresh(key, state)) is None and (making := self._made.get(key)):
            await making.wait()
            found = self._fresh(key, state)
        return found

    async def make(
        self, key: Key, state: str, send: Send, ask: Callable[[Send], Awaitable[None]]
    ) -> None:
        """Ask for an answer, send it, and keep it when it is whole, small and everybody's."""
        event = self._made.setdefault(key, asyncio.Event())
        started = time.monotonic()
        messages: list[Message] = []

        async def send_and_note(message: Message) -> None:
            messages.append(message)
            if len(messages) == 2 and not message.get("more_body"):
                self._keep(key, Answer(messages[0], message.get("body", b""), state, started))
                event.set()  # before it is sent: this client may be slow
            del messages[2:]
            await send(message)

        try:
            await ask(send_and_note)
        finally:
            event.set()
            if self._made.get(key) is event:
                del self._made[key]

    def _fresh(self, key: Key, state: str) -> Answer | None:
        found = self._kept.get(key)
        if found is None:
            return None
        if found.state != state and time.monotonic() - found.made_at > self._seconds:
            return None
        self._kept.move_to_end(key)
        return found

    def _keep(self, key: Key, answer: Answer) -> None:
        names = {name.lower() for name, _ in answer.start["headers"]}
        if answer.start["status"] != 200 or len(answer.body) > _LARGEST or names & _OWN_ANSWER:
            return
        if (old := self._kept.pop(key, None)) is not None:
            self._bytes -= len(old.body)
        self._kept[key] = answer
        self._bytes += len(answer.body)
        while self._bytes > MOST_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.body)
