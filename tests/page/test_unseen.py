"""White space of any kind and invisible characters, anywhere in a page text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.model import Capture
from loader.page import parse_capture
from loader.page.html.clean import clean
from loader.page.unseen import without_unseen
from tests.page.texts import BOARD, BODY, BYLINE, HEADLINE, MASTHEAD, parse

PAGE = f"{BOARD}\n{MASTHEAD}\n{HEADLINE}\n\n{BYLINE}\n\n{BODY}"
UNSEEN = {
    "soft hyphen": "\u00ad", "zero-width space": "\u200b", "zero-width non-joiner": "\u200c",
    "zero-width joiner": "\u200d", "left-to-right mark": "\u200e", "right-to-left mark": "\u200f",
    "embedding": "\u202a", "right-to-left embedding": "\u202b", "pop": "\u202c",
    "left-to-right override": "\u202d", "right-to-left override": "\u202e",
    "word joiner": "\u2060", "invisible plus": "\u2064", "isolate": "\u2066",
    "pop isolate": "\u2069",
    "byte order mark": "\ufeff", "Arabic letter mark": "\u061c", "escape": "\x1b", "delete": "\x7f",
    "C1 control": "\x9b", "interlinear": "\ufff9", "variation selector": "\ufe0f",
    "tag": "\U000e0041",
    "grapheme joiner": "\u034f\u200b", "Mongolian separator": "\u180e",
}  # fmt: skip
BLANKS = {
    "no-break space": "\u00a0", "thin space": "\u2009", "narrow no-break space": "\u202f",
    "em space": "\u2003", "ideographic space": "\u3000", "figure space": "\u2007", "tab": "\t",
    "two blanks": "  ", "three blanks": "   ", "blank and no-break space": " \u00a0",
    "hair space": "\u200a", "Ogham": "\u1680",
}  # fmt: skip


@pytest.mark.parametrize("mark", UNSEEN.values(), ids=UNSEEN)
def test_unseen_character_anywhere_makes_no_difference(mark: str) -> None:
    wanted = parse(PAGE)
    for found in (
        parse(PAGE.replace(" ", f"{mark} ")),
        parse(PAGE.replace("e", f"e{mark}")),
        parse(mark + PAGE.replace("\n", f"{mark}\n{mark}") + mark),
        parse("".join(char + (mark if n % 7 == 0 else "") for n, char in enumerate(PAGE))),
    ):
        assert found.board == wanted.board
        assert found.article == wanted.article
        assert found.problems == ()


@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
def test_blank_of_any_kind_is_one_in_ticker_lines_and_headers(blank: str) -> None:
    wanted = parse(PAGE)
    top, _, body = PAGE.partition(BODY)
    found = parse(top.replace(" ", blank) + BODY + body)
    assert (found.board, found.article) == (wanted.board, wanted.article)
    assert found.problems == ()
    assert parse(top.replace("\n", f"{blank}\n") + BODY).article == wanted.article


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085"])
def test_line_ends_of_unicode(end: str) -> None:
    wanted = parse(PAGE)
    found = parse(PAGE.replace("\n", end))
    assert (found.board, found.article) == (wanted.board, wanted.article)


def test_joiners_stay_where_they_shape_letters() -> None:
    assert without_unseen("می‌خواهم") == "می‌خواهم"
    assert clean("govern\u00adment\u200b of\u200d Sindh") == "government of Sindh"


def test_bytes_of_a_capture_stay_as_they_are() -> None:
    data = PAGE.replace(" ", "\u202e ").encode()
    assert parse_capture(Capture(data, "text/plain", "page.txt")).capture.data == data


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_no_field_of_a_text_holds_what_nobody_sees(text: str) -> None:
    data = f"{HEADLINE}{text[:20]}\n\n{BYLINE}\n\n{BODY}\n\n{text}".encode("utf-8", "ignore")
    article = parse_capture(Capture(data, "text/plain", "page.txt")).article
    if article is not None:
        for value in (article.body, article.headline or "", article.byline or ""):
            assert not set(value) & set("\u202a\u202b\u202c\u202d\u202e\u200b\u00ad\ufeff\x1b")


BROKEN = (
    "ABCD\nHoldings\n12.34\nIncreased By\n▲ 0.56 (4.75%)",
    "ABCD 12.34 Increased By ▲ 0.56 (4.75%) according to a broker",
    "| ABCD | 12.34 | Decreased By | ▼ -0.56 | -4.75% |",
    "ABCD 12,34 Increased By ▲ 0,56 (4,75%)",
    "abcd 12.34 Increased By ▲ 0.56 (4.75%)",
    "ABCD Rs 12.34 Increased By ▲ Rs 0.56 (4.75%)",
    "12.34 Increased By ▲ 0.56 (4.75%)",
    "Increased By ▲ 0.56",
    "ABCD 12.34 Increased By ▲ 0.56 4.75%",
    "ABCD 12.34 Increased\u00a0By",
    "A sentence: Turnover Decreased By 4 per cent",
)


@pytest.mark.parametrize("lines", BROKEN)
@pytest.mark.parametrize("page", ["{}", "{}\n\n" + BODY, HEADLINE + "\n\n" + BODY + "\n\n{}"])
def test_moves_without_a_board_are_always_a_problem(lines: str, page: str) -> None:
    snapshot = parse(page.format(lines))
    assert snapshot.board is None
    problem = next(problem for problem in snapshot.problems if problem.kind == "no-board")
    assert problem.excerpt is not None
    assert problem.excerpt.split()[0] in lines.replace("\u00a0", " ")


def test_prose_of_moves_is_no_problem() -> None:
    assert (
        parse(f"Turnover increased by a tenth and prices decreased by 4%.\n\n{BODY}").problems == ()
    )
