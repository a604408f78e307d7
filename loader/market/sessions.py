"""Map times to the session that a fresh board shows.

The input is a plain list of sessions, made by `loader.market.calendar` if an archive has none yet.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Literal

Kind = Literal["capture", "masthead"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Session:
    """One trading day.

    The site shows it from `settled_at` on, and not before `opens_at`. In between it may also show
    the previous session, since the site lags and the hours of some eras are unknown. Instants are
    in UTC. `unconfirmed` names a holiday that may fall on the day.
    """

    day: str
    opens_at: str
    settled_at: str
    source: str = "XKAR"
    unconfirmed: str | None = None


@dataclass(frozen=True, slots=True)
class Sessions:
    """All sessions of some years in order; days are identified by their position in `days`."""

    sessions: tuple[Session, ...]
    days: tuple[str, ...] = field(init=False, repr=False)
    opens: tuple[str, ...] = field(init=False, repr=False)
    numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        days = tuple(session.day for session in self.sessions)
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "opens", tuple(session.opens_at for session in self.sessions))
        object.__setattr__(self, "numbers", {day: number for number, day in enumerate(days)})

    def __len__(self) -> int:
        return len(self.days)

    @property
    def unconfirmed(self) -> frozenset[int]:
        """Sessions that may be holidays."""
        return frozenset(
            number for number, session in enumerate(self.sessions) if session.unconfirmed
        )

    def on_or_before(self, day: str) -> int | None:
        """Return the number of the last session on or before a calendar day."""
        number = bisect_right(self.days, day) - 1
        return number if number >= 0 else None

    def before(self, day: str) -> int | None:
        """Return the number of the last session before a calendar day."""
        number = bisect_left(self.days, day) - 1
        return number if number >= 0 else None

    def shown_at(self, instant: str) -> Span | None:
        """Return the first and last session that a fresh board may show at an instant in UTC.

        None before the first session, and in years after the last one, whose sessions are unknown.
        """
        last = bisect_right(self.opens, instant) - 1
        if last < 0 or instant[:4] > self.days[-1][:4]:
            return None
        first = last if instant >= self.sessions[last].settled_at else last - 1
        return max(first, 0), last

    def shown_between(self, start: str, end: str) -> Span | None:
        """Return the first and last session that a fresh board may show between two instants."""
        first, last = self.shown_at(start), self.shown_at(end)
        if last is None:
            return None
        return (first[0] if first else 0), last[1]


def time_claim(
    captured_at: str | None, masthead_date: str | None, sessions: Sessions
) -> tuple[Kind, int, int] | None:
    """Return the evidence of one capture on its board: kind, first and last session.

    `captured_at` is an instant in UTC or a UTC date, the masthead a calendar day in Karachi. If
    they contradict each other the earlier one wins, since an old masthead indicates a cached page.
    """
    captured = _captured_span(captured_at, sessions) if captured_at else None
    printed = _masthead_span(masthead_date, sessions) if masthead_date else None
    if captured is None:
        return ("masthead", *printed) if printed else None
    if printed is None:
        return ("capture", *captured)
    first, last = max(captured[0], printed[0]), min(captured[1], printed[1])
    if first <= last:
        return ("capture", first, last)
    return ("masthead", *printed) if printed < captured else ("capture", *captured)


def _captured_span(captured_at: str, sessions: Sessions) -> Span | None:
    if "T" in captured_at:
        return sessions.shown_at(captured_at)
    return sessions.shown_between(f"{captured_at}T00:00:00Z", f"{captured_at}T23:59:59Z")


def _masthead_span(day: str, sessions: Sessions) -> Span | None:
    before = date.fromisoformat(day) - timedelta(days=1)
    # Midnight in Karachi is 19:00 UTC of the previous day.
    return sessions.shown_between(f"{before.isoformat()}T19:00:00Z", f"{day}T18:59:59Z")


def text_is_from(moments: Iterable[str | None]) -> str | None:
    """Return the latest of these moments as an instant in UTC; None without any.

    Moments are in Karachi time, as printed on pages: `2024-05-03T11:23:00+05:00`, `2024-05-03`,
    `2024-05` (its first day). The page was rendered then or later.
    """
    return max((_earliest(moment) for moment in moments if moment), default=None)


def _earliest(moment: str) -> str:
    if "T" in moment:
        instant = datetime.fromisoformat(moment.replace("Z", "+00:00"))
        return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return utc(moment if len(moment) > len("2024-05") else f"{moment}-01", "00:00")


def published_bound(instant: str, captured_at: str | None, sessions: Sessions) -> int | None:
    """Return the first session that a fresh page rendered at `instant` or later can show.

    None before the first session, and if the text claims to be newer than its capture.
    """
    if captured_at and instant > f"{captured_at[:10]}T23:59:59Z":
        return None
    span = sessions.shown_at(instant)
    return span[0] if span else None


def years_needed(moments: Iterable[str | None]) -> Span | None:
    """Return the first and last year of the calendar needed for these dates or instants.

    The previous year is included, since a board may show the session before the first moment.
    """
    years = [int(moment[:4]) for moment in moments if moment]
    return (min(years) - 1, max(years)) if years else None


def utc(day: str, clock: str, minutes: int = 0) -> str:
    """Return `("2024-05-03", "09:17")` in Karachi, plus minutes, as an instant in UTC."""
    passed = int(clock[:2]) * 60 + int(clock[3:]) + minutes - 5 * 60
    if 0 <= passed < 24 * 60:  # on the same day, as for all opening hours
        return f"{day}T{passed // 60:02}:{passed % 60:02}:00Z"
    moment = datetime.fromisoformat(day) + timedelta(minutes=passed)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def later(instant: str, minutes: int) -> str:
    """Return an instant in UTC plus minutes: `("2024-05-03T04:17:00Z", 15)`."""
    moved = datetime.fromisoformat(instant.replace("Z", "+00:00")) + timedelta(minutes=minutes)
    return moved.strftime("%Y-%m-%dT%H:%M:%SZ")
