"""Synthetic page texts for benchmarks: seeded, about 4 KB of text and 34 quotes each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
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


def _vocabulary(chance: random.Random, size: int = 12_000) -> tuple[list[str], list[float]]:
    """Invented words whose frequencies fall as those of a language do."""
    words = {"".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(size * 2)}
    chosen = sorted(words)[:size]
    chance.shuffle(chosen)
    return chosen, [1 / (rank + 3) for rank in range(len(chosen))]


def _percent(change: int, base: int) -> str:
    size = (2 * abs(change) * 10_000 + base) // (2 * base)
    text = f"{size / 100:.2f}".rstrip("0").rstrip(".")
    return f"-{text}" if change < 0 and text != "0" else text


def board_lines(chance: random.Random) -> str:
    """One board of 30 shares and four indices whose percentages hold."""
    lines = []
    for symbol in SHARES:
        base = chance.randint(400, 30_000)
        change = round(base * chance.gauss(0, 0.02))
        word, arrow = ("Increased By", "▲") if change > 0 else ("Decreased By", "▼")
        if change == 0:
            word = "No Change"
        lines.append(
            f"{symbol} {(base + change) / 100:.2f} {word} {arrow} {change / 100:.2f}"
            f" ({_percent(change, base)}%)"
        )
    for symbol, level in INDICES:
        base = level * 100 + chance.randint(-50_000, 50_000)
        change = round(base * chance.gauss(0.004, 0.01), -1)
        word = "Increased By" if change > 0 else "Decreased By" if change < 0 else "No Change"
        tenths = f"{change / 100:.1f}".removesuffix(".0")
        lines.append(
            f"{symbol} {round((base + change) / 100):,} {word} {tenths} ({_percent(change, base)}%)"
        )
    return "\n".join(lines)


def pages(count: int, new_boards: float, seed: int = 1) -> Iterator[dict[str, str]]:
    """`count` pages as JSON lines hold them; a share `new_boards` of them has a board of its own.

    Boards repeat in runs, as they do in crawls of neighbouring minutes.
    """
    chance = random.Random(seed)
    words, weights = _vocabulary(chance)
    board = board_lines(chance)
    for number in range(count):
        if number and chance.random() < new_boards:
            board = board_lines(chance)
        stock = chance.choices(words, weights, k=490)
        minute = number % 1440
        yield {
            "text": _text(board, stock, chance, number),
            "url": f"https://www.brecorder.com/news/{40_000_000 + number}/a-slug",
            "timestamp": f"2024-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
            f"T{minute // 60:02}:{minute % 60:02}:00Z",
        }


def _text(board: str, stock: list[str], chance: random.Random, number: int) -> str:
    headline = " ".join(stock[:9]).capitalize()
    paragraphs = []
    start = 9
    while start < len(stock):
        length = chance.randint(22, 48)
        paragraphs.append(" ".join(stock[start : start + length]).capitalize() + ".")
        start += length
    paragraphs[0] = f"{_CITIES[number % len(_CITIES)]}: {paragraphs[0]}"
    return (
        f"{board}\n\nBrecorder Logo\nMar 03, 2024 PRINT EDITION ► BR MARKETS ► Dollar to PKR ►\n"
        f"Markets\n\n{headline}\n\nRecorder Report Published 03 Mar, 2024 01:23am\n\n"
        + "\n\n".join(paragraphs)
        + "\n\nCopyright Business Recorder, 2024\n\nComments\n\n200 characters"
    )


def write_pages(path: Path, count: int, new_boards: float, seed: int = 1) -> None:
    """Write pages as JSON lines, as both sides of a comparison read them."""
    with path.open("w", encoding="utf-8") as file:
        for page in pages(count, new_boards, seed):
            file.write(json.dumps(page, ensure_ascii=False) + "\n")
