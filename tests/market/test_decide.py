"""Decisions from evidence: each rule with a case of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pytest

from loader.market.case import Case
from loader.market.closes import Close, Closes
from loader.market.decide import decide
from loader.market.model import Bound, Decision, Group, Link, Passage, Points, TimeClaim, Undated
from loader.market.moves import Moves, StatedMove
from loader.market.standstill import Standstill, possible_holidays
from loader.market.words import WHY_UNDATED

BASES: Points = (7_065_764, 2_322_400, 740_830, 2_403_660)
PROVISIONAL: Points = (7_066_680, *BASES[1:])
FAR: Points = (6_500_000, 2_100_000, 680_000, 2_200_000)
SESSIONS = 100

Seen = dict[tuple[int, str], Sequence[int]]


def group(key: int, bases: Points, *claims: TimeClaim, text: int | None = None) -> Group:
    """Return a group; `text` is the last session opened before a text below its boards appeared."""
    bounds = () if text is None else (Bound(text, 1, "a page shows a text"),)
    return Group(key, bases, bases, claims, bounds)


def fresh(day: int, count: int = 1) -> TimeClaim:
    return TimeClaim("capture", day, day, count)


def close(day: int, value: int) -> Close:
    return Close("KSE100", value, day, day, "close", "mine.csv")


def judged(
    groups: Sequence[Group],
    links: Sequence[Link] = (),
    closes: Sequence[Close] = (),
    shown: Seen | None = None,
    unconfirmed: Sequence[int] = (),
    moves: Moves | None = None,
    ends: Mapping[tuple[int, int], Points] = MappingProxyType({}),
) -> dict[int, Decision]:
    def seen(key: int, symbol: str, low: int, high: int) -> bool:
        return any(low <= price <= high for price in (shown or {}).get((key, symbol), ()))

    def ended(key: int, day: int) -> Sequence[Points]:
        return [ends[key, day]] if (key, day) in ends else []

    return decide(Case(groups, links, Closes(closes), seen, SESSIONS, unconfirmed, moves, ended))


def next_day(before: int, after: int, equal: int = 30) -> Link:
    return Link(before, after, "next", 4, equal, 30)


def test_without_evidence_there_is_no_day() -> None:
    decision = judged([group(1, BASES)])[1]
    assert decision.day is None
    assert decision.reason is Undated.NO_EVIDENCE


def test_a_base_that_is_the_close_of_the_day_before() -> None:
    decision = judged([group(1, BASES)], closes=[close(10, BASES[0] or 0), close(11, 7_190_209)])[1]
    assert (decision.day, decision.basis) == (11, ("close",))


def test_a_base_that_fits_two_days_fits_none() -> None:
    closes = [close(10, 7_065_764), close(50, 7_065_780)]
    decision = judged([group(1, BASES)], closes=closes)[1]
    assert decision.day is None
    assert decision.reason is Undated.SEVERAL_DAYS
    assert [day for day, _ in decision.candidates] == [11, 51]


def test_a_capture_time_decides_between_two_days() -> None:
    closes = [close(10, 7_065_764), close(50, 7_065_780)]
    assert judged([group(1, BASES, fresh(11))], closes=closes)[1].day == 11


def test_a_price_that_is_the_close_decides_between_two_days() -> None:
    closes = [close(10, 7_065_764), close(11, 7_190_209), close(50, 7_065_780)]
    assert judged([group(1, BASES)], closes=closes, shown={(1, "KSE100"): [7_190_200]})[1].day == 11


def test_a_provisional_base_with_the_close_of_its_day() -> None:
    """As on the one real page text: base 9.16 points off, price equal to the official close."""
    closes = [close(10, 7_065_764), close(11, 7_190_209)]
    found = judged([group(1, PROVISIONAL)], closes=closes, shown={(1, "KSE100"): [7_190_200]})[1]
    assert found.day == 11


def test_a_provisional_base_alone_is_not_enough() -> None:
    found = judged([group(1, PROVISIONAL)], closes=[close(10, 7_065_764)])[1]
    assert (found.day, found.reason) == (None, Undated.NO_EVIDENCE)


def test_the_earliest_capture_holds_when_later_ones_are_frozen() -> None:
    found = judged([group(1, BASES, fresh(20), fresh(23))])[1]
    assert (found.day, found.basis) == (20, ("capture", "alone"))


def test_a_date_alone_leaves_two_days() -> None:
    found = judged([group(1, BASES, TimeClaim("masthead", 19, 20))])[1]
    assert found.day is None
    assert {day for day, _ in found.candidates} == {19, 20}


def test_two_dates_can_meet_in_one_day() -> None:
    claims = (TimeClaim("masthead", 19, 20), TimeClaim("masthead", 20, 21))
    found = judged([group(1, BASES, *claims)])[1]
    assert (found.day, found.basis) == (20, ("masthead",))


def test_a_close_against_the_capture_time_leaves_no_day() -> None:
    closes = [close(10, 7_065_764), close(4, 6_900_000)]
    assert judged([group(1, BASES, fresh(5))], closes=closes)[1].day is None


def test_neighbours_carry_a_day_along_a_chain() -> None:
    groups = [group(key, BASES) for key in range(8)] + [group(8, FAR, fresh(30))]
    links = [next_day(key, key + 1) for key in range(8)]
    found = judged(groups, links)
    assert [found[key].day for key in range(9)] == list(range(22, 31))
    assert found[0].basis == ("neighbour", "alone")


def test_neighbours_that_disagree_leave_what_lies_between_open() -> None:
    groups = [group(0, BASES, fresh(10)), *(group(key, BASES) for key in range(1, 9))]
    groups.append(group(9, FAR, fresh(20)))
    found = judged(groups, [next_day(key, key + 1) for key in range(9)])
    assert found[5].day is None
    assert found[5].reason is Undated.NEIGHBOURS_DISAGREE


def test_a_group_seen_only_late_is_put_before_the_day_that_counts_from_it() -> None:
    groups = [
        group(1, FAR, fresh(10)),
        group(2, BASES, fresh(11)),
        group(3, PROVISIONAL, fresh(12)),
    ]
    stale = [group(1, FAR, fresh(10)), group(2, BASES, fresh(12)), group(3, PROVISIONAL, fresh(12))]
    links = [next_day(1, 2), next_day(2, 3)]
    assert [decision.day for decision in judged(groups, links).values()] == [10, 11, 12]
    assert [decision.day for decision in judged(stale, links).values()] == [10, 11, 12]


def test_two_groups_of_different_bases_cannot_share_a_day() -> None:
    found = judged([group(1, BASES, fresh(20)), group(2, FAR, fresh(20))])
    assert [decision.day for decision in found.values()] == [None, None]
    assert found[1].reason is Undated.DAY_TAKEN


def test_better_evidence_keeps_the_day() -> None:
    groups = [group(1, BASES, fresh(20)), group(2, FAR, fresh(20))]
    found = judged(groups, closes=[close(19, 7_065_764)])
    assert (found[1].day, found[2].day) == (20, None)


def test_a_provisional_twin_may_share_the_day() -> None:
    found = judged([group(1, BASES, fresh(20)), group(2, PROVISIONAL, fresh(20))])
    assert [decision.day for decision in found.values()] == [20, 20]


def test_rival_links_are_not_believed() -> None:
    groups = [group(1, BASES, fresh(20)), group(2, FAR), group(3, FAR)]
    found = judged(groups, [next_day(1, 2), next_day(1, 3)])
    assert (found[2].day, found[3].day) == (None, None)


def test_shares_decide_between_rival_links() -> None:
    groups = [group(1, BASES, fresh(20)), group(2, FAR), group(3, FAR)]
    found = judged(groups, [next_day(1, 2), next_day(1, 3, equal=2)])
    assert (found[2].day, found[3].day) == (21, None)


def test_disputed_closes_are_no_evidence() -> None:
    closes = [close(10, 7_065_764), Close("KSE100", 7_000_000, 10, 10, "close", "other.csv")]
    assert judged([group(1, BASES)], closes=closes)[1].reason is Undated.NO_EVIDENCE


def test_the_users_close_goes_before_a_stated_one() -> None:
    stated = Close("KSE100", 7_000_000, 10, 10, "stated", Passage("article", 1, 2))
    assert judged([group(1, BASES)], closes=[close(10, 7_065_764), stated])[1].day == 11


def test_each_reason_against_a_day_has_words_of_its_own() -> None:
    words = [WHY_UNDATED[reason] for reason in Undated]
    assert len(set(words)) == len(words)


def test_too_little_evidence_is_no_conflict() -> None:
    calm = {reason for reason in Undated if not reason.is_conflict}
    assert calm == {Undated.NO_EVIDENCE, Undated.TOO_WEAK}


def test_publication_decides_between_days_that_tie() -> None:
    closes = [close(10, 7_065_764), close(50, 7_065_780)]
    found = judged([group(1, BASES, text=51)], closes=closes)[1]
    assert (found.day, found.basis) == (51, ("close", "published"))


def test_publication_is_no_evidence_of_its_day() -> None:
    found = judged([group(1, BASES, text=51)])[1]
    assert (found.day, found.reason) == (None, Undated.NO_EVIDENCE)


def test_publication_before_both_days_decides_nothing() -> None:
    closes = [close(10, 7_065_764), close(50, 7_065_780)]
    assert judged([group(1, BASES, text=5)], closes=closes)[1].reason is Undated.SEVERAL_DAYS


def test_a_board_that_stood_still_for_a_session_keeps_the_day_of_its_close() -> None:
    assert judged([group(1, BASES, text=12)], closes=[close(10, 7_065_764)])[1].day == 11


def test_a_board_that_would_have_stood_still_for_weeks_has_no_day() -> None:
    assert judged([group(1, BASES, text=40)], closes=[close(10, 7_065_764)])[1].day is None


def test_a_text_of_after_the_days_that_times_allow_says_nothing() -> None:
    found = judged([group(1, BASES, fresh(20), text=60)])[1]
    assert (found.day, found.basis) == (20, ("capture", "alone"))


def test_masthead_and_publication_of_one_day_give_it() -> None:
    found = judged([group(1, BASES, TimeClaim("masthead", 19, 20), text=20)])[1]
    assert (found.day, found.basis) == (20, ("masthead", "published", "alone"))


def test_masthead_and_a_text_of_an_older_day_do_not() -> None:
    found = judged([group(1, BASES, TimeClaim("masthead", 19, 20), text=19)])[1]
    assert found.day is None


def test_a_day_by_its_time_says_that_the_calendar_may_be_wrong() -> None:
    found = judged([group(1, BASES, fresh(20)), group(2, FAR, fresh(30))], unconfirmed=[20])
    assert found[1].basis == ("capture", "alone", "unconfirmed")
    assert found[2].basis == ("capture", "alone")


@pytest.mark.parametrize(
    "claims",
    [
        (fresh(20),),
        (fresh(20), fresh(23)),
        (TimeClaim("masthead", 20, 20),),
        (TimeClaim("masthead", 19, 20), TimeClaim("masthead", 20, 21), fresh(24)),
    ],
)
def test_the_time_of_one_page_alone_is_said_in_the_basis(claims: tuple[TimeClaim, ...]) -> None:
    """A later capture of the same board is evidence of a frozen page, not of the day."""
    found = judged([group(1, BASES, *claims)])[1]
    assert found.day == 20
    assert ("alone" in found.basis) == (len(claims) < 3)


@pytest.mark.parametrize(
    ("bases", "links", "closes"),
    [
        (BASES, [], [close(19, BASES[0] or 0)]),
        (FAR, [next_day(1, 2)], []),
        (PROVISIONAL, [Link(1, 2, "twin", 4, 30, 30)], []),
    ],
)
def test_a_close_or_another_board_confirms_a_time(
    bases: Points, links: Sequence[Link], closes: Sequence[Close]
) -> None:
    other = 21 if links and links[0].kind == "next" else 20
    groups = [group(1, BASES, fresh(20)), group(2, bases, fresh(other))][: 1 + bool(links)]
    found = judged(groups, links, closes)
    assert not any("alone" in decision.basis for decision in found.values())


def test_a_run_that_rests_on_one_page_is_alone_as_a_whole() -> None:
    groups = [
        group(1, BASES),
        group(2, BASES, fresh(20)),
        *(group(key, BASES) for key in (3, 4, 5)),
    ]
    links = [next_day(key, key + 1) for key in range(1, 5)]
    found = judged(groups, links)
    assert [found[key].day for key in range(1, 6)] == [19, 20, 21, 22, 23]
    assert {found[key].basis for key in range(1, 6)} == {
        ("neighbour", "alone"),
        ("capture", "alone"),
    }


def test_a_capture_at_the_other_end_of_a_run_confirms_it() -> None:
    """It is too far away for its evidence to count, but the links agree."""
    groups = [group(key, BASES) for key in range(2, 7)]
    groups += [group(1, BASES, fresh(20)), group(7, FAR, fresh(26))]
    found = judged(groups, [next_day(key, key + 1) for key in range(1, 7)])
    assert [found[key].day for key in range(1, 8)] == list(range(20, 27))
    assert not any("alone" in decision.basis for decision in found.values())


def test_a_run_that_contradicts_the_session_before_goes_as_a_whole() -> None:
    groups = [group(1, BASES, fresh(20, 2)), group(2, FAR, fresh(21)), group(3, FAR)]
    end = (7_100_000, 2_330_000, 742_000, 2_410_000)
    found = judged(groups, [next_day(2, 3)], ends={(1, 20): end})
    assert [decision.day for decision in found.values()] == [20, None, None]


def test_two_captures_of_one_session_are_not_alone() -> None:
    assert judged([group(1, BASES, fresh(20, count=2))])[1].basis == ("capture",)


def test_a_lone_board_that_does_not_count_from_the_end_before_has_no_day() -> None:
    """One of two was frozen: the one captured after its close, or the next one."""
    groups = [group(1, BASES, fresh(20)), group(2, FAR, fresh(21))]
    found = judged(groups, ends={(1, 20): (7_100_000, 2_330_000, 742_000, 2_410_000)})
    assert [decision.day for decision in found.values()] == [None, None]
    assert found[2].reason is Undated.AGAINST_NEIGHBOURS
    assert found[2].candidates == ((21, 15),)


def test_of_two_that_contradict_each_other_the_confirmed_one_stays() -> None:
    groups = [group(1, BASES, fresh(20, count=3)), group(2, FAR, fresh(21))]
    found = judged(groups, ends={(1, 20): (7_100_000, 2_330_000, 742_000, 2_410_000)})
    assert (found[1].day, found[1].basis) == (20, ("capture",))
    assert found[2].day is None


@pytest.mark.parametrize(
    "end",
    [
        FAR,
        (6_501_500, *FAR[1:]),  # within the error of a provisional base
        (FAR[0], None, None, None),
    ],
)
def test_a_lone_board_that_counts_from_the_end_before_keeps_its_day(end: Points) -> None:
    groups = [group(1, BASES, fresh(20)), group(2, FAR, fresh(21))]
    found = judged(groups, ends={(1, 20): end})
    assert [decision.day for decision in found.values()] == [20, 21]


def test_an_end_two_sessions_before_contradicts_nothing() -> None:
    groups = [group(1, BASES, fresh(20)), group(2, FAR, fresh(22))]
    found = judged(groups, ends={(1, 20): (7_100_000, None, None, None)})
    assert [decision.day for decision in found.values()] == [20, 22]


def test_a_close_confirms_the_day_whatever_the_calendar() -> None:
    closes = [close(19, BASES[0] or 0)]
    found = judged([group(1, BASES, fresh(20))], closes=closes, unconfirmed=[20])[1]
    assert found.basis == ("close", "capture")


def moved(day: int, points: int) -> StatedMove:
    return StatedMove("KSE100", points, 50, None, 0, day, day, Passage("article", 1, 2))


def test_a_stated_move_alone_is_too_little() -> None:
    moves = Moves([moved(20, 53_000)], {1: {"KSE100": [(53_020, 7_065_764)]}})
    found = judged([group(1, BASES)], moves=moves)[1]
    assert (found.day, found.reason) == (None, Undated.TOO_WEAK)


def test_a_stated_move_adds_to_the_weight_of_a_masthead() -> None:
    moves = Moves([moved(20, 53_000)], {1: {"KSE100": [(53_020, 7_065_764)]}})
    found = judged([group(1, BASES, TimeClaim("masthead", 19, 20))], moves=moves)[1]
    assert found.candidates == ((20, 22), (19, 12))


def test_another_move_is_no_evidence_against_a_day() -> None:
    moves = Moves([moved(20, 53_000)], {1: {"KSE100": [(-1_000, 7_065_764)]}})
    assert judged([group(1, BASES, fresh(20))], moves=moves)[1].day == 20


def test_moves_of_several_days_in_a_row_give_them() -> None:
    moves = Moves(
        [moved(20, 53_000), moved(21, -12_000), moved(22, 7_700)],
        {
            1: {"KSE100": [(53_020, 7_065_764)]},
            2: {"KSE100": [(-12_040, 7_118_784)]},
            3: {"KSE100": [(7_650, 7_106_744)]},
        },
    )
    groups = [group(key, BASES) for key in (1, 2, 3)]
    found = judged(groups, [next_day(1, 2), next_day(2, 3)], moves=moves)
    assert [found[key].day for key in (1, 2, 3)] == [20, 21, 22]


def test_boards_of_three_sessions_that_show_one_day_tell_of_holidays() -> None:
    groups = [
        group(1, BASES, fresh(20), fresh(21), fresh(22)),
        group(2, FAR, fresh(23)),
        group(3, PROVISIONAL, fresh(30), fresh(31)),
    ]
    assert list(possible_holidays(groups)) == [Standstill(1, 20, 22)]


def test_a_session_on_which_another_day_was_seen_too_is_no_holiday() -> None:
    groups = [group(1, BASES, fresh(20), fresh(21), fresh(22)), group(2, FAR, fresh(21))]
    assert list(possible_holidays(groups)) == []
