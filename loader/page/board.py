"""Parse ticker lines into a board (docs/page-format.md, Ticker lines and Boards)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from loader.amounts import hundredths
from loader.model import Board, Direction, InstrumentKind, Quote
from loader.page.checks import INDEX_CHANGE_SLACK, INDEX_PRICE_SLACK, percent_error
from loader.page.known_boards import KnownBoards, lines_key

INDEX_SYMBOLS = frozenset(
    [
        "ALLSHR",
        "BKTI",
        "BR100",
        "BR30",
        "KMI30",
        "KMIALLSHR",
        "KSE100",
        "KSE30",
        "KSEALL",
        "OGTI",
        "PSXDIV20",
    ]
)

_DIRECTIONS: dict[str, Direction] = {
    "Increased By": "up",
    "Decreased By": "down",
    "No Change": "flat",
}

AMOUNT: Final = r"(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,9})(?:\.\d{1,2})?"
SYMBOL: Final = r"[A-Z0-9][A-Z0-9.&-]{0,19}"
_LINE = (
    rf"(?P<symbol>{SYMBOL}) "
    rf"(?P<price>{AMOUNT}) "
    r"(?P<word>Increased By|Decreased By|No Change) "
    r"(?:(?P<arrow>[▲▼]) )?"
    rf"(?P<change>-?{AMOUNT}) "
    r"\((?P<percent>-?\d{1,6}(?:\.\d{1,2})?)%\)"
)
_TICKER_LINE = re.compile(_LINE, re.ASCII)
_TICKER_LINES = re.compile(f"^{_LINE}$", re.ASCII | re.MULTILINE)
# Symbol, one token, direction word, little more: the shape of a ticker line with a bad number.
# A sentence does not start with a symbol in capitals followed by a single token.
_NEARLY = re.compile(
    r"\s*[A-Z0-9][A-Z0-9.&-]{0,19}\s+\S{1,24}\s+(?:(?:In|De)creased\s+By|No\s+Change)"
    r"(?:\s.{0,60})?\Z"
)


BlockRole = Literal["blank", "quote", "quote-repeat", "problem"]
_QUOTE: tuple[BlockRole] = ("quote",)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines parsed as a board.

    `roles` has one entry per line, `quote-repeat` for an identical repetition. `faults` holds
    (line number within the block, description).
    `is_plain` is true if every line matches the ticker format exactly and no symbol repeats; only
    such a block has a `key` (`known_boards.py`). If its lines were parsed before, `known` is the
    digest of that board and `board` is None.
    """

    board: Board | None
    roles: tuple[BlockRole, ...]
    faults: tuple[tuple[int, str], ...]
    is_plain: bool = False
    key: bytes | None = None
    known: str | None = None

    @property
    def has_board(self) -> bool:
        return self.board is not None or self.known is not None


# Changes and percentages take few distinct values, so most calls hit the cache.
_small = lru_cache(maxsize=4096)(hundredths)


def is_nearly_ticker_line(line: str) -> bool:
    """Whether a line has the shape of a ticker line, whatever its numbers."""
    return ("By" in line or "Change" in line) and _NEARLY.match(line) is not None


def parse_line(line: str) -> Quote | None:
    """Return the quote on a line, or None; runs of white space count as one blank."""
    match = _TICKER_LINE.fullmatch(line)
    if match is None:
        if "%)" not in line:
            return None
        match = _TICKER_LINE.fullmatch(" ".join(line.split()))
        if match is None:
            return None
    return make_quote(*match.groups(""))


def make_quote(
    symbol: str, price_text: str, word: str, arrow: str, change_text: str, percent_text: str
) -> Quote:
    """Return a quote from its printed parts, with its percentage checked.

    An index is recognised by its symbol, or, if the symbol is unknown, by a line without arrow
    and decimals.
    """
    price, change, percent = hundredths(price_text), _small(change_text), _small(percent_text)
    kind: InstrumentKind
    if symbol in INDEX_SYMBOLS or (not arrow and "." not in price_text):
        kind = "index"
        price_slack = 0 if "." in price_text else INDEX_PRICE_SLACK
        change_slack = 0 if change_text[-3:-2] == "." else INDEX_CHANGE_SLACK
        error = percent_error(price, change, percent, price_slack, change_slack)
    else:
        kind = "share"
        error = percent_error(price, change, percent)
    # By position: a page has 34 quotes, and keyword arguments would double the time.
    return Quote(
        symbol, kind, _DIRECTIONS[word], arrow, price_text, change_text, percent_text,
        price, change, percent, error,
    )  # fmt: skip


def find_block(lines: list[str]) -> tuple[int, int]:
    """Return the first run of ticker lines as (start, end) line numbers; (n, n) if there is none.

    Single blank lines inside the run belong to it; blank lines after it do not.
    """
    count = len(lines)
    start = 0
    while start < count and not _opens_block(lines[start]):
        start += 1
    end = start
    while end < count:
        line = lines[end]
        # The cheap test first: this runs for every line of every page's board.
        if line.endswith("%)") or is_nearly_ticker_line(line):
            end += 1
        elif not line.strip() and end + 1 < count and _opens_block(lines[end + 1]):
            end += 2
        else:
            break
    return start, end


def _opens_block(line: str) -> bool:
    return ("%)" in line and parse_line(line) is not None) or is_nearly_ticker_line(line)


def read_block(text: str, known: KnownBoards | None) -> Block:
    """Parse a run of lines, unless `known` has the digest of their board."""
    if known is None:
        return parse_block(text)
    key = lines_key(text)
    if digest := known.find(key):
        return Block(None, _QUOTE * (text.count("\n") + 1), (), is_plain=True, known=digest)
    block = parse_block(text)
    return replace(block, key=key) if block.is_plain else block


# Neighbouring captures often share a board.
@lru_cache(maxsize=16)
def parse_block(text: str) -> Block:
    """Parse a run of lines. Pure."""
    return _clean_block(text) or _any_block(text)


def are_ticker_lines(text: str) -> bool:
    """Whether every line is a ticker line."""
    return len(_TICKER_LINES.findall(text)) == text.count("\n") + 1


def _clean_block(text: str) -> Block | None:
    """Return the block if every line is a ticker line and no symbol repeats, else None.

    Nearly every page qualifies. One regular-expression search takes two thirds of the time of
    parsing line by line.
    """
    found = _TICKER_LINES.findall(text)
    if len(found) != text.count("\n") + 1:
        return None
    quotes = tuple([make_quote(*parts) for parts in found])
    if len({quote.symbol for quote in quotes}) != len(quotes):
        return None
    return Block(Board(quotes), _QUOTE * len(quotes), (), is_plain=True)


def _any_block(text: str) -> Block:
    """Parse line by line, up to a line that neither is nor resembles a ticker line."""
    quotes: dict[str, Quote] = {}
    roles: list[BlockRole] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n")):
        quote = parse_line(line)
        if quote is None and not line.strip():
            roles.append("blank")
        elif quote is None and is_nearly_ticker_line(line):
            roles.append("problem")
            faults.append((number, "has the shape of a ticker line but not its numbers"))
        elif quote is None:
            break
        elif quote.symbol not in quotes:
            quotes[quote.symbol] = quote
            roles.append("quote")
        elif quotes[quote.symbol] == quote:
            roles.append("quote-repeat")
        else:
            roles.append("problem")
            faults.append((number, "quotes a symbol a second time with other numbers"))
    while roles and roles[-1] == "blank":
        roles.pop()
    board = Board(tuple(quotes.values())) if quotes else None
    return Block(board, tuple(roles), tuple(faults))
