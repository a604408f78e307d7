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
_UNREACHED_ERRNOS = (
    errno.ECONNREFUSED,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.ETIMEDOUT,
)
_SECONDS = re.compile(r"\s*(\d{1,9})\s*", re.ASCII)


def true_cause(error: Exception) -> Exception:
    """Return the cause of an error: over HTTP, fsspec reports any failure as a missing file."""
    while isinstance(error, FileNotFoundError):
        cause = error.__cause__
        if not isinstance(cause, Exception) or not _is_of_network(cause):
            break
        error = cause
    return error


def _timeouts() -> tuple[type[Exception], ...]:
    """Return the classes of timeouts; in Python 3.10 they are two."""
    # Here and not above: asyncio is a tenth of the imports of every process of a load, and few
    # loads ask the network.
    from asyncio import TimeoutError as AsyncTimeoutError

    return TimeoutError, AsyncTimeoutError


def _is_of_network(cause: Exception) -> bool:
    if isinstance(cause, (OSError, *_timeouts())):
        return True
    try:
        from aiohttp import ClientError
    except ImportError:
        return False
    # An invalid address is a ValueError too, for which "check the address" is right.
    return isinstance(cause, ClientError) and not isinstance(cause, ValueError)


def _status(error: Exception) -> int | None:
    """Return the status of the HTTP response behind an error; None if there was none."""
    status = getattr(error, "status", None)
    # aiohttp gives 0 for a response that is not HTTP.
    return status if isinstance(status, int) and status >= 100 else None


def is_passing(error: Exception) -> bool:
    """Whether an error is transient: not for missing or forbidden files and bad requests."""
    # A ValueError means that the address, or a redirect, is invalid.
    if isinstance(error, (FileNotFoundError, PermissionError, ValueError)):
        return False
    status = _status(error)
    return status is None or status >= 500 or status in _NOT_NOW


def asked_pause(error: Exception, now: datetime | None = None) -> float:
    """Return the pause requested by a server (Retry-After) in seconds; 0 if there is none.

    RFC 9110 allows seconds and dates. Anything else, and a date in the past, counts as none.
    """
    headers = getattr(error, "headers", None)
    if _status(error) is None or not isinstance(headers, Mapping | Message):
        return 0.0
    asked = str(headers.get("Retry-After") or "")
    if seconds := _SECONDS.fullmatch(asked):
        return float(seconds[1])
    try:
        moment = parsedate_to_datetime(asked)
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
    if not is_passing(error):
        return SourceError(subject, _fault(error), "check the address")
    times = "once" if tries == 1 else f"{tries} times"
    asked = asked_pause(error)
    later = f"in {math.ceil(asked):,} seconds, as the server asks" if asked else "later"
    return SourceError(subject, _fault(error), f"tried {times}; load it again {later}")


def _fault(error: Exception) -> str:
    status = _status(error)
    if status is not None:
        return f"the server answers {_named(status)}"
    text = str(error).strip()
    if isinstance(error, _timeouts()):
        return "cannot be reached: the server does not answer in time"
    reason = storable(text.splitlines()[0] if text else type(error).__name__)[:300]
    return f"{'cannot be reached' if is_unreached(error) else 'cannot be read'}: {reason}"


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def is_unreached(error: Exception) -> bool:
    """Whether no connection was established, as opposed to a broken one."""
    if isinstance(error, socket.gaierror):
        return True
    if isinstance(error, OSError) and error.errno in _UNREACHED_ERRNOS:
        return True
    # By name, since botocore may not be installed.
    if type(error).__name__ in ("EndpointConnectionError", "ConnectTimeoutError"):
        return True
    try:
        import aiohttp
    except ImportError:
        return False
    # Before 3.10 aiohttp had no class for a connection that takes too long.
    too_late = getattr(aiohttp, "ConnectionTimeoutError", aiohttp.ClientConnectorError)
    return isinstance(error, (aiohttp.ClientConnectorError, too_late))
