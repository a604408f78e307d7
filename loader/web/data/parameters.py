"""Read and validate the parameters of a request; invalid ones lead to a plain 400 page."""

from __future__ import annotations

import datetime
from typing import Any, Final
from urllib.parse import unquote

from loader.web.errors import PageError

MAX_LENGTH: Final = 500  # characters of one parameter


def text(request: Any, name: str) -> str:
    """Return a parameter, stripped and without control characters."""
    value = request.args.get(name) or ""
    if len(value) > MAX_LENGTH:
        raise PageError(400, "Too long", f"{name} has more than {MAX_LENGTH} characters.")
    return cleaned(value)


def cleaned(value: str | None) -> str:
    """Return a text, stripped and with blanks instead of control characters."""
    return "".join(char if char.isprintable() else " " for char in value or "").strip()


def day(value: str) -> datetime.date | None:
    """Parse an ISO date (2024-05-03); return None for any other format."""
    if len(value) != 10:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def in_path(request: Any, name: str) -> str:
    """Return a decoded part of the path."""
    value = unquote(request.url_vars[name], errors="replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in value)
