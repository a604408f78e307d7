"""Sections of an article's page in a real browser: versions, links, reactions, leads."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from loader.cli import main
from loader.web.server import make_datasette
from tests.archive.test_links import markup
from tests.articles.likeness_pairs import stories
from tests.articles.pages import write_pages
from tests.web.browser import PHONE, barriers, chromium_path, too_wide
from tests.web.conftest import OpenPage, serving

pytest.importorskip("playwright", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no chromium on the PATH")

_CHANGED = 40300001  # of tests/articles/pages.py: three versions
_OF_THE_PAGE = "select articles.id from articles join pages on pages.id = page_id where news_id = "
# Headings of sections, and articles that have them.
SECTIONS = {
    "versions": f"{_OF_THE_PAGE} {_CHANGED}",
    "cited": f"{_OF_THE_PAGE} {_CHANGED}",
    "calendar": f"{_OF_THE_PAGE} {_CHANGED}",
    "elsewhere": f"{_OF_THE_PAGE} 40100001",
    "sessions": "select article_id from article_reactions where session_return is not null",
}
PATHS = (
    f"/article/{_CHANGED}/changes",
    f"/article/{_CHANGED}/changes?old=1&new=3",
    "/article/40300002/changes",
    "/search?q=OGDC",
    "/search?q=cement+shares",
    "/search?q=3+May+2024",
    f"/search?q={_CHANGED}",
    "/search?q=nothingofthekind",
)


@pytest.fixture(scope="module")
def db(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample archive with pages that changed, link to each other or appeared twice."""
    folder = tmp_path_factory.mktemp("beside")
    shutil.copy(sample_archive, folder / "archive.db")
    write_pages(folder / "changing.jsonl")
    tale = "\n\n".join(stories()[0].paragraphs)
    wrap = "\n\n".join([tale, *stories()[0].added])
    ran = [("KARACHI", tale), ("KARACHI", tale), ("LAHORE", tale), ("KARACHI", wrap)]
    pages: list[dict[str, str]] = [
        {
            "url": f"https://www.brecorder.com/news/4010000{number}",
            "text": f"Headline {number}\n\nReuters 0{number} Nov, 2023\n\n{dateline}: {body}",
        }
        for number, (dateline, body) in enumerate(ran, 1)
    ]
    pages += [markup(40310001, _CHANGED), markup(40310002, 40399999)]
    (folder / "pages.jsonl").write_text("".join(f"{json.dumps(page)}\n" for page in pages))
    files = [str(folder / name) for name in ("changing.jsonl", "pages.jsonl")]
    result = CliRunner().invoke(main, ["load", *files, "--db", str(folder / "archive.db"), "-q"])
    assert result.exit_code == 0, result.output
    return folder / "archive.db"


@pytest.fixture(scope="module")
def address(db: Path) -> Iterator[str]:
    with serving(make_datasette(db, public=True)) as found:
        yield found


@pytest.fixture(scope="module")
def article(db: Path) -> Callable[[str], str]:
    """Return a function for the path of an article with a section."""

    def find(section: str) -> str:
        with closing(sqlite3.connect(db)) as conn:
            (number,) = conn.execute(f"{SECTIONS[section]} limit 1").fetchone()
        return f"/archive/articles/{number}"

    return find


@pytest.mark.parametrize("path", [*SECTIONS, *PATHS])
def test_page_fits_its_window_and_has_no_barrier(
    open_page: OpenPage, article: Callable[[str], str], path: str
) -> None:
    page = open_page(article(path) if path in SECTIONS else path)
    if path in SECTIONS:
        assert page.locator(f"h2#{path}").count() == 1
    assert not too_wide(page)
    assert not barriers(page)


def test_words_above_the_sessions_wrap_on_a_phone(
    open_page: OpenPage, article: Callable[[str], str]
) -> None:
    page = open_page(article("sessions"), PHONE)
    box = page.get_by_text("The first session that could react was").bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]


def test_a_sign_stands_in_the_line_of_its_word(open_page: OpenPage) -> None:
    page = open_page(f"/article/{_CHANGED}/changes?old=1&new=3")
    for width in range(1000, 1400, 40):
        page.set_viewport_size({"width": width, "height": 900})
        lines = page.locator(".changes del, .changes ins").evaluate_all(
            "all => all.map(each => { const range = document.createRange();"
            " range.selectNodeContents(each.lastChild);"
            " return [each.querySelector('.sign').getBoundingClientRect().bottom,"
            " range.getClientRects()[0].bottom] })"
        )
        assert len(lines) >= 4
        assert all(abs(sign - word) < 8 for sign, word in lines)


def test_axe_finds_no_barrier_where_each_page_shows_one_share(
    chromium: Any, tmp_path: Path
) -> None:
    folder, db = tmp_path / "pages", tmp_path / "archive.db"
    folder.mkdir()
    for day, symbol in ((3, "OGDC"), (6, "HBL")):
        (folder / f"{symbol}.txt").write_text(
            f"{symbol} 12.34 Increased By ▲ 0.56 (4.75%)\nBrecorder Logo\nMay 0{day}, 2024\n"
        )
    result = CliRunner().invoke(main, ["load", str(folder), "--db", str(db), "-q"])
    assert result.exit_code == 0, result.output
    with serving(make_datasette(db)) as found:
        page = chromium.new_page()
        for path in ("/", "/symbol/OGDC"):
            page.goto(found + path)
            assert "12.34" in page.inner_text("body")
            assert page.locator("h2#prices").count() == (path == "/")
            assert not barriers(page)
        page.close()
