"""Exceptions that end a request: an error page, a redirect, or a broken transfer."""

from __future__ import annotations

import asyncio


class PageError(Exception):
    """Leads to a plain page with a status and a reason.

    `paths` are pages of the same archive that may be meant.
    """

    def __init__(self, status: int, title: str, message: str, paths: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.paths = paths
        self.status = status
        self.title = title
        self.message = message


class Redirect(Exception):  # noqa: N818
    """Leads to another page of the same archive; the path has no base_url and no prefix.

    With `is_table` it is a path below the archive in Datasette: `/articles/17`.
    """

    def __init__(self, path: str, *, is_table: bool = False) -> None:
        super().__init__(path)
        self.path = path
        self.is_table = is_table


class CutShortError(asyncio.CancelledError):
    """Ends a partially sent response, so that the client sees a broken transfer.

    Like a cancellation, it bypasses error handlers, which could no longer send a page.
    """
