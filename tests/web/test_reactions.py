"""Charts of shares around articles: on an article's page, and on average."""

from __future__ import annotations

import csv
import io
import math
import re
import sqlite3
import statistics
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from loader.web.charts.draw import page_svg
from loader.web.charts.reaction import Move, levels, reaction_layout
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of
from tests.web.test_data_links import check
from tests.web.test_pages import words

SURE = "timing not in ('time not known', 'hours not known')"
OFFSETS = [-1, 0, 1, 2, 3, 4, 5]


@pytest.fixture(scope="module")
def rows(sample_archive: Path) -> list[dict[str, Any]]:
    """Return the rows of article_reactions for shares."""
    with closing(sqlite3.connect(sample_archive)) as conn:
        conn.row_factory = sqlite3.Row
        found = conn.execute(
            "select article_reactions.* from article_reactions"
            " join instruments on instruments.id = instrument_id where kind = 'share'"
            " order by article_id, symbol, session_offset"
        )
        return [dict(row) for row in found]


def copied(archive: Path, path: Path) -> sqlite3.Connection:
    """Return a copy of an archive, to be written to."""
    conn = sqlite3.connect(path)
    with closing(sqlite3.connect(archive)) as source:
        source.backup(conn)
    return conn


def drawn(page: str) -> dict[str, str]:
    """Return the text alternative of each small chart of a page, by its heading."""
    pictures = re.findall(
        r"<li><h3><a[^>]*>([^<]+)</a></h3><div class=\"chart-box\">"
        r"<svg [^>]*aria-label=\"([^\"]+)\"",
        page,
    )
    return dict(pictures)


def returns(*values: float | None) -> list[Move]:
    return [Move(value) for value in values]


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        (returns(None, 0.1, 0.1), (100.0, 110.0, 121.0)),
        (returns(0.5, 0.1, None, 0.1), (100.0, 110.0, None, None)),  # no price to go on from
        (returns(None, None, 0.1), (None, None, None)),
        (returns(0.1, None, 0.1), (None, None, None)),
        (returns(0.0, -1.0, 0.5), (100.0, 0.0, 0.0)),
        # 50 at the end of -1, no board of 0, 55 at the end of 1
        ([Move(0.0, 50.0), Move(None), Move(0.1, 50.0)], (100.0, None, 110.0)),
        # an ex-date between known sessions: the base shows it
        ([Move(0.0, 50.0), Move(0.1, 50.0), Move(0.1, 40.0)], (100.0, 110.0, 121.0)),
        ([Move(0.0, 50.0), Move(0.1, 50.0), Move(None), Move(None), Move(0.0, 60.5)],
         (100.0, 110.0, None, None, 121.0)),
        # a price of zero cannot be continued from
        ([Move(-1.0, 50.0), Move(None), Move(0.1, 50.0)], (100.0, None, None)),
    ],
)  # fmt: skip
def test_levels_follow_returns_and_after_a_gap_prices(
    moves: list[Move], expected: tuple[float | None, ...]
) -> None:
    assert levels(moves) == expected


def test_picture_is_two_lines_the_axis_of_sessions_and_the_same_in_words() -> None:
    own = levels(returns(None, 0.02, -0.01, None))
    index = levels(returns(None, 0.01, 0.01, 0.01))
    layout = reaction_layout("ABC", own, index)
    assert layout
    svg = str(page_svg(layout))
    assert svg.count('class="line s1"') == svg.count('class="line s2"') == 1
    assert re.findall(r'text-anchor="\w+">([^<]+)<', svg) == ["−1", "+1"]
    assert 'role="img"' in svg
    words = "ABC 100.00, 102.00, 100.98, not known; KSE100 100.00, 101.00, 102.01, 103.03."
    assert words in svg


def test_gap_breaks_the_line() -> None:
    own = levels([Move(0.0, 50.0), Move(0.1, 50.0), Move(None), Move(0.0, 60.5), Move(0.1, 60.5)])
    layout = reaction_layout("ABC", own, own)
    assert layout
    assert [len(run) for run in layout.series[0].runs()] == [2, 2]
    assert "100.00, 110.00, not known, 121.00, 133.10" in layout.label


def test_share_of_which_one_session_is_known_has_no_picture() -> None:
    known = levels(returns(None, 0.01, 0.01))
    assert reaction_layout("ABC", levels(returns(None, None, 0.01)), known) is None
    alone = reaction_layout("ABC", known, levels(returns(None, None, 0.01)))
    assert alone
    assert "KSE100 not known" in alone.label
    assert 'class="line s2"' not in page_svg(alone)


def test_article_shows_a_picture_of_each_share_that_boards_tell(
    get: Get, rows: list[dict[str, Any]]
) -> None:
    by_name: dict[int, dict[str, list[Move]]] = {}
    for row in rows:
        found, price = row["session_return"], row["last_price"]
        move = Move(found, None if found is None else price / (1 + found))
        by_name.setdefault(row["article_id"], {}).setdefault(row["symbol"], []).append(move)
    several = sorted(by_name, key=lambda article: -len(by_name[article]))[:8]
    drawn_count = 0
    for article_id in several:
        pictures = drawn(get(f"/archive/articles/{article_id}").text)
        for symbol, moves in by_name[article_id].items():
            figures = levels(moves)
            known = [figure for figure in figures if figure is not None]
            assert (symbol in pictures) is (len(known) > 1)
            if symbol in pictures:
                told = ("not known" if figure is None else f"{figure:.2f}" for figure in figures)
                assert f"{symbol} {', '.join(told)};" in pictures[symbol]
                drawn_count += 1
    assert drawn_count > 10


def test_picture_has_the_index_over_the_same_sessions(
    get: Get, ask: Any, rows: list[dict[str, Any]]
) -> None:
    row = next(row for row in rows if row["session_offset"] == 0 and row["kse100_return"])
    page = get(f"/archive/articles/{row['article_id']}").text
    told = re.search(r"KSE100 100\.00, (\d+\.\d+)", drawn(page)[row["symbol"]])
    assert told
    assert float(told[1]) == pytest.approx(100 * (1 + row["kse100_return"]), abs=0.006)


def test_share_without_a_picture_is_named(
    sample_archive: Path, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    """A share removed from all boards keeps its name, and the others keep their charts."""
    names: dict[int, set[str]] = {}
    for row in rows:
        if row["session_offset"] == 0 and row["session_return"] is not None:
            names.setdefault(row["article_id"], set()).add(row["symbol"])
    article_id, symbols = max(names.items(), key=lambda item: len(item[1]))
    gone, *others = sorted(symbols)
    path = tmp_path / "archive.db"
    with closing(copied(sample_archive, path)) as conn:
        conn.execute(
            "delete from quotes where instrument_id ="
            " (select id from instruments where symbol = ?)",
            (gone,),
        )
        conn.commit()
    page = client_of(make_datasette(path))(f"/archive/articles/{article_id}").text
    assert sorted(drawn(page)) == others
    assert f"Without a chart, since fewer than two sessions are known: {gone}." in words(page)


def test_article_gives_its_reactions_as_data(get: Get, rows: list[dict[str, Any]]) -> None:
    article_id = next(row["article_id"] for row in rows if row["session_return"] is not None)
    path = f"/archive/articles/{article_id}"
    assert "article_reactions.csv?article_id=" in get(path).text
    assert check(get, path) >= 2


@pytest.mark.parametrize("symbol", ["OGDC", "HUBC", "CNERGY", "UNITY"])
def test_events_of_a_share_are_the_rows_of_article_reactions(
    get: Get, rows: list[dict[str, Any]], symbol: str
) -> None:
    data = get(f"/symbol/{symbol}/reactions.json?range=all").json()
    named = {"CNERGY": {"CNERGY", "BYCO"}}.get(symbol, {symbol})
    expected: dict[tuple[str, int], set[tuple[Any, ...]]] = {}
    articles: dict[str, set[int]] = {}
    for row in rows:
        if row["symbol"] in named and row["timing"] not in ("time not known", "hours not known"):
            key = row["first_session"], row["session_offset"]
            figures = (row["session"], *(
                None if row[name] is None else round(row[name], 9)
                for name in ("session_return", "kse100_return", "excess_return")
            ))  # fmt: skip
            expected.setdefault(key, set()).add(figures)
            articles.setdefault(row["first_session"], set()).add(row["article_id"])
    assert len(data["events"]) == len(expected) > 0
    for event in data["events"]:
        key = event["first_session"], event["session_offset"]
        figures = (event["session"], *(
            None if event[name] is None else round(event[name], 9)
            for name in ("session_return", "kse100_return", "excess_return")
        ))  # fmt: skip
        assert figures in expected[key]
        assert event["article_count"] == len(articles[event["first_session"]])
    assert data["event_count"] == len(articles)
    assert data["article_count"] == sum(map(len, articles.values()))


def test_means_are_those_of_the_events_that_boards_tell(get: Get) -> None:
    data = get("/symbol/OGDC/reactions.json?range=all").json()
    found = list(csv.DictReader(io.StringIO(get("/symbol/OGDC/reactions.csv?range=all").text)))
    assert [step["session_offset"] for step in data["offsets"]] == OFFSETS
    assert len(found) == len(data["events"]) == 7 * data["event_count"]
    assert any(not row["excess_return"] for row in found)
    level = 100.0
    for step in data["offsets"]:
        known = [row for row in found if int(row["session_offset"]) == step["session_offset"]
                 and row["excess_return"]]  # fmt: skip
        assert step["event_count"] == len(known)
        excess = [float(row["excess_return"]) for row in known]
        assert step["mean_excess_return"] == pytest.approx(statistics.fmean(excess))
        error = statistics.stdev(excess) / math.sqrt(len(excess))
        assert step["standard_error"] == pytest.approx(error)
        own = statistics.fmean(float(row["session_return"]) for row in known)
        assert step["mean_return"] == pytest.approx(own)
        if step["session_offset"] >= 0:
            level *= 1 + own
        assert step["level"] == pytest.approx(level, abs=0.01)


def test_page_of_a_share_shows_the_average_and_how_many_events(get: Get) -> None:
    data = get("/symbol/OGDC/reactions.json?range=all").json()
    page = get("/symbol/OGDC?range=all").text
    shown = words(page[page.index('id="reactions"') :])
    counts = f"{data['event_count']} sessions with {data['article_count']} articles"
    assert counts in shown
    assert f"{data['articles_without_time']} without a clock time are left out." in shown
    figures = ", ".join(f"{step['level']:,.2f}" for step in data["offsets"])
    assert f"OGDC {figures}; KSE100 100.00," in page
    for step in data["offsets"]:
        offset = f"{step['session_offset']:+d}" if step["session_offset"] else "0"
        excess = 100 * step["mean_excess_return"]
        assert re.search(rf"{re.escape(offset)} {step['event_count']} .*{abs(excess):.2f}%", shown)
    for ending in ("csv", "json"):
        assert f'href="/symbol/OGDC/reactions.{ending}?range=all"' in page


def test_index_has_no_average_and_its_data_say_so(get: Get) -> None:
    page = get("/symbol/KSE100?range=all").text
    assert 'id="reactions"' not in page
    assert "reactions.csv" not in page
    data = get("/symbol/KSE100/reactions.json").json()
    assert (data["event_count"], data["offsets"], data["events"]) == (0, [], [])
    assert len(get("/symbol/KSE100/reactions.csv").text.splitlines()) == 1


def test_old_symbol_leads_to_the_data_of_the_new_one(get: Get) -> None:
    answer = get("/symbol/BYCO/reactions.csv?range=all")
    assert answer.headers["location"].startswith("/symbol/CNERGY/reactions.csv?range=all")
    assert get("/symbol/NOPE/reactions.json").status_code == 404


def test_session_that_no_board_tells_is_empty_and_ends_the_line(
    sample_archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "archive.db"
    with closing(copied(sample_archive, path)) as conn:
        sessions = [day for (day,) in conn.execute(
            "select distinct session from article_reactions where symbol = 'OGDC'"
            f" and session_offset = 2 and {SURE}"
        )]  # fmt: skip
        marks = ", ".join("?" * len(sessions))
        conn.execute(
            "update trading_days set last_board_id = null, index_board_id = null"
            f" where date in ({marks})",
            sessions,
        )
        conn.commit()
    get = client_of(make_datasette(path))
    data = get("/symbol/OGDC/reactions.json?range=all").json()
    step = data["offsets"][3]
    assert (step["session_offset"], step["event_count"]) == (2, 0)
    assert all(
        step[name] is None for name in ("mean_return", "mean_excess_return", "standard_error")
    )
    assert [step["level"] for step in data["offsets"][3:]] == [None] * 4
    page = get("/symbol/OGDC?range=all").text
    if data["offsets"][1]["event_count"]:
        assert ", not known; KSE100" in page[page.index('id="reactions"') :]
    else:
        assert "No board shows the session that could first react" in words(page)
