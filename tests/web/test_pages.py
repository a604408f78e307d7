"""Contents of each page, for the sample archive."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from loader.web.server import make_datasette
from tests.conftest import SAMPLES, Run
from tests.web.conftest import Get, client_of

LAST_DAY = "select date from trading_days where board_count > 0 order by id desc limit 1"


def words(text: str) -> str:
    """Return the text of a page without its markup."""
    bare = re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare)))


def chart_data(page: str) -> dict[str, Any]:
    """Return a page's data for the script of its chart."""
    found = re.search(r'class="chart-data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def dates(data: dict[str, Any]) -> list[str]:
    start = date.fromisoformat(data["start"])
    return [(start + timedelta(days=day)).isoformat() for day in accumulate(data["days"])]


def figures(line: dict[str, Any]) -> list[int | None]:
    """Return the values of a line in hundredths."""
    so_far, found = 0, []
    for step in line["values"]:
        so_far += step or 0
        found.append(None if step is None else so_far)
    return found


def test_home_names_the_day_the_board_and_the_capture_of_its_figures(get: Get, ask: Any) -> None:
    page = get("/").text
    board = ask("select board_id from latest_board limit 1")
    snapshot = ask(
        "select id from snapshots where board_id = ? order by captured_at, id limit 1", board
    )
    assert f'href="/archive/boards/{board}"' in page
    assert f'href="/archive/snapshots/{snapshot}"' in page
    assert f'href="/day/{ask(LAST_DAY)}"' in page
    assert "PKT" in words(page)
    assert not re.search(r"\d UTC", words(page))  # one zone on a page, the other on hover


def test_home_has_a_card_with_a_sparkline_for_each_index(get: Get) -> None:
    page = get("/").text
    for symbol in ("KSE100", "KSE30", "BR100", "BR30"):
        assert f'href="/symbol/{symbol}"' in page
    assert page.count('class="spark"') == 4
    assert len(re.findall(r'aria-label="KSE100 as last seen on \d+ days', page)) == 2


def test_home_shows_movers_of_the_latest_board_largest_first(get: Get, ask: Any) -> None:
    page = words(get("/").text)
    best = ask("select symbol from movers where rank = 1")
    worst = ask("select symbol from movers order by percent, symbol limit 1")
    gainers = page[page.index("Gainers") : page.index("Losers")]
    assert gainers.split("Move")[1].split()[0] == best
    assert page[page.index("Losers") :].split("Move")[1].split()[0] == worst
    assert "▲" in gainers
    assert " up " in gainers  # not by colour and arrow alone


def test_home_counts_undated_boards(get: Get, ask: Any) -> None:
    undated = ask("select count(*) from boards where trading_day_id is null")
    assert re.search(rf"undated_boards\">{undated}</a>", get("/").text)


def test_home_leads_to_the_list_of_wanted_pages(get: Get) -> None:
    assert 'href="/wanted.txt"' in get("/").text
    assert get("/wanted.txt").status_code == 200


def test_home_says_so_when_no_article_has_a_date(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "archive.db"
    run("load", SAMPLES / "2024-seed-layout-teaser.txt", "--db", db)
    get = client_of(make_datasette(db))
    assert "No article of this archive has a date." in get("/").text
    assert "/archive/articles/1" in get("/search?sort=date").text


@pytest.mark.parametrize(
    ("line", "options", "wanted"),
    [
        ("Published September 14, 2018", (), "by the date printed on the page ·"),
        (
            "", ("--url", "https://www.brecorder.com/2018/09/14/439123/a-headline/"),
            "by the date printed on the page, or the one in brackets ·",
        ),
    ],
)  # fmt: skip
def test_home_tells_whose_dates_its_articles_go_by(
    tmp_path: Path, run: Run, line: str, options: tuple[str, ...], wanted: str
) -> None:
    page, db = tmp_path / "page.txt", tmp_path / "archive.db"
    page.write_text(f"A lonely headline\n\n{line}\n\nOne sentence stands here.\n")
    run("load", page, "--db", db, *options)
    news = client_of(make_datasette(db))("/").text.partition('id="news"')[2]
    assert wanted in news
    assert ("(from its address)" in news) == (not line)


def test_symbol_page_draws_and_tabulates_the_same_prices(get: Get, ask: Any) -> None:
    page = get("/symbol/OGDC?range=all").text
    data = chart_data(page)
    assert len(data["days"]) == ask("select count(*) from daily_prices where symbol = 'OGDC'")
    last = ask("select last_price from daily_prices where symbol = 'OGDC' order by date desc")
    assert sum(data["series"][0]["values"]) == round(100 * last)
    assert f"{last:,.2f}" in words(page)
    seen = ask(
        "select last_seen_at from daily_prices where symbol = 'OGDC' and last_seen_at is not null"
        " order by date desc"
    )
    assert f'<time datetime="{seen}" title="' in page
    assert '<svg class="chart-svg"' in page  # without JavaScript
    assert "/archive/daily_prices.json?_shape=array&amp;symbol__in=OGDC&amp;" in page


def test_days_with_articles_that_name_the_symbol_are_marked(get: Get) -> None:
    page = get("/symbol/OGDC?range=all").text
    data = chart_data(page)
    assert data["articles"]
    assert all(0 <= place < len(data["days"]) for place, _, _ in data["articles"])
    assert 'class="ring' in page


def test_each_price_says_when_it_was_seen_and_what_the_next_session_told(
    get: Get, ask: Any
) -> None:
    text = get("/symbol/OGDC?range=all").text
    agreed = ask("select count(*) from daily_prices where symbol = 'OGDC' and next_day_agrees")
    assert text.count("<td>the same</td>") == agreed > 0
    for state in ("after the close", "during the session"):
        assert f" PKT , {state}" in words(text)
    day = ask("select max(date) from daily_prices where last_seen_at > date || 'T11'")
    assert re.search(r"\d\d:\d\d PKT ?, after the close", words(get(f"/day/{day}").text))


def test_several_symbols_are_compared_from_100(get: Get) -> None:
    page = get("/symbol/KSE100?with=OGDC&with=HBL&range=all").text
    data = chart_data(page)
    assert [line["name"] for line in data["series"]] == ["KSE100", "OGDC", "HBL"]
    base = re.search(r"from 100 on (\d{4}-\d\d-\d\d)\.", words(page))
    assert base
    start = dict(zip(dates(data), zip(*map(figures, data["series"]), strict=True), strict=True))
    assert start[base[1]] == (10000, 10000, 10000)
    assert "HBL from 100" in words(page)
    page = words(get("/symbol/KSE100?with=OGDC&with=ATRL&from=2022-01-01&to=2022-12-31").text)
    assert "No board of the period shows OGDC, ATRL." in page


def test_charts_and_tables_show_the_days_from_one_to_another(get: Get, ask: Any) -> None:
    asked = "from=2024-04-01&to=2024-04-15"
    page = get(f"/symbol/OGDC?{asked}").text
    assert dates(chart_data(page))[0] >= "2024-04-01"
    assert dates(chart_data(page))[-1] <= "2024-04-15"
    count = ask(
        "select count(*) from daily_prices where symbol = 'OGDC'"
        " and date between '2024-04-01' and '2024-04-15'"
    )
    assert len(dates(chart_data(page))) == page.count('<tr><th scope="row"><a') == count
    assert f"/chart/symbol/OGDC.svg?{asked.replace('&', '&amp;')}" in page
    for path in ("from=yesterday", "from=2024-05-01&to=2024-04-01"):
        assert get(f"/symbol/OGDC?{path}").status_code == 400


def test_missing_sessions_are_gaps_and_lone_days_are_dots(get: Get, ask: Any) -> None:
    page = get("/symbol/KSE100?range=all").text
    breaks = ask(
        "select count(*) from trading_days"
        " where sessions_since_previous > 1 and index_board_id is not null"
    )
    lines = re.search(r'<path class="line s1" d="([^"]+)"', page)[1]  # type: ignore[index]
    dots = re.search(r'<path class="line s1 lone" d="([^"]+)"', page)[1]  # type: ignore[index]
    assert breaks > 2
    assert lines.count("M") + dots.count("M") == breaks + 1


def test_sector_shows_each_share_over_the_days_from_one_to_another(get: Get, ask: Any) -> None:
    text = get("/sector/cement?from=2024-04-15&to=2024-04-19").text
    page = words(text)
    symbols = re.findall(r'<th scope="row"><a href="/symbol/(\w+)\?from=2024-04-15', text)
    assert len(symbols) == text.count('class="chart-svg"') == 3
    for symbol in symbols:
        base, last = (
            ask(
                f"select {column} from daily_prices where symbol = ? and date between"
                f" '2024-04-15' and '2024-04-19' order by date {order}",
                symbol,
            )
            for column, order in (("previous_price", "asc"), ("last_price", "desc"))
        )
        assert f"{abs(last / base * 100 - 100):.2f}% {base:,.2f} {last:,.2f}" in page
    assert "Of 3 shares" in page
    assert "/sector/cement?from=2024-04-08&amp;to=2024-04-12" in text  # the week before
    assert get("/sector/no-such").status_code == 404


def test_what_a_chart_shows_is_a_csv_and_an_excel_file(get: Get, ask: Any) -> None:
    for address, symbols in (
        ("/chart/symbol/OGDC.{}?from=2024-04-01&to=2024-04-30&with=KSE100", ("OGDC", "KSE100")),
        ("/chart/sector/cement.{}?from=2024-04-01&to=2024-04-30", ("DGKC", "FCCL", "MLCF")),
    ):
        response = get(address.format("csv"))
        assert response.headers["content-disposition"].startswith("attachment; filename=")
        rows = list(csv.DictReader(io.StringIO(response.text)))
        assert {row["symbol"] for row in rows} == set(symbols)
        count = ask(
            "select count(*) from daily_prices where date between '2024-04-01' and '2024-04-30'"
            f" and symbol in {symbols}"
        )
        assert len(rows) == count
        for row in rows:
            told = ask(
                "select last_price || ',' || coalesce(price_told_next_day, '') from daily_prices"
                " where symbol = ? and date = ?", row["symbol"], row["date"],
            )  # fmt: skip
            assert f"{row['last_price']},{row['next_session_told']}" == told
            assert row["from_100"]
        book = get(address.format("xlsx")).content
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert sheet.count("<row ") == len(rows) + 1
        assert "<f>" not in sheet
    assert get("/chart/symbol/ogdc.csv").headers["location"] == "/chart/symbol/OGDC.csv"


def test_figures_are_cited_with_day_basis_board_and_capture(get: Get, ask: Any) -> None:
    board = ask("select board_id from latest_board limit 1")
    day = ask(LAST_DAY)
    for path in ("/symbol/OGDC", f"/day/{day}", f"/archive/boards/{board}"):
        (cited,) = re.findall(r'<p class="cite">(.*?)</p>', get(path).text, re.DOTALL)
        basis = ask("select basis from trading_days where date = ?", day)
        assert f"trading day {day} (inferred by {basis})" in words(cited)
        assert ask("select digest from boards where id = ?", board) in cited
        captures = "select digest from snapshots where board_id = ? order by captured_at, id"
        assert ask(captures, board) in cited
        assert path in cited


def test_sector_follows_renamed_shares(get: Get) -> None:
    text = get("/sector/refinery?range=all").text
    assert "/symbol/CNERGY?" in text
    assert "/symbol/BYCO?" not in text


def test_from_a_day_a_sector_of_its_week_is_one_click(get: Get) -> None:
    text = get("/day/2024-04-17").text
    assert 'href="/sector/cement?from=2024-04-15&amp;to=2024-04-19"' in text


def test_chart_is_a_file_and_a_page_to_embed(get: Get) -> None:
    for path in ("/chart/symbol/OGDC.svg?range=all&with=HBL", "/embed/symbol/OGDC?range=all"):
        response = get(path)
        assert response.status_code == 200
        policy = response.headers["content-security-policy"]
        assert ("frame-ancestors *" in policy) is path.startswith("/embed")
    picture = get("/chart/symbol/OGDC.svg?range=all&with=HBL")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.headers["content-disposition"].startswith(
        'inline; filename="OGDC-HBL-2023-08-22-2025-01-30.svg"'
    )
    drawing = ElementTree.fromstring(picture.text)
    assert "".join(drawing.itertext()).count("HBL") >= 2
    assert "var(" not in picture.text  # programs other than browsers know none
    assert get("/embed/symbol/BYCO").headers["location"] == "/embed/symbol/CNERGY?came_from=BYCO"
    assert get("/chart/symbol/OGDC.svg?to=1999-01-01").status_code == 404


def test_old_symbol_leads_to_the_new_page(get: Get) -> None:
    response = get("/symbol/BYCO")
    assert response.status_code == 302
    assert response.headers["location"] == "/symbol/CNERGY?came_from=BYCO"
    page = words(get("/symbol/CNERGY?came_from=BYCO").text)
    assert "BYCO is now CNERGY" in page


def test_small_letters_lead_to_the_symbol(get: Get) -> None:
    assert get("/symbol/ogdc").headers["location"] == "/symbol/OGDC"


def test_day_shows_indices_sectors_boards_evidence_and_neighbours(get: Get, ask: Any) -> None:
    day = ask(LAST_DAY)
    assert get("/day/").headers["location"] == f"/day/{day}"
    text = get(f"/day/{day}").text
    page = words(text)
    for heading in ("Indices", "Shares by sector", "Boards in order of time", "Why this day"):
        assert heading in page
    assert ask("select basis from trading_days where date = ?", day) in page
    assert 'rel="prev"' in text
    assert 'rel="next"' not in text


def test_day_with_many_boards_shows_the_last_and_leads_to_all(
    get: Get, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loader.web.pages.day._MAX_BOARDS", 2)
    boards = ask("select count(*) from boards where index_day_id = 20240306")
    assert boards > 2
    page = get("/day/2024-03-06").text
    assert f"The last 2 of {boards} boards" in words(page)
    all_of_them = re.search(r'<a href="([^"]+)">all of the day</a>', page)
    assert all_of_them
    table = get(html.unescape(all_of_them[1]).replace("/boards?", "/boards.json?_shape=array&"))
    assert len(table.json()) == boards


def test_day_with_articles_only_says_that_it_has_no_board(get: Get, ask: Any) -> None:
    day = ask(
        "select substr(article_date, 1, 10) from articles where substr(article_date, 1, 10)"
        " not in (select date from trading_days) order by article_date"
    )
    response = get(f"/day/{day}")
    assert response.status_code == 200
    assert "no board of this day" in words(response.text)


def test_article_shows_text_dates_captures_versions_and_how_to_cite(get: Get, ask: Any) -> None:
    article = ask(
        "select article_id from article_versions where version = 2 order by article_id limit 1"
    )
    text = get(f"/archive/articles/{article}").text
    page = words(text)
    assert ask("select substr(body, 1, 60) from articles where id = ?", article) in page
    assert ask("select digest from articles where id = ?", article) in page
    assert "Updated" in page
    assert "Versions of this page" in page
    snapshot = ask("select id from snapshots where article_id = ?", article)
    assert f'href="/raw/{snapshot}"' in text
    assert "Datasette" not in page  # our own template


def test_article_shows_how_named_shares_moved_that_day(get: Get, ask: Any) -> None:
    article, percent = (
        ask(
            f"select {column} from mentions"
            " join articles on articles.id = mentions.article_id"
            " join instruments on instruments.id = mentions.instrument_id"
            " join daily_prices on daily_prices.symbol = instruments.symbol"
            " and daily_prices.date = substr(articles.article_date, 1, 10)"
            " order by articles.id, instruments.symbol limit 1"
        )
        for column in ("articles.id", "abs(daily_prices.percent)")
    )
    page = words(get(f"/archive/articles/{article}").text)
    assert f"{percent:.2f}%" in page
    assert "the day of publication" in page


def test_names_in_the_text_lead_to_their_symbol(get: Get, ask: Any) -> None:
    query = "select {} from named_places where part = 'body' order by article_id, span_start"
    article, symbol, named = (ask(query.format(name)) for name in ("article_id", "symbol", "words"))
    text = get(f"/archive/articles/{article}").text
    assert f'<a class="named" href="/symbol/{symbol}">{html.escape(named)}</a>' in text
    assert ask("select substr(body, 1, 60) from articles where id = ?", article) in words(text)


def test_teaser_leads_to_the_article_where_the_archive_has_it(tmp_path: Path, run: Run) -> None:
    headline = "Avocado packers book extra trains for the spring harvest"
    teased = tmp_path / "teased.txt"
    teased.write_text(
        "Brecorder Logo\nMay 03, 2024 PRINT EDITION ► BR MARKETS ► Dollar to PKR ►\n"
        f"World\n\n{headline}\n\nReuters Published 03 May, 2024 01:23pm\n\n"
        "LIMA: Packers of avocados have booked twelve more trains to the coast.\n\n"
        "The first of them leaves on Monday, with room for six hundred pallets.\n"
    )
    db = tmp_path / "archive.db"
    run("load", SAMPLES / "2024-seed-layout-teaser.txt", teased, "--db", db)
    get = client_of(make_datasette(db))
    (teasing,) = get("/archive/teasers.json?_shape=arrayfirst&_col=article_id").json()
    page = get(f"/archive/articles/{teasing}").text
    aside = re.search(r'<aside class="teaser">(.*?)</aside>', page, re.DOTALL)[1]  # type: ignore[index]
    assert words(aside).strip() == f"Read also: {headline}"
    target = re.search(r'href="(/archive/articles/\d+)"', aside)[1]  # type: ignore[index]
    assert target != f"/archive/articles/{teasing}"
    assert re.search(rf"<h1[^>]*>\s*(<bdi>)?{headline}", get(target).text)


def test_teaser_of_an_article_that_the_archive_lacks_says_so(get: Get, ask: Any) -> None:
    article = ask("select article_id from teasers limit 1")
    headline = ask("select headline from teasers where article_id = ?", article)
    assert f"Read also: {headline} not in the archive" in words(
        get(f"/archive/articles/{article}").text
    )


def test_board_shows_each_check_with_its_result(get: Get, ask: Any) -> None:
    board = ask("select board_id from quotes where not percent_ok")
    page = words(get(f"/archive/boards/{board}").text)
    assert "✕ 1 failed a check" in page
    error = ask("select percent_error from quotes where not percent_ok")
    assert f"✕ per cent: differs by {error:+.2f}" in page
    assert "✓ sign" in page


def test_snapshot_leads_to_board_article_source_load_and_raw_text(get: Get, ask: Any) -> None:
    snapshot = ask("select id from snapshots where board_id is not null and article_id is not null")
    page = get(f"/archive/snapshots/{snapshot}").text
    for target in (
        "/archive/boards/",
        "/archive/articles/",
        "/archive/sources/",
        "/archive/loads/",
    ):
        assert f'href="{target}' in page
    assert f'href="/raw/{snapshot}"' in page


def test_raw_capture_is_given_back_byte_for_byte(get: Get, sample_archive: Any, ask: Any) -> None:
    import sqlite3
    from contextlib import closing

    from loader.archive.raw import RawReader

    snapshot = ask("select max(id) from snapshots")
    response = get(f"/raw/{snapshot}")
    with closing(sqlite3.connect(sample_archive)) as conn:
        assert response.content == RawReader(conn).read(snapshot)
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    assert response.headers["content-type"].startswith(("text/plain", "application/octet-stream"))
    assert response.headers["content-security-policy"].startswith("sandbox")
    assert response.headers["x-content-type-options"] == "nosniff"


PAGES = ("/", "/symbol/", "/symbol/OGDC", "/sector/cement", "/coverage/2024", "/search?q=oil",
         "/api", "/archive/articles/1", "/archive/boards/1", "/archive/snapshots/1")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_title_description_canonical_and_landmarks(get: Get, path: str) -> None:
    page = get(path).text
    assert re.search(r"<title>[^<]+ · Recorder archive</title>", page)
    assert re.search(r'<meta name="description" content="[^"]+">', page)
    assert f'<link rel="canonical" href="http://localhost{path.split("?")[0]}">' in page
    for part in ('<html lang="en">', "<main ", "<nav ", "<header ", "<footer ", 'class="skip"'):
        assert part in page
    assert len(re.findall(r"<h1", page)) == 1
    assert not re.search(r'(src|href)="https?://(?!localhost)', page)


@pytest.mark.parametrize("path", PAGES)
def test_no_script_or_style_of_ours_is_inline(get: Get, path: str) -> None:
    response = get(path)
    for attributes in re.findall(r"<script([^>]*)>", response.text):
        assert "src=" in attributes or 'type="application/json"' in attributes
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "'unsafe-eval'" not in response.headers["content-security-policy"]
    assert "unsafe-inline" not in response.headers["content-security-policy"]
    assert not re.search(r"<style|\sstyle=", response.text)


def test_script_stands_on_pages_with_a_chart_to_point_at_only(get: Get) -> None:
    assert "chart.js?" in get("/symbol/OGDC").text
    for path in ("/", "/day/2024-05-10", "/search?q=oil", "/archive/articles/1"):
        assert "chart.js" not in get(path).text


def test_archive_without_boards_has_its_pages(empty_get: Get) -> None:
    assert "has no board yet" in words(empty_get("/").text)
    for path in ("/symbol/", "/search?q=lonely", "/archive/articles/1", "/symbol/OGDC"):
        assert empty_get(path).status_code == 200
    assert empty_get("/day/").headers["location"] == "/day/2018-09-14"  # of its one article
