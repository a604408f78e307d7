"""Export articles, their tables and quotes, for pandas, DuckDB, R and corpora.

Rows are streamed by year, so one file is open at a time and memory stays constant. The layout is
that of partitions for DuckDB and pandas, `articles/year=2024/articles.parquet`; rows without a
known year are in `year=unknown`.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final, Literal

from loader.archive.scripts import read_sql
from loader.errors import ArchiveError, LoaderError

Format = Literal["parquet", "csv", "jsonl"]
Table = Literal["articles", "quotes", "article_tables"]
Row = tuple[str | int | float | None, ...]
Write = Callable[[Sequence[Row]], None]

TABLES: Final[tuple[Table, ...]] = ("articles", "quotes", "article_tables")
_ROWS: Final = 5_000  # in one group of a Parquet file

# Columns in the order of export_<table>.sql, without the year.
COLUMNS: Final[dict[Table, dict[str, type]]] = {
    "articles": {
        "digest": str, "url": str, "news_id": int, "headline": str, "section": str,
        "byline": str, "agency": str, "article_kind": str, "dateline": str,
        "article_date": str, "article_date_basis": str,
        "published_at": str, "updated_at": str, "print_date": str,
        "first_captured_at": str, "captured_basis": str, "capture_count": int,
        "date": str, "date_basis": str, "tags": str, "images": str, "authors": str,
        "word_count": int, "summary": str, "text": str,
    },
    "article_tables": {
        "digest": str, "url": str, "news_id": int, "headline": str, "article_date": str,
        "number": int, "position": int, "paragraph_count": int, "row_number": int,
        "is_header": int, "cells": str,
    },
    "quotes": {
        "board": str, "symbol": str, "name": str, "kind": str, "trading_day": str,
        "day_basis": str, "first_captured_at": str, "last_captured_at": str, "position": int,
        "direction": str, "price": float, "change": float, "percent": float,
        "previous_price": float, "percent_ok": int, "within_daily_limit": int,
    },
}  # fmt: skip


def export(
    conn: sqlite3.Connection, folder: Path, tables: Sequence[Table], form: Format
) -> dict[str, int]:
    """Write tables below `folder`; return the number of rows by table.

    A file is renamed when complete. Raises ArchiveError if a folder exists already or
    the disk is full, LoaderError if pyarrow is not installed.
    """
    openers: dict[Format, Opener] = {
        "csv": _open_csv, "jsonl": _open_jsonl, "parquet": _open_parquet
    }  # fmt: skip
    counts: dict[str, int] = {}
    for table in tables:
        if (folder / table).exists():
            raise ArchiveError(str(folder / table), "exists already", "name another folder")
    try:
        for table in tables:
            counts[table] = _export_table(conn, folder / table, table, form, openers[form])
    except OSError as error:
        raise ArchiveError(str(folder), error.strerror or str(error)) from error
    return counts


def _export_table(
    conn: sqlite3.Connection, folder: Path, table: Table, form: Format, opener: Opener
) -> int:
    count = 0
    rows = conn.execute(read_sql(f"export_{table}.sql", "loader.maintain"))
    for year, group in groupby(rows, key=lambda row: row[0]):
        part = folder / f"year={year or 'unknown'}"
        part.mkdir(parents=True)
        draft = part / f".{table}.{form}.part"
        with opener(draft, COLUMNS[table]) as write:
            values = (row[1:] for row in group)
            while batch := list(islice(values, _ROWS)):
                write(batch)
                count += len(batch)
        draft.rename(part / f"{table}.{form}")
    folder.mkdir(parents=True, exist_ok=True)
    return count


Opener = Callable[[Path, dict[str, type]], AbstractContextManager[Write]]


@contextmanager
def _open_csv(path: Path, columns: dict[str, type]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        yield writer.writerows


@contextmanager
def _open_jsonl(path: Path, columns: dict[str, type]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="\n") as file:

        def write(rows: Sequence[Row]) -> None:
            for row in rows:
                record = dict(zip(columns, row, strict=True))
                file.write(json.dumps(record, ensure_ascii=False) + "\n")

        yield write


@contextmanager
def _open_parquet(path: Path, columns: dict[str, type]) -> Iterator[Write]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise LoaderError(
            "Parquet", "needs pyarrow", "pip install 'brecorder-archive[parquet]'"
        ) from None
    kinds: dict[type, Any] = {
        str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()
    }  # fmt: skip
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
    # Opened by Python, since pyarrow accepts only names in UTF-8.
    with (
        path.open("wb") as file,
        parquet.ParquetWriter(file, schema, compression="zstd") as writer,
    ):

        def write(rows: Sequence[Row]) -> None:
            arrays = [
                pyarrow.array(values, type=field.type)
                for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))

        yield write
