"""The archive's own list of sessions, and what capture times say of each group."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from loader.archive.ids import AMONG, in_chunks, insert_into, json_list
from loader.market.calendar import make_sessions
from loader.market.sessions import Session, Sessions, time_claim, years_needed

# The site has shown boards since about 2018; times far from that are somebody's mistake,
# and must not fill the archive with calendars.
_FIRST_YEAR, _LAST_YEAR = 2000, 2050

# (kind, first, last) -> (captures, earliest time, smallest digest, its board)
_Claims = dict[tuple[str, int, int], list[tuple[str, str, int]]]


def read_sessions(conn: sqlite3.Connection) -> Sessions:
    """The sessions that the archive holds."""
    rows = conn.execute(
        "select date, date || 'T' || opens_at || ':00Z', date || 'T' || settled_at || ':00Z',"
        " source from sessions order by date"
    )
    return Sessions(tuple(Session(*row) for row in rows))


def cover(conn: sqlite3.Connection, moments: Iterable[str | None], *, afresh: bool) -> Sessions:
    """The sessions of the archive, extended to the years that these dates need.

    The calendar is loaded only when a year is missing, or `afresh`.
    """
    needed = years_needed(
        moment for moment in moments if moment and _FIRST_YEAR < int(moment[:4]) <= _LAST_YEAR
    )
    first, last = conn.execute("select min(date), max(date) from sessions").fetchone()
    covered = (int(first[:4]), int(last[:4])) if first else None
    if needed is None and covered is None:
        return Sessions(())
    spans = [span for span in (needed, covered) if span]
    wanted = (min(span[0] for span in spans), max(span[1] for span in spans))
    if afresh or wanted != covered:
        _write_sessions(conn, make_sessions(*wanted, read_changes(conn)))
    return read_sessions(conn)


def years_without_sessions(conn: sqlite3.Connection) -> list[int]:
    """Return the years after the last session in which boards were captured.

    There are some where the packaged list of sessions ends before them and exchange_calendars,
    which knows later ones, was not installed when the boards were dated.
    """
    (last,) = conn.execute("select max(date) from sessions").fetchone()
    if last is None:
        return []
    rows = conn.execute(
        "select distinct cast(substr(captured_at, 1, 4) as integer) from snapshots"
        " where captured_at >= :start and board_id is not null order by 1",
        {"start": f"{int(last[:4]) + 1}"},
    )
    return [year for (year,) in rows if year <= _LAST_YEAR]


def read_changes(conn: sqlite3.Connection) -> dict[str, tuple[bool, str]]:
    """The days on which the user said that the calendar is wrong."""
    rows = conn.execute("select date, is_open, source from session_overrides")
    return {day: (bool(is_open), source) for day, is_open, source in rows}


def _write_sessions(conn: sqlite3.Connection, wanted: Iterable[Session]) -> None:
    """Make the sessions of these years the stored ones; years with none wanted stay as they are."""
    rows = {
        (item.day, item.opens_at[11:16], item.settled_at[11:16], item.source) for item in wanted
    }
    years = {row[0][:4] for row in rows}
    stored = {
        row
        for row in conn.execute("select date, opens_at, settled_at, source from sessions")
        if row[0][:4] in years
    }
    conn.executemany("delete from sessions where date = ?", [row[:1] for row in stored - rows])
    conn.executemany("insert into sessions values (?, ?, ?, ?)", sorted(rows - stored))


def note_times(conn: sqlite3.Connection, group_ids: Iterable[int], sessions: Sessions) -> None:
    """Make the capture and masthead witnesses of these groups what their captures say."""
    for chunk in in_chunks(sorted(group_ids)):
        _note_times(conn, json_list(chunk), sessions)


def _note_times(conn: sqlite3.Connection, groups: str, sessions: Sessions) -> None:
    wanted = _wanted_rows(conn, groups, sessions)
    stored = {
        TimeRow._make(values): witness_id
        for witness_id, *values in conn.execute(
            f"select id, {', '.join(TimeRow._fields)} from day_witnesses"
            f" where kind in ('capture', 'masthead') and group_id in {AMONG}",
            (groups,),
        )
    }
    gone = [(stored[row],) for row in stored.keys() - wanted]
    conn.executemany("delete from day_witnesses where id = ?", gone)
    conn.executemany(insert_into("day_witnesses", TimeRow._fields), sorted(wanted - stored.keys()))


class TimeRow(NamedTuple):
    """A witness by capture times or mastheads: columns of day_witnesses."""

    group_id: int
    kind: str
    date_from: str
    date_to: str
    capture_count: int
    board_id: int
    detail: str


def _wanted_rows(conn: sqlite3.Connection, groups: str, sessions: Sessions) -> set[TimeRow]:
    claims: dict[int, _Claims] = {}
    for group_id, board_id, digest, captured_at, masthead in conn.execute(
        f"""
        select group_id, board_indices.board_id, boards.digest, captured_at, masthead_date
        from board_indices
        join boards on boards.id = board_indices.board_id
        join snapshots on snapshots.board_id = board_indices.board_id
        where group_id in {AMONG} and coalesce(captured_at, masthead_date) is not null
        """,
        (groups,),
    ):
        claim = time_claim(captured_at, masthead, sessions)
        if claim is not None:
            seen = (captured_at or masthead, digest, board_id)
            claims.setdefault(group_id, {}).setdefault(claim, []).append(seen)
    return {
        TimeRow(
            group_id, kind, sessions.days[first], sessions.days[last], len(seen), *_first_of(seen)
        )
        for group_id, found in claims.items()
        for (kind, first, last), seen in found.items()
    }


def _first_of(seen: list[tuple[str, str, int]]) -> tuple[int, str]:
    time, _, board_id = min(seen)
    return board_id, f"first captured {time}" if len(time) > 10 else f"first seen {time}"


def read_claims(
    conn: sqlite3.Connection, numbers: Mapping[str, int]
) -> dict[int, list[tuple[str, int, int, int]]]:
    """(kind, first, last, captures) of every group's times."""
    found: dict[int, list[tuple[str, int, int, int]]] = {}
    for group_id, kind, first, last, captures in conn.execute(
        "select group_id, kind, date_from, date_to, capture_count from day_witnesses"
        " where kind in ('capture', 'masthead') order by group_id, kind, date_from, date_to"
    ):
        found.setdefault(group_id, []).append((kind, numbers[first], numbers[last], captures))
    return found
