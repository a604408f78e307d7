"""Listing pages as texts: their stories, or a problem; never an article."""

from __future__ import annotations

import pytest

from tests.page.texts import BOARD, BODY, BYLINE, HEADLINE, SECOND, parse

CUT = "The merger of two lands was to give the people there the rights of the law. Instead (in"
OTHER = "The board has released data that shows a gap in the first quarter. The chairman said, the"
STORY = "The mango growers feel uneasy about the season. And they should be."


@pytest.mark.parametrize(
    "text",
    [
        f"Editorials\n-\n{CUT}\nRead More -\n{OTHER}\nRead More",
        f"Editorials\n\n{CUT}\n\nRead More\n\n{OTHER}\n\nRead More\n",
        f"{CUT}\nREAD MORE\n{OTHER}\nREAD MORE\n{STORY}\nREAD MORE",
        f"-\n{CUT}\nRead More",
        f"Markets\n{CUT}\nRead more...\n{OTHER}\nRead more...",
        f"Markets\n{CUT}\nRead More »\n{OTHER}\nRead More »\n\nCopyright Business Recorder, 2017",
        f"Last update: Thu, 19 Jan 2017 05am\n\nBR Research: All\n\n\n{STORY}\n{SECOND}",
        f"Last update: Sun, 04 Dec 2016 12am\n\nLetters and Views: Letters\n\n{STORY}\n\n{SECOND}",
        f"Last updated: 19 Jan 2017\n\nMarkets: Stocks\n\n{STORY}",
        f"Opinion\n–\n{CUT}\nRead More –\n{OTHER}\nRead More",
    ],
)
def test_listing_without_headlines_is_no_page(text: str) -> None:
    snapshot = parse(text)
    assert snapshot.article is None
    assert snapshot.listings == ()
    assert [problem.kind for problem in snapshot.problems] == ["not-a-page"]
    assert snapshot.is_refused
    with_board = parse(f"{BOARD}\n\n{text}")
    assert with_board.board is not None and with_board.article is None
    assert [problem.kind for problem in with_board.problems] == ["not-a-page"]


def test_section_and_day_of_a_listing_are_kept() -> None:
    snapshot = parse(f"Last update: Thu, 19 Jan 2017 05am\n\nBR Research: All\n\n{STORY}")
    assert (snapshot.section, snapshot.masthead_date) == ("BR Research", "2017-01-19")
    assert snapshot.layout == "listing"
    assert parse(f"Editorials\n-\n{CUT}\nRead More").section == "Editorials"


FIRST_STORY, SECOND_STORY, THIRD_STORY = (
    "Mango growers uneasy about the season", "Bridge to open next week", "Who will mend the road?",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        f"- {FIRST_STORY}\n- {SECOND_STORY}\n- {THIRD_STORY}",
        f"Markets\n\n- {FIRST_STORY}\n{STORY}\nRead More\n- {SECOND_STORY}\n{CUT}\nRead More\n"
        f"- {THIRD_STORY}\n{OTHER}\nRead More",
        f"{FIRST_STORY}\n{STORY}\nRead More\n{SECOND_STORY}\n{CUT}\nRead More\n{THIRD_STORY}\n"
        f"{OTHER}\nRead More",
        f"Read More - {FIRST_STORY}\n{STORY}\nRead More - {SECOND_STORY}\n{CUT}\n"
        f"Read More - {THIRD_STORY}\n{OTHER}\nRead More",
        f"Last update: Thu, 19 Jan 2017 05am\n\nMarkets: All\n\n{FIRST_STORY}\n{SECOND_STORY}\n"
        f"{THIRD_STORY}",
        f"– {FIRST_STORY}\n\n– {SECOND_STORY}\n\n– {THIRD_STORY}\n\nComments",
    ],
)
def test_headlines_of_a_listing_are_its_stories(text: str) -> None:
    snapshot = parse(text)
    assert snapshot.article is None
    assert snapshot.problems == ()
    assert [story.headline for story in snapshot.listings] == [
        FIRST_STORY, SECOND_STORY, THIRD_STORY,
    ]  # fmt: skip
    assert [story.position for story in snapshot.listings] == [1, 2, 3]
    assert {story.summary for story in snapshot.listings} in ({None}, {STORY, CUT, OTHER})


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADLINE}\n\n{BYLINE}\n\n{BODY}\n\nRead More\n\n{HEADLINE}\n\nRead More",
        f"{HEADLINE}\n\n{BYLINE}\n\nThey asked for:\n- water\n- roads\n- schools",
        f"{BODY}\n\nRead Comments",
        f"{BODY}\n\n- a short list\n- of two",
        f"Last update: Thu, 19 Jan 2017 05am\n\n{HEADLINE}\n\n{BODY}",
    ],
)
def test_article_with_some_of_these_marks_is_an_article(text: str) -> None:
    snapshot = parse(text)
    assert snapshot.article is not None
    assert snapshot.listings == ()
    assert snapshot.article.headline in (HEADLINE, None)


EXCERPT = "Growers of mango said on Monday that the rain was late again. They asked for help from"
DATED = "Published 04 Mar, 2020 12:00am"


@pytest.mark.parametrize(
    "story",
    [
        "{0}\n" + DATED,
        "{0}\n\n{0}\n\n" + EXCERPT + "\n" + DATED,
        "{0}\nVegetable Oil\n\n{0}\n\n" + EXCERPT + "\n\n" + DATED,
        "{0}\n" + EXCERPT + "\nPublished 04 Mar, 2020 12:00am\nUpdated 05 Mar, 2020 01:00pm",
        "{0}\n" + EXCERPT + "\n" + DATED + "\nRead more",
    ],
)
@pytest.mark.parametrize("top", ["", "Print - 2020-03-04\n", "Markets\n\n"])
@pytest.mark.parametrize("tail", ["", "\n\nCopyright Business Recorder, 2020", "\nRead more"])
def test_stories_of_a_listing_may_end_with_their_dates(story: str, top: str, tail: str) -> None:
    stories = "\n".join(story.format(name) for name in (FIRST_STORY, SECOND_STORY, THIRD_STORY))
    snapshot = parse(f"{BOARD}\n{top}{stories}{tail}")
    assert snapshot.article is None and snapshot.problems == ()
    assert [story.headline for story in snapshot.listings] == [
        FIRST_STORY, SECOND_STORY, THIRD_STORY,
    ]  # fmt: skip
    assert {story.listed_at for story in snapshot.listings} == {"2020-03-04T00:00:00+05:00"}
    assert {story.summary for story in snapshot.listings} <= {None, EXCERPT}
    assert snapshot.section == {"P": "Print", "M": "Markets", "": None}[top[:1]]


def test_last_story_of_a_listing_may_be_cut_off() -> None:
    stories = "\n".join(f"{name}\n{DATED}" for name in (FIRST_STORY, SECOND_STORY, THIRD_STORY))
    snapshot = parse(f"{stories}\n{HEADLINE}\n\n{HEADLINE}\n\n{EXCERPT}")
    last = snapshot.listings[-1]
    assert (last.headline, last.summary, last.listed_at) == (HEADLINE, EXCERPT, None)


@pytest.mark.parametrize(
    "below",
    [
        f"{FIRST_STORY}\n{DATED}\n{SECOND_STORY}\n{DATED}\n{THIRD_STORY}\n{DATED}",
        f"Copyright Business Recorder, 2020\n\n{FIRST_STORY}\n{DATED}\n{SECOND_STORY}\n{DATED}",
    ],
)
@pytest.mark.parametrize("caption", ["", "Growers of onions at a market in Lahore\n\n"])
def test_dated_stories_below_an_article_do_not_make_it_a_listing(caption: str, below: str) -> None:
    snapshot = parse(f"{HEADLINE}\n\n{BYLINE}\n{caption}{BODY}\n\n{below}")
    assert snapshot.listings == ()
    assert snapshot.article is not None and snapshot.article.headline == HEADLINE


def test_listed_story_may_have_no_date_but_its_age() -> None:
    ages = ("2 hours ago", "about 3 hours ago", "a day ago")
    names = (FIRST_STORY, SECOND_STORY, THIRD_STORY)
    stories = (f"{name}\n{EXCERPT}\nPublished {age}" for name, age in zip(names, ages, strict=True))
    found = parse("\n".join(stories)).listings
    assert [(story.headline, story.summary, story.listed_at) for story in found] == [
        (name, EXCERPT, None) for name in names
    ]


@pytest.mark.parametrize("top", ["", "Home\nLatest News\nMarkets\n", f"{BOARD}\n"])
def test_title_of_a_listing_is_its_section(top: str) -> None:
    names = (FIRST_STORY, SECOND_STORY, THIRD_STORY)
    stories = "\n".join(f"{name}\n{DATED}" for name in names)
    snapshot = parse(f"Latest News - Business Recorder\n{top}Latest News\n{stories}")
    assert [story.headline for story in snapshot.listings] == list(names)
    assert snapshot.section == "Latest News"
