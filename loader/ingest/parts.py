"""Parsed captures as Parquet parts: written anywhere, appended to an archive later.

A part is plain Parquet with the schema of docs/parts.md; DuckDB, Spark and pandas read it.
One row is a capture, or a problem or revisit without one. The quotes of a board stand in
each row that has it: a part is to be understood by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from loader.market.lines import lines_of
from loader.rows.prepare import (
    CLAIM_FIELDS,
    ArticleRows,
    BoardRows,
    ListingRow,
    Prepared,
    ProblemRow,
    RevisitRow,
)

VERSION = 1
_METADATA_KEY = b"recorder.part"
# Rows of a group: what a reader of one column decodes at a time.
ROW_GROUP = 1000

_TEXT = pa.string()
_NUMBER = pa.int64()
_REAL = pa.float64()
_FLAG = pa.bool_()


def _struct(**fields: pa.DataType) -> pa.DataType:
    return pa.struct(list(fields.items()))


_QUOTE = _struct(
    symbol=_TEXT, kind=_TEXT, position=_NUMBER, direction=_TEXT, price=_REAL, change=_REAL,
    percent=_REAL, previous_price=_REAL, sign_ok=_NUMBER, percent_ok=_NUMBER, percent_error=_REAL,
)  # fmt: skip
_TEASER = _struct(position=_NUMBER, headline=_TEXT, page_url=_TEXT, news_id=_NUMBER)
_MENTION = _struct(symbol=_TEXT, count=_NUMBER)
_LISTING = _struct(
    position=_NUMBER, page_url=_TEXT, news_id=_NUMBER, headline=_TEXT, summary=_TEXT,
    listed_at=_TEXT,
)  # fmt: skip
_PROBLEM = _struct(digest=_TEXT, kind=_TEXT, detail=_TEXT, excerpt=_TEXT)

SCHEMA = pa.schema(
    [
        ("source", _TEXT), ("source_kind", _TEXT), ("source_offset", _NUMBER),
        ("is_capture", _FLAG), ("digest", _TEXT), ("page_url", _TEXT), ("news_id", _NUMBER),
        ("captured_at", _TEXT), ("captured_basis", _TEXT), ("masthead_date", _TEXT),
        ("corpus_date", _TEXT), ("layout", _TEXT), ("url", _TEXT),
        ("media_type", _TEXT), ("charset", _TEXT), ("raw", pa.binary()),
        ("board_digest", _TEXT), ("board_quotes", _NUMBER), ("board_advancers", _NUMBER),
        ("board_decliners", _NUMBER), ("board_unchanged", _NUMBER),
        ("board_is_pre_open", _NUMBER), ("board_is_one_line", _NUMBER),
        ("quotes", pa.list_(_QUOTE)),
        ("article_digest", _TEXT), ("dateline", _TEXT), ("word_count", _NUMBER), ("body", _TEXT),
        *((name, _TEXT) for name in CLAIM_FIELDS),
        ("tags", pa.list_(_TEXT)), ("teasers", pa.list_(_TEASER)),
        ("mentions", pa.list_(_MENTION)),
        ("covid_deaths", _NUMBER), ("covid_deaths_24h", _NUMBER), ("covid_cases", _NUMBER),
        ("covid_cases_24h", _NUMBER), ("covid_positivity_percent", _REAL),
        ("covid_provinces", _TEXT),
        ("listings", pa.list_(_LISTING)),
        ("revisit_digest", _TEXT), ("revisit_captured_at", _TEXT), ("revisit_url", _TEXT),
        ("refers_to_at", _TEXT), ("refers_to_url", _TEXT), ("refers_to_page_url", _TEXT),
        ("refers_to_news_id", _NUMBER),
        ("problems", pa.list_(_PROBLEM)),
    ]
)  # fmt: skip
_BOARD_HEADER = 6
_SEEN = 6
_COVID = 6

Row = tuple[Any, ...]


def to_row(item: Prepared, source_kind: str) -> Row:
    """The values of a row, in the order of SCHEMA; raw captures as they were (Uncompressed)."""
    board, article, revisit = item.board, item.article, item.revisit
    page = item.page or (revisit.page if revisit else None)
    return (
        item.source, source_kind, item.offset, item.is_capture, item.digest,
        *(page or (None, None)),
        *(item.seen or (None,) * _SEEN),
        *((item.raw[0], item.raw[1], item.raw[3]) if item.raw else (None,) * 3),
        *((board.digest, *board.header, board.quotes) if board else (None,) * (_BOARD_HEADER + 2)),
        *((article.digest, article.dateline, article.word_count, article.body, *article.claim,
           article.tags, _flat(article.teasers), article.mentions) if article
          else (None,) * (7 + len(CLAIM_FIELDS))),
        *(item.covid or (None,) * _COVID),
        tuple((row.position, *(row.page or (None, None)), row.headline, row.summary, row.listed_at)
              for row in item.listings),
        *((revisit.digest, revisit.captured_at, revisit.url, revisit.refers_to_at,
           revisit.refers_to_url, *(revisit.target or (None, None))) if revisit else (None,) * 7),
        tuple((row.digest, row.kind, row.detail, row.excerpt) for row in item.problems),
    )  # fmt: skip


def _flat(teasers: Sequence[tuple[int, str, tuple[str, int | None] | None]]) -> Row:
    return tuple(
        (position, headline, *(page or (None, None))) for position, headline, page in teasers
    )


def _board(digest: str, header: tuple[int, ...], quotes: Sequence[Row]) -> BoardRows:
    lines = lines_of(
        [
            (symbol, kind == "share", round(price * 100), round(previous_price * 100))
            for symbol, kind, _, _, price, _, _, previous_price, *_ in quotes
        ]
    )
    return BoardRows(digest, header, tuple(quotes), lines)


def from_row(row: Row) -> Prepared:
    """What `to_row` was given."""
    values = iter(row)

    def take(count: int) -> Row:
        return tuple(next(values) for _ in range(count))

    source, _, offset, is_capture, digest, *page = take(7)
    seen = take(_SEEN)
    media_type, charset, raw = take(3)
    board_digest, *header = take(1 + _BOARD_HEADER)
    (quotes,) = take(1)
    article_digest, dateline, word_count, body = take(4)
    claim = take(len(CLAIM_FIELDS))
    tags, teasers, mentions = take(3)
    covid = take(_COVID)
    listings, revisit_digest, captured_at, url, at, refers_to_url, *target = take(8)
    (problems,) = take(1)
    return Prepared(
        source=source,
        offset=offset,
        is_capture=is_capture,
        problems=tuple(ProblemRow(*problem) for problem in problems or ()),
        digest=digest,
        page=_page(*page) if revisit_digest is None else None,
        board=_board(board_digest, tuple(header), quotes or ()) if board_digest else None,
        article=ArticleRows(
            article_digest,
            dateline,
            word_count,
            body,
            claim,
            tags or (),
            tuple((position, text, _page(*page)) for position, text, *page in teasers or ()),
            mentions or (),
        )
        if article_digest
        else None,
        seen=seen if digest else (),
        raw=(media_type, charset, len(raw), raw) if raw is not None else None,
        # The provinces are a JSON object, never NULL, where there is a counter.
        covid=covid if covid[-1] is not None else None,
        revisit=RevisitRow(
            revisit_digest, _page(*page), captured_at, url, _page(*target), at, refers_to_url
        )
        if revisit_digest
        else None,
        listings=tuple(
            ListingRow(position, _page(page_url, news_id), headline, summary, listed_at)
            for position, page_url, news_id, headline, summary, listed_at in listings or ()
        ),
    )


def _page(url: str | None, news_id: int | None) -> tuple[str, int | None] | None:
    return (url, news_id) if url is not None else None


class PartWriter:
    """Writes rows to a file, a group at a time, in memory that does not grow."""

    def __init__(self, file: BinaryIO, facts: dict[str, Any]) -> None:
        """`facts` are kept as JSON in the file's metadata, readable before any row."""
        self._rows: list[Row] = []
        self._facts = facts
        self._writer = pq.ParquetWriter(file, SCHEMA, compression="zstd")

    def write(self, items: Iterable[Prepared], source_kind: str) -> None:
        for item in items:
            self._rows.append(to_row(item, source_kind))
            if len(self._rows) >= ROW_GROUP:
                self._flush()

    def close(self) -> None:
        """Write what is left, and the facts as they are now."""
        self._flush()
        facts = json.dumps({"version": VERSION, **self._facts})
        self._writer.add_key_value_metadata({_METADATA_KEY: facts.encode()})
        self._writer.close()

    def abandon(self) -> None:
        """Close a file that is not to be used."""
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(_batch(self._rows), row_group_size=ROW_GROUP)
            self._rows = []


def _batch(rows: list[Row]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [_array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)],
        schema=SCHEMA,
    )


def _array(column: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if not (pa.types.is_list(kind) and pa.types.is_struct(kind.value_type)):
        return pa.array(column, kind)
    # Built by columns: from dicts it would take ten times as long.
    offsets = [0]
    flat: list[Row] = []
    for rows in column:
        flat.extend(rows or ())
        offsets.append(len(flat))
    inner = kind.value_type
    children = zip(*flat, strict=True) if flat else ([] for _ in inner)
    struct = pa.StructArray.from_arrays(
        [pa.array(child, inner[n].type) for n, child in enumerate(map(list, children))],
        fields=list(inner),
    )
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), struct, type=kind)


def part_facts(file: pq.ParquetFile) -> dict[str, Any] | None:
    """The facts of a part; None for any other Parquet file."""
    metadata = file.metadata.metadata or {}
    if _METADATA_KEY not in metadata:
        return None
    facts: dict[str, Any] = json.loads(metadata[_METADATA_KEY])
    return facts


def read_rows(file: pq.ParquetFile, rows: int = 250) -> Iterator[list[tuple[Prepared, str]]]:
    """The rows of a part, some at a time, each with the kind of its source.

    Quotes are read once for each board, as a worker sends them once (packing.py).
    """
    sent: set[str] = set()
    for batch in file.iter_batches(rows):
        columns = {name: batch.column(name) for name in SCHEMA.names}
        digests = columns["board_digest"].to_pylist()
        first: list[int] = []
        for number, digest in enumerate(digests):
            if digest is not None and digest not in sent:
                sent.add(digest)
                first.append(number)
        quotes: list[Any] = [None] * batch.num_rows
        found = _values(columns["quotes"].take(pa.array(first, pa.int64())))
        for number, value in zip(first, found, strict=True):
            quotes[number] = value
        lists = [quotes if name == "quotes" else _values(columns[name]) for name in SCHEMA.names]
        kinds = lists[SCHEMA.names.index("source_kind")]
        items = map(from_row, zip(*lists, strict=True))
        yield list(zip(items, kinds, strict=True))


def _values(column: pa.Array) -> list[Any]:
    """A column as Python values; lists as tuples, structs in them as tuples of their fields."""
    if not pa.types.is_list(column.type):
        return list(column.to_pylist())
    offsets = column.offsets.to_pylist()
    first, last = offsets[0], offsets[-1]
    inner = column.values.slice(first, last - first)
    if pa.types.is_struct(inner.type):
        children = [child.to_pylist() for child in inner.flatten()]
        flat: list[Any] = list(zip(*children, strict=True))
    else:
        flat = inner.to_pylist()
    return [tuple(flat[start - first : end - first]) for start, end in pairwise(offsets)]
