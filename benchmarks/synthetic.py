"""Generate seeded page texts for benchmarks, with 34 quotes and an article each.

Articles are as long as real ones: 1 to 12 KB, half of them below 3 KB, with a long tail. They have
commas, curly quotes and figures about as often. One in three names companies: most pages of the
paper are about politics, the world and trade.

Boards are consistent: all boards of a day have the same bases, the last prices of a day are the
bases of the next, and pages are captured on the day that they show.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

SHARES = (
    "AIRLINK BOP CNERGY DFML DGKC FCCL FFBL FFL GGL HBL HUBC HUMNL KEL KOSM MLCF OGDC PAEL PIAA"
    " PIBTL PPL PRL PTC SEARL SNGP SSGC TELE TPLP TRG UNITY WTL"
).split()
INDICES = (("BR100", 7_500), ("BR30", 24_500), ("KSE100", 71_000), ("KSE30", 23_500))
_CITIES = ("KARACHI", "LAHORE", "ISLAMABAD", "QUETTA", "PESHAWAR", "MULTAN", "LONDON", "TOKYO")
_SYLLABLES = (
    "ba be bi bo da de di do fa fe ga go ha he ka ki la le li lo ma me mi mo na ne no pa pe"
    " ra re ri ro sa se si so ta te ti to va ve za"
).split()


_NAMES = (
    "OGDC", "Hub Power Company", "Habib Bank", "Lucky Cement", "Engro", "PSO", "the State Bank",
    "Fauji Fertilizer", "Pakistan Petroleum Limited", "the rupee", "TRG",
)  # fmt: skip

_NAMING = 1 / 3  # of articles
# Of articles: bytes in the middle and at the ends, the deviation of their logarithm.
_MEDIAN_BYTES, _LEAST_BYTES, _MOST_BYTES = 3000, 1000, 12_000
_SPREAD = 0.6
_WORD_BYTES = 7.4  # with the blank, as often as each is chosen


def _vocabulary(chance: random.Random, size: int = 12_000) -> tuple[list[str], list[float]]:
    """Return invented words with the frequency distribution of a natural language."""
    words = {"".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(size * 2)}
    chosen = sorted(words)[:size]
    chance.shuffle(chosen)
    return chosen, [1 / (rank + 3) for rank in range(len(chosen))]


def _percent(change: int, base: int) -> str:
    size = (2 * abs(change) * 10_000 + base) // (2 * base)
    text = f"{size / 100:.2f}".rstrip("0").rstrip(".")
    return f"-{text}" if change < 0 and text != "0" else text


class _Market:
    """Prices of all symbols, day after day, in hundredths."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._bases = {symbol: chance.randint(400, 30_000) for symbol in SHARES}
        self._bases |= {symbol: level * 100 for symbol, level in INDICES}
        self._prices = dict(self._bases)
        self.day = date(2015, 1, 1)

    def next_day(self) -> None:
        """The next weekday; what was paid last is what changes are counted from."""
        self.day += timedelta(days=3 if self.day.weekday() == 4 else 1)
        # Pages print an index in whole points.
        self._bases = {
            symbol: price if symbol in SHARES else price // 100 * 100
            for symbol, price in self._prices.items()
        }

    def board(self) -> str:
        """Return a board of 30 shares and four indices with correct percentages."""
        return "\n".join([*map(self._share, SHARES), *(self._index(name) for name, _ in INDICES)])

    def _share(self, symbol: str) -> str:
        base = self._bases[symbol]
        change = max(round(base * self._chance.gauss(0, 0.02)), 200 - base)
        self._prices[symbol] = base + change
        word, arrow = ("Increased By", "▲") if change > 0 else ("Decreased By", "▼")
        if change == 0:
            word = "No Change"
        return (
            f"{symbol} {(base + change) / 100:.2f} {word} {arrow} {change / 100:.2f}"
            f" ({_percent(change, base)}%)"
        )

    def _index(self, symbol: str) -> str:
        base = self._bases[symbol]
        change = round(base * self._chance.gauss(0.0002, 0.01), -1)
        self._prices[symbol] = base + change
        word = "Increased By" if change > 0 else "Decreased By" if change < 0 else "No Change"
        tenths = f"{change / 100:.1f}".removesuffix(".0")
        return (
            f"{symbol} {round((base + change) / 100):,} {word} {tenths} ({_percent(change, base)}%)"
        )


def _words_of_an_article(chance: random.Random) -> int:
    """Return a log-normally distributed length in words."""
    size = chance.lognormvariate(math.log(_MEDIAN_BYTES), _SPREAD)
    return round(min(max(size, _LEAST_BYTES), _MOST_BYTES) / _WORD_BYTES)


def pages(count: int, new_boards: float, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield `count` pages as records of JSON lines, a share `new_boards` of them with a new board.

    Boards repeat in runs, as in crawls of neighbouring minutes. There are 50 pages per day, or
    more if they would span over ten years.
    """
    chance = random.Random(seed)
    words, weights = _vocabulary(chance)
    market = _Market(chance)
    a_day = max(50, count // 2500)
    board = market.board()
    for number in range(count):
        if number and number % a_day == 0:
            market.next_day()
            board = market.board()
        elif number and chance.random() < new_boards:
            board = market.board()
        stock = chance.choices(words, weights, k=_words_of_an_article(chance))
        # Between 5:00 and 10:00 UTC the exchange is open.
        minute = 300 + number % a_day * 300 // a_day
        yield {
            "text": _text(board, stock, chance, number, market.day),
            "url": f"https://www.brecorder.com/news/{40_000_000 + number}/a-slug",
            "timestamp": f"{market.day}T{minute // 60:02}:{minute % 60:02}:00Z",
        }


def _paragraph(stock: list[str], chance: random.Random, *, names_companies: bool) -> str:
    """Return one or two sentences, some with a quotation, a possessive, a figure or a name."""
    words = list(stock)
    words[0] = words[0].capitalize()
    for place in range(chance.randint(4, 12), len(words) - 1, chance.randint(8, 14)):
        words[place] += chance.choice((",", ",", ".", ""))
    place = chance.randrange(len(words))
    if chance.random() < 0.4:
        words[place] = f"{chance.choice(_NAMES) if names_companies else words[place]}’s"
    if chance.random() < 0.3:
        words[-1] = f"Rs{chance.randint(1, 900) / 10} billion in {chance.randint(1990, 2025)}"
    text = " ".join(words)
    return f"“{text},” he said." if chance.random() < 0.25 else f"{text}."


def _text(board: str, stock: list[str], chance: random.Random, number: int, day: date) -> str:
    headline = " ".join(stock[:9]).capitalize()
    names_companies = chance.random() < _NAMING
    paragraphs = []
    start = 9
    while start < len(stock):
        length = chance.randint(22, 48)
        paragraphs.append(
            _paragraph(stock[start : start + length], chance, names_companies=names_companies)
        )
        start += length
    paragraphs[0] = f"{_CITIES[number % len(_CITIES)]}: {paragraphs[0]}"
    return (
        f"{board}\n\nBrecorder Logo\n{day:%b %d, %Y} PRINT EDITION ► BR MARKETS ► Dollar to PKR ►\n"
        f"Markets\n\n{headline}\n\nRecorder Report Published {day:%d %b, %Y} 01:23am\n\n"
        + "\n\n".join(paragraphs)
        + "\n\nCopyright Business Recorder, 2024\n\nComments\n\n200 characters"
    )


def write_pages(
    path: Path, count: int, new_boards: float, seed: int = 1, *, shuffled: bool = False
) -> None:
    """Write pages as JSON lines for both sides of a comparison.

    They are in order of time, with equal boards in sequence, or shuffled like crawls.
    """
    written = (json.dumps(page, ensure_ascii=False) for page in pages(count, new_boards, seed))
    if shuffled:
        lines = list(written)
        random.Random(seed).shuffle(lines)
        written = iter(lines)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in written)
