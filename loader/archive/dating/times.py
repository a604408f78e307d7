"""Maintain the archive's list of sessions, and the evidence of capture times on each group."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from loader.archive.changes import replace_rows
from loader.archive.ids import AMONG, in_chunks, json_list
from loader.market.calendar import make_sessions
from loader.market.model import Bound, TimeClaim
from loader.market.sessions import (
    Session,
    Sessions,
    published_bound,
    text_is_from,
    time_claim,
    years_needed,
)

# The site has shown boards since about 2018. Times far from that are errors, for which the archive
# must not store sessions.
_FIRST_YEAR, _LAST_YEAR = 2000, 2050

# (kind, first, last) -> (time, digest of the board, its id) of each capture
_Claims = dict[tuple[str, int, int], list[tuple[str, str, int]]]


def read_sessions(conn: sqlite3.Connection) -> Sessions:
    """Return the sessions in the archive."""
    rows = conn.execute(
        "select date, date || 'T' || opens_at || ':00Z', date || 'T' || settled_at || ':00Z',"
        " source, unconfirmed from sessions order by date"
    )
    return Sessions(tuple(Session(*row) for row in rows))


def cover(conn: sqlite3.Connection, moments: Iterable[str | None], *, reload: bool) -> Sessions:
    """Return the sessions of the archive, extended to the years of these dates.

    The calendar is loaded only if a year is missing, or if `reload` is true.
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
    if reload or wanted != covered:
        _write_sessions(conn, make_sessions(*wanted, read_changes(conn)))
    return read_sessions(conn)


def years_without_sessions(conn: sqlite3.Connection) -> list[int]:
    """Return the years after the last session in which boards were captured.

    There are some if the packaged list of sessions ends before them, and exchange_calendars was not
    installed when the boards were dated.
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
    """Return the days on which the calendar is wrong according to a file of the user."""
    rows = conn.execute("select date, is_open, source from session_overrides")
    return {day: (bool(is_open), source) for day, is_open, source in rows}


class SessionRow(NamedTuple):
    """Columns of sessions; times are in UTC (`04:32`)."""

    date: str
    opens_at: str
    settled_at: str
    source: str
    unconfirmed: str | None


def _write_sessions(conn: sqlite3.Connection, wanted: Iterable[Session]) -> None:
    """Replace the stored sessions of the years in `wanted`; other years are unchanged."""
    rows = {
        SessionRow(
            item.day, item.opens_at[11:16], item.settled_at[11:16], item.source, item.unconfirmed
        )
        for item in wanted
    }
    years = json_list({row.date[:4] for row in rows})
    of_years = f"substr(date, 1, 4) in {AMONG}"
    replace_rows(conn, "sessions", SessionRow._fields, ("date",), rows, of_years, (years,))


def reload_sessions(conn: sqlite3.Connection) -> None:
    """Replace the archive's sessions by those of the current calendar for the same years."""
    cover(conn, (), reload=True)


def note_times(conn: sqlite3.Connection, group_ids: Iterable[int], sessions: Sessions) -> None:
    """Update the capture and masthead witnesses of these groups from their captures."""
    for chunk in in_chunks(sorted(group_ids)):
        _note_times(conn, json_list(chunk), sessions)


def _note_times(conn: sqlite3.Connection, groups: str, sessions: Sessions) -> None:
    wanted = _wanted_rows(conn, groups, sessions) | _bound_rows(conn, groups, sessions)
    of_groups = f"kind in ('capture', 'masthead', 'published') and group_id in {AMONG}"
    replace_rows(conn, "day_witnesses", TimeRow._fields, ("id",), wanted, of_groups, (groups,))


class TimeRow(NamedTuple):
    """A witness by capture times, mastheads or publication: columns of day_witnesses."""

    group_id: int
    kind: str
    date_from: str
    date_to: str | None
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


# Texts whose capture has a clock time are omitted, since that is better evidence (docs/dating.md).
_PUBLISHED: Final = f"""
select group_id, board_indices.board_id, boards.digest, snapshots.captured_at,
    published_at, updated_at, print_date, corpus_date,
    (select max(listed_at) from listings where listings.snapshot_id = snapshots.id)
from board_indices
join boards on boards.id = board_indices.board_id
join snapshots on snapshots.board_id = board_indices.board_id
left join article_claims on article_claims.id = snapshots.claim_id
where group_id in {AMONG}
    and (snapshots.captured_at is null or length(snapshots.captured_at) = {len("2024-05-03")})
"""
_TEXTS: Final = f"""
select snapshots.board_id, published_at, updated_at, print_date, corpus_date,
    (select max(listed_at) from listings where listings.snapshot_id = snapshots.id)
from snapshots
left join article_claims on article_claims.id = snapshots.claim_id
where snapshots.board_id in {AMONG}
"""


def texts_of_boards(conn: sqlite3.Connection, board_ids: Iterable[int]) -> dict[int, str]:
    """Return the instant of the text below each board, the earliest of several.

    Boards with a capture above a text without a time are omitted.
    """
    found: dict[int, str | None] = {}
    for board_id, *moments in conn.execute(_TEXTS, (json_list(board_ids),)):
        instant = text_is_from(moments)
        found[board_id] = min(found.get(board_id, instant) or "", instant or "")
    return {board_id: instant for board_id, instant in found.items() if instant}


_MOST_BOUNDS: Final = 3
"""Maximum number of bounds of a group: the latest ones decide."""


def _bound_rows(conn: sqlite3.Connection, groups: str, sessions: Sessions) -> set[TimeRow]:
    bounds: dict[int, dict[int, list[tuple[str, str, int]]]] = {}
    for group_id, board_id, digest, captured_at, *moments in conn.execute(_PUBLISHED, (groups,)):
        instant = text_is_from(moments)
        bound = published_bound(instant, captured_at, sessions) if instant else None
        if bound is not None and instant is not None:
            seen = (instant, digest, board_id)
            bounds.setdefault(group_id, {}).setdefault(bound, []).append(seen)
    rows = set()
    for group_id, found in bounds.items():
        for first in sorted(found, reverse=True)[:_MOST_BOUNDS]:
            instant, _, board_id = min(found[first])
            detail = f"a page shows a text of {instant}"
            rows.add(
                TimeRow(
                    group_id, "published", sessions.days[first], None, len(found[first]), board_id,
                    detail,
                )
            )  # fmt: skip
    return rows


def _first_of(seen: list[tuple[str, str, int]]) -> tuple[int, str]:
    time, _, board_id = min(seen)
    return board_id, f"first captured {time}" if len(time) > 10 else f"first seen {time}"


def read_claims(conn: sqlite3.Connection, numbers: Mapping[str, int]) -> dict[int, list[TimeClaim]]:
    """Return the claims of capture times by group."""
    found: dict[int, list[TimeClaim]] = {}
    for group_id, kind, first, last, captures in conn.execute(
        "select group_id, kind, date_from, date_to, capture_count from day_witnesses"
        " where kind in ('capture', 'masthead') order by group_id, kind, date_from, date_to"
    ):
        claim = TimeClaim(kind, numbers[first], numbers[last], captures)
        found.setdefault(group_id, []).append(claim)
    return found


def read_bounds(conn: sqlite3.Connection, numbers: Mapping[str, int]) -> dict[int, list[Bound]]:
    """Return the bounds by publication of each group, the latest first."""
    found: dict[int, list[Bound]] = {}
    for group_id, first, captures, detail in conn.execute(
        "select group_id, date_from, capture_count, detail from day_witnesses"
        " where kind = 'published' order by group_id, date_from desc"
    ):
        found.setdefault(group_id, []).append(Bound(numbers[first], captures, detail))
    return found
