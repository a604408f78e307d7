"""Serialise a snapshot as one JSON object, for `loader parse`, golden files and other programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from loader.model import Article, Board, Problem, Quote, Revisit, Snapshot
from loader.page.digest import article_digest, board_digest, snapshot_digest


def to_json(item: Snapshot | Problem | Revisit, *, indent: int | None = None) -> str:
    """Return one JSON object with keys in a fixed order and non-ASCII text unescaped."""
    if isinstance(item, Revisit):
        record: dict[str, Any] = {"revisit": asdict(item)}
    else:
        record = _problem(item) if isinstance(item, Problem) else to_record(item)
    # Lone surrogates cannot be encoded in UTF-8; as escapes they are valid JSON.
    try:
        text = json.dumps(record, ensure_ascii=False, indent=indent)
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(record, indent=indent)
    return text


def to_record(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as dicts, lists, strings and numbers; amounts are strings, as printed."""
    capture = snapshot.capture
    refused = snapshot.is_refused
    return {
        "source": capture.source,
        "offset": capture.offset,
        "digest": None if refused else snapshot_digest(capture, snapshot.page_url),
        "url": capture.url,
        "page_url": snapshot.page_url,
        "news_id": snapshot.news_id,
        "captured_at": capture.captured_at,
        "captured_basis": capture.captured_basis,
        "masthead_date": snapshot.masthead_date,
        "corpus_date": snapshot.corpus_date,
        "layout": snapshot.layout,
        "section": snapshot.section,
        "media_type": capture.media_type,
        "size": len(capture.data),
        "board": _board(snapshot.board) if snapshot.board else None,
        "article": _article(snapshot.article) if snapshot.article else None,
        "covid": asdict(snapshot.covid) if snapshot.covid else None,
        "listings": [asdict(listing) for listing in snapshot.listings],
        "problems": [_problem(problem) for problem in snapshot.problems],
    }


def _board(board: Board) -> dict[str, Any]:
    return {
        "digest": board_digest(board),
        "is_pre_open": board.is_pre_open,
        "is_single_quote": board.is_single_quote,
        "quotes": [_quote(quote) for quote in board.quotes],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "symbol": quote.symbol,
        "kind": quote.kind,
        "direction": quote.direction,
        "price": quote.price_text.replace(",", ""),
        "change": quote.change_text.replace(",", ""),
        "percent": quote.percent_text,
        "previous_price": f"{quote.previous_price / 100:.2f}",
        "sign_ok": quote.sign_ok,
        "percent_ok": quote.percent_ok,
    }


def _article(article: Article) -> dict[str, Any]:
    record = asdict(article)
    body = record.pop("body")
    for name in ("tables", "images", "author_pages"):
        record[name] = [part._asdict() for part in record[name]]
    return {"digest": article_digest(article), **record, "paragraphs": body.split("\n\n")}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "detail": problem.detail,
        "source": problem.source,
        "offset": problem.offset,
        "excerpt": problem.excerpt,
    }
