"""Closing values in the words of market reports (all invented)."""

from __future__ import annotations

import pytest

from loader.market.calendar import make_sessions
from loader.market.sessions import Sessions
from loader.market.stated import stated_closes

EVENING = "2024-05-06T17:40:00+05:00"  # a Monday


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions(make_sessions(2023, 2024, {}))


def read(text: str, sessions: Sessions, published: str | None = EVENING) -> list[tuple[str, int]]:
    return [(found.symbol, found.value) for found in stated_closes(text, published, sessions)]


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
