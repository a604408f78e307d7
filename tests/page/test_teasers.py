"""Paragraphs, headlines of other articles, signatures and agencies."""

from __future__ import annotations

import pytest

from tests.page.texts import BOARD, FIRST, HEADLINE, SECOND, article, paragraphs

UNSTOPPED = "The board has recommended a bonus of 20 shares for every 100 held in August"
MARKS = {
    "-PR": "PR", ".-PR": "PR", "(PR)": "PR", " (PR)": "PR", ". —PR": "PR", "–PR": "PR",
    ".-APP": "APP", "—APP": "APP", "-APP": "APP", ".–APP": "APP", ". (APP)": "APP",
    "—Agencies": "Agencies", ".-Agencies": "Agencies", "-AGENCIES": "Agencies",
    ".—Reuters": "Reuters", "—AFP": "AFP", " — AFP": "AFP", ".-AP": "AP", "[AFP]": "AFP",
    ".-INP": "INP", ".—NNI": "NNI", "—Online": "Online", ".-PPI": "PPI", "—Xinhua": "Xinhua",
    "—Bloomberg": "Bloomberg", ".-dpa": "dpa", "—Monitoring Desk": "Monitoring Desk",
    ".-Quill News": "Quill News", "”—APP": "APP", "--Reuters": "Reuters", "?-APP": "APP",
}  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(
    "end", ["", "\n\nComments\n\nComments are closed.", "\nComments are closed."]
)
def test_paragraph_that_ends_in_the_mark_of_an_agency(mark: str, end: str) -> None:
    found = article(f"{BOARD}\n\n{FIRST}\n\n{UNSTOPPED}{mark}{end}")
    assert found.body.split("\n\n")[-1] == f"{UNSTOPPED}{mark}"
    assert (found.teasers, found.tags_line) == ((), None)
    assert found.agency == MARKS[mark]


def test_byline_and_copyright_come_before_a_mark() -> None:
    found = article(f"{BOARD}\n{HEADLINE}\n\nAFP 05 Nov 2020\n\n{FIRST}\n\n{UNSTOPPED}.-APP")
    assert found.agency == "AFP"


def test_marks_that_differ_name_no_agency() -> None:
    assert article(f"{BOARD}\n\n{FIRST}-APP\n\n{UNSTOPPED}.-NNI\n\n{SECOND}").agency is None


@pytest.mark.parametrize(
    "ending",
    [
        "the Associated Press of Pakistan (APP).",
        "the post-PTI era",
        "the KSE-ALL index.",
        "a shop-in-shop",
    ],
)
def test_words_with_dashes_and_names_explained_are_no_marks(ending: str) -> None:
    assert article(f"{BOARD}\n\n{FIRST}\n\nHe spoke of {ending}").agency is None


@pytest.mark.parametrize("end", ["?", "?”", "?'", "!", "!”", '?"'])
@pytest.mark.parametrize("tail", ["", "\n\nComments\n\n200 characters"])
def test_question_is_a_paragraph(end: str, tail: str) -> None:
    question = f"Who is to pay for all of this when the winter comes{end}"
    found = article(f"{BOARD}\n\n{SECOND}\n\n{question}\n\n{FIRST}{tail}")
    assert question in found.body
    assert found.teasers == ()
    found = article(f"{BOARD}\n\n{SECOND}\n\n{question}{tail}")
    assert (found.body.split("\n\n")[-1], found.tags_line) == (question, None)


@pytest.mark.parametrize("length", [30, 45, 60, 75, 90])
def test_end_of_a_text_that_is_cut_off_is_a_paragraph(length: int) -> None:
    cut = "A bank of the north was the volume leader with a turnover of nine million shares"[
        :length
    ]
    assert paragraphs(f"{BOARD}\n\n{SECOND}\n\n{cut}")[-1] == cut.strip()


def test_headline_before_the_end_is_still_a_teaser() -> None:
    teaser = "Potato growers ask for lower freight rates to Karachi"
    found = article(f"{BOARD}\n\n{FIRST}\n\n{teaser}\n\n{SECOND}\n\nComments")
    assert [story.headline for story in found.teasers] == [teaser]


SIGNATURES = (
    "Amar Birch (Lahore)", "Dr Amar Birch (Karachi)", "A. B. Birch (Islamabad)",
    "AMAR BIRCH (LAHORE)", "Engr. Amar ul Birch (Rawalpindi)", "Amar Birch & Bina Elm (Quetta)",
    "Amar (Lahore)", "— Amar Birch (Lahore)", "Amar Birch (Toronto, Canada)", "Amar Birch (UK)",
    "Amar Birch (New York)", "Amar Birch (via email)", "Begum Bina Elm(Multan)",
)  # fmt: skip


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize(
    "end", ["", "\n\nCopyright Business Recorder, 2021\n\nComments are closed."]
)
def test_name_and_town_under_a_letter_are_its_byline(signature: str, end: str) -> None:
    found = article(f"The road in our town is bad.\n\n{SECOND}\n\n{signature}{end}")
    assert found.byline == signature.removeprefix("— ")
    assert found.tags_line is None
    assert found.body.split("\n\n") == ["The road in our town is bad.", SECOND]


def test_name_and_town_with_a_comma_are_a_byline_under_a_letter_alone() -> None:
    end = "\n\nAmar Birch, Lahore\n\nComments"
    assert article(f"LETTER: The road is bad.\n\n{SECOND}{end}").byline == "Amar Birch, Lahore"
    assert article(f"The road is bad.\n\n{SECOND}{end}").byline is None


@pytest.mark.parametrize("name", ["Amar Birch", "AMAR BIRCH", "Dr. Amar Birch,"])
@pytest.mark.parametrize("town", ["Lahore", "LAHORE"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_name_and_town_on_two_lines_are_a_byline_under_a_letter_alone(
    name: str, town: str, gap: str
) -> None:
    end = f"{SECOND}\n\n{name}{gap}{town}\n\nComments"
    found = article(
        f"{BOARD}\nLetters Print 2022-03-04\n\n{HEADLINE}\n\nPublished 04 Mar, 2022\n\n{end}"
    )
    assert (found.byline, found.tags_line) == (f"{name.removesuffix(',')}, {town}", None)
    assert found.body == SECOND
    other = article(
        f"{BOARD}\nMarkets Print 2022-03-04\n\n{HEADLINE}\n\nPublished 04 Mar, 2022\n\n{end}"
    )
    assert other.byline is None


@pytest.mark.parametrize(
    "tags",
    ["onions Lahore market (PTI)", "Imran Birch (PTI)", "onions wheat sugar", "IMF SBP (FBR)"],
)
def test_topics_are_tags(tags: str) -> None:
    found = article(f"{BOARD}\n\n{FIRST}\n\n{SECOND}\n\n{tags}\n\nComments")
    assert (found.tags_line, found.byline) == (tags, None)


def test_headlines_under_the_copyright_line_are_those_of_other_stories() -> None:
    others = ["Trade body asks for a longer week in the bazaars", "Two hurt in fall"]
    end = "\n\n".join(
        [HEADLINE, *others, "Read more stories", "Comments are closed on this story."]
    )
    found = article(
        f"{BOARD}\n{HEADLINE}\n\nReuters 05 Nov 2020\n\n{FIRST}\n\n{SECOND}\n\n"
        f"Copyright Business Recorder, 2021\n\nonions mills market\n\n{end}"
    )
    assert found.body.split("\n\n") == [FIRST.removeprefix("LAHORE: "), SECOND]
    assert found.tags_line == "onions mills market"
    assert [story.headline for story in found.teasers] == others


@pytest.mark.parametrize(
    "label",
    ["Read more: ", "READ MORE: ", "Also read: ", "ALSO READ - ", "Read also : ", "Must read | "],
)
@pytest.mark.parametrize(
    "headline", ["Onions fall", "Is the onion too dear?", "Growers of onions ask for rain in May"]
)
@pytest.mark.parametrize(
    "end", [f"\n\n{SECOND}", "\n\nComments", "\n\nonions mills\n\nComments", ""]
)
def test_announced_headline_is_a_teaser_without_its_label(
    label: str, headline: str, end: str
) -> None:
    found = article(f"{BOARD}\n\n{FIRST}\n\n{label}{headline}{end}")
    assert [(story.position, story.headline) for story in found.teasers] == [(1, headline)]
    assert headline not in found.body
    assert found.tags_line == ("onions mills" if "mills" in end else None)


@pytest.mark.parametrize("label", ["Read more", "READ MORE", "Also read:", "Read More ..."])
@pytest.mark.parametrize("end", [f"\n\n{SECOND}", "\n\nComments"])
def test_announcement_alone_is_neither_text_nor_tags(label: str, end: str) -> None:
    found = article(f"{BOARD}\n\n{FIRST}\n\n{label}\n\nGrowers of onions ask for rain in May{end}")
    assert label not in found.body
    alone = article(f"{BOARD}\n\n{FIRST}\n\n{SECOND}\n\n{label}{end}")
    assert label not in alone.body
    assert alone.tags_line is None


@pytest.mark.parametrize(
    "line",
    [
        "Also read the small print, growers said on Monday.",
        "Read more: the whole report is in the library of the board.",
        "Read more-expensive onions as a sign of late rain, he said",
        "Readers: onions are late",
    ],
)
def test_sentence_that_begins_like_an_announcement_is_text(line: str) -> None:
    assert line in paragraphs(f"{BOARD}\n\n{FIRST}\n\n{line}")
