"""Writing what was decided: groups, boards, trading days; only what differs."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from loader.archive.ids import chunks
from loader.market.links import matches
from loader.market.model import KINDS, Decision, Group, Points
from loader.market.sessions import Sessions
from loader.page.checks import daily_limit

LIMIT_TOLERANCE = 100
"""Hundredths of a per cent: how far a share's base may be from the official close that the
exchange counts its limit from (docs/dating.md, "limit_ok")."""


def day_id(day: str) -> int:
    """`"2024-05-03"` -> 20240503."""
    return int(day.replace("-", ""))


def write_decisions(
    conn: sqlite3.Connection, decisions: Mapping[int, Decision], sessions: Sessions
) -> tuple[set[int], set[int]]:
    """Write the decision on each group; groups whose day changed, and all days concerned."""
    stored = {
        row[0]: row[1:]
        for row in conn.execute(
            "select id, trading_day_id, basis, reason, candidates from board_groups"
        )
    }
    days = {
        key: day_id(sessions.days[decision.day])
        for key, decision in decisions.items()
        if decision.day is not None
    }
    _add_days(conn, set(days.values()))
    rows = {key: _row(key, decisions[key], days, sessions) for key in decisions}
    conn.executemany(
        "update board_groups set trading_day_id = ?, basis = ?, reason = ?, candidates = ?"
        " where id = ?",
        [(*row, key) for key, row in rows.items() if row != stored[key]],
    )
    changed = {key for key, row in rows.items() if row[:2] != stored[key][:2]}
    concerned = {
        day for key in changed for day in (stored[key][0], rows[key][0]) if day is not None
    }
    return changed, concerned


def _row(
    key: int, decision: Decision, days: Mapping[int, int], sessions: Sessions
) -> tuple[int | None, str | None, str | None, str | None]:
    if decision.day is not None:
        return days[key], ", ".join(decision.basis), None, None
    candidates = ", ".join(
        f"{sessions.days[day]} ({weight:+})" for day, weight in decision.candidates
    )
    return None, None, decision.reason, candidates or None


def _add_days(conn: sqlite3.Connection, days: Iterable[int]) -> None:
    known = {row[0] for row in conn.execute("select id from trading_days")}
    conn.executemany(
        "insert into trading_days (id, date, basis) values (?, ?, '')",
        [(day, day_text(day)) for day in sorted(set(days) - known)],
    )


def day_text(day: int) -> str:
    """`20240503` -> `"2024-05-03"`."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"


_DATE_BOARDS = """
update boards set
    index_day_id = ?1,
    trading_day_id = case when is_pre_open or is_stale is 1 then null else ?1 end
where id in (select board_id from board_indices where group_id = ?2) and (
    index_day_id is not ?1
    or trading_day_id is not case when is_pre_open or is_stale is 1 then null else ?1 end
)
returning id, trading_day_id
"""
# The rule of page/checks.py, limit_ok, in SQL, since it is asked of every quote of an archive;
# tests hold the two together. ?1 is the day's limit, ?2 the tolerance, in hundredths of a per
# cent; 100 is Re 1.
_LIMITS = """
update quotes set limit_ok = cast(round(previous_price * 100) as integer) > 0
    and cast(round(abs(change) * 100) as integer) * 10000
    <= max(?1 * cast(round(previous_price * 100) as integer), 100 * 10000)
        + ?2 * cast(round(previous_price * 100) as integer)
where board_id in ({marks}) and instrument_id not in (
    select id from instruments where kind = 'index'
)
"""
_NO_LIMITS = "update quotes set limit_ok = null where board_id in ({marks})"


def write_boards(conn: sqlite3.Connection, group_ids: Iterable[int]) -> set[int]:
    """Give the boards of these groups their group's day, and judge their shares' moves.

    Returns the days that boards came to or left.
    """
    concerned: set[int] = set()
    for key in sorted(group_ids):
        (day,) = conn.execute(
            "select trading_day_id from board_groups where id = ?", (key,)
        ).fetchone()
        old = conn.execute(
            "select distinct index_day_id from boards where index_day_id is not ? and id in"
            " (select board_id from board_indices where group_id = ?)",
            (day, key),
        ).fetchall()
        moved = conn.execute(_DATE_BOARDS, (day, key)).fetchall()
        if not moved:
            continue
        concerned |= {row[0] for row in old if row[0] is not None} | ({day} if day else set())
        for marks, chunk in chunks([board_id for board_id, own_day in moved if own_day is None]):
            conn.execute(_NO_LIMITS.format(marks=marks), chunk)
        for marks, chunk in chunks([board_id for board_id, own_day in moved if own_day]):
            limit = daily_limit(date.fromisoformat(day_text(day)))
            conn.execute(_LIMITS.format(marks=marks), (limit, LIMIT_TOLERANCE, *chunk))
    return concerned


def write_days(
    conn: sqlite3.Connection,
    concerned: Iterable[int],
    groups: Mapping[int, Group],
    sessions: Sessions,
) -> None:
    """Bring the rows of these days, and what their neighbours say of them, up to date."""
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
    wanted = _with_neighbours(set(concerned), known)
    for day in sorted(wanted & positions.keys()):
        position = positions[day]
        previous = known[position - 1] if position else None
        following = known[position + 1] if position + 1 < len(known) else None
        next_groups = [groups[key] for key in dated[following]] if following else []
        _write_day(conn, day, previous, following, dated[day], next_groups, sessions)


def _with_neighbours(concerned: set[int], known: Sequence[int]) -> set[int]:
    """The days, and the known ones just before and after each."""
    wanted = set(concerned)
    for day in concerned:
        place = bisect_left(known, day)
        wanted |= set(known[max(place - 1, 0) : place])
        after = bisect_right(known, day)
        wanted |= set(known[after : after + 1])
    return wanted


_BOARDS_OF_DAY = """
select boards.id, digest, boards.first_captured_at, boards.last_captured_at, trading_day_id,
    kse100, kse30, br100, br30
from boards
join board_indices on board_indices.board_id = boards.id
where index_day_id = ?
"""


def _write_day(
    conn: sqlite3.Connection,
    day: int,
    previous: int | None,
    following: int | None,
    group_ids: Sequence[int],
    next_groups: Sequence[Group],
    sessions: Sessions,
) -> None:
    boards = conn.execute(_BOARDS_OF_DAY, (day,)).fetchall()
    first = [row[2] for row in boards if row[2]]
    last = [row[3] for row in boards if row[3]]
    marks = ",".join("?" * len(group_ids))
    kinds = {
        kind
        for (basis,) in conn.execute(
            f"select basis from board_groups where id in ({marks})", group_ids
        )
        for kind in basis.split(", ")
    }
    row = (
        ", ".join(kind for kind in KINDS if kind in kinds),
        len(boards),
        min(first, default=None),
        max(last, default=None),
        _last_of([row for row in boards if row[4] is not None], next_groups),
        _last_of(boards, next_groups),
        day_text(previous) if previous else None,
        day_text(following) if following else None,
        _sessions_between(previous, day, sessions) if previous else None,
    )
    stored = conn.execute(
        "select basis, boards, first_captured_at, last_captured_at, last_board_id,"
        " index_board_id, previous_date, next_date, sessions_since_previous"
        " from trading_days where id = ?",
        (day,),
    ).fetchone()
    if row != stored:
        conn.execute(
            "update trading_days set basis = ?, boards = ?, first_captured_at = ?,"
            " last_captured_at = ?, last_board_id = ?, index_board_id = ?, previous_date = ?,"
            " next_date = ?, sessions_since_previous = ? where id = ?",
            (*row, day),
        )


def _sessions_between(before: int, after: int, sessions: Sessions) -> int:
    return sessions.numbers[day_text(after)] - sessions.numbers[day_text(before)]


def _last_of(boards: Sequence[tuple[object, ...]], next_groups: Sequence[Group]) -> int | None:
    """The board nearest to the end of the day: one that shows what the next day counts from,
    else the one first captured last, else the one with the greatest digest.
    """

    def nearness(row: tuple[object, ...]) -> tuple[bool, str, str]:
        prices: Points = tuple(row[5:9])  # type: ignore[arg-type]
        is_last = any(matches(prices, group, provisional=True) for group in next_groups)
        return is_last, str(row[2] or ""), str(row[1])

    if not boards:
        return None
    return int(str(max(boards, key=nearness)[0]))


def board_groups_of(conn: sqlite3.Connection, board_ids: Sequence[int]) -> set[int]:
    """The groups that these boards are in."""
    found: set[int] = set()
    for marks, chunk in chunks(board_ids):
        found.update(
            row[0]
            for row in conn.execute(
                "select distinct group_id from board_indices"
                f" where group_id is not null and board_id in ({marks})",
                chunk,
            )
        )
    return found
