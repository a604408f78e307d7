"""Define rows of an archive as records, with the column names of docs/schema.md as fields.

Prices of shares are in rupees, those of indices in points, percentages in per cent, each with at
most two decimals: `round(price * 100)` is the integer stored in the archive. Instants are in UTC
and end in Z; printed times keep their zone, +05:00. Unknown values are None.
"""

from __future__ import annotations

from typing import NamedTuple


class TradingDay(NamedTuple):
    """A trading day with the index levels on its boards, which are not official closes.

    `basis` names the evidence for the day (docs/dating.md).
    """

    date: str
    kse100: float | None
    kse100_percent: float | None
    kse30: float | None
    br100: float | None
    br30: float | None
    advancer_count: int | None
    decliner_count: int | None
    unchanged_count: int | None
    board_count: int
    last_seen_at: str | None
    basis: str | None
    board_id: int


class StoredQuote(NamedTuple):
    """One line of a board, with the board's trading day and its first and last capture times.

    `trading_day` is None without sufficient evidence; `previous_price` is price minus change.
    """

    symbol: str
    trading_day: str | None
    first_captured_at: str | None
    last_captured_at: str | None
    price: float
    change: float
    percent: float
    previous_price: float
    direction: str
    sign_ok: bool
    percent_ok: bool
    within_daily_limit: bool | None
    board_id: int


class StoredArticle(NamedTuple):
    """One text of a page.

    `body` has paragraphs separated by a blank line; it is empty in a copy shared without texts.
    `article_date` is the most reliable date and `article_date_basis` its origin.
    """

    id: int
    headline: str | None
    summary: str | None
    section: str | None
    byline: str | None
    agency: str | None
    article_kind: str | None
    dateline: str | None
    article_date: str | None
    article_date_basis: str | None
    published_at: str | None
    updated_at: str | None
    url: str | None
    news_id: int | None
    word_count: int
    body: str


class StoredSnapshot(NamedTuple):
    """A parsed capture: where and when it was captured, its board and its article."""

    id: int
    url: str | None
    captured_at: str | None
    captured_basis: str | None
    source: str
    source_offset: int | None
    board_id: int | None
    article_id: int | None
