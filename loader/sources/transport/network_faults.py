"""What the exceptions of fsspec's stores mean: which of them pass, and the words for the user."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from loader.errors import SourceError
from loader.sources.source import storable

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# Answers below 500 that say no more than "not now".
_NOT_NOW = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
# In Python 3.10 they are two classes.
_TIMEOUTS = (TimeoutError, asyncio.TimeoutError)


def true_cause(error: Exception) -> Exception:
    """What lies behind `error`: over HTTP, fsspec tells of any failure as of a missing file."""
    while isinstance(error, FileNotFoundError):
        cause = error.__cause__
        if not isinstance(cause, Exception) or not _is_of_network(cause):
            break
        error = cause
    return error


def _is_of_network(cause: Exception) -> bool:
    if isinstance(cause, (OSError, *_TIMEOUTS)):
        return True
    try:
        from aiohttp import ClientError
    except ImportError:
        return False
    # An address that is none is a ValueError too: for it, "check the address" is right.
    return isinstance(cause, ClientError) and not isinstance(cause, ValueError)


def _status(error: Exception) -> int | None:
    """The status of the HTTP answer that `error` stands for; None when there was no answer."""
    status = getattr(error, "status", None)
    # aiohttp gives 0 where the answer was none of HTTP.
    return status if isinstance(status, int) and status >= 100 else None


def is_passing(error: Exception) -> bool:
    """Whether it may help to ask again: not for what is missing, refused or wrongly asked."""
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return False
    status = _status(error)
    return status is None or status >= 500 or status in _NOT_NOW


def remote_fault(location: str, error: Exception, tries: int) -> SourceError:
    """What a store's exception, the last of so many tries, means to the user."""
    subject = storable(location)
    status = _status(error)
    if isinstance(error, FileNotFoundError) or status in _GONE:
        return SourceError(subject, "no such file", "check the address")
    if isinstance(error, PermissionError) or status in _REFUSED:
        return SourceError(subject, "access is refused", "check address and credentials")
    if not is_passing(error):
        return SourceError(subject, _fault(error), "check the address")
    return SourceError(subject, _fault(error), f"tried {tries} times; load it again later")


def _fault(error: Exception) -> str:
    status = _status(error)
    if status is not None:
        return f"the server answers {_named(status)}"
    text = str(error).strip()
    if isinstance(error, _TIMEOUTS):
        return "cannot be reached: the server does not answer in time"
    reason = storable(text.splitlines()[0] if text else type(error).__name__)[:300]
    return f"{'cannot be reached' if _is_unreached(error) else 'cannot be read'}: {reason}"


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _is_unreached(error: Exception) -> bool:
    """Whether no connection came about; one that broke off is another matter."""
    try:
        from aiohttp import ClientConnectorError
    except ImportError:
        return False
    return isinstance(error, ClientConnectorError)
