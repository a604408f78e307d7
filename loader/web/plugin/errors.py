"""Turn errors of Datasette's pages into pages with a reason, or JSON for JSON clients."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from datasette.database import QueryInterrupted
from datasette.utils import InvalidSql
from datasette.utils.asgi import Base400, Forbidden, NotFound
from datasette.views.base import DatasetteError

from loader.web.errors import PageError

# SQLite's messages about a file that cannot be read at present, whatever the query.
_UNREADABLE: Final = ("locked", "unable to open", "readonly", "disk i/o", "malformed", "not a data")
_TOO_SLOW: Final = "The query took longer than this server allows; ask for less."


def refusal_of(exception: Exception) -> PageError:
    """Return status and message for an error on a page of an archive."""
    if isinstance(exception, PageError):
        return exception
    if isinstance(exception, NotFound):
        return PageError(404, "Not found", _words(exception, "There is no page at this URL."))
    if isinstance(exception, Forbidden):
        return PageError(403, "Forbidden", _words(exception, "You have no access to this page."))
    if isinstance(exception, Base400):
        return PageError(exception.status, "Invalid request", _words(exception, ""))
    if isinstance(exception, QueryInterrupted):
        return PageError(400, "Too slow", _TOO_SLOW)
    if isinstance(exception, DatasetteError):
        # Datasette uses 500 for errors without a status, such as contradictory parameters.
        status = 400 if exception.status == 500 else exception.status
        words = _TOO_SLOW if exception.message_is_html else str(exception.message)
        return PageError(status, exception.title or "Invalid request", words)
    if isinstance(exception, OSError) and exception.errno == errno.ENAMETOOLONG:
        return PageError(404, "Not found", "The name is too long.")
    if isinstance(exception, (sqlite3.Error, sqlite3.Warning, InvalidSql)):
        return _refusal_of_sql(exception)
    return PageError(500, "Internal error", "The error is on the server; see its terminal.")


def _refusal_of_sql(exception: Exception) -> PageError:
    words = str(exception)
    if any(part in words.lower() for part in _UNREADABLE):
        return PageError(503, "Temporarily unreadable", f"The archive cannot be read: {words}.")
    return PageError(400, "Invalid SQL", words)


def _words(exception: Exception, usual: str) -> str:
    words = str(exception.args[0]) if exception.args else ""
    return usual if not words or words.isdigit() else words
