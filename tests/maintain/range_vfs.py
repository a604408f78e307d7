"""SQLite over HTTP: read a file by byte ranges, like sqlite-httpvfs in a browser."""

from __future__ import annotations

import apsw
import httpx


class _RangeFile:
    """The file at an address; each read by SQLite is one request."""

    def __init__(self, client: httpx.Client, address: str, flags: list[int]) -> None:
        self._client = client
        self._address = address
        flags[1] = apsw.SQLITE_OPEN_READONLY

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 # SQLite's names
        wanted = {"Range": f"bytes={offset}-{offset + amount - 1}"}
        return self._client.get(self._address, headers=wanted).raise_for_status().content

    def xFileSize(self) -> int:  # noqa: N802
        head = self._client.get(self._address, headers={"Range": "bytes=0-0"})
        return int(head.headers["Content-Range"].rpartition("/")[2])

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    def xFileControl(self, op: int, pointer: int) -> bool:  # noqa: N802
        return False

    def xLock(self, level: int) -> None:  # noqa: N802
        pass

    def xUnlock(self, level: int) -> None:  # noqa: N802
        pass

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xClose(self) -> None:  # noqa: N802
        pass


class _RangeVFS(apsw.VFS):
    def __init__(self, client: httpx.Client, address: str) -> None:
        super().__init__("ranges", "")
        self._client = client
        self._address = address

    def xOpen(self, name: object, flags: list[int]) -> _RangeFile:  # noqa: N802
        return _RangeFile(self._client, self._address, flags)

    def xAccess(self, path: str, flags: int) -> bool:  # noqa: N802
        return False

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name


def ask_over_http(address: str, sql: str, *values: str) -> list[tuple[object, ...]]:
    """Return the rows of a query of the archive at an address."""
    with httpx.Client() as client:
        vfs = _RangeVFS(client, address)
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        conn = apsw.Connection("file:shared.db?immutable=1", flags=flags, vfs="ranges")
        try:
            return list(conn.execute(sql, values))
        finally:
            conn.close()
            vfs.unregister()
