"""Floors for dating simulated captures, as dense as 5,000 over 400 sessions.

At length (`make reliability`) there are twice as many captures, and all seeds.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.market.archives import bring_closes, load, make_market, score
from tests.market.measures import MEASURES, measure, measure_pairs
from tests.market.simulator import Faults, closes_csv, crawl, without_times
from tests.reliability import is_at_length, some

CAPTURES, DAYS = (2000, 160) if is_at_length() else (1000, 80)
SEEDS = (11, 12, 13, 14)


@pytest.mark.parametrize(
    ("name", "recall", "wrong", "times"),
    [
        ("closes of KSE100, no times", 0.99, 0.0, 1),
        ("capture times only", 0.97, 0.002, 1),
        # Reports that fit two days are decided by distant other ones.
        ("closes stated in articles only", 0.90, 0.002, 2.5),
        ("mastheads and published texts", 0.97, 0.002, 1),
        ("one dated board in each run", 0.90, 0.0, 1),
        ("all evidence", 0.99, 0.0, 1),
    ],
)
def test_floor(name: str, recall: float, wrong: float, times: float, tmp_path: Path) -> None:
    score = measure(name, 1, tmp_path / "archive.db", int(CAPTURES * times), int(DAYS * times))
    assert score.boards > 0.16 * CAPTURES * times
    assert score.recall >= recall, score
    assert score.wrong <= wrong * score.dated, score
    assert score.misplaced <= 0.01 * score.boards, score


def test_with_nothing_no_day_but_the_groups_right(tmp_path: Path) -> None:
    found, right = measure_pairs(1, tmp_path / "archive.db", CAPTURES, DAYS)
    assert found == right > CAPTURES // 10
    assert measure("nothing", 2, tmp_path / "archive.db", CAPTURES, DAYS).dated == 0


def test_few_captures_are_dated_less_but_hardly_one_wrongly(tmp_path: Path) -> None:
    """Exceptions: a changed base that equals the close of another day, and frozen pages.

    Frozen pages without other evidence are marked in their basis.
    """
    closes, times = [], []
    size = (CAPTURES // 5, DAYS * 5 // 2)
    for seed in some(SEEDS, 2):  # one market at a time is kept
        closes.append(measure("closes of KSE100, no times", seed, tmp_path / "c.db", *size))
        times.append(measure("capture times only", seed, tmp_path / "t.db", *size))
    assert all(score.recall >= 0.95 for score in closes), closes
    assert sum(score.wrong for score in closes) <= 0.002 * sum(s.dated for s in closes), closes
    assert all(score.recall >= 0.75 for score in times), times
    assert sum(score.confirmed_wrong for score in times) == 0, times
    alone = sum(score.alone for score in times)
    assert sum(score.alone_wrong for score in times) <= 0.05 * alone, times
    assert alone <= 0.3 * sum(score.dated for score in times), times


@pytest.mark.parametrize("name", ["capture times only", "mastheads and published texts"])
def test_archives_of_a_few_pages_say_which_days_nothing_confirms(name: str, tmp_path: Path) -> None:
    """Pages are weeks apart, so that most days depend on one of them."""
    scores = [measure(name, seed, tmp_path / "p.db", 82, 600) for seed in some((1, 2, 3, 4), 2)]
    assert sum(score.confirmed_wrong for score in scores) == 0, scores
    assert sum(score.alone_wrong for score in scores) <= 0.06 * sum(s.alone for s in scores), scores
    assert sum(score.alone for score in scores) > 0.5 * sum(s.dated for s in scores), scores


@pytest.mark.parametrize("seed", some(SEEDS, 1))
def test_articles_that_speak_of_few_days_date_none_wrongly(seed: int, tmp_path: Path) -> None:
    found = measure("closes stated, and less moves", seed, tmp_path / "s.db", captures=400)
    assert found.wrong == 0, found


@pytest.mark.parametrize("seed", some([11, 12], 1))
def test_texts_of_pages_that_stood_still_turn_no_day_wrong(seed: int, tmp_path: Path) -> None:
    """Evidence is closes and dates of texts, and one page in five was frozen."""
    market = replace(make_market(seed, 300), faults=Faults(frozen=0.2))
    captures = crawl(market, 300)
    loaded = MEASURES["closes and published texts"](tmp_path / "f.db", market, captures)
    found = score(tmp_path / "f.db", loaded, market.sessions)
    assert found.wrong == 0, found
    assert found.recall >= 0.9, found


@pytest.mark.parametrize("seed", some((11, 12), 1))
def test_holidays_that_no_calendar_knows_turn_few_days_wrong(seed: int, tmp_path: Path) -> None:
    """There are three pairs of them in 200 sessions, without rows in a table of closes."""
    captures = CAPTURES * 5 // 8
    times = measure("capture times only", seed, tmp_path / "h.db", captures, days=200, holidays=3)
    closes = measure("all evidence", seed, tmp_path / "h.db", captures, days=200, holidays=3)
    assert times.recall >= 0.9, times
    assert times.wrong <= 0.002 * times.dated, times
    assert closes.wrong == 0, closes
    assert closes.recall >= 0.95, closes


@pytest.mark.parametrize(("seed", "holidays"), some([(11, 0), (12, 0), (11, 3), (12, 3)], 1))
def test_rows_that_a_table_of_closes_lacks_turn_no_day_wrong(
    seed: int, holidays: int, tmp_path: Path
) -> None:
    """One in twenty is missing, and such a session looks like a holiday in the table."""
    market = make_market(seed, 200, holidays=holidays)
    captures = crawl(market, 1000)
    bare = [without_times(each) for each in captures]
    load(tmp_path / "h.db", bare)
    rows = closes_csv(market).splitlines(keepends=True)
    bring_closes(tmp_path / "h.db", "".join(row for n, row in enumerate(rows) if n % 20 != 7))
    found = score(tmp_path / "h.db", bare, market.sessions)
    assert found.wrong == 0, found
    assert found.recall >= 0.85, found
