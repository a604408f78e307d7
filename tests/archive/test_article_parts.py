"""Tables, images and author pages in the archive, in any order of loading and in copies."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from loader.maintain.dump import dump
from tests.conftest import Run
from tests.make_html.template import Page, article_page

Connect = Callable[[Path], sqlite3.Connection]
TABLE = (
    "<table><tr><th>Name</th><th>Post</th></tr><tr><td>A. Khan</td><td>Chairman</td></tr></table>"
)
PAGE = Page(
    headline="Posts are filled",
    content=f"<p>KARACHI: Posts were filled on Sunday.</p>{TABLE}<p>More follow.</p>",
    byline="A. Writer",
    published="2024-05-03T10:15:42+05:00",
)
FIGURE = '<figure><img src="/i/a.jpg"><figcaption>{}</figcaption></figure>'


def _sources(folder: Path) -> list[Path]:
    """One text as HTML with a table, twice with pictures, and as a text without names."""
    html = article_page(PAGE)
    forms = {
        "a.html": html,
        "b.html": html.replace("<p>More", FIGURE.format("B, the caption") + "<p>More"),
        "c.html": html.replace("<p>More", FIGURE.format("A caption") + "<p>More").replace(
            "/authors/1", "/authors/0"
        ),
        "d.txt": "Posts are filled\n\nA. Writer Published 03 May, 2024 10:15am\n\n"
        "KARACHI: Posts were filled on Sunday.\n\nName  Post\nA. Khan  Chairman\n\nMore follow.\n",
    }
    for name, text in forms.items():
        (folder / name).write_text(text)
    return [folder / name for name in forms]


def _rows(conn: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return [tuple(row)[1:] for row in conn.execute(f"select * from {table} order by 1, 2")]


def test_parts_are_the_same_in_any_order_and_merged(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    sources = _sources(tmp_path)
    contents = []
    for number, order in enumerate(list(itertools.permutations(sources))[::5]):
        db = tmp_path / f"{number}.db"
        for source in order:
            run("load", source, "--db", db, "-q")
        conn = connect(db)
        assert conn.execute("select count(*) from articles").fetchone()[0] == 1
        (table,) = _rows(conn, "article_tables")
        assert table[:4] == (1, 2, 1, 1)
        assert json.loads(str(table[4])) == [["Name", "Post"], ["A. Khan", "Chairman"]]
        assert _rows(conn, "article_images") == [("https://www.brecorder.com/i/a.jpg", "A caption")]
        assert _rows(conn, "article_authors") == [
            ("A. Writer", "https://www.brecorder.com/authors/0")
        ]
        conn.row_factory = None
        contents.append(dump(conn))
    assert all(content == contents[0] for content in contents)
    parts = [tmp_path / f"part-{source.stem}.db" for source in sources]
    for source, part in zip(sources, parts, strict=True):
        run("load", source, "--db", part, "-q")
    run("merge", tmp_path / "merged.db", *parts)
    merged = connect(tmp_path / "merged.db")
    merged.row_factory = None
    assert dump(merged) == contents[0]
    assert "no damage found" in run("verify", "--all", "--db", tmp_path / "merged.db").output


def test_copy_without_texts_has_no_cells_and_no_captions_until_it_is_completed(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    db, copy = tmp_path / "a.db", tmp_path / "copy.db"
    run("load", *_sources(tmp_path), "--db", db, "-q")
    run("share", copy, "--db", db, "--without", "text")
    conn = connect(copy)
    assert _rows(conn, "article_tables") == []
    assert _rows(conn, "article_images") == [("https://www.brecorder.com/i/a.jpg", None)]
    assert "no damage found" in run("verify", "--db", copy).output
    run("merge", tmp_path / "merged.db", copy, db)
    for name in ("article_tables", "article_images", "article_authors"):
        assert _rows(connect(tmp_path / "merged.db"), name) == _rows(connect(db), name)


def test_better_form_of_a_text_brings_its_own_tables(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    """Paragraphs of another form stand elsewhere, so that tables go with the form."""
    body = "KARACHI: It was so.\n\n{}USD  278  279\nEUR  301  302\n\nThe end came at last."
    for name, text in (("a", body.format("And so. ")), ("b", body.format("And so.\n\n"))):
        (tmp_path / f"{name}.txt").write_text(text)
    for order in ("ab", "ba"):
        db = tmp_path / f"{order}.db"
        for name in order:
            run("load", tmp_path / f"{name}.txt", "--db", db, "-q")
        (row,) = connect(db).execute("select position, body from article_tables join articles")
        assert row["body"].split("\n\n")[row["position"] - 1] == "USD  278  279\nEUR  301  302"


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_tables_are_exported_a_row_each(run: Run, tmp_path: Path, form: str) -> None:
    db = tmp_path / "a.db"
    run("load", *_sources(tmp_path), "--db", db, "-q")
    run("export", tmp_path / "out", "--db", db, "--format", form, "--table", "article_tables")
    (file,) = (tmp_path / "out").glob("article_tables/year=2024/article_tables.*")
    if form == "jsonl":
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        assert [json.loads(row["cells"]) for row in rows] == [
            ["Name", "Post"], ["A. Khan", "Chairman"],
        ]  # fmt: skip
        assert [(row["row_number"], row["is_header"]) for row in rows] == [(1, 1), (2, 0)]
        assert {row["article_date"] for row in rows} == {"2024-05-03T10:15:42+05:00"}


def test_articles_are_exported_with_addresses_of_pictures_and_authors(
    run: Run, tmp_path: Path
) -> None:
    db = tmp_path / "a.db"
    run("load", *_sources(tmp_path), "--db", db, "-q")
    run("export", tmp_path / "out", "--db", db, "--format", "jsonl", "--table", "articles")
    (file,) = (tmp_path / "out").glob("articles/year=2024/*")
    (row,) = map(json.loads, file.read_text().splitlines())
    assert json.loads(row["images"]) == [
        {"url": "https://www.brecorder.com/i/a.jpg", "caption": "A caption"}
    ]
    assert json.loads(row["authors"]) == [
        {"name": "A. Writer", "url": "https://www.brecorder.com/authors/0"}
    ]


def test_article_without_parts_is_exported_with_none(run: Run, tmp_path: Path) -> None:
    page = article_page(replace(PAGE, content="<p>It rained.</p>", byline=""))
    (tmp_path / "a.html").write_text(page)
    run("load", tmp_path / "a.html", "--db", tmp_path / "a.db", "-q")
    run("export", tmp_path / "out", "--db", tmp_path / "a.db", "--format", "jsonl")
    (file,) = (tmp_path / "out").glob("articles/year=2024/*")
    (row,) = map(json.loads, file.read_text().splitlines())
    assert (row["images"], row["authors"]) == (None, None)
