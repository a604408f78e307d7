"""`--base-url` behind a proxy that strips the path and behind one that passes it on.

Datasette 0.65 makes links from the path as it arrives and puts base_url before it: doubled
where a proxy passes it on. So it is taken off first, and put back where Datasette forgets it.
"""

from __future__ import annotations

from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]


def without_base(scope: Scope, base_url: str) -> Scope:
    """Return the scope with base_url taken off its path, as often as it stands there."""
    if base_url == "/":
        return scope
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or b""
    base = base_url.encode()
    while path.startswith(base_url) and (not raw or raw.startswith(base)):
        path = path[len(base_url) - 1 :]
        raw = raw[len(base) - 1 :]
    if path == scope["path"]:
        return scope
    return {**scope, "path": path, **({"raw_path": raw} if raw else {})}


def is_base_itself(scope: Scope, base_url: str) -> bool:
    """Return whether the path is base_url without its last slash."""
    return base_url != "/" and bool(scope["path"] == base_url.rstrip("/"))


def with_base(message: Message, base_url: str) -> Message:
    """Return the start of a response with base_url before the address that it leads to."""
    if base_url == "/" or message["type"] != "http.response.start":
        return message
    headers = [
        (name, _prefixed(value, base_url) if name.lower() == b"location" else value)
        for name, value in message["headers"]
    ]
    return {**message, "headers": headers}


def _prefixed(location: bytes, base_url: str) -> bytes:
    base = base_url.encode()
    if not location.startswith(b"/") or location.startswith((base, b"//")):
        return location
    return base + location[1:]
