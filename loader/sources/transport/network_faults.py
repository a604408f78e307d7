"""Classify network errors as transient or permanent, and word them for the user."""

from __future__ import annotations

import errno
import math
import re
import socket
from collections.abc import Mapping
from datetime import datetime, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from loader.errors import SourceError
from loader.sources.source import storable

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# Status codes below 500 that mean "not now".
_NOT_NOW = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_UNREACHABLE_ERRNOS = (
    errno.ECONNREFUSED,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.ETIMEDOUT,
)
_SECONDS = re.compile(r"\s*(\d{1,9})\s*", re.ASCII)


def root_cause(error: Exception) -> Exception:
    """Return the network error behind fsspec's: over HTTP, any failure is a missing file to it."""
    while isinstance(error, FileNotFoundError):
        cause = error.__cause__
        if not isinstance(cause, Exception) or not _is_of_network(cause):
            break
        error = cause
    return error


def _timeouts() -> tuple[type[Exception], ...]:
    """Return the classes of timeouts, of which Python 3.10 has two."""
    # asyncio takes a tenth of the import time of each process, and few loads use the network.
    from asyncio import TimeoutError as AsyncTimeoutError

    return TimeoutError, AsyncTimeoutError


def _is_of_network(cause: Exception) -> bool:
    if isinstance(cause, (OSError, *_timeouts())):
        return True
    try:
        from aiohttp import ClientError
    except ImportError:
        return False
    # An invalid address is both a ClientError and a ValueError, and a fault of the address.
    return isinstance(cause, ClientError) and not isinstance(cause, ValueError)


def _status(error: Exception) -> int | None:
    """Return the status of the HTTP response behind an error; None if there was none."""
    status = getattr(error, "status", None)
    # aiohttp sets 0 for a response that is not HTTP.
    return status if isinstance(status, int) and status >= 100 else None


def is_transient(error: Exception) -> bool:
    """Whether an error is transient, unlike missing or forbidden files and bad requests."""
    # A ValueError means that the address, or a redirect, is invalid.
    if isinstance(error, (FileNotFoundError, PermissionError, ValueError)):
        return False
    status = _status(error)
    return status is None or status >= 500 or status in _NOT_NOW


def retry_after(error: Exception, now: datetime | None = None) -> float:
    """Return the pause that a server requests (Retry-After), in seconds; 0 if there is none.

    RFC 9110 allows seconds and dates. Anything else, and a date in the past, counts as none.
    """
    headers = getattr(error, "headers", None)
    if _status(error) is None or not isinstance(headers, Mapping | Message):
        return 0.0
    value = str(headers.get("Retry-After") or "")
    if seconds := _SECONDS.fullmatch(value):
        return float(seconds[1])
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return max(0.0, (moment - (now or datetime.now(timezone.utc))).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0.0


def remote_fault(location: str, error: Exception, tries: int) -> SourceError:
    """Return the fault for a store's exception, raised by the last of `tries` attempts."""
    subject = storable(location)
    status = _status(error)
    if isinstance(error, (FileNotFoundError, ValueError)) or status in _GONE:
        return SourceError(subject, "no such file", "check the address")
    if isinstance(error, PermissionError) or status in _REFUSED:
        return SourceError(subject, "access is refused", "check address and credentials")
    if not is_transient(error):
        return SourceError(subject, _fault(error), "check the address")
    times = "once" if tries == 1 else f"{tries} times"
    pause = retry_after(error)
    later = f"in {math.ceil(pause):,} seconds, as the server asks" if pause else "later"
    return SourceError(subject, _fault(error), f"tried {times}; load it again {later}")


def _fault(error: Exception) -> str:
    status = _status(error)
    if status is not None:
        return f"the server answers {_named(status)}"
    text = str(error).strip()
    if isinstance(error, _timeouts()):
        return "cannot be reached: the server does not answer in time"
    reason = storable(text.splitlines()[0] if text else type(error).__name__)[:300]
    return f"{'cannot be reached' if is_unreachable(error) else 'cannot be read'}: {reason}"


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def is_unreachable(error: Exception) -> bool:
    """Whether no connection was established, as opposed to a broken one."""
    if isinstance(error, socket.gaierror):
        return True
    if isinstance(error, OSError) and error.errno in _UNREACHABLE_ERRNOS:
        return True
    # By name, since botocore may not be installed.
    if type(error).__name__ in ("EndpointConnectionError", "ConnectTimeoutError"):
        return True
    try:
        import aiohttp
    except ImportError:
        return False
    # Older versions of aiohttp have no class for a connection that takes too long.
    timeout = getattr(aiohttp, "ConnectionTimeoutError", aiohttp.ClientConnectorError)
    return isinstance(error, (aiohttp.ClientConnectorError, timeout))
