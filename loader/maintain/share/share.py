"""Make a copy of an archive to share: one file, complete or without some parts.

The copy is made by VACUUM INTO, in one read transaction, so a load may continue meanwhile. Its
table `provenance` lists the omitted parts.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from loader.archive.connection import address, archive_errors, open_readonly
from loader.archive.dating import date_all
from loader.archive.page_versions import settle_versions
from loader.archive.references import delete_orphans, delete_unused, delete_with_owned
from loader.archive.schema import is_current, migrate
from loader.archive.scripts import run_sql, without_trigger
from loader.archive.users import make, refer_to_own_tables
from loader.archive.write.article_dates import settle_dates
from loader.archive.write.boards import forget_dating, set_spans
from loader.archive.write.claims import settle
from loader.archive.write.likenesses import link_thinned
from loader.errors import ArchiveError
from loader.maintain.share.history_pages import HistoryPages, history_pages
from loader.maintain.share.parts import Left
from loader.maintain.share.users import drop_triggers, leave_out_tables
from loader.rows.suggest import suggest_symbols, with_suggestion
from loader.version import __version__

# Few rows of a symbol's history are on one page, so small pages transfer fewer bytes, but each is
# a request over HTTP. 4 KiB is also the usual page size of SQLite, file systems and sqlite-httpvfs.
_PAGE_BYTES: Final = 4096
_ROOM: Final = "loader.maintain"

LeftOut = dict[Left, tuple[str, ...]]
"""Parts left out of a copy, with descriptions."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an archive to copy. Times are as in snapshots: instants or dates.

    `own_tables` keeps tables made by users even if parts are left out.
    """

    raw: bool = True
    text: bool = True
    closes: bool = False
    since: str | None = None
    until: str | None = None
    symbols: tuple[str, ...] = ()
    own_tables: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether parts are left out that tables made by users might contain."""
        return bool(not (self.raw and self.text) or self.since or self.until or self.symbols)

    @property
    def has_raw(self) -> bool:
        """Whether to copy raw captures, which contain the text and every symbol."""
        return self.raw and self.text and not self.symbols


@dataclass(frozen=True, slots=True)
class Shared:
    """A finished copy: its size in bytes and SHA-256, rows by table, and parts left out."""

    size: int
    sha256: str
    counts: dict[str, int]
    left_out: tuple[str, ...]
    history: HistoryPages | None


def share(path: Path, out: Path, parts: Parts, timeout: float) -> Shared:
    """Write a copy of the archive at `path` to `out`, which must not exist yet.

    Raises ArchiveError if it exists, the archive cannot be read, a symbol is unknown, or the disk
    is full. Then nothing is left at `out`.
    """
    try:
        if out.exists():
            raise ArchiveError(str(out), "exists already", "name another file or delete it")
        with closing(open_readonly(path, timeout)) as conn:
            return _share(conn, out, parts)
    except OSError as error:
        raise ArchiveError(str(out), error.strerror or str(error)) from error


def _share(conn: sqlite3.Connection, out: Path, parts: Parts) -> Shared:
    draft = out.with_name(f"{out.name}.part")
    _remove(draft)
    try:
        with archive_errors(out):
            # As a URI, since a name that is not UTF-8 cannot be bound.
            conn.execute("vacuum into ?", (address(draft),))
            counts, left_out = _finish(draft, parts)
        sha256 = _sync(draft)
        history = history_pages(draft)
        draft.replace(out)
    except BaseException:
        _remove(draft)
        raise
    return Shared(out.stat().st_size, sha256, counts, left_out, history)


def _remove(draft: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _sync(draft: Path) -> str:
    """Fsync the draft before it is renamed; return its SHA-256."""
    digest = hashlib.sha256()
    with draft.open("rb") as file:
        os.fsync(file.fileno())
        while block := file.read(1024 * 1024):
            digest.update(block)
    return digest.hexdigest()


def _finish(draft: Path, parts: Parts) -> tuple[dict[str, int], tuple[str, ...]]:
    with closing(sqlite3.connect(address(draft, "rw"), uri=True, isolation_level=None)) as conn:
        # An incomplete draft is worthless, so it needs no protection against crashes.
        conn.execute("pragma synchronous = off")
        conn.execute("pragma journal_mode = memory").fetchone()
        if not is_current(conn):
            migrate(conn)
        conn.execute("begin")
        own = leave_out_tables(conn) if parts.is_filtered and not parts.own_tables else ()
        triggers = drop_triggers(conn)
        conn.execute("commit")
        # Users' tables that stay must neither block deletions nor be deleted by cascade.
        conn.execute(f"pragma foreign_keys = {'off' if refer_to_own_tables(conn) else 'on'}")
        conn.execute("begin")
        left_out = _leave_out(conn, parts)
        if own:
            left_out[Left.OWN_TABLES] = tuple(f"the keeper's own {item}" for item in own)
        counts = _note_provenance(conn, left_out)
        make(conn, triggers)
        conn.execute("commit")
        conn.execute(_HISTORY_INDEX)
        conn.execute("insert into articles_fts (articles_fts) values ('optimize')")
        conn.execute("analyze")
        conn.execute(f"pragma page_size = {_PAGE_BYTES}")
        conn.execute("vacuum")
        conn.execute("pragma journal_mode = delete").fetchone()
        return counts, _words(left_out)


def _leave_out(conn: sqlite3.Connection, parts: Parts) -> LeftOut:
    """Delete the parts to leave out; return them with descriptions."""
    left_out: LeftOut = {}
    conn.execute("delete from read_sources")  # about files of the sharing user
    if parts.since or parts.until:
        outside, timeless = _keep_times(conn, parts)
        span = f"{parts.since or 'the first'} to {parts.until or 'the last'}"
        left_out[Left.TIMES] = (
            f"captures not from {span}: {outside:,}",
            f"captures without a known time: {timeless:,}",
        )
    if parts.symbols:
        _keep_symbols(conn, parts.symbols)
        left_out[Left.SYMBOLS] = (
            f"quotes of other symbols than {', '.join(parts.symbols)}",
            "articles that name none of them",
            "evidence for trading days",
        )
    if left_out:
        settle_dates(conn)
        settle_versions(conn)
    if not parts.has_raw:
        run_sql(conn, "share_without_raw.sql", _ROOM)
        left_out[Left.RAW] = ("raw captures",)
    if not parts.text:
        with without_trigger(conn, "articles_fts_update"):
            run_sql(conn, "share_without_text.sql", _ROOM)
        conn.execute("insert into articles_fts (articles_fts) values ('rebuild')")
        left_out[Left.TEXT] = ("texts of articles",)
    if not parts.closes and conn.execute("select 1 from closes").fetchone():
        conn.execute("delete from day_witnesses where kind = 'close'")
        conn.execute("delete from closes")
        left_out[Left.CLOSES] = ("closes that the keeper brought",)
    return left_out


def _delete_gone(conn: sqlite3.Connection) -> None:
    """Delete the snapshots in temp.gone, and all rows that become unused."""
    gone = [snapshot_id for (snapshot_id,) in conn.execute("select id from temp.gone")]
    delete_with_owned(conn, "snapshots", gone)
    # Problems of refused captures, which have neither time nor symbol.
    conn.execute(
        "delete from problems where snapshot_id is null and article_id is null and board_id is null"
    )
    delete_orphans(conn)
    delete_unused(conn, "loads")
    set_spans(conn)
    link_thinned(conn)


def _keep_times(conn: sqlite3.Connection, parts: Parts) -> tuple[int, int]:
    """Delete captures outside the span or of unknown time, with their contributions.

    Returns the numbers of both.
    """
    span = {"since": parts.since or "", "until": parts.until or "9999"}
    time = "coalesce(captured_at, masthead_date, corpus_date)"
    conn.execute(
        f"create temp table gone as select id, article_id, {time} is null as is_timeless"
        f" from snapshots where not {_IN_SPAN.format(time=time)}",
        span,
    )
    gone, timeless = conn.execute("select count(*), total(is_timeless) from temp.gone").fetchone()
    conn.execute(f"delete from revisits where not {_IN_SPAN.format(time='captured_at')}", span)
    forget_dating(conn)
    _delete_gone(conn)
    left = "select id from articles where id in (select article_id from temp.gone)"
    settle(conn, [article_id for (article_id,) in conn.execute(left)], load_id=None)
    conn.execute("drop table temp.gone")
    date_all(conn)
    return gone - int(timeless), int(timeless)


# Whether a time is known and within the span, whose ends may be dates or instants.
_IN_SPAN: Final = "coalesce({time} >= :since and substr({time}, 1, length(:until)) <= :until, 0)"


def _keep_symbols(conn: sqlite3.Connection, symbols: tuple[str, ...]) -> None:
    conn.execute("create temp table wanted (id integer primary key)")
    for symbol in symbols:
        row = conn.execute("select id from instruments where symbol = ?", (symbol,)).fetchone()
        if row is None:
            known = {known for (known,) in conn.execute("select symbol from instruments")}
            found = suggest_symbols(symbol, known)
            remedy = with_suggestion("", found).strip()
            raise ArchiveError(symbol, "is not a symbol of this archive", remedy)
        conn.execute("insert or ignore into temp.wanted values (?)", row)
    conn.execute("create temp table gone (id integer primary key, article_id integer)")
    run_sql(conn, "share_symbols.sql", _ROOM)
    _delete_gone(conn)
    conn.execute("drop table temp.gone")
    conn.execute("drop table temp.wanted")


# A covering index, with which a history takes few adjacent pages. A load would pay for it with
# every quote; a copy that is only read pays once.
_HISTORY_INDEX: Final = """
create index if not exists quotes_history on quotes (
    instrument_id, board_id, price, change, percent, previous_price, direction, sign_ok,
    percent_ok, within_daily_limit, position
)
"""
_COUNTED: Final = ("snapshots", "boards", "quotes", "articles")


def _note_provenance(conn: sqlite3.Connection, left_out: LeftOut) -> dict[str, int]:
    counts = {
        table: int(conn.execute(f"select count(*) from {table}").fetchone()[0])
        for table in _COUNTED
    }
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    conn.execute(
        "insert into provenance (made_at, loader_version, left_out, left_out_kinds,"
        " snapshot_count, board_count, quote_count, article_count)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            now,
            __version__,
            "; ".join(_words(left_out)),
            ",".join(part.value for part in left_out),
            *counts.values(),
        ),
    )
    return counts


def _words(left_out: LeftOut) -> tuple[str, ...]:
    return tuple(word for words in left_out.values() for word in words)
