"""SingleFile pages: address and time from the comment, and no false `cut-off`."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from loader.model import Capture
from loader.page import parse_capture
from tests.make_html.template import article_page
from tests.page.html_pages import PAGE

URL = "https://www.brecorder.com/news/40158001"
DATE = "Thu Mar 03 2022 10:20:30 GMT+0500 (Pakistan Standard Time)"
COMMENT = f"\n Page saved with SingleFile \n url: {URL} \n saved date: {DATE}\n"
BODY = replace(PAGE, content="<p>One is here.</p><p>Two is here.</p><ul><li>Three</li></ul>")


def minified(page: str) -> str:
    """The page without the end tags that HTML does not ask for."""
    return re.sub(r"</(?:p|li|html|body|head|td|tr)>", "", page)


def saved(comment: str = COMMENT, page: str | None = None) -> str:
    page = minified(article_page(BODY)) if page is None else page
    return page.replace('<html lang="en">', f"<html lang=en><!--{comment}-->\n", 1)


def parse(page: str | bytes, **fields: str):  # type: ignore[no-untyped-def]
    data = page.encode() if isinstance(page, str) else page
    return parse_capture(Capture(data, "text/html", "page.html", **fields))  # type: ignore[arg-type]


def kinds(snapshot) -> set[str]:  # type: ignore[no-untyped-def]
    return {problem.kind for problem in snapshot.problems}


def test_the_comment_tells_address_and_time() -> None:
    snapshot = parse(saved())
    assert snapshot.capture.url == URL
    assert snapshot.capture.captured_at == "2022-03-03T05:20:30Z"
    assert snapshot.capture.captured_basis == "SingleFile saved date"
    assert snapshot.article is not None
    assert snapshot.article.body == "One is here.\n\nTwo is here.\n\n• Three"
    assert "cut-off" not in kinds(snapshot)
    assert snapshot.capture.data == saved().encode()


@pytest.mark.parametrize(
    ("date", "wanted"),
    [
        ("Thu Mar 03 2022 10:20:30 GMT+0500 (Pakistan Standard Time)", "2022-03-03T05:20:30Z"),
        ("Mon Jan 01 2024 00:00:00 GMT+0000 (Coordinated Universal Time)", "2024-01-01T00:00:00Z"),
        ("Sun Dec 31 2023 20:00:00 GMT-0800 (PST)", "2024-01-01T04:00:00Z"),
        ("Thu Mar 03 2022 10:20:30 GMT+0530 (भारतीय मानक समय)", "2022-03-03T04:50:30Z"),
        ("Thu Mar 03 2022 10:20:30 GMT+0500", "2022-03-03T05:20:30Z"),
        ("2022-03-03T05:20:30.123Z", "2022-03-03T05:20:30Z"),
        ("2022-03-03T10:20:30+05:00", "2022-03-03T05:20:30Z"),
    ],
)
def test_saved_dates_of_all_kinds(date: str, wanted: str) -> None:
    snapshot = parse(saved(COMMENT.replace(DATE, date)))
    assert (snapshot.capture.captured_at, kinds(snapshot) & {"bad-date"}) == (wanted, set())


@pytest.mark.parametrize(
    "date", ["yesterday", "Thu Feb 31 2022 10:20:30 GMT+0500 (x)", "2022", "Thu Mar 03 1822"]
)
def test_a_saved_date_that_is_none_is_told(date: str) -> None:
    snapshot = parse(saved(COMMENT.replace(DATE, date)))
    assert snapshot.capture.captured_at is None
    assert kinds(snapshot) >= {"bad-date"}


@pytest.mark.parametrize(
    "comment",
    [
        COMMENT.replace(" \n", "\r\n"),
        f"\n Archive processed by SingleFile \n url: {URL} \n saved date: {DATE}\n",
        f" Page saved with SingleFile\nurl: {URL}\nsaved date: {DATE}\n info: by hand ",
        COMMENT.replace(URL, URL + "?utm_source=x#top"),
        COMMENT.replace(URL, "http://brecorder.com/news/40158001/a-slug"),
    ],
)
def test_comments_of_all_versions(comment: str) -> None:
    snapshot = parse(saved(comment))
    assert snapshot.news_id == 40158001
    assert snapshot.capture.captured_at == "2022-03-03T05:20:30Z"


def test_what_the_capture_says_comes_first() -> None:
    told = {"url": "https://www.brecorder.com/news/40300001", "captured_at": "2025-02-01"}
    snapshot = parse(saved(), **told, captured_basis="option")
    assert (snapshot.capture.captured_at, snapshot.capture.captured_basis) == (
        "2025-02-01", "option",
    )  # fmt: skip
    assert snapshot.news_id == 40300001


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///C:/page.html", "about:blank", ""])
def test_an_address_that_is_none_leaves_the_page_its_own(url: str) -> None:
    snapshot = parse(saved(COMMENT.replace(URL, url)))
    assert snapshot.capture.url is None
    assert snapshot.article is not None


def test_a_page_that_quotes_the_words_was_not_saved_so() -> None:
    quoting = article_page(replace(PAGE, content="<p>Page saved with SingleFile url: x</p>"))
    snapshot = parse(quoting)
    assert snapshot.capture.url is None and snapshot.capture.captured_at is None


@pytest.mark.parametrize("comment", [COMMENT, " a page "])
def test_a_page_without_end_tags_is_whole(comment: str) -> None:
    assert "cut-off" not in kinds(parse(saved(comment)))


@pytest.mark.parametrize("comment", [COMMENT, " a page "])
@pytest.mark.parametrize("cut", ["Two is", "<p>Two", "Three", "A reader", "<ul>"])
def test_a_page_without_end_tags_that_is_cut_off_is_told(comment: str, cut: str) -> None:
    page = saved(comment)
    assert cut in page
    assert "cut-off" in kinds(parse(page[: page.index(cut) + len(cut) - 1]))


def test_end_tags_that_are_there_say_where_a_page_ends() -> None:
    page = article_page(BODY)
    assert "cut-off" not in kinds(parse(saved(page=page)))
    cut = page.replace("</html>", "")
    assert "cut-off" in kinds(parse(cut))
    assert "cut-off" not in kinds(parse(saved(page=cut)))


def test_a_copy_in_a_web_archive_was_not_captured_when_it_was_saved() -> None:
    archived = f"https://web.archive.org/web/20220303071500/{URL}"
    snapshot = parse(saved(COMMENT.replace(URL, archived)))
    assert snapshot.news_id == 40158001
    assert snapshot.capture.captured_at != "2022-03-03T05:20:30Z"


def test_a_page_without_html_and_body_is_whole_if_its_elements_are_closed() -> None:
    page = re.sub(r"</?(?:html|head|body)\b[^>]*>", "", article_page(BODY))
    assert "cut-off" not in kinds(parse(page))
    assert "cut-off" in kinds(parse(page[: page.index("</article>")]))
