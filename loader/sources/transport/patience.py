"""Retry requests with backoff, and avoid unreachable hosts for a while."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Final, TypeVar
from urllib.parse import urlsplit

from loader.errors import SourceError
from loader.sources.source import storable
from loader.sources.transport.network_faults import (
    is_transient,
    is_unreachable,
    remote_fault,
    retry_after,
    root_cause,
)

# Seconds to wait before each retry; Common Crawl may answer 503 for some seconds.
BACKOFF_SECONDS = (0.5, 1.0, 2.0, 4.0)
# The longest pause that a server may request by Retry-After; a longer one ends the retries.
MAX_PAUSE_SECONDS: Final = 60.0
_AVOID_SECONDS: Final = 60.0  # an unreachable host
_MAX_HOSTS: Final = 256

Value = TypeVar("Value")


class UnreachableHosts:
    """Hosts that were unreachable a moment ago, after all retries.

    So a thousand addresses on a server that is down cost only the retries of one. Entries are per
    process, like the connections themselves, and bounded in time and number.
    """

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def add(self, location: str) -> None:
        if len(self._until) >= _MAX_HOSTS:
            self._until.clear()
        self._until[_host(location)] = monotonic() + _AVOID_SECONDS

    def has(self, location: str) -> bool:
        return monotonic() < self._until.get(_host(location), 0.0)

    def clear(self) -> None:
        self._until.clear()


UNREACHED: Final = UnreachableHosts()


def _host(location: str) -> str:
    """Return scheme, host and port of an address; the address itself if it has none."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return location
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else location


def with_retries(location: str, action: Callable[[], Value], retries: int | None = None) -> Value:
    """Return the result of `action`, retried after transient errors.

    There are at most `retries` retries, after growing pauses or those that the server requests. A
    missing or forbidden file is not transient, nor is a SourceError. Raises SourceError.
    """
    if UNREACHED.has(location):
        raise SourceError(
            storable(location),
            "cannot be reached: nothing answered at its host a moment ago",
            "load it again later",
        )
    pauses = BACKOFF_SECONDS[:retries]
    tries = 0
    while True:
        tries += 1
        try:
            return action()
        except SourceError:
            raise
        except Exception as error:  # each store has its own exceptions
            cause = root_cause(error)
            requested = retry_after(cause)
            if tries > len(pauses) or not is_transient(cause) or requested > MAX_PAUSE_SECONDS:
                # Fewer retries than usual do not justify avoiding a host.
                if retries is None and is_unreachable(cause):
                    UNREACHED.add(location)
                raise remote_fault(location, cause, tries) from error
            sleep(max(pauses[tries - 1], requested))
