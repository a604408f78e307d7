"""Make output streams safe: they may be closed, full, or unable to encode a character."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

import click

from loader.errors import LoaderError

_ESCAPE: Final = "loader.escape"


class OutputError(LoaderError):
    """Standard output that is closed or cannot be written."""

    def __init__(self, fault: str) -> None:
        super().__init__("standard output", fault)


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Escape unencodable characters as in JSON: `\\u0633`, with surrogate pairs beyond 16 bits."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    escapes = [f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4)]
    return "".join(escapes), error.end


@contextmanager
def safe_streams() -> Iterator[frozenset[int]]:
    """Make printing raise nothing but OutputError; yield the numbers of closed streams.

    A closed stream is replaced by the null device. Otherwise the archive could be opened under
    its number, and output of a library would be written into it.
    """
    closed = frozenset(number for number in (0, 1, 2) if _open_if_closed(number))
    before = sys.stdin, sys.stdout, sys.stderr
    codecs.register_error(_ESCAPE, _escape)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _safe(sys.stdout, 1, is_needed=True)
    sys.stderr = _safe(sys.stderr, 2, is_needed=False)
    try:
        yield closed
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, OutputError):
                stream.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def require_stdout() -> None:
    """Raise OutputError if standard output is closed, in commands that only print."""
    context = click.get_current_context(silent=True)
    if context and context.obj and 1 in context.obj:
        raise OutputError("is closed")


def _open_if_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        # This is the lowest free number, since the lower ones have been opened already.
        if os.open(os.devnull, os.O_RDWR) == number:
            os.set_inheritable(number, True)
        return True
    return False


def _safe(stream: TextIO | None, number: int, *, is_needed: bool) -> TextIO:
    try:
        is_our_file = stream is None or stream.fileno() == number
    except (OSError, ValueError):
        is_our_file = False
    if stream is not None and (not is_our_file or os.name == "nt"):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ESCAPE)
        return stream
    encoding = stream.encoding if stream else "utf-8"
    # Line buffering serves terminals; click flushes other streams.
    return io.TextIOWrapper(
        io.BufferedWriter(_Raw(number, is_needed=is_needed)),
        encoding=encoding,
        errors=_ESCAPE,
        line_buffering=True,
    )


class _Raw(io.RawIOBase):
    """The bytes of a stream.

    If `is_needed`, the first failed write raises OutputError, or BrokenPipeError for a closed
    pipe; all other failed writes are dropped.
    """

    def __init__(self, number: int, *, is_needed: bool) -> None:
        self._number = number
        self._is_needed = is_needed

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def write(self, data: Any) -> int:
        try:
            return os.write(self._number, data)
        except OSError as error:
            if not self._is_needed:
                return len(data)
            self._is_needed = False
            if error.errno == errno.EPIPE:
                raise
            raise OutputError(f"cannot be written: {error.strerror}") from error
