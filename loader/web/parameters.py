"""What an address asks for, checked: anything else is a plain 400 page."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import unquote

from loader.web.pages import PageError

_MAX_LENGTH = 500  # characters of one parameter; more is nobody's search
_MAX_PAGE = 10_000


def text(request: Any, name: str) -> str:
    """A parameter without the white space around it and without control characters."""
    value = request.args.get(name) or ""
    if len(value) > _MAX_LENGTH:
        raise PageError(400, "Too long", f"{name} has more than {_MAX_LENGTH} characters.")
    return "".join(char if char.isprintable() else " " for char in value).strip()


def choice(request: Any, name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`; the first when the parameter is absent or empty."""
    value = text(request, name) or choices[0]
    if value not in choices:
        raise PageError(400, "Unknown choice", f"{name} must be one of {', '.join(choices)}.")
    return value


def page_number(request: Any) -> int:
    """The parameter `page`, from 1."""
    value = text(request, "page") or "1"
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= _MAX_PAGE):
        raise PageError(400, "No such page", f"page must be a number from 1 to {_MAX_PAGE:,}.")
    return int(value)


def day(value: str) -> datetime.date | None:
    """An ISO date (2024-05-03) or None; nothing else is taken for one."""
    if len(value) != 10:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def optional_day(request: Any, name: str) -> str | None:
    """A parameter that is an ISO date, or empty."""
    value = text(request, name)
    if not value:
        return None
    if day(value) is None:
        raise PageError(400, "No such date", f"{name} must be a date such as 2024-05-03.")
    return value


def in_path(request: Any, name: str) -> str:
    """A part of the address itself, decoded."""
    value = unquote(request.url_vars[name], errors="replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in value)
