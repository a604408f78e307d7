"""Find moves of indices stated in texts of the archive, and the boards that show them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from loader.archive.changes import replace_rows
from loader.archive.ids import AMONG, json_list
from loader.market.model import INDICES, Passage
from loader.market.moved import Move, moves_in, sentence_around
from loader.market.moves import Moves, StatedMove
from loader.market.sessions import Sessions
from loader.market.stated import day_meant


class MoveRow(NamedTuple):
    """Columns of stated_moves."""

    article_id: int | None
    snapshot_id: int | None
    place: str
    span_start: int
    span_end: int
    symbol: str
    points_hundredths: int | None
    points_slack_hundredths: int | None
    percent_hundredths: int | None
    percent_slack_hundredths: int | None
    date_from: str
    date_to: str


class _StatedMove(NamedTuple):
    """A stated move with its place (headline, body, or position in a listing) and time."""

    article_id: int | None
    snapshot_id: int | None
    place: str
    published_at: str
    sentence: str
    move: Move


_ARTICLES: Final = f"""
select id, published_at, headline, body from articles
where published_at is not null and id in {AMONG}
"""
_LISTED: Final = f"""
select snapshot_id, position, listed_at, headline from listings
where listed_at is not null and (headline like '%KSE%' or headline like '%PSX%')
    and snapshot_id in {AMONG}
"""


def moves_stated_in(
    conn: sqlite3.Connection, reports: Iterable[int], snapshots: Iterable[int]
) -> list[_StatedMove]:
    """Return the moves stated in these articles and listing pages."""
    found = []
    for article_id, published_at, headline, body in conn.execute(_ARTICLES, (json_list(reports),)):
        for place, text in (("headline", headline), ("body", body)):
            for move in moves_in(text or ""):
                sentence = sentence_around(text or "", move.start, move.end)
                found.append(_StatedMove(article_id, None, place, published_at, sentence, move))
    for snapshot_id, position, listed_at, headline in conn.execute(
        _LISTED, (json_list(snapshots),)
    ):
        for move in moves_in(headline):
            found.append(_StatedMove(None, snapshot_id, str(position), listed_at, headline, move))
    return found


def note_moves(
    conn: sqlite3.Connection,
    stated: Iterable[_StatedMove],
    articles: Iterable[int],
    snapshots: Iterable[int],
    sessions: Sessions,
) -> None:
    """Replace the moves of these articles and listing pages by those `stated`."""
    wanted = {row for item in stated if (row := _row(item, sessions)) is not None}
    replace_rows(
        conn,
        "stated_moves",
        MoveRow._fields,
        ("id",),
        wanted,
        f"article_id in {AMONG} or snapshot_id in {AMONG}",
        (json_list(articles), json_list(snapshots)),
    )


def _row(item: _StatedMove, sessions: Sessions) -> MoveRow | None:
    span = day_meant(item.sentence, item.published_at, sessions)
    if span is None:
        return None
    move = item.move
    return MoveRow(
        item.article_id, item.snapshot_id, item.place, move.start, move.end, move.symbol,
        move.points, move.points_slack, move.percent, move.percent_slack,
        sessions.days[span[0]], sessions.days[span[1]],
    )  # fmt: skip


_STATED: Final = """
select symbol, points_hundredths, coalesce(points_slack_hundredths, 0), percent_hundredths,
    coalesce(percent_slack_hundredths, 0), date_from, date_to, articles.digest, span_start,
    span_end, snapshots.digest
from stated_moves
left join articles on articles.id = stated_moves.article_id
left join snapshots on snapshots.id = stated_moves.snapshot_id
"""
_SHOWN: Final = {
    symbol: f"""
    select distinct group_id, {column}_hundredths - {column}_base_hundredths,
        {column}_base_hundredths
    from board_indices
    where group_id is not null and {column}_base_hundredths > 0
    """
    for symbol, column in ((symbol, symbol.lower()) for symbol in INDICES)
}


def read_moves(conn: sqlite3.Connection, sessions: Sessions) -> Moves:
    """Return the stated moves on days with a session, and the changes on boards."""
    numbers = sessions.numbers
    stated = []
    for *move, first, last, digest, start, end, snapshot in conn.execute(_STATED):
        if first in numbers and last in numbers:
            source = Passage(digest, start, end) if digest else f"listing {snapshot[:12]}"
            stated.append(StatedMove._make([*move, numbers[first], numbers[last], source]))
    shown: dict[int, dict[str, list[tuple[int, int]]]] = {}
    for symbol in sorted({move.symbol for move in stated}):
        for group_id, change, base in conn.execute(_SHOWN[symbol]):
            shown.setdefault(group_id, {}).setdefault(symbol, []).append((change, base))
    return Moves(sorted(stated, key=repr), shown)
