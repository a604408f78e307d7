"""Copies, later wraps and issues of one template are distinguished (likeness_pairs.py)."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.articles.likeness import Kind, compare, text_of
from loader.articles.sketch import sketch
from loader.articles.units import MOST_CHARACTERS
from tests.articles.likeness_pairs import Pair, labelled

PAIRS = labelled()
URDU = (
    "کراچی میں آج بارش ہوئی اور سڑکوں پر پانی کھڑا ہو گیا۔ شہریوں نے انتظامیہ سے مدد مانگی۔ "
    "محکمہ موسمیات کے مطابق ۴۸ ملی میٹر بارش ریکارڈ کی گئی۔ بجلی کی فراہمی بھی متاثر رہی۔"
)


def _kind(pair: Pair) -> Kind:
    return compare(text_of(pair.one), text_of(pair.other)).kind


def test_labelled_set_is_large_and_has_enough_of_each_kind() -> None:
    kinds = Counter(pair.kind for pair in PAIRS)
    assert sum(kinds.values()) >= 350
    assert min(kinds.values()) >= 70


@pytest.mark.parametrize("lot", [1, 2, 3, 4])
def test_nineteen_of_twenty_labels_are_right_of_each_lot_and_kind(lot: int) -> None:
    pairs = sorted((pair for pair in PAIRS if pair.lot == lot), key=attrgetter("kind"))
    for kind, group in groupby(pairs, key=attrgetter("kind")):
        of_kind = list(group)
        wrong = [pair.name for pair in of_kind if _kind(pair) != kind]
        assert len(wrong) <= len(of_kind) // 20, (kind, wrong)


def test_nearly_all_copies_and_wraps_are_candidates() -> None:
    linked = [pair for pair in PAIRS if pair.kind != "different"]
    missed = [pair.name for pair in linked if len({*sketch(pair.one)} & {*sketch(pair.other)}) < 2]
    assert len(missed) <= len(linked) // 40, missed


def test_order_of_two_texts_does_not_matter() -> None:
    for pair in PAIRS:
        one, other = text_of(pair.one), text_of(pair.other)
        assert compare(one, other) == compare(other, one), pair.name


WORDS = st.sampled_from(
    "the mill at Hub paid 12 48.5 Monday May 5 growers of . \n\n ... ، کپاس".split(" ")
)


@given(st.lists(WORDS, max_size=60).map(" ".join), st.lists(WORDS, max_size=60).map(" ".join))
def test_any_two_texts_have_one_answer_in_either_order(one: str, other: str) -> None:
    found = compare(text_of(one), text_of(other))
    assert found == compare(text_of(other), text_of(one))
    assert 0 <= found.common_per_mille <= 1000


@pytest.mark.parametrize("body", ["", "Photo", "1", "۔", "...", "\n\n", "KARACHI: "])
def test_texts_of_hardly_a_word_have_no_copies(body: str) -> None:
    assert sketch(body) == ()
    assert compare(text_of(body), text_of(URDU)).kind == "different"


def test_form_of_a_text_does_not_change_its_sketch() -> None:
    body = next(pair.one for pair in PAIRS if pair.kind == "near")
    assert sketch(body.replace("\n\n", " ")) == sketch(body)
    assert sketch(body.replace('"', "“")) == sketch(body)


def test_common_runs_are_counted_of_all_runs_of_both() -> None:
    body = "a b c d e f g h"
    assert compare(text_of(body), text_of(body)).common_per_mille == 1000
    assert compare(text_of("a b c d e f"), text_of("a b c d e g")).common_per_mille == 333


def test_urdu_texts_are_compared_too() -> None:
    other = URDU.replace("۴۸", "۵۲").replace("کراچی", "لاہور")
    more = (
        f"{URDU} وزیر اعلیٰ نے ہنگامی اجلاس طلب کیا اور امدادی ٹیموں کو روانہ کیا۔ "
        "نقصان کا تخمینہ لگایا جا رہا ہے۔"
    )
    assert compare(text_of(URDU), text_of(URDU)).kind == "copy"
    assert compare(text_of(URDU), text_of(other)).kind == "different"
    assert compare(text_of(URDU), text_of(more)).kind == "near"
    assert len({*sketch(URDU)} & {*sketch(more)}) >= 2


def test_texts_of_any_length_are_compared_by_their_beginnings() -> None:
    """Texts of two megabytes (no stop, only stops, lines) are only processed up to a limit."""
    for piece in ("word ", "۔ ", ". ", "A b 12 7\n", "KARACHI (", '"', "(reporting by "):
        found = text_of(piece * (2_000_000 // len(piece)))
        assert found.word_count <= MOST_CHARACTERS
        assert all(len(unit.words) <= 100 for unit in found.units)
        assert len(sketch(piece * 100_000)) <= 20


def test_text_that_goes_on_beyond_what_is_compared_is_still_a_copy() -> None:
    body = "\n\n".join(pair.one for pair in PAIRS if pair.kind == "near") * 3
    assert len(body) > 2 * MOST_CHARACTERS
    assert compare(text_of(body), text_of(f"LAHORE: {body}")).kind == "copy"
