"""`/-/openapi.json`: placeholder replaced below."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response


async def openapi_document(datasette: Any, request: Any) -> Response:
    return Response.json({})
