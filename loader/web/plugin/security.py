"""Check requests for archives and set the headers of responses (docs/serving.md).

Requests for other databases of the same Datasette are not changed.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Final

from datasette.utils.asgi import Request, Response

from loader.web.caching import etag, matches
from loader.web.data.sites import Site, Sites
from loader.web.errors import PageError
from loader.web.pages.page import refuse
from loader.web.plugin.base_url import is_base_itself, with_base, without_base
from loader.web.plugin.lanes import (
    ALL_LIMITS,
    Application,
    CrowdedError,
    Lane,
    Message,
    Receive,
    Scope,
    Send,
    limits_for,
)
from loader.web.plugin.request_checks import MovedError, check_page_size, check_request
from loader.web.plugin.response_cache import ResponseCache, key_of
from loader.web.plugin.settings import is_public
from loader.web.policies import CORE_POLICY, STRICT_POLICY

_HEADERS: Final = {
    b"content-security-policy": CORE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer-when-downgrade",
}
_READING_METHODS: Final = ("GET", "HEAD", "OPTIONS")
# The extra [ai]: its tools only read, but its protocol uses POST.
_POST_PATH: Final = "/-/mcp"
# Data of tables, views and canned queries, none of which depends on the current time.
_DATA = re.compile(r"/.+\.(json|csv|xlsx)$")
_OWN_ROWS = re.compile(r"/(articles|boards|snapshots)/[0-9]+$")
# Datasette's pages for operators: paths of files, threads, debugging forms.
_FOR_OPERATORS = re.compile(
    r"/-/(databases|threads|patterns|allow-debug|permissions|messages|auth-token|logout)(\.|/|$)"
)
_READ_ONLY: Final = "This archive is read-only: only GET, HEAD and OPTIONS are allowed."
_NOT_FOUND: Final = "There is no page at this URL."
_BUSY: Final = "The server is busy with costly requests. Please try again."


class Guard:
    """Middleware around Datasette for base_url, methods, parameters, limits and headers."""

    def __init__(self, app: Application, datasette: Any) -> None:
        self._app = app
        self._datasette = datasette
        self._base_url: str = datasette.setting("base_url")
        self._is_public = is_public(datasette)
        # Data also depend on the settings of this server.
        self._seed = repr((datasette._settings, datasette._metadata_local))
        self._responses = ResponseCache(datasette.setting("default_cache_ttl"))
        self._lanes = {limits: Lane(app, limits) for limits in ALL_LIMITS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond, or forward to Datasette."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        inner = without_base(scope, self._base_url)
        path = _path(inner)
        sites = Sites.of(self._datasette)
        if self._is_public and _FOR_OPERATORS.match(path):
            await self._refuse(inner, receive, send, PageError(404, "Not found", _NOT_FOUND))
        elif is_base_itself(scope, self._base_url) and sites.all():
            await Response.redirect(self._base_url).asgi_send(send)
        elif site := sites.of_path(path):
            await self._answer(site, inner, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, site: Site, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request for an archive, from the cache of a public server if possible."""
        key = key_of(scope) if self._is_public else None
        if key is None:
            await self._guarded(site, scope, receive, send)
        elif cached := await self._responses.find(key):
            await cached.send(send)
        else:
            ask = functools.partial(self._guarded, site, scope, receive)
            await self._responses.make(key, send, ask)

    async def _guarded(self, site: Site, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request for an archive; `scope` is without base_url."""
        path, query = _path(scope), scope["query_string"].decode("latin-1")
        wanted = dict(_HEADERS)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = with_base(message, self._base_url)
                message = {**message, "headers": [*message["headers"], *_missing(message, wanted)]}
            await send(message)

        try:
            _check_method(scope, path)
            rest = site.table_path(path)
            if rest is not None and _OWN_ROWS.match(rest):
                wanted[b"content-security-policy"] = STRICT_POLICY.encode()
            if rest is not None and (_OWN_ROWS.match(rest) or _is_data(rest, query)):
                tag = etag(site.archive, f"{path}?{query}\n{self._seed}")
                if tag and matches(_header(scope, b"if-none-match"), tag):
                    await _send_unchanged(send, tag, self._datasette.cors)
                    return
                if tag:
                    wanted[b"etag"] = tag.encode()
            if rest is not None:
                if self._is_public:
                    check_page_size(rest, query)
                await check_request(self._datasette, site, rest, query)
            await self._app_for(site, path)(scope, receive, send_guarded)
        except MovedError as moved:
            target = f"{moved.path}?{query}" if query else moved.path
            await Response.redirect(target).asgi_send(send_guarded)
        except PageError as refusal:
            await self._refuse(scope, receive, send_guarded, refusal)
        except CrowdedError:
            await self._refuse(scope, receive, send_guarded, PageError(503, "Busy", _BUSY))

    def _app_for(self, site: Site, path: str) -> Application:
        """Return Datasette, or its lane for costly paths."""
        limits = limits_for(path, site, self._is_public)
        return self._lanes[limits] if limits else self._app

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, refusal: PageError) -> None:
        await self._datasette.invoke_startup()
        # Templates need the token, which an inner middleware sets.
        request = Request({**scope, "csrftoken": str}, receive)
        response = await refuse(self._datasette, request, refusal)
        if refusal.status == 405:
            response.headers["Allow"] = ", ".join(_READING_METHODS)
        await response.asgi_send(send)


def _check_method(scope: Scope, path: str) -> None:
    is_question = scope["method"] == "POST" and path.endswith(_POST_PATH)
    if scope["method"] not in _READING_METHODS and not is_question:
        raise PageError(405, "Read-only", _READ_ONLY)


def _path(scope: Scope) -> str:
    """Return the raw path, still encoded."""
    raw = scope.get("raw_path")
    path: str = raw.decode("latin-1") if raw else scope["path"]
    return path.partition("?")[0]


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def _is_data(rest: str, query: str) -> bool:
    """Whether a response depends only on the archive: a condition in SQL may use the time."""
    return _DATA.match(rest) is not None and "_where=" not in query


async def _send_unchanged(send: Send, tag: str, is_shared: bool) -> None:
    headers = [(b"etag", tag.encode()), (b"cache-control", b"max-age=5")]
    if is_shared:
        headers.append((b"access-control-allow-origin", b"*"))
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
