"""The library's own exceptions; only `loader.cli` turns them into text for a terminal.

Each has a subject, a fault and a remedy, so that the command line can print one clear line and a
row in `problems` can have the same words.
"""

from __future__ import annotations


def printable(text: str) -> str:
    """Return text for one line of a terminal, with control characters escaped.

    A file may have any name, terminal escape sequences included.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


class LoaderError(Exception):
    """An error that the user can act on; `subject` (a file), `fault` and `remedy` are phrases."""

    def __init__(self, subject: str, fault: str, remedy: str = "") -> None:
        self.subject = subject
        self.fault = fault
        self.remedy = remedy
        tail = f" ({remedy})" if remedy else ""
        super().__init__(printable(f"{subject}: {fault}{tail}"))

    def __reduce__(self) -> tuple[type[LoaderError], tuple[str | int | None, ...]]:
        # Worker processes send errors back by pickle.
        return type(self), (self.subject, self.fault, self.remedy)


class SourceError(LoaderError):
    """A source that cannot be read, or cannot be read beyond byte `offset`."""

    def __init__(
        self, subject: str, fault: str, remedy: str = "", offset: int | None = None
    ) -> None:
        super().__init__(subject, fault, remedy)
        self.offset = offset

    def __reduce__(self) -> tuple[type[SourceError], tuple[str | int | None, ...]]:
        return type(self), (self.subject, self.fault, self.remedy, self.offset)


class ArchiveError(LoaderError):
    """A database file that is missing, not an archive, locked, read-only, full or too new."""
