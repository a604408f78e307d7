"""Load simulated captures into an archive, and compare its days with the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from loader.archive.archive import Archive, Load
from loader.archive.dating import date_all, date_new
from loader.archive.dating.files import take_closes
from loader.archive.dating.times import cover
from loader.market.calendar import make_sessions
from loader.market.closes_file import read_closes_file
from loader.market.sessions import Sessions
from loader.model import Capture
from loader.page import parse_capture
from loader.rows.records import Prepared
from tests.market.simulator import Market, Seen
from tests.preparing import prepared

NOW = "2030-01-01T00:00:00Z"


@cache
def sessions_of(first_year: int = 2021, last_year: int = 2024) -> Sessions:
    return Sessions(make_sessions(first_year, last_year, {}))


@lru_cache(maxsize=2)
def make_market(seed: int, days: int = 400, start: str = "2022-06-01", holidays: int = 0) -> Market:
    """Return a market; `holidays` pairs of sessions of the calendar are unknown holidays."""
    sessions = sessions_of()
    if holidays:
        first = sessions.before(start) or 0
        apart = days // (holidays + 1)
        closed = {first + apart * (pair + 1) + day for pair in range(holidays) for day in (0, 1)}
        sessions = Sessions(
            tuple(item for number, item in enumerate(sessions.sessions) if number not in closed)
        )
    return Market(seed, sessions, (sessions.before(start) or 0) + 1, days)


def make_empty(path: Path) -> None:
    """Make an archive without captures whose calendar covers every simulated market."""
    with Archive.open(path) as archive:
        archive.in_transaction(lambda conn: cover(conn, ["2022-01-01", "2024-12-31"], reload=True))


def load(path: Path, seen: Iterable[Seen], *, date: bool = True) -> None:
    """Append captures to an archive like `loader load`."""
    with Archive.open(path) as archive:
        append(archive, seen, date=date)


def append(archive: Archive, seen: Iterable[Seen], *, date: bool = True) -> None:
    """Append captures to an open archive."""
    load = Load(archive, NOW)
    items = [_prepared(each.capture) for each in seen]
    for start in range(0, len(items), 1000):
        load.append(items[start : start + 1000])
    if date and load.load_id is not None:
        archive.in_transaction(date_new)
    load.finish(NOW)


@lru_cache(maxsize=512)
def _prepared(capture: Capture) -> Prepared:
    """Return the rows of a capture; tests load a few hundred in one order after the other."""
    return prepared(parse_capture(capture))


def in_memory(template: sqlite3.Connection) -> Archive:
    """Return a copy of an archive in memory."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    template.backup(conn)
    return Archive(conn, Path(":memory:"))


def bring_closes(path: Path, csv: str, *, force: bool = False) -> None:
    def work(conn: sqlite3.Connection) -> None:
        take_closes(conn, read_closes_file(csv, "closes.csv"), "closes.csv", force=force)
        date_all(conn)

    with Archive.open(path) as archive:
        archive.in_transaction(work)


@dataclass(frozen=True, slots=True)
class Score:
    """Numbers of boards that should have a day, that got one, and that got a wrong one.

    `alone` is the number of those whose day depends on the time of one page, by their basis.
    """

    boards: int
    dated: int
    wrong: int
    misplaced: int
    alone: int
    alone_wrong: int

    @property
    def recall(self) -> float:
        return (self.dated - self.wrong) / self.boards

    @property
    def confirmed(self) -> int:
        """Number of boards whose day does not depend only on the time of one page."""
        return self.dated - self.alone

    @property
    def confirmed_wrong(self) -> int:
        return self.wrong - self.alone_wrong

    @property
    def precision(self) -> float:
        return 1 - self.wrong / self.dated if self.dated else 1.0

    def __str__(self) -> str:
        return (
            f"{self.boards} boards, {self.dated} dated, {self.wrong} wrong:"
            f" recall {self.recall:.2%}, precision {self.precision:.2%};"
            f" {self.alone} of these alone, {self.alone_wrong} wrong;"
            f" {self.misplaced} dated that should not be"
        )


def truth_of(conn: sqlite3.Connection, seen: Iterable[Seen]) -> dict[str, Seen]:
    """Return the truth about each board by its digest: all captures of a board have the same day.

    Each capture is a source of its own.
    """
    by_source = {each.capture.source: each for each in seen}
    rows = conn.execute(
        "select boards.digest, location from snapshots join boards on boards.id = board_id"
        " join sources on sources.id = source_id order by snapshots.id desc"
    )
    return {digest: by_source[location] for digest, location in rows}


def score(path: Path, seen: Sequence[Seen], sessions: Sessions) -> Score:
    """Return the agreement of the archive's days with the truth, over ordinary full boards.

    Boards that must not have a day (one line, before the opening, stale shares) count as
    misplaced if they have one.
    """
    boards = dated = wrong = misplaced = alone = alone_wrong = 0
    with closing(sqlite3.connect(path)) as conn:
        truth = truth_of(conn, seen)
        rows = conn.execute(
            "select digest, days.date, index_days.date, index_days.basis like '%alone%' from boards"
            " left join trading_days as days on days.id = trading_day_id"
            " left join trading_days as index_days on index_days.id = index_day_id"
        ).fetchall()
    for digest, day, index_day, is_alone in rows:
        each = truth[digest]
        given = day if each.is_ordinary else index_day
        is_wrong = given is not None and given != sessions.days[each.day]
        wrong += is_wrong
        alone_wrong += is_wrong and bool(is_alone)
        if each.is_ordinary:
            boards += 1
            dated += day is not None
            alone += day is not None and bool(is_alone)
        else:
            misplaced += day is not None
    return Score(boards, dated, wrong, misplaced, alone, alone_wrong)


def pairs(path: Path, seen: Sequence[Seen]) -> tuple[int, int]:
    """Return the number of pairs of boards in one group, and of those that are of one day."""
    groups: dict[int, list[int]] = {}
    with closing(sqlite3.connect(path)) as conn:
        truth = truth_of(conn, seen)
        for digest, group in conn.execute(
            "select digest, group_id from boards join board_indices on board_id = id"
        ):
            groups.setdefault(group, []).append(truth[digest].day)
    found = right = 0
    for days in groups.values():
        found += len(days) * (len(days) - 1) // 2
        right += sum(days.count(day) * (days.count(day) - 1) // 2 for day in set(days))
    return found, right
