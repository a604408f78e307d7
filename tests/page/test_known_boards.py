"""Known boards are recognised by the digest of their lines, in bounded memory."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace

import pytest

from loader.model import Capture
from loader.page import parse_capture
from loader.page.digest import board_digest
from loader.page.known_boards import MOST_BOARDS, KnownBoards, lines_key
from tests.make_html.template import article_page
from tests.page.html_pages import PAGE

BOARD = "AAA 10.50 Increased By ▲ 0.50 (5%)\nKSE100 51,234 Increased By 345.6 (0.68%)"
TEXT = f"{BOARD}\n\nA headline that says enough\n\nA sentence of the text, with its stop."


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def test_digest_is_found_by_the_lines_of_its_board() -> None:
    known = KnownBoards()
    assert known.find(lines_key(BOARD)) is None
    known.keep(lines_key(BOARD), digest(1))
    known.keep(lines_key(f"{BOARD} "), digest(2))
    assert known.find(lines_key(BOARD)) == digest(1)
    known.keep(lines_key(BOARD), digest(3))
    assert known.find(lines_key(BOARD)) == digest(3)


def test_memory_does_not_grow_with_the_boards() -> None:
    known = KnownBoards(most=400)
    size = sys.getsizeof(known)
    keys = [lines_key(str(number)) for number in range(4000)]
    for number, key in enumerate(keys):
        known.keep(key, digest(number))
        assert known.find(key) == digest(number)
    assert sys.getsizeof(known) == size
    found = {number: there for number, key in enumerate(keys) if (there := known.find(key))}
    assert 300 <= len(found) <= 400
    assert all(there == digest(number) for number, there in found.items())


def test_all_boards_of_a_corpus_take_six_megabytes() -> None:
    assert sys.getsizeof(KnownBoards()) < 6.1 * 1024 * 1024
    assert MOST_BOARDS > 100_000


@pytest.mark.parametrize("form", ["text", "a line before it", "html"])
def test_known_board_is_not_made_again(form: str) -> None:
    if form == "html":
        board = parse_capture(Capture(TEXT.encode(), "text/plain", "a")).board
        capture = Capture(article_page(replace(PAGE, board=board)).encode(), "text/html", "a")
    else:
        text = TEXT if form == "text" else f"A line\n{TEXT}"
        capture = Capture(text.encode(), "text/plain", "a")
    known = KnownBoards()
    first = parse_capture(capture, known)
    assert first.board == parse_capture(capture).board is not None
    assert first.board_key is not None and first.known_board is None
    known.keep(first.board_key, board_digest(first.board))
    second = parse_capture(capture, known)
    assert (second.board, second.known_board) == (None, board_digest(first.board))
    assert (second.article, second.problems) == (first.article, first.problems)
    assert not second.is_refused


def test_page_of_a_known_board_alone_is_not_refused() -> None:
    known = KnownBoards()
    known.keep(lines_key(BOARD), digest(1))
    snapshot = parse_capture(Capture(BOARD.encode(), "text/plain", "a"), known)
    assert (snapshot.known_board, snapshot.problems) == (digest(1), ())
    assert not snapshot.is_refused


@pytest.mark.parametrize(
    "lines",
    [
        f"{BOARD}\nAAA 10.50 Increased By ▲ 0.50 (5%)",
        f"{BOARD}\nBBB 10.5.0 Increased By ▲ 0.50 (5%)",
    ],
    ids=["a line twice", "a faulty line"],
)
def test_lines_that_say_more_than_their_board_are_always_read(lines: str) -> None:
    capture = Capture(f"{lines}\n\nText of a page.".encode(), "text/plain", "a")
    snapshot = parse_capture(capture, KnownBoards())
    assert snapshot.board is not None and snapshot.board_key is None
