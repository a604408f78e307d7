"""Support `--base-url` behind proxies that strip the path, and behind those that keep it.

Datasette 0.65 prepends base_url to the path of the request when it makes links, which doubles it
if the proxy keeps it. So it is removed first, and added where Datasette omits it.
"""

from __future__ import annotations

from loader.web.plugin.lanes import Message, Scope


def without_base(scope: Scope, base_url: str) -> Scope:
    """Return the scope with all leading repetitions of base_url removed from its path."""
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
    """Return whether the path is base_url without its trailing slash."""
    return base_url != "/" and bool(scope["path"] == base_url.rstrip("/"))


def with_base(message: Message, base_url: str) -> Message:
    """Return the start of a response with base_url prepended to its redirect."""
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
