"""Which boards count their shares from bases of an older day than their indices.

On one day seen the shares' base was three sessions old while the index base was right
(FORMAT.md section 2). Such a board's changes are of no one day, so it gets none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from loader.archive.dating.links import ShareBook
from loader.market.links import agreement, matches
from loader.market.model import MIN_SHARES, Group, Link

REACH = 5
"""Trading days back that a stale base is looked for."""

_SETS = """
select share_bases, min(board_id)
from board_indices
join boards on boards.id = board_indices.board_id
where group_id = ? and not is_pre_open
group by share_bases
"""
_PRICES = """
select kse100, kse30, br100, br30, share_prices, min(board_id)
from board_indices
where group_id = ?
group by kse100, kse30, br100, br30, share_prices
order by share_prices
"""
_MOST_SETS = 4


def note_stale(
    conn: sqlite3.Connection,
    touched: Iterable[int],
    groups: Mapping[int, Group],
    links: Iterable[Link],
) -> set[int]:
    """Set is_stale of the boards of the touched groups and of those soon after them.

    1 where most shares count from prices of an earlier day than the session before, 0 where
    they count from that session's, empty where the archive cannot tell. Groups that changed.
    """
    before = {link.after: link.before for link in links if link.step}
    after = {link.before: link.after for link in links if link.step}
    book = ShareBook(conn)
    changed = set()
    for key in sorted(_within_reach(touched, after)):
        chain = _earlier(key, before)
        for shares, board_id in conn.execute(_SETS, (key,)).fetchall():
            value = _is_stale(conn, board_id, key, chain, groups, book)
            cursor = conn.execute(
                """
                update boards set is_stale = ?1
                where is_stale is not ?1 and not is_pre_open and id in (
                    select board_id from board_indices where group_id = ?2 and share_bases = ?3
                )
                """,
                (value, key, shares),
            )
            if cursor.rowcount:
                changed.add(key)
    return changed


def _within_reach(touched: Iterable[int], after: Mapping[int, int]) -> set[int]:
    reached = set()
    for key in touched:
        reached.add(key)
        for _ in range(REACH + 1):
            if key not in after:
                break
            key = after[key]
            reached.add(key)
    return reached


def _earlier(key: int, before: Mapping[int, int]) -> list[int]:
    """The groups of the sessions before, nearest first, as far as the chain goes."""
    chain = []
    for _ in range(REACH + 1):
        if key not in before or before[key] in chain:
            break
        key = before[key]
        chain.append(key)
    return chain


def _is_stale(
    conn: sqlite3.Connection,
    board_id: int,
    key: int,
    chain: list[int],
    groups: Mapping[int, Group],
    book: ShareBook,
) -> int | None:
    bases = {share: base for share, (_, base) in book.figures(board_id).items()}
    if len(bases) < MIN_SHARES:
        return None
    following = key
    for distance, earlier in enumerate(chain):
        prices = book.prices(_last_boards(conn, earlier, groups[following]))
        for shown in prices:
            equal, common = agreement(shown, bases)
            if common >= MIN_SHARES and 2 * equal > common:
                return int(distance > 0)
        following = earlier
    return None


def _last_boards(conn: sqlite3.Connection, key: int, following: Group) -> list[int]:
    """Boards of a group that show what the next group counts from: the end of its session."""
    sets: dict[int, int] = {}
    for *prices, shares, board_id in conn.execute(_PRICES, (key,)):
        if matches(tuple(prices), following, provisional=True):
            sets.setdefault(shares, board_id)
    return list(sets.values())[:_MOST_SETS]
