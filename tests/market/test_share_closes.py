"""Closes of shares stated in articles are evidence on days proposed by other evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from loader.market.case import Case
from loader.market.closes import Close, Closes
from loader.market.decide import decide
from loader.market.model import Decision, Group, Passage, Points, TimeClaim, Witness
from loader.market.share_closes import FEWEST, LEAST, MOST, NEAR, StatedShares, weigh_shares

SOURCE = Passage("a" * 64, 10, 40)
BASES = {share: 1_000 + 350 * share for share in range(12)}
POINTS: Points = (7_065_764, 2_322_400, 740_830, 2_403_660)


def stated(closes: Mapping[int, int]) -> StatedShares:
    return StatedShares({share: [close] for share, close in closes.items()}, SOURCE)


def moved(share: int, hundredths_of_percent: int) -> int:
    return BASES[share] + BASES[share] * hundredths_of_percent // 10_000


def test_bases_within_a_per_cent_of_closes_speak_for_a_day() -> None:
    found = weigh_shares(7, [BASES], stated({share: moved(share, 60) for share in range(6)}))
    assert found is not None
    assert (found.kind, found.first, found.weight) == ("stated", 7, 6 * NEAR)
    assert found.source == SOURCE
    assert found.detail.startswith("6 of 6 share bases are within 1 % of closes")


def test_many_shares_say_no_more_than_their_market() -> None:
    found = weigh_shares(7, [BASES], stated(BASES))
    assert found is not None
    assert found.weight == MOST


def test_bases_further_off_speak_against_it() -> None:
    found = weigh_shares(7, [BASES], stated({share: moved(share, 300) for share in range(6)}))
    assert found is not None
    assert found.weight == LEAST


def test_one_share_off_among_many_is_an_ex_date_or_a_misprint() -> None:
    closes = {share: moved(share, 900 if share == 3 else 20) for share in range(9)}
    found = weigh_shares(7, [BASES], stated(closes))
    assert found is not None
    assert 0 < found.weight < MOST


def test_fewer_shares_tell_nothing() -> None:
    closes = {share: BASES[share] for share in range(FEWEST - 1)}
    assert weigh_shares(7, [BASES], stated(closes)) is None


def test_shares_that_the_board_has_not_count_neither_way() -> None:
    assert weigh_shares(7, [BASES], stated(dict.fromkeys(range(20, 30), 1000))) is None


def test_the_bases_that_fit_best_are_those_of_the_day() -> None:
    stale = {share: moved(share, 700) for share in BASES}
    found = weigh_shares(7, [stale, BASES], stated(BASES))
    assert found is not None
    assert found.weight == MOST


def test_of_articles_that_disagree_either_may_be_right() -> None:
    closes = {share: [moved(share, 800), BASES[share]] for share in range(5)}
    found = weigh_shares(7, [BASES], StatedShares(closes, SOURCE))
    assert found is not None
    assert found.weight == 5 * NEAR


def judged(
    claims: Sequence[TimeClaim], closes: Sequence[Close], weights: Mapping[int, int]
) -> Decision:
    """Return the decision on one group with these weights of share closes by day."""

    def shares(_key: int, day: int) -> Witness | None:
        weight = weights.get(day)
        return Witness("stated", day, day, weight, "shares", SOURCE) if weight else None

    case = Case(
        [Group(1, POINTS, POINTS, tuple(claims))],
        [],
        Closes(closes),
        lambda *_: False,
        100,
        share_closes=shares,
    )
    return decide(case)[1]


def base_close(day: int) -> Close:
    return Close("KSE100", POINTS[0] or 0, day, day, "stated", SOURCE)


def test_an_index_close_that_an_article_states_alone_is_too_little() -> None:
    assert judged([], [base_close(19)], {}).day is None


def test_the_shares_of_the_same_report_make_it_enough() -> None:
    found = judged([], [base_close(19)], {20: 15})
    assert (found.day, found.basis) == (20, ("stated",))


def test_shares_alone_propose_no_day() -> None:
    assert judged([], [], {20: MOST}).day is None


@pytest.mark.parametrize(
    ("weights", "day"), [({20: 18}, 20), ({20: 18, 19: LEAST}, 20), ({20: 18, 19: 18}, None)]
)
def test_shares_tell_which_of_two_days_a_masthead_means(
    weights: Mapping[int, int], day: int | None
) -> None:
    assert judged([TimeClaim("masthead", 19, 20)], [], weights).day == day


def test_shares_confirm_a_day_that_rests_on_one_page() -> None:
    found = judged([TimeClaim("capture", 20, 20)], [], {20: 12})
    assert (found.day, found.basis) == (20, ("stated", "capture"))


def test_shares_take_the_day_from_a_page_that_stood_still() -> None:
    assert judged([TimeClaim("capture", 20, 20)], [], {20: LEAST}).day is None
