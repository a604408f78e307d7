"""Boards of the same trading day are grouped (docs/dating.md, rule 1)."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.market.grouping import REACH, group_boards, needs_shares, neighbourhoods
from loader.market.model import IndexLines, Points

BASES = (7_066_764, 2_322_400, 740_830, 2_403_660)


def board(name: str, bases: Points, shares: frozenset[tuple[int, int]] = frozenset()) -> IndexLines:
    return IndexLines(name, bases, shares)


def moved(bases: Points, *by: int) -> Points:
    return tuple(
        None if base is None else base + step for base, step in zip(bases, by, strict=True)
    )


def names(groups: list[tuple[IndexLines, ...]]) -> list[list[str]]:
    return sorted([line.board for line in group] for group in groups)


def test_bases_that_differ_by_rounding_alone_are_of_one_day() -> None:
    groups = group_boards([board("a", BASES), board("b", moved(BASES, 100, -60, 10, 0))])
    assert names(groups) == [["a", "b"]]


def test_kse100_alone_does_not_join_boards_of_different_years() -> None:
    other_year = moved(BASES, 30, 500_00, 0, 0)
    assert names(group_boards([board("a", BASES), board("b", other_year)])) == [["a"], ["b"]]


def test_nine_points_apart_are_different_groups() -> None:
    assert names(group_boards([board("a", BASES), board("b", moved(BASES, 950, 0, 0, 0))])) == [
        ["a"],
        ["b"],
    ]


def test_a_second_index_is_enough_where_the_others_are_missing() -> None:
    partial = (BASES[0], BASES[1], None, None)
    assert names(group_boards([board("a", BASES), board("b", partial)])) == [["a", "b"]]


def test_a_partial_board_that_fits_two_days_joins_neither() -> None:
    partial = (BASES[0], BASES[1], None, None)
    other = moved(BASES, 0, 0, 300_00, 300_00)
    groups = group_boards([board("a", BASES), board("b", other), board("c", partial)])
    assert names(groups) == [["a"], ["b"], ["c"]]


def test_a_board_without_a_second_index_needs_most_of_the_shares() -> None:
    shares = frozenset((key, 1000 + key) for key in range(30))
    few = frozenset((key, 1000 + key if key < 12 else 1) for key in range(30))
    alone: Points = (BASES[0], None, None, None)
    same = [board("a", BASES, shares), board("b", alone, shares)]
    assert names(group_boards(same)) == [["a", "b"]]
    other = [board("a", BASES, shares), board("b", alone, few)]
    assert names(group_boards(other)) == [["a"], ["b"]]
    assert needs_shares(same)


def test_shares_alone_never_join_boards() -> None:
    shares = frozenset((key, 1000 + key) for key in range(30))
    no_index: Points = (None, None, None, None)
    assert group_boards([board("a", no_index, shares), board("b", no_index, shares)]) == []


@pytest.mark.parametrize("step", [REACH, REACH + 1])
def test_neighbourhoods_end_at_a_gap(step: int) -> None:
    lines = [board("a", BASES), board("b", moved(BASES, step, 0, 0, 0))]
    assert len(list(neighbourhoods(lines))) == (1 if step == REACH else 2)


close_bases = st.tuples(
    st.integers(0, 400), *[st.one_of(st.none(), st.integers(0, 400)) for _ in range(3)]
)


@given(st.lists(close_bases, min_size=1, max_size=14), st.integers())
def test_groups_do_not_depend_on_the_order_of_boards(bases: list[Points], seed: int) -> None:
    lines = [board(f"{number:02}", base) for number, base in enumerate(bases)]
    shuffled = list(lines)
    Random(seed).shuffle(shuffled)
    assert names(group_boards(shuffled)) == names(group_boards(lines))
    assert sorted(line.board for group in group_boards(lines) for line in group) == [
        line.board for line in lines
    ]
