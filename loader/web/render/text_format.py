"""Format numbers, times and texts: the Jinja filters of the templates."""

from __future__ import annotations

import datetime
import re
from typing import Any

from markupsafe import Markup, escape

from loader.web.render.names_in_text import linked
from loader.words import counted

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_UTC = datetime.timezone.utc
_KARACHI = datetime.timezone(datetime.timedelta(hours=5))  # without summer time since 2009
_MARKS = re.compile("⟦([^⟦⟧]*)⟧")
_RULE = re.compile(r"^\s*[=\-_]{4,}", re.MULTILINE)
_CELL_FIGURE = re.compile(r"\(?[-+]?\d[\d,]*(?:\.\d+)?\)?%?")
_COLUMNS = re.compile(r"\S {3,}\S")
_ARROWS = {"up": "▲", "down": "▼", "flat": "■"}
_BASES = {
    "print": "the printed edition",
    "listing": "from a listing",
    "feed": "from a feed",
    "corpus": "from a corpus",
    "address": "from its address",
    "updated": "when it was updated",
}
_WORDS = {"up": "up", "down": "down", "flat": "unchanged"}


def number(value: float | int | None, decimals: int = 2) -> str:
    """Format 1234.5 as 1,234.50, and None as a dash."""
    return "–" if value is None else f"{value:,.{decimals}f}"


def signed(value: float | int | None, decimals: int = 2) -> str:
    """Format a change with its sign, using a true minus."""
    if value is None:
        return "–"
    return f"{value:+,.{decimals}f}".replace("-", "−")


def direction_of(change: float | int | None) -> str:
    """Return up, down or flat."""
    if not change:
        return "flat"
    return "up" if change > 0 else "down"


def move(percent: float | None) -> Markup:
    """Format a change in per cent with an arrow, and a word for screen readers."""
    if percent is None:
        return Markup('<span class="move">–</span>')
    way = direction_of(percent)
    # Markup.format would take ten times as long, and nothing here needs escaping.
    return Markup(
        f'<span class="move {way}"><span aria-hidden="true">{_ARROWS[way]}</span>'
        f'<span class="unseen">{_WORDS[way]}</span> {number(abs(percent))}%</span>'
    )


def when(value: str | None) -> Markup | str:
    """Format an instant as date and time in Karachi, with UTC on hover; dates are unchanged."""
    if not value:
        return "time not known"
    match = _INSTANT.fullmatch(value)
    if match is None:
        return value
    if not match[3]:
        return Markup(f'<time datetime="{value}">{match[1]} {match[2]}</time>')
    instant = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    there = instant.astimezone(_KARACHI)
    # Only digits and punctuation of times, so that nothing needs escaping.
    return Markup(
        f'<time datetime="{value}" title="{instant.astimezone(_UTC):%Y-%m-%d %H:%M} UTC">'
        f"{there:%Y-%m-%d %H:%M} PKT</time>"
    )


def basis(name: str | None) -> str:
    """Return the source of an article's date in words."""
    return _BASES.get(name or "", name or "not known")


def day_name(value: str) -> str:
    """Return Friday for 2024-05-03."""
    return datetime.date.fromisoformat(value).strftime("%A")


def marked(text: str | None) -> Markup:
    """Return a search snippet with the text between ⟦ and ⟧ highlighted."""
    return Markup(_MARKS.sub(r"<mark>\1</mark>", str(escape(text or ""))))


def title_of(article: Any) -> str:
    """Return the headline, otherwise the first words of the text."""
    opening = " ".join(str(article.get("opening") or "").split())
    return article.get("headline") or f"{opening[:80]}…"


def paragraphs(body: str) -> list[tuple[str, str]]:
    """Return the body as (kind, text): `table` if lines are aligned in columns, else `text`."""
    return [
        ("table" if _RULE.search(part) or _COLUMNS.search(part) else "text", part)
        for part in body.split("\n\n")
        if part.strip()
    ]


def is_figure(cell: str) -> bool:
    """Whether a cell of a table is a number, to be aligned right."""
    return _CELL_FIGURE.fullmatch(cell) is not None


def data_json(value: str) -> Markup:
    """Return JSON for a `<script type="application/json">`, escaped so that it cannot end it."""
    for char in "<>&\u2028\u2029":
        value = value.replace(char, f"\\u{ord(char):04x}")
    return Markup(value)


def slug(sector: str | None) -> str:
    """Return the slug of a sector for paths.

    >>> slug("OIL & GAS EXPLORATION COMPANIES")
    'oil-gas-exploration-companies'
    """
    return re.sub(r"[^a-z0-9]+", "-", (sector or "").lower()).strip("-") or "sector-not-known"


FILTERS = {
    "linked": linked,
    "slug": slug,
    "counted": counted,
    "number": number,
    "signed": signed,
    "move": move,
    "when": when,
    "basis": basis,
    "day_name": day_name,
    "marked": marked,
    "title_of": title_of,
    "is_figure": is_figure,
    "direction_of": direction_of,
    "data_json": data_json,
}
