"""The gate: how well 5,000 simulated captures over 400 trading days must be dated (issue 4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.market.measures import measure, measure_pairs


@pytest.mark.parametrize(
    ("name", "recall", "wrong"),
    [
        ("closes of KSE100, no times", 0.99, 0.0),
        ("capture times only", 0.97, 0.005),
        ("one dated board in each run", 0.90, 0.0),
        ("all evidence", 0.99, 0.0),
    ],
)
def test_floor(name: str, recall: float, wrong: float, tmp_path: Path) -> None:
    score = measure(name, 1, tmp_path / "archive.db")
    assert score.boards > 800
    assert score.recall >= recall, score
    assert score.wrong <= wrong * score.dated, score
    assert score.misplaced <= 0.01 * score.boards, score


def test_with_nothing_no_day_but_the_groups_right(tmp_path: Path) -> None:
    found, right = measure_pairs(1, tmp_path / "archive.db")
    assert found == right > 500
    assert measure("nothing", 2, tmp_path / "archive.db").dated == 0


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_few_captures_are_dated_less_but_hardly_ever_wrongly(seed: int, tmp_path: Path) -> None:
    closes = measure("closes of KSE100, no times", seed, tmp_path / "c.db", captures=400)
    times = measure("capture times only", seed, tmp_path / "t.db", captures=400)
    assert closes.recall >= 0.95, closes
    assert closes.wrong == 0, closes
    assert times.recall >= 0.85, times
    assert times.wrong <= 0.02 * times.dated, times
