"""Rows of an archive as records, their fields named as the columns of docs/schema.md.

Prices of shares are in rupees, those of indices in points, percentages in per cent, each with at
most two decimals: `round(price * 100)` is the whole number that the archive holds. Instants are
UTC and end in Z; what a page printed keeps its zone, +05:00. None where nothing is known.
"""

from __future__ import annotations

from typing import NamedTuple


class TradingDay(NamedTuple):
    """A trading day with the index levels that its boards show; none is an official close.

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
    """One line of a board, with the day that the board shows and the times it was captured at.

    `trading_day` is None where evidence is not enough; `previous_price` is price less change.
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
    """One text of a page. `body` has paragraphs split by a blank line; it is empty in a copy
    that was shared without texts.

    `article_date` is the date that is known best and `article_date_basis` its origin.
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
    """A parsed capture: where and when it was captured, and the board and the article on it."""

    id: int
    url: str | None
    captured_at: str | None
    captured_basis: str | None
    source: str
    source_offset: int | None
    board_id: int | None
    article_id: int | None
