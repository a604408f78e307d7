"""Serve Datasette's CSV of tables, queries and rows complete, and with safe cells.

Datasette 0.65 silently truncates a CSV after 5,000 rows, and reads a stream 50 rows at a time by
offset, which takes quadratic time.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from datasette.utils import path_from_row_pks, path_with_format
from datasette.utils.asgi import AsgiStream, AsgiWriter, Request

from loader.web.data.whole import Rows, batches, without_page
from loader.web.errors import CutShortError
from loader.web.render.csv_cells import as_csv, safe_records

_MEGABYTE: Final = 1024 * 1024
_WHOLE: Final = {"_size": ("max",), "_stream": ("on", "1", "true")}  # do not ask for a page
_PAGES: Final = frozenset({"_size", "_next", "_trace"})

Respond = Callable[[Any, Any, Any], Awaitable[Any]]


def core_csv(view: Any) -> Respond:
    """Return a route that responds with the CSV of one of Datasette's views, but complete.

    A single page is returned only on request: `_size=50`, `_next=...`.
    """

    async def respond(datasette: Any, request: Any, send: Any) -> Any:
        asked, is_page = _without_size(request)
        first_page: list[dict[str, Any]] = []

        class FirstPage(view):  # type: ignore[misc]
            async def data(self, request: Any, **options: Any) -> Any:
                answer = await super().data(request, **options)
                if isinstance(answer, tuple):
                    first_page.append(answer[0])
                return answer

        response = await FirstPage.as_view(datasette)(asked, send)
        if isinstance(response, AsgiStream):
            write_page = response.stream_fn
            data = first_page[0]
            if is_page or not (data.get("next") or data.get("truncated")):
                response.stream_fn = lambda writer: write_page(_SafeWriter(writer))
            else:
                # The first rows are read before headers are sent, so that a lock leads to a 503.
                records = _WholeTable(datasette, request, data).records()
                first = await anext(records)
                response.stream_fn = _Rest(datasette, request, first, records).write
        return response

    return respond


def _without_size(request: Any) -> tuple[Any, bool]:
    """Return the request for a first page, and whether only that page is wanted."""
    pairs = parse_qsl(request.query_string, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if value not in _WHOLE.get(key, ())]
    scope = {**request.scope, "query_string": urlencode(kept).encode("latin-1")}
    return Request(scope, request.receive), any(key in _PAGES for key, _ in kept)


class _SafeWriter:
    """A writer for Datasette's records, each of which csv.writer writes in one call."""

    def __init__(self, writer: AsgiWriter) -> None:
        self._writer = writer

    async def write(self, text: str) -> None:
        """Forward records with safe cells."""
        await self._writer.write(safe_records(text))


@dataclass(frozen=True, slots=True)
class _Rest:
    """The remaining records of a stream."""

    datasette: Any
    request: Any
    first: str
    others: AsyncGenerator[str, None]

    async def write(self, writer: AsgiWriter) -> None:
        """Write records. Raises CutShortError if the server's limit or an error ends them."""
        try:
            await self._write(writer)
        except (CutShortError, sqlite3.Error) as error:
            print(f"{self.request.path}: {error}", file=sys.stderr)
            raise CutShortError(str(error)) from error
        finally:
            await self.others.aclose()

    async def _write(self, writer: AsgiWriter) -> None:
        limit = self.datasette.setting("max_csv_mb") * _MEGABYTE
        written = 0
        text: str | None = self.first
        while text is not None:
            written += len(text)
            if limit and written > limit:
                raise CutShortError(f"a CSV ended at {limit:,} characters (max_csv_mb)")
            await writer.write(text)
            text = await anext(self.others, None)


@dataclass(frozen=True, slots=True)
class _WholeTable:
    """All rows of a table, view or query, of which Datasette has read the first page."""

    datasette: Any
    request: Any
    data: dict[str, Any]  # of the first page

    async def records(self) -> AsyncGenerator[str, None]:
        """Yield the header with the first batch of rows, then further batches."""
        sql, parameters = self.data["query"]["sql"], self.data["query"]["params"]
        if self.data.get("table"):
            sql = without_page(sql)
        heading = "" if self.request.args.get("_header") == "off" else as_csv([self._headings()])
        found = batches(self.datasette, self.data["database"], sql, parameters)
        async with aclosing(found):
            async for rows in found:
                yield heading + as_csv(await self._with_labels(rows), self._link)
                heading = ""
        if heading:
            yield heading

    def _headings(self) -> list[str]:
        expanded = self._expanded()
        return [
            heading
            for column in self.data["columns"]
            for heading in ((column, f"{column}_label") if column in expanded else (column,))
        ]

    def _expanded(self) -> set[str]:
        return set(self.data.get("expanded_columns") or ())

    async def _with_labels(self, rows: Rows) -> Rows:
        """Insert the label of a referenced row after its id."""
        expanded = self._expanded()
        if not expanded:
            return rows
        columns = self.data["columns"]
        labels: dict[tuple[str, Any], Any] = {}
        for place, column in enumerate(columns):
            if column in expanded:
                values = [row[place] for row in rows if row[place] is not None]
                database, table = self.data["database"], self.data["table"]
                labels |= await self.datasette.expand_foreign_keys(database, table, column, values)
        return [
            tuple(
                cell
                for column, value in zip(columns, row, strict=True)
                for cell in (
                    (value, labels.get((column, value), "")) if column in expanded else (value,)
                )
            )
            for row in rows
        ]

    def _link(self, row: Sequence[Any], place: int) -> str:
        """Return the URL of a binary value, which CSV cannot hold."""
        column, value = self._headings()[place], row[place]
        if self.data.get("table"):
            keys = self.data.get("primary_keys") or []
            named = dict(zip(self._headings(), row, strict=True))
            path = path_from_row_pks(named, keys, not keys)
            address = self.datasette.urls.row_blob(
                self.data["database"], self.data["table"], path, column
            )
        else:
            named_by = {"_blob_column": column, "_blob_hash": hashlib.sha256(value).hexdigest()}
            address = path_with_format(
                request=self.request, format="blob", extra_qs=named_by, replace_format="csv"
            )
        return str(self.datasette.absolute_url(self.request, address))
