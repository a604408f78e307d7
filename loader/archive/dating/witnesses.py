"""Write the evidence for each decision, and conflicts of evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from loader.archive.changes import replace_rows
from loader.archive.ids import AMONG, json_list
from loader.market.case import Case
from loader.market.model import Decision, Passage, Witness
from loader.market.sessions import Sessions
from loader.market.standstill import Standstill, possible_holidays
from loader.market.words import WHY_UNDATED
from loader.model import ProblemKind
from loader.rows.problems import problem_row
from loader.rows.records import ProblemRow

CONFLICT: Final = "day-conflict"
HOLIDAYS: Final = "possible-holidays"
_AGAINST = -20
"""Decibans at or below which evidence against an accepted day is reported as a problem."""


class WitnessRow(NamedTuple):
    """A witness by closes, moves or neighbours: columns of day_witnesses."""

    group_id: int
    kind: str
    date_from: str
    date_to: str
    weight: int | None
    detail: str
    article_id: int | None
    span_start: int | None
    span_end: int | None
    is_accepted: int


def note_witnesses(
    conn: sqlite3.Connection, case: Case, decisions: Mapping[int, Decision], sessions: Sessions
) -> None:
    """Replace witnesses by closes, moves and neighbours, and update which times are accepted."""
    evidence = [
        (key, decision, witness)
        for key, decision in decisions.items()
        for witness in _witnesses_of_closes(case, key, decision)
    ]
    articles = _articles_of(conn, [witness for _, _, witness in evidence])
    wanted = {_row(*each, sessions, articles) for each in evidence}
    for key in decisions:
        wanted.update(_neighbour_rows(case, key, decisions, sessions))
    of_kinds = "kind in ('close', 'stated', 'moved', 'neighbour')"
    replace_rows(conn, "day_witnesses", WitnessRow._fields, ("id",), wanted, of_kinds)
    conn.execute(_ACCEPT_TIMES)


_ACCEPT_TIMES = """
update day_witnesses set is_accepted = not is_accepted
where kind in ('capture', 'masthead', 'published') and is_accepted <> coalesce((
    select trading_days.date >= day_witnesses.date_from
        and trading_days.date <= coalesce(day_witnesses.date_to, trading_days.date)
    from board_groups
    join trading_days on trading_days.id = board_groups.trading_day_id
    where board_groups.id = day_witnesses.group_id
), 0)
"""


def _witnesses_of_closes(case: Case, key: int, decision: Decision) -> Iterator[Witness]:
    """Yield evidence from closes for the day, or for the candidates if there is no day."""
    days = [decision.day] if decision.day is not None else [day for day, _ in decision.candidates]
    for day in days:
        for witness in case.evidence(key, day):
            if witness.kind in ("close", "stated", "moved") and witness.weight > 0:
                yield witness


def _articles_of(conn: sqlite3.Connection, witnesses: Iterable[Witness]) -> dict[str, int]:
    """Return the articles cited by these witnesses, by digest."""
    digests = {
        witness.source.digest for witness in witnesses if isinstance(witness.source, Passage)
    }
    return dict(
        conn.execute(f"select digest, id from articles where digest in {AMONG}",
                     (json_list(digests),))
    )  # fmt: skip


def _row(
    key: int,
    decision: Decision,
    witness: Witness,
    sessions: Sessions,
    articles: Mapping[str, int],
) -> WitnessRow:
    article_id = start = end = None
    if isinstance(witness.source, Passage):
        digest, start, end = witness.source
        article_id = articles[digest]
    day = sessions.days[witness.first]
    accepted = int(decision.day == witness.first)
    return WitnessRow(
        key,
        witness.kind,
        day,
        day,
        witness.weight,
        witness.detail,
        article_id,
        start,
        end,
        accepted,
    )


def _neighbour_rows(
    case: Case, key: int, decisions: Mapping[int, Decision], sessions: Sessions
) -> Iterator[WitnessRow]:
    for neighbour, step in case.chains.get(key, ()):
        day = decisions[neighbour].day
        if day is None or not 0 <= day - step < len(sessions):
            continue
        claimed = sessions.days[day - step]
        accepted = int(decisions[key].day == day - step)
        detail = _LINK_DETAILS[step].format(sessions.days[day])
        yield WitnessRow(
            key, "neighbour", claimed, claimed, None, detail, None, None, None, accepted
        )


_LINK_DETAILS = {
    1: "its boards show what those of {} count from",
    -1: "it counts from what boards of {} show",
    0: "it counts from nearly the same bases as boards of {}",
}


def note_findings(
    conn: sqlite3.Connection, case: Case, decisions: Mapping[int, Decision], sessions: Sessions
) -> None:
    """Record conflicts of evidence, and holidays inferred from boards, as problems.

    Former ones are deleted. A problem refers to the board whose digest names its group.
    """
    digests = dict(conn.execute("select id, digest from board_groups"))
    _replace_problems(
        conn,
        CONFLICT,
        {
            row: digests[key]
            for key, decision in decisions.items()
            for row in _conflicts(case, key, decision, digests[key], sessions)
        },
    )
    _replace_problems(
        conn,
        HOLIDAYS,
        {
            problem_row(digests[found.key], HOLIDAYS, _holiday_detail(found, sessions)): digests[
                found.key
            ]
            for found in possible_holidays(case.groups.values())
        },
    )


def _holiday_detail(found: Standstill, sessions: Sessions) -> str:
    first, *others = sessions.days[found.first : found.last + 1]
    return (
        f"boards captured from {first} to {others[-1]} all show one day: the exchange may have"
        f" been closed on {', '.join(others)}; `loader date --holidays` tells the calendar"
    )


def _replace_problems(
    conn: sqlite3.Connection, kind: ProblemKind, rows: Mapping[ProblemRow, str]
) -> None:
    """Replace the problems of a kind; each refers to a board by its digest."""
    wanted = {row.digest: (row, board) for row, board in rows.items()}
    stored = {
        digest for (digest,) in conn.execute("select digest from problems where kind = ?", (kind,))
    }
    conn.executemany(
        "delete from problems where digest = ?", [(gone,) for gone in stored - wanted.keys()]
    )
    conn.executemany(
        "insert into problems (digest, kind, detail, excerpt, board_id)"
        " values (?, ?, ?, ?, (select id from boards where digest = ?))",
        [(*row, board) for digest, (row, board) in sorted(wanted.items()) if digest not in stored],
    )


def _conflicts(
    case: Case, key: int, decision: Decision, digest: str, sessions: Sessions
) -> Iterator[ProblemRow]:
    about = f"boards that count from the bases of board {digest[:12]}"
    if decision.day is not None:
        against = [
            witness for witness in case.evidence(key, decision.day) if witness.weight <= _AGAINST
        ]
        if against:
            day = sessions.days[decision.day]
            detail = (
                f"{about} are dated {day} by {', '.join(decision.basis)} against other evidence"
            )
            yield problem_row(digest, CONFLICT, detail, _both(case, key, [decision.day], sessions))
    elif decision.reason is not None and decision.reason.is_conflict:
        days = [day for day, _ in decision.candidates[:2]]
        detail = f"{about} have no day: {WHY_UNDATED[decision.reason]}"
        yield problem_row(digest, CONFLICT, detail, _both(case, key, days, sessions))


def _both(case: Case, key: int, days: Iterable[int], sessions: Sessions) -> str | None:
    lines = [
        f"{sessions.days[day]}: {witness.kind} {witness.weight:+} ({witness.detail})"
        for day in days
        for witness in case.evidence(key, day)
    ]
    return "\n".join(lines) or None
