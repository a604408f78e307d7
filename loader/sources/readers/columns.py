"""Find text, address and time in a record with columns of unknown schema.

The names are those of the corpora in docs/page-format.md, Corpora (C4, FineWeb, CC-News, OSCAR),
of related ones (RedPajama, Dolma), and of common scrapers. The first that is present wins, in its
exact spelling, else in any case and with any of `_`, `-` and blanks (`articleBody`, `WARC-Date`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from loader.model import Capture, MediaType
from loader.sources.readers.instants import parse_instant
from loader.sources.readers.markup import starts_with_html
from loader.sources.source import ReadOptions, Source, storable

TEXT_COLUMNS = (
    "text",
    "content",
    "raw_content",
    "html",
    "raw_html",
    "maintext",
    "main_text",
    "full_text",
    "raw_text",
    "plain_text",
    "clean_text",
    "cleaned_text",
    "extracted_text",
    "page_text",
    "page_content",
    "text_content",
    "content_text",
    "article_text",
    "article_body",
    "article_content",
    "article",
    "article.text",
    "body",
    "contents",
    "story",
    "document",
)
URL_COLUMNS = (
    "url",
    "source_url",
    "meta.url",
    "meta.source_url",
    "meta.source.url",
    "metadata.url",
    "metadata.source_url",
    "source.url",
    "warc_headers.warc-target-uri",
    "meta.warc_headers.warc-target-uri",
    "meta.headers.warc-target-uri",
    "warc_target_uri",
    "target_uri",
    "uri",
    "page_url",
    "article_url",
    "news_url",
    "web_url",
    "original_url",
    "canonical_url",
    "final_url",
    "requested_url",
    "request_url",
    "permalink",
    "link",
    "href",
)
# Columns that hold an address in some corpora only.
_SOMETIMES_URL = ("source", "metadata.source", "id", "address")
DATE_COLUMNS = (
    "captured_at",  # the name in this project's own tables
    "timestamp",
    "crawl_date",
    "warc_date",
    "date_download",
    "date",
    "meta.timestamp",
    "meta.crawl_date",
    "meta.warc_date",
    "meta.date",
    "metadata.timestamp",
    "metadata.crawl_date",
    "metadata.warc_date",
    "metadata.date",
    "warc_headers.warc-date",
    "meta.warc_headers.warc-date",
    "crawled_at",
    "crawl_time",
    "crawl_timestamp",
    "date_crawled",
    "fetched_at",
    "fetch_time",
    "fetch_date",
    "downloaded_at",
    "download_date",
    "scraped_at",
    "scrape_date",
    "retrieved_at",
    "accessed_at",
    "snapshot_date",
)
_HTML_COLUMNS = frozenset({"html", "rawhtml"})
_TAG = re.compile(r"[\s\ufeff]*<")
_HEAD_CHARACTERS = 64 * 1024
_HTTP = re.compile(r"\s*https?://", re.IGNORECASE)
_SEPARATORS = str.maketrans("", "", "_- ")

Record = dict[str, Any]


class ColumnValue(NamedTuple):
    """A value and its column."""

    column: str
    value: Any


@lru_cache(maxsize=1024)
def folded(name: str) -> str:
    """Return a column's name without its case and separators: `Article-Body` -> `articlebody`."""
    return name.casefold().translate(_SEPARATORS)


def lookup(record: Record, column: str) -> Any:
    """Return the value of a column or at a dotted path, None if there is none.

    A key that contains the dots takes precedence: flattened corpora have columns named `meta.url`.
    """
    if column in record:
        return record[column]
    value: Any = record
    for part in column.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def _values(record: Record, names: Iterable[str]) -> Iterator[ColumnValue]:
    """Yield the values of columns in their exact spelling, then of those in another one."""
    for name in names:
        if (value := lookup(record, name)) is not None:
            yield ColumnValue(name, value)
    keys = {folded(key): key for key in record}
    for name in names:
        key = keys.get(folded(name), name)
        if key != name:
            yield ColumnValue(key, record[key])


def find_text(record: Record, column: str | None = None) -> ColumnValue | None:
    """Return the text of a record: from `column` if given, else the first non-blank one.

    If all are blank, the first is returned; None means that there is no text column.
    """
    blank: ColumnValue | None = None
    for found in _values(record, (column,) if column else TEXT_COLUMNS):
        if not isinstance(found.value, str):
            continue
        if found.value and not found.value.isspace():
            return found
        blank = blank or found
    return blank


def find_url(record: Record, column: str | None = None) -> str | None:
    """Return the address of a record, stripped; None if it has none."""
    for _, value in _values(record, (column,) if column else URL_COLUMNS):
        if isinstance(value, str) and value.strip():
            return value.strip()
    for name in () if column else _SOMETIMES_URL:
        value = lookup(record, name)
        if isinstance(value, str) and _HTTP.match(value):
            return value.strip()
    return None


def find_date(record: Record, column: str | None = None) -> ColumnValue | None:
    """Return the first non-empty date column, readable or not; None if all are empty."""
    for found in _values(record, (column,) if column else DATE_COLUMNS):
        value = found.value
        if value is not None and not (isinstance(value, str) and not value.strip()):
            return found
    return None


class RecordCapture(NamedTuple):
    """The capture in a record, and its date column if that is not readable."""

    capture: Capture
    bad_date: ColumnValue | None


def capture_of(
    record: Record, text: ColumnValue, source: Source, offset: int, options: ReadOptions
) -> RecordCapture:
    """Return the capture in a record with a text; `--captured-at` replaces no unreadable date."""
    date = find_date(record, options.date_column)
    captured_at, basis = options.captured_at, options.captured_basis
    if date:
        captured_at = parse_instant(date.value)
        basis = f"column {storable(date.column)}" if captured_at else None
    url = find_url(record, options.url_column)
    capture = Capture(
        data=text.value.encode("utf-8", "surrogatepass"),
        media_type=_media_type_of(text),
        source=source.name,
        offset=offset,
        url=storable(url) if url else options.url,
        captured_at=captured_at,
        captured_basis=basis,
        # The text is decoded already, so a charset declared within the page does not apply.
        charset="utf-8",
    )
    return RecordCapture(capture, None if captured_at else date)


def _media_type_of(found: ColumnValue) -> MediaType:
    """Return the media type by the column's name and the start of the text."""
    if folded(found.column.rsplit(".", 1)[-1]) in _HTML_COLUMNS:
        return "text/html"
    # Few texts begin with a tag, and only those are encoded.
    if not (tag := _TAG.match(found.value)):
        return "text/plain"
    head = found.value[tag.end() - 1 : tag.end() + _HEAD_CHARACTERS]
    return "text/html" if starts_with_html(head.encode("utf-8", "replace")) else "text/plain"
