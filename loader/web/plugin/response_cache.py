"""Cache complete responses of a public server.

Many visitors look at few pages: the front page, the latest day, a share in the news. Each is made
once within the seconds that any proxy may cache it (`default_cache_ttl`), and concurrent requests
wait for the first one. No response is cached for longer, even if the archive has not changed: one
made on a busy server may lack a facet or a count that ran out of time.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from loader.web.plugin.lanes import Message, Scope, Send

MOST_BYTES: Final = 16 * 1024 * 1024  # of all bodies
_LARGEST: Final = 256 * 1024  # of one body, compressed: a page of 500 rows has 60 KB
# Streams and downloads, which are large.
_NOT_CACHED = re.compile(r"\.(csv|xlsx|db)$|/raw/")
# Headers that make a response specific to one visitor.
_OWN_HEADERS: Final = frozenset({b"cookie", b"authorization", b"if-none-match", b"range"})
_OWN_RESPONSE: Final = frozenset({b"set-cookie"})

Key = tuple[bytes, ...]


def key_of(scope: Scope) -> Key | None:
    """Return the cache key of a request; None if its response is not cached."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if (
        scope["method"] != "GET"
        or _NOT_CACHED.search(scope["path"])
        or _OWN_HEADERS & headers.keys()
    ):
        return None
    return (
        scope.get("raw_path") or scope["path"].encode(), scope["query_string"],
        scope.get("scheme", "").encode(), headers.get(b"host", b""), headers.get(b"accept", b""),
        b"gzip" if b"gzip" in headers.get(b"accept-encoding", b"") else b"",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """The messages of a response, and the time at which it was made."""

    start: Message
    body: bytes
    made_at: float  # time.monotonic()

    async def send(self, send: Send) -> None:
        """Send the response again."""
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


class ResponseCache:
    """An LRU cache of responses; only for the event loop of the server."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds  # for which a response is cached
        self._cached: OrderedDict[Key, CachedResponse] = OrderedDict()
        self._bytes = 0
        self._made: dict[Key, asyncio.Event] = {}

    async def find(self, key: Key) -> CachedResponse | None:
        """Return the response under a key, waiting for one in the making; None if there is none."""
        if (found := self._fresh(key)) is None and (making := self._made.get(key)):
            await making.wait()
            found = self._fresh(key)
        return found

    async def make(self, key: Key, send: Send, ask: Callable[[Send], Awaitable[None]]) -> None:
        """Make and send a response, and cache it if it is complete, small and the same for all."""
        event = self._made.setdefault(key, asyncio.Event())
        messages: list[Message] = []

        async def send_and_note(message: Message) -> None:
            messages.append(message)
            if len(messages) == 2 and not message.get("more_body"):
                self._store(
                    key, CachedResponse(messages[0], message.get("body", b""), time.monotonic())
                )
                event.set()  # before sending, since this client may be slow
            del messages[2:]
            await send(message)

        try:
            await ask(send_and_note)
        finally:
            event.set()
            if self._made.get(key) is event:
                del self._made[key]

    def _fresh(self, key: Key) -> CachedResponse | None:
        found = self._cached.get(key)
        if found is None or time.monotonic() - found.made_at > self._seconds:
            return None
        self._cached.move_to_end(key)
        return found

    def _store(self, key: Key, response: CachedResponse) -> None:
        names = {name.lower() for name, _ in response.start["headers"]}
        if (
            response.start["status"] != 200
            or len(response.body) > _LARGEST
            or names & _OWN_RESPONSE
        ):
            return
        if (old := self._cached.pop(key, None)) is not None:
            self._bytes -= len(old.body)
        self._cached[key] = response
        self._bytes += len(response.body)
        while self._bytes > MOST_BYTES:
            _, oldest = self._cached.popitem(last=False)
            self._bytes -= len(oldest.body)
