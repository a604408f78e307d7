"""Write decisions on groups, boards and trading days; only changes are written."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from loader.archive.changes import update_by_id
from loader.archive.ids import AMONG, json_list
from loader.market.lines import LIMIT_TOLERANCE
from loader.market.links import matches
from loader.market.model import KINDS, Decision, Group, Points
from loader.market.sessions import Sessions
from loader.market.states import OTHER_SHARES
from loader.market.words import WHY_UNDATED
from loader.page.checks import daily_limit


def day_id(day: str) -> int:
    """Return 20240503 for `"2024-05-03"`."""
    return int(day.replace("-", ""))


class _DecisionRow(NamedTuple):
    """Columns of board_groups that are filled from a decision."""

    trading_day_id: int | None
    basis: str | None
    reason: str | None
    candidates: str | None


_READ_DECISIONS = f"select id, {', '.join(_DecisionRow._fields)} from board_groups"
_WRITE_DECISION = update_by_id("board_groups", _DecisionRow._fields)


def write_decisions(
    conn: sqlite3.Connection, decisions: Mapping[int, Decision], sessions: Sessions
) -> tuple[set[int], set[int]]:
    """Write the decision on each group; return groups with a changed day, and affected days."""
    stored = {key: _DecisionRow._make(row) for key, *row in conn.execute(_READ_DECISIONS)}
    rows = {key: _decision_row(decision, sessions) for key, decision in decisions.items()}
    _add_days(conn, {row.trading_day_id for row in rows.values() if row.trading_day_id})
    conn.executemany(
        _WRITE_DECISION, [(*row, key) for key, row in rows.items() if row != stored[key]]
    )
    changed = {
        key
        for key, row in rows.items()
        if (row.trading_day_id, row.basis) != (stored[key].trading_day_id, stored[key].basis)
    }
    affected = {
        day
        for key in changed
        for day in (stored[key].trading_day_id, rows[key].trading_day_id)
        if day is not None
    }
    return changed, affected


def _decision_row(decision: Decision, sessions: Sessions) -> _DecisionRow:
    if decision.day is not None:
        return _DecisionRow(
            day_id(sessions.days[decision.day]), ", ".join(decision.basis), None, None
        )
    candidates = ", ".join(
        f"{sessions.days[day]} ({weight:+})" for day, weight in decision.candidates
    )
    reason = WHY_UNDATED[decision.reason] if decision.reason else None
    return _DecisionRow(None, None, reason, candidates or None)


def _add_days(conn: sqlite3.Connection, days: Iterable[int]) -> None:
    known = {row[0] for row in conn.execute("select id from trading_days")}
    conn.executemany(
        "insert into trading_days (id, date, basis) values (?, ?, '')",
        [(day, day_text(day)) for day in sorted(set(days) - known)],
    )


def day_text(day: int) -> str:
    """Return `"2024-05-03"` for 20240503."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"


# Boards whose day is not the day of their group, or whose shares are of another day.
_OF_ANOTHER_DAY = f"state in ({', '.join(map(repr, OTHER_SHARES))})"
_DATE_BOARDS = f"""
update boards set
    index_day_id = :day,
    trading_day_id = case when {_OF_ANOTHER_DAY} then null else :day end
where id in (select board_id from board_indices where group_id = :group) and (
    index_day_id is not :day
    or trading_day_id is not case when {_OF_ANOTHER_DAY} then null else :day end
)
returning id, trading_day_id
"""
_OTHER_DAYS = """
select distinct index_day_id from boards
where index_day_id is not null and index_day_id is not :day
    and id in (select board_id from board_indices where group_id = :group)
"""
# The rule within_daily_limit of page/checks.py in SQL, for speed, as it applies to every quote of
# an archive; a test compares the two. Limit and tolerance are in hundredths of a per cent; a price
# of 100 is Re 1.
_LIMITS = """
update quotes set within_daily_limit = price_hundredths > change_hundredths
    and abs(change_hundredths) * 10000
    <= max(:limit * (price_hundredths - change_hundredths), 100 * 10000)
        + :tolerance * (price_hundredths - change_hundredths)
where board_id in (select value from json_each(:boards))
    and instrument_id not in (select id from instruments where kind = 'index')
"""
_NO_LIMITS = f"update quotes set within_daily_limit = null where board_id in {AMONG}"


def write_boards(conn: sqlite3.Connection, group_ids: Iterable[int]) -> set[int]:
    """Set the day of boards to that of their group, and check their shares' moves.

    Returns the days that gained or lost boards.
    """
    affected: set[int] = set()
    for key in sorted(group_ids):
        (day,) = conn.execute(
            "select trading_day_id from board_groups where id = ?", (key,)
        ).fetchone()
        values = {"day": day, "group": key}
        old = conn.execute(_OTHER_DAYS, values).fetchall()
        moved = conn.execute(_DATE_BOARDS, values).fetchall()
        if not moved:
            continue
        affected |= {old_day for (old_day,) in old} | ({day} if day else set())
        conn.execute(_NO_LIMITS, (json_list(board for board, own_day in moved if not own_day),))
        if day:
            limit = daily_limit(date.fromisoformat(day_text(day)))
            boards = json_list(board for board, own_day in moved if own_day)
            limits = {"limit": limit, "tolerance": LIMIT_TOLERANCE, "boards": boards}
            conn.execute(_LIMITS, limits)
    return affected


def write_days(
    conn: sqlite3.Connection,
    affected: Iterable[int],
    groups: Mapping[int, Group],
    decisions: Mapping[int, Decision],
    sessions: Sessions,
) -> None:
    """Update the rows of these days, and of their neighbours."""
    ids = [row[0] for row in conn.execute("select id from trading_days order by id")]
    dated: dict[int, list[int]] = {}
    for key, day in conn.execute(
        "select id, trading_day_id from board_groups where trading_day_id is not null order by id"
    ):
        dated.setdefault(day, []).append(key)
    gone = [(day,) for day in ids if day not in dated]
    conn.executemany("delete from trading_days where id = ?", gone)
    known = sorted(dated)
    positions = {day: position for position, day in enumerate(known)}
    wanted = _with_neighbours(set(affected), known)
    for day in sorted(wanted & positions.keys()):
        position = positions[day]
        previous = known[position - 1] if position else None
        following = known[position + 1] if position + 1 < len(known) else None
        next_groups = [groups[key] for key in dated[following]] if following else []
        kinds = {kind for key in dated[day] for kind in decisions[key].basis}
        basis = ", ".join(kind for kind in KINDS if kind in kinds)
        _write_day(conn, day, basis, previous, following, next_groups, sessions)


def _with_neighbours(affected: set[int], known: Sequence[int]) -> set[int]:
    """Return the days, and the known days just before and after each."""
    wanted = set(affected)
    for day in affected:
        place = bisect_left(known, day)
        wanted |= set(known[max(place - 1, 0) : place])
        after = bisect_right(known, day)
        wanted |= set(known[after : after + 1])
    return wanted


class _DayBoard(NamedTuple):
    """A board with the indices of a day."""

    board_id: int
    digest: str
    first_captured_at: str | None
    last_captured_at: str | None
    trading_day_id: int | None
    state: str | None
    kse100: int | None
    kse30: int | None
    br100: int | None
    br30: int | None

    @property
    def prices(self) -> Points:
        return self.kse100, self.kse30, self.br100, self.br30


_BOARDS_OF_DAY = """
select boards.id, digest, boards.first_captured_at, boards.last_captured_at, trading_day_id,
    state, kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths
from boards
join board_indices on board_indices.board_id = boards.id
where index_day_id = ?
"""


class _DayRow(NamedTuple):
    """Columns of trading_days besides the day itself."""

    basis: str
    board_count: int
    first_captured_at: str | None
    last_captured_at: str | None
    last_board_id: int | None
    index_board_id: int | None
    previous_date: str | None
    next_date: str | None
    sessions_since_previous: int | None


_READ_DAY = f"select {', '.join(_DayRow._fields)} from trading_days where id = ?"
_WRITE_DAY = update_by_id("trading_days", _DayRow._fields)


def _write_day(
    conn: sqlite3.Connection,
    day: int,
    basis: str,
    previous: int | None,
    following: int | None,
    next_groups: Sequence[Group],
    sessions: Sessions,
) -> None:
    boards = [_DayBoard._make(row) for row in conn.execute(_BOARDS_OF_DAY, (day,))]
    sessions_since = None
    if previous:
        number = sessions.numbers
        sessions_since = number[day_text(day)] - number[day_text(previous)]
    first = [board.first_captured_at for board in boards if board.first_captured_at]
    last = [board.last_captured_at for board in boards if board.last_captured_at]
    row = _DayRow(
        basis=basis,
        board_count=len(boards),
        first_captured_at=min(first, default=None),
        last_captured_at=max(last, default=None),
        last_board_id=_last_of([board for board in boards if board.trading_day_id], next_groups),
        index_board_id=_last_of(boards, next_groups),
        previous_date=day_text(previous) if previous else None,
        next_date=day_text(following) if following else None,
        sessions_since_previous=sessions_since,
    )
    if row != conn.execute(_READ_DAY, (day,)).fetchone():
        conn.execute(_WRITE_DAY, (*row, day))


def _last_of(boards: Sequence[_DayBoard], next_groups: Sequence[Group]) -> int | None:
    """Return the board nearest to the end of the day.

    That is one whose prices are the bases of the next day, else the one first captured last, else
    the one with the largest digest. The capture time of a frozen board says nothing about its day.
    """

    def nearness(board: _DayBoard) -> tuple[bool, str, str]:
        is_last = any(matches(board.prices, group, provisional=True) for group in next_groups)
        seen_at = "" if board.state == "frozen" else board.first_captured_at or ""
        return is_last, seen_at, board.digest

    return max(boards, key=nearness).board_id if boards else None


def board_groups_of(conn: sqlite3.Connection, board_ids: Sequence[int]) -> set[int]:
    """Return the groups of these boards."""
    return {
        group_id
        for (group_id,) in conn.execute(
            "select distinct group_id from board_indices"
            f" where group_id is not null and board_id in {AMONG}",
            (json_list(board_ids),),
        )
    }
