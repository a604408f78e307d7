"""Links within the sentences of a text: read from markup, resolved by number, carried along."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.model import Article, Capture, TextLink
from loader.page import parse_capture
from loader.web.server import make_datasette
from tests.archive.captures import content_of
from tests.conftest import Run
from tests.web.conftest import client_of

Connect = Callable[[Path], sqlite3.Connection]
SITE = "https://www.brecorder.com/news"
FIRST = "KARACHI: The mills bought 400 bales on Tuesday, brokers of the market said."
LAST = "The rate stayed where it was a week ago, they said, and so did the crowd."


def a(number: int, words: str, host: str = SITE) -> str:
    return f'<a href="{host}/{number}/some-slug">{words}</a>'


def markup(*paragraphs: str, number: int = 40300001, tail: str = LAST) -> str:
    texts = "".join(each if each[0] == "<" else f"<p>{each}</p>" for each in paragraphs)
    return f"""<html><head><link rel="canonical" href="{SITE}/{number}"></head><body>
    <article class="story" data-id="{number}"><h1 class="story__title">Story {number} has a headline
    </h1><div class="story__content"><p>{FIRST}</p>{texts}<p>{tail}</p></div></article></body>
    </html>"""


def article(*paragraphs: str) -> Article:
    found = parse_capture(Capture(markup(*paragraphs).encode(), "text/html", "page", None)).article
    assert found is not None
    return found


def link(number: int, words: str) -> TextLink:
    return TextLink(words, f"{SITE}/{number}")


@pytest.mark.parametrize(
    ("paragraph", "wanted"),
    [
        (f"As {a(40200001, 'reported earlier')}, they sold little.",
         [link(40200001, "reported earlier")]),
        (f"Both {a(40200002, 'cotton')} and {a(40200001, 'yarn')} rose, they said.",
         [link(40200002, "cotton"), link(40200001, "yarn")]),
        (f"One {a(40200001, 'page')} and {a(40200001, 'again')}, they said.",
         [link(40200001, "again")]),
        (f"Marked {a(40200001, '<b>as</b> <i>bold</i>')} words are read, they said.",
         [link(40200001, "as bold")]),
        (f"<p><strong>Strong {a(40200001, 'words')}</strong> and others, they said.</p>",
         [link(40200001, "words")]),
        (f"<ul><li>In a list {a(40200001, 'of points')}, they said.</li></ul>",
         [link(40200001, "of points")]),
        (f"<blockquote><p>Quoted {a(40200001, 'words')}, they said.</p></blockquote>",
         [link(40200001, "words")]),
        (f"A link {a(40200001, 'without a host', '/news')} is the site's own, they said.",
         [link(40200001, "without a host")]),
        (f"A {a(40200001, 'سوت')} of another script, they said.", [link(40200001, "سوت")]),
        (f"Its own {a(40300001, 'page')} leads nowhere, they said.", []),
        (f"Another {a(40200001, 'site', 'https://example.com/news')} is not the paper's.", []),
        ('A <a href="https://www.brecorder.com/trends/cotton">trend</a> is no article, they said.',
         []),
        (f"No words {a(40200001, '<img src=x.jpg>')} at all, they said.", []),
        ("An anchor <a>without an address</a> leads nowhere, they said.", []),
        (f"<table><tr><td>{a(40200001, 'a cell')}</td><td>1</td></tr>"
         "<tr><td>b</td><td>2</td></tr></table>", []),
        (f"<figure><figcaption>A {a(40200001, 'caption')} of it</figcaption></figure>", []),
    ],
)  # fmt: skip
def test_links_within_sentences(paragraph: str, wanted: list[TextLink]) -> None:
    found = article(paragraph)
    assert sorted(found.text_links) == sorted(wanted)
    assert not found.teasers


def test_line_that_is_one_link_is_a_teaser() -> None:
    found = article(f"<p>{a(40200001, 'Rates of pulses fall again in the open market')}</p>")
    assert [teaser.url for teaser in found.teasers] == [f"{SITE}/40200001"]
    assert not found.text_links


def _load(folder: Path, name: str, *pages: tuple[str, str], run: Run) -> Path:
    """Load HTML pages, each with its time of capture."""
    file, db = folder / f"{name}.jsonl", folder / f"{name}.db"
    records = [{"html": html, "timestamp": time} for html, time in pages]
    file.write_text("".join(f"{json.dumps(each)}\n" for each in records))
    run("load", file, "--db", db, "-q")
    return db


CITING = markup(f"As {a(40200001, 'reported earlier')}, they sold little.")
OTHERWISE = markup(f"As {a(40200001, 'reported')} earlier, they sold little.")
CITED = markup("Nothing is linked here, they said.", number=40200001, tail="The end of it.")
TIMES = ("2024-03-05T10:00:00Z", "2024-03-06T10:00:00Z", "2024-03-07T10:00:00Z")


def test_page_is_cited_and_wanted_until_it_comes(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    db = _load(tmp_path, "a", (CITING, TIMES[0]), run=run)
    wanted = "select news_id, headline, text_link_count, link_count from wanted_pages"
    assert [tuple(row) for row in connect(db).execute(wanted)] == [
        (40200001, "reported earlier", 1, 1)
    ]
    page = client_of(make_datasette(db))("/archive/articles/1").text
    assert "Links in the text" in page
    assert "not in the archive" in page
    db = _load(tmp_path, "a", (CITED, TIMES[1]), run=run)
    assert not connect(db).execute(wanted).fetchall()
    cited = "select news_id, kind, resolved_by, headline, citing_headline from cited_by"
    assert [tuple(row) for row in connect(db).execute(cited)] == [
        (40200001, "text", "number", "reported earlier", "Story 40300001 has a headline")
    ]
    get = client_of(make_datasette(db))
    assert "Linked from" in get("/archive/articles/2").text
    assert "not in the archive" not in get("/archive/articles/1").text


def test_order_of_captures_does_not_matter(tmp_path: Path, run: Run) -> None:
    pages = [(CITING, TIMES[0]), (OTHERWISE, TIMES[1]), (CITED, TIMES[2])]
    one = content_of(_load(tmp_path, "one", *pages, run=run))
    for page in reversed(pages):
        other = _load(tmp_path, "other", page, run=run)
    assert content_of(other)["text_links"] == one["text_links"] != []
    merged = tmp_path / "merged.db"
    run("merge", merged, tmp_path / "other.db", tmp_path / "one.db")
    assert content_of(merged)["text_links"] == one["text_links"]


def test_reparse_reads_links_that_an_older_loader_left(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    db = _load(tmp_path, "a", (CITING, TIMES[0]), run=run)
    wanted = content_of(db)
    with connect(db) as conn:
        conn.execute("delete from text_links")
    assert "text links" in run("verify", "--all", "--db", db, code=1).output
    run("reparse", "--db", db)
    assert content_of(db) == wanted
    assert "no damage found" in run("verify", "--all", "--db", db).output
