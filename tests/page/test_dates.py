"""Dates and clock times as pages print them, with their zones."""

from __future__ import annotations

import pytest

from loader.model import Capture, Snapshot
from loader.page import parse_capture
from loader.page.dates import parse_printed

BODY = "LAHORE: Growers of a small town said on Tuesday that the canal had reached their fields."


def parse(byline: str) -> Snapshot:
    text = f"Canal reaches the last fields of Kot Adal\n\n{byline}\n\n{BODY}"
    return parse_capture(Capture(text.encode(), "text/plain", "a.txt"))


@pytest.mark.parametrize(
    ("printed", "parsed"),
    [
        ("5 November 2020", "2020-11-05"),
        ("November 5th, 2020", "2020-11-05"),
        ("Thu, 05 Nov 2020", "2020-11-05"),
        ("05-Nov-2020", "2020-11-05"),
        ("2020-11-05", "2020-11-05"),
        ("25/11/2020", "2020-11-25"),
        ("25.11.2020 01:23pm", "2020-11-25T13:23:00+05:00"),
        ("11-11-2020", "2020-11-11"),
        ("05 Nov, 2020 01:23pm", "2020-11-05T13:23:00+05:00"),
        ("05 Nov, 2020 1:23:45 PM", "2020-11-05T13:23:45+05:00"),
        ("05 Nov, 2020 01.23pm", "2020-11-05T13:23:00+05:00"),
        ("05 Nov, 2020 12:00am", "2020-11-05T00:00:00+05:00"),
        ("Nov 5, 2020 at 13:23 PKT", "2020-11-05T13:23:00+05:00"),
        ("05 Nov, 2020 08:23 GMT", "2020-11-05T13:23:00+05:00"),
        ("05 Nov, 2020 20:23 UTC", "2020-11-06T01:23:00+05:00"),
        ("05 Nov, 2020 08:23am (GMT+5)", "2020-11-05T08:23:00+05:00"),
        ("05 Nov, 2020 08:23 UTC +05:00", "2020-11-05T08:23:00+05:00"),
        ("2020-11-05 13:23", "2020-11-05T13:23:00+05:00"),
        ("2020-11-05T08:23:00Z", "2020-11-05T13:23:00+05:00"),
        ("2020-11-05 13:23:00 +0500", "2020-11-05T13:23:00+05:00"),
        ("05/11/2020", None),
        ("31 February 2020", None),
        ("2020-02-31", None),
        ("2020-11-05 25:00", None),
        ("25/13/2020", None),
        ("05 Nov, 2020 13:23pm", None),
        ("05 Nov, 2020 13:23 EST", None),
    ],
)
def test_printed_dates(printed: str, parsed: str | None) -> None:
    assert parse_printed(printed) == parsed


@pytest.mark.parametrize(
    ("byline", "who", "published_at"),
    [
        ("Recorder Report 2020-11-05", "Recorder Report", "2020-11-05"),
        ("Recorder Report 25/11/2020", "Recorder Report", "2020-11-25"),
        ("Published 2020-11-05 13:23:00", None, "2020-11-05T13:23:00+05:00"),
        ("A. Birch Published 05 Nov, 2020 08:23 GMT", "A. Birch", "2020-11-05T13:23:00+05:00"),
        ("Reuters Published 05 Nov, 2020 01.23pm", "Reuters", "2020-11-05T13:23:00+05:00"),
        ("05 Nov, 2020 | Recorder Report", "Recorder Report", "2020-11-05"),
        ("05 Nov, 2020 01:23pm | Amar Birch", "Amar Birch", "2020-11-05T13:23:00+05:00"),
    ],
)
def test_bylines_with_dates_of_other_forms(byline: str, who: str | None, published_at: str) -> None:
    snapshot = parse(byline)
    assert snapshot.problems == ()
    article = snapshot.article
    assert article is not None
    assert (article.byline, article.published_at) == (who, published_at)
    assert article.body.startswith("Growers")


def test_a_date_whose_day_and_month_are_not_certain_is_a_problem() -> None:
    snapshot = parse("Recorder Report Published 05/11/2020")
    assert snapshot.article is not None
    assert (snapshot.article.byline, snapshot.article.published_at) == ("Recorder Report", None)
    assert [problem.kind for problem in snapshot.problems] == ["bad-date"]


def test_a_section_with_its_print_date_is_no_byline() -> None:
    text = f"Markets Print 2025-03-03\n\nCanal reaches the last fields\n\n{BODY}"
    article = parse_capture(Capture(text.encode(), "text/plain", "a.txt")).article
    assert article is not None
    assert (article.section, article.print_date, article.byline) == ("Markets", "2025-03-03", None)


BOARD = "ABCD 12.34 Increased By ▲ 0.56 (4.75%)\nKSE100 51,234 Increased By 345.6 (0.68%)\n"


@pytest.mark.parametrize(
    "prefix",
    [
        " date 2023-03-03 ",
        "date: 2023-03-03 ",
        "  Date 2023-03-03\n",
        " date\t2023-03-03 ",
        "date 2023/03/03 ",
        " date 2023-03-03 06:20 ",
        " date 2023-03-03T06:20:00+05:00 ",
        "publish_date 2023-03-03 ",
        "2023-03-03 ",
    ],
)
def test_dates_that_corpora_put_before_the_first_symbol(prefix: str) -> None:
    text = f"{prefix}{BOARD}Canal reaches the last fields of Kot Adal\n\n{BODY}"
    snapshot = parse_capture(Capture(text.encode(), "text/plain", "a.txt"))
    assert snapshot.corpus_date == "2023-03-03"
    assert snapshot.board is not None and len(snapshot.board.quotes) == 2
    assert snapshot.problems == ()


def test_a_day_without_a_label_is_a_prefix_only_before_a_board() -> None:
    text = f"2023-03-03 was a Friday\n\n{BODY}"
    assert parse_capture(Capture(text.encode(), "text/plain", "a.txt")).corpus_date is None


@pytest.mark.parametrize(
    "masthead",
    [
        "Mar 03, 2023 PRINT EDITION ► BR MARKETS ► Dollar to PKR ►",
        "Mar 3, 2023 اردو PRINT EDITION ► BR MARKETS ► Dollar to PKR ►",
        "March 03, 2023 PRINT EDITION ► BR MARKETS ►",
        "Fri, Mar 03, 2023 PRINT EDITION ► BR MARKETS ►",
    ],
)
@pytest.mark.parametrize("logo", ["", "Brecorder Logo\n", "BRECORDER LOGO\n"])
def test_mastheads(masthead: str, logo: str) -> None:
    text = f"{BOARD}{logo}{masthead}\nPakistan\n\nCanal reaches the last fields\n\n{BODY}"
    snapshot = parse_capture(Capture(text.encode(), "text/plain", "a.txt"))
    assert snapshot.masthead_date == "2023-03-03"
    assert snapshot.article is not None and snapshot.article.section == "Pakistan"
