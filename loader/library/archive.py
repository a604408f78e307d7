"""The archive of the public library: load and merge files, and query records."""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

from loader.archive import archive as writable
from loader.archive.connection import DEFAULT_TIMEOUT, archive_errors
from loader.archive.fts_query import fts_query
from loader.archive.ids import AMONG, in_chunks, json_list
from loader.archive.raw import RawReader
from loader.archive.write.batch import Counts
from loader.ingest.load import LoadPlan, LoadResult, load_sources
from loader.library.reading import Paths, locations, with_instant
from loader.library.records import StoredArticle, StoredQuote, StoredSnapshot, TradingDay
from loader.maintain.merge import merge_into
from loader.maintain.migrated_copy import reading_at_present_schema
from loader.rows.suggest import suggest_symbols, with_suggestion
from loader.sources import NO_OPTIONS, ReadOptions

_DAYS: Final = f"select {', '.join(TradingDay._fields)} from market_days order by date"
_QUOTES: Final = f"""
select {", ".join(StoredQuote._fields)} from quote_history
where instrument_id = (select id from instruments where symbol = upper(trim(?)))
order by first_captured_at is null, first_captured_at, board_id
"""
_ARTICLE_IDS: Final = """
select articles.id from articles
where (:date_from is null or article_date >= :date_from)
    and (:date_to is null or article_date < :date_to || '~')
    and (:section is null or section = :section)
    and (:symbol is null or articles.id in (
        select article_id from mentions
        join instruments on instruments.id = mentions.instrument_id
        where instruments.symbol = upper(trim(:symbol))
    ))
order by article_date is null, article_date, articles.id
"""
# Of the texts of one version of a page, only the one that represents the version.
_FOUND_IDS: Final = """
with matches as materialized (
    select rowid as id, rank as score from articles_fts where articles_fts match :query
),
versioned as (
    select
        id,
        score,
        coalesce(
            (
                select told_by_article_id
                from version_tellers
                where article_id = matches.id
                order by page_id, version limit 1
            ),
            id
        ) as version_id
    from matches
)
select id
from (
    select
        id,
        score,
        row_number() over (partition by version_id order by id <> version_id, score, id) as place
    from versioned
)
where place = 1
order by score, id desc
limit :limit
"""
_OF_PAGES: Final = ("url", "news_id")
_ARTICLE_COLUMNS: Final = [
    f"{'pages' if name in _OF_PAGES else 'articles'}.{name}" for name in StoredArticle._fields
]
_ARTICLES: Final = f"""
select {", ".join(_ARTICLE_COLUMNS)}
from articles left join pages on pages.id = articles.page_id
where articles.id in {AMONG}
"""
_SNAPSHOTS: Final = """
select snapshots.id, pages.url, captured_at, captured_basis, sources.location as source,
    source_offset, board_id, article_id
from snapshots
left join pages on pages.id = snapshots.page_id
join sources on sources.id = snapshots.source_id
where (:article_id is null or article_id = :article_id)
    and (:board_id is null or board_id = :board_id)
order by captured_at is null, captured_at, snapshots.id
"""
_CHUNK: Final = 500  # articles in memory at a time

Record = TypeVar("Record")


class Archive:
    """An archive file. `load` and `merge` write to it; all other methods only read.

    Both write like the commands of these names: the file is open for writing only during the
    call, and completed batches stay if it is interrupted. The first query opens a read-only
    connection. Use an archive in one thread only.

    >>> import loader
    >>> with loader.Archive.open("archive.db") as archive:
    ...     days = archive.days()
    >>> days[0].date < days[-1].date
    True
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self.path = path
        self._timeout = timeout
        self._open = ExitStack()
        self._reader: sqlite3.Connection | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str], timeout: float = DEFAULT_TIMEOUT) -> Archive:
        """Return the archive at `path`; the first `load` or `merge` creates a missing file.

        `timeout` is the time to wait for another writer, in seconds.
        """
        return cls(Path(path), timeout)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next query opens it again."""
        self._reader = None
        self._open.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The read-only connection for queries, and for SQL of your own.

        It is valid until the next `load`, `merge` or `close`. Raises ArchiveError if the file is
        missing, is not an archive or is too new. An archive of an older schema is migrated in a
        temporary copy.

        >>> import loader
        >>> with loader.Archive.open("archive.db") as archive:
        ...     archive.connection.execute("select count(*) > 0 from movers").fetchone()
        (1,)
        """
        if self._reader is None:
            reading = reading_at_present_schema(self.path, self._timeout)
            self._reader = self._open.enter_context(reading)
        return self._reader

    def load(
        self,
        paths: Paths,
        options: ReadOptions = NO_OPTIONS,
        *,
        workers: int = 1,
        reread: bool = False,
        date: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> LoadResult:
        """Append the captures at `paths`, without duplicates; return counts and failures.

        With `workers` above 1, that many processes read and parse if there is enough to read;
        then call it under `if __name__ == "__main__":`. `reread` reads unchanged sources again,
        `date` infers the days of new boards, `progress` is called with bytes consumed. Raises
        ArchiveError if the archive cannot be written.

        >>> import loader
        >>> archive = loader.Archive.open("my.db")
        >>> archive.load("pages/").counts.snapshots
        1
        >>> archive.load("pages/").counts.snapshots
        0
        """
        options = with_instant(options)
        self.close()
        with writable.Archive.open(self.path, self._timeout) as archive:
            return load_sources(
                archive,
                locations(paths),
                options,
                progress,
                plan=LoadPlan(workers=workers, reread=reread, date=date),
            )

    def merge(self, paths: Paths) -> Counts:
        """Add the content of other archives, in any order; return total counts.

        The result equals one load of all their captures. Raises ArchiveError for a file that is
        missing, damaged, too new or not an archive.
        """
        self.close()
        counts = Counts()
        sources = locations(paths)
        with writable.Archive.open(self.path, self._timeout) as archive:
            for number, source in enumerate(sources, 1):
                is_last = number == len(sources)
                counts += merge_into(archive, Path(source), self._timeout, date=is_last)
        return counts

    def days(self) -> list[TradingDay]:
        """Return the trading days that have a dated board, earliest first."""
        return [TradingDay._make(row) for row in self._rows(_DAYS)]

    def quotes(self, symbol: str) -> list[StoredQuote]:
        """Return all quotes of a share or an index, one per board, earliest capture first.

        Empty for an unknown symbol, with a warning that suggests the one that may be meant.

        >>> import loader
        >>> with loader.Archive.open("archive.db") as archive:
        ...     quote = archive.quotes("OGDC")[0]
        >>> quote.symbol, quote.previous_price == round(quote.price - quote.change, 2)
        ('OGDC', True)
        """
        quotes = [_stored_quote(StoredQuote._make(row)) for row in self._rows(_QUOTES, (symbol,))]
        if not quotes:
            self._warn_of_unknown(symbol)
        return quotes

    def articles(
        self,
        *,
        date_from: str | None = None,
        date_to: str | None = None,
        symbol: str | None = None,
        section: str | None = None,
    ) -> Iterator[StoredArticle]:
        """Yield articles by date (`2024-05-03`; `date_to` is included), undated ones last.

        `symbol` selects those that mention the share or index. Articles are read a few hundred at
        a time, so that memory stays bounded.

        >>> import loader
        >>> with loader.Archive.open("archive.db") as archive:
        ...     of_april = list(archive.articles(date_from="2024-04-01", date_to="2024-04-30"))
        >>> {article.article_date[:7] for article in of_april}
        {'2024-04'}
        """
        wanted = {"date_from": date_from, "date_to": date_to, "symbol": symbol, "section": section}
        ids = [article_id for (article_id,) in self._rows(_ARTICLE_IDS, wanted)]
        if symbol is not None and not ids:
            self._warn_of_unknown(symbol)
        for chunk in in_chunks(ids, _CHUNK):
            yield from self._articles(chunk)

    def search(self, words: str, limit: int = 20) -> list[StoredArticle]:
        """Return the best matching articles, at most `limit`, and one text for each version.

        Words are joined by AND; `"a phrase"`, `-without`, `prefix*` and `OR` are supported, and
        any text is a valid query. Empty if nothing matches.

        >>> import loader
        >>> with loader.Archive.open("archive.db") as archive:
        ...     found = archive.search("cotton OR wheat", limit=3)
        >>> len(found)
        3
        """
        parameters = {"query": fts_query(words), "limit": limit}
        ids = [article_id for (article_id,) in self._rows(_FOUND_IDS, parameters)]
        return self._articles(ids)

    def snapshots(
        self, *, article_id: int | None = None, board_id: int | None = None
    ) -> list[StoredSnapshot]:
        """Return the captures of an article, of a board, or all captures, earliest first."""
        parameters = {"article_id": article_id, "board_id": board_id}
        return [StoredSnapshot._make(row) for row in self._rows(_SNAPSHOTS, parameters)]

    def raw(self, snapshot_id: int) -> bytes:
        """Return the exact bytes of a capture, by the id of its snapshot.

        Raises KeyError if there is no such snapshot or it was shared without its bytes, and
        ArchiveError if they are damaged: they are checked against their digest.

        >>> import loader
        >>> with loader.Archive.open("archive.db") as archive:
        ...     snapshot = archive.snapshots(board_id=archive.quotes("OGDC")[0].board_id)[0]
        ...     b"OGDC" in archive.raw(snapshot.id)
        True
        """
        with archive_errors(self.path):
            return RawReader(self.connection).read(snapshot_id)

    def _warn_of_unknown(self, symbol: str) -> None:
        """Warn if a symbol is not in the archive, but resembles one or names its company."""
        known = {known for (known,) in self._rows("select symbol from instruments")}
        found = suggest_symbols(symbol, known)
        if found and symbol.strip().upper() not in known:
            words = with_suggestion(f"{symbol!r} is not a symbol of this archive.", found)
            warnings.warn(words, stacklevel=3)

    def _articles(self, ids: Sequence[int]) -> list[StoredArticle]:
        """Return articles in the order of their ids."""
        rows = self._rows(_ARTICLES, (json_list(ids),))
        found = {article.id: article for article in map(StoredArticle._make, rows)}
        return [found[article_id] for article_id in ids if article_id in found]

    def _rows(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        with archive_errors(self.path):
            return self.connection.execute(sql, parameters).fetchall()


def _stored_quote(row: StoredQuote) -> StoredQuote:
    """Return a quote with bools in place of SQLite's 0 and 1."""
    limit = row.within_daily_limit
    return row._replace(
        sign_ok=bool(row.sign_ok),
        percent_ok=bool(row.percent_ok),
        within_daily_limit=None if limit is None else bool(limit),
    )
