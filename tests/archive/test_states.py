"""States of boards within their day, by boards made for each case; and the resulting returns."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import Run

Connect = Callable[[Path], sqlite3.Connection]
Line = tuple[int, int]
"""Price and base in hundredths."""

SYMBOLS = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "III", "JJJ", "KKK", "LLL")
CLOSES = ("2024-04-15", "2024-04-16", "2024-04-17", "2024-04-18", "2024-04-19")
"""Sessions in a row; none of them is near a holiday."""


def level(day: int) -> int:
    """KSE100 at the end of a session of CLOSES, in hundredths."""
    return 7_000_000 + (35_000, -12_000, 54_000, 21_000, -33_000, 47_000)[day] + 10_000 * day


def price(share: int, day: int) -> int:
    """The last price of a share on a session of CLOSES, from -2 on."""
    return 1_000 + 350 * share + (7 * (share + 3) * (day + 5)) % 41


def board(shares: Sequence[Line], indices: Mapping[str, Line]) -> str:
    lines = [
        _line(symbol, *pair, is_share=True) for symbol, pair in zip(SYMBOLS, shares, strict=False)
    ]
    lines += [_line(symbol, *pair, is_share=False) for symbol, pair in indices.items()]
    return "\n".join(lines)


def _line(symbol: str, price: int, base: int, *, is_share: bool) -> str:
    change = price - base
    percent = f"{change / base * 100:.2f}".rstrip("0").rstrip(".")
    percent = "0" if percent in ("-0", "") else percent
    word = "Increased By" if change > 0 else "Decreased By" if change < 0 else "No Change"
    if is_share:
        arrow = "▲" if change > 0 else "▼"
        return f"{symbol} {price / 100:.2f} {word} {arrow} {change / 100:.2f} ({percent}%)"
    points = f"{change / 100:.1f}".rstrip("0").rstrip(".")
    return f"{symbol} {price // 100:,} {word} {points} ({percent}%)"


def shares(day: int, before: int | None = None, *, moved: int = 12) -> list[Line]:
    """Share lines of a session; `moved` of them have come to their last price."""
    before = day - 1 if before is None else before
    return [
        (price(share, day) if share < moved else price(share, before), price(share, before))
        for share in range(len(SYMBOLS))
    ]


def indices(day: int, part: float = 1.0) -> dict[str, Line]:
    """Index lines of a session at its end, or when a part of its way was gone."""
    base = level(day - 1)
    here = base + round((level(day) - base) * part / 100) * 100
    return {
        "BR100": (here // 10 // 100 * 100, base // 10 // 100 * 100),
        "BR30": (here // 3 // 100 * 100, base // 3 // 100 * 100),
        "KSE100": (here, base),
        "KSE30": (here // 3 // 100 * 100 + 500_00, base // 3 // 100 * 100 + 500_00),
    }


@pytest.fixture
def load(tmp_path: Path, run: Run, connect: Connect) -> Callable[..., dict[str, sqlite3.Row]]:
    """Load boards with their capture times; the boards of the archive by these."""

    def work(*captures: tuple[str, str | None], published: str = "") -> dict[str, sqlite3.Row]:
        db = tmp_path / "archive.db"
        db.unlink(missing_ok=True)
        lines = [
            json.dumps({
                "url": f"https://www.brecorder.com/news/4090{number:04}",
                "text": f"{text}\n\nA story numbered {number}\n\n{published}\n\nCotton was firm.\n",
                "captured_at": moment,
            })
            for number, (text, moment) in enumerate(captures)
        ]  # fmt: skip
        (tmp_path / "pages.jsonl").write_text("\n".join(lines))
        run("load", tmp_path / "pages.jsonl", "--date-column", "captured_at", "--db", db)
        rows = connect(db).execute(
            "select boards.*, days.date as day, index_days.date as index_day, snapshots.page_id,"
            " pages.news_id from boards join snapshots on snapshots.board_id = boards.id"
            " join pages on pages.id = snapshots.page_id"
            " left join trading_days as days on days.id = trading_day_id"
            " left join trading_days as index_days on index_days.id = index_day_id"
            " order by news_id"
        )
        return {str(row["news_id"] - 40_900_000): row for row in rows}

    return work


Load = Callable[..., dict[str, sqlite3.Row]]

END = "2024-04-17T12:00:00Z"
FIRST_MINUTES = "2024-04-18T04:36:00Z"
BEFORE_OPENING = "2024-04-18T04:20:00Z"


def test_shares_that_count_from_what_the_day_ended_with_are_of_the_next_one(load: Load) -> None:
    found = load(
        (board(shares(2), indices(2)), END),
        (board(shares(3, moved=3), indices(2)), FIRST_MINUTES),
    )
    assert (found["0"]["state"], found["0"]["day"]) == ("whole", "2024-04-17")
    assert (found["1"]["state"], found["1"]["day"]) == ("opening", None)
    assert found["1"]["index_day"] == "2024-04-17"
    assert found["1"]["state_detail"].startswith(
        "12 of 12 share bases are the last prices of 2024-04-17"
    )


def test_opening_is_seen_without_any_time(load: Load) -> None:
    found = load(
        (board(shares(2), indices(2)), None), (board(shares(3, moved=3), indices(2)), None)
    )
    assert [found[key]["state"] for key in "01"] == [None, "opening"]


def test_opening_is_seen_by_what_the_next_day_counts_from(load: Load) -> None:
    """No board of the end of 04-17, but of its morning, of the day before and of the next day."""
    found = load(
        (board(shares(1), indices(1)), "2024-04-16T12:00:00Z"),
        (board(shares(2, moved=4), indices(2, 0.3)), "2024-04-17T06:00:00Z"),
        (board(shares(3, moved=3), indices(2)), FIRST_MINUTES),
        (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
    )
    assert [found[key]["state"] for key in "0123"] == ["whole", "whole", "opening", "whole"]
    assert "12 of 12 share bases are those of 2024-04-18" in found["2"]["state_detail"]


def test_half_the_shares_unmoved_at_a_close_that_is_known_is_an_opening(
    load: Load, tmp_path: Path, connect: Connect, run: Run
) -> None:
    """A board alone: nothing to compare its shares with but a file of closes for its index."""
    load((board(shares(3, moved=5), indices(2)), None))
    csv = "".join(f"{day},{level(number) / 100}\n" for number, day in enumerate(CLOSES))
    (tmp_path / "closes.csv").write_text(f"date,close\n{csv}")
    run("date", "--closes", tmp_path / "closes.csv", "--db", tmp_path / "archive.db")
    (row,) = connect(tmp_path / "archive.db").execute("select * from boards")
    assert (row["state"], row["trading_day_id"], row["index_day_id"]) == (
        "opening", None, 20240417,
    )  # fmt: skip
    assert row["state_detail"] == (
        "7 of 12 shares have not moved, and KSE100 is the close of 2024-04-17"
    )


@pytest.mark.parametrize(
    ("captured_at", "moved", "state"),
    [
        ("2024-04-18T04:36:00Z", 5, "opening"),
        ("2024-04-18T04:55:00Z", 5, "opening"),
        ("2024-04-18T04:36:00Z", 8, "whole"),  # more than half have moved
        ("2024-04-18T04:20:00Z", 5, "whole"),  # not opened yet
        ("2024-04-18T06:00:00Z", 5, "frozen"),
    ],
)
def test_a_board_of_another_day_than_its_minute_is_an_opening_where_few_shares_moved(
    load: Load, captured_at: str, moved: int, state: str
) -> None:
    """Its indices are of 04-17, by another board; of the end of that day there is none."""
    found = load(
        (board(shares(2, moved=11), indices(2, 0.3)), "2024-04-17T06:00:00Z"),
        (board(shares(3, moved=moved), indices(2, 0.9)), captured_at),
    )
    assert found["1"]["index_day"] == "2024-04-17"
    assert found["1"]["state"] == state
    assert (found["1"]["day"] is None) == (state == "opening")


def test_daily_prices_keep_the_session_that_ended(
    load: Load, tmp_path: Path, connect: Connect
) -> None:
    load(
        (board(shares(2), indices(2)), END),
        (board(shares(3, moved=3), indices(2)), FIRST_MINUTES),
    )
    row = connect(tmp_path / "archive.db").execute(
        "select * from daily_prices where symbol = 'AAA'"
    )
    assert [(each["date"], each["last_price"]) for each in row] == [
        ("2024-04-17", price(0, 2) / 100)
    ]


def test_the_morning_of_a_day_is_no_opening(load: Load) -> None:
    found = load(
        (board(shares(2, moved=0), indices(2, 0.05)), "2024-04-17T04:50:00Z"),
        (board(shares(2, moved=5), indices(2, 0.5)), "2024-04-17T07:00:00Z"),
        (board(shares(2), indices(2)), END),
    )
    assert [found[key]["day"] for key in "12"] == ["2024-04-17"] * 2


def test_before_the_opening_names_the_prices_that_it_was_compared_with(load: Load) -> None:
    waiting = [(price(share, 2), price(share, 2)) for share in range(12)]
    found = load((board(shares(2), indices(2)), END), (board(waiting, indices(2)), BEFORE_OPENING))
    assert (found["1"]["state"], found["1"]["day"]) == ("pre-open", None)
    assert found["1"]["state_detail"] == (
        "no share has moved, while an index has; 12 of 12 share bases are the last prices of"
        " 2024-04-17"
    )


def test_before_the_opening_names_no_price_where_none_was_equal(load: Load) -> None:
    other = [(price(share, 2) + 17, price(share, 2) + 17) for share in range(12)]
    found = load((board(shares(2), indices(2)), END), (board(other, indices(2)), BEFORE_OPENING))
    assert found["1"]["state_detail"] == "no share has moved, while an index has"


def test_bases_of_an_older_day_are_named(load: Load) -> None:
    found = load(
        (board(shares(0), indices(0)), "2024-04-15T12:00:00Z"),
        (board(shares(1), indices(1)), "2024-04-16T12:00:00Z"),
        (board(shares(2), indices(2)), END),
        (board(shares(3, before=0), indices(3)), "2024-04-18T12:00:00Z"),
    )
    assert (found["3"]["state"], found["3"]["day"]) == ("stale shares", None)
    assert found["3"]["index_day"] == "2024-04-18"
    assert found["3"]["state_detail"] == "12 of 12 share bases are the last prices of 2024-04-15"


def test_bases_that_are_no_price_of_the_session_before(load: Load) -> None:
    odd = [(price(share, 3), price(share, 3) - 13) for share in range(12)]
    found = load(
        (board(shares(2), indices(2)), END),
        (board(odd, indices(3)), FIRST_MINUTES[:11] + "12:00:00Z"),
    )
    assert (found["1"]["state"], found["1"]["day"]) == ("stale shares", None)
    assert found["1"]["state_detail"] == "0 of 12 share bases are the last prices of 2024-04-17"


def test_bases_are_no_fault_where_the_end_of_the_session_before_is_not_known(load: Load) -> None:
    odd = [(price(share, 3), price(share, 3) - 13) for share in range(12)]
    found = load(
        (board(shares(2, moved=0), indices(2, 0.5)), "2024-04-17T06:00:00Z"),
        (board(odd, indices(3)), "2024-04-18T12:00:00Z"),
    )
    assert found["1"]["state"] == "whole"


@pytest.mark.parametrize(("beyond", "state"), [(2, "whole"), (3, "stale shares")])
def test_three_moves_beyond_the_limit_tell_of_stale_bases(
    load: Load, beyond: int, state: str
) -> None:
    """8.6 % of a share of Rs 40 and more, under a limit of 7.5 %."""
    lines = shares(2)
    for share in range(9, 9 + beyond):
        lines[share] = (lines[share][0], round(lines[share][0] / 1.086))
    found = load((board(lines, indices(2)), END))
    assert found["0"]["state"] == state
    if beyond == 3:
        assert found["0"]["day"] is None
        assert "further than the limit of the day, 7.5 %" in found["0"]["state_detail"]


def test_moves_of_a_rupee_are_legal_whatever_they_are_in_per_cent(load: Load) -> None:
    lines = shares(2)
    lines[:4] = [(230, 130)] * 4
    assert load((board(lines, indices(2)), END))["0"]["state"] == "whole"


def test_a_board_first_seen_when_a_later_session_had_opened_is_frozen(
    load: Load, tmp_path: Path, connect: Connect
) -> None:
    found = load(
        (board(shares(2), indices(2)), END),
        (board(shares(2, moved=6), indices(2, 0.4)), "2024-04-19T12:00:00Z"),
        (board(shares(4), indices(4)), "2024-04-19T12:30:00Z"),
    )
    assert (found["1"]["state"], found["1"]["day"]) == ("frozen", "2024-04-17")
    assert found["1"]["state_detail"] == (
        "first captured 2024-04-19T12:00:00Z, when 2024-04-18 had opened"
    )
    last = connect(tmp_path / "archive.db").execute(
        "select last_board_id from trading_days where date = '2024-04-17'"
    )
    assert last.fetchone()[0] == found["0"]["id"]  # late captures of frozen boards are not its end


def test_a_board_that_repeats_over_a_weekend_is_not_frozen(load: Load) -> None:
    assert load((board(shares(4), indices(4)), "2024-04-21T10:00:00Z"))["0"]["state"] == "whole"


def test_a_masthead_and_a_text_of_the_same_day_give_it(load: Load) -> None:
    """Ten texts saved one a day had these and no capture time, and got no day."""
    text = f"{board(shares(2), indices(2))}\nBrecorder Logo\nApr 17, 2024 PRINT EDITION\nMarkets"
    found = load((text, None), published="BR Web Desk Published 17 Apr, 2024 11:23am")
    assert found["0"]["day"] == "2024-04-17"
    basis = found["0"]
    assert basis["state"] == "whole"


def test_a_masthead_and_a_text_of_an_older_day_give_none(load: Load) -> None:
    text = f"{board(shares(2), indices(2))}\nBrecorder Logo\nApr 17, 2024 PRINT EDITION\nMarkets"
    found = load((text, None), published="BR Web Desk Published 03 Mar, 2022 11:23am")
    assert found["0"]["day"] is None


class TestReturns:
    """The views daily_returns and corporate_actions."""

    @pytest.fixture
    def returns(
        self, load: Load, tmp_path: Path, connect: Connect
    ) -> Callable[..., list[sqlite3.Row]]:
        def work(symbol: str, *captures: tuple[str, str]) -> list[sqlite3.Row]:
            load(*captures)
            return (
                connect(tmp_path / "archive.db")
                .execute("select * from daily_returns where symbol = ? order by date", (symbol,))
                .fetchall()
            )

        return work

    def test_a_session_without_a_board_is_filled_from_the_next_base(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "AAA",
            (board(shares(1), indices(1)), "2024-04-16T12:00:00Z"),
            (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
        )
        assert [(row["date"], row["price"], row["is_filled"]) for row in rows] == [
            ("2024-04-15", price(0, 0) / 100, 1),
            ("2024-04-16", price(0, 1) / 100, 0),
            ("2024-04-17", price(0, 2) / 100, 1),
            ("2024-04-18", price(0, 3) / 100, 0),
        ]
        filled, last = rows[2], rows[3]
        assert filled["price_basis"] == "base of the next session, no board"
        assert filled["previous_date"] == "2024-04-16"
        assert filled["simple_return"] == pytest.approx(price(0, 2) / price(0, 1) - 1)
        assert (last["previous_date"], last["is_settled"]) == ("2024-04-17", 0)

    def test_a_renamed_symbol_goes_on_under_its_new_name(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "CNERGY",
            (board(shares(2), indices(2)).replace("BBB", "BYCO"), END),
            (board(shares(3), indices(3)).replace("BBB", "CNERGY"), "2024-04-18T12:00:00Z"),
        )
        assert [(row["date"], row["printed_symbol"]) for row in rows[1:]] == [
            ("2024-04-17", "BYCO"),
            ("2024-04-18", "CNERGY"),
        ]
        assert rows[2]["simple_return"] == pytest.approx(price(1, 3) / price(1, 2) - 1)

    def test_a_gap_is_told_with_the_sessions_it_skips(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "AAA",
            (board(shares(0), indices(0)), "2024-04-15T12:00:00Z"),
            (board(shares(4), indices(4)), "2024-04-19T12:00:00Z"),
        )
        gaps = [(row["date"], row["sessions_skipped"], row["has_gap"]) for row in rows[1:]]
        assert gaps == [("2024-04-15", 0, 0), ("2024-04-18", 2, 1), ("2024-04-19", 0, 0)]

    def test_the_next_session_tells_the_price_that_was_not_seen(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "LLL",
            (board(shares(2, moved=6), indices(2, 0.4)), "2024-04-17T08:00:00Z"),
            (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
        )
        row = next(row for row in rows if row["date"] == "2024-04-17")
        assert (row["price"], row["price_basis"]) == (price(11, 2) / 100, "next session")
        assert row["is_settled"]

    def test_logarithms_are_those_of_the_prices(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "AAA",
            (board(shares(2), indices(2)), END),
            (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
        )
        for row in rows[1:]:
            wanted = math.log(row["price"] / row["previous_price"])
            assert row["log_return"] == pytest.approx(wanted, abs=1e-9)

    def test_a_base_that_fell_overnight_is_a_suspected_ex_date(
        self, returns: Callable[..., list[sqlite3.Row]], tmp_path: Path, connect: Connect
    ) -> None:
        ex = shares(3)
        ex[4] = (ex[4][0] - 150, ex[4][1] - 150)  # a dividend of Rs 1.50
        rows = returns(
            "EEE",
            (board(shares(2), indices(2)), END),
            (board(ex, indices(3)), "2024-04-18T12:00:00Z"),
        )
        (action,) = connect(tmp_path / "archive.db").execute("select * from corporate_actions")
        assert (action["symbol"], action["ex_date"]) == ("EEE", "2024-04-18")
        assert action["base_change"] == -1.5
        before, after = rows[-2], rows[-1]
        assert before["price"] == price(4, 2) / 100  # as it was paid, not as the base has it
        assert (before["base_differs"], after["base_differs"]) == (0, 1)
        assert after["previous_price"] == (price(4, 2) - 150) / 100

    def test_an_index_keeps_its_level_where_the_base_agrees_within_rounding(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "KSE100",
            (board(shares(2), indices(2)), END),
            (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
        )
        row = next(row for row in rows if row["date"] == "2024-04-17")
        assert row["price_basis"] == "last seen, as the next session tells"

    def test_an_index_whose_base_is_further_off_takes_the_level_that_the_next_session_tells(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        """The last board of the day was seen before its end."""
        rows = returns(
            "KSE100",
            (board(shares(2), indices(2, 0.9)), "2024-04-17T10:00:00Z"),
            (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
        )
        row = next(row for row in rows if row["date"] == "2024-04-17")
        assert (row["price"], row["price_basis"]) == (level(2) / 100, "next session")

    def test_the_last_session_is_not_settled_and_keeps_the_price_seen_last(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns("AAA", (board(shares(2), indices(2)), END))
        assert [(row["date"], row["is_settled"], row["price_basis"]) for row in rows] == [
            ("2024-04-16", 1, "base of the next session, no board"),
            ("2024-04-17", 0, "last seen"),
        ]

    def test_a_day_known_by_a_board_that_stood_still_is_marked(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "AAA",
            (board(shares(1), indices(1)), "2024-04-16T12:00:00Z"),
            (board(shares(2), indices(2)), "2024-04-19T12:00:00Z"),
            (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
        )
        assert {row["date"]: row["is_stale"] for row in rows} == {
            "2024-04-15": 0, "2024-04-16": 0, "2024-04-17": 1, "2024-04-18": 0,
        }  # fmt: skip

    def test_a_session_of_which_only_stale_shares_were_seen_is_filled_and_marked(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "AAA",
            (board(shares(0), indices(0)), "2024-04-15T12:00:00Z"),
            (board(shares(1), indices(1)), "2024-04-16T12:00:00Z"),
            (board(shares(2, before=0), indices(2)), END),
            (board(shares(3), indices(3)), "2024-04-18T12:00:00Z"),
        )
        row = next(row for row in rows if row["date"] == "2024-04-17")
        assert (row["price"], row["is_filled"], row["is_stale"]) == (price(0, 2) / 100, 1, 1)

    @pytest.mark.parametrize(
        ("printed", "held"),
        [("(1.23%)", False), ("Decreased By ▲", False), ("Increased By ▲", True)],
    )
    def test_a_quote_that_fails_a_check_is_marked(
        self, returns: Callable[..., list[sqlite3.Row]], printed: str, held: bool
    ) -> None:
        """A per cent that is not that of the change, and a word against its sign."""
        lines = board([(1_050, 1_000), *shares(2)[1:]], indices(2)).split("\n")
        part = "(5%)" if printed.startswith("(") else "Increased By ▲"
        assert part in lines[0]
        lines[0] = lines[0].replace(part, printed)
        rows = returns("AAA", ("\n".join(lines), END))
        assert rows[-1]["failed_check"] == (not held)

    def test_rows_have_the_sector_of_the_share_and_none_of_an_index(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        text = board(shares(2), indices(2)).replace("BBB", "LUCK")
        assert {row["sector"] for row in returns("LUCK", (text, END))} == {"CEMENT"}
        assert {row["sector"] for row in returns("KSE100", (text, END))} == {None}

    def test_returns_of_a_rename_and_of_a_gap_multiply_to_that_of_the_whole_span(
        self, returns: Callable[..., list[sqlite3.Row]]
    ) -> None:
        rows = returns(
            "CNERGY",
            (board(shares(0), indices(0)).replace("BBB", "BYCO"), "2024-04-15T12:00:00Z"),
            (board(shares(1), indices(1)).replace("BBB", "BYCO"), "2024-04-16T12:00:00Z"),
            (board(shares(4), indices(4)).replace("BBB", "CNERGY"), "2024-04-19T12:00:00Z"),
        )
        product = math.prod(1 + row["simple_return"] for row in rows[1:])
        assert product == pytest.approx(rows[-1]["price"] / rows[0]["price"])
        assert sum(row["sessions_skipped"] for row in rows[1:]) == 1

    def test_a_suspected_ex_date_names_its_two_boards(
        self, load: Load, tmp_path: Path, connect: Connect
    ) -> None:
        ex = shares(3)
        ex[4] = (ex[4][0] - 150, ex[4][1] - 150)
        found = load(
            (board(shares(2), indices(2)), END), (board(ex, indices(3)), "2024-04-18T12:00:00Z")
        )
        (action,) = connect(tmp_path / "archive.db").execute("select * from corporate_actions")
        assert (action["last_board_id"], action["ex_board_id"]) == (
            found["0"]["id"], found["1"]["id"],
        )  # fmt: skip
        assert action["last_price"] == price(4, 2) / 100

    def test_a_base_within_a_per_cent_is_no_ex_date(
        self, returns: Callable[..., list[sqlite3.Row]], tmp_path: Path, connect: Connect
    ) -> None:
        ex = shares(3)
        ex[11] = (ex[11][0], ex[11][1] - 40)  # 40 paisa of Rs 48
        rows = returns(
            "LLL",
            (board(shares(2), indices(2)), END),
            (board(ex, indices(3)), "2024-04-18T12:00:00Z"),
        )
        actions = connect(tmp_path / "archive.db").execute("select * from corporate_actions")
        assert actions.fetchall() == []
        assert [row["base_differs"] for row in rows] == [0, 0, 0]
        assert rows[1]["price"] == (price(11, 2) - 40) / 100
