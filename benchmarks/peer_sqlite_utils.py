"""Build similar tables with a straightforward script, as an experienced user of sqlite-utils would.

Regular expressions parse a page, rows go to normalised tables by their hashes, triggers maintain a
full-text index, and the page is compressed with zlib. The script checks no arithmetic, dates no
boards, knows one layout and records no problems.
Run: python -m benchmarks.peer_sqlite_utils pages.jsonl pages.db
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlite_utils

QUOTE = re.compile(
    r"^(?P<symbol>[A-Z0-9.&-]+) (?P<price>[\d,.]+) "
    r"(?P<direction>Increased By|Decreased By|No Change) "
    r"(?:[▲▼] )?(?P<change>-?[\d,.]+) \((?P<percent>-?[\d.]+)%\)$",
    re.MULTILINE,
)
NUMBER = re.compile(r"/news/(\d+)")
MASTHEAD = re.compile(r"^([A-Z][a-z]{2} \d{2}, \d{4}) PRINT EDITION", re.MULTILINE)
BYLINE = re.compile(
    r"^(?P<byline>.*?) ?Published (?P<published>\d\d [A-Z][a-z]{2}, \d{4}.*)$", re.M
)
DATELINE = re.compile(r"([A-Z][A-Z ]+): ")
TAIL = re.compile(r"^(Copyright |Comments$|\d+ characters$)")
DIRECTIONS = {"Increased By": "up", "Decreased By": "down", "No Change": "flat"}
BATCH = 1000
TABLES = ("pages", "boards", "quotes", "articles", "snapshots", "raw")

Row = dict[str, Any]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def number(text: str) -> float:
    return float(text.replace(",", ""))


def create(db: sqlite_utils.Database) -> None:
    """Create tables, indexes, and the full-text index with its triggers."""
    db.enable_wal()
    db["instruments"].create({"id": int, "symbol": str}, pk="id")
    db["instruments"].create_index(["symbol"], unique=True)
    db["pages"].create({"id": str, "url": str, "news_id": int}, pk="id")
    db["boards"].create({"id": str, "quote_count": int}, pk="id")
    db["quotes"].create(
        {"board_id": str, "instrument_id": int, "position": int, "direction": str,
         "price": float, "change": float, "percent": float},
        pk=("board_id", "instrument_id"),
        foreign_keys=[("board_id", "boards", "id"), ("instrument_id", "instruments", "id")],
    )  # fmt: skip
    db["articles"].create(
        {"id": str, "page_id": str, "headline": str, "byline": str, "published": str,
         "section": str, "dateline": str, "body": str, "word_count": int},
        pk="id",
        foreign_keys=[("page_id", "pages", "id")],
    )  # fmt: skip
    db["snapshots"].create(
        {"id": str, "page_id": str, "board_id": str, "article_id": str, "captured_at": str,
         "masthead": str, "line": int},
        pk="id",
        foreign_keys=[("page_id", "pages", "id"), ("board_id", "boards", "id"),
                      ("article_id", "articles", "id")],
    )  # fmt: skip
    db["raw"].create(
        {"snapshot_id": str, "data": bytes}, pk="snapshot_id",
        foreign_keys=[("snapshot_id", "snapshots", "id")],
    )  # fmt: skip
    db["quotes"].create_index(["instrument_id"])
    db["articles"].create_index(["published"])
    for column in ("page_id", "board_id", "article_id", "captured_at"):
        db["snapshots"].create_index([column])
    db["articles"].enable_fts(["headline", "body"], create_triggers=True, tokenize="porter")


def read_article(lines: list[str]) -> Row:
    """Return headline, byline and text from the lines below the board."""
    article: Row = {"section": None, "headline": None, "byline": None, "published": None}
    body: list[str] = []
    for line in lines:
        if TAIL.match(line):
            break
        if MASTHEAD.match(line) or line == "Brecorder Logo":
            continue
        if match := BYLINE.match(line):
            article |= match.groupdict()
        elif article["published"]:
            body.append(line)
        elif article["section"] is None:
            article["section"] = line
        elif article["headline"] is None:
            article["headline"] = line
    dateline = DATELINE.match(body[0]) if body else None
    if dateline:
        body[0] = body[0][dateline.end() :]
    article["dateline"] = dateline[1] if dateline else None
    article["body"] = "\n\n".join(body)
    article["word_count"] = len(article["body"].split())
    article["id"] = digest(f"{article['dateline']} {article['body']}")
    return article


def load(lines: Path, path: Path) -> None:
    db = sqlite_utils.Database(path)
    create(db)
    instruments: dict[str, int] = {}
    with lines.open(encoding="utf-8") as file:
        numbered = enumerate(file)
        while batch := list(islice(numbered, BATCH)):
            rows: dict[str, list[Row]] = {name: [] for name in TABLES}
            for place, line in batch:
                for table, row in page_rows(json.loads(line), place, db, instruments):
                    rows[table].append(row)
            for table, found in rows.items():
                db[table].insert_all(found, ignore=True)


def page_rows(
    page: Row, place: int, db: sqlite_utils.Database, instruments: dict[str, int]
) -> Iterator[tuple[str, Row]]:
    text, url = page["text"], page["url"]
    page_id = digest(url)
    found = NUMBER.search(url)
    yield "pages", {"id": page_id, "url": url, "news_id": int(found[1]) if found else None}
    quotes = list(QUOTE.finditer(text))
    board_id = digest("\n".join(match[0] for match in quotes))
    yield "boards", {"id": board_id, "quote_count": len(quotes)}
    for position, match in enumerate(quotes):
        symbol = match["symbol"]
        if symbol not in instruments:
            instruments[symbol] = db["instruments"].lookup({"symbol": symbol})
        yield (
            "quotes",
            {
                "board_id": board_id,
                "instrument_id": instruments[symbol],
                "position": position,
                "direction": DIRECTIONS[match["direction"]],
                "price": number(match["price"]),
                "change": number(match["change"]),
                "percent": number(match["percent"]),
            },
        )
    rest = text[quotes[-1].end() :] if quotes else text
    article = read_article([line for line in rest.split("\n") if line])
    yield "articles", {**article, "page_id": page_id}
    masthead = MASTHEAD.search(rest)
    snapshot_id = digest(f"{url}\n{page['timestamp']}\n{text}")
    yield (
        "snapshots",
        {
            "id": snapshot_id,
            "page_id": page_id,
            "board_id": board_id,
            "article_id": article["id"],
            "captured_at": page["timestamp"],
            "masthead": masthead[1] if masthead else None,
            "line": place,
        },
    )
    yield "raw", {"snapshot_id": snapshot_id, "data": zlib.compress(text.encode())}


if __name__ == "__main__":
    load(Path(sys.argv[1]), Path(sys.argv[2]))
