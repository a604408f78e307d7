"""`/raw/12`: the exact bytes of a capture, to download; and Bokeh's own script."""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Response

from loader.archive.raw import RawReader
from loader.errors import ArchiveError
from loader.web.caching import etag, matches
from loader.web.errors import PageError
from loader.web.pages.page import refuse, site_of_page
from loader.web.policies import SANDBOX_POLICY

# HTML is handed out as bytes, so that no browser shows a stored page as one of ours.
_SHOWN_AS = {"text/plain": "text/plain"}
_ENDINGS = {"text/plain": "txt", "text/html": "html", "multipart/related": "mht",
            "application/rss+xml": "xml", "application/atom+xml": "xml"}  # fmt: skip
_SCRIPTS = ("bokeh.min.js", "bokeh-api.min.js")
_A_YEAR = "public, max-age=31536000, immutable"


async def raw_capture(datasette: Any, request: Any) -> Response:
    """The capture of one snapshot, byte for byte, never to be run."""
    archive = site_of_page(datasette, request).archive
    snapshot_id = int(request.url_vars["id"])
    media = await archive.row("raw_media", {"id": snapshot_id})
    if media is None:
        missing = PageError(
            404, "No such capture", "The archive keeps no raw capture of that number."
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


@dataclass(frozen=True, slots=True)
class Script:
    """A script of the installed Bokeh, with the name it is served under."""

    name: str
    content: bytes
    packed: bytes


@functools.cache
def bokeh_scripts() -> dict[str, Script]:
    """Scripts by served name, read once from the installed package; Bokeh is not imported."""
    spec = importlib.util.find_spec("bokeh")
    if spec is None or not spec.submodule_search_locations:
        return {}
    folder = Path(spec.submodule_search_locations[0]) / "server" / "static" / "js"
    scripts = {}
    for file_name in _SCRIPTS:
        content = (folder / file_name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        name = f"{file_name.removesuffix('.js')}-{digest}.js"
        scripts[name] = Script(name, content, gzip.compress(content, 6))
    return scripts


async def bokeh_script(datasette: Any, request: Any) -> Response:
    """One of Bokeh's scripts under its hashed name, to be kept for a year."""
    script = bokeh_scripts().get(request.url_vars["name"])
    if script is None:
        return await refuse(datasette, request, PageError(404, "No such script", "Not found."))
    headers = {"Cache-Control": _A_YEAR, "X-Content-Type-Options": "nosniff"}
    content = script.content
    if "gzip" in (request.headers.get("accept-encoding") or ""):
        headers["Content-Encoding"] = "gzip"
        headers["Vary"] = "Accept-Encoding"
        content = script.packed
    return Response(content, headers=headers, content_type="text/javascript; charset=utf-8")
