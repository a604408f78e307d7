"""What every response must carry, and which methods are answered (docs/serving.md)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_COMMON_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none';"
)
# Our own pages hold no inline script. Bokeh writes style elements, hence inline styles.
STRICT_POLICY = f"{_COMMON_POLICY} script-src 'self'"
# Datasette's own pages: the column menus and the SQL editor are inline scripts.
CORE_POLICY = f"{_COMMON_POLICY} script-src 'self' 'unsafe-inline'"
# A stored page may hold anything; nothing of it may run, even when opened in place.
SANDBOX_POLICY = "sandbox; default-src 'none'"

_READING_METHODS = {"GET", "HEAD", "OPTIONS"}
# The extra [ai]: its tools only read, but its protocol sends questions by POST.
_ASKED_BY_POST = "/-/mcp"
_OWN_ROWS = re.compile(r"/archive/(articles|boards|snapshots)/[0-9]+$")


def guard(app: Application) -> Application:
    """Answer 405 to whatever would write; add the headers that keep a browser from harm."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        is_question = scope["method"] == "POST" and scope["path"].endswith(_ASKED_BY_POST)
        if scope["method"] not in _READING_METHODS and not is_question:
            await _refuse_method(send)
            return
        policy = STRICT_POLICY if _OWN_ROWS.search(scope["path"]) else CORE_POLICY

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_missing(message["headers"], policy)]
            await send(message)

        await app(scope, receive, send_guarded)

    return guarded


def _missing(headers: list[tuple[bytes, bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    present = {bytes(name).lower() for name, _ in headers}
    wanted = {
        b"content-security-policy": policy.encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer-when-downgrade",
    }
    return [(name, value) for name, value in wanted.items() if name not in present]


async def _refuse_method(send: Send) -> None:
    body = b"This archive is read-only: GET, HEAD and OPTIONS are answered.\n"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"allow", b"GET, HEAD, OPTIONS"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 405, "headers": headers})
    await send({"type": "http.response.body", "body": body})
