"""Datasette's CSV of tables, queries and rows of an archive, with cells that are safe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils.asgi import AsgiStream, AsgiWriter

from loader.web.render.csv_cells import safe_records


class SafeWriter:
    """What Datasette writes records to: each comes whole, since its csv.writer writes so."""

    def __init__(self, writer: AsgiWriter) -> None:
        self._writer = writer

    async def write(self, text: str) -> None:
        """Pass records on."""
        await self._writer.write(safe_records(text))


def safe_csv(view: Any) -> Callable[..., Awaitable[Any]]:
    """Return a route that answers as one of Datasette's views does, with safe cells."""

    async def respond(datasette: Any, request: Any, send: Any) -> Any:
        response = await view.as_view(datasette)(request, send)
        if isinstance(response, AsgiStream):
            write_all = response.stream_fn

            async def write_safely(writer: AsgiWriter) -> None:
                await write_all(SafeWriter(writer))

            response.stream_fn = write_safely
        return response

    return respond
