"""Filter records by host: that of the site by default, others on request."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from loader.web_archives import archived_page

DEFAULT_HOSTS = ("brecorder.com",)
ANY_HOST = "*"


class HostFilter:
    """A filter of addresses by host, fast for the 99 % that are unwanted.

    A host includes its subdomains; `*` means every host.
    """

    def __init__(self, hosts: Sequence[str]) -> None:
        self._any = ANY_HOST in hosts
        self._hosts = tuple(host.lower().strip(".") for host in hosts)
        self._needles = tuple(host.encode() for host in self._hosts if host != ANY_HOST)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The wanted hosts in lower case; empty if every host is wanted."""
        return () if self._any else self._hosts

    def wants(self, url: bytes) -> bool:
        """Whether the host of an address, as in a WARC header or a column, is wanted."""
        if self._any:
            return True
        # Crawls are searched for one site, so most addresses are rejected here.
        lowered = url.lower()
        if not any(needle in lowered for needle in self._needles):
            return False
        return self.wants_text(url.decode("utf-8", "replace"))

    def wants_text(self, url: str) -> bool:
        """Whether the host of an address, as text with or without `http://`, is wanted.

        For a web archive's address, the archived page's host counts too.
        """
        if self._any:
            return True
        address = url.strip().strip("<>")
        if self._is_of_host(address):
            return True
        archived = archived_page(address)
        return archived is not None and self._is_of_host(archived.url)

    def _is_of_host(self, address: str) -> bool:
        if "://" not in address:
            address = f"http://{address}"
        try:
            host = (urlsplit(address).hostname or "").rstrip(".")
        except ValueError:
            return False
        return any(host == wanted or host.endswith(f".{wanted}") for wanted in self._hosts)
