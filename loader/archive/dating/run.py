"""Date the boards of an archive: all of them, or those added by a load.

lines -> groups -> times, stated closes and moves, links -> decisions -> states -> boards, days

Evidence is read only from new rows. Decisions are made again for all groups, of which there are
about as many as trading days, however many boards they have.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from loader.archive.dating.closes import (
    days_of_reports,
    note_stated,
    read_closes,
    reports_among,
)
from loader.archive.dating.days import (
    board_groups_of,
    day_text,
    write_boards,
    write_days,
    write_decisions,
)
from loader.archive.dating.groups import BOUNDS, regroup
from loader.archive.dating.lines import note_lines
from loader.archive.dating.links import note_links, read_links
from loader.archive.dating.moves import moves_stated_in, note_moves, read_moves
from loader.archive.dating.share_closes import share_closes_in
from loader.archive.dating.states import note_states
from loader.archive.dating.times import (
    cover,
    note_times,
    read_bounds,
    read_claims,
    read_sessions,
)
from loader.archive.dating.values import note_values, reports_of_values
from loader.archive.dating.witnesses import note_findings, note_witnesses
from loader.archive.ids import AMONG, json_list
from loader.archive.page_versions import settle_versions
from loader.market.case import Case
from loader.market.closes import Closes
from loader.market.closing import Seen, seen_when
from loader.market.decide import decide
from loader.market.model import INDICES, Group, Points
from loader.market.sessions import Sessions


@dataclass(frozen=True, slots=True)
class DatingCounts:
    """The state of an archive's dating: boards by outcome, groups of boards, days."""

    boards: int
    dated: int
    index_only: int
    groups: int
    days: int


# Rows after the last that was dated. `not indexed` allows only the search by id: an index of the
# selected column would be read whole.
_NEW_BOARDS: Final = """
select distinct board_id from snapshots not indexed
where id > :last and board_id is not null order by board_id
"""
_NEW_ARTICLES: Final = """
select distinct article_id from snapshots not indexed
where id > :last and article_id is not null order by article_id
"""
_NEW_LISTINGS: Final = "select distinct snapshot_id from listings where snapshot_id > :last"
_NEW_MOMENTS: Final = """
select substr(captured_at, 1, 10) from snapshots not indexed
where id > :last and board_id is not null and captured_at is not null
union
select masthead_date from snapshots not indexed
where id > :last and board_id is not null and masthead_date is not null
"""


def has_undated(conn: sqlite3.Connection) -> bool:
    """Whether there are snapshots that no dating has covered."""
    (found,) = conn.execute(
        "select exists (select 1 from snapshots"
        " where id > coalesce((select last_snapshot_id from dating_state), 0))"
    ).fetchone()
    return bool(found)


def date_new(conn: sqlite3.Connection) -> None:
    """Date rows added since the last dating, in the caller's transaction.

    The result is the same as that of `date_all`.
    """
    row = conn.execute("select last_snapshot_id from dating_state").fetchone()
    last = row[0] if row else 0
    (newest,) = conn.execute("select coalesce(max(id), 0) from snapshots").fetchone()
    if newest <= last:
        return

    def new(statement: str) -> list[Any]:
        return [value for (value,) in conn.execute(statement, {"last": last})]

    articles = new(_NEW_ARTICLES)
    moments = set(new(_NEW_MOMENTS))
    _date(conn, new(_NEW_BOARDS), articles, new(_NEW_LISTINGS), moments, everything=False)
    settle_versions(conn, articles)
    _note_state(conn, newest)


def date_all(conn: sqlite3.Connection, *, new_calendar: bool = False) -> None:
    """Date all boards again, in the caller's transaction; only changes are written."""
    boards = [row[0] for row in conn.execute("select id from boards order by id")]
    articles = [row[0] for row in conn.execute("select id from articles order by id")]
    moments = {
        moment
        for row in conn.execute(
            "select min(captured_at), max(captured_at), min(masthead_date), max(masthead_date)"
            " from snapshots where board_id is not null"
        )
        for moment in row
        if moment
    }
    listings = [row[0] for row in conn.execute("select distinct snapshot_id from listings")]
    _date(conn, boards, articles, listings, moments, everything=True, new_calendar=new_calendar)
    settle_versions(conn)
    (newest,) = conn.execute("select coalesce(max(id), 0) from snapshots").fetchone()
    _note_state(conn, newest)


def _note_state(conn: sqlite3.Connection, newest: int) -> None:
    conn.execute(
        "insert into dating_state (id, last_snapshot_id) values (1, ?) on conflict (id)"
        " do update set last_snapshot_id = excluded.last_snapshot_id"
        " where last_snapshot_id <> excluded.last_snapshot_id",
        (newest,),
    )


def _date(
    conn: sqlite3.Connection,
    boards: Sequence[int],
    articles: Sequence[int],
    snapshots: Sequence[int],
    moments: set[str],
    *,
    everything: bool,
    new_calendar: bool = False,
) -> None:
    changed = regroup(conn, note_lines(conn, boards))
    reports = reports_among(conn, articles)
    stated = moves_stated_in(conn, reports, snapshots)
    moments |= days_of_reports(conn, reports) | {item.published_at for item in stated}
    valued = reports_of_values(conn, articles)
    moments |= valued.days | _span_of_closes(conn)
    known = read_sessions(conn)
    sessions = cover(conn, moments, reload=new_calendar)
    # The evidence of texts' dates depends on the years of the calendar, for all groups.
    everywhere = everything or sessions != known
    all_groups = {row[0] for row in conn.execute("select id from board_groups")}
    touched = all_groups if everywhere else changed | board_groups_of(conn, boards)
    note_values(conn, articles, valued.article_ids, sessions)
    note_stated(conn, articles, reports, sessions)
    note_moves(conn, stated, articles, snapshots, sessions)
    note_times(conn, touched, sessions)
    groups = read_groups(conn, sessions)
    note_links(conn, touched if everything else changed, groups)
    case = read_case(conn, groups, sessions)
    decisions = decide(case)
    moved, affected = write_decisions(conn, decisions, sessions)
    days = {number for day in affected if (number := sessions.numbers.get(day_text(day)))}
    # Other days are compared with the boards of these groups, not with their captures.
    reboarded = touched if everywhere else changed | moved
    days |= {day for key in reboarded if (day := decisions[key].day) is not None}
    restated = note_states(conn, touched | moved, groups, decisions, days, sessions, case.closes)
    affected |= write_boards(conn, moved | touched | restated)
    affected |= _days_of(conn, touched)
    write_days(conn, affected, groups, decisions, sessions)
    note_witnesses(conn, case, decisions, sessions)
    note_findings(conn, case, decisions, sessions)


def _span_of_closes(conn: sqlite3.Connection) -> set[str]:
    row = conn.execute("select min(date), max(date) from closes").fetchone()
    return {day for day in row if day}


def _days_of(conn: sqlite3.Connection, group_ids: set[int]) -> set[int]:
    return {
        day
        for (day,) in conn.execute(
            "select distinct trading_day_id from board_groups"
            f" where trading_day_id is not null and id in {AMONG}",
            (json_list(group_ids),),
        )
    }


def read_groups(conn: sqlite3.Connection, sessions: Sessions) -> dict[int, Group]:
    """Return all groups of boards, with the evidence of their capture times."""
    claims = read_claims(conn, sessions.numbers)
    limits = read_bounds(conn, sessions.numbers)
    return {
        key: Group(
            key,
            (bounds[0], bounds[2], bounds[4], bounds[6]),
            (bounds[1], bounds[3], bounds[5], bounds[7]),
            tuple(claims.get(key, ())),
            tuple(limits.get(key, ())),
        )
        for key, *bounds in conn.execute(f"select id, {', '.join(BOUNDS)} from board_groups")
    }


def read_case(conn: sqlite3.Connection, groups: Mapping[int, Group], sessions: Sessions) -> Case:
    """Return all evidence on the days of these groups."""
    closes = Closes(read_closes(conn, sessions))
    return Case(
        groups.values(),
        read_links(conn),
        closes,
        price_seen_in(conn),
        len(sessions),
        sessions.unconfirmed,
        read_moves(conn, sessions),
        ends_seen_in(conn, sessions),
        share_closes_in(conn, sessions),
    )


_PRICES: Final = {
    symbol: "select 1 from board_indices where group_id = ?"
    f" and {symbol.lower()}_hundredths between ? and ? limit 1"
    for symbol in INDICES
}


def price_seen_in(conn: sqlite3.Connection) -> Callable[[int, str, int, int], bool]:
    """Return a test for boards of a group with an index between two values, in hundredths."""

    def price_seen(group: int, symbol: str, low: int, high: int) -> bool:
        return conn.execute(_PRICES[symbol], (group, low, high)).fetchone() is not None

    return price_seen


_CAPTURED: Final = f"""
select distinct {", ".join(f"{symbol.lower()}_hundredths" for symbol in INDICES)}, captured_at
from board_indices
join snapshots on snapshots.board_id = board_indices.board_id
where group_id = ? and captured_at like '%T%'
"""


def ends_seen_in(
    conn: sqlite3.Connection, sessions: Sessions
) -> Callable[[int, int], list[Points]]:
    """Return a function for prices captured between the close of a day and the next opening."""

    def ends_seen(group: int, day: int) -> list[Points]:
        following = sessions.opens[day + 1] if day + 1 < len(sessions) else "9999"
        return [
            tuple(prices)
            for *prices, captured_at in conn.execute(_CAPTURED, (group,))
            if captured_at < following and seen_when(sessions.days[day], captured_at) is Seen.OVER
        ]

    return ends_seen


def count_dated(conn: sqlite3.Connection) -> DatingCounts:
    """Return the current state of an archive's dating."""
    boards, dated, index_only = conn.execute(
        "select count(*), count(trading_day_id),"
        " count(index_day_id) - count(trading_day_id) from boards"
    ).fetchone()
    (groups,) = conn.execute("select count(*) from board_groups").fetchone()
    (days,) = conn.execute("select count(*) from trading_days").fetchone()
    return DatingCounts(boards, dated, index_only, groups, days)
