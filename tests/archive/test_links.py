"""Pages that link to a page, and missing pages with links to them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

Connect = Callable[[Path], sqlite3.Connection]
BYLINE = "Recorder Report Published 05 Mar, 2024 01:23pm"
FIRST = "KARACHI: The mills bought 400 bales on Tuesday, brokers of the market said."
MORE = "The rate stayed where it was a week ago, they said, and so did the crowd."


def page(number: int, headline: str, *teasers: str) -> dict[str, str]:
    body = "\n\n".join([FIRST, *teasers, MORE])
    text = f"{headline}\n\n{BYLINE}\n\n{body} No. {number}.\n\nCopyright Business Recorder, 2024\n"
    return {
        "text": text,
        "url": f"https://www.brecorder.com/news/{number}/slug",
        "timestamp": "2024-03-05T10:00:00Z",
    }


def markup(number: int, teaser: int) -> dict[str, str]:
    link = f'<a href="https://www.brecorder.com/news/{teaser}/slug">Rates of pulses fall again</a>'
    html = f"""<html><head><link rel="canonical" href="https://www.brecorder.com/news/{number}">
    </head><body><article class="story" data-id="{number}"><h1 class="story__title">Story {number}
    has a headline</h1><div class="story__content"><p>{FIRST}</p><p><strong>{link}</strong></p>
    <p>{MORE} No. {number}.</p></div></article></body></html>"""
    return {
        "html": html,
        "url": f"https://www.brecorder.com/news/{number}/slug",
        "timestamp": "2024-03-05T10:00:00Z",
    }


@pytest.fixture
def ask(tmp_path: Path, run: Run, connect: Connect) -> Callable[..., list[tuple[Any, ...]]]:
    """Load pages and ask the archive."""

    def answer(pages: list[dict[str, str]], sql: str) -> list[tuple[Any, ...]]:
        file = tmp_path / "pages.jsonl"
        file.write_text("".join(f"{json.dumps(each)}\n" for each in pages))
        run("load", file, "--db", tmp_path / "archive.db", "-q")
        return [tuple(row) for row in connect(tmp_path / "archive.db").execute(sql)]

    return answer


TEASER = "Rates of pulses fall again in the open market"


def test_teaser_with_an_address_is_resolved_by_its_number(ask) -> None:
    pages = [markup(40300001, 40300002), page(40300002, TEASER)]
    assert ask(pages, "select news_id, kind, resolved_by, citing_headline from cited_by") == [
        (40300002, "teaser", "number", "Story 40300001 has a headline")
    ]


def test_teaser_without_one_by_an_equal_headline(ask) -> None:
    pages = [page(40300001, "Cotton stays firm in Karachi", TEASER), page(40300002, TEASER)]
    assert ask(pages, "select news_id, resolved_by, headline from cited_by") == [
        (40300002, "headline", TEASER)
    ]


def test_headline_of_many_pages_names_none(ask) -> None:
    pages = [page(40300001, "Cotton stays firm in Karachi", TEASER)]
    pages += [page(40300002 + number, TEASER) for number in range(5)]
    assert ask(pages, "select * from cited_by") == []


def test_two_versions_of_one_page_are_one_target(ask) -> None:
    edited = page(40300002, TEASER)
    edited["text"] = edited["text"].replace("400 bales", "500 bales")
    pages = [
        page(40300001, "Cotton stays firm in Karachi", TEASER), page(40300002, TEASER), edited,
    ]  # fmt: skip
    assert ask(pages, "select count(*) from cited_by") == [(1,)]


def test_pages_that_lead_to_each_other(ask) -> None:
    pages = [markup(40300001, 40300002), markup(40300002, 40300001)]
    found = ask(pages, "select news_id, citing_headline from cited_by order by 1")
    assert [number for number, _ in found] == [40300001, 40300002]


def test_pages_that_are_missing_most_come_first(ask) -> None:
    pages = [
        markup(40300001, 40300009), markup(40300002, 40300009), markup(40300003, 40300008),
        markup(40300004, 40300001),
    ]  # fmt: skip
    assert ask(
        pages, "select news_id, link_count, headline from wanted_pages order by link_count desc"
    ) == [
        (40300009, 2, "Rates of pulses fall again"),
        (40300008, 1, "Rates of pulses fall again"),
    ]
