"""The header of a page text, read relative to its byline."""

from __future__ import annotations

import pytest

from tests.page.texts import (
    BOARD,
    BODY,
    BYLINE,
    FIRST,
    HEADLINE,
    MASTHEAD,
    SECOND,
    article,
    paragraphs,
    parse,
)

# Any of these ends a headline or a summary on some page.
ENDINGS = (
    "...", "....", " ...", " ....", "…", " …", '..."', "...”", "…”", "…'", "!", "?", "?”", "!”",
    " Inc.", " Ltd.", " Co.", " Corp.", " a.m.", " U.S.", ".", ":", ";", ",", ")", "’s",
)  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("top", ["", f"{MASTHEAD}\n", "Markets Print 2022-03-04\n\n"])
def test_headline_may_end_in_any_mark(top: str, ending: str) -> None:
    headline = f"Onion trader buys a stake in Alder{ending}"
    found = article(f"{BOARD}\n{top}{headline}\n\n{BYLINE}\n\n{BODY}")
    assert found.headline == headline
    assert found.summary is None
    assert (found.byline, found.published_at) == ("Recorder Report", "2022-03-04T05:15:00+05:00")
    assert found.dateline == "LAHORE"


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_summary_may_end_in_any_mark(ending: str, gap: str) -> None:
    summary = f"Growers of onions said on Monday that the crop was late, and that{ending}"
    found = article(f"{BOARD}\n{MASTHEAD}\n{HEADLINE}{gap}{summary}{gap}{BYLINE}\n\n{BODY}")
    assert (found.headline, found.summary) == (HEADLINE, summary)
    assert found.byline == "Recorder Report"
    assert found.body.startswith("Growers of onions said on Monday that the crop")


@pytest.mark.parametrize("ending", ["...", "....", " ...", "…", '..."', " …”", "... "])
@pytest.mark.parametrize(
    "beginning", ["LAHORE: Growers of onions said on", "Growers of onions said"]
)
def test_summary_without_a_headline(beginning: str, ending: str) -> None:
    found = article(f"{BOARD}\n{beginning}{ending}\n{BYLINE}\n\n{BODY}")
    assert found.headline is None
    assert found.summary == f"{beginning}{ending}".strip()
    assert (found.byline, found.dateline) == ("Recorder Report", "LAHORE")


def test_headline_that_begins_like_the_text_is_a_headline() -> None:
    found = article(f"{BOARD}\nGrowers of onions said\n\n{BYLINE}\n\n{BODY}")
    assert (found.headline, found.summary) == ("Growers of onions said", None)


@pytest.mark.parametrize(
    ("lines", "byline", "published", "updated"),
    [
        ("By Amar Birch Published 03 Nov, 2023 01:23pm", "Amar Birch", "2023-11-03T13:23", None),
        ("Amar Birch | B. Elm Published 03 Nov, 2023", "Amar Birch | B. Elm", "2023-11-03", None),
        ("Amar Birch and Bina Elm 03 Mar, 2022", "Amar Birch and Bina Elm", "2022-03-03", None),
        ("A.B. Birch & C. Elm 03 Mar 2022", "A.B. Birch & C. Elm", "2022-03-03", None),
        ("Recorder Report | November 3, 2023", "Recorder Report", "2023-11-03", None),
        ("Recorder Report - 03 Nov 2023", "Recorder Report", "2023-11-03", None),
        ("AFP | Published Nov 3, 2023", "AFP", "2023-11-03", None),
        ("Published: 03 Nov, 2023 at 1:23 PM", None, "2023-11-03T13:23", None),
        ("Posted on November 3, 2023", None, "2023-11-03", None),
        ("Published On: 03 Nov, 2023", None, "2023-11-03", None),
        ("Publish Date: 03 Nov 2023", None, "2023-11-03", None),
        ("Amar Birch Last Updated On 03 Nov, 2023", "Amar Birch", None, "2023-11-03"),
        ("Amar Birch PUBLISHED ON NOV 3RD, 2023", "Amar Birch", "2023-11-03", None),
        ("RECORDER REPORT NOV 3RD, 2023", "RECORDER REPORT", "2023-11-03", None),
        ("Amar Birch Published 2 hours ago", "Amar Birch", None, None),
        ("Published about an hour ago Updated a minute ago", None, None, None),
        ("AFP Published November 3, 2023 Updated about 3 hours ago", "AFP", "2023-11-03", None),
        ("Updated 5 days ago", None, None, None),
        ("FRIDAY, NOVEMBER 3, 2023", None, "2023-11-03", None),
        ("(Published 03 Nov, 2023)", None, "2023-11-03", None),
        ("Last Updated: November 3rd, 2023 13:23", None, None, "2023-11-03T13:23"),
        ("Amar Birch 03 Mar, 2022 Updated 04 Mar, 2022", "Amar Birch", "2022-03-03", "2022-03-04"),
        ("Dr Amar Birch 03-Nov-2023", "Dr Amar Birch", "2023-11-03", None),
        ("Amar Birch 3 November 2023 11:05 am PKT", "Amar Birch", "2023-11-03T11:05", None),
        ("Friday, November 3, 2023", None, "2023-11-03", None),
        ("Fri, 03 Nov 2023", None, "2023-11-03", None),
        ("RECORDER REPORT PUBLISHED 03 NOV, 2023", "RECORDER REPORT", "2023-11-03", None),
        ("Our Correspondent 3 Nov, 2023", "Our Correspondent", "2023-11-03", None),
        ("Recorder Report\nPublished 03 Nov, 2023", "Recorder Report", "2023-11-03", None),
        ("Amar Birch\nPublished 03 Nov, 2023", "Amar Birch", "2023-11-03", None),
        ("Amar Birch\nBina Elm\n03 Nov, 2023", "Amar Birch | Bina Elm", "2023-11-03", None),
        ("Reuters\nAFP\n03 Nov, 2023", "Reuters | AFP", "2023-11-03", None),
        ("By Amar Birch\n03 Nov, 2023", "Amar Birch", "2023-11-03", None),
        ("Published 03 Nov, 2023\nReuters", "Reuters", "2023-11-03", None),
        ("AFP Published 03 Nov, 2023\nUpdated 04 Nov, 2023", "AFP", "2023-11-03", "2023-11-04"),
        ("Reuters", "Reuters", None, None),
        ("Press Release", "Press Release", None, None),
        ("By Amar Birch", "Amar Birch", None, None),
        ("RECORDER REPORT", "RECORDER REPORT", None, None),
        ("AMAR BIRCH", "AMAR BIRCH", None, None),
        ("Recorder\u00a0Report  Published\t03 Nov,\u200b 2023", "Recorder Report", "2023-11-03",
         None),
    ],
)  # fmt: skip
def test_any_byline_ends_the_header(
    lines: str, byline: str | None, published: str | None, updated: str | None
) -> None:
    summary = "A trader waits for the better crop, but the mills will not ..."
    found = article(f"{BOARD}\n{MASTHEAD}\n{HEADLINE}!\n\n{summary}\n{lines}\n\n{BODY}")
    assert (found.headline, found.summary) == (f"{HEADLINE}!", summary)
    assert found.byline == byline
    assert (found.published_at or "").startswith(published or "")
    assert (found.updated_at or "").startswith(updated or "")
    assert (found.published_at is None, found.updated_at is None) == (
        published is None, updated is None,
    )  # fmt: skip
    assert found.dateline == "LAHORE"


def test_headline_that_ends_in_an_age_is_no_byline() -> None:
    found = article(f"{BOARD}\nFort last updated 50 years ago\n\n{BYLINE}\n\n{BODY}")
    assert (found.headline, found.byline) == ("Fort last updated 50 years ago", "Recorder Report")


def test_headline_that_ends_in_a_date_is_no_byline() -> None:
    found = article(
        f"{BOARD}\n{MASTHEAD}\nInterbank Closing Rates 03 Nov 2023\n\n{BYLINE}\n\n{BODY}"
    )
    assert found.headline == "Interbank Closing Rates 03 Nov 2023"
    assert found.byline == "Recorder Report"


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n\n{SECOND}\n\nReuters 05 Nov 2020",
        f"{FIRST}\n\n{SECOND}\n\nPublished in the weekly edition of 05 Nov 2020",
        f"{SECOND}\n\n{FIRST}\n\nRecorder Report Published 05 Nov, 2020",
        f"{FIRST}\n\nReuters Published 05 Nov, 2020\n\n{SECOND}",
    ],
)
def test_date_under_paragraphs_makes_them_no_header(text: str) -> None:
    found = article(f"{BOARD}\n\n{text}")
    assert found.headline is None
    assert "Growers of onions said" in found.body
    assert SECOND in found.body


def test_section_that_is_not_known_is_one_under_the_masthead() -> None:
    masthead = MASTHEAD.replace("Markets", "Real Estate")
    found = article(f"{BOARD}\n{masthead}\n{HEADLINE}\n\n{BYLINE}\n\n{BODY}")
    assert (found.section, found.headline, found.summary) == ("Real Estate", HEADLINE, None)


@pytest.mark.parametrize(
    "caption",
    [
        "A minister speaks to a meeting of the cabinet",
        "Workers load sacks of onions in a market in Lahore on Monday",
        "“A long way to the market”, as the painter called it",
        "Growers wait at the gate. Photo: AFP",
        "Growers wait at the gate. — Reuters/File",
        "Growers wait at the gate on Monday. File photo",
        "A truck at the gate (photo by Amar Birch)",
        "Image: the gate of the market",
    ],
)
@pytest.mark.parametrize("between", ["", "Follow us\n"])
def test_caption_straight_under_the_byline(caption: str, between: str) -> None:
    found = article(f"{BOARD}\n{MASTHEAD}\n{HEADLINE}\n\n{BYLINE}\n{between}{caption}\n\n{BODY}")
    assert found.caption == caption
    assert found.body.startswith("Growers of onions said on Monday")


@pytest.mark.parametrize(
    "line",
    [
        SECOND,
        "KASUR: Growers of turmeric said the same",
        "Who is to pay for all of this when the winter comes?",
        "The outlook",
        "1-Week 1.10 1.60",
    ],
)
def test_no_caption_is_made_of_a_sentence_a_heading_or_a_row(line: str) -> None:
    found = article(f"{BOARD}\n{MASTHEAD}\n{HEADLINE}\n\n{BYLINE}\n{line}\n\n{BODY}")
    assert found.caption is None


def test_body_may_follow_the_byline_line_by_line() -> None:
    third = "Mills asked for more."
    assert paragraphs(f"{HEADLINE}\n{BYLINE}\n{SECOND}\n{third}") == [SECOND, third]


def test_caption_with_its_credit_above_the_byline() -> None:
    caption = "Growers wait at the gate on Monday. Photo: AFP"
    found = article(f"{BOARD}\n{MASTHEAD}\n{HEADLINE}\n{caption}\n\n{BYLINE}\n\n{BODY}")
    assert (found.headline, found.caption, found.summary) == (HEADLINE, caption, None)


def test_follow_us_stands_in_for_a_byline() -> None:
    found = article(f"{BOARD}\n{MASTHEAD}\n{HEADLINE}!\n\nFollow us\n\n{BODY}")
    assert (found.headline, found.byline) == (f"{HEADLINE}!", None)


def test_old_top_with_the_day_of_its_making_is_no_headline() -> None:
    snapshot = parse(f"Last update: Thu, 19 Jan 2017 05am\n\n{HEADLINE}\n\n{BYLINE}\n\n{BODY}")
    assert snapshot.masthead_date == "2017-01-19"
    assert snapshot.article is not None and snapshot.article.headline == HEADLINE


@pytest.mark.parametrize(
    "day",
    ["Wednesday, January 26th, 2022", "Wed, 26 Jan 2022", "WEDNESDAY, JANUARY 26TH, 2022"],
)
@pytest.mark.parametrize("top", ["", f"{BOARD}\n"])
def test_day_above_the_headline_is_that_of_the_page(top: str, day: str) -> None:
    snapshot = parse(f"{top}{day}\n{BODY}")
    assert snapshot.masthead_date == "2022-01-26"
    assert snapshot.article is not None
    assert snapshot.article.published_at is None
    assert (snapshot.article.dateline, snapshot.article.headline) == ("LAHORE", None)
    signed = parse(f"{top}{day}\n\n{HEADLINE}\n\n{BYLINE}\n\n{BODY}")
    assert signed.masthead_date == "2022-01-26"
    assert signed.article is not None
    assert signed.article.headline == HEADLINE
    assert signed.article.published_at == "2022-03-04T05:15:00+05:00"


@pytest.mark.parametrize("day", ["Wednesday, 26 January 2022", "Wed, Jan 26, 2022"])
def test_day_below_the_headline_is_that_of_the_text(day: str) -> None:
    found = article(f"{HEADLINE}\n\n{day}\n\n{BODY}")
    assert (found.headline, found.published_at) == (HEADLINE, "2022-01-26")


@pytest.mark.parametrize(
    "form", ["{} Print {}", "{}\nPrint {}", "{}\n\nPrint\n\n{}", "{} Print\n{}"]
)
@pytest.mark.parametrize("section", ["Markets", "Print", "Real Estate"])
@pytest.mark.parametrize("top", ["", f"{BOARD}\n", f"{BOARD}\nBrecorder Logo\n"])
def test_section_and_print_date_may_be_broken_into_lines(top: str, section: str, form: str) -> None:
    label = form.format(section, "2022-03-04")
    found = article(f"{top}{label}\n\n{HEADLINE}\n\n{BYLINE}\n\n{BODY}")
    assert (found.section, found.print_date) == (section, "2022-03-04")
    assert (found.headline, found.summary) == (HEADLINE, None)


def test_number_or_print_below_a_section_is_no_print_date() -> None:
    for headline in ("1,000 onions arrive late in Alder", "Printers ask for onions", "Print 2020"):
        found = article(f"{BOARD}\nMarkets\n\n{headline}\n\n{BYLINE}\n\n{BODY}")
        assert (found.section, found.print_date, found.headline) == ("Markets", None, headline)


@pytest.mark.parametrize("mark", "•●▪")
def test_points_of_a_summary_on_one_line(mark: str) -> None:
    line = f"{mark} Onions are late {mark} Mills pay more {mark} Rain is due"
    found = article(f"{BOARD}\n{HEADLINE}\n\n{line}\n\n{BYLINE}\n\n{BODY}")
    assert found.summary == "Onions are late\nMills pay more\nRain is due"
    assert found.headline == HEADLINE


NAVIGATION = "Home\nePaper\nLatest News\nMarkets\nPakistan\nOpinion"


@pytest.mark.parametrize(
    "site", [" - Business Recorder", " | Business Recorder", " - Markets - Business Recorder"]
)
@pytest.mark.parametrize(
    ("above", "section"),
    [
        ("", None),
        (f"{NAVIGATION}\n", None),
        (f"{NAVIGATION}\n{BOARD}\n", None),
        (f"{NAVIGATION}\nMar 05, 2022\n{BOARD}\nMarkets\n", "Markets"),
        (f"{NAVIGATION}\n\n{BOARD}\n\nReal Estate Print 2022-03-04\n\n", "Real Estate"),
        ("Markets\n", "Markets"),
        ("Trending\n{headline}\nOnions and the law\n", None),
    ],
)
@pytest.mark.parametrize("headline", [HEADLINE, "Who buys onions?", "Onions fall - Asia"])
def test_title_and_links_above_the_headline_are_not_text(
    headline: str, above: str, section: str | None, site: str
) -> None:
    above = above.format(headline=headline)
    snapshot = parse(f"{headline}{site}\n{above}{headline}\n\n{BYLINE}\n\n{BODY}")
    found = snapshot.article
    assert found is not None
    assert (found.headline, found.section, found.summary) == (headline, section, None)
    assert (found.byline, found.dateline) == ("Recorder Report", "LAHORE")
    assert found.body.split("\n\n") == [FIRST.removeprefix("LAHORE: "), SECOND]
    assert snapshot.masthead_date == ("2022-03-05" if "Mar 05" in above else None)


@pytest.mark.parametrize("byline", ["", f"{BYLINE}\n\n"])
def test_title_in_place_of_the_headline_loses_the_name_of_the_site(byline: str) -> None:
    found = article(f"{HEADLINE} - Markets - Business Recorder\n\n{byline}{BODY}")
    assert (found.headline, found.dateline) == (HEADLINE, "LAHORE")


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("top", ["", f"{BOARD}\n", f"{BOARD}\n{MASTHEAD}\n"])
def test_headline_may_be_printed_twice(top: str, gap: str) -> None:
    summary = "Growers ask for rain in May"
    lines = gap.join([HEADLINE, HEADLINE, summary, BYLINE])
    found = article(f"{top}{lines}\n\n{BODY}")
    assert (found.headline, found.caption, found.summary) == (HEADLINE, None, summary)


def test_line_printed_twice_below_the_headline_is_a_caption() -> None:
    caption = "Growers of onions at a market in Lahore"
    found = article(f"{BOARD}\n{HEADLINE}\n\n{caption}\n{caption}\n{BYLINE}\n\n{BODY}")
    assert (found.headline, found.caption) == (HEADLINE, caption)
