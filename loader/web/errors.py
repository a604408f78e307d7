"""The error that becomes a plain page."""

from __future__ import annotations


class PageError(Exception):
    """A plain page that says why there is nothing to show."""

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.title = title
        self.message = message
