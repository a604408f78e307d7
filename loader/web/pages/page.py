"""Turn the result of a view function into a response with ETag and security policy."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils.asgi import AsgiStream, AsgiWriter, NotFound, Response

from loader.web.caching import etag, matches
from loader.web.data.archive_db import ArchiveDb
from loader.web.data.sites import Site, Sites
from loader.web.errors import PageError, Redirect
from loader.web.policies import PICTURE_POLICY, STRICT_POLICY

_COME_AGAIN = 5  # seconds until a retry, if the server is busy or the file is locked
_OLD_SCHEMA = ("no such table", "no such column", "no such index")


@dataclass(frozen=True, slots=True)
class Page:
    """The result of a view: a template, its variables, and its security policy.

    `data` is the JSON form of the page, if it has one.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    policy: str = STRICT_POLICY
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Csv:
    """Rows for download, sent as text while they are read."""

    file_name: str
    pieces: AsyncIterator[str]


@dataclass(frozen=True, slots=True)
class File:
    """A complete file for download, or a picture that other sites may embed."""

    file_name: str
    media: str
    content: bytes

    @property
    def is_picture(self) -> bool:
        """Whether the file is an SVG."""
        return self.media.startswith("image/")


View = Callable[[ArchiveDb, Any], Awaitable[Page | Csv | File]]
Handler = Callable[..., Awaitable[Response | AsgiStream]]


def own_page(view: View) -> Handler:
    """Return a handler for Datasette that calls one of our views."""

    async def respond(datasette: Any, request: Any) -> Response | AsgiStream:
        site = site_of_page(datasette, request)
        try:
            tag = etag(site.archive, request.full_path)
            if tag and matches(request.headers.get("if-none-match"), tag):
                return Response("", status=304, headers=page_headers(tag))
            answer = await view(site.archive, request)
            if isinstance(answer, Csv):
                return _download(datasette, request, answer, page_headers(tag))
            if isinstance(answer, File):
                return _file(datasette, answer, page_headers(tag))
            if request.path.endswith(".json"):
                return _json(datasette, answer, page_headers(tag))
            return await _render(datasette, request, answer, page_headers(tag))
        except Redirect as found:
            path = site.table(found.path) if found.is_table else site.page(found.path)
            return Response.redirect(path)
        except PageError as refusal:
            return await refuse(datasette, request, refusal)
        except QueryInterrupted:
            slow = PageError(503, "Too slow", "This page took too long. Please try again later.")
            return await refuse(datasette, request, slow)
        except sqlite3.OperationalError as error:
            if not str(error).startswith(_OLD_SCHEMA):
                raise
            old = PageError(
                503, "Older archive", "This archive has an older schema: run `loader load` once."
            )
            return await refuse(datasette, request, old)

    return respond


def site_of_page(datasette: Any, request: Any) -> Site:
    """Return the archive of a request. Raises NotFound if the archive is gone."""
    found = Sites.of(datasette).of_page(request.path)
    if found is None:
        raise NotFound("The archive is no longer here.")
    return found[0]


async def refuse(datasette: Any, request: Any, refusal: PageError) -> Response:
    """Return a plain page, or JSON for a JSON client, with the status and the reason."""
    again = {"Retry-After": str(_COME_AGAIN)} if refusal.status == 503 else {}
    if wants_json(request.path, request.args, request.headers.get("accept")):
        headers = {"Access-Control-Allow-Origin": "*"} if datasette.cors else {}
        headers |= {"Vary": "Accept", **again}
        return Response.json(error_json(refusal), status=refusal.status, headers=headers)
    page = Page(
        "recorder_refusal.html",
        {
            "heading": refusal.title,
            "message": refusal.message,
            "status": refusal.status,
            "paths": refusal.paths,
        },
    )
    headers = {**page_headers(None), "Vary": "Accept", **again}
    return await _render(datasette, request, page, headers, refusal.status)


def error_json(refusal: PageError) -> dict[str, Any]:
    """Return an error in Datasette's JSON format."""
    return {
        "ok": False, "error": refusal.message, "status": refusal.status, "title": refusal.title,
    }  # fmt: skip


def wants_json(path: str, arguments: Any, accept: str | None) -> bool:
    """Whether a client expects JSON: by the URL, otherwise by its Accept header."""
    if path.endswith(".json") or arguments.get("_format") == "json":
        return True
    return "json" in (accept or "") and "html" not in (accept or "")


async def _render(
    datasette: Any, request: Any, page: Page, headers: dict[str, str], status: int = 200
) -> Response:
    html = await datasette.render_template(page.template, page.context, request=request)
    headers["Content-Security-Policy"] = page.policy
    return Response.html(html, status=status, headers=headers)


def _json(datasette: Any, page: Page, headers: dict[str, str]) -> Response:
    if page.data is None:
        raise NotFound("This page has no JSON.")
    if datasette.cors:
        headers["Access-Control-Allow-Origin"] = "*"
    return Response.json(page.data, headers=headers)


def _download(
    datasette: Any, request: Any, answer: Csv, headers: dict[str, str]
) -> Response | AsgiStream:
    headers["Content-Disposition"] = f'attachment; filename="{answer.file_name}"'
    if datasette.cors:
        headers["Access-Control-Allow-Origin"] = "*"
    content_type = "text/csv; charset=utf-8"
    if request.method == "HEAD":
        return Response("", headers=headers, content_type=content_type)

    async def send(writer: AsgiWriter) -> None:
        async for piece in answer.pieces:
            await writer.write(piece)

    return AsgiStream(send, headers=headers, content_type=content_type)


def _file(datasette: Any, answer: File, headers: dict[str, str]) -> Response:
    place = "inline" if answer.is_picture else "attachment"
    headers["Content-Security-Policy"] = PICTURE_POLICY
    headers["Content-Disposition"] = f'{place}; filename="{answer.file_name}"'
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if datasette.cors:
        headers["Access-Control-Allow-Origin"] = "*"
    return Response(answer.content, headers=headers, content_type=answer.media)


def page_headers(tag: str | None) -> dict[str, str]:
    """Return the headers of one of our pages; it must be revalidated after five seconds."""
    headers = {"Content-Security-Policy": STRICT_POLICY, "Cache-Control": "max-age=5"}
    if tag:
        headers["ETag"] = tag
    return headers
