"""Image names left in a text by extraction."""

from __future__ import annotations

import pytest

from tests.page.texts import BOARD, BODY, FIRST, HEADLINE, MASTHEAD, SECOND, article, paragraphs

NAMES = (
    "image", "images", "img", "photo", "pic", "picture", "image2", "image-1", "img_12", "x-1024",
    "x-600", "amar_birch_400", "amar-birch-640", "khan_1", "birch400", "dollar-1024x683",
    "PM-Birch-1024x576", "IMG_2034", "DSC_0012", "640x480", "onions.jpg", "onions-2.png",
    "market_600.jpeg", "a_b_c_250", "untitled",
)  # fmt: skip
# Before a lower-case word or a full stop these would be words of a sentence.
GLUED = tuple(name for name in NAMES if name != "khan_1")


@pytest.mark.parametrize("name", GLUED)
@pytest.mark.parametrize("first", [SECOND, FIRST, "“Onions are late,” a grower said on Monday."])
def test_name_glued_to_the_first_word(name: str, first: str) -> None:
    with_name = paragraphs(f"{BOARD}\n\n{name}{first}\n\nMills asked for more.")
    assert with_name == paragraphs(f"{BOARD}\n\n{first}\n\nMills asked for more.")
    assert name not in with_name[0]


@pytest.mark.parametrize("name", GLUED)
@pytest.mark.parametrize("byline", ["RECORDER REPORT", "AMAR BIRCH"])
def test_name_glued_to_a_byline_in_capitals(name: str, byline: str) -> None:
    for board in ("", f"{BOARD}\n\n"):
        found = article(f"{board}{name}{byline}\n\n{BODY}")
        assert (found.byline, found.dateline) == (byline, "LAHORE")


@pytest.mark.parametrize("name", GLUED)
def test_name_glued_to_a_dated_byline(name: str) -> None:
    found = article(
        f"{BOARD}\n{MASTHEAD}\n{HEADLINE}\n\n{name}Recorder Report 04 Mar 2022\n\n{BODY}"
    )
    assert (found.headline, found.byline) == (HEADLINE, "Recorder Report")
    assert found.published_at == "2022-03-04"


@pytest.mark.parametrize("name", [*NAMES, "[image]", "(photo)", "Image", "image:"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_name_alone_on_a_line_is_no_paragraph(name: str, place: int) -> None:
    parts = [FIRST, SECOND]
    parts.insert(place, name)
    assert paragraphs(f"{BOARD}\n\n" + "\n\n".join(parts)) == [
        FIRST.removeprefix("LAHORE: "), SECOND,
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["birch", "pm-pic", "mango_tree"])
def test_any_word_glued_to_a_dateline_or_a_desk(name: str) -> None:
    assert article(f"{BOARD}\n\n{name}{FIRST}\n\n{SECOND}").dateline == "LAHORE"
    assert article(f"{name}RECORDER REPORT\n\n{BODY}").byline == "RECORDER REPORT"


@pytest.mark.parametrize(
    "sentence",
    [
        "iPhone sales rose in the third quarter, the firm said.",
        "eBay will open an office in Lahore.",
        "e-Commerce firms asked for lower rates.",
        "images of the flood were sent from a drone.",
        "photos show the broken bridge.",
        "e-commerce firms asked for lower rates.",
        "covid-19 cases fell.",
        "KSE-100 Index rose by 1,024 points.",
        "G-20 leaders met in Rome.",
        "F-16 jets flew over the parade.",
        "3G and 4G users grew by a tenth.",
        "1024 people signed the letter.",
        "mRNA vaccines arrived on Monday.",
        "al-Bashir said so on Monday.",
    ],
)
def test_words_that_begin_sentences_stay(sentence: str) -> None:
    assert paragraphs(f"{BOARD}\n\n{sentence}\n\n{SECOND}") == [sentence, SECOND]
