"""Which boards count their shares from bases of an older day than their indices.

On one day seen the shares' base was three sessions old while the index base was right
(FORMAT.md section 2). Such a board's changes are of no one day, so it gets none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from loader.archive.dating.links import ShareBook
from loader.market.links import agreement, matches
from loader.market.model import MIN_SHARES, Decision, Group

REACH = 5
"""Trading days before the session before, in which a stale base is looked for."""

_MOST_SETS = 4  # of share prices compared for a day; the last boards of a day repeat them

_SETS = """
select share_bases_hash, min(board_id)
from board_indices
join boards on boards.id = board_indices.board_id
where group_id = ? and not is_pre_open
group by share_bases_hash
"""
_PRICES = """
select kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths,
    share_prices_hash, min(board_id)
from board_indices
where group_id = ?
group by kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths, share_prices_hash
order by share_prices_hash
"""
_MARK = """
update boards set has_stale_shares = :stale
where has_stale_shares is not :stale and not is_pre_open and id in (
    select board_id from board_indices where group_id = :group and share_bases_hash = :shares
)
"""

# Share prices at the end of a session, by instrument, one entry for each set seen.
_Prices = Sequence[Mapping[int, int]]


def note_stale(
    conn: sqlite3.Connection,
    touched: Iterable[int],
    groups: Mapping[int, Group],
    decisions: Mapping[int, Decision],
    days: Iterable[int],
) -> set[int]:
    """Set has_stale_shares of boards of the touched groups and of those soon after changed `days`.

    1 where most shares count from prices of an earlier day than the session before, 0 where
    they count from that session's, empty where the archive cannot tell. Groups that changed.
    """
    by_day: dict[int, list[int]] = {}
    for key, decision in decisions.items():
        if decision.day is not None:
            by_day.setdefault(decision.day, []).append(key)
    ends = _Ends(conn, groups, by_day)
    changed = set()
    touched = set(touched)
    days = {day for key in touched if (day := decisions[key].day) is not None} | set(days)
    for key in sorted(touched | _soon_after(days, by_day)):
        for shares, board_id in conn.execute(_SETS, (key,)).fetchall():
            value = _is_stale(ends, board_id, decisions[key].day)
            if conn.execute(_MARK, {"stale": value, "group": key, "shares": shares}).rowcount:
                changed.add(key)
    return changed


def _soon_after(days: set[int], by_day: Mapping[int, Sequence[int]]) -> set[int]:
    """Groups for whose share bases one of these days may matter."""
    later = {day + step for day in days for step in range(REACH + 2)}
    return {key for day in later for key in by_day.get(day, ())}


class _Ends:
    """The share prices with which each day ended, as far as its boards show it; read once."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        groups: Mapping[int, Group],
        by_day: Mapping[int, Sequence[int]],
    ) -> None:
        self._conn = conn
        self._groups = groups
        self._by_day = by_day
        self._found: dict[int, _Prices] = {}
        self.book = ShareBook(conn)

    def of(self, day: int) -> _Prices:
        found = self._found.get(day)
        if found is None:
            found = self._found[day] = self.book.prices(self._boards(day))
        return found

    def _boards(self, day: int) -> list[int]:
        """Boards that show what the next day counts from; where none does, any."""
        following = [self._groups[key] for key in self._by_day.get(day + 1, ())]
        last: dict[int, int] = {}
        others: dict[int, int] = {}
        for key in self._by_day.get(day, ()):
            for *prices, shares, board_id in self._conn.execute(_PRICES, (key,)):
                ends = any(matches(tuple(prices), group, provisional=True) for group in following)
                (last if ends else others).setdefault(shares, board_id)
        sets = last or others
        return [sets[shares] for shares in sorted(sets)][:_MOST_SETS]


def _is_stale(ends: _Ends, board_id: int, day: int | None) -> int | None:
    if day is None:
        return None
    bases = {share: base for share, (_, base) in ends.book.figures(board_id).items()}
    if len(bases) < MIN_SHARES:
        return None
    for distance in range(1, REACH + 2):
        for shown in ends.of(day - distance):
            equal, common = agreement(shown, bases)
            if common >= MIN_SHARES and 2 * equal > common:
                return int(distance > 1)
    return None
