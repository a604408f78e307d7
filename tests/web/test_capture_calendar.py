"""The calendar of captures on an article's page."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from loader.web.pages import capture_calendar
from loader.web.pages.capture_calendar import Version, days_of
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words

LINK = re.compile(r'<td class="(\w+)"><a href="([^"]+)" title="([^"]+)">(\d+)<')
TWO_DAYS = (
    "select {} from snapshots where page_id is not null and article_id is not null"
    " group by page_id having count(distinct article_id) {} 1"
    " and count(distinct date(captured_at, '+5 hours')) = 2 and count(*) = 2 limit 1"
)


def calendar(page: str) -> str:
    """Return the calendar's section of a page."""
    return page[page.index('<h2 id="calendar">') :].partition("</section>")[0]


def test_days_of_captures_lead_to_them(get: Get, ask: Any) -> None:
    article = ask(TWO_DAYS.format("article_id", "="))
    shown = LINK.findall(calendar(get(f"/archive/articles/{article}").text))
    assert [kind for kind, *_ in shown] == ["capture", "capture"]
    assert "found unchanged" not in get(f"/archive/articles/{article}").text
    for _, link, title, number in shown:
        snapshot = int(link.rpartition("/")[2])
        day = ask("select date(captured_at, '+5 hours') from snapshots where id = ?", snapshot)
        assert title == f"{day}: 1 capture"
        assert int(number) == int(day[8:])
        assert get(link).status_code == 200


def test_day_of_a_capture_is_that_of_karachi(get: Get, ask: Any) -> None:
    article, day = ask(
        "select article_id || ' ' || date(captured_at, '+5 hours') from snapshots where article_id"
        " in (select article_id from snapshots group by page_id having count(*) > 1)"
        " and time(captured_at) > '19:00' and page_id is not null limit 1"
    ).split()
    assert f'title="{day}: 1 capture' in calendar(get(f"/archive/articles/{article}").text)


def test_versions_are_marked_where_they_are_seen_first(get: Get, ask: Any) -> None:
    article = ask(TWO_DAYS.format("max(article_id)", ">"))
    page = get(f"/archive/articles/{article}").text
    shown = LINK.findall(calendar(page))
    assert [kind for kind, *_ in shown] == ["version", "version"]
    assert {re.sub(".*, ", "", title) for _, _, title, _ in shown} == {
        "version 1 first seen", "version 2 first seen",
    }  # fmt: skip
    assert "first capture of a version" in words(page)
    other = ask(TWO_DAYS.format("min(article_id)", ">"))
    again = LINK.findall(calendar(get(f"/archive/articles/{other}").text))
    assert again == shown  # the calendar is the same for all texts of the page


def test_page_captured_once_has_no_calendar(get: Get, ask: Any) -> None:
    article = ask(
        "select article_id from snapshots where page_id is not null and article_id is not null"
        " group by page_id having count(*) = 1 limit 1"
    )
    assert 'id="calendar"' not in get(f"/archive/articles/{article}").text


@pytest.fixture(scope="module")
def often(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Get, int]:
    """Return a client of a server whose first article was captured, or unchanged, on many days."""
    db = tmp_path_factory.mktemp("often") / "archive.db"
    db.write_bytes(sample_archive.read_bytes())
    with closing(sqlite3.connect(db)) as conn, conn:
        article, page, claim, source, load = conn.execute(
            "select article_id, page_id, claim_id, source_id, load_id from snapshots"
            " where article_id is not null and page_id is not null order by id limit 1"
        ).fetchone()
        captures = [f"20{year}-02-28T23:30:00Z" for year in range(26, 56)]
        captures += ["2025-03-09", "2025-03-10T04:00:00Z", "2025-03-10T05:00:00Z"]
        conn.executemany(
            "insert into snapshots (digest, article_id, page_id, claim_id, captured_at, source_id,"
            " load_id) values (?, ?, ?, ?, ?, ?, ?)",
            [(f"x{n}", article, page, claim, at, source, load) for n, at in enumerate(captures)],
        )
        conn.executemany(
            "insert into revisits (digest, page_id, captured_at, reported_url, refers_to_url,"
            " source_id, load_id) values (?, ?, ?, '', '', ?, ?)",
            [
                (f"r{n}", page, at, source, load)
                for n, at in enumerate(("2055-03-02T01:00:00Z", "2055-03-02T09:00:00Z"))
            ],
        )
    return client_of(make_datasette(db)), article


def test_only_the_newest_months_are_shown(often: tuple[Get, int]) -> None:
    get, article = often
    section = calendar(get(f"/archive/articles/{article}").text)
    months = re.findall(r"<caption>(.*?)</caption>", section)
    assert len(months) == 24
    assert months[-1] == "March 2055"
    assert "the newest months are shown" in words(section)


def test_unchanged_pages_are_days_of_their_own(often: tuple[Get, int]) -> None:
    get, article = often
    shown = LINK.findall(calendar(get(f"/archive/articles/{article}").text))
    kind, link, title, number = shown[-1]
    assert "found unchanged" in words(get(f"/archive/articles/{article}").text)
    assert (kind, title, number) == ("unchanged", "2055-03-02: found unchanged 2 times", "2")
    assert get(link.replace("&amp;", "&")).status_code == 200
    # 23:30 UTC on the last day of February is the first of March in Karachi.
    assert shown[-2][2] == "2055-03-01: 1 capture"


def test_captures_of_one_day_are_counted_together(
    often: tuple[Get, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_calendar, "_MOST_MONTHS", 1000)
    get, article = often
    titles = [title for *_, title, _ in LINK.findall(
        calendar(get(f"/archive/articles/{article}").text))]  # fmt: skip
    assert "2025-03-10: 2 captures" in titles
    assert "2025-03-09: 1 capture" in titles


def row(day: str, article: int | None, revisit: int = 0, number: int = 1) -> dict[str, Any]:
    return {"day": day, "article_id": article, "is_revisit": revisit, "capture_count": 1,
            "id": number, "first_captured_at": f"{day}T0{number}:00:00Z"}  # fmt: skip


def versions(rows: list[dict[str, Any]]) -> dict[int, Version]:
    """Return articles 7 and 8 as versions 1 and 2, with first captures from the rows."""
    return {
        article: Version(
            article - 6,
            min((each["first_captured_at"] for each in rows if each["article_id"] == article),
                default=None),
        )
        for article in (7, 8)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ([row("2024-01-01", 7), row("2024-01-02", 7)], ["version", "capture"]),
        ([row("2024-01-01", 7), row("2024-01-02", 8), row("2024-01-03", 7)],
         ["version", "version", "capture"]),
        ([row("2024-01-01", 7), row("2024-01-01", 8, number=2)], ["version"]),
        ([row("2024-01-01", None), row("2024-01-02", 9)], ["capture", "capture"]),
        ([row("2024-01-01", None, revisit=1)], ["unchanged"]),
        ([row("2024-01", 7), row("2024-99-99", 7), row("2024-01-03", 7)], ["version"]),
        ([], []),
    ],
)  # fmt: skip
def test_kinds_of_days(rows: list[dict[str, Any]], kinds: list[str]) -> None:
    assert [day.kind for day in days_of(rows, versions(rows))] == kinds


def test_version_whose_first_capture_is_not_among_the_rows_is_not_marked() -> None:
    (day,) = days_of([row("2024-01-02", 7)], {7: Version(1, "2024-01-01T01:00:00Z")})
    assert day.kind == "capture"


def test_two_versions_of_one_day_are_both_named() -> None:
    rows = [row("2024-01-01", 8, number=2), row("2024-01-01", 7)]
    (day,) = days_of(rows, versions(rows))
    assert day.words == "2024-01-01: 2 captures, version 1 first seen, version 2 first seen"
    assert day.snapshot_id == 1
