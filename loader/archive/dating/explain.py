"""Explain why a board of the archive has its day, or none."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from loader.archive.dating.run import read_case, read_groups
from loader.archive.dating.times import read_sessions
from loader.errors import ArchiveError
from loader.market.decide import decide
from loader.market.words import explain
from loader.words import counted

_LONGEST_ID = 18  # digits; SQLite's integers have 19
_SHORTEST = 4  # characters of a digest by which a board can be named
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def explain_day(conn: sqlite3.Connection, name: str, path: Path) -> Iterator[str]:
    """Yield lines about a board, by its id or a prefix of its digest, or the boards of a date.

    Of boards dated together, the first captured stands for all. Raises ArchiveError if a name fits
    no board or several, or there is none of the date.
    """
    boards = _of_date(conn, name, path) if _DATE.fullmatch(name) else [_find(conn, name, path)]
    for number, (board_id, digest) in enumerate(boards):
        if number:
            yield ""
        yield from _explain_board(conn, board_id, digest)
    yield ""
    yield "Evidence, weights and terms: docs/dating.md"


def _explain_board(conn: sqlite3.Connection, board_id: int, digest: str) -> Iterator[str]:
    yield f"Board {board_id} ({digest[:12]})"
    yield from _facts(conn, board_id)
    row = conn.execute(
        "select group_id, board_count from board_indices"
        " join board_groups on board_groups.id = group_id where board_id = ?",
        (board_id,),
    ).fetchone()
    if row is None:
        yield "Day: unknown (the board has no KSE100 line)."
        return
    sessions = read_sessions(conn)
    groups = read_groups(conn, sessions)
    case = read_case(conn, groups, sessions)
    group_id, board_count = row
    if board_count > 1:
        others = counted(board_count - 1, "other board")
        yield f"It has the same bases as {others}, and they are dated together."
    yield from explain(group_id, case, decide(case), sessions)


# SQLite takes the other columns from the row with the minimum.
_OF_DATE = """
select boards.id, digest from (
    select min(coalesce(first_captured_at, '9999') || digest), boards.id
    from boards
    left join board_indices on board_indices.board_id = boards.id
    where ? in (
        select date from trading_days where id in (boards.trading_day_id, boards.index_day_id)
    )
    group by coalesce(group_id, -boards.id)
) as firsts
join boards on boards.id = firsts.id
order by coalesce(first_captured_at, '9999'), digest
"""


def _of_date(conn: sqlite3.Connection, date: str, path: Path) -> list[tuple[int, str]]:
    """Return a board of each group of boards of a date."""
    found = conn.execute(_OF_DATE, (date,)).fetchall()
    if not found:
        raise ArchiveError(
            str(path),
            f"has no board of {date}",
            "if boards of that day are undated, give the id of one (from undated_boards)",
        )
    return [(int(board_id), str(digest)) for board_id, digest in found]


def _find(conn: sqlite3.Connection, name: str, path: Path) -> tuple[int, str]:
    found = []
    if name.isdecimal() and len(name) <= _LONGEST_ID:
        found = conn.execute("select id, digest from boards where id = ?", (int(name),)).fetchall()
    if not found and len(name) >= _SHORTEST:
        found = conn.execute(
            "select id, digest from boards where substr(digest, 1, ?) = ? limit 2",
            (len(name), name.lower()),
        ).fetchall()
    if len(found) != 1:
        fault = "has several boards" if found else "has no board"
        raise ArchiveError(str(path), f"{fault} {name}", "give its id, or more of its digest")
    return int(found[0][0]), str(found[0][1])


_FACTS = """
select index_days.date, days.date, is_single_quote, state, state_detail,
    boards.first_captured_at, boards.last_captured_at
from boards
left join trading_days as days on days.id = boards.trading_day_id
left join trading_days as index_days on index_days.id = boards.index_day_id
where boards.id = ?
"""


def _facts(conn: sqlite3.Connection, board_id: int) -> Iterator[str]:
    index_day, day, one_line, state, detail, first, last = conn.execute(
        _FACTS, (board_id,)
    ).fetchone()
    if first:
        yield f"Captured from {first} to {last}." if last != first else f"Captured {first}."
    else:
        yield "The times of its captures are unknown."
    if one_line:
        yield "One share line and no index."
    if state:
        yield f"State: {state}{f' ({detail})' if detail else ''}."
    if index_day and not day:
        yield f"Index day: {index_day}. Its shares are of another day, so it has no trading day."
