"""Ticker lines: parsed, checked, printed again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.model import Board, Quote
from loader.page.board import (
    find_block,
    is_nearly_ticker_line,
    make_quote,
    parse_block,
    parse_line,
)
from tests.page.ticker_lines import render, render_quote
from tests.reliability import setting


@pytest.mark.parametrize(
    ("line", "kind", "direction", "price", "change", "percent"),
    [
        ("ABCD 12.34 Increased By ▲ 0.56 (4.75%)", "share", "up", 1234, 56, 475),
        ("ABCD 12.34 Decreased By ▼ -0.56 (-4.34%)", "share", "down", 1234, -56, -434),
        ("ABCD 12.34 No Change ▼ 0.00 (0%)", "share", "flat", 1234, 0, 0),
        ("ABCD 1,234.50 Increased By ▲ 4.50 (0.37%)", "share", "up", 123450, 450, 37),
        ("KSE100 51,234 Increased By 345.6 (0.68%)", "index", "up", 5123400, 34560, 68),
        ("KSE100 51,234 Increased By ▲ 345.67 (0.68%)", "index", "up", 5123400, 34567, 68),
        ("KSE100 51,234 Decreased By -1234.5 (-2.35%)", "index", "down", 5123400, -123450, -235),
        ("BR100 7,000 No Change 0 (0%)", "index", "flat", 700000, 0, 0),
        ("BR30 24,786 Increased By 67 (0.27%)", "index", "up", 2478600, 6700, 27),
    ],
)
def test_each_shape_of_a_ticker_line_is_read_and_holds(
    line: str, kind: str, direction: str, price: int, change: int, percent: int
) -> None:
    quote = parse_line(line)
    assert quote is not None
    assert (quote.kind, quote.direction) == (kind, direction)
    assert (quote.price, quote.change, quote.percent) == (price, change, percent)
    assert quote.sign_ok
    assert quote.percent_error == 0
    assert render_quote(quote) == line


@pytest.mark.parametrize(
    "line",
    [
        "3-Month 1.20 1.45",
        "OGDC closed at Rs 123.45 while PPL gained Rs 2.10",
        "Exports increased by 4.5 per cent (4.5%)",
        "The index Increased By 345 points in 2023 (0.68%)",
        "",
        "(4.75%)",
    ],
)
def test_what_is_no_ticker_line_is_none(line: str) -> None:
    assert parse_line(line) is None
    assert not is_nearly_ticker_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "OGDC 12.3.4 Increased By ▲ 1.20 (1.1%)",
        "OGDC 12.34 Increased By ▲ 1,20 (1.1%)",
        "OGDC N/A No Change ▼ 0.00 (0%)",
        "OGDC 12.34 Increased By ▲ 0.56 (4.755%)",
        "OGDC 12.34 Increased By ▲ 0.56",
        "KSE100 999999999999 Increased By 345.6 (0.68%)",
        "OGDC ١٢.٣٤ Increased By ▲ 0.56 (4.75%)",
    ],
)
def test_right_shape_with_a_wrong_number_is_a_problem_and_never_a_quote(line: str) -> None:
    block = parse_block(line)
    assert block.board is None
    assert block.roles == ("problem",)
    assert block.faults[0][0] == 0


def test_runs_of_white_space_count_as_one_blank() -> None:
    assert parse_line("ABCD  12.34\tIncreased By ▲\u00a00.56 (4.75%)") == parse_line(
        "ABCD 12.34 Increased By ▲ 0.56 (4.75%)"
    )


def test_board_twice_over_gives_each_quote_once() -> None:
    lines = ["AAA 10.00 No Change ▼ 0.00 (0%)", "BBB 20.00 No Change ▼ 0.00 (0%)"]
    block = parse_block("\n".join(lines + lines))
    assert block.board == parse_block("\n".join(lines)).board
    assert block.roles == ("quote", "quote", "quote-repeat", "quote-repeat")


def test_symbol_with_other_numbers_the_second_time_is_a_problem() -> None:
    block = parse_block("AAA 10.00 No Change ▼ 0.00 (0%)\nAAA 11.00 No Change ▼ 0.00 (0%)")
    assert [quote.price for quote in block.board.quotes] == [1000]
    assert block.roles == ("quote", "problem")


def test_board_ends_where_the_ticker_lines_end() -> None:
    lines = [
        "AAA 10.00 No Change ▼ 0.00 (0%)",
        "",
        "KSE100 50,000 No Change 0 (0%)",
        "",
        "LAHORE: Prices rose (4%)",
    ]
    assert find_block(lines) == (0, 3)


def test_one_share_line_alone_is_flagged() -> None:
    board = parse_block("AAA 10.00 No Change ▼ 0.00 (0%)").board
    assert board.is_single_quote
    assert not board.is_pre_open


def test_unmoved_shares_under_a_moved_index_are_pre_open() -> None:
    shares = "AAA 10.00 No Change ▼ 0.00 (0%)\nBBB 20.00 No Change ▼ 0.00 (0%)\n"
    assert parse_block(shares + "KSE100 51,234 Increased By 345.6 (0.68%)").board.is_pre_open
    assert not parse_block(shares + "KSE100 51,234 No Change 0 (0%)").board.is_pre_open


def test_indices_may_disagree_in_direction() -> None:
    board = parse_block(
        "BR100 7,566 Decreased By -10.1 (-0.13%)\nKSE100 51,234 Increased By 345.6 (0.68%)"
    ).board
    assert [quote.direction for quote in board.quotes] == ["down", "up"]


def _amount(hundredths: int, *, commas: bool = False, decimals: int | None = None) -> str:
    text = f"{abs(hundredths) / 100:{',' if commas else ''}.2f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return ("-" if hundredths < 0 else "") + text


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    """Quotes in any shape that docs/page-format.md knows, right or wrong in their figures."""
    kind = draw(st.sampled_from(["share", "index"]))
    change = draw(st.integers(-99_999, 99_999))
    percent = _amount(draw(st.integers(0, 9999)) * (1 if change >= 0 else -1))
    symbol = draw(st.from_regex(r"[A-Z][A-Z0-9]{1,9}", fullmatch=True))
    if kind == "share":
        price = _amount(draw(st.integers(1, 999_999)), commas=True, decimals=2)
        arrow = "▲" if change > 0 else "▼"
        change_text = _amount(change, decimals=2)
    else:
        symbol = draw(st.sampled_from(["KSE100", "KSE30", "BR100", "BR30"]))
        price = f"{draw(st.integers(1, 200_000)):,}"
        arrow = draw(st.sampled_from(["", "▲" if change > 0 else "▼"]))
        change_text = _amount(change)
    word = "Increased By" if change > 0 else "Decreased By" if change < 0 else "No Change"
    quote = make_quote(symbol, price, word, arrow, change_text, percent)
    assert quote.kind == kind
    return quote


boards = st.lists(quotes(), min_size=1, max_size=40, unique_by=lambda quote: quote.symbol).map(
    lambda found: Board(tuple(found))
)


@given(boards)
@settings(max_examples=2 * setting("LOADER_EXAMPLES", 40))
def test_a_board_written_and_read_is_the_same_board(board: Board) -> None:
    assert parse_block(render(board)).board == board


@given(boards, st.integers(0, 39), st.sampled_from(["", " ", "\t", "KSE100 1 2 3", "KARACHI: x"]))
def test_a_board_is_read_the_same_at_once_and_line_by_line(
    board: Board, place: int, other: str
) -> None:
    lines = render(board).split("\n")
    assert parse_block("\n".join(lines)).board.quotes == tuple(map(parse_line, lines))
    lines.insert(min(place, len(lines)), other)
    block = parse_block("\n".join(lines))
    found = block.board.quotes if block.board else ()
    assert found == board.quotes[: len(found)]
    assert block.roles.count("quote") == len(found)


@given(st.text(alphabet="AB1.,-()%▲▼ \tIncreasdByNoChg", max_size=80))
def test_no_line_breaks_the_reader(line: str) -> None:
    block = parse_block(line)
    assert len(block.roles) <= 1
