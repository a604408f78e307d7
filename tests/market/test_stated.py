"""Closing values are read from market reports (all invented)."""

from __future__ import annotations

import pytest

from loader.market.calendar import make_sessions
from loader.market.moved import moves_in
from loader.market.sessions import Sessions
from loader.market.stated import stated_closes

EVENING = "2024-05-06T17:40:00+05:00"  # a Monday


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions(make_sessions(2023, 2024, {}))


def read(text: str, sessions: Sessions, published: str | None = EVENING) -> list[tuple[str, int]]:
    return [
        (found.symbol, found.value)
        for found in stated_closes(text, published, sessions)
        if found.kind == "close"
    ]


@pytest.mark.parametrize(
    ("symbol", "value", "text"),
    [
        ("KSE100", 46300_66, "The KSE-100 Index closed at 46,300.66, up 321.94 points or 0.70%."),
        ("KSE100", 57316_62, "The KSE-100 index settled at 57,316.62, having shed 99.97 points."),
        ("KSE100", 46300_66, "The KSE-100 ended at 46,300.66, up 321.94 points or 0.70 per cent."),
        ("KSE100", 159280_09, "The KSE 100 gained 1,021.9 points to close at 159,280.09 points."),
        ("KSE100", 71902_09, "At the close, the KSE100 finished the day at 71,902.09."),
        ("KSE100", 71902_09, "The KSE-100 closed 1,235.20 points higher at 71,902.09."),
        ("KSE100", 71902_09, "In the week the KSE-100 rose 2.1% to close at 71,902.09."),
        ("KSE30", 23595_02, "The KSE-30 Index lost 12.5 points to settle at 23,595.02 points."),
        ("BR100", 4700_12, "BRIndex100 ended at 4,700.12 points."),
        ("BR30", 21111_93, "Meanwhile, BRIndex30 closed at 21,111.93, down 0.3 per cent."),
    ],
)
def test_shapes_of_real_reports(symbol: str, value: int, text: str, sessions: Sessions) -> None:
    assert read(text, sessions) == [(symbol, value)]


@pytest.mark.parametrize(
    "text",
    [
        "The KSE-100 Index stood at 57,726.84 at 11:40am, up 410.22 points.",
        "The KSE-100, which closed at 45,000.12 last week, was quiet.",
        "The KSE-100 had closed at 45,000.12 a month ago.",
        "The KSE-100 hit an intraday high of 72,001.10 before it ended lower.",
        "The KSE-100 ended at 45,000.12 on May 3.",
        "The KSE-100 may close at 80,000.00 by the end of the quarter.",
        "The KSE-100 closed at 46,300 points.",
        "The rupee closed at 278.56 against the US dollar.",
        "The KSE-100 was flat. The FTSE closed at 8,213.49.",
        "The KSE-100 rose. Gold ended at 2,301.55 dollars.",
    ],
)
def test_what_is_no_close_of_the_day(text: str, sessions: Sessions) -> None:
    assert read(text, sessions) == []


def test_each_index_of_a_sentence_gets_its_own_value(sessions: Sessions) -> None:
    text = "The KSE-100 closed at 71,902.09 while the KSE-30 ended at 23,595.02."
    assert read(text, sessions) == [("KSE100", 7190209), ("KSE30", 2359502)]


@pytest.mark.parametrize(
    ("published", "words", "days"),
    [
        (EVENING, "", ["2024-05-06"]),
        ("2024-05-06T08:30:00+05:00", "", ["2024-05-03"]),  # in the morning: the evening before
        ("2024-05-06", "", ["2024-05-03", "2024-05-06"]),  # print or web: not told
        ("2024-05-06", " on Friday", ["2024-05-03"]),
        ("2024-05-05T18:00:00+05:00", "", ["2024-05-03"]),  # Sunday
        (EVENING, " on Sunday", []),  # no session that day
    ],
)
def test_the_day_that_a_text_means(
    published: str, words: str, days: list[str], sessions: Sessions
) -> None:
    text = f"The KSE-100 Index closed{words} at 71,902.09 points."
    found = [
        sessions.days[number]
        for close in stated_closes(text, published, sessions)
        for number in dict.fromkeys((close.first, close.last))
    ]
    assert found == days


def test_the_span_is_that_of_the_statement(sessions: Sessions) -> None:
    text = "Prices rose. The KSE-100 Index closed at 71,902.09 points."
    (found,) = stated_closes(text, EVENING, sessions)
    assert text[found.start : found.end] == "KSE-100 Index closed at 71,902.09"


def test_without_a_published_date_nothing_is_stated(sessions: Sessions) -> None:
    assert read("The KSE-100 closed at 71,902.09.", sessions, None) == []


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (45978_72, "The KSE-100 Index closed at 46,300.66, up 321.94 points or 0.70%."),
        (57416_59, "The KSE-100 index settled at 57,316.62, having shed 99.97 points."),
        (158258_19, "The KSE 100 gained 1,021.9 points to close at 159,280.09 points."),
        (70666_89, "The KSE-100 closed 1,235.20 points higher at 71,902.09."),
        (23607_52, "The KSE-30 Index lost 12.5 points to settle at 23,595.02 points."),
        (57316_62, "At 11:40am, the KSE-100 Index stood at 57,726.84, up 410.22 points."),
        (57316_62, "The KSE-100 was hovering at 57,726.84 at 11:40 am, a gain of 410.22 points."),
    ],
)
def test_a_value_less_its_move_is_the_close_before(
    before: int, text: str, sessions: Sessions
) -> None:
    found = [item for item in stated_closes(text, EVENING, sessions) if item.kind == "less move"]
    assert [(item.value, sessions.days[item.first]) for item in found] == [(before, "2024-05-03")]


@pytest.mark.parametrize(
    "text",
    [
        "The KSE-100 Index closed at 46,300.66, up 322 points.",  # to the point is not exact
        "The KSE-100 Index closed at 46,300.66, up 0.70 per cent.",
        "The KSE-100 gained 12.5 points and lost 13.5 points to close at 46,300.66.",
        "In the week the KSE-100 rose 1,021.90 points to close at 159,280.09.",
        "The KSE-100 closed at 46,300.66, up 321.94 points from the end of last year.",
        "At 11:40am the KSE-100 stood at 57,726.84.",
        "At 11:40pm the KSE-100 stood at 57,726.84, up 410.22 points.",  # after it was published
        "The KSE-100 stood at 57,726.84, up 410.22 points.",  # no clock: of what day?
        "On Thursday at 11:40am the KSE-100 stood at 57,726.84, up 410.22 points.",
    ],
)
def test_no_close_before_where_the_move_is_not_exact_or_of_another_day(
    text: str, sessions: Sessions
) -> None:
    found = stated_closes(text, EVENING, sessions)
    assert [item for item in found if item.kind == "less move"] == []


@pytest.mark.parametrize(
    ("text", "symbol", "points", "percent"),
    [
        ("KSE-100 gains 530 points", "KSE100", 53000, None),
        ("PSX sheds 1,203.5 points on profit taking", "KSE100", -120350, None),
        ("KSE-30 falls by 12.25 points", "KSE30", -1225, None),
        ("Buying pushes KSE-100 up 1.2%", "KSE100", None, 120),
        ("The KSE-100 Index lost 0.45 per cent on Monday.", "KSE100", None, -45),
        ("BRIndex100 ends 31.2 points lower", "BR100", -3120, None),
    ],
)
def test_moves_without_a_level(
    text: str, symbol: str, points: int | None, percent: int | None
) -> None:
    (found,) = moves_in(text)
    assert (found.symbol, found.points, found.percent) == (symbol, points, percent)


@pytest.mark.parametrize(
    "text",
    [
        "KSE-100 gains over 500 points",
        "KSE-100 gains 1,200 points in a week",
        "KSE-100 up 12% since January",
        "KSE-100 could gain 500 points",
        "KSE-100 sheds 300 points in early trading",
        "Gold gains 530 points",
        "KSE-100 flat. Gold up 1.2%",
        "KSE-100 crosses 70,000 points",
    ],
)
def test_what_is_no_exact_move_of_a_day(text: str) -> None:
    assert list(moves_in(text)) == []
