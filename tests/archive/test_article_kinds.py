"""Kinds of articles with their basis, and tags grouped by spelling."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Run

Connect = Callable[[Path], sqlite3.Connection]
_BODY = "The mill at Hub will open in May.\n\nIts owners have hired forty people."
_INDEX = (
    "KARACHI: The KSE-100 Index gained 321 points or 0.45 percent to close at 72,223.49 points."
)
_ROWS = "1-Week 1.10 1.60\n\n2-Week 1.15 1.65\n\n1-Month 1.20 1.70\n\n3-Month 1.30 1.80"

_DESK = "Recorder Report"
_SAYS_SO = "says so in the dateline's place"


class Case(NamedTuple):
    """A page, and what it is by what."""

    headline: str
    byline: str
    body: str
    kind: str = ""
    basis: str = ""


CASES = {
    "letter": Case("On trams", "A. Writer", f"LETTER: {_BODY}", "letter", _SAYS_SO),
    "text of a speech": Case("On trams", "Reuters", f"TEXT: {_BODY}", "transcript", _SAYS_SO),
    "press release": Case("Mill to open", "Press Release", _BODY, "press release", "byline"),
    "mark": Case("Mill to open", _DESK, f"{_BODY[:-1]}.-PR", "press release", "mark at the end"),
    "research": Case("Mills and margins", "BR Research", _BODY, "research", "byline"),
    "transcript": Case("Full text of the speech on trams", _DESK, _BODY, "transcript", "headline"),
    "market report": Case(
        "Stocks gain", _DESK, _INDEX, "market report", "closes of indices in the text"
    ),
    "company result": Case(
        "Maple Leaf Cement profit up by a tenth", _DESK, _BODY, "company result", "headline"
    ),
    "table": Case("Kibor rates", _DESK, f"The rates.\n\n{_ROWS}", "table", "tables in the text"),
    "news": Case("Mill to open", _DESK, _BODY),
    "share without a result": Case("Maple Leaf Cement restarts its kiln", _DESK, _BODY),
    "result of nobody": Case("Profit of farmers up by a tenth", _DESK, _BODY),
    "level within a story": Case("Mill to open", _DESK, f"{_BODY} The KSE-100 fell."),
}


@pytest.mark.parametrize("case", CASES)
def test_kind_of_an_article_and_its_basis(
    case: str, tmp_path: Path, run: Run, connect: Connect
) -> None:
    headline, byline, body, *wanted = CASES[case]
    page = tmp_path / "page.txt"
    page.write_text(f"{headline}\n\n{byline} Published 07 May, 2024 05:40pm\n\n{body}")
    run("load", page, "--db", tmp_path / "archive.db", "-q")
    found = connect(tmp_path / "archive.db").execute("select kind, basis from article_kinds")
    assert [list(row) for row in found] == ([wanted] if wanted[0] else [])


def test_section_tells_a_kind_where_the_text_does_not(
    sample_archive: Path, connect: Connect
) -> None:
    rows = connect(sample_archive).execute(
        "select section, kind, basis from articles join article_kinds on article_id = id"
        " where section in ('Editorials', 'Opinion', 'BR Research') order by 1"
    )
    found = {tuple(row) for row in rows}
    assert ("Opinion", "opinion", "section") in found
    assert ("BR Research", "research", "section") in found


def test_spellings_of_a_tag_are_one_topic(sample_archive: Path, connect: Connect) -> None:
    conn = connect(Path(":memory:"))
    connect(sample_archive).backup(conn)
    articles = [row[0] for row in conn.execute("select id from articles limit 6")]
    for name, uses in (
        ("KSE-100", 1),
        ("KSE 100", 3),
        ("kse100", 2),
        ("cotton", 2),
        ("Cotton ", 1),
        ("\u200fcotton", 1),
        ("oil & gas", 2),
        ("Oil and Gas", 1),
        ("Women's rights", 2),
        ("women’s rights", 1),
        ("#KSE100", 1),
        ("-", 2),
        (".", 1),
        ("حصص بازار", 1),
    ):
        (tag,) = conn.execute("insert into tags (name) values (?) returning id", (name,)).fetchone()
        conn.executemany(
            "insert into article_tags values (?, ?)", [(key, tag) for key in articles[:uses]]
        )
    found = dict(conn.execute("select name, topic from tag_topics").fetchall())
    assert found == {
        "KSE-100": "KSE 100",
        "KSE 100": "KSE 100",
        "kse100": "KSE 100",
        "cotton": "cotton",
        "Cotton ": "cotton",
        "\u200fcotton": "cotton",
        "oil & gas": "oil & gas",
        "Oil and Gas": "oil & gas",
        "Women's rights": "Women's rights",
        "women’s rights": "Women's rights",
        "#KSE100": "KSE 100",
        "-": "-",
        ".": ".",
        "حصص بازار": "حصص بازار",
    }
