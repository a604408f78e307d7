"""Find pairs of groups that are a trading day apart, from their figures only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from loader.archive.changes import replace_rows
from loader.archive.dating.lines import Figures, indices_of, shares_of_board
from loader.archive.ids import AMONG, json_list
from loader.market.links import (
    EXACT,
    best_agreement,
    make_link,
    make_twins,
    matches,
    near,
    near_bases,
)
from loader.market.model import Group, Link, Points

# Sets of share figures compared for a pair of groups: few, since boards of a day repeat them.
_MAX_SETS = 4
_HIGHEST = 2**62
# Boards and groups whose figures are cached: those of some weeks, about 16 MB.
_CACHED = 4096

_COLUMNS = (
    "group_id", "next_group_id", "kind", "index_count", "equal_share_count", "common_share_count",
)  # fmt: skip
# Without `indexed by` SQLite would scan all groups for the prices of each.
_BOARDS = """
select group_id, kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths,
    share_prices_hash, min(board_id)
from board_indices indexed by board_indices_price
where kse100_hundredths between ? and ?
    and (kse30_hundredths is null or kse30_hundredths between ? and ?)
    and (br100_hundredths is null or br100_hundredths between ? and ?)
    and (br30_hundredths is null or br30_hundredths between ? and ?)
group by group_id, kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths,
    share_prices_hash
"""
_PRICES = """
select kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths,
    share_prices_hash, min(board_id)
from board_indices
where group_id = ?
group by kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths,
    share_prices_hash
"""
_BASES = """
select share_bases_hash, min(board_id)
from board_indices
join boards on boards.id = board_indices.board_id
where group_id = ? and not is_pre_open
group by share_bases_hash
order by count(*) desc, share_bases_hash
limit ?
"""


class ShareBook:
    """Share figures of boards, with a cache of some weeks, so that most are read once."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        not_shares = indices_of(conn)

        @lru_cache(maxsize=_CACHED)
        def figures(board_id: int) -> Figures:
            return shares_of_board(conn, board_id, not_shares)

        @lru_cache(maxsize=_CACHED)
        def base_boards(group_id: int) -> tuple[int, ...]:
            rows = conn.execute(_BASES, (group_id, _MAX_SETS))
            return tuple(board_id for _, board_id in rows)

        self.figures: Callable[[int], Figures] = figures
        self._base_boards: Callable[[int], tuple[int, ...]] = base_boards

    def prices(self, board_ids: Iterable[int]) -> list[dict[int, int]]:
        return [
            {key: price for key, (price, _) in self.figures(board_id).items()}
            for board_id in board_ids
        ]

    def bases(self, group_id: int) -> list[dict[int, int]]:
        """Return the most frequent sets of share bases of a group, without pre-open boards."""
        return [
            {key: base for key, (_, base) in self.figures(board_id).items()}
            for board_id in self._base_boards(group_id)
        ]


def note_links(
    conn: sqlite3.Connection, touched: Iterable[int], groups: Mapping[int, Group]
) -> None:
    """Update the links from and to the touched groups."""
    book = ShareBook(conn)
    wanted: dict[tuple[int, int], Link] = {}
    touched = set(touched)
    for key in sorted(touched):
        for link in [
            *_links_to(conn, groups[key], groups, book),
            *_links_from(conn, groups[key], groups, touched, book),
            *_twins_of(conn, groups[key], groups, book),
        ]:
            wanted[link.before, link.after] = link
    _write(conn, touched, wanted)


def _links_to(
    conn: sqlite3.Connection, after: Group, groups: Mapping[int, Group], book: ShareBook
) -> Iterable[Link]:
    found: dict[int, list[tuple[Points, int, int]]] = {}
    for group_id, *prices, shares, board_id in conn.execute(_BOARDS, _reach(after)):
        if group_id != after.key and matches(tuple(prices), after, provisional=True):
            found.setdefault(group_id, []).append((tuple(prices), shares, board_id))
    for group_id, boards in found.items():
        link = _link(groups[group_id], after, boards, book)
        if link:
            yield link


def _reach(group: Group) -> list[int]:
    """Return the lowest and the highest price of each index that matches a group's bases."""
    ends: list[int] = []
    for low, high in zip(group.lows, group.highs, strict=True):
        if low is None or high is None:
            ends += 0, _HIGHEST
        else:
            slack = EXACT + near(high + EXACT) + 1
            ends += low - slack, high + slack
    return ends


def _links_from(
    conn: sqlite3.Connection,
    before: Group,
    groups: Mapping[int, Group],
    done: set[int],
    book: ShareBook,
) -> Iterable[Link]:
    """Yield links to groups that are not `done`; for those, `_links_to` finds them."""
    if len(done) == len(groups):
        return
    boards = [
        (tuple(prices), shares, board_id)
        for *prices, shares, board_id in conn.execute(_PRICES, (before.key,))
    ]
    candidates: set[int] = set()
    for price in {board[0][0] for board in boards}:
        slack = 2 * EXACT + near(price) + 1
        candidates.update(
            row[0]
            for row in conn.execute(
                "select id from board_groups where kse100_base_min_hundredths between ? and ?",
                (price - slack, price + slack),
            )
        )
    for group_id in candidates - done:
        after = groups[group_id]
        fitting = [board for board in boards if matches(board[0], after, provisional=True)]
        link = _link(before, after, fitting, book) if fitting else None
        if link:
            yield link


def _link(
    before: Group, after: Group, boards: Sequence[tuple[Points, int, int]], book: ShareBook
) -> Link | None:
    exact = [board for board in boards if matches(board[0], after)]
    sets: dict[int, int] = {}
    for _, shares, board_id in sorted(exact or boards, key=lambda board: board[1:]):
        sets.setdefault(shares, board_id)
    prices = book.prices(list(sets.values())[:_MAX_SETS])
    agreement = best_agreement(prices, book.bases(after.key))
    return make_link(before, after, [board[0] for board in boards], agreement)


def _twins_of(
    conn: sqlite3.Connection, group: Group, groups: Mapping[int, Group], book: ShareBook
) -> Iterable[Link]:
    low, high = group.lows[0] or 0, group.highs[0] or 0
    slack = 2 * EXACT + near(high) + 1
    for (other_id,) in conn.execute(
        "select id from board_groups where kse100_base_min_hundredths between ? and ? and id <> ?",
        (low - slack, high + slack, group.key),
    ).fetchall():
        other = groups[other_id]
        if near_bases(group, other) > 1:
            shares = best_agreement(book.bases(group.key), book.bases(other_id))
            link = make_twins(group, other, shares)
            if link:
                yield link


def _write(
    conn: sqlite3.Connection, touched: set[int], wanted: Mapping[tuple[int, int], Link]
) -> None:
    rows = {
        (link.before, link.after, link.kind, link.indices, link.equal, link.common)
        for link in wanted.values()
    }
    ids = json_list(touched)
    of_touched = f"group_id in {AMONG} or next_group_id in {AMONG}"
    replace_rows(conn, "group_links", _COLUMNS, _COLUMNS[:2], rows, of_touched, (ids, ids))


def read_links(conn: sqlite3.Connection) -> list[Link]:
    """Return all links between groups."""
    return [Link(*row) for row in conn.execute(f"select {', '.join(_COLUMNS)} from group_links")]
