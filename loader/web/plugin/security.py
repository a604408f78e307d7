"""What every response must carry, and which methods are answered (docs/serving.md)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from loader.web.data.archive_db import ArchiveDb
from loader.web.plugin.caching import etag, matches

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

_HEADERS = {
    b"content-security-policy": CORE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer-when-downgrade",
}
_READING_METHODS = {"GET", "HEAD", "OPTIONS"}
# The extra [ai]: its tools only read, but its protocol sends questions by POST.
_ASKED_BY_POST = "/-/mcp"
_OWN_ROWS = re.compile(r"/archive/(articles|boards|snapshots)/[0-9]+$")


def guard(app: Application, datasette: Any) -> Application:
    """Answer 405 to whatever would write; add the headers that keep a browser from harm."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        is_question = scope["method"] == "POST" and scope["path"].endswith(_ASKED_BY_POST)
        if scope["method"] not in _READING_METHODS and not is_question:
            await _refuse_method(send)
            return
        wanted = dict(_HEADERS)
        if _OWN_ROWS.search(scope["path"]):
            wanted[b"content-security-policy"] = STRICT_POLICY.encode()
            tag = _row_tag(scope, datasette)
            if tag and matches(_header(scope, b"if-none-match"), tag):
                await _send_unchanged(send, tag)
                return
            if tag:
                wanted[b"etag"] = tag.encode()

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *_missing(message, wanted)]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_guarded)

    return guarded


def _row_tag(scope: Scope, datasette: Any) -> str | None:
    """The ETag of a row page with a template of ours; other pages make their own."""
    archive = ArchiveDb.of(datasette)
    query = scope["query_string"].decode("latin-1")
    return etag(archive, f"{scope['path']}?{query}") if archive else None


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


async def _send_unchanged(send: Send, tag: str) -> None:
    headers = [(b"etag", tag.encode()), (b"cache-control", b"max-age=5")]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _missing(message: Message, wanted: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    present = {bytes(name).lower() for name, _ in message["headers"]}
    is_page = message["status"] == 200
    return [
        (name, value)
        for name, value in wanted.items()
        if name not in present and (is_page or name != b"etag")
    ]


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
