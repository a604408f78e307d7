"""The error that becomes a plain page, and the one that ends an answer in the middle."""

from __future__ import annotations

import asyncio


class PageError(Exception):
    """A plain page that says why there is nothing to show."""

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.title = title
        self.message = message


class CutShortError(asyncio.CancelledError):
    """Ends an answer of which a part was sent, so that the client sees a broken transfer.

    Like a cancellation, no handler of errors sees it: none could send a page any more.
    """
