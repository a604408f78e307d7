"""Parts of the front end that do not need an archive."""

from __future__ import annotations

import pytest

from loader.web.caching import matches
from loader.web.pages.day import by_sector, tint, with_differences
from loader.web.pages.rows import body_parts
from loader.web.render.text_format import data_json, marked, move, number, paragraphs, signed, when


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2024-05-03T10:15:00Z", 'title="2024-05-03 10:15 UTC">2024-05-03 15:15 PKT<'),
        ("2024-05-03T15:15:00+05:00", 'title="2024-05-03 10:15 UTC">2024-05-03 15:15 PKT<'),
        ("2024-05-03T21:15:00Z", 'title="2024-05-03 21:15 UTC">2024-05-04 02:15 PKT<'),
        ("2024-05-03T15:15", ">2024-05-03 15:15<"),
        ("2024-05-03", "2024-05-03"),
        (None, "time not known"),
    ],
)
def test_times_are_those_of_karachi_with_utc_on_hover(value: str | None, shown: str) -> None:
    assert shown in str(when(value))


def test_moves_have_arrow_word_and_figure() -> None:
    assert "▼" in move(-1.5)
    assert "down" in move(-1.5)
    assert "1.50%" in move(-1.5)
    assert "–" in move(None)


def test_figures() -> None:
    assert number(1234.5) == "1,234.50"
    assert number(None) == "–"
    assert signed(-3.2, 1) == "−3.2"


def test_only_marks_of_a_search_become_markup() -> None:
    assert marked("<b>⟦oil⟧ & ⟦gas") == "&lt;b&gt;<mark>oil</mark> &amp; ⟦gas"


def test_json_in_a_page_cannot_end_its_element() -> None:
    assert "<" not in data_json('{"a": "</script><!--"}')


def test_tables_are_told_from_text() -> None:
    kinds = [kind for kind, _ in paragraphs("Some text.\n\n====\nA   1   2\n====\n\nMore.")]
    assert kinds == ["text", "table", "text"]


def test_teasers_stand_where_they_stood() -> None:
    parts = body_parts(
        [("text", "a"), ("text", "b")], [{"position": 1, "headline": "t"}, {"position": 9}], []
    )
    assert [kind for kind, _ in parts] == ["text", "teaser", "text", "teaser"]


@pytest.mark.parametrize(
    ("percent", "name"), [(0, "flat"), (0.5, "up1"), (-1.2, "down2"), (9.0, "up3")]
)
def test_tint_of_the_heat_map(percent: float, name: str) -> None:
    assert tint(percent) == name


def test_sectors_hold_shares_only_largest_gain_first() -> None:
    quotes = [
        {"kind": "share", "symbol": "A", "sector": "CEMENT", "percent": -1.0},
        {"kind": "share", "symbol": "B", "sector": "CEMENT", "percent": 2.0},
        {"kind": "index", "symbol": "KSE100", "sector": None, "percent": 1.0},
    ]
    ((sector, shares),) = by_sector(quotes)
    assert sector == "CEMENT"
    assert [share["symbol"] for share in shares] == ["B", "A"]


def test_boards_are_told_apart_by_what_moved() -> None:
    boards = [{"id": 2}, {"id": 1}]
    quotes = [
        {"board_id": board, "symbol": "A", "price": price, "percent": 0.0}
        for board, price in ((1, 10.0), (2, 11.0))
    ]
    first, second = with_differences(boards, quotes)
    assert (first["id"], first["is_first"], second["moved_count"]) == (1, True, 1)
    assert second["moved"] == "A 10.00 → 11.00"


@pytest.mark.parametrize(
    ("header", "same"), [(None, False), ('"x"', False), ('W/"a", "b"', True), ('"b"', True)]
)
def test_etag_lists(header: str | None, same: bool) -> None:
    assert matches(header, 'W/"b"') is same
