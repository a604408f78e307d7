"""Ticker lines in other characters, joined, or spread over lines give the same board."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from loader.model import Capture, Snapshot
from loader.page import parse_capture
from loader.page.ticker_form import with_usual_ticker
from tests.make_html.template import article_page
from tests.page.html_pages import PAGE

LINES = (
    "ABCD 12.34 Increased By ▲ 0.56 (4.75%)",
    "EFGH 1,234.50 Decreased By ▼ -4.50 (-0.36%)",
    "IJKL 20.00 No Change ▼ 0.00 (0%)",
    "BR100 7,000 No Change 0 (0%)",
    "KSE100 51,234 Decreased By -1234.5 (-2.35%)",
)
BOARD = "\n".join(LINES)
REST = """Mar 03, 2024

Potters of Hala fire their kilns with straw

Recorder Report Published 03 Mar, 2024 06:20am

HALA: Potters of this town fire their kilns with straw again, since wood costs twice as much.

The glaze is duller, they say, but buyers have not complained."""


def parse(text: str) -> Snapshot:
    return parse_capture(Capture(text.encode(), "text/plain", "a.txt"))


USUAL = parse(f"{BOARD}\n{REST}")


def same(text: str) -> None:
    found = parse(text)
    assert found.board == USUAL.board
    assert found.article == USUAL.article
    assert found.problems == ()


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        *(
            (" ", blank)
            for blank in ("\u00a0", "\u2009", "\u3000", "\t", "\u3164", "\u2800", "&nbsp;")
        ),
        *(("-", minus) for minus in ("−", "–", "—", "‐", "‑", "－", "﹣", "- ")),
        ("▲ ", "▲ +"),
        ("▲ ", "▲"),
        ("By ▲", "By▲"),
        (" (", "("),
        ("(", "( "),
        ("%)", " %)"),
        ("%", "％"),
        ("%)", "%) "),
    ],
)
def test_other_characters_give_the_same_board(usual: str, other: str) -> None:
    same(BOARD.replace(usual, other) + "\n" + REST)


@pytest.mark.parametrize(
    ("up", "down"),
    ["↑↓", "⬆⬇", "△▽", "▴▾", "🔺🔻", "⏶⏷", "??", "\ufffd\ufffd", ("â–²", "â–¼"),
     ("&#9650;", "&#9660;"), ("&#x25B2;", "&#x25BC;"), ("&utrif;", "&dtrif;")],
)  # fmt: skip
def test_other_and_lost_arrows_are_those_of_the_direction_words(up: str, down: str) -> None:
    same(BOARD.replace("▲", up).replace("▼", down) + "\n" + REST)


@pytest.mark.parametrize("zero", ["０", "٠", "۰", "०"])
def test_digits_of_other_scripts_are_read(zero: str) -> None:
    digits = {ord("0") + n: ord(zero) + n for n in range(10)}
    shares = "\n".join(LINES[:3])
    assert parse(shares.translate(digits)).board == parse(shares).board


@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_direction_words_in_any_case(change: Callable[[str], str]) -> None:
    text = BOARD
    for word in ("Increased By", "Decreased By", "No Change"):
        text = text.replace(word, change(word))
    same(f"{text}\n{REST}")


@pytest.mark.parametrize(
    "board",
    [
        " ".join(LINES),
        " ".join(LINES[:3]) + "\n" + "   ".join(LINES[3:]),
        "\n\n\n".join(LINES),
        "\n".join(f"• {line}" for line in LINES),
        "\n".join(f"- {line}" for line in LINES),
        "\n".join(f"* {line}" for line in LINES),
        "\n".join("| " + line.replace(" ", " | ", 2) + " |" for line in LINES),
        "\n".join(f"[{line.replace(' ', '](https://example.org/a.html) ', 1)}" for line in LINES),
        "\n".join(f"**{line.split()[0]}** {line.split(' ', 1)[1]}" for line in LINES),
        re.sub(r"(?<=\d) (?=[ID])|(?<=[a-z]) (?=[▲▼\d-])", "\n", BOARD.replace(" ", "\n", 1)),
        "\n".join(line.replace(" ", "\n\n", 2) for line in LINES),
        BOARD.replace("No Change", "Unchanged"),
    ],
    ids=[
        "one line", "two lines", "far apart", "bullets", "dashes", "stars", "borders", "links",
        "bold", "a cell a line", "a cell a paragraph", "unchanged",
    ],
)  # fmt: skip
def test_joined_and_spread_lines_give_the_same_board(board: str) -> None:
    same(f"{board}\n{REST}")


def test_a_text_on_one_line_keeps_its_board_and_its_words() -> None:
    found = parse(" ".join(f"{BOARD} {REST}".split()))
    assert found.board == USUAL.board
    assert found.article is not None
    assert found.article.body == " ".join(REST.split())
    assert parse(f"{LINES[0]} {REST}").board == parse(LINES[0]).board


def test_a_bad_line_among_joined_ones_is_a_problem() -> None:
    found = parse(" ".join([*LINES[:2], "MNOP 1.2.3 Increased By ▲ 0.10 (1%)", *LINES[2:]]))
    assert found.board == USUAL.board
    assert [problem.kind for problem in found.problems] == ["ticker-line"]


@pytest.mark.parametrize(
    "text",
    [
        BOARD,
        "\n\n".join(LINES),
        f"{BOARD}\n{BOARD}\n{REST}",
        REST,
        "Turnover of ABCD 12.34 increased by 5 shares (1%) on Monday.",
        "Brokers said:\nABCD 12.34 Increased By ▲ 0.56 (4.75%) in the morning, and more later.",
        "The rate saw no change (4%) in 2024.",
    ],
)
def test_usual_lines_and_sentences_stay_as_they_are(text: str) -> None:
    assert with_usual_ticker(text) is text


@pytest.mark.parametrize(
    ("usual", "other"),
    [("Increased By", "increased by"), (" -", " −"), ("▲", "⬆"), ("(-", "(−"), ("▼", "?")],
)
def test_a_ticker_in_html_is_read_likewise(usual: str, other: str) -> None:
    page = article_page(replace(PAGE, board=USUAL.board))
    assert usual in page
    first, second = (
        parse_capture(Capture(html.encode(), "text/html", "a.html"))
        for html in (page, page.replace(usual, other))
    )
    assert first.board is not None
    assert second.board == first.board
    assert second.problems == first.problems
