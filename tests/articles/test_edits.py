"""An editor's changes are distinguished from effects of extraction, on labelled pairs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from loader.articles.compare import is_other_headline
from loader.articles.edits import find_edits
from loader.articles.plain import read_plain
from tests.articles.pairs import compared, edits, noise
from tests.articles.texts import (
    ALL,
    BANK,
    COTTON,
    MARKS,
    SHAPES,
    cut,
    misread,
    with_line,
    without_line,
)

MOST_NOISE_CALLED_EDIT = 0.01


def test_no_edit_of_the_labelled_pairs_is_missed() -> None:
    pairs = list(edits())
    assert len(pairs) >= 120
    assert [pair.name for pair in pairs if not compared(pair).is_edit] == []


def test_hardly_any_noise_of_the_labelled_pairs_is_called_an_edit() -> None:
    pairs = list(noise())
    called = [pair.name for pair in pairs if compared(pair).is_edit]
    assert len(pairs) >= 120
    assert len(called) <= MOST_NOISE_CALLED_EDIT * len(pairs), called


def test_the_answer_is_the_same_both_ways() -> None:
    for pair in (*edits(), *noise()):
        turned = pair._replace(
            old=pair.new, new=pair.old, dateline=pair.new_dateline, new_dateline=pair.dateline
        )
        there, back = compared(pair), compared(turned)
        assert there.is_edit == back.is_edit, pair.name


@settings(max_examples=150)
@given(
    text=st.sampled_from(ALL),
    marks=st.lists(st.sampled_from([mark for mark in MARKS if mark is not misread]), max_size=3),
    shape=st.sampled_from((str, *SHAPES)),
)
def test_marks_and_blanks_are_never_an_edit(text, marks, shape) -> None:
    other = shape(text)
    for mark in marks:
        other = mark(other)
    assert not find_edits(read_plain(text), read_plain(other), has_evidence=True).is_edit


def test_changed_words_are_counted() -> None:
    new = COTTON.replace("12,400", "12,900").replace("brokers said", "two brokers said")
    marks = find_edits(read_plain(COTTON), read_plain(new), has_evidence=False)
    plain = read_plain(new)
    assert sorted(plain.word(number) for number in marks.added) == ["12,900", "two"]
    assert len(marks.removed) == 1


def test_lost_lines_beside_an_edit_are_not_counted() -> None:
    new = without_line(BANK.replace("64 new branches", "65 new branches"), 1)
    marks = find_edits(read_plain(BANK), read_plain(new), has_evidence=False)
    assert (len(marks.removed), len(marks.added)) == (1, 1)


def test_teaser_beside_an_edit_is_not_counted() -> None:
    teaser = "Sugar mills seek quota for exports before the crushing ends"
    new = with_line(BANK.replace("64 new branches", "65 new branches"), teaser, 2)
    marks = find_edits(read_plain(BANK), read_plain(new), has_evidence=True)
    assert (len(marks.removed), len(marks.added)) == (1, 1)


def test_edit_in_a_text_that_was_cut_off() -> None:
    new = cut(BANK.replace("11.6%", "11.9%"), 0.4)
    marks = find_edits(read_plain(BANK), read_plain(new), has_evidence=False)
    assert (len(marks.removed), len(marks.added)) == (1, 1)


def test_headlines() -> None:
    told = "Cotton prices firm as mills buy"
    assert is_other_headline(told, "Cotton prices ease as mills buy")
    assert is_other_headline(told, "Cotton prices firm as mills, buy")
    for same in (
        None, "", "Cotton  prices firm as mills buy", "Cotton prices firm as...",
        "Cotton prices firm as mills buy - Business Recorder",
        "Cotton prices firm as mills buy | Brecorder",
    ):  # fmt: skip
        assert not is_other_headline(told, same), same
        assert not is_other_headline(same, told), same


def test_texts_of_two_megabytes_and_of_one_word() -> None:
    many = [f"word{number % 5000}" for number in range(300_000)]
    long = read_plain(" ".join(many) + ".")
    other = read_plain(" ".join("changed" if n % 11 == 0 else w for n, w in enumerate(many)))
    assert find_edits(long, other, has_evidence=False).is_edit
    assert find_edits(long, read_plain("One."), has_evidence=False).is_edit
    alike = read_plain("a b " * 150_000 + "c.")
    turned = read_plain("b a a " * 100_000 + "d.")
    assert find_edits(alike, turned, has_evidence=False).is_edit
