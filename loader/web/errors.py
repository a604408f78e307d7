"""Exceptions for a plain error page, and for ending a response in the middle."""

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


class CutShortError(asyncio.CancelledError):
    """Ends a partially sent response, so that the client sees a broken transfer.

    Like a cancellation, it bypasses error handlers, which could no longer send a page.
    """
