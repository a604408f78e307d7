"""Tables of texts and pages with certain columns, as rows of cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loader.model import Table
from loader.page.tables import find_tables
from loader.page.tables.figures import is_day
from loader.page.text import read_page
from tests.page.html_pages import with_content

Row = tuple[str, ...]


def rows_of(*paragraphs: str) -> list[tuple[Row, ...]]:
    return [table.rows for table in find_tables(paragraphs)]


FOREX = (
    ("US Dollar", "278.50", "279.00"),
    ("Euro", "301.10", "301.85"),
    ("UK Pound", "351.20", "352.05"),
)
NAMES = ("Currency", "Buying", "Selling")
CERTAIN: dict[str, tuple[str, tuple[Row, ...]]] = {
    "exchange rates": (
        "US Dollar 278.50 279.00\nEuro 301.10 301.85\nUK Pound 351.20 352.05",
        FOREX,
    ),
    "names above": (
        "Currency Buying Selling\nUS Dollar 278.50 279.00\nEuro 301.10 301.85\n"
        "UK Pound 351.20 352.05",
        (NAMES, *FOREX),
    ),
    "codes of currencies": ("USD 278.50 279.00\nEUR 301.10 301.85",
        (("USD", "278.50", "279.00"), ("EUR", "301.10", "301.85"))),
    "title above": (
        "Open market rates\nUSD 278.50 279.00\nEUR 301.10 301.85",
        (("Open market rates",), ("USD", "278.50", "279.00"), ("EUR", "301.10", "301.85")),
    ),
    "sub-headings": (
        "Open market\nUSD 278.5 279.0\nEUR 301.0 302.0\nInter-bank\nUSD 277.1 277.3\n"
        "EUR 300.0 300.5",
        (("Open market",), ("USD", "278.5", "279.0"), ("EUR", "301.0", "302.0"), ("Inter-bank",),
         ("USD", "277.1", "277.3"), ("EUR", "300.0", "300.5")),
    ),
    "SDR, days above": (
        "Currency 18-Oct-23 17-Oct-23\nChinese yuan 0.104 0.1041\nEuro 0.805 NA\n"
        "Japanese yen 0.005 0.005",
        (("Currency", "18-Oct-23", "17-Oct-23"), ("Chinese yuan", "0.104", "0.1041"),
         ("Euro", "0.805", "NA"), ("Japanese yen", "0.005", "0.005")),
    ),
    "payouts": (
        "Amber Mills 30.06.2023 25% (F) 17-10-2023 to 24-10-2023 24.10.2023\n"
        "Noor Sugar Co 30.06.2023 NIL (F) 12-10-2023 to 19-10-2023 19.10.2023\n"
        "Ravi Cement 30.06.2023 10% (I) 14-10-2023 to 21-10-2023 21.10.2023",
        (("Amber Mills", "30.06.2023", "25% (F)", "17-10-2023 to 24-10-2023", "24.10.2023"),
         ("Noor Sugar Co", "30.06.2023", "NIL (F)", "12-10-2023 to 19-10-2023", "19.10.2023"),
         ("Ravi Cement", "30.06.2023", "10% (I)", "14-10-2023 to 21-10-2023", "21.10.2023")),
    ),
    "book closures, names in two lines": (
        "=========================================================\n"
        "Company        Book closure           Dividend   AGM\n"
        "               From      To\n"
        "=========================================================\n"
        "Amber Mills    10-10-23  17-10-23     25% (F)    17-10-23\n"
        "Noor Sugar     12-10-23  19-10-23     NIL        19-10-23\n"
        "Ravi Cement    14-10-23  21-10-23                21-10-23\n"
        "=========================================================",
        (("Company", "Book closure", "", "Dividend", "AGM"), ("", "From", "To", "", ""),
         ("Amber Mills", "10-10-23", "17-10-23", "25% (F)", "17-10-23"),
         ("Noor Sugar", "12-10-23", "19-10-23", "NIL", "19-10-23"),
         ("Ravi Cement", "14-10-23", "21-10-23", "", "21-10-23")),
    ),
    "PMEX, tabs": (
        "Commodity\tOpen\tHigh\tClose\nGold\t1,930.1\t1,940.0\t1,935.2\n"
        "Crude oil\t78.10\t79.00\t78.55",
        (("Commodity", "Open", "High", "Close"), ("Gold", "1,930.1", "1,940.0", "1,935.2"),
         ("Crude oil", "78.10", "79.00", "78.55")),
    ),
    "rupees": (
        "Gold (24 carat) per tola Rs 215,000 Rs 216,500\nSilver per tola Rs 2,600 Rs 2,650",
        (("Gold (24 carat) per tola", "Rs 215,000", "Rs 216,500"),
         ("Silver per tola", "Rs 2,600", "Rs 2,650")),
    ),
    "NIL at the left, figures at the right": (
        "Berth       Quantity (tonnes)\n-----------------------------\n"
        "MW-1        NIL\nPIBT                   21,670\nFAP                     6,990",
        (("Berth", "Quantity (tonnes)"), ("MW-1", "NIL"), ("PIBT", "21,670"), ("FAP", "6,990")),
    ),
    "words alone": (
        "Name      Post       Town\nA. Khan   Chairman   Lahore\nB. Raza   Member     Multan",
        (("Name", "Post", "Town"), ("A. Khan", "Chairman", "Lahore"),
         ("B. Raza", "Member", "Multan")),
    ),
    "blanks that do not stand in columns": (
        "Cotton Mills  12.5  14.0\nA  1  2\nLonger name of it  100.25  3",
        (("Cotton Mills", "12.5", "14.0"), ("A", "1", "2"), ("Longer name of it", "100.25", "3")),
    ),
    "a note below": (
        "1-Week 20.10 20.30\n1-Month 20.50 20.80\nData source: SBP",
        (("1-Week", "20.10", "20.30"), ("1-Month", "20.50", "20.80"), ("Data source: SBP",)),
    ),
    "indices with signs": (
        "KSE-100 Index 41,234.56 (+0.45%) 234.50\nKSE-30 Index 15,234.10 (-0.12%) -34.20",
        (("KSE-100 Index", "41,234.56", "(+0.45%)", "234.50"),
         ("KSE-30 Index", "15,234.10", "(-0.12%)", "-34.20")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CERTAIN)
def test_columns_that_are_certain_become_cells(kind: str) -> None:
    text, wanted = CERTAIN[kind]
    assert rows_of("They were as follows.", text, "It was said.") == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Rice 40 50\nWheat 30\nMaize 20 10 5",
        "The board met in 2022 and 2023.\nIt spoke of 14 and 15.",
        "The board met in 2022 2023\nIt spoke of 14 and 15",
        "One line  set out in  columns",
        "He came.\nHe saw.",
        "Budget 2022\nBudget 2023",
        "Rice 40 50\nIt was said that rice rose by 3 4.\nWheat 30 40",
    ],
)
def test_what_is_uncertain_stays_text(text: str) -> None:
    assert rows_of(text) == []


def test_names_in_the_paragraph_above_belong_to_the_rows() -> None:
    found = find_tables(
        ["It was so.", "Currency Buying Selling", "\n".join(map(" ".join, FOREX)), "The end."]
    )
    assert found == (Table(2, 2, 1, (NAMES, *FOREX)),)


@pytest.mark.parametrize("above", ["Rates of the open market", "Open market rates", "Buying fell"])
def test_other_lines_above_stay_outside(above: str) -> None:
    assert find_tables([above, "\n".join(map(" ".join, FOREX))]) == (Table(2, 1, 0, FOREX),)


def test_rows_that_are_paragraphs_of_their_own_are_a_table_from_three_on() -> None:
    rows = [" ".join(row) for row in FOREX]
    assert find_tables(["It was so.", *rows, "The end."]) == (Table(2, 3, 0, FOREX),)
    assert find_tables(["It was so.", *rows[:2], "The end."]) == ()


def test_two_tables_between_rules_are_two() -> None:
    text = (
        "=====================\nShip     Cargo\n=====================\nAmber    8,214\n"
        "Lyra     NIL\n"
        "---------------------\nDue      Arrival\n=====================\nRavi     10-09-2021\n"
        "Saffron  11-09-2021"
    )
    assert rows_of(text) == [
        (("Ship", "Cargo"), ("Amber", "8,214"), ("Lyra", "NIL")),
        (("Due", "Arrival"), ("Ravi", "10-09-2021"), ("Saffron", "11-09-2021")),
    ]


def test_body_keeps_the_lines_as_they_are() -> None:
    article = read_page("KARACHI: It was so.\n\nUSD  278  279\nEUR  301  302\n\nThe end.").article
    assert article is not None
    assert article.body == "It was so.\n\nUSD  278  279\nEUR  301  302\n\nThe end."
    assert [table.rows for table in article.tables] == [
        (("USD", "278", "279"), ("EUR", "301", "302"))
    ]


WORDS = st.sampled_from(
    ["Amber", "Noor", "Ravi", "Mills", "Sugar", "Cement", "Oil", "Gold", "Yuan"]
)
LABELS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
FIGURES = st.one_of(
    st.integers(0, 10**6).map("{:,}".format),
    st.decimals(-999, 999, places=2, allow_nan=False).map(str),
    st.decimals(0, 99, places=1, allow_nan=False).map("{}%".format),
    st.just("NIL"),
    st.dates(date(1990, 1, 1), date(2099, 1, 1)).map("{:%d-%m-%Y}".format),
)
COLUMNS = st.sampled_from([("Open", "High"), ("Bid", "Offer", "Change"), ("Low", "High", "Close")])


@st.composite
def grids(draw: st.DrawFn) -> tuple[Row, list[Row]]:
    names = draw(COLUMNS)
    rows = draw(st.lists(st.tuples(LABELS, *[FIGURES] * len(names)), min_size=3, max_size=9))
    return ("Item", *names), rows


def _in_columns(rows: Sequence[Row], right: bool) -> list[str]:
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(len(rows[0]))]
    return [
        "".join(
            f"{cell:>{width}}" if right and column else f"{cell:<{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


@settings(max_examples=100)
@given(grids(), st.sampled_from(["left", "right", "ruled", "tabs", "shape", "paragraphs", "html"]))
def test_a_table_that_was_made_is_read_back_cell_by_cell(
    grid: tuple[Row, list[Row]], form: str
) -> None:
    names, rows = grid
    # A row of days alone would name the columns.
    assume(not all(is_day(cell) for cell in rows[0][1:]))
    everything = [names, *rows]
    if form == "html":
        cells = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in everything
        )
        article = with_content(f"<p>It was so.</p><table>{cells}</table><p>The end.</p>").article
        assert article is not None
        (table,) = article.tables
        assert (table.rows, table.position) == (tuple(everything), 2)
        return
    lines = {
        "left": _in_columns(everything, right=False),
        "right": _in_columns(everything, right=True),
        "tabs": ["\t".join(row) for row in everything],
    }.get(form, [" ".join(row) for row in everything])
    if form == "ruled":
        header, *body = _in_columns(everything, right=False)
        lines = ["=" * 40, header, "=" * 40, *body, "-" * 40]
    paragraphs = lines if form == "paragraphs" else ["\n".join(lines)]
    (table,) = find_tables(["It was so.", *paragraphs, "The end."])
    assert table.rows == tuple(everything)
    assert (table.position, table.paragraph_count) == (2, len(paragraphs))


LINES = st.lists(st.text(alphabet="aB1 2.,-%=\t(NIL)", max_size=30), min_size=1, max_size=8)


@settings(max_examples=150)
@given(st.lists(LINES.map("\n".join), max_size=4))
def test_cells_hold_every_word_of_their_lines(paragraphs: list[str]) -> None:
    for table in find_tables(paragraphs):
        covered = paragraphs[table.position - 1 : table.position - 1 + table.paragraph_count]
        words = " ".join(covered).split()
        cells = " ".join(cell for row in table.rows for cell in row).split()
        assert set(cells) <= set(words)
        assert all(len(row) in (1, max(map(len, table.rows))) for row in table.rows)


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>", (("A", "B"), ("1", "2"))),
        ("<tr><td></td><td>B</td></tr><tr><td>1</td><td></td></tr><tr><td>3</td><td>4</td></tr>",
         (("", "B"), ("1",), ("3", "4"))),
        ("<tr><td colspan=2>A</td></tr><tr><td>1</td><td>2</td></tr>", (("A",), ("1", "2"))),
        ("<tr><td rowspan=2>A</td><td>1</td></tr><tr><td>2</td></tr>", (("A", "1"), ("", "2"))),
        ("<tr><td rowspan=3 colspan=2>A</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr>",
         (("A", "", "1"), ("", "", "2"), ("", "", "3"))),
        ("<tr><td>1</td><td>2</td><td></td></tr><tr></tr>", (("1", "2"),)),
        ("<tr><td rowspan=9999999 colspan=9999999>A</td><td>1</td></tr>", None),
        ("<tr><td>1<br>2</td><td><b>3</b></td></tr>", (("1 2", "3"),)),
    ],
)  # fmt: skip
def test_cells_of_markup_stay_in_their_columns(markup: str, wanted: tuple[Row, ...] | None) -> None:
    article = with_content(f"<p>It was so.</p><table>{markup}</table>").article
    assert article is not None
    (table,) = article.tables
    if wanted is not None:
        assert table.rows == wanted


@pytest.mark.parametrize(
    "markup",
    ["<tr><td><p>Alone.</p></td></tr>", "<tr><td>A</td><td></td></tr><tr><td>B</td><td></td></tr>",
     "<tr><td><table><tr><td>A</td><td>B</td></tr></table></td><td>C</td></tr>", ""],
)  # fmt: skip
def test_layout_by_tables_is_none(markup: str) -> None:
    article = with_content(f"<p>It was so.</p><table>{markup}</table>").article
    assert article is not None
    assert all(len(table.rows[0]) > 1 for table in article.tables)


def test_names_of_columns_are_counted_by_head_and_th() -> None:
    for markup in (
        "<thead><tr><td>A</td><td>B</td></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>",
        "<tr><th>A</th><th>B</th></tr><tr><th>x</th><td>2</td></tr>",
    ):
        article = with_content(f"<table>{markup}</table>").article
        assert article is not None
        assert article.tables[0].header_count == 1
