"""Properties of HTML cases beyond their golden files (test_golden.py)."""

from __future__ import annotations

import pytest

from loader.page import parse_capture
from tests.make_html.cases import cases
from tests.page.golden import capture_of, golden_record, html_cases


def test_cases_are_what_their_generator_writes() -> None:
    written = {path.name: path.read_bytes() for path in html_cases()}
    assert written == cases()


@pytest.mark.parametrize("name", ["another-site.html", "login.html"])
def test_a_page_that_is_none_of_the_site_is_refused_with_its_title(name: str) -> None:
    (case,) = (path for path in html_cases() if path.name == name)
    snapshot = parse_capture(capture_of(case))
    assert snapshot.is_refused
    (problem,) = snapshot.problems
    assert problem.kind == "not-a-page"
    assert "its title: " in problem.detail


def test_an_error_page_gives_its_board_and_never_an_article() -> None:
    (case,) = (path for path in html_cases() if path.name == "error-page-with-board.html")
    snapshot = parse_capture(capture_of(case))
    assert snapshot.board is not None and snapshot.article is None
    assert [problem.kind for problem in snapshot.problems] == ["not-a-page"]


def test_amp_and_ordinary_page_of_one_text_are_one_article() -> None:
    found = {path.name: golden_record(path)["article"]["digest"] for path in html_cases()
             if path.name in ("amp.html", "2022-article.html", "windows-1252.html")}  # fmt: skip
    assert len(found) == 3
    assert len(set(found.values())) == 1
