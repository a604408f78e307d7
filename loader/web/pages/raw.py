"""`/raw/12`: the exact bytes of a capture, to download."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response

from loader.archive.raw import RawReader
from loader.errors import ArchiveError
from loader.web.caching import etag, matches
from loader.web.errors import PageError
from loader.web.pages.page import refuse, site_of_page
from loader.web.policies import SANDBOX_POLICY

# HTML is sent as binary data, so that a browser does not show a stored page as one of ours.
_SHOWN_AS = {"text/plain": "text/plain"}
_ENDINGS = {"text/plain": "txt", "text/html": "html", "multipart/related": "mht",
            "application/rss+xml": "xml", "application/atom+xml": "xml"}  # fmt: skip


async def raw_capture(datasette: Any, request: Any) -> Response:
    """Return the exact bytes of a snapshot, with a policy that prevents scripts."""
    archive = site_of_page(datasette, request).archive
    snapshot_id = int(request.url_vars["id"])
    media = await archive.row("raw_media", {"id": snapshot_id})
    if media is None:
        missing = PageError(
            404, "No such capture", "The archive has no raw capture of that number."
        )
        return await refuse(datasette, request, missing)
    tag = etag(archive, request.full_path)
    headers = {
        "Content-Security-Policy": SANDBOX_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Content-Disposition": f'attachment; filename="{_file_name(media)}"',
        "Cache-Control": "max-age=5",
    }
    if tag:
        headers["ETag"] = tag
        if matches(request.headers.get("if-none-match"), tag):
            return Response("", status=304, headers=headers)
    try:
        data = await archive.run(lambda conn: RawReader(conn).read(snapshot_id))
    except ArchiveError as error:
        return await refuse(datasette, request, PageError(503, "Damaged capture", str(error)))
    kind = _SHOWN_AS.get(media["media_type"], "application/octet-stream")
    if datasette.cors:
        headers["Access-Control-Allow-Origin"] = "*"
    return Response(data, headers=headers, content_type=kind)


def _file_name(media: dict[str, Any]) -> str:
    ending = _ENDINGS.get(media["media_type"], "bin")
    return f"capture-{media['digest'][:16]}.{ending}"
