"""Write the state of each board within its day, by the rules of market/states.py."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from loader.archive.changes import update_by_id
from loader.archive.dating.links import ShareBook
from loader.archive.dating.times import texts_of_boards
from loader.market.closes import Closes
from loader.market.links import matches
from loader.market.model import INDICES, Decision, Group, Points
from loader.market.sessions import Sessions, later
from loader.market.states import (
    Bases,
    Compared,
    State,
    by_bases,
    by_moves,
    by_unmoved,
    compare,
    frozen,
    pre_open,
)
from loader.market.weigh import CLOSE_TOLERANCE
from loader.page.checks import daily_limit

REACH = 5
"""Trading days before the previous session that are searched for a stale base."""

_MAX_SETS = 4  # of share prices compared for a day, since the last boards of a day repeat them
_ENOUGH_INDICES = 3  # equal to the point; fewer may match by chance in mid-session
_OPENING_MINUTES = 15  # after settling, in which a page may still show an opening
_CACHED = 64  # groups and days whose rows are cached


class _Row(NamedTuple):
    """A board of a group, and its stored state."""

    board_id: int
    is_pre_open: int
    first_captured_at: str | None
    kse100: int
    kse30: int | None
    br100: int | None
    br30: int | None
    prices_hash: int
    bases_hash: int
    third_move: int | None
    unmoved: int
    shares: int
    has_stale_shares: int | None
    state: str | None
    state_detail: str | None

    @property
    def prices(self) -> Points:
        return self.kse100, self.kse30, self.br100, self.br30

    @property
    def stored(self) -> tuple[int | None, str | None, str | None]:
        return self.has_stale_shares, self.state, self.state_detail


_ROWS = """
select boards.id, is_pre_open, first_captured_at, kse100_hundredths, kse30_hundredths,
    br100_hundredths, br30_hundredths, share_prices_hash, share_bases_hash, third_move_hundredths,
    unchanged_count, advancer_count + decliner_count + unchanged_count, has_stale_shares, state,
    state_detail
from board_indices
join boards on boards.id = board_indices.board_id
where group_id = ?
"""
_WRITE = update_by_id("boards", State._fields)


def note_states(
    conn: sqlite3.Connection,
    touched: set[int],
    groups: Mapping[int, Group],
    decisions: Mapping[int, Decision],
    days: set[int],
    sessions: Sessions,
    closes: Closes,
) -> set[int]:
    """Set the states of boards of the touched groups, and of groups near `days` with other boards.

    Returns the groups with changed boards.
    """
    market = _Market(conn, groups, decisions, sessions, closes)
    changed = set()
    for key in sorted(touched | _near(days, market.by_day), key=market.place):
        rows = [(*state, row.board_id) for row, state in market.states(key) if state != row.stored]
        conn.executemany(_WRITE, rows)
        if rows:
            changed.add(key)
    return changed


def _near(days: set[int], by_day: Mapping[int, Sequence[int]]) -> set[int]:
    """Return the groups whose shares are compared with those of one of these days."""
    near = {day + step for day in days for step in range(-1, REACH + 2)}
    return {key for day in near for key in by_day.get(day, ())}


class _Market:
    """Boards by group and day, and the figures with which their shares are compared."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        groups: Mapping[int, Group],
        decisions: Mapping[int, Decision],
        sessions: Sessions,
        closes: Closes,
    ) -> None:
        self._conn = conn
        self._closes = closes
        self._groups = groups
        self._decisions = decisions
        self._sessions = sessions
        self._book = ShareBook(conn)
        self.by_day: dict[int, list[int]] = {}
        for key, decision in decisions.items():
            if decision.day is not None:
                self.by_day.setdefault(decision.day, []).append(key)
        # Groups are visited in order of their days, so that few are read twice.
        self._rows = lru_cache(maxsize=_CACHED)(self._read_rows)
        self._ends = lru_cache(maxsize=_CACHED)(self._find_ends)

    def place(self, key: int) -> tuple[int, int]:
        """Return the sort key of a group in order of days."""
        day = self._decisions[key].day
        return (-1 if day is None else day, key)

    def states(self, key: int) -> Iterable[tuple[_Row, State]]:
        """Yield the boards of a group with their states."""
        rows = self._rows(key)
        day = self._decisions[key].day
        texts = self._texts(key, day, rows)
        # Boards with the same bases are compared once.
        compared: dict[int, Bases] = {}
        has_others = len({row.bases_hash for row in rows}) > 1
        for row in rows:
            if row.is_pre_open:
                yield row, pre_open(self._after(row, day, rows))
                continue
            if row.bases_hash not in compared:
                compared[row.bases_hash] = self._compare(row, day)
            bases = compared[row.bases_hash]
            after = self._after(row, day, rows) if has_others else None
            if after is None and bases.before and not bases.before.is_most:
                # Without earlier prices, bases of the next day prove nothing: they may be stale.
                after = self._next(row, day)
            shares = by_bases(bases._replace(after=after))
            if shares is None and day is not None and 2 * row.unmoved >= row.shares:
                index = self._ended(row, day) or self._just_opened(row, day)
                shares = by_unmoved(row.unmoved, row.shares, index) if index else None
            yield row, self._state(row, day, shares, texts.get(row.board_id))

    def _state(self, row: _Row, day: int | None, shares: State | None, text: str | None) -> State:
        if shares is None and day is not None:
            limit = daily_limit(date.fromisoformat(self._sessions.days[day]))
            shares = by_moves(row.third_move, limit)
        if shares is not None and shares.state is not None:
            return shares
        has_stale = shares.has_stale_shares if shares else None
        if day is None:
            return State(has_stale, None, None)
        captured = row.first_captured_at
        for moment, label in ((captured, "first captured"), (text, "over a text of")):
            if moment and self._is_after(moment, day):
                following = self._sessions.days[day + 1]
                return frozen(f"{label} {moment}, when {following} had opened", has_stale)
        return State(has_stale, "whole", None)

    def _is_after(self, moment: str, day: int) -> bool:
        """Whether a fresh page at that moment shows a session after `day`."""
        following = self._sessions.sessions[day + 1 : day + 2]
        return bool(following) and moment >= following[0].settled_at

    def _compare(self, row: _Row, day: int | None) -> Bases:
        """Compare share bases with prices of previous sessions."""
        bases = self._bases(row)
        before, is_final = self._before(day, bases, 1)
        older = None
        if before is None or not before.is_most:
            for distance in range(2, REACH + 2):
                older, _ = self._before(day, bases, distance)
                if older and older.is_most:
                    break
        return Bases(before, is_final, None, older)

    def _bases(self, row: _Row) -> dict[int, int]:
        return {share: base for share, (_, base) in self._book.figures(row.board_id).items()}

    def _before(
        self, day: int | None, bases: Mapping[int, int], distance: int
    ) -> tuple[Compared | None, bool]:
        if day is None or day < distance:
            return None, False
        is_final, shown = self._ends(day - distance)
        return compare(bases, shown, f"the last prices of {self._name(day - distance)}"), is_final

    def _after(self, row: _Row, day: int | None, rows: Sequence[_Row]) -> Compared | None:
        """Compare with share prices of boards with the same indices but other bases."""
        sets: dict[int, int] = {}
        for other in sorted(rows, key=lambda other: other.prices_hash):
            if other.bases_hash != row.bases_hash and other.prices == row.prices:
                sets.setdefault(other.prices_hash, other.board_id)
        shown = self._book.prices(list(sets.values())[:_MAX_SETS])
        return compare(self._bases(row), shown, f"the last prices of {self._name(day)}")

    def _next(self, row: _Row, day: int | None) -> Compared | None:
        """Compare with share bases of the next day, if its index bases are the prices here."""
        if day is None:
            return None
        shown = [
            bases
            for key in self.by_day.get(day + 1, ())
            if matches(row.prices, self._groups[key])
            for bases in self._book.bases(key)
        ]
        if not shown:
            return None
        return compare(self._bases(row), shown, f"those of {self._name(day + 1)}")

    def _ended(self, row: _Row, day: int) -> str | None:
        """Return the evidence that the indices of a board are those of the session's end."""
        for close in self._closes.on(day).get(INDICES[0], ()):
            # A stated close may come with any load, without touching this board's group.
            if close.origin == "close" and abs(row.kse100 - close.value) <= CLOSE_TOLERANCE:
                return f"{INDICES[0]} is the close of {self._name(day)}"
        for key in self.by_day.get(day + 1, ()):
            if matches(row.prices, self._groups[key]):
                return f"the indices are what {self._name(day + 1)} counts from"
        return None

    def _just_opened(self, row: _Row, day: int) -> str | None:
        """Return the evidence that a board is of the first minutes of the session after `day`."""
        captured = row.first_captured_at
        following = self._sessions.sessions[day + 1 : day + 2]
        if not captured or "T" not in captured or not following:
            return None
        opened = following[0]
        if not opened.opens_at <= captured < later(opened.settled_at, _OPENING_MINUTES):
            return None
        return f"it was first captured {captured}, soon after {opened.day} had opened"

    def _name(self, day: int | None) -> str:
        return self._sessions.days[day] if day is not None else "the day that the indices show"

    def _texts(self, key: int, day: int | None, rows: Sequence[_Row]) -> Mapping[int, str]:
        """Return the times of publication of texts below boards, if they count."""
        bounds = self._groups[key].bounds
        if day is None or not bounds or bounds[0].first <= day:
            return {}
        # The time of a capture is stronger evidence than its text.
        timeless = [row.board_id for row in rows if "T" not in (row.first_captured_at or "")]
        return texts_of_boards(self._conn, timeless) if timeless else {}

    def _read_rows(self, key: int) -> list[_Row]:
        return [_Row._make(values) for values in self._conn.execute(_ROWS, (key,))]

    def _find_ends(self, day: int) -> tuple[bool, list[dict[int, int]]]:
        """Return the share prices at the end of a day, and whether boards show that end.

        They do if all indices equal the bases of the next day to the point. Otherwise boards within
        the error of a provisional base are used, otherwise any.
        """
        following = [self._groups[key] for key in self.by_day.get(day + 1, ())]
        ranked: tuple[dict[int, int], dict[int, int], dict[int, int]] = ({}, {}, {})
        seen: dict[Points, int] = {}
        for key in self.by_day.get(day, ()):
            for row in self._rows(key):
                if row.prices not in seen:
                    seen[row.prices] = _nearness(row.prices, following)
                ranked[seen[row.prices]].setdefault(row.prices_hash, row.board_id)
        exact, near, others = ranked
        sets = [board for found in (exact, near) for _, board in sorted(found.items())]
        sets = sets or [board for _, board in sorted(others.items())]
        return bool(exact), self._book.prices(sets[:_MAX_SETS])


def _nearness(prices: Points, following: Sequence[Group]) -> int:
    """Return 0 for prices equal to the next day's bases, 1 for nearly equal ones, 2 for others."""
    if any(matches(prices, group) >= _ENOUGH_INDICES for group in following):
        return 0
    return 1 if any(matches(prices, group, provisional=True) for group in following) else 2
