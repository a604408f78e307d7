"""Invented articles, and effects of extraction on a text."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "labelled"


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.txt").read_text().rstrip("\n")


COTTON: Final = _text("cotton")
BUDGET: Final = _text("budget")
BANK: Final = _text("bank")
RATES: Final = _text("rates")
EDITORIAL: Final = _text("editorial")
WIRE: Final = _text("wire")
URDU: Final = _text("urdu")
LETTER: Final = _text("letter")
ALL: Final = (COTTON, BUDGET, BANK, RATES, EDITORIAL, WIRE, URDU, LETTER)

Noise = Callable[[str], str]


def lines_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def paragraphs_of(text: str) -> list[str]:
    return text.split("\n\n")


def straight(text: str) -> str:
    """Return a text with straight quotes and apostrophes."""
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


def curly(text: str) -> str:
    return text.replace("'", "’").replace(' "', " “").replace('"', "”")


def without_double_quotes(text: str) -> str:
    return text.translate(str.maketrans(dict.fromkeys('“”"', None)))


def hyphens(text: str) -> str:
    return text.replace("–", "-").replace("—", "-")


def long_dashes(text: str) -> str:
    return text.replace(" – ", " — ").replace("-", "‐")


def double_hyphens(text: str) -> str:
    return text.replace(" – ", " -- ").replace("–", "-")


def entities(text: str) -> str:
    return html.escape(text, quote=True).replace("’", "&rsquo;").replace("–", "&ndash;")


def twice_escaped(text: str) -> str:
    return html.escape(html.escape(text))


def nbsp(text: str) -> str:
    return text.replace("Rs ", "Rs\u00a0").replace(" billion", "\u202fbillion")


def nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def ligatures(text: str) -> str:
    return text.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ")


def soft_hyphens(text: str) -> str:
    return text.replace("tion", "\u00adtion").replace("mar", "mar\u00ad")


def zero_width(text: str) -> str:
    return text.replace(", ", ",\u200b ").replace("Rs", "\ufeffRs")


def one_line(text: str) -> str:
    return " ".join(text.split())


def single_breaks(text: str) -> str:
    return "\n".join(lines_of(text))


def wrapped(text: str) -> str:
    return "\n\n".join(textwrap.fill(each, 60) for each in paragraphs_of(text))


def glued(text: str) -> str:
    """Return a text with paragraphs joined without a blank, as from markup without line ends."""
    return "".join(lines_of(text))


def list_marks(text: str) -> str:
    return "\n".join(f"- {line}" for line in lines_of(text))


def bullets(text: str) -> str:
    return "\n".join(f"  • {line}" for line in lines_of(text))


def numbered(text: str) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines_of(text), 1))


def spaced_rupees(text: str) -> str:
    return text.replace("Rs ", "Rs")


def doubled_blanks(text: str) -> str:
    return text.replace(" ", "  ").replace("\n", " \n\t")


def misread(text: str) -> str:
    """Return UTF-8 text decoded as Windows-1252."""
    return text.replace("’", "â€™").replace("“", "â€œ").replace("”", "â€").replace("–", "â€“")


def emphasised(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"**{first}**\n{rest}"


MARKS: Final[tuple[Noise, ...]] = (
    straight, curly, without_double_quotes, hyphens, long_dashes, double_hyphens, entities,
    twice_escaped, nbsp, nfkc, nfd, ligatures, soft_hyphens, zero_width, misread, spaced_rupees,
    doubled_blanks, emphasised,
)  # fmt: skip
SHAPES: Final[tuple[Noise, ...]] = (one_line, single_breaks, wrapped, list_marks, bullets, numbered)


def without_line(text: str, number: int) -> str:
    lines = lines_of(text)
    del lines[number % len(lines)]
    return "\n\n".join(lines)


def with_line(text: str, line: str, number: int) -> str:
    lines = lines_of(text)
    lines.insert(number, line)
    return "\n\n".join(lines)


def cut(text: str, share: float) -> str:
    return text[: max(20, int(len(text) * share))]
