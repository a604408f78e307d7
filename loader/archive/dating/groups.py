"""Put new boards into groups; only their neighbourhoods are grouped again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from loader.archive.changes import update_by_id
from loader.archive.dating.lines import indices_of, share_figures
from loader.archive.ids import AMONG, insert_into, json_list, next_id
from loader.market.grouping import REACH, group_boards, needs_shares, neighbourhoods
from loader.market.model import INDICES, IndexLines

# For more new boards than this, reading all boards is faster than searching around each.
_MANY = 5_000

_LINES = """
select boards.digest, board_indices.board_id, group_id, kse100_base_hundredths,
    kse30_base_hundredths, br100_base_hundredths, br30_base_hundredths
from board_indices
join boards on boards.id = board_indices.board_id
"""
_LINES_BETWEEN = f"{_LINES} where kse100_base_hundredths between ? and ?"
# Smallest and largest base of each index, in the order of INDICES.
BOUNDS: Final = tuple(
    f"{symbol.lower()}_base_{bound}_hundredths" for symbol in INDICES for bound in ("min", "max")
)


def regroup(conn: sqlite3.Connection, new_boards: Sequence[int]) -> set[int]:
    """Put new boards into groups; return the ids of changed and new groups."""
    if not new_boards:
        return set()
    lines: list[IndexLines] = []
    ids: dict[str, int] = {}
    homes: dict[str, int | None] = {}
    for digest, board_id, group_id, *bases in _rows_around(conn, new_boards):
        lines.append(IndexLines(digest, tuple(bases)))
        ids[digest], homes[digest] = board_id, group_id
    groups = group_boards(_with_shares(conn, lines, ids))
    return _write_groups(conn, groups, ids, homes)


def _rows_around(
    conn: sqlite3.Connection, new_boards: Sequence[int]
) -> Iterator[tuple[str, int, int | None, int, int | None, int | None, int | None]]:
    """Yield rows of _LINES for the boards in the neighbourhoods of new ones, or for all."""
    if len(new_boards) > _MANY:
        yield from conn.execute(_LINES)
        return
    bases = {
        base
        for (base,) in conn.execute(
            f"select kse100_base_hundredths from board_indices where board_id in {AMONG}",
            (json_list(new_boards),),
        )
    }
    reached = -1
    for base in sorted(bases):
        if base <= reached:
            continue
        low = _edge(conn, base, "kse100_base_hundredths < ? order by kse100_base_hundredths desc")
        reached = _edge(conn, base, "kse100_base_hundredths > ? order by kse100_base_hundredths")
        yield from conn.execute(_LINES_BETWEEN, (low, reached))


def _edge(conn: sqlite3.Connection, base: int, condition: str) -> int:
    """Return the last base before a gap above REACH, in the direction away from `base`."""
    edge = base
    for (further,) in conn.execute(
        f"select kse100_base_hundredths from board_indices where {condition}", (base,)
    ):
        if abs(further - edge) > REACH:
            break
        edge = further
    return edge


def _with_shares(
    conn: sqlite3.Connection, lines: list[IndexLines], ids: Mapping[str, int]
) -> list[IndexLines]:
    """Return the lines, with share bases if only these distinguish the boards."""
    wanted = [line.board for run in neighbourhoods(lines) if needs_shares(run) for line in run]
    if not wanted:
        return lines
    figures = share_figures(conn, (ids[board] for board in wanted), indices_of(conn))
    shares = {
        board: frozenset((key, base) for key, (_, base) in figures.get(ids[board], {}).items())
        for board in wanted
    }
    return [replace(line, shares=shares.get(line.board, frozenset())) for line in lines]


def _write_groups(
    conn: sqlite3.Connection,
    groups: Iterable[tuple[IndexLines, ...]],
    ids: Mapping[str, int],
    homes: Mapping[str, int | None],
) -> set[int]:
    sizes = Counter(home for home in homes.values() if home is not None)
    changed: dict[int, tuple[IndexLines, ...]] = {}
    fresh = next_id(conn, "board_groups")
    taken: set[int] = set()
    for group in groups:
        old = sorted({home for board in group if (home := homes[board.board]) is not None} - taken)
        if len(old) == 1 and sizes[old[0]] == len(group) and _all_in(group, homes, old[0]):
            taken.add(old[0])
            continue
        group_id = old[0] if old else fresh
        fresh += not old
        taken.add(group_id)
        changed[group_id] = group
    _remove_groups(conn, sizes.keys() - taken, changed.keys())
    _write_changed(conn, changed, ids, known=sizes.keys())
    return set(changed)


def _all_in(group: Sequence[IndexLines], homes: Mapping[str, int | None], home: int) -> bool:
    return all(homes[board.board] == home for board in group)


def _remove_groups(conn: sqlite3.Connection, gone: Iterable[int], changed: Iterable[int]) -> None:
    """Delete groups without boards, and the derived rows of these and of changed groups."""
    emptied = [(group_id,) for group_id in gone]
    stale = emptied + [(group_id,) for group_id in changed]
    conn.executemany("delete from day_witnesses where group_id = ?", stale)
    conn.executemany(
        "delete from group_links where :group in (group_id, next_group_id)",
        [{"group": group_id} for (group_id,) in stale],
    )
    conn.executemany("update board_indices set group_id = null where group_id = ?", emptied)
    conn.executemany("delete from board_groups where id = ?", emptied)
    # A digest may move from one group to another, and is unique.
    conn.executemany(
        "update board_groups set digest = 'group ' || id where id = ?",
        [(group_id,) for group_id in changed],
    )


def _write_changed(
    conn: sqlite3.Connection,
    changed: Mapping[int, tuple[IndexLines, ...]],
    ids: Mapping[str, int],
    known: Iterable[int],
) -> None:
    known = set(known)
    new = [(key, *_group_row(boards)) for key, boards in changed.items() if key not in known]
    conn.executemany(insert_into("board_groups", ("id", "digest", "board_count", *BOUNDS)), new)
    conn.executemany(
        update_by_id("board_groups", ("digest", "board_count", *BOUNDS)),
        [(*_group_row(boards), key) for key, boards in changed.items() if key in known],
    )
    conn.executemany(
        "update board_indices set group_id = :group"
        " where board_id = :board and group_id is not :group",
        [
            {"group": key, "board": ids[board.board]}
            for key, boards in changed.items()
            for board in boards
        ],
    )


def _group_row(boards: Sequence[IndexLines]) -> tuple[object, ...]:
    """Return digest, number of boards, and BOUNDS of a group."""
    bounds: list[int | None] = []
    for number in range(len(INDICES)):
        bases = [base for board in boards if (base := board.bases[number]) is not None]
        bounds += [min(bases), max(bases)] if bases else [None, None]
    return (boards[0].board, len(boards), *bounds)
