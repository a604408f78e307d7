"""Values of indices and shares stated in market reports, measured on labelled reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.market.calendar import make_sessions
from loader.market.sessions import Sessions
from loader.market.values import Named, StatedValue, stated_values
from loader.rows.facts import known_names
from loader.rows.names.recognise import find_mentions

LABELLED = Path(__file__).parent / "labelled" / "values.txt"
EVENING = "2024-05-06T17:40:00+05:00"  # a Monday

Value = tuple[str, str, int, str | None]


class Report(NamedTuple):
    published_at: str
    text: str
    values: frozenset[Value]


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions(make_sessions(2022, 2024, {}))


def found(text: str, sessions: Sessions, published_at: str | None = EVENING) -> list[StatedValue]:
    named = [Named(m.start, m.end, m.symbol) for m in find_mentions((text,), known_names())]
    return stated_values(text, named, published_at, sessions)


def read(text: str, sessions: Sessions, published_at: str | None = EVENING) -> set[Value]:
    return {
        (
            value.symbol,
            value.measure,
            value.value,
            sessions.days[value.last] if value.first == value.last else None,
        )
        for value in found(text, sessions, published_at)
    }


def labelled() -> Iterator[Report]:
    """The reports of the file, with their values in hundredths."""
    for block in LABELLED.read_text(encoding="utf-8").split("\n## ")[1:]:
        head, *lines = block.split("\n")
        values = set()
        for line in lines:
            if line.startswith("= "):
                symbol, measure, value, day = line[2:].split()
                values.add((symbol, measure, int(Decimal(value) * 100), day))
        text = "\n".join(line for line in lines if not line.startswith("= ")).strip()
        yield Report(head.split(" | ")[1], text, frozenset(values))


def test_values_are_read_as_well_as_promised(sessions: Sessions) -> None:
    counts: Counter[str] = Counter()
    wrong = []
    for report in labelled():
        values = read(report.text, sessions, report.published_at)
        counts["right"] += len(values & report.values)
        counts["found"] += len(values)
        counts["wanted"] += len(report.values)
        if values != report.values:
            wrong.append((report.text[:50], values - report.values, report.values - values))
    precision, recall = counts["right"] / counts["found"], counts["right"] / counts["wanted"]
    print(f"{counts['wanted']} values: precision {precision:.2%}, recall {recall:.2%}")
    assert counts["wanted"] > 200
    assert precision >= 0.97, wrong
    assert recall >= 0.90, wrong


def test_span_goes_from_the_name_to_the_number(sessions: Sessions) -> None:
    text = "Prices rose. K-Electric closed at Rs\u00a07.38, up 45 paisa. Volumes fell."
    close, change = found(text, sessions)
    assert text[close.start : close.end] == "K-Electric closed at Rs\u00a07.38"
    assert text[change.start : change.end] == "K-Electric closed at Rs\u00a07.38, up 45 paisa"
    sentence = text[slice(*close.sentence)]
    assert sentence == "K-Electric closed at Rs\u00a07.38, up 45 paisa."
    assert (close.unit, change.unit, change.value) == ("rupees", "rupees", 45)


@pytest.mark.parametrize(
    ("published_at", "words", "day"),
    [
        (EVENING, "", "2024-05-06"),
        ("2024-05-06T08:30:00+05:00", "", "2024-05-03"),
        ("2024-05-06", "", None),
        ("2024-05-06", " on Friday", "2024-05-03"),
        ("2024-05-05T18:00:00+05:00", "", "2024-05-03"),
    ],
)
def test_day_is_that_of_the_session_reported(
    published_at: str, words: str, day: str | None, sessions: Sessions
) -> None:
    text = f"Unity Foods closed{words} at Rs 24.91 against Rs 23.86 on Thursday."
    assert read(text, sessions, published_at) == {("UNITY", "close", 2491, day)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rs",
        "K-Electric closed",
        "K-Electric closed at Rs 7.38 million",
        "KSE-100 closed at",
        "Hubco (HUBC) ended its plan in 2024.",
        "closed at Rs 7.38",
        "UBL closed 45 branches and ended a scheme worth Rs 2.50.",
        "The board of PSO ended its meeting at 11:30am.",
    ],
)
def test_half_a_statement_states_nothing(text: str, sessions: Sessions) -> None:
    assert read(text, sessions) == set()


def test_without_a_date_nothing_is_stated(sessions: Sessions) -> None:
    assert read("K-Electric closed at Rs 7.38.", sessions, None) == set()


@given(
    st.lists(
        st.sampled_from(
            ["K-Electric", "KSE-100", " closed", " at", " Rs 7.38", " 71,902.09", " and ", "Hubco",
             " gained", " 2%", ". ", "\n\n", ", ", " respectively", " (R)", " 3 million shares",
             " It", " on Friday", "\u200f", "Bright Mills", " points", " to"]
        ),
        max_size=16,
    )
)  # fmt: skip
def test_whatever_the_words_spans_lie_in_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    calendar = Sessions(make_sessions(2024, 2024, {}))
    for value in found(text, calendar):
        assert 0 <= value.start < value.end <= len(text)
        assert text[value.end - 1].strip()
