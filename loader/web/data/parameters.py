"""What an address asks for, checked: anything else is a plain 400 page."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import unquote

from loader.web.errors import PageError

_MAX_LENGTH = 500  # characters of one parameter; more is nobody's search


def text(request: Any, name: str) -> str:
    """A parameter without the white space around it and without control characters."""
    value = request.args.get(name) or ""
    if len(value) > _MAX_LENGTH:
        raise PageError(400, "Too long", f"{name} has more than {_MAX_LENGTH} characters.")
    return "".join(char if char.isprintable() else " " for char in value).strip()


def choice(request: Any, name: str, choices: tuple[str, ...], usual: str) -> str:
    """One of `choices`; `usual` when the parameter is absent or empty."""
    value = text(request, name) or usual
    if value not in choices:
        raise PageError(400, "Unknown choice", f"{name} must be one of {', '.join(choices)}.")
    return value


def day(value: str) -> datetime.date | None:
    """An ISO date (2024-05-03) or None; nothing else is taken for one."""
    if len(value) != 10:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def in_path(request: Any, name: str) -> str:
    """A part of the address itself, decoded."""
    value = unquote(request.url_vars[name], errors="replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in value)
