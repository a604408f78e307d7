"""Page texts: layouts that are not in the samples, and broken texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.model import Capture, Snapshot
from loader.page import parse_capture
from loader.page.text import read_page

BOARD = (
    "AAA 10.00 No Change ▼ 0.00 (0%)\n"
    "BBB 21.00 Increased By ▲ 1.00 (5%)\n"
    "KSE100 51,234 Increased By 345.6 (0.68%)"
)
FIRST = "LAHORE: Growers of onions said on Monday that the crop was late this year."
SECOND = "Prices in the wholesale market rose for the third week in a row."


def parse(text: str, **fields: str) -> Snapshot:
    return parse_capture(Capture(text.encode(), "text/plain", "page.txt", **fields))


def test_headline_right_under_the_board_needs_no_byline() -> None:
    article = parse(f"{BOARD}\nOnions arrive late this year\n\n{FIRST}\n\n{SECOND}").article
    assert article.headline == "Onions arrive late this year"
    assert article.dateline == "LAHORE"


def test_headline_may_hold_a_colon() -> None:
    article = parse(f"{BOARD}\nPort Qasim: ships at berth\n\nReuters 05 Nov 2020\n{FIRST}").article
    assert article.headline == "Port Qasim: ships at berth"
    assert (article.byline, article.agency) == ("Reuters", "Reuters")


@pytest.mark.parametrize(
    ("line", "byline", "published", "updated"),
    [
        ("Recorder Report 05 Nov 2020", "Recorder Report", "2020-11-05", None),
        ("Recorder Report Updated 06 Nov 2020", "Recorder Report", None, "2020-11-06"),
        ("A. Writer 03 Mar, 2022", "A. Writer", "2022-03-03", None),
        (
            "BR Web Desk Published 03 Nov, 2023 01:23pm",
            "BR Web Desk",
            "2023-11-03T13:23:00+05:00",
            None,
        ),
        (
            "BR Web Desk Published November 3, 2023 Updated November 3, 2023 01:23pm",
            "BR Web Desk",
            "2023-11-03",
            "2023-11-03T13:23:00+05:00",
        ),
        ("Reuters Published 03 Nov, 2024 12:23am", "Reuters", "2024-11-03T00:23:00+05:00", None),
        ("Press Release Published 03 Nov, 2022 01:23am", "Press Release",
         "2022-11-03T01:23:00+05:00", None),
        ("Published March 3, 2018", None, "2018-03-03", None),
        ("Published 03 Mar, 2020 12:34pm", None, "2020-03-03T12:34:00+05:00", None),
        ("Published March 3, 2025 Updated March 3, 2025 01:23am", None, "2025-03-03",
         "2025-03-03T01:23:00+05:00"),
        ("Updated 03 Mar, 2024", None, None, "2024-03-03"),
        ("03 Mar 2021", None, "2021-03-03", None),
    ],
)  # fmt: skip
def test_every_shape_of_a_byline(
    line: str, byline: str | None, published: str | None, updated: str | None
) -> None:
    article = parse(f"{BOARD}\nOnions arrive late this year\n\n{line}\n{FIRST}").article
    assert article.headline == "Onions arrive late this year"
    assert (article.byline, article.published_at, article.updated_at) == (
        byline, published, updated,
    )  # fmt: skip
    assert article.body.startswith("Growers of onions")


def test_date_that_no_calendar_has_is_a_problem_and_stays_null() -> None:
    snapshot = parse(f"{BOARD}\nOnions arrive late\n\nReuters Published 31 Feb, 2024\n{FIRST}")
    assert snapshot.article.published_at is None
    assert snapshot.article.byline == "Reuters"
    (problem,) = snapshot.problems
    assert problem.kind == "bad-date"
    assert "31 Feb, 2024" in problem.excerpt


def test_sentence_that_ends_in_a_date_is_no_byline() -> None:
    article = parse(f"{BOARD}\n\nThe last harvest ended on 05 Nov 2020\n\n{FIRST}").article
    assert article.byline is None
    assert article.body.startswith("The last harvest ended on 05 Nov 2020")


def test_subheading_stays_in_the_body_and_teaser_does_not() -> None:
    teaser = "Potato growers ask for lower freight rates to Karachi"
    article = parse(f"{BOARD}\n\n{FIRST}\n\nThe outlook\n\n{teaser}\n\n{SECOND}").article
    assert "The outlook" in article.body
    assert [(found.headline, found.position) for found in article.teasers] == [(teaser, 2)]
    assert teaser not in article.body


def test_quotation_set_apart_is_no_teaser() -> None:
    quotation = "“We have never seen the river as low as this in March”"
    assert parse(f"{BOARD}\n\n{FIRST}\n\n{quotation}\n\n{SECOND}").article.teasers == ()


def test_editorial_takes_the_place_of_a_dateline_but_names_no_place() -> None:
    article = parse(f"{BOARD}\n\nEDITORIAL: It is late in the day. {SECOND}").article
    assert article.dateline is None
    assert article.body.startswith("EDITORIAL: ")


def test_dateline_of_two_words_and_of_two_places() -> None:
    for place in ("KUALA LUMPUR", "WASHINGTON/NEW DELHI", "ST. JOHN’S"):
        assert parse(f"{BOARD}\n\n{place}: {SECOND}").article.dateline == place


def test_board_alone_is_a_snapshot_without_an_article() -> None:
    snapshot = parse(BOARD)
    assert len(snapshot.board.quotes) == 3
    assert snapshot.article is None
    assert not snapshot.is_refused


def test_ticker_line_outside_the_board_is_a_problem() -> None:
    snapshot = parse(f"{BOARD}\n\n{FIRST}\n\nCCC 5.00 No Change ▼ 0.00 (0%)\n\n{SECOND}")
    assert len(snapshot.board.quotes) == 3
    (problem,) = snapshot.problems
    assert (problem.kind, problem.excerpt) == ("stray-quote", "CCC 5.00 No Change ▼ 0.00 (0%)")


def test_ticker_line_outside_a_board_with_odd_blanks_is_a_problem_too() -> None:
    odd = BOARD.replace("Increased By", "Increased  By").replace("No Change", "No\u00a0Change")
    snapshot = parse(f"{odd}\n\n{FIRST}\n\nCCC 5.00 No Change ▼ 0.00 (0%)\n\n{SECOND}")
    assert len(snapshot.board.quotes) == 3
    assert [problem.kind for problem in snapshot.problems] == ["stray-quote"]


def test_text_before_the_board_is_kept() -> None:
    snapshot = parse(f"Onions arrive late this year\n\n{BOARD}\n\n{FIRST}")
    assert len(snapshot.board.quotes) == 3
    assert snapshot.article.headline == "Onions arrive late this year"


def test_line_ends_of_windows_and_old_macs_make_no_difference() -> None:
    text = f"{BOARD}\n\n{FIRST}\n\n{SECOND}"
    unix = parse(text)
    for end in ("\r\n", "\r"):
        other = parse(text.replace("\n", end))
        assert (other.board, other.article) == (unix.board, unix.article)


def test_byte_order_mark_is_no_text() -> None:
    text = f"{BOARD}\n\n{FIRST}"
    for encoding in ("utf-8-sig", "utf-16"):
        capture = Capture(text.encode(encoding), "text/plain", "page.txt")
        assert parse_capture(capture).board == parse(text).board


def test_address_that_is_none_is_a_problem() -> None:
    snapshot = parse(f"{BOARD}\n\n{FIRST}", url="javascript:alert(1)")
    assert snapshot.page_url is None
    assert [problem.kind for problem in snapshot.problems] == ["bad-url"]


PIECES = st.sampled_from(
    [
        "", " ", BOARD, FIRST, SECOND, "Brecorder Logo", "Mar 03, 2022 PRINT EDITION ► x",
        "Mar 99, 2022", "Markets", "Markets Print 2025-13-99", "Coronavirus", "4324hr",
        "Pakistan Deaths", "12,345", "Onions arrive late", "  • A point.", "Follow us",
        "Reuters Published 03 Nov, 2024 01:23am", "03 Mar 2021", "Comments", "200 characters",
        "Copyright Business Recorder, 2023", "====", "1-Week 1.10 1.60", "NIL", "<p>A caption</p>",
        "A cut-off sentence ...", "EDITORIAL: x", "OGDC 1.2.3 Increased By ▲ x", "\x1b[31m", "©",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=40), max_size=30).map("\n".join))
@settings(max_examples=300)
def test_any_mixture_of_lines_is_accounted_for(text: str) -> None:
    page = read_page(text)
    assert len(page.roles) == len(page.lines)
    assert all(page.roles)
    for line, role in zip(page.lines, page.roles, strict=True):
        assert (role == "blank") == (not line.strip()), line
    parse(text)


@pytest.mark.parametrize(
    ("line", "captured_at", "named"),
    [
        ("A. Writer Published 03 May, 2024 10:15am", "2020-01-01", "published_at"),
        ("A. Writer Published 03 May, 2024 10:15am", "2024-05-03T05:14:59Z", "published_at"),
        ("A. Writer Published 03 May, 2024 Updated 04 May, 2024 10:15am", "2024-05-03T20:00:00Z",
         "updated_at"),
        ("A. Writer Published 03 May, 2024", "2024-05-02T18:59:59Z", "published_at"),
        ("A. Writer Published 03 May, 2024 10:15am", "2024-05-03T05:15:00Z", None),
        ("A. Writer Published 03 May, 2024", "2024-05-02T19:00:00Z", None),
        ("A. Writer Published 03 May, 2024 10:15am", "2024-05-03", None),
        ("A. Writer Published 03 May, 2024 10:15am", "2024-05-03T00:00:00Z", None),
        ("A. Writer Published 03 May, 2024 10:15am", "2025-01-01T00:00:00Z", None),
    ],
)  # fmt: skip
def test_a_text_dated_after_its_capture_is_kept_with_a_problem(
    line: str, captured_at: str, named: str | None
) -> None:
    snapshot = parse(f"{BOARD}\nOnions arrive late\n\n{line}\n{FIRST}", captured_at=captured_at)
    found = [problem for problem in snapshot.problems if problem.kind == "future-date"]
    assert [problem.detail.split()[1] for problem in found] == ([named] if named else [])
    assert snapshot.article.published_at.startswith("2024-05-03")
    assert snapshot.capture.captured_at == captured_at


def test_a_masthead_after_the_capture_gives_the_same_problem() -> None:
    text = f"{BOARD}\nMay 03, 2024\n\nOnions arrive late\n\n{FIRST}"
    dated = parse(text).masthead_date
    assert dated == "2024-05-03"
    (problem,) = parse(text, captured_at="2024-05-01T10:00:00Z").problems
    assert "masthead date is 2024-05-03" in problem.detail
    assert "docs/problems.md" in problem.detail
